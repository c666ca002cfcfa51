import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { InvitationDocument } from "../../../../contract/people-contract.ts";
import { Button, TextField } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";
import { dayText } from "../../shell/words.ts";
import { type Role, roleChoices, useAct } from "./people-admin-data.ts";

/** Which roles somebody has. Agent and auditor stand alone, so choosing one clears the others. */
export function RoleChoice({ roles, onChange }: { readonly roles: readonly Role[]; readonly onChange: (roles: readonly Role[]) => void }) {
  const toggle = (role: Role) => {
    const alone = role === "agent" || role === "auditor";
    if (roles.includes(role)) return onChange(roles.filter((one) => one !== role));
    onChange(alone ? [role] : [...roles.filter((one) => one !== "agent" && one !== "auditor"), role]);
  };
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-sm font-medium">Roles</legend>
      {roleChoices.map(({ role, label, meaning }) => (
        <label key={role} className="flex min-h-7 items-start gap-2 text-sm">
          <input type="checkbox" checked={roles.includes(role)} onChange={() => toggle(role)} className="mt-0.5 size-4 accent-accent" />
          <span>
            {label} <span className="text-ink-3">{meaning}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Invites one person; the link is shown this once. */
export function InviteForm({ onInvited }: { readonly onInvited: (made: InvitationDocument) => void }) {
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [roles, setRoles] = useState<readonly Role[]>(["contributor"]);
  const send = useAct<InvitationDocument>("/api/people", (made) => {
    onInvited(made);
    setName("");
    setEmail("");
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate({ name, roles, ...(email.trim() === "" ? {} : { email }) });
  };
  return (
    <form onSubmit={submit} className="flex max-w-xl flex-col gap-3">
      <TextField label="Name" required maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
      <TextField
        label="E-mail"
        hint="Optional. For links by mail and for the sign-in service; without one, the link is the way in."
        type="email"
        maxLength={320}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <RoleChoice roles={roles} onChange={setRoles} />
      <div className="flex flex-col items-start gap-2">
        <Button type="submit" tone="accent" disabled={send.isPending || name.trim() === "" || roles.length === 0}>
          Make the invitation
        </Button>
        <ActError error={send.error} />
      </div>
    </form>
  );
}

/** The link of an invitation, shown once. */
export function InvitationLink({ made }: { readonly made: InvitationDocument }) {
  const { url, expiresAtMs, person } = made;
  const copy = useMutation({ mutationFn: () => navigator.clipboard.writeText(url ?? "") });
  if (url === null) return null;
  return (
    <div role="status" className="flex flex-col gap-2 rounded border border-good bg-good-wash p-3 text-sm">
      <p>
        Give this link to <strong>{person.name}</strong>. It is shown this once, works once
        {expiresAtMs === null ? "" : `, until ${dayText(expiresAtMs)}`}:
      </p>
      <code className="rounded border border-line bg-sheet px-2 py-1.5 font-mono text-xs break-all select-all">{url}</code>
      <div className="flex items-center gap-2">
        <Button onClick={() => copy.mutate()}>{copy.isSuccess ? "Copied" : "Copy"}</Button>
        {copy.isError && <span className="text-bad">The browser refused to copy; select the text instead.</span>}
      </div>
    </div>
  );
}
