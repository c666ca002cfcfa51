import { type Utterance, wordsOf } from "./utterances.ts";

export interface Clustering {
  /** Places of the utterances of each cluster, the largest cluster first. */
  readonly clusters: readonly { readonly members: readonly number[]; readonly terms: readonly string[]; readonly middle: number }[];
  /** Utterances without a word that another one holds: alike to nothing. */
  readonly apart: readonly number[];
  /** Mean silhouette, -1 to 1: below 0.25 there is hardly any structure. Null with fewer than two clusters. */
  readonly silhouette: number | null;
}

/** Beyond this the comparison of each with each takes too long. */
export const mostClustered = 1_200;
const mostClusters = 12;

type Weights = ReadonlyMap<string, number>;

/**
 * Groups utterances by the words they share: weights by TF-IDF, likeness by the cosine, joined by average linkage; the number of groups is
 * the one with the best mean silhouette, unless it is given. The same utterances give the same groups. `O(n²)` memory and about as much time.
 *
 * Source: Salton & Buckley 1988 (TF-IDF); Sokal & Michener 1958 (average linkage); Rousseeuw 1987 (silhouette; Kaufman & Rousseeuw 1990 for 0.25)
 */
export function clusterUtterances(utterances: readonly Utterance[], stop: ReadonlySet<string>, wanted: number | null): Clustering {
  const weights = weigh(utterances.map(({ text }) => wordsOf(text).filter((word) => !stop.has(word) && word.length > 1)));
  const apart = weights.flatMap((one, index) => (one.size === 0 ? [index] : []));
  const placed = weights.flatMap((one, index) => (one.size === 0 ? [] : [index]));
  const distances = distancesOf(placed.map((index) => weights[index] ?? new Map()));
  const merges = averageLinkage(distances, placed.length);
  const counts = wanted === null ? range(2, Math.min(mostClusters, Math.floor(placed.length / 2))) : [Math.min(wanted, placed.length)];
  let best: { readonly labels: readonly number[]; readonly silhouette: number | null } = { labels: placed.map(() => 0), silhouette: null };
  for (const count of counts) {
    const labels = cut(merges, placed.length, count);
    const silhouette = silhouetteOf(distances, labels);
    if (best.silhouette === null || (silhouette ?? -1) > best.silhouette + 1e-9) best = { labels, silhouette };
  }
  const groups = Map.groupBy(placed.keys(), (place) => best.labels[place] ?? 0);
  const clusters = [...groups.values()].map((places) => {
    const members = places.map((place) => placed[place] ?? 0);
    return {
      members,
      terms: termsOf(members.map((member) => weights[member] ?? new Map())),
      middle: placed[middleOf(distances, places)] ?? 0,
    };
  });
  return {
    clusters: clusters.toSorted(
      (one, other) => other.members.length - one.members.length || (one.members[0] ?? 0) - (other.members[0] ?? 0),
    ),
    apart,
    silhouette: best.silhouette,
  };
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);

/** Weights of length 1; words that only one utterance holds are left out, as they can make nothing alike. */
function weigh(texts: readonly (readonly string[])[]): readonly Weights[] {
  const holding = new Map<string, number>();
  for (const words of texts) for (const word of new Set(words)) holding.set(word, (holding.get(word) ?? 0) + 1);
  return texts.map((words) => {
    const counts = new Map<string, number>();
    for (const word of words) if ((holding.get(word) ?? 0) > 1) counts.set(word, (counts.get(word) ?? 0) + 1);
    const weighed = [...counts].map(([word, count]) => [word, count * Math.log(1 + texts.length / (holding.get(word) ?? 1))] as const);
    const length = Math.hypot(...weighed.map(([, weight]) => weight));
    return new Map(weighed.map(([word, weight]) => [word, weight / length]));
  });
}

type Distances = readonly Float64Array[];

function distancesOf(weights: readonly Weights[]): Distances {
  const rows = weights.map(() => new Float64Array(weights.length));
  for (const [row, one] of weights.entries())
    for (let column = 0; column < row; column++) {
      let cosine = 0;
      for (const [word, weight] of one) cosine += weight * (weights[column]?.get(word) ?? 0);
      const distance = Math.max(0, 1 - cosine);
      set(rows, row, { column, distance });
      set(rows, column, { column: row, distance });
    }
  return rows;
}

function set(rows: Distances, row: number, { column, distance }: { readonly column: number; readonly distance: number }): void {
  const cells = rows[row];
  if (cells !== undefined) cells[column] = distance;
}

interface Merge {
  readonly one: number;
  readonly other: number;
  readonly height: number;
}

/** Joins by chains of nearest neighbours, which gives the same tree as looking for the nearest pair each time. Source: Murtagh 1983 */
function averageLinkage(distances: Distances, count: number): readonly Merge[] {
  const between = distances.map((row) => row.slice());
  const sizes = Array.from({ length: count }, () => 1);
  const alive = new Set(range(0, count - 1));
  const merges: Merge[] = [];
  let chain: number[] = [];
  while (alive.size > 1) {
    const [first = 0] = alive;
    if (chain.length === 0) chain = [first];
    const tip = chain.at(-1) ?? first;
    const before = chain.at(-2);
    const next = nearest(between[tip] ?? new Float64Array(), alive, { tip, before });
    if (next !== before) {
      chain.push(next);
      continue;
    }
    chain = chain.slice(0, -2);
    merges.push({ one: Math.min(tip, next), other: Math.max(tip, next), height: between[tip]?.[next] ?? 0 });
    join({ between, sizes, alive }, Math.min(tip, next), Math.max(tip, next));
  }
  return merges.toSorted((one, other) => one.height - other.height);
}

/** The nearest that is left; of equally near ones the one before in the chain, else the first. */
function nearest(
  row: Float64Array,
  alive: ReadonlySet<number>,
  { tip, before }: { readonly tip: number; readonly before: number | undefined },
): number {
  const far = Number.POSITIVE_INFINITY;
  let best = before ?? -1;
  let distance = before === undefined ? far : (row[before] ?? far);
  for (const place of alive) {
    const here = place === tip ? far : (row[place] ?? far);
    if (here >= distance) continue;
    best = place;
    distance = here;
  }
  return best;
}

interface Joining {
  readonly between: readonly Float64Array[];
  readonly sizes: number[];
  readonly alive: Set<number>;
}

/** `other` becomes part of `one`; their distance to the rest is the mean over all pairs. */
function join({ between, sizes, alive }: Joining, one: number, other: number): void {
  const [left, right] = [sizes[one] ?? 1, sizes[other] ?? 1];
  alive.delete(other);
  sizes[one] = left + right;
  for (const place of alive) {
    if (place === one) continue;
    const distance = (left * (between[one]?.[place] ?? 0) + right * (between[other]?.[place] ?? 0)) / (left + right);
    set(between, one, { column: place, distance });
    set(between, place, { column: one, distance });
  }
}

/** Labels when the tree is cut into so many groups: the lowest joins are made. */
function cut(merges: readonly Merge[], count: number, groups: number): readonly number[] {
  const parents = range(0, count - 1).slice();
  const rootOf = (place: number): number => {
    let root = place;
    while (parents[root] !== root) root = parents[root] ?? root;
    return root;
  };
  for (const { one, other } of merges.slice(0, Math.max(0, count - groups))) parents[rootOf(other)] = rootOf(one);
  return range(0, count - 1).map(rootOf);
}

function silhouetteOf(distances: Distances, labels: readonly number[]): number | null {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  if (sizes.size < 2) return null;
  let sum = 0;
  for (const [place, label] of labels.entries()) {
    const means = meansTo(distances[place] ?? new Float64Array(), { labels, sizes, label });
    const inside = means.get(label);
    // One alone has no inside; its silhouette is 0 by definition.
    if (inside === undefined) continue;
    means.delete(label);
    const outside = Math.min(...means.values());
    sum += (outside - inside) / Math.max(outside, inside, 1e-12);
  }
  return sum / labels.length;
}

interface Labelled {
  readonly labels: readonly number[];
  readonly sizes: ReadonlyMap<number, number>;
  /** Of the one that is compared, which is not compared with itself. */
  readonly label: number;
}

/** Mean distance to the members of each cluster; none to an own cluster without other members. */
function meansTo(row: Float64Array, { labels, sizes, label }: Labelled): Map<number, number> {
  const totals = new Map<number, number>();
  for (const [index, other] of labels.entries()) totals.set(other, (totals.get(other) ?? 0) + (row[index] ?? 0));
  const means = [...totals].map(([other, total]) => [other, total / ((sizes.get(other) ?? 1) - (other === label ? 1 : 0))] as const);
  return new Map(means.filter(([other]) => other !== label || sizes.get(label) !== 1));
}

/** The member that is nearest to all others. */
function middleOf(distances: Distances, places: readonly number[]): number {
  const totals = places.map((place) => places.reduce((sum, other) => sum + (distances[place]?.[other] ?? 0), 0));
  return places[totals.indexOf(Math.min(...totals))] ?? 0;
}

function termsOf(weights: readonly Weights[]): readonly string[] {
  const sums = new Map<string, number>();
  for (const one of weights) for (const [word, weight] of one) sums.set(word, (sums.get(word) ?? 0) + weight);
  return [...sums]
    .toSorted(([left, one], [right, other]) => other - one || (left < right ? -1 : 1))
    .slice(0, 5)
    .map(([word]) => word);
}
