import { type TextHit, checkSearchPage } from "../../engine/ports/search.ts";
import {
  type MadeVector,
  type TextsCounted,
  type TextsOf,
  type TextWithoutVector,
  type VectorFound,
  type VectorModel,
  type VectorReader,
  type VectorSearch,
  type VectorTally,
  likenessOf,
  mostCompared,
  vectorCaps,
} from "../../engine/ports/vectors.ts";
import { isUuid } from "./row-mapping.ts";
import type { Session } from "./session.ts";
import { type Fragment, sql, statement } from "./sql.ts";
import type { VectorShelf } from "./vector-shelf.ts";

/** A session with what its process remembers of vectors. */
export interface VectorSession extends Pick<Session, "run"> {
  readonly shelf: VectorShelf;
}

/** Numbers of vectors asked for in one statement. */
const numbersAtOnce = 1_000;

/** The vector that belongs to an entry, if it is one of the model's. */
const vectorOf = (alias: "join" | "left join", { providerId, model }: VectorModel): Fragment => {
  const on = sql`on v.id = e.id and v.version = e.version and v.kind = e.kind and v.organization_id = e.organization_id
    and v.project_id is not distinct from e.project_id and v.provider_id = ${idOr(providerId)}::uuid and v.model = ${model}`;
  return alias === "join" ? sql`join xvc.search_vector v ${on}` : sql`left join xvc.search_vector v ${on}`;
};

const noId = "00000000-0000-0000-0000-000000000000";
/** What is no id names nothing, and neither does this one. */
const idOr = (id: string): string => (isUuid(id) ? id : noId);

const ofProject = (projectId: string | null): Fragment =>
  projectId === null ? sql`e.project_id is null` : sql`e.project_id = ${idOr(projectId)}::uuid`;

/** Texts by their vectors, under row security: what the session may not see is neither compared nor counted. */
export const postgresVectors = (session: VectorSession, readerAtMs: number | null): VectorReader => ({
  nearest: (search) => nearest(session, search, earlier(search.atMs ?? null, readerAtMs)),
  missing: (asked) => missing(session, asked),
  tally: (asked) => tally(session, asked),
});

const earlier = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

async function nearest(session: VectorSession, search: VectorSearch, atMs: number | null): Promise<VectorFound> {
  checkSearchPage({ skip: 0, limit: search.limit });
  const most = mostCompared(search.vector.length);
  const numbers = await comparable(session, { ...search, most: most + 1 }, atMs);
  const compared = numbers.slice(0, most);
  await fillShelf(session, compared);
  const alike = compared
    .flatMap((number) => {
      const vector = session.shelf.get(number);
      const likeness = vector === undefined ? 0 : likenessOf(vector, search.vector);
      return likeness >= vectorCaps.leastLikeness ? [{ number, likeness }] : [];
    })
    .toSorted((one, other) => other.likeness - one.likeness || other.number - one.number)
    .slice(0, search.limit);
  const rows = await hitsOf(
    session,
    alike.map(({ number }) => number),
  );
  return { hits: alike.flatMap(({ number }) => rows.get(number) ?? []), compared: compared.length, isCapped: numbers.length > most };
}

/** Numbers of the vectors that a search compares, the latest first. */
async function comparable(
  session: VectorSession,
  search: VectorSearch & { readonly most: number },
  atMs: number | null,
): Promise<readonly number[]> {
  const { kinds, projectId, personId, recordedFromMs, recordedToMs } = search;
  const there =
    atMs === null
      ? sql`e.recorded_to_ms is null`
      : sql`e.recorded_from_ms <= ${atMs} and (e.recorded_to_ms is null or e.recorded_to_ms > ${atMs})`;
  const { rows } = await session.run(
    statement(sql`
      select array(
        select v.number::float8 from xvc.search_entry e ${vectorOf("join", search.of)} and v.dimension = ${search.vector.length}
         where ${there}
           ${kinds === undefined ? sql`` : sql`and e.kind = any (${kinds}::text[])`}
           ${projectId === undefined ? sql`` : sql`and ${ofProject(projectId)}`}
           ${personId === undefined ? sql`` : sql`and ${personId} = any (e.person_ids)`}
           ${recordedFromMs === undefined ? sql`` : sql`and e.recorded_from_ms >= ${recordedFromMs}`}
           ${recordedToMs === undefined ? sql`` : sql`and e.recorded_from_ms < ${recordedToMs}`}
         order by v.number desc limit ${search.most}) as numbers`),
  );
  return rows[0]?.["numbers"] as readonly number[]; // a select without FROM gives one row
}

/** Reads what the process does not remember. A number's vector never changes. */
async function fillShelf(session: VectorSession, numbers: readonly number[]): Promise<void> {
  const unknown = numbers.filter((number) => session.shelf.get(number) === undefined);
  for (let at = 0; at < unknown.length; at += numbersAtOnce) {
    const { rows } = await session.run(
      statement(
        sql`select v.number::float8 as number, v.vector from xvc.search_vector v where v.number = any (${asked(unknown.slice(at, at + numbersAtOnce))}::bigint[])`,
      ),
    );
    for (const row of rows) session.shelf.put(row["number"] as number, floatsOf(row["vector"] as Buffer)); // as selected
  }
}

const asked = (numbers: readonly number[]): readonly string[] => numbers.map(String);

/** A copy: the driver's buffer is a part of a larger one, at any offset. */
function floatsOf(bytes: Buffer): Float32Array {
  const floats = new Float32Array(bytes.byteLength / 4);
  for (let at = 0; at < floats.length; at += 1) floats[at] = bytes.readFloatLE(4 * at);
  return floats;
}

const bytesOf = (vector: Float32Array | null): string => {
  const bytes = Buffer.alloc(4 * (vector?.length ?? 0));
  for (const [at, value] of (vector ?? new Float32Array()).entries()) bytes.writeFloatLE(value, 4 * at);
  return bytes.toString("base64");
};

/** Titles and texts as they were searched, from the history. */
const withTexts = sql`
  join xvc.history h on h.id = e.id and h.version = e.version and h.kind = e.kind and h.organization_id = e.organization_id
    and h.project_id is not distinct from e.project_id
  cross join lateral (select xvc.search_source(h.kind, h.row) as found) s`;

async function hitsOf(session: VectorSession, numbers: readonly number[]): Promise<ReadonlyMap<number, TextHit>> {
  if (numbers.length === 0) return new Map();
  const { rows } = await session.run(
    statement(sql`
      select v.number::float8 as number, e.kind, e.id::text as id, e.project_id::text as project_id, e.recorded_from_ms,
             (s.found).title as title, xvc.search_lines((s.found).texts) as body
        from xvc.search_vector v
        join xvc.search_entry e on e.id = v.id and e.version = v.version and e.kind = v.kind and e.organization_id = v.organization_id
          and e.project_id is not distinct from v.project_id
        ${withTexts}
       where v.number = any (${asked(numbers)}::bigint[])`),
  );
  const known = rows as unknown as readonly (TextRow & { readonly number: number })[]; // as selected
  return new Map(
    known.map((row) => [
      row.number,
      {
        kind: row.kind,
        id: row.id,
        projectId: row.project_id,
        recordedAtMs: row.recorded_from_ms,
        title: row.title,
        body: row.body,
        near: false,
      },
    ]),
  );
}

interface TextRow {
  readonly kind: string;
  readonly id: string;
  readonly project_id: string | null;
  readonly version: number;
  readonly recorded_from_ms: number;
  readonly title: string;
  readonly body: string;
}

async function missing(
  session: VectorSession,
  { of, projectId, limit }: TextsOf & { readonly limit: number },
): Promise<readonly TextWithoutVector[]> {
  const { rows } = await session.run(
    statement(sql`
      select e.kind, e.id::text as id, e.project_id::text as project_id, e.version, (s.found).title as title,
             xvc.search_lines((s.found).texts) as body
        from (
          select e.* from xvc.search_entry e ${vectorOf("left join", of)}
           where e.recorded_to_ms is null and v.number is null and ${ofProject(projectId)}
           order by e.number desc limit ${Math.min(limit, vectorCaps.atOnce)}) e
        ${withTexts}
       order by e.number desc`),
  );
  const known = rows as unknown as readonly TextRow[]; // as selected
  return known.map(({ project_id: project, ...row }) => ({ ...row, projectId: project }));
}

async function tally(session: VectorSession, { of, projectIds, withOrganization }: TextsCounted): Promise<VectorTally> {
  const { rows } = await session.run(
    statement(sql`
      select count(*)::integer as texts, (count(v.number) filter (where v.dimension > 0))::integer as vectors,
             (count(v.number) filter (where v.dimension = 0))::integer as refused
        from xvc.search_entry e ${vectorOf("left join", of)}
       where e.recorded_to_ms is null
         and (e.project_id = any (${projectIds.filter(isUuid)}::uuid[]) or ${withOrganization} and e.project_id is null)`),
  );
  return rows[0] as unknown as VectorTally; // an aggregate without grouping gives one row
}

/** Writes vectors by the function that looks whether their texts are still there. */
export async function keepVectors(
  session: Pick<Session, "run">,
  { providerId, model }: VectorModel,
  made: readonly MadeVector[],
): Promise<number> {
  const column = (of: (one: MadeVector) => string | null): readonly string[] => made.map(of) as readonly string[]; // a null in a list is bound as one
  const { rows } = await session.run(
    statement(sql`
      select xvc.keep_vectors(${idOr(providerId)}::uuid, ${model}, ${column(({ kind }) => kind)}::text[], ${column(({ id }) => idOr(id))}::uuid[],
        ${column(({ projectId }) => projectId)}::uuid[], ${column(({ version }) => String(version))}::integer[],
        ${column(({ vector }) => bytesOf(vector))}::text[]) as kept`),
  );
  return rows[0]?.["kept"] as number; // a scalar function gives one row
}
