import { type Excerpt, type Sought, excerptOf } from "../../core/memory/search-excerpt.ts";
import { wantedWords } from "../../core/memory/search-words.ts";
import { requestKind } from "../../core/requests/request.ts";
import { taskKind } from "../../core/execution/task.ts";
import { personKind } from "../../core/oversight/person.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type TextSearch, searchCaps } from "../ports/search.ts";
import type { Reader } from "../ports/store.ts";
import type { AskedMeaning } from "./embed-query.ts";
import { type FusedFound, type FusedHit, searchByMeaning } from "./search-by-meaning.ts";
import { labelIn, rowsLabelled } from "./search-labels.ts";
import { type FoundPerson, peopleFound } from "./search-people.ts";
import { type FoundRow, type SearchedKind, describeRows } from "./search-rows.ts";

/** What is looked for, and where; what narrows it is as `TextSearch` has it. */
export interface Searching {
  readonly text: string;
  readonly kinds?: readonly string[] | undefined;
  readonly projectId?: string | undefined;
  readonly personId?: string | undefined;
  readonly recordedFromMs?: number | undefined;
  readonly recordedToMs?: number | undefined;
  /** What the text means to the model that makes vectors; absent or off: the search goes by words alone. */
  readonly meaning?: AskedMeaning | undefined;
  /** What a page before gave. */
  readonly cursor?: string | undefined;
  /** 1 to 100. */
  readonly limit: number;
}

export interface SearchHitView extends Omit<FoundRow, "title"> {
  readonly kind: SearchedKind;
  readonly id: string;
  readonly title: Excerpt;
  /** Where else the words stand; null: in the title alone. */
  readonly found: Excerpt | null;
  /** When the row got the text that was found; null: found by its label, or by a person's name. */
  readonly recordedAtMs: number | null;
  /** Found by words that look like the wanted ones. */
  readonly near: boolean;
  /** It has none of the words: its text is alike, as a model sees it. */
  readonly byMeaning: boolean;
}

/** Whether texts were found by their meaning as well. */
export interface MeaningView {
  readonly state: "off" | "used" | "unavailable";
  /** Texts that were compared, and whether there are more of which only the latest were. */
  readonly compared: number;
  readonly isCapped: boolean;
  /** Why it is unavailable. */
  readonly note: string | null;
}

export interface SearchView {
  readonly items: readonly SearchHitView[];
  readonly nextCursor: string | null;
  /** Rows that were ranked. More match when this is the most that is ranked. */
  readonly ranked: number;
  readonly mostRanked: number;
  /** Words that were taken because nothing has the wanted ones. */
  readonly similar: readonly string[];
  /** False: this database cannot find misspelled words. */
  readonly findsSimilar: boolean;
  readonly meaning: MeaningView;
}

interface Place {
  readonly atMs?: number;
  readonly skip: number;
}

/** @throws {Failure} `store.cursor-invalid` */
function placeOf(cursor: string | undefined): Place {
  if (cursor === undefined) return { skip: 0 };
  const [, atMs, skip] = /^(\d{1,15})-(\d{1,4})$/u.exec(cursor) ?? [];
  if (atMs !== undefined && Number(skip) <= searchCaps.candidates) return { atMs: Number(atMs), skip: Number(skip) };
  throw new Failure("invalid", "store.cursor-invalid", {
    message: "The page cursor is not one that a page gave. Start from the first page.",
  });
}

/**
 * Rows by label, by the words of their texts and, where a model makes vectors, by their meaning, the fittest first: the one search behind
 * the page, the palette, the command line and programs. Later pages are read as of the instant of the first.
 *
 * @throws {Failure} `store.cursor-invalid`, `store.limit-invalid`
 */
export async function searchView(reader: Reader, searching: Searching): Promise<SearchView> {
  const { text, cursor, limit, meaning = { kind: "off" }, ...narrowing } = searching;
  const place = placeOf(cursor);
  const words = wantedWords(text);
  const [found, labelled, known] = await Promise.all([
    searchByMeaning(reader, { ...definedOf(narrowing), words, limit, ...place }, meaning.kind === "known" ? meaning.meaning : null),
    place.skip === 0 ? labelledHits(reader, searching) : [],
    place.skip === 0 ? peopleFound(reader, words, searching) : [],
  ]);
  // A name that only looks like the words stands back where something has them as they are.
  const people = known.filter(({ near }) => !near || found.hits.every((hit) => hit.near)).map(personHit);
  const rows = await describeRows(reader, [...labelled, ...people, ...found.hits]);
  const sought = { words, similar: found.similar };
  const byLabel = new Set(labelled.map(({ kind, id }) => `${kind} ${id}`));
  const others = found.hits.filter(({ kind, id }) => !byLabel.has(`${kind} ${id}`));
  return {
    items: [
      ...labelled.flatMap((hit) => shown(rows, { ...hit, recordedAtMs: null }, { words: [], similar: [] })),
      ...people.flatMap((hit) => shown(rows, hit, sought)),
      ...others.flatMap((hit) => shown(rows, hit, sought)),
    ],
    nextCursor: found.nextSkip === null ? null : `${String(found.readAtMs)}-${String(found.nextSkip)}`,
    ranked: found.ranked + labelled.length + people.length,
    mostRanked: searchCaps.candidates,
    similar: found.hits.some(({ near }) => near) ? found.similar.filter((word) => !words.includes(word)) : [],
    findsSimilar: found.findsSimilar,
    meaning: meaningView(meaning, found),
  };
}

function meaningView(asked: AskedMeaning, { compared, isCapped }: FusedFound): MeaningView {
  if (asked.kind === "off") return { state: "off", compared: 0, isCapped: false, note: null };
  if (asked.kind === "failed") return { state: "unavailable", compared: 0, isCapped: false, note: asked.message };
  return { state: "used", compared: compared ?? 0, isCapped, note: null };
}

/** Without what is undefined: the port tells absent from that. */
const definedOf = (narrowing: Omit<Searching, "text" | "cursor" | "limit" | "meaning">): Omit<TextSearch, "words" | "skip" | "limit"> =>
  Object.fromEntries(Object.entries(narrowing).filter(([, value]) => value !== undefined));

type Hit = Omit<FusedHit, "recordedAtMs"> & { readonly recordedAtMs: number | null };

function shown(rows: ReadonlyMap<string, FoundRow>, hit: Hit, sought: Sought): readonly SearchHitView[] {
  const row = rows.get(`${hit.kind} ${hit.id}`);
  if (row === undefined) return [];
  const title = excerptOf(hit.title === "" ? row.title : hit.title, sought);
  const found = excerptOf(hit.body, sought);
  const isElsewhere = hit.body !== "" && (found.ranges.length > 0 || (title.ranges.length === 0 && hit.recordedAtMs !== null));
  return [
    {
      ...row,
      kind: hit.kind as SearchedKind, // it has a describer
      id: hit.id,
      title,
      found: isElsewhere ? found : null,
      recordedAtMs: hit.recordedAtMs,
      near: hit.near,
      byMeaning: hit.byMeaning,
    },
  ];
}

const personHit = ({ person: { id, name, email }, near }: FoundPerson): Hit => ({
  kind: personKind.name,
  id,
  projectId: null,
  title: name,
  body: email ?? "",
  recordedAtMs: null,
  near,
  byMeaning: false,
});

/** What the text names as a whole, where nothing but its kind and the reader's scope narrows the search. */
async function labelledHits(reader: Reader, searching: Searching): Promise<readonly Hit[]> {
  const label = labelIn(searching.text);
  const { kinds, personId, recordedFromMs, recordedToMs } = searching;
  if (label === undefined || personId !== undefined || recordedFromMs !== undefined || recordedToMs !== undefined) return [];
  const { requests, tasks } = await rowsLabelled(reader, label);
  const hits = [
    ...requests.map((row) => ({ kind: requestKind.name, id: row.id as string, title: row.title })),
    ...tasks.map((row) => ({ kind: taskKind.name, id: row.id as string, title: row.title })),
  ];
  return hits
    .filter(({ kind }) => kinds?.includes(kind) !== false)
    .map((hit) => ({ ...hit, projectId: null, body: "", recordedAtMs: null, near: false, byMeaning: false }));
}
