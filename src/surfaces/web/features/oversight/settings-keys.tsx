import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { KeyCreated, KeyDocument, KeysDocument } from "../../../../contract/key-contract.ts";
import { call } from "../../api.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { ActError, EmptyState, Loaded } from "../../shell/states.tsx";
import { meQuery } from "../../queries.ts";
import { dayText } from "../../shell/words.ts";

const keysQuery = queryOptions({ queryKey: ["keys"], queryFn: () => call<KeysDocument>("GET", "/api/keys") });

/** Keys with which programs act in my name: made, shown once, revoked at once. */
export function Panel() {
  const keys = useQuery(keysQuery);
  const [made, setMade] = useState<KeyCreated | null>(null);
  return (
    <>
      <p className="max-w-[75ch] text-sm text-ink-2">
        A program with a key acts in your name, within its scope, until the key is revoked. Only a hash of it is kept.
      </p>
      {made !== null && <Secret made={made} onDone={() => setMade(null)} />}
      <Section title="Your keys" bare>
        <Loaded query={keys} rows={2}>
          {({ items }) => (items.length === 0 ? <EmptyState>You have no key.</EmptyState> : <KeyTable keys={items} />)}
        </Loaded>
      </Section>
      <NewKey onMade={setMade} />
    </>
  );
}

function Secret({ made, onDone }: { readonly made: KeyCreated; readonly onDone: () => void }) {
  const copy = useMutation({ mutationFn: () => navigator.clipboard.writeText(made.secret) });
  return (
    <div role="status" className="flex flex-col gap-2 rounded border border-good bg-good-wash p-3 text-sm">
      <p>
        The key <strong>{made.key.name}</strong> was made. This is the only time its secret is shown:
      </p>
      <code className="overflow-x-auto rounded border border-line bg-sheet px-2 py-1.5 font-mono text-xs break-all select-all">
        {made.secret}
      </code>
      <div className="flex items-center gap-2">
        <Button onClick={() => copy.mutate()}>{copy.isSuccess ? "Copied" : "Copy"}</Button>
        <Button tone="quiet" onClick={onDone}>
          I have kept it
        </Button>
        {copy.isError && <span className="text-bad">The browser refused to copy; select the text instead.</span>}
      </div>
    </div>
  );
}

const head = "px-2 py-1.5 text-left text-xs font-medium text-ink-3 first:pl-0 last:pr-0";
const cell = "h-10 px-2 py-1 text-sm first:pl-0 last:pr-0";

function KeyTable({ keys }: { readonly keys: readonly KeyDocument[] }) {
  return (
    <table className="w-full">
      <caption className="sr-only">Your keys</caption>
      <thead>
        <tr className="border-b border-line-strong">
          <th scope="col" className={head}>
            Name
          </th>
          <th scope="col" className={head}>
            May
          </th>
          <th scope="col" className={`${head} max-sm:hidden`}>
            Made
          </th>
          <th scope="col" className={`${head} max-sm:hidden`}>
            Ends
          </th>
          <th scope="col" className={head}>
            <span className="sr-only">Revoke</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <KeyRow key={key.id} held={key} />
        ))}
      </tbody>
    </table>
  );
}

function KeyRow({ held }: { readonly held: KeyDocument }) {
  const client = useQueryClient();
  const [sure, setSure] = useState(false);
  const revoke = useMutation({
    mutationFn: () => call<unknown>("POST", `/api/keys/${held.id}/revoke`, {}),
    onSuccess: () => client.invalidateQueries({ queryKey: keysQuery.queryKey }),
  });
  return (
    <tr className="border-b border-line">
      <th scope="row" className={`${cell} text-left font-medium break-words`}>
        {held.name}
      </th>
      <td className={`${cell} text-ink-2`}>
        {held.scope === "write" ? "read and act" : "read"}
        {held.projects !== null && ` in ${held.projects.join(", ") || "no project that is still open to you"}`}
      </td>
      <td className={`${cell} text-ink-3 max-sm:hidden`}>
        <Ago atMs={held.createdAtMs} />
      </td>
      <td className={`${cell} text-ink-3 max-sm:hidden`}>{held.expiresAtMs === null ? "when revoked" : dayText(held.expiresAtMs)}</td>
      <td className={`${cell} text-right`}>
        <Button
          tone={sure ? "danger" : "plain"}
          disabled={revoke.isPending}
          aria-label={sure ? `Yes, revoke ${held.name} now` : `Revoke ${held.name}`}
          onClick={() => (sure ? revoke.mutate() : setSure(true))}
          onBlur={() => setSure(false)}
        >
          {sure ? "Yes, revoke" : "Revoke"}
        </Button>
        <ActError error={revoke.error} />
      </td>
    </tr>
  );
}

const dayMs = 86_400_000;
const lives: readonly (readonly [string, string])[] = [
  ["90", "90 days"],
  ["7", "7 days"],
  ["365", "1 year"],
  ["", "until it is revoked"],
];

function NewKey({ onMade }: { readonly onMade: (made: KeyCreated) => void }) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [scope, setScope] = useState("read");
  const [days, setDays] = useState("90");
  const [project, setProject] = useState("");
  const create = useMutation({
    mutationFn: () =>
      call<KeyCreated>("POST", "/api/keys", {
        name,
        scope,
        ...(project === "" ? {} : { projects: [project] }),
        ...(days === "" ? {} : { expiresAtMs: Date.now() + Number(days) * dayMs }),
      }),
    onSuccess: async (made) => {
      onMade(made);
      setName("");
      await client.invalidateQueries({ queryKey: keysQuery.queryKey });
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Section title="Make a key">
      <form onSubmit={send} className="grid max-w-xl gap-3 sm:grid-cols-3">
        <div className="sm:col-span-3">
          <TextField
            label="Name"
            hint="What uses it"
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <SelectField label="May" value={scope} onChange={(event) => setScope(event.target.value)}>
          <option value="read">read</option>
          <option value="write">read and act</option>
        </SelectField>
        <ProjectField value={project} onChange={setProject} />
        <SelectField label="Lasts" value={days} onChange={(event) => setDays(event.target.value)}>
          {lives.map(([id, label]) => (
            <option key={label} value={id}>
              {label}
            </option>
          ))}
        </SelectField>
        <div className="flex flex-col items-start gap-2 sm:col-span-3">
          <Button type="submit" tone="accent" disabled={create.isPending || name.trim() === ""}>
            Make the key
          </Button>
          <ActError error={create.error} />
        </div>
      </form>
    </Section>
  );
}

/** Bound to a project, a key opens that one alone. */
function ProjectField({ value, onChange }: { readonly value: string; readonly onChange: (projectId: string) => void }) {
  const me = useQuery(meQuery);
  return (
    <SelectField label="In" value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">every project of mine</option>
      {me.data?.projects.map(({ id, key, name }) => (
        <option key={id} value={id}>{`${key} ${name}`}</option>
      ))}
    </SelectField>
  );
}
