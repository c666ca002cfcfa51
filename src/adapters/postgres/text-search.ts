import { type TextFound, type TextHit, type TextSearch, checkSearchPage } from "../../engine/ports/search.ts";
import { isUuid } from "./row-mapping.ts";
import type { Session } from "./session.ts";
import { prepared, sql } from "./sql.ts";

interface HitRow {
  readonly kind: string;
  readonly id: string;
  readonly project_id: string | null;
  readonly recorded_at_ms: number;
  readonly title: string;
  readonly body: string;
  readonly near: boolean;
  readonly found: number;
  readonly similar_words: string | null;
}

/**
 * Rows whose text has the words, by the index of `0012-search.sql`. The function it calls runs as the owner of that index and
 * keeps to the organization and projects of the session by itself.
 *
 * @throws {Failure} `store.limit-invalid`
 */
export async function searchTexts(session: Session, search: TextSearch, readerAtMs: number | null): Promise<TextFound> {
  checkSearchPage(search);
  const atMs = earlier(search.atMs ?? null, readerAtMs);
  const [stated, { rows }] = await Promise.all([
    session.run(
      prepared(sql`select xvc.finds_similar() as similar, floor(extract(epoch from transaction_timestamp()) * 1000)::bigint as read_at_ms`),
    ),
    session.run(
      prepared(sql`
        select s.* from xvc.search(${search.words.filter(isStorable)}::text[], ${atMs}::bigint, ${orNull(search.kinds)}::text[],
          ${projectOf(search)}::uuid, ${orNull(search.personId)}::text, ${orNull(search.recordedFromMs)}::bigint,
          ${orNull(search.recordedToMs)}::bigint, ${search.skip}::integer, ${search.limit}::integer) s`),
    ),
  ]);
  const hits = rows as unknown as readonly HitRow[]; // the columns of the function
  return {
    hits: hits.map(toHit),
    ranked: hits[0]?.found ?? 0,
    similar: lexemesOf(hits[0]?.similar_words ?? ""),
    findsSimilar: stated.rows[0]?.["similar"] === true,
    readAtMs: atMs ?? (stated.rows[0]?.["read_at_ms"] as number), // a select without FROM gives one row
  };
}

const orNull = <Value>(value: Value | undefined): Value | null => value ?? null;

/** What is no id names no project, and neither does this one. */
const projectOf = ({ projectId }: TextSearch): string | null =>
  projectId === undefined || isUuid(projectId) ? orNull(projectId) : "00000000-0000-0000-0000-000000000000";

const isStorable = (word: string): boolean => !word.includes("\u0000") && word.isWellFormed();

const earlier = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

const toHit = (row: HitRow): TextHit => ({
  kind: row.kind,
  id: row.id,
  projectId: row.project_id,
  recordedAtMs: row.recorded_at_ms,
  title: row.title,
  body: row.body,
  near: row.near,
});

/** The words of a query as text: each stands between quotes. */
const lexemesOf = (query: string): readonly string[] => [...new Set([...query.matchAll(/'([^']+)'/gu)].map(([, word = ""]) => word))];
