/** Draws that a seed decides. */
export interface Draw {
  /** 0 to `many - 1`. */
  below(many: number): number;
  one<Item>(all: readonly Item[]): Item;
  /** That many different ones, in an order of their own. */
  some<Item>(all: readonly Item[], many: number): readonly Item[];
  shuffled<Item>(all: readonly Item[]): readonly Item[];
  /** A word that is none. */
  syllables(many: number): string;
}

const syllables = ["ba", "do", "fe", "gi", "ku", "la", "me", "no", "pi", "ra", "so", "tu", "va", "we", "xi", "zo"];

/** Mulberry32, by Tommy Ettinger (public domain): even enough for drawing examples. */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (many: number): number => Math.floor(next() * many);
  const one = <Item>(all: readonly Item[]): Item => {
    const found = all[below(all.length)];
    if (found === undefined) throw new Error("nothing to draw from");
    return found;
  };
  const shuffled = <Item>(all: readonly Item[]): readonly Item[] =>
    all
      .map((item) => ({ item, at: next() }))
      .toSorted((left, right) => left.at - right.at)
      .map(({ item }) => item);
  return {
    below,
    one,
    shuffled,
    some: (all, many) => shuffled(all).slice(0, many),
    syllables: (many) => Array.from({ length: many }, () => one(syllables)).join(""),
  };
}
