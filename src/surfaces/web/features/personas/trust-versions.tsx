import { useState } from "react";
import type { CandidacyDocument, TrustDocument } from "../../../../contract/trust-contract.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { EvidenceFigure } from "./evidence-figure.tsx";
import { ReasonDialog } from "./trust-dialogs.tsx";

/** New versions beside old ones: what each gets, how both do, and how it ended. */
export function TrustVersions({ trust }: { readonly trust: TrustDocument }) {
  const [ending, setEnding] = useState<{ readonly of: CandidacyDocument; readonly act: "promote" | "withdraw" } | null>(null);
  if (trust.candidacies.length === 0) return null;
  return (
    <Section title="Versions side by side" bare>
      <Table
        caption="New versions beside old ones, the newest first"
        head={
          <>
            <Th>Versions</Th>
            <Th>Old</Th>
            <Th>New</Th>
            <Th number>Since</Th>
          </>
        }
      >
        {trust.candidacies.map((one) => (
          <VersionRow key={one.id} one={one} onEnd={trust.mayChange ? (act) => setEnding({ of: one, act }) : null} />
        ))}
      </Table>
      <p className="mt-1 text-xs text-ink-3">
        Good at the first try since both run, with the 95 % interval (Wilson) and n. From ten results each, a new version whose interval
        lies below the old one's is rolled back by itself and does not come back.
      </p>
      {ending !== null && (
        <ReasonDialog
          title={
            ending.act === "promote" ? `Promote version ${ending.of.candidateVersion}` : `Take version ${ending.of.candidateVersion} back`
          }
          label={ending.act === "promote" ? "Promote" : "Take back"}
          act={(reason) => ({ act: ending.act, id: ending.of.id, body: { reason } })}
          onClose={() => setEnding(null)}
        >
          <p>
            {ending.act === "promote"
              ? "All of its work is done by this version from now on."
              : "All of its work is done by the old version again."}
          </p>
        </ReasonDialog>
      )}
    </Section>
  );
}

interface VersionRowProps {
  readonly one: CandidacyDocument;
  readonly onEnd: ((act: "promote" | "withdraw") => void) | null;
}

function VersionRow({ one, onEnd }: VersionRowProps) {
  const standing = one.state === "running" ? `gets ${Math.round(one.share * 100)} % of the tasks, by lot` : one.state.replace("-", " ");
  return (
    <Row>
      <Td className="text-sm">
        {one.candidateVersion} beside {one.baseVersion}
        <span className="block text-xs text-ink-3">
          {standing}
          {one.endReason === "" ? "" : `: ${one.endReason}`}
        </span>
        {one.state === "running" && onEnd !== null && (
          <span className="mt-1 flex gap-2">
            <Button onClick={() => onEnd("promote")}>Promote</Button>
            <Button onClick={() => onEnd("withdraw")}>Take back</Button>
          </span>
        )}
      </Td>
      <Td>
        <EvidenceFigure of={`version ${one.baseVersion}`} evidence={one.base} />
      </Td>
      <Td>
        <EvidenceFigure of={`version ${one.candidateVersion}`} evidence={one.candidate} />
      </Td>
      <Td number className="text-sm text-ink-3">
        <Ago atMs={one.startedAtMs} />
      </Td>
    </Row>
  );
}
