import { type EntityRecord, type EntityState, entityKindOf } from "../../core/memory/entity.ts";
import { relationKind } from "../../core/memory/relation.ts";
import { type Tag, tagKind } from "../../core/memory/tag.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Filter, Reader } from "../ports/store.ts";

/** `newest` and `oldest` by creation, `updated` by the last change, the latest first. */
export const entitySorts = ["newest", "oldest", "updated"] as const;
export type EntitySort = (typeof entitySorts)[number];

export type TagPair = Pick<Tag, "key" | "value">;

/** Everything given has to hold at once. */
export interface EntityQuery {
  readonly typeKey?: string | undefined;
  readonly key?: string | undefined;
  /** Those in use when absent. */
  readonly states?: readonly EntityState[] | undefined;
  readonly tags?: readonly TagPair[] | undefined;
  /** Fields of the data with their values; nested as the data is. */
  readonly fields?: JsonObject | undefined;
  /** Those related with this, in either direction; the role narrows it. */
  readonly related?: { readonly id: string; readonly role?: string } | undefined;
  /** A piece of the title or of a text inside the data, in any case. */
  readonly text?: string | undefined;
  readonly sort?: EntitySort | undefined;
  readonly cursor?: string | undefined;
  /** 1 to 200. */
  readonly limit: number;
}

export interface FoundEntities {
  readonly rows: readonly EntityRecord[];
  /** Stable: what is created or changed meanwhile moves no row that was shown. */
  readonly nextCursor: string | null;
}

/** How much one page may look at. */
export interface QueryLimits {
  /** Subjects of one tag or of relations that are listed, related ones beyond it are not found; a tag on more is checked row by row. */
  readonly listed: number;
  /** Rows looked at in one step, and steps of one page, when every tag asked for is on more than `listed` subjects. */
  readonly batch: number;
  readonly batches: number;
}

const usualLimits: QueryLimits = { listed: 10_000, batch: 1_000, batches: 10 };

/**
 * A page of entities. A rare tag or a relation names the candidates by index; fields and texts are looked for in the rows of the
 * type, so their cost is that of the type's rows. A page that had to look through too much ends early, with a cursor.
 */
export async function findEntities(reader: Reader, query: EntityQuery, limits: QueryLimits = usualLimits): Promise<FoundEntities> {
  const search = { reader, query, limits };
  const narrowed = await narrow(search);
  if (narrowed.ids?.length === 0) return { rows: [], nextCursor: null };
  return collect(search, narrowed);
}

interface Search {
  readonly reader: Reader;
  readonly query: EntityQuery;
  readonly limits: QueryLimits;
}

interface Narrowed {
  /** Only these can match; undefined: any may. */
  readonly ids: readonly string[] | undefined;
  /** Tags too common to list. */
  readonly common: readonly TagPair[];
}

async function narrow({ reader, query, limits }: Search): Promise<Narrowed> {
  const { related, tags = [] } = query;
  const { listed } = limits;
  let ids = related === undefined ? undefined : await relatedIds(reader, related, listed);
  const common: TagPair[] = [];
  const counted = await Promise.all(tags.map(async (tag) => ({ tag, count: await reader.count(tagKind, { where: whereOf(tag) }) })));
  for (const { tag, count } of counted.toSorted((one, other) => one.count - other.count)) {
    if (ids?.length === 0) break;
    if (ids === undefined && count > listed) common.push(tag);
    else ids = await taggedAmong(reader, tag, { among: ids, limit: listed });
  }
  return { ids, common };
}

const whereOf = ({ key, value }: TagPair) => ({ key, value, subjectKind: entityKindOf.name, state: "present" });

/** Entities that have the tag, of those given; at most one row of a tag belongs to each. */
async function taggedAmong(
  reader: Reader,
  tag: TagPair,
  { among, limit }: { readonly among: readonly string[] | undefined; readonly limit: number },
): Promise<readonly string[]> {
  const where = among === undefined ? whereOf(tag) : { ...whereOf(tag), subjectId: among };
  return (await reader.find(tagKind, { where, limit })).map(({ subjectId }) => subjectId);
}

async function relatedIds(reader: Reader, { id, role }: NonNullable<EntityQuery["related"]>, limit: number): Promise<readonly string[]> {
  const where = { state: "present", ...(role === undefined ? {} : { role }) };
  const kind = entityKindOf.name;
  const [begins, ends] = await Promise.all([
    reader.find(relationKind, { where: { ...where, toId: id, fromKind: kind }, limit }),
    reader.find(relationKind, { where: { ...where, fromId: id, toKind: kind }, limit }),
  ]);
  return [...new Set([...begins.map(({ fromId }) => fromId), ...ends.map(({ toId }) => toId)])].slice(0, limit);
}

async function collect({ reader, query, limits }: Search, { ids, common }: Narrowed): Promise<FoundEntities> {
  const { limit } = query;
  const size = common.length === 0 ? limit + 1 : limits.batch;
  const rows: EntityRecord[] = [];
  let { cursor } = query;
  for (let batch = 0; batch < limits.batches && rows.length <= limit; batch++) {
    const read = await reader.find(entityKindOf, { ...filterOf(query, ids), ...placeOf(query.sort, cursor), limit: size });
    rows.push(...(await withAll(reader, common, read)));
    const last = read.at(-1);
    if (read.length < size || last === undefined) return pageOf(query, rows, null);
    cursor = cursorOf(query.sort, last);
  }
  return pageOf(query, rows, cursor ?? null);
}

function pageOf({ limit, sort }: EntityQuery, rows: readonly EntityRecord[], further: string | null): FoundEntities {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, nextCursor: rows.length > limit && last !== undefined ? cursorOf(sort, last) : further };
}

/** Those of a batch that have every one of the common tags. */
async function withAll(reader: Reader, common: readonly TagPair[], batch: readonly EntityRecord[]): Promise<readonly EntityRecord[]> {
  let left = batch;
  for (const tag of common) {
    if (left.length === 0) break;
    const ids = left.map(({ id }) => id);
    const tagged = new Set(await taggedAmong(reader, tag, { among: ids, limit: ids.length }));
    left = left.filter(({ id }) => tagged.has(id));
  }
  return left;
}

function filterOf(query: EntityQuery, ids: readonly string[] | undefined): Omit<Filter, "limit"> {
  const { typeKey, key, states = ["active"], fields, text } = query;
  return {
    where: {
      state: states,
      ...(typeKey === undefined ? {} : { typeKey }),
      ...(key === undefined ? {} : { key }),
      ...(ids === undefined ? {} : { id: ids }),
    },
    ...(fields === undefined ? {} : { holds: { field: "data", part: fields } }),
    ...(text === undefined ? {} : { contains: { field: "title", text, leavesOf: "data" } }),
  };
}

/** An id, or by the last change `<instant>_<id>`. */
const cursorOf = (sort: EntitySort | undefined, row: EntityRecord): string =>
  sort === "updated" ? `${String(row.updatedAtMs)}_${row.id}` : row.id;

/** @throws {Failure} `store.cursor-invalid` */
function placeOf(sort: EntitySort | undefined, cursor: string | undefined): Pick<Filter, "sort" | "afterId" | "newestFirst"> {
  const newestFirst = sort !== "oldest";
  if (sort !== "updated") return cursor === undefined ? { newestFirst } : { newestFirst, afterId: cursor };
  if (cursor === undefined) return { newestFirst, sort: { by: "updatedAtMs" } };
  const [, value, id] = /^(\d{1,16})_([0-9a-f-]{36})$/u.exec(cursor) ?? [];
  if (value === undefined || id === undefined)
    throw new Failure("invalid", "store.cursor-invalid", {
      message: "The page cursor is not one that a page of this order gave. Start from the first page.",
    });
  return { newestFirst, sort: { by: "updatedAtMs", after: { value: Number(value), id } } };
}
