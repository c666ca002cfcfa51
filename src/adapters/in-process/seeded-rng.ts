import type { Rng } from "../../engine/ports/clock.ts";

export interface SeededRngOptions {
  readonly seed: number;
  /** Probability of each forced rare branch by name; names that are not here never happen. */
  readonly chances?: { readonly [name: string]: number };
}

/** Spreads a seed over the generator's state. Source: Steele, Lea, Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014 (32-bit mix). */
function splitMix(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    const first = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    const second = Math.imul(first ^ (first >>> 15), 0x735a2d97);
    return (second ^ (second >>> 15)) >>> 0;
  };
}

/**
 * The same seed gives the same numbers on every machine.
 * Source: sfc32 by Chris Doty-Humphrey, PractRand 0.95 (a small fast chaotic generator, 128 bits of state, period at least 2^32).
 */
export function createSeededRng(options: SeededRngOptions): Rng {
  const mix = splitMix(options.seed);
  let [a, b, c, counter] = [mix(), mix(), mix(), 1];
  const next = (): number => {
    const sum = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = (b ^ (b >>> 9)) >>> 0;
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum / 0x1_0000_0000;
  };
  for (let round = 0; round < 12; round += 1) next(); // as the source does, so that close seeds part
  return { next, chance: (name) => next() < (options.chances?.[name] ?? 0) };
}
