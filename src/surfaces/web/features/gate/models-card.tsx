import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { ProviderDocument, ProvidersDocument } from "../../../../contract/provider-contract.ts";
import { meQuery } from "../../queries.ts";
import { Button, SelectField, TextField } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";
import { instantText } from "../../shell/words.ts";
import { keyText, testText, useProviderAct, vendorWords } from "./models-data.ts";

/** One provider: where it is, what it may be sent, what the last test showed. */
export function ModelCard({ provider, known }: { readonly provider: ProviderDocument; readonly known: ProvidersDocument }) {
  const { id, name, state, place, models, lastTest } = provider;
  return (
    <article aria-label={`Provider ${name}`} className="flex flex-col gap-3 border-b border-line py-4 last:border-0">
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="font-medium">
          <span className="text-ink-3 tabular-nums">{place}.</span> {name}
        </h3>
        <span className="text-sm text-ink-2">
          {vendorWords[provider.vendor].split(" (")[0]}, {provider.local ? "local" : "hosted"}
          {state === "paused" && ", paused: it is asked nothing"}
        </span>
      </header>
      <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[auto_1fr]">
        <Fact name="Models">{models.join(", ")}</Fact>
        <Fact name="Address">{provider.baseUrl}</Fact>
        <Fact name="Key">{keyText[provider.key]}</Fact>
        <Fact name="Projects">{projectsText(provider)}</Fact>
        <Fact name="Window">{windowText(provider)}</Fact>
        <Fact name="Last test">
          <span className={lastTest !== null && !lastTest.ok ? "text-bad" : undefined}>{testText(provider)}</span>
          {lastTest !== null && <span className="text-ink-3"> {instantText(lastTest.atMs)}</span>}
        </Fact>
      </dl>
      {known.mayChange && <Acts key={id} provider={provider} known={known} />}
    </article>
  );
}

const projectsText = ({ local, projects }: ProviderDocument): string =>
  local ? "All: nothing leaves the house" : projects.length === 0 ? "None yet: nothing is sent there" : projects.join(", ");

/** What goes through in a minute, who waits for it, and whether it is left alone. */
function windowText({ requestsPerMinute, tokensPerMinute, pace }: ProviderDocument): string {
  const limit = (said: number | null, told: number | null | undefined, what: string): readonly string[] => {
    const known = [said, told ?? null].filter((one) => one !== null);
    return known.length === 0 ? [] : [`${Math.min(...known)} ${what} a minute${said === null ? ", as its vendor told" : ""}`];
  };
  const said = [
    ...limit(requestsPerMinute, pace?.requestsPerMinute, "requests"),
    ...limit(tokensPerMinute, pace?.tokensPerMinute, "tokens"),
    ...(pace !== null && pace.waiting > 0 ? [`${pace.waiting} calls wait for room`] : []),
    ...(pace !== null && pace.restsUntilMs !== null ? [`last left alone until ${instantText(pace.restsUntilMs)}`] : []),
  ];
  return said.length === 0 ? "No limit is known" : said.join("; ");
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

type Opened = "key" | "allow" | "remove" | null;

function Acts({ provider, known }: { readonly provider: ProviderDocument; readonly known: ProvidersDocument }) {
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  const act = useProviderAct(close);
  const { id, name, state, local, place } = provider;
  const send = (verb: string, body: object = {}) => act.mutate({ path: `/${id}${verb}`, body });
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => send("/test")} disabled={act.isPending} aria-label={`Test ${name}`}>
          {act.isPending ? "Asking…" : "Test"}
        </Button>
        {place > 1 && (
          <Button onClick={() => send("", { place: place - 1 })} aria-label={`Ask earlier: ${name}`}>
            Ask earlier
          </Button>
        )}
        <Button onClick={() => setOpened(opened === "key" ? null : "key")} aria-expanded={opened === "key"}>
          New key
        </Button>
        {!local && (
          <Button onClick={() => setOpened(opened === "allow" ? null : "allow")} aria-expanded={opened === "allow"}>
            Projects
          </Button>
        )}
        <Button onClick={() => send(state === "paused" ? "/resume" : "/pause")}>{state === "paused" ? "Resume" : "Pause"}</Button>
        <Button onClick={() => setOpened(opened === "remove" ? null : "remove")} aria-expanded={opened === "remove"}>
          Remove
        </Button>
      </div>
      {opened === "key" && <KeyForm onSend={(key) => send("", { key })} />}
      {opened === "allow" && <AllowForm provider={provider} known={known} onSend={send} />}
      {opened === "remove" && (
        <p className="flex flex-wrap items-center gap-2 text-sm">
          {name} is asked nothing any more, and its key is destroyed.
          <Button tone="danger" onClick={() => send("/remove")}>
            Remove {name}
          </Button>
        </p>
      )}
      <ActError error={act.error} />
    </div>
  );
}

function KeyForm({ onSend }: { readonly onSend: (key: string) => void }) {
  const [key, setKey] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSend(key.trim());
  };
  return (
    <form onSubmit={send} autoComplete="off" className="flex max-w-xl flex-wrap items-end gap-2">
      <TextField
        label="New key"
        type="password"
        required
        maxLength={500}
        hint="Sealed; the one before is destroyed."
        value={key}
        onChange={(event) => setKey(event.target.value)}
      />
      <Button type="submit">Seal it</Button>
    </form>
  );
}

interface AllowProps {
  readonly provider: ProviderDocument;
  readonly known: ProvidersDocument;
  readonly onSend: (verb: string, body: object) => void;
}

/** What leaves is shown before it may; the decision is recorded with it. */
function AllowForm({ provider, known, onSend }: AllowProps) {
  const projects = useQuery(meQuery);
  const real = (projects.data?.projects ?? []).filter(({ mode, state }) => mode === "real" && state === "active");
  const [said, setSaid] = useState({ project: "", reason: "" });
  const project = said.project === "" ? (real[0]?.key ?? "") : said.project;
  const isAllowed = provider.projects.includes(project);
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSend(isAllowed ? "/disallow" : "/allow", { project, reason: said.reason, shown: isAllowed ? [] : known.leaves });
  };
  return (
    <form onSubmit={send} className="flex max-w-xl flex-col gap-3 rounded border border-line p-3">
      <SelectField label="Project" value={project} onChange={(event) => setSaid({ ...said, project: event.target.value })}>
        {real.map(({ key, name }) => (
          <option key={key} value={key}>
            {key}: {name}
          </option>
        ))}
      </SelectField>
      {!isAllowed && (
        <div className="text-sm">
          <p>With each turn of a model this leaves for {hostOf(provider.baseUrl)}:</p>
          <ul className="list-disc pl-5">
            {known.leaves.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      )}
      <TextField
        label="Why"
        required
        maxLength={4_000}
        hint="It goes on record with the decision."
        value={said.reason}
        onChange={(event) => setSaid({ ...said, reason: event.target.value })}
      />
      <Button type="submit" tone="accent" className="self-start" disabled={project === ""}>
        {isAllowed ? `Send nothing of ${project} there any more` : `Let ${project} be sent there`}
      </Button>
    </form>
  );
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);
