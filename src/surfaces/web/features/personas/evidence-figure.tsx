import type { EvidenceDocument } from "../../../../contract/trust-contract.ts";
import { QualityWhisker } from "../../marks/quality-whisker.tsx";

/** A share with its interval and number; without a number there is none. */
export function EvidenceFigure({ of, evidence }: { readonly of: string; readonly evidence: EvidenceDocument }) {
  const { n, good, low, high } = evidence;
  return n === 0 ? (
    <span className="text-xs whitespace-nowrap text-ink-3">nothing judged yet (n = 0)</span>
  ) : (
    <QualityWhisker of={`share of good results of ${of}`} mean={good / n} low={low} high={high} n={n} />
  );
}
