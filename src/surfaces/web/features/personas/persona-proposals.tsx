import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { PersonaProposalDocument } from "../../../../contract/persona-contract.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button, TextField } from "../../shell/controls.tsx";
import { useMay } from "../../shell/may.ts";
import { useMoment } from "../../shell/moment-context.ts";
import { Section } from "../../shell/page.tsx";
import { ActError } from "../../shell/states.tsx";
import { countText, titleWords } from "../../shell/words.ts";
import { ChangeList } from "./persona-changes.tsx";
import { useProposalAct } from "./persona-data.ts";

const sources: Readonly<Record<PersonaProposalDocument["source"], string>> = {
  library: "the library of this installation",
  json: "a persona library",
  skill: "an Agent Skill",
  agent: "an agent's Markdown file",
};

/** What came from outside and waits: shown whole, without any effect until a person says so. */
export function PersonaProposals({ proposals }: { readonly proposals: readonly PersonaProposalDocument[] }) {
  if (proposals.length === 0) return null;
  return (
    <Section title="Waits for a decision" aside={countText(proposals.length, "proposed persona")} bare>
      <div className="flex flex-col gap-4">
        {proposals.map((proposal) => (
          <Proposal key={proposal.id} proposal={proposal} />
        ))}
      </div>
    </Section>
  );
}

function Proposal({ proposal }: { readonly proposal: PersonaProposalDocument }) {
  const { key, source, name, currentVersion, notices, changes, proposedBy, proposedAtMs } = proposal;
  return (
    <article
      aria-label={`Proposed: ${titleWords(key)}`}
      className="flex flex-col gap-3 rounded border border-l-4 border-line border-l-wait bg-sheet p-3"
    >
      <header className="flex flex-col gap-0.5">
        <h3 className="font-medium">
          {currentVersion === null ? (
            <>{titleWords(key)}, new here</>
          ) : (
            <>
              A new version of{" "}
              <Link to="/personas/$key" params={{ key }} className="underline">
                {titleWords(key)}
              </Link>
              , which is at version {currentVersion}
            </>
          )}
        </h3>
        <p className="text-sm text-ink-2">
          From {sources[source]}: <span className="font-mono text-xs break-all">{name}</span>, brought in by {proposedBy}{" "}
          <Ago atMs={proposedAtMs} />. Text from outside: nothing of it works, and nobody follows it, before it is accepted here.
        </p>
      </header>
      {notices.length > 0 && (
        <ul className="list-disc pl-5 text-sm text-ink-2">
          {notices.map((notice) => (
            <li key={notice} className="break-words">
              {notice}
            </li>
          ))}
        </ul>
      )}
      <ChangeList changes={changes} label={`What ${titleWords(key)} would say`} />
      <Answer proposal={proposal} />
    </article>
  );
}

/** Tools of the library are kept unless they are taken away; those of others are left out unless they are given. */
function Answer({ proposal }: { readonly proposal: PersonaProposalDocument }) {
  const asked = proposal.persona.tools;
  const [tools, setTools] = useState<readonly string[]>(proposal.source === "library" ? asked : []);
  const [reason, setReason] = useState("");
  const run = useProposalAct(proposal.id);
  const may = useMay();
  const isPast = useMoment() !== null;
  if (isPast || !may("accept-persona")) return null;
  return (
    <form className="flex flex-col gap-3" onSubmit={(event) => event.preventDefault()}>
      {asked.length > 0 && (
        <fieldset className="flex flex-wrap gap-x-4">
          <legend className="text-sm text-ink-2">
            It asks for these tools. It keeps those that are ticked; each call is decided by the gate all the same.
          </legend>
          {asked.map((tool) => (
            <label key={tool} className="flex min-h-7 items-center gap-2 text-sm">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={tools.includes(tool)}
                onChange={() => setTools(tools.includes(tool) ? tools.filter((one) => one !== tool) : [...tools, tool])}
              />
              <span className="font-mono text-xs">{tool}</span>
            </label>
          ))}
        </fieldset>
      )}
      <TextField
        label="Why"
        hint="Kept with the version; needed to reject."
        maxLength={2_000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <div className="flex flex-wrap gap-2">
        <Button tone="accent" disabled={run.isPending} onClick={() => run.mutate({ act: "accept", body: { tools, reason } })}>
          Accept
        </Button>
        <Button disabled={run.isPending || reason.trim() === ""} onClick={() => run.mutate({ act: "reject", body: { reason } })}>
          Reject
        </Button>
      </div>
      <ActError error={run.error} />
    </form>
  );
}
