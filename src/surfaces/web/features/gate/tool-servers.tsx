import { type FormEvent, useState } from "react";
import type { ToolServerBody, ToolServersDocument } from "../../../../contract/gate-contract.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button, SelectField, TextArea, TextField } from "../../shell/controls.tsx";
import { Facts } from "../../shell/page.tsx";
import { ActError, EmptyState } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { OutsideToolRow } from "./outside-tool.tsx";
import { useServerAct } from "./tools-data.ts";

type Server = ToolServersDocument["items"][number];

/** Servers outside and everything they offer; nothing of it does anything before somebody has looked at it. */
export function ToolServers({ servers }: { readonly servers: ToolServersDocument }) {
  const [adding, setAdding] = useState(false);
  return (
    <div className="flex flex-col gap-3">
      {servers.items.length === 0 && !adding && (
        <EmptyState>
          No server outside brings tools. One that speaks the Model Context Protocol can be registered: a program, which runs in the
          sandbox, or a service.
        </EmptyState>
      )}
      {servers.items.map((server) => (
        <ServerCard key={server.id} server={server} known={servers} />
      ))}
      {servers.mayAdd &&
        (adding ? (
          <ServerForm onDone={() => setAdding(false)} />
        ) : (
          <Button className="self-start" onClick={() => setAdding(true)}>
            Register a server
          </Button>
        ))}
      {!servers.mayAdd && <p className="text-sm text-ink-3">An administrator registers servers.</p>}
    </div>
  );
}

const whereText = ({ transport }: Server): string =>
  transport.kind === "http"
    ? `${transport.url}${transport.reach === "house" ? " (declared to be of this machine)" : ""}`
    : `${transport.command.join(" ")} (in the sandbox, without network)`;

const ServerFacts = ({ server }: { readonly server: Server }) => (
  <Facts
    rows={[
      [
        "Reached at",
        <span key="at" className="break-all">
          {whereText(server)}
        </span>,
      ],
      ["Token", server.hasToken ? "sealed in the vault" : "none"],
      ["Registered", `${server.addedBy.name}: ${server.reason}`],
      ["Last look", server.lastLook === null ? "never" : <Look key="look" look={server.lastLook} />],
    ]}
  />
);

const Look = ({ look }: { readonly look: NonNullable<Server["lastLook"]> }) => (
  <>
    <span className={look.ok ? undefined : "text-bad"}>{look.detail}</span> <Ago atMs={look.atMs} />
  </>
);

function ServerCard({ server, known }: { readonly server: Server; readonly known: ToolServersDocument }) {
  const [removing, setRemoving] = useState(false);
  const act = useServerAct(() => setRemoving(false));
  const { name, tools } = server;
  const send = (verb: string) => act.mutate({ path: `/tool-servers/${server.id}/${verb}`, body: {} });
  return (
    <article aria-label={`Server ${name}`} className="flex flex-col gap-2 border-b border-line py-3">
      <header className="flex flex-wrap items-baseline gap-x-3">
        <h3 className="font-medium">{name}</h3>
        <span className="text-sm text-ink-3">{countText(tools.length, "tool")}</span>
      </header>
      <ServerFacts server={server} />
      <ul aria-label={`Tools of ${name}`} className="flex flex-col">
        {tools.map((tool) => (
          <OutsideToolRow key={tool.id} tool={tool} known={known} />
        ))}
      </ul>
      {(known.mayAdd || known.mayAllow) && (
        <div className="flex flex-wrap gap-2">
          <Button disabled={act.isPending} aria-label={`Look again: ${name}`} onClick={() => send("look")}>
            {act.isPending ? "Looking…" : "Look again"}
          </Button>
          {known.mayAdd && (
            <Button tone="danger" aria-expanded={removing} aria-label={`Remove ${name}`} onClick={() => setRemoving(!removing)}>
              Remove
            </Button>
          )}
        </div>
      )}
      {removing && (
        <p className="flex flex-wrap items-center gap-2 text-sm">
          Its tools do nothing any more, and its token is destroyed.
          <Button tone="danger" onClick={() => send("remove")}>
            Remove {name} for good
          </Button>
        </p>
      )}
      <ActError error={act.error} />
    </article>
  );
}

const empty = { name: "", kind: "http", url: "", reach: "outside", command: "", token: "", reason: "" };

function bodyOf(draft: typeof empty): ToolServerBody | null {
  const { name, kind, url, reach, command, token, reason } = draft;
  if (name.trim() === "" || reason.trim() === "") return null;
  const words = command.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  if (kind === "stdio") return words.length === 0 ? null : { name: name.trim(), transport: { kind: "stdio", command: words }, reason };
  if (!/^https?:\/\//u.test(url.trim())) return null;
  const transport = { kind: "http", url: url.trim(), reach: reach === "house" ? "house" : "outside" } as const;
  return { name: name.trim(), transport, reason, ...(token.trim() === "" ? {} : { token: token.trim() }) };
}

function ServerForm({ onDone }: { readonly onDone: () => void }) {
  const [draft, setDraft] = useState(empty);
  const add = useServerAct(onDone);
  const body = bodyOf(draft);
  const change = (fields: Partial<typeof empty>) => setDraft((before) => ({ ...before, ...fields }));
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (body !== null) add.mutate({ path: "/tool-servers", body });
  };
  return (
    <form
      aria-label="A new server"
      onSubmit={send}
      autoComplete="off"
      className="flex max-w-xl flex-col gap-3 rounded border border-line p-3"
    >
      <TextField
        label="Name"
        hint="Small letters, digits and dashes; its tools are called mcp.NAME.TOOL."
        required
        maxLength={30}
        value={draft.name}
        onChange={(event) => change({ name: event.target.value })}
      />
      <SelectField label="It is" value={draft.kind} onChange={(event) => change({ kind: event.target.value })}>
        <option value="http">a service, reached by HTTP</option>
        <option value="stdio">a program of the server's machine, run in the sandbox</option>
      </SelectField>
      <PlaceFields draft={draft} onChange={change} />
      <TextField
        label="Why"
        hint="It is shown with the server."
        required
        maxLength={2_000}
        value={draft.reason}
        onChange={(event) => change({ reason: event.target.value })}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="accent" disabled={add.isPending || body === null}>
          Register and look
        </Button>
        <Button tone="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
      <ActError error={add.error} />
    </form>
  );
}

interface PlaceProps {
  readonly draft: typeof empty;
  readonly onChange: (fields: Partial<typeof empty>) => void;
}

function PlaceFields({ draft, onChange }: PlaceProps) {
  if (draft.kind === "stdio")
    return (
      <TextArea
        label="Program and arguments"
        hint="One word on each line. Whatever is an absolute path can be read by the program; it sees nothing else of the machine and no network."
        required
        rows={3}
        className="font-mono text-sm"
        value={draft.command}
        onChange={(event) => onChange({ command: event.target.value })}
      />
    );
  return (
    <>
      <TextField
        label="Address"
        type="url"
        required
        maxLength={2_000}
        value={draft.url}
        onChange={(event) => onChange({ url: event.target.value })}
      />
      <SelectField label="Where it is" value={draft.reach} onChange={(event) => onChange({ reach: event.target.value })}>
        <option value="outside">outside</option>
        <option value="house">on this machine: what is sent there stays here</option>
      </SelectField>
      <TextField
        label="Token"
        type="password"
        hint="Sealed in the vault and never shown again. Empty: none."
        maxLength={4_000}
        value={draft.token}
        onChange={(event) => onChange({ token: event.target.value })}
      />
    </>
  );
}
