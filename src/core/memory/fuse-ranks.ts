/** Rank constant of reciprocal rank fusion. Source: Cormack, Clarke and Buettcher 2009. */
const constant = 60;

/**
 * One list of several ranked ones, each without repeats: a member scores the sum of `1 / (60 + place)` over the lists that have it.
 * Ties go to the one that comes first in the earlier list. `O(n log n)`.
 */
export function fuseRanks(lists: readonly (readonly string[])[]): readonly string[] {
  const scores = new Map<string, number>();
  for (const list of lists)
    for (const [at, member] of list.entries()) scores.set(member, (scores.get(member) ?? 0) + 1 / (constant + at + 1));
  return [...scores].toSorted(([, one], [, other]) => other - one).map(([member]) => member);
}
