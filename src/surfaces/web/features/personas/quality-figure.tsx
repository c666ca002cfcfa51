import type { QualityDocument } from "../../../../contract/performer-contract.ts";
import { QualityWhisker } from "../../marks/quality-whisker.tsx";

/** Measured first-pass yield, or how far it is from being a measure. */
export function QualityFigure({ of, quality }: { readonly of: string; readonly quality: QualityDocument }) {
  const { share, interval, n } = quality;
  if (share === null || interval === null)
    return <span className="text-xs text-ink-3 sm:whitespace-nowrap">not enough data (n = {n})</span>;
  return <QualityWhisker of={`first-pass yield of ${of}`} mean={share} low={interval.low} high={interval.high} n={n} />;
}

export const qualityMeans =
  "Quality is the first-pass yield: of the submissions judged in their first round in the last 90 days, the share that passed, with its 95 % interval (Wilson) and n. Below ten there is no number. Rehearsals are never counted.";
