import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { InvitationDocument, RemovalPreview } from "../../../../contract/people-contract.ts";
import type { MemberDocument } from "../../../../contract/session-contract.ts";
import { Button, TextField } from "../../shell/controls.tsx";
import { Dialog } from "../../shell/dialog.tsx";
import { ActError, Loaded } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { removalQuery, type Role, useAct } from "./people-admin-data.ts";
import { InvitationLink, RoleChoice } from "./people-admin-forms.tsx";

/** What an administrator may do with one member. */
export function MemberActs({ member, isSelf }: { readonly member: MemberDocument; readonly isSelf: boolean }) {
  const [shown, setShown] = useState<"change" | "remove" | null>(null);
  const close = () => setShown(null);
  return (
    <div className="flex flex-wrap justify-end gap-1">
      <Button aria-label={`Change ${member.name}`} onClick={() => setShown("change")}>
        Change
      </Button>
      {!isSelf && (
        <Button tone="quiet" aria-label={`Remove ${member.name}`} onClick={() => setShown("remove")}>
          Remove
        </Button>
      )}
      {shown === "change" && <ChangeDialog member={member} isSelf={isSelf} onClose={close} />}
      {shown === "remove" && <RemoveDialog member={member} onClose={close} />}
    </div>
  );
}

interface DialogProps {
  readonly member: MemberDocument;
  readonly onClose: () => void;
}

function ChangeDialog({ member, isSelf, onClose }: DialogProps & { readonly isSelf: boolean }) {
  const [name, setName] = useState(member.name);
  const [email, setEmail] = useState(member.email ?? "");
  const profile = useAct(`/api/people/${member.id}/profile`, onClose);
  const send = (event: FormEvent) => {
    event.preventDefault();
    profile.mutate({ name, email: email.trim() === "" ? null : email });
  };
  return (
    <Dialog title={`Change ${member.name}`} onClose={onClose}>
      <div className="flex flex-col gap-6 text-left">
        <form onSubmit={send} className="flex flex-col gap-3">
          <TextField label="Name" required maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
          <TextField label="E-mail" type="email" maxLength={320} value={email} onChange={(event) => setEmail(event.target.value)} />
          <div className="flex flex-col items-start gap-2">
            <Button type="submit" disabled={profile.isPending || name.trim() === ""}>
              Save name and address
            </Button>
            <ActError error={profile.error} />
          </div>
        </form>
        {!isSelf && <RolesForm member={member} onDone={onClose} />}
        {member.state === "invited" && <FreshLink member={member} />}
      </div>
    </Dialog>
  );
}

function RolesForm({ member, onDone }: { readonly member: MemberDocument; readonly onDone: () => void }) {
  const [roles, setRoles] = useState<readonly Role[]>(member.roles);
  const change = useAct(`/api/people/${member.id}/roles`, onDone);
  return (
    <div className="flex flex-col items-start gap-2 border-t border-line pt-4">
      <RoleChoice roles={roles} onChange={setRoles} />
      <Button disabled={change.isPending || roles.length === 0} onClick={() => change.mutate({ roles })}>
        Save roles
      </Button>
      <ActError error={change.error} />
    </div>
  );
}

function FreshLink({ member }: { readonly member: MemberDocument }) {
  const [made, setMade] = useState<InvitationDocument | null>(null);
  const renew = useAct<InvitationDocument>(`/api/people/${member.id}/invitation`, setMade);
  return (
    <div className="flex flex-col items-start gap-2 border-t border-line pt-4 text-sm">
      {made === null ? (
        <>
          <p className="text-ink-2">Not here yet. A fresh invitation ends the link that was given before.</p>
          <Button disabled={renew.isPending} onClick={() => renew.mutate({})}>
            Make a fresh link
          </Button>
        </>
      ) : (
        <InvitationLink made={made} />
      )}
      <ActError error={renew.error} />
    </div>
  );
}

function RemoveDialog({ member, onClose }: DialogProps) {
  const preview = useQuery(removalQuery(member.id));
  const [reason, setReason] = useState("");
  const remove = useAct(`/api/people/${member.id}/remove`, onClose);
  return (
    <Dialog title={`Remove ${member.name}`} onClose={onClose}>
      <div className="flex flex-col gap-4 text-left text-sm">
        <Loaded query={preview} rows={3}>
          {(removal) => <Consequences removal={removal} />}
        </Loaded>
        <TextField
          label="Reason"
          hint="Optional; kept in the record"
          maxLength={1_000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <div className="flex gap-2">
          <Button
            tone="danger"
            disabled={remove.isPending || preview.data === undefined}
            onClick={() => remove.mutate(reason.trim() === "" ? {} : { reason })}
          >
            Remove {member.name}
          </Button>
          <Button tone="quiet" onClick={onClose}>
            Keep
          </Button>
        </div>
        <ActError error={remove.error} />
      </div>
    </Dialog>
  );
}

/** What will happen, before it does. Counts cover the projects that the reader sees. */
function Consequences({ removal }: { readonly removal: RemovalPreview }) {
  const { sessionCount, keyCount, taskCount, itemCount, tasks, orphanedProjects, person } = removal;
  return (
    <ul className="flex list-disc flex-col gap-1.5 pl-5">
      <li>
        {countText(sessionCount, "signed-in browser")} and {countText(keyCount, "key")} end at once, links as well.
      </li>
      <li>
        {taskCount === 0 ? "No claimed task." : `${countText(taskCount, "claimed task")} offered to others again:`}
        {tasks.length > 0 && <span className="text-ink-2"> {tasks.map((task) => task.label).join(", ")}</span>}
      </li>
      <li>
        {itemCount === 0
          ? "Nothing is delegated to them."
          : `${countText(itemCount, "delegated item")} back to whoever could answer before.`}
      </li>
      {person.teams.length > 0 && <li>No longer in {person.teams.map((team) => team.name).join(", ")}.</li>}
      {orphanedProjects.length > 0 && (
        <li className="font-medium text-bad">Nobody else is named in {orphanedProjects.join(", ")}: name somebody under Projects.</li>
      )}
      <li>The name stays on what they decided. Work in projects that you do not see goes back in the same way.</li>
    </ul>
  );
}
