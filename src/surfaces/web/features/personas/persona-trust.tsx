import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { LadderDocument, TrustDocument } from "../../../../contract/trust-contract.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { useMoment } from "../../shell/moment-context.ts";
import { Section } from "../../shell/page.tsx";
import { EmptyState, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText, plainWords } from "../../shell/words.ts";
import { EvidenceFigure } from "./evidence-figure.tsx";
import { LowerDialog } from "./trust-dialogs.tsx";
import { TrustSuites } from "./trust-suites.tsx";
import { TrustVersions } from "./trust-versions.tsx";
import { trustQuery } from "./trust-data.ts";

/** How far one persona is trusted, and what that rests on. Only as of now: what was is in the history of each part. */
export function PersonaTrust({ personaKey }: { readonly personaKey: string }) {
  const isPast = useMoment() !== null;
  const query = useQuery({ ...trustQuery(personaKey), enabled: !isPast });
  if (isPast) return null;
  return (
    <Loaded query={query} rows={4}>
      {(trust) => (
        <>
          <Standing trust={trust} />
          <TrustSuites trust={trust} />
          <Ladders trust={trust} />
          <TrustVersions trust={trust} />
        </>
      )}
    </Loaded>
  );
}

function Standing({ trust }: { readonly trust: TrustDocument }) {
  const tried = trust.executors.filter(({ needsProof }) => needsProof);
  const open = tried.filter(({ provisional }) => provisional).map(({ executor }) => executor);
  const held = trust.proofs.filter(({ holds }) => holds);
  return (
    <Section title="How far it is trusted">
      {tried.length === 0 ? (
        <p className="text-sm text-ink-2">
          Its work is done by {trust.executors.map(({ executor }) => executor).join(" and ")}: that needs no proof.
        </p>
      ) : open.length > 0 ? (
        <p className="text-sm">
          <span className="mr-2 rounded border border-line px-1.5 font-medium text-wait">Provisional</span>
          by {open.join(" and ")}: somebody else judges every result, and it does nothing of consequence. A passed suite ends that.
        </p>
      ) : (
        <p className="text-sm">Version {trust.personaVersion} has passed a suite with every executor that needs one.</p>
      )}
      {held.length > 0 && (
        <ul className="mt-2 text-sm text-ink-2">
          {held.map((proof) => (
            <li key={`${proof.executor} ${proof.model ?? ""} ${proof.suite}`}>
              Passed {proof.suite} by {proof.executor}
              {proof.model === null ? "" : ` with ${proof.model}`}, <Ago atMs={proof.atMs} />. Another version or model has passed nothing
              by it.
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

const rungs = { suggest: "suggest", review: "do, then review", sampled: "do, reviewed by sample" } as const;

function Ladders({ trust }: { readonly trust: TrustDocument }) {
  const [lowering, setLowering] = useState<LadderDocument | null>(null);
  return (
    <Section title="Autonomy" aside="by type of task" bare>
      {trust.ladders.length === 0 ? (
        <EmptyState>Nothing was judged yet: every result is judged, for every type of task.</EmptyState>
      ) : (
        <Table
          caption="Where it stands on the ladder"
          head={
            <>
              <Th>Task</Th>
              <Th>Rung</Th>
              <Th number>Judged</Th>
              <Th className="max-sm:hidden">Good at the first try</Th>
              <Th number className="max-sm:hidden">
                Redirected
              </Th>
              <Th>
                <span className="sr-only">Acts</span>
              </Th>
            </>
          }
        >
          {trust.ladders.map((ladder) => (
            <LadderRow key={ladder.taskType} ladder={ladder} onLower={trust.mayChange ? () => setLowering(ladder) : null} />
          ))}
        </Table>
      )}
      <p className="mt-1 text-xs text-ink-3">
        It rises on evidence and with a person's consent, asked in the inbox; it falls by itself. Good: passed at its first try and not
        redirected, with the 95 % interval (Wilson) and n, of the last 50 results. What is always judged stays judged on every rung, and no
        act of consequence depends on it.
      </p>
      {lowering !== null && <LowerDialog personaKey={trust.personaKey} ladder={lowering} onClose={() => setLowering(null)} />}
    </Section>
  );
}

function LadderRow({ ladder, onLower }: { readonly ladder: LadderDocument; readonly onLower: (() => void) | null }) {
  return (
    <Row>
      <Td className="min-w-0 text-sm">
        {plainWords(ladder.taskType)}
        <History ladder={ladder} />
      </Td>
      <Td className="text-sm">{rungs[ladder.rung]}</Td>
      <Td number className="text-sm">
        {Math.round(ladder.share * 100)} %
      </Td>
      <Td className="max-sm:hidden">
        <EvidenceFigure of={plainWords(ladder.taskType)} evidence={ladder.evidence} />
      </Td>
      <Td number className="text-sm max-sm:hidden">
        {ladder.redirections}
      </Td>
      <Td number>
        {ladder.itemId !== null && (
          <Link to="/inbox" className="mr-2 text-sm underline">
            In the inbox
          </Link>
        )}
        {onLower !== null && ladder.rung !== "suggest" && <Button onClick={onLower}>Lower</Button>}
      </Td>
    </Row>
  );
}

function History({ ladder }: { readonly ladder: LadderDocument }) {
  if (ladder.history.length === 0) return null;
  return (
    <details className="text-xs text-ink-3">
      <summary className="cursor-pointer">{countText(ladder.history.length, "move")}</summary>
      <ol className="text-xs text-ink-2">
        {ladder.history.toReversed().map((change) => (
          <li key={change.atMs} className="py-0.5">
            {rungs[change.from]} to {rungs[change.to]}, {change.by === null ? "by itself" : `by ${change.by.name}`},{" "}
            <Ago atMs={change.atMs} />: {change.reason} ({change.evidence.good} of {change.evidence.n} good)
          </li>
        ))}
      </ol>
    </details>
  );
}
