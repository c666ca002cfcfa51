/** Times between arrivals and times of service, drawn from a seed: the same seed gives the same times everywhere. */
export type Spread =
  | { readonly kind: "exponential"; readonly meanSeconds: number }
  | { readonly kind: "fixed"; readonly meanSeconds: number }
  | { readonly kind: "uniform"; readonly lowSeconds: number; readonly highSeconds: number }
  /** Sum of `stages` equal exponentials: more regular than one. */
  | { readonly kind: "erlang"; readonly meanSeconds: number; readonly stages: number }
  | { readonly kind: "lognormal"; readonly meanSeconds: number; readonly variation: number }
  /** Measured times, each as likely as any other. */
  | { readonly kind: "measured"; readonly seconds: readonly number[] };

/** Numbers from 0 up to but without 1. Source: Mulberry32, Tommy Ettinger, 2017 (public domain) */
export function seededDraws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function meanOf(spread: Spread): number {
  if (spread.kind === "uniform") return (spread.lowSeconds + spread.highSeconds) / 2;
  if (spread.kind === "measured") return spread.seconds.reduce((sum, one) => sum + one, 0) / spread.seconds.length;
  return spread.meanSeconds;
}

const exponential = (mean: number, draw: () => number): number => -mean * Math.log(1 - draw());

/** A source of times of one spread. */
export function timesOf(spread: Spread, draw: () => number): () => number {
  switch (spread.kind) {
    case "exponential":
      return () => exponential(spread.meanSeconds, draw);
    case "fixed":
      return () => spread.meanSeconds;
    case "uniform":
      return () => spread.lowSeconds + (spread.highSeconds - spread.lowSeconds) * draw();
    case "erlang":
      return () => {
        let sum = 0;
        for (let stage = 0; stage < spread.stages; stage++) sum += exponential(spread.meanSeconds / spread.stages, draw);
        return sum;
      };
    case "lognormal":
      return lognormal(spread, draw);
    case "measured":
      return () => spread.seconds[Math.floor(draw() * spread.seconds.length)] ?? 0;
  }
}

/** Source: Box & Muller, Annals of Mathematical Statistics 29, 1958 (one of the two normals) */
function lognormal({ meanSeconds, variation }: Extract<Spread, { readonly kind: "lognormal" }>, draw: () => number): () => number {
  const logVariance = Math.log(1 + variation * variation);
  const logMean = Math.log(meanSeconds) - logVariance / 2;
  return () => {
    const normal = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
    return Math.exp(logMean + Math.sqrt(logVariance) * normal);
  };
}
