import { fitOf, similarFrom, similarityOf, wordsIn } from "../../core/memory/search-words.ts";
import { type Person, personKind } from "../../core/oversight/person.ts";
import type { Reader } from "../ports/store.ts";
import { maxNamedPeople } from "../oversight/people-view.ts";

/** Found by one search. */
const maxFound = 10;

/** What narrows a search, as far as people go. */
interface Narrowing {
  readonly kinds?: readonly string[] | undefined;
  readonly projectId?: string | undefined;
  readonly personId?: string | undefined;
  readonly recordedFromMs?: number | undefined;
  readonly recordedToMs?: number | undefined;
}

export interface FoundPerson {
  readonly person: Person;
  readonly near: boolean;
}

/**
 * Members by words of their names and addresses. These are sealed, so no index has them: the members are read as they are named
 * everywhere, and compared here. `O(members)`.
 */
export async function peopleFound(reader: Reader, words: readonly string[], searching: Narrowing): Promise<readonly FoundPerson[]> {
  const { kinds, personId, projectId, recordedFromMs, recordedToMs } = searching;
  const isNarrowed = [projectId, recordedFromMs, recordedToMs].some((value) => value !== undefined);
  if (isNarrowed || words.length === 0 || kinds?.includes(personKind.name) === false) return [];
  const members = (await reader.find(personKind, { limit: maxNamedPeople })).filter(
    ({ id, state }) => state !== "removed" && (personId === undefined || personId === id),
  );
  const known = members.map((person) => ({ person, own: wordsIn(`${person.name} ${person.email ?? ""}`) }));
  const exact = known.filter(({ own }) =>
    words.every((wanted, at) => own.some((word) => fitOf(word, wanted, at === words.length - 1) !== null)),
  );
  const near = exact.length > 0 ? [] : known.filter(({ own }) => words.every((wanted) => own.some((word) => looksLike(word, wanted))));
  return [...exact.map(({ person }) => ({ person, near: false })), ...near.map(({ person }) => ({ person, near: true }))].slice(
    0,
    maxFound,
  );
}

const looksLike = (word: string, wanted: string): boolean =>
  word.length >= 4 && !/\d/u.test(word) && similarityOf(word, wanted) >= similarFrom;
