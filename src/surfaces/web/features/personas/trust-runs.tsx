import { useState } from "react";
import type { QualificationDocument, TrustDocument } from "../../../../contract/trust-contract.ts";
import { StateMark } from "../../marks/state-mark.tsx";
import { Ago } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { countText, moneyText, plainWords } from "../../shell/words.ts";
import { ReasonDialog } from "./trust-dialogs.tsx";

/** Every run: how far it is, what it came to, and what it cost beside what was estimated. */
export function TrustRuns({ trust }: { readonly trust: TrustDocument }) {
  const [stopping, setStopping] = useState<QualificationDocument | null>(null);
  return (
    <>
      <Table
        caption="Runs of suites, the newest first"
        head={
          <>
            <Th>Run</Th>
            <Th>State</Th>
            <Th number>Passed</Th>
            <Th number className="max-sm:hidden">
              At least
            </Th>
            <Th number className="max-sm:hidden">
              Cost
            </Th>
            <Th number className="max-sm:hidden">
              Started
            </Th>
          </>
        }
      >
        {trust.qualifications.map((run) => (
          <RunRow key={run.id} run={run} currency={trust.currency} onStop={trust.mayChange ? () => setStopping(run) : null} />
        ))}
      </Table>
      {stopping !== null && (
        <ReasonDialog
          title={`Stop ${stopping.suite}`}
          label="Stop it"
          act={(reason) => ({ act: "stop", id: stopping.id, body: { reason } })}
          onClose={() => setStopping(null)}
        >
          <p>What was spent is spent, and nothing is shown by it.</p>
        </ReasonDialog>
      )}
    </>
  );
}

interface RunRowProps {
  readonly run: QualificationDocument;
  readonly currency: string;
  readonly onStop: (() => void) | null;
}

function RunRow({ run, currency, onStop }: RunRowProps) {
  return (
    <Row>
      <Td className="min-w-0 text-sm">
        {run.suite}
        <span className="block text-xs text-ink-3">
          version {run.personaVersion} by {run.model ?? run.executor}
        </span>
        <Trials run={run} />
        {run.state === "running" && onStop !== null && <Button onClick={onStop}>Stop it</Button>}
      </Td>
      <Td className="text-sm">
        <StateMark state={run.state} />
        {run.stopReason !== "" && <span className="block text-xs text-ink-3">{run.stopReason}</span>}
      </Td>
      <Td number className="text-sm">
        {run.figures.good} of {run.figures.n}
        <span className="block text-xs text-ink-3">{run.planned} planned</span>
      </Td>
      <Td number className="text-sm max-sm:hidden">
        {run.figures.n === 0 ? "–" : `${Math.round(run.figures.low * 100)} %`}
      </Td>
      <Td number className="text-sm max-sm:hidden">
        {moneyText(run.costMicro, currency)}
        <span className="block text-xs text-ink-3">
          {run.estimateMicro === null ? "no estimate" : `estimate ${moneyText(run.estimateMicro, currency)}`}
        </span>
      </Td>
      <Td number className="text-sm text-ink-3 max-sm:hidden">
        <Ago atMs={run.startedAtMs} />
      </Td>
    </Row>
  );
}

function Trials({ run }: { readonly run: QualificationDocument }) {
  const failed = run.trials.filter(({ passed }) => !passed);
  if (failed.length === 0) return null;
  return (
    <details className="text-xs text-ink-3">
      <summary className="cursor-pointer">{countText(failed.length, "trial that did not pass", "trials that did not pass")}</summary>
      <ol className="text-xs text-ink-2">
        {failed.map((trial) => (
          <li key={trial.number} className="py-0.5">
            No {trial.number}, {plainWords(trial.caseId)}: {trial.reason}
          </li>
        ))}
      </ol>
    </details>
  );
}
