import type { CommitFact } from "../../core/shared/repository-facts.ts";

/** What the history says about one file that still exists. */
export interface FileHistory {
  readonly file: string;
  /** Commits that touched it. */
  readonly changes: number;
  readonly added: number;
  readonly deleted: number;
  readonly lastAtMs: number;
  /** Newest first, at most 3. */
  readonly latest: readonly string[];
  readonly firstAuthor: string;
  readonly byAuthor: ReadonlyMap<string, number>;
}

/** One person by e-mail address in lower case, under the newest name used with it. */
export function authorOf(commit: CommitFact): string {
  return commit.authorEmail.toLowerCase();
}

/** Histories of the wanted files in path order. Commits come newest first, so the last one seen is the file's first. `O(changes)`. */
export function fileHistories(commits: readonly CommitFact[], wanted: ReadonlySet<string>): readonly FileHistory[] {
  const histories = new Map<string, GrowingHistory>();
  for (const commit of commits) {
    const author = authorOf(commit);
    for (const change of commit.files) {
      if (!wanted.has(change.path)) continue;
      const known = histories.get(change.path) ?? opened(change.path, commit);
      known.changes += 1;
      known.added += change.added ?? 0;
      known.deleted += change.deleted ?? 0;
      if (known.latest.length < 3) known.latest.push(commit.sha);
      known.firstAuthor = author;
      known.byAuthor.set(author, (known.byAuthor.get(author) ?? 0) + 1);
      histories.set(change.path, known);
    }
  }
  return [...histories.values()].sort((left, right) => (left.file < right.file ? -1 : 1));
}

interface GrowingHistory extends FileHistory {
  changes: number;
  added: number;
  deleted: number;
  firstAuthor: string;
  readonly latest: string[];
  readonly byAuthor: Map<string, number>;
}

function opened(file: string, newest: CommitFact): GrowingHistory {
  return { file, changes: 0, added: 0, deleted: 0, lastAtMs: newest.atMs, latest: [], firstAuthor: authorOf(newest), byAuthor: new Map() };
}

/**
 * People who know a file: degree of authorship at least 3.293 and above 75 % of the file's highest.
 * Source: Avelino, Passos, Hora, Valente, A Novel Approach for Estimating Truck Factors, ICPC 2016; the weights are Fritz et al., ICSE 2010.
 */
export function knowersOf(history: FileHistory): readonly string[] {
  const degrees = [...history.byAuthor].map(([author, own]) => ({
    author,
    degree: 3.293 + (author === history.firstAuthor ? 1.098 : 0) + 0.164 * own - 0.321 * Math.log(1 + history.changes - own),
  }));
  const highest = Math.max(...degrees.map(({ degree }) => degree));
  return degrees
    .filter(({ degree }) => degree >= 3.293 && degree > 0.75 * highest)
    .map(({ author }) => author)
    .sort();
}

export interface TruckFactor {
  /** People in the order in which losing them hurts most. */
  readonly people: readonly string[];
  readonly filesByPerson: ReadonlyMap<string, number>;
}

/** The fewest people whose loss leaves more than half of the files with nobody who knows them, found greedily. Source: as `knowersOf`. */
export function truckFactor(histories: readonly FileHistory[]): TruckFactor {
  const knowers = histories.map((history) => new Set(knowersOf(history)));
  const filesByPerson = tally(knowers);
  const people: string[] = [];
  // Each round removes a person, so it ends with the people.
  for (let round = 0; round < filesByPerson.size; round += 1) {
    if (knowers.filter((known) => known.size === 0).length * 2 > histories.length) break;
    const [next] = [...tally(knowers)].sort(([leftName, left], [rightName, right]) => right - left || (leftName < rightName ? -1 : 1));
    if (next === undefined) break;
    people.push(next[0]);
    for (const known of knowers) known.delete(next[0]);
  }
  return { people, filesByPerson };
}

function tally(knowers: readonly ReadonlySet<string>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const known of knowers) for (const person of known) counts.set(person, (counts.get(person) ?? 0) + 1);
  return counts;
}
