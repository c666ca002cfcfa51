import type { Evidence, Rung } from "../personas/ladder.ts";

/** The rungs as people call them. */
export const rungWords: { readonly [rung in Rung]: string } = {
  suggest: "suggest",
  review: "do, then review",
  sampled: "do, reviewed by sample",
};

/** Figures never stand without their number. */
export const evidenceText = ({ n, good, interval }: Evidence): string =>
  n === 0
    ? "Nothing was judged yet."
    : `${good} of ${n} judged results were good at the first try: between ${Math.round(interval.low * 100)} % and ${Math.round(interval.high * 100)} %, at 95 %.`;
