import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { InvitationDocument } from "../../../../contract/people-contract.ts";
import type { MemberDocument } from "../../../../contract/session-contract.ts";
import { meQuery, peopleQuery } from "../../queries.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { Section } from "../../shell/page.tsx";
import { Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText, titleWords } from "../../shell/words.ts";
import { RemovedMembers } from "./people-admin-erasure.tsx";
import { InvitationLink, InviteForm } from "./people-admin-forms.tsx";
import { MemberActs } from "./people-admin-member.tsx";

/** Who is here: roles, teams, and how they come and go. */
export function Panel() {
  const people = useQuery(peopleQuery);
  const me = useQuery(meQuery);
  const [inviting, setInviting] = useState(false);
  const isAdministrator = me.data?.person.roles.includes("administrator") === true;
  const mayErase = isAdministrator || me.data?.person.roles.includes("director") === true;
  return (
    <>
      <p className="max-w-[75ch] text-sm text-ink-2">
        A role says what somebody may do, a project who may see it.
        {isAdministrator ? " Nobody changes their own roles, and one administrator always stays." : " Administrators change both."}
      </p>
      {isAdministrator && (
        <div>
          <Button tone="accent" onClick={() => setInviting(true)}>
            Invite somebody
          </Button>
        </div>
      )}
      <Loaded query={people} rows={4}>
        {({ items }) => (
          <>
            <Members members={items} isAdministrator={isAdministrator} ownId={me.data?.person.id ?? ""} />
            {mayErase && <Removed members={items} />}
          </>
        )}
      </Loaded>
      {inviting && <InviteDialog onClose={() => setInviting(false)} />}
    </>
  );
}

function Removed({ members }: { readonly members: readonly MemberDocument[] }) {
  const gone = members.filter((member) => member.state === "removed");
  return gone.length === 0 ? null : <RemovedMembers members={gone} />;
}

export function InviteDialog({ onClose }: { readonly onClose: () => void }) {
  const [made, setMade] = useState<InvitationDocument | null>(null);
  return (
    <Dialog title="Invite somebody" onClose={onClose}>
      {made === null ? (
        <InviteForm onInvited={setMade} />
      ) : (
        <div className="flex flex-col gap-3">
          <InvitationLink made={made} />
          <div className="flex gap-2">
            <Button onClick={() => setMade(null)}>Invite another</Button>
            <Button tone="quiet" onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

interface MembersProps {
  readonly members: readonly MemberDocument[];
  readonly isAdministrator: boolean;
  readonly ownId: string;
}

function Members({ members, isAdministrator, ownId }: MembersProps) {
  const here = members.filter((member) => member.state !== "removed");
  const gone = members.length - here.length;
  const aside = [countText(here.length, "member"), ...(gone === 0 ? [] : [`${gone} removed, kept by name in old decisions`])].join(" · ");
  return (
    <Section title="Members" aside={aside} bare>
      <Table
        caption="Members of the organization"
        head={
          <>
            <Th>Name</Th>
            <Th className="max-sm:hidden">Roles</Th>
            <Th className="max-lg:hidden">Teams</Th>
            <Th className="max-sm:hidden">Last seen</Th>
            {isAdministrator && (
              <Th>
                <span className="sr-only">Change</span>
              </Th>
            )}
          </>
        }
      >
        {here.map((member) => (
          <Row key={member.id}>
            <Td>
              <div className="font-medium break-words">
                {member.name}
                {member.id === ownId && <span className="font-normal text-ink-3"> (you)</span>}
              </div>
              {member.email !== null && <Address text={member.email} />}
              <div className="text-xs text-ink-2 sm:hidden">{member.roles.map(titleWords).join(", ")}</div>
            </Td>
            <Td className="text-sm text-ink-2 max-sm:hidden">{member.roles.map(titleWords).join(", ")}</Td>
            <Td className="text-sm text-ink-2 max-lg:hidden">{member.teams.map((team) => team.name).join(", ") || "–"}</Td>
            <Td className="text-sm text-ink-3 max-sm:hidden">
              <Seen member={member} />
            </Td>
            {isAdministrator && (
              <Td className="text-right">
                <MemberActs member={member} isSelf={member.id === ownId} />
              </Td>
            )}
          </Row>
        ))}
      </Table>
    </Section>
  );
}

/** Breaks before the host, and elsewhere only where it would not fit at all. */
function Address({ text }: { readonly text: string }) {
  const at = text.lastIndexOf("@");
  return (
    <div className="text-xs wrap-anywhere text-ink-3">
      {text.slice(0, at)}
      <wbr />
      {text.slice(at)}
    </div>
  );
}

function Seen({ member }: { readonly member: MemberDocument }) {
  if (member.state === "invited") return <>invited, not here yet</>;
  return member.lastSeenAtMs === null ? <>not lately</> : <Ago atMs={member.lastSeenAtMs} />;
}
