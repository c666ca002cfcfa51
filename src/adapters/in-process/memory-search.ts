import { entityKindOf, type EntityRecord } from "../../core/memory/entity.ts";
import { fitOf, similarFrom, similarityOf, wordsIn } from "../../core/memory/search-words.ts";
import { type SearchText, searchTextOf, searchedKinds } from "../../engine/ports/search-texts.ts";
import { type TextFound, type TextSearch, checkSearchPage, searchCaps } from "../../engine/ports/search.ts";
import { type RowChain, isSeen } from "./memory-record.ts";
import { type MemoryView, inScope } from "./memory-view.ts";

/** A row that a search may find, with its words. */
export interface Document {
  readonly kind: string;
  readonly id: string;
  readonly projectId: string | null;
  /** Of the row, when it got this text. */
  readonly version: number;
  readonly recordedAtMs: number;
  readonly text: SearchText;
  readonly titleWords: readonly string[];
  readonly bodyWords: readonly string[];
}

/** How well one document answers; `null`: not. */
interface Answer {
  readonly document: Document;
  readonly near: boolean;
  readonly exact: number;
  readonly stems: number;
  readonly any: number;
}

/** The search of `0012-search.sql` by reading every row: `O(rows of the scope)`. */
export function searchIn(view: MemoryView, search: TextSearch): TextFound {
  checkSearchPage(search);
  const own = view.sight().atMs;
  const atMs = search.atMs === undefined ? own : Math.min(search.atMs, own ?? Number.POSITIVE_INFINITY);
  const documents = documentsOf(view, atMs);
  const similar = similarWords(documents, search);
  const answers = documents
    .filter((document) => isIn(document, search))
    .flatMap((document) => answerOf(document, search.words, similar))
    .toSorted((one, other) => Number(one.near) - Number(other.near) || byRecency(one, other))
    .slice(0, searchCaps.candidates);
  const scores = fused(answers);
  const ordered = answers.toSorted(
    (one, other) => Number(one.near) - Number(other.near) || (scores.get(other) ?? 0) - (scores.get(one) ?? 0) || byRecency(one, other),
  );
  return {
    hits: ordered.slice(search.skip, search.skip + search.limit).map(({ document, near }) => ({
      kind: document.kind,
      id: document.id,
      projectId: document.projectId,
      recordedAtMs: document.recordedAtMs,
      title: document.text.title,
      body: document.text.body,
      near,
    })),
    ranked: answers.length,
    similar: [...new Set(similar.values())].flat(),
    findsSimilar: true,
    readAtMs: atMs ?? view.record.recordedAtMs,
  };
}

/** Every text that the view sees, as of an instant. */
export const documentsOf = (view: MemoryView, atMs: number | null): readonly Document[] =>
  searchedKinds.flatMap((kind) => [...storedOf(view, kind, atMs), ...pendingOf(view, kind)]);

function storedOf(view: MemoryView, kind: string, atMs: number | null): readonly Document[] {
  const pending = view.own.get(kind);
  const chains = view.record.tables.get(kind)?.order ?? [];
  return chains
    .filter((chain) => inScope(view.scope, chain) && pending?.has(chain.id) !== true && !isPurged(chain))
    .flatMap((chain) => documentOf(view, chain, atMs));
}

/** What this transaction wrote and has not committed. */
const pendingOf = (view: MemoryView, kind: string): readonly Document[] =>
  [...(view.own.get(kind)?.values() ?? [])].flatMap((pending) => {
    const text = inScope(view.scope, pending) ? searchTextOf(kind, pending.row) : null;
    return text === null
      ? []
      : [documentFrom({ ...pending, id: pending.row.id, version: pending.row.version }, text, view.record.recordedAtMs)];
  });

/** What was purged is found at no instant. */
const isPurged = ({ kind, versions }: RowChain): boolean =>
  kind === entityKindOf.name && (versions.at(-1)?.row as EntityRecord | undefined)?.state === "purged"; // rows of this kind are entities

const same = (one: SearchText | null, other: SearchText | null): boolean => JSON.stringify(one) === JSON.stringify(other);

function documentOf(view: MemoryView, chain: RowChain, atMs: number | null): readonly Document[] {
  const sight = { ...view.sight(), atMs };
  const seen = chain.versions.filter((version) => isSeen(version, sight));
  const last = seen.at(-1);
  const text = last === undefined ? null : searchTextOf(chain.kind, last.row);
  if (last === undefined || text === null) return [];
  const since = seen.findLastIndex((version) => !same(searchTextOf(chain.kind, version.row), text)) + 1;
  const first = seen[since] ?? last;
  return [documentFrom({ ...chain, version: first.row.version }, text, first.recordedAtMs)];
}

const documentFrom = (
  row: { readonly kind: string; readonly id: string; readonly projectId: string | null; readonly version: number },
  text: SearchText,
  recordedAtMs: number,
): Document => ({
  kind: row.kind,
  id: row.id,
  projectId: row.projectId,
  version: row.version,
  recordedAtMs,
  text,
  titleWords: wordsIn(text.title),
  bodyWords: wordsIn(text.body),
});

/** Whether a document is within what narrows a search. */
export function isIn(
  document: Document,
  { kinds, projectId, personId, recordedFromMs = 0, recordedToMs }: Omit<TextSearch, "words" | "skip" | "limit">,
): boolean {
  return (
    kinds?.includes(document.kind) !== false &&
    (projectId === undefined || document.projectId === projectId) &&
    (personId === undefined || document.text.personIds.includes(personId)) &&
    document.recordedAtMs >= recordedFromMs &&
    (recordedToMs === undefined || document.recordedAtMs < recordedToMs)
  );
}

/** For each wanted word those that look like it; none when there are rows without them. */
function similarWords(documents: readonly Document[], search: TextSearch): ReadonlyMap<string, readonly string[]> {
  const { words } = search;
  if (documents.some((document) => isIn(document, search) && directAnswer(document, words) !== null)) return new Map();
  const known = new Set(documents.flatMap(({ titleWords, bodyWords }) => [...titleWords, ...bodyWords]));
  const wordly = [...known].filter((word) => word.length >= 4 && word.length <= 40 && !/\d/u.test(word));
  return new Map(
    words.map((wanted) => [
      wanted,
      wordly
        .map((word) => ({ word, near: similarityOf(word, wanted) }))
        .filter(({ near }) => near >= similarFrom)
        .toSorted((one, other) => other.near - one.near || (one.word < other.word ? -1 : 1))
        .slice(0, searchCaps.similarWords)
        .map(({ word }) => word),
    ]),
  );
}

type Weights = Pick<Answer, "exact" | "stems" | "any">;

/** Null: a word is missing. A word of the title counts as two and a half of the text. */
function directAnswer({ titleWords, bodyWords }: Document, words: readonly string[]): Weights | null {
  const sum = { exact: 0, stems: 0, any: 0 };
  const missing = words.some((wanted, at) => {
    let fits = 0;
    const count = (word: string, weight: number): void => {
      const fit = fitOf(word, wanted, at === words.length - 1);
      if (fit === null) return;
      fits += weight;
      if (fit === "exact") sum.exact += weight;
      if (fit !== "beginning") sum.stems += weight;
    };
    for (const word of titleWords) count(word, 1);
    for (const word of bodyWords) count(word, 0.4);
    sum.any += fits;
    return fits === 0;
  });
  return missing || words.length === 0 ? null : sum;
}

function answerOf(document: Document, words: readonly string[], similar: ReadonlyMap<string, readonly string[]>): readonly Answer[] {
  const length = 1 + Math.log(1 + document.titleWords.length + document.bodyWords.length);
  const direct = directAnswer(document, words);
  if (direct !== null)
    return [{ document, near: false, exact: direct.exact / length, stems: direct.stems / length, any: direct.any / length }];
  const own = new Set([...document.titleWords, ...document.bodyWords]);
  const matches = (wanted: string): boolean =>
    [...own].some((word) => ["exact", "stem"].includes(fitOf(word, wanted, false) ?? "")) ||
    (similar.get(wanted)?.some((word) => own.has(word)) ?? false);
  return similar.size > 0 && words.every((wanted) => matches(wanted))
    ? [{ document, near: true, exact: 0, stems: 0, any: 1 / length }]
    : [];
}

const byRecency = (one: Answer, other: Answer): number =>
  other.document.recordedAtMs - one.document.recordedAtMs || (one.document.id > other.document.id ? -1 : 1);

function fused(answers: readonly Answer[]): ReadonlyMap<Answer, number> {
  const scores = new Map<Answer, number>();
  for (const list of ["exact", "stems", "any"] as const) {
    const ranked = answers.filter((answer) => answer[list] > 0).toSorted((one, other) => other[list] - one[list] || byRecency(one, other));
    for (const [place, answer] of ranked.entries()) scores.set(answer, (scores.get(answer) ?? 0) + 1 / (searchCaps.fusion + place + 1));
  }
  return scores;
}
