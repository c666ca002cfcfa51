export interface Agreement {
  readonly n: number;
  /** Share of utterances on which both say the same. */
  readonly observed: number;
  /** Share on which they would by chance. */
  readonly expected: number;
  /** 1: always the same; 0: as by chance. Null: both say the same of all, so that chance alone explains it. */
  readonly kappa: number | null;
}

/**
 * How far two people agree beyond chance on whether a code is there, for each utterance in turn.
 *
 * Source: Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20, 1960
 */
export function cohenKappa(pairs: readonly (readonly [one: boolean, other: boolean])[]): Agreement {
  const n = pairs.length;
  if (n === 0) return { n, observed: 0, expected: 0, kappa: null };
  const observed = pairs.filter(([one, other]) => one === other).length / n;
  const [first, second] = [0, 1].map((coder) => pairs.filter((pair) => pair[coder]).length / n);
  const expected = (first ?? 0) * (second ?? 0) + (1 - (first ?? 0)) * (1 - (second ?? 0));
  return { n, observed, expected, kappa: expected >= 1 ? null : (observed - expected) / (1 - expected) };
}
