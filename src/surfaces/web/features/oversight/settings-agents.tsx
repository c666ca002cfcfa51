import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { AgentDocument, AgentsDocument } from "../../../../contract/agent-contract.ts";
import { Button } from "../../shell/controls.tsx";
import { useMoment } from "../../shell/moment-context.ts";
import { Section } from "../../shell/page.tsx";
import { ActError, EmptyState, Loaded } from "../../shell/states.tsx";
import { instantText } from "../../shell/words.ts";
import { AddAgent } from "../gate/agents-add.tsx";
import { agentsQuery, formWords, useAgentAct } from "../gate/agents-data.ts";

/** Which coding agents may do work, what was found on the server, and what each may reach. */
export function Panel() {
  if (useMoment() !== null) return <EmptyState>Which agents are connected is told for now only. Go back to now to see it.</EmptyState>;
  return <Now />;
}

function Now() {
  const agents = useQuery(agentsQuery);
  const [adding, setAdding] = useState(false);
  return (
    <>
      <p className="max-w-[75ch] text-sm text-ink-2">
        Coding agents are programs on the server's machine that change files by themselves. Each attempt gets a worktree, a home and a
        sandbox of its own, and reaches one model provider through a door that pays for each call. What it made is read from the worktree.
        The first active agent whose provider a project may use does the work.
      </p>
      <Loaded query={agents} rows={3}>
        {(known) => (
          <>
            {known.unavailable !== null && (
              <p role="status" className="max-w-[75ch] rounded border border-line p-3 text-sm">
                {known.unavailable}
              </p>
            )}
            <Section title="Connected" bare>
              {known.items.length === 0 && !adding && (
                <EmptyState>
                  No agent is connected, and none is needed. Install one on the server's machine, then connect it here.
                </EmptyState>
              )}
              {known.items.map((agent) => (
                <AgentCard key={agent.id} agent={agent} mayChange={known.mayChange} />
              ))}
              {!known.mayChange && <p className="pt-3 text-sm text-ink-3">An administrator or director connects agents.</p>}
              {known.mayChange && adding && <AddAgent onDone={() => setAdding(false)} />}
              {known.mayChange && !adding && (
                <Button className="mt-3 self-start" onClick={() => setAdding(true)}>
                  Connect an agent
                </Button>
              )}
            </Section>
            <Found known={known} />
          </>
        )}
      </Loaded>
    </>
  );
}

const Found = ({ known }: { readonly known: AgentsDocument }) => (
  <Section title="On the server's PATH" aside="looked for, never installed" bare>
    <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[auto_1fr]">
      {known.found.map(({ form, title, looksFor, program, version }) => (
        <div key={form} className="contents">
          <dt className="text-ink-3">{title}</dt>
          <dd className="min-w-0 break-words">
            {program === null ? `No ${looksFor} there` : `${program}, version ${version ?? "unknown"}`}
          </dd>
        </div>
      ))}
    </dl>
  </Section>
);

function AgentCard({ agent, mayChange }: { readonly agent: AgentDocument; readonly mayChange: boolean }) {
  const { name, state, form, place } = agent;
  return (
    <article aria-label={`Agent ${name}`} className="flex flex-col gap-3 border-b border-line py-4 last:border-0">
      <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="font-medium">
          <span className="text-ink-3 tabular-nums">{place}.</span> {name}
        </h3>
        <span className="text-sm text-ink-2">
          {formWords[form]}
          {state === "paused" && ", paused: it is not started"}
        </span>
      </header>
      <Facts agent={agent} />
      {mayChange && <Acts agent={agent} />}
    </article>
  );
}

function Facts({ agent: { provider, model, argv, lastTest } }: { readonly agent: AgentDocument }) {
  return (
    <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[auto_1fr]">
      <dt className="text-ink-3">Reaches</dt>
      <dd>{provider === null ? "Nothing" : `${model ?? ""} at ${provider}, nothing else`}</dd>
      {argv.length > 0 && (
        <div className="contents">
          <dt className="text-ink-3">Command line</dt>
          <dd className="min-w-0 font-mono text-xs break-words">{argv.join(" ")}</dd>
        </div>
      )}
      <dt className="text-ink-3">Last test</dt>
      <dd className={lastTest !== null && !lastTest.ok ? "text-bad" : undefined}>
        {lastTest === null
          ? "Not tried yet."
          : `${lastTest.detail} Version ${lastTest.version ?? "unknown"}. ${instantText(lastTest.atMs)}`}
      </dd>
    </dl>
  );
}

function Acts({ agent: { id, name, state } }: { readonly agent: AgentDocument }) {
  const act = useAgentAct();
  const send = (verb: string) => act.mutate({ path: `/${id}${verb}`, body: {} });
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => send("/test")} disabled={act.isPending} aria-label={`Test ${name}`}>
          {act.isPending ? "Starting…" : "Test"}
        </Button>
        <Button onClick={() => send(state === "paused" ? "/resume" : "/pause")}>{state === "paused" ? "Resume" : "Pause"}</Button>
        <Button tone="danger" onClick={() => send("/remove")} aria-label={`Remove ${name}`}>
          Remove
        </Button>
      </div>
      <ActError error={act.error} />
    </>
  );
}
