import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { ProjectAccessDocument } from "../../../../contract/people-contract.ts";
import { meQuery, peopleQuery } from "../../queries.ts";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { Section } from "../../shell/page.tsx";
import { ActError, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText } from "../../shell/words.ts";
import { projectAccessQuery, teamsQuery, useAct } from "./people-admin-data.ts";
import { PeopleChoice } from "./people-admin-teams.tsx";

type Project = ProjectAccessDocument["items"][number];

/** Projects and who may enter them. */
export function Panel() {
  const projects = useQuery(projectAccessQuery);
  const me = useQuery(meQuery);
  const [edited, setEdited] = useState<Project | "new" | null>(null);
  const roles = me.data?.person.roles ?? [];
  const maySteer = roles.includes("administrator") || roles.includes("director");
  return (
    <>
      <p className="max-w-[75ch] text-sm text-ink-2">
        A project is open to every member or to those named. For everybody else it does not exist; auditors read every project.
      </p>
      {(maySteer || roles.includes("lead")) && (
        <div>
          <Button tone="accent" onClick={() => setEdited("new")}>
            Open a project
          </Button>
        </div>
      )}
      <Section title="All projects" bare>
        <Loaded query={projects} rows={3}>
          {({ items }) => <ProjectTable projects={items} onEdit={maySteer ? setEdited : undefined} />}
        </Loaded>
      </Section>
      {edited === "new" && <NewProject onClose={() => setEdited(null)} />}
      {edited !== null && edited !== "new" && <AccessDialog project={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

const openTo = ({ access }: Project): string =>
  access.kind === "everyone"
    ? "everyone"
    : [
        ...(access.personIds.length > 0 ? [countText(access.personIds.length, "person", "people")] : []),
        ...(access.teamIds.length > 0 ? [countText(access.teamIds.length, "team")] : []),
      ].join(", ");

function ProjectTable({
  projects,
  onEdit,
}: {
  readonly projects: readonly Project[];
  readonly onEdit: ((project: Project) => void) | undefined;
}) {
  return (
    <Table
      caption="Projects"
      head={
        <>
          <Th>Project</Th>
          <Th>Open to</Th>
          <Th className="max-sm:hidden">Kind</Th>
          {onEdit !== undefined && (
            <Th>
              <span className="sr-only">Change</span>
            </Th>
          )}
        </>
      }
    >
      {projects.map((project) => (
        <Row key={project.id}>
          <Td>
            <span className="font-mono text-xs text-ink-3">{project.key}</span> <span className="font-medium">{project.name}</span>
            {project.state === "archived" && <span className="text-sm text-ink-3"> archived</span>}
          </Td>
          <Td className="text-sm text-ink-2">
            {openTo(project)}
            {!project.open && <span className="text-ink-3"> (not you)</span>}
          </Td>
          <Td className="text-sm text-ink-2 max-sm:hidden">{project.mode}</Td>
          {onEdit !== undefined && (
            <Td className="text-right">
              <Button aria-label={`Change ${project.key}`} onClick={() => onEdit(project)}>
                Change
              </Button>
            </Td>
          )}
        </Row>
      ))}
    </Table>
  );
}

function NewProject({ onClose }: { readonly onClose: () => void }) {
  const [key, setKey] = useState("");
  const [name, setName] = useState("");
  const [mode, setMode] = useState("real");
  const open = useAct("/api/projects", onClose);
  const send = (event: FormEvent) => {
    event.preventDefault();
    open.mutate({ key, name, mode });
  };
  return (
    <Dialog title="Open a project" onClose={onClose}>
      <form onSubmit={send} className="flex flex-col gap-3">
        <TextField
          label="Key"
          hint="2 to 10 capital letters or digits; stands before every request's number, such as ENG-42"
          required
          maxLength={10}
          value={key}
          onChange={(event) => setKey(event.target.value.toUpperCase())}
        />
        <TextField label="Name" required maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
        <SelectField label="Kind" hint="It stays so for ever" value={mode} onChange={(event) => setMode(event.target.value)}>
          <option value="real">real work</option>
          <option value="rehearsal">rehearsal: scripted performers, a clock of its own</option>
        </SelectField>
        <div className="flex flex-col items-start gap-2">
          <Button type="submit" tone="accent" disabled={open.isPending || key === "" || name.trim() === ""}>
            Open the project
          </Button>
          <ActError error={open.error} />
        </div>
      </form>
    </Dialog>
  );
}

function AccessDialog({ project, onClose }: { readonly project: Project; readonly onClose: () => void }) {
  const people = useQuery(peopleQuery);
  const teams = useQuery(teamsQuery);
  const { access } = project;
  const [name, setName] = useState(project.name);
  const [kind, setKind] = useState(access.kind);
  const named = access.kind === "named" ? access : { personIds: [], teamIds: [] };
  const [personIds, setPersonIds] = useState<readonly string[]>(named.personIds);
  const [teamIds, setTeamIds] = useState<readonly string[]>(named.teamIds);
  const save = useAct(`/api/projects/${project.id}`, onClose);
  const members = (people.data?.items ?? []).filter((one) => one.state !== "removed");
  const groups = teams.data?.items ?? [];
  const toggled = (ids: readonly string[], id: string) => (ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]);
  const known = (ids: readonly string[], rows: readonly { readonly id: string }[]) => ids.filter((id) => rows.some((row) => row.id === id));
  const send = (event: FormEvent) => {
    event.preventDefault();
    const chosen = { kind, personIds: known(personIds, members), teamIds: known(teamIds, groups) };
    save.mutate({ name, access: kind === "everyone" ? { kind } : chosen });
  };
  return (
    <Dialog title={`${project.key}: who may enter`} onClose={onClose}>
      <form onSubmit={send} className="flex flex-col gap-4">
        <TextField label="Name" required maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-sm font-medium">Open to</legend>
          {(["everyone", "named"] as const).map((one) => (
            <label key={one} className="flex min-h-7 items-center gap-2 text-sm">
              <input type="radio" name="access" checked={kind === one} onChange={() => setKind(one)} className="size-4 accent-accent" />
              {one === "everyone" ? "every member of the organization" : "these people and teams"}
            </label>
          ))}
        </fieldset>
        {kind === "named" && (
          <div className="grid gap-4 sm:grid-cols-2">
            <PeopleChoice legend="People" members={members} chosen={personIds} onToggle={(id) => setPersonIds(toggled(personIds, id))} />
            {groups.length > 0 && (
              <PeopleChoice legend="Teams" members={groups} chosen={teamIds} onToggle={(id) => setTeamIds(toggled(teamIds, id))} />
            )}
          </div>
        )}
        <AccessActs project={project} save={save} disabled={name.trim() === ""} onClose={onClose} />
      </form>
    </Dialog>
  );
}

interface AccessActsProps {
  readonly project: Project;
  readonly save: ReturnType<typeof useAct>;
  readonly disabled: boolean;
  readonly onClose: () => void;
}

function AccessActs({ project, save, disabled, onClose }: AccessActsProps) {
  const archive = useAct(`/api/projects/${project.id}/archive`, onClose);
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="accent" disabled={save.isPending || disabled}>
          Save
        </Button>
        {project.state === "active" && project.open && (
          <Button tone="danger" disabled={archive.isPending} onClick={() => archive.mutate({})}>
            Archive
          </Button>
        )}
      </div>
      <ActError error={save.error ?? archive.error} />
    </>
  );
}
