import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { TeamDocument } from "../../../../contract/people-contract.ts";
import type { MemberDocument } from "../../../../contract/session-contract.ts";
import { meQuery, peopleQuery } from "../../queries.ts";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { Section } from "../../shell/page.tsx";
import { ActError, EmptyState, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { teamsQuery, useAct } from "./people-admin-data.ts";

/** People who work together. A project may be open to a team. */
export function Panel() {
  const teams = useQuery(teamsQuery);
  const people = useQuery(peopleQuery);
  const me = useQuery(meQuery);
  const [edited, setEdited] = useState<TeamDocument | "new" | null>(null);
  const maySteer = me.data?.person.roles.some((role) => role === "administrator" || role === "director") === true;
  const members = (people.data?.items ?? []).filter((one) => one.state !== "removed");
  return (
    <>
      <p className="max-w-[75ch] text-sm text-ink-2">A team works together. Whoever is in it sees the projects that name the team.</p>
      {maySteer && (
        <div>
          <Button tone="accent" onClick={() => setEdited("new")}>
            Make a team
          </Button>
        </div>
      )}
      <Section title="All teams" bare>
        <Loaded query={teams} rows={2}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState>There is no team yet. Without teams, projects are open to everybody or to people by name.</EmptyState>
            ) : (
              <TeamTable teams={items} members={members} onEdit={maySteer ? setEdited : undefined} />
            )
          }
        </Loaded>
      </Section>
      {edited !== null && <TeamDialog team={edited === "new" ? null : edited} members={members} onClose={() => setEdited(null)} />}
    </>
  );
}

interface TableProps {
  readonly teams: readonly TeamDocument[];
  readonly members: readonly MemberDocument[];
  readonly onEdit: ((team: TeamDocument) => void) | undefined;
}

function TeamTable({ teams, members, onEdit }: TableProps) {
  const names = new Map(members.map((member) => [member.id, member.name]));
  return (
    <Table
      caption="Teams"
      head={
        <>
          <Th>Team</Th>
          <Th>Members</Th>
          <Th className="max-sm:hidden">Lead</Th>
          {onEdit !== undefined && (
            <Th>
              <span className="sr-only">Change</span>
            </Th>
          )}
        </>
      }
    >
      {teams.map((team) => (
        <Row key={team.id}>
          <Td className="font-medium">{team.name}</Td>
          <Td className="text-sm text-ink-2">{team.memberIds.flatMap((id) => names.get(id) ?? []).join(", ") || "nobody"}</Td>
          <Td className="text-sm text-ink-2 max-sm:hidden">{(team.leadId !== null && names.get(team.leadId)) || "–"}</Td>
          {onEdit !== undefined && (
            <Td className="text-right">
              <Button aria-label={`Change ${team.name}`} onClick={() => onEdit(team)}>
                Change
              </Button>
            </Td>
          )}
        </Row>
      ))}
    </Table>
  );
}

interface TeamDialogProps {
  readonly team: TeamDocument | null;
  readonly members: readonly MemberDocument[];
  readonly onClose: () => void;
}

const newTeam: Omit<TeamDocument, "id"> = { name: "", memberIds: [], leadId: null };

function TeamDialog({ team, members, onClose }: TeamDialogProps) {
  const before = team ?? newTeam;
  const [name, setName] = useState(before.name);
  const [memberIds, setMemberIds] = useState<readonly string[]>(before.memberIds);
  const [leadId, setLeadId] = useState(before.leadId ?? "");
  const save = useAct(team === null ? "/api/teams" : `/api/teams/${team.id}`, onClose);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const known = memberIds.filter((id) => members.some((member) => member.id === id));
    save.mutate({ name, memberIds: known, leadId: leadId === "" ? null : leadId });
  };
  const toggle = (id: string) => setMemberIds(memberIds.includes(id) ? memberIds.filter((one) => one !== id) : [...memberIds, id]);
  return (
    <Dialog title={team === null ? "Make a team" : `Change ${team.name}`} onClose={onClose}>
      <form onSubmit={send} className="flex flex-col gap-4">
        <TextField label="Name" required maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
        <PeopleChoice legend="Members" members={members} chosen={memberIds} onToggle={toggle} />
        <SelectField label="Lead" hint="A member as well" value={leadId} onChange={(event) => setLeadId(event.target.value)}>
          <option value="">nobody</option>
          {members.map((member) => (
            <option key={member.id} value={member.id}>
              {member.name}
            </option>
          ))}
        </SelectField>
        <div className="flex flex-wrap items-start gap-2">
          <Button type="submit" tone="accent" disabled={save.isPending || name.trim() === ""}>
            Save
          </Button>
          {team !== null && <RemoveTeam team={team} onDone={onClose} />}
        </div>
        <ActError error={save.error} />
      </form>
    </Dialog>
  );
}

function RemoveTeam({ team, onDone }: { readonly team: TeamDocument; readonly onDone: () => void }) {
  const remove = useAct(`/api/teams/${team.id}/remove`, onDone);
  return (
    <div>
      <Button tone="danger" disabled={remove.isPending} onClick={() => remove.mutate({})}>
        Remove the team
      </Button>
      <ActError error={remove.error} />
    </div>
  );
}

interface ChoiceProps {
  readonly legend: string;
  readonly members: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: readonly string[];
  readonly onToggle: (id: string) => void;
}

/** Several of a list, by checkbox. */
export function PeopleChoice({ legend, members, chosen, onToggle }: ChoiceProps) {
  return (
    <fieldset className="flex max-h-60 flex-col gap-1 overflow-y-auto">
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      {members.map((member) => (
        <label key={member.id} className="flex min-h-7 items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={chosen.includes(member.id)}
            onChange={() => onToggle(member.id)}
            className="size-4 accent-accent"
          />
          {member.name}
        </label>
      ))}
    </fieldset>
  );
}
