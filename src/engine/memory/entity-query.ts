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
  /** Subjects of one tag or of relations that are listed, related ones beyond it are not found; a tag on so many is checked row by row. */
  readonly listed: number;
  /** Rows looked at in one step, and steps of one page, when every tag asked for is on `listed` subjects or more. */
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
  /** Tags that the rows are still to be looked for. */
  readonly tags: readonly TagPair[];
}

async function narrow({ reader, query, limits }: Search): Promise<Narrowed> {
  const { related, tags = [] } = query;
  const ids = related === undefined ? undefined : await relatedIds(reader, related, limits.listed);
  if (ids !== undefined || tags.length === 0) return { ids, tags };
  return rarestOf(reader, tags, limits.listed);
}

/** So many subjects of each tag are asked for, then more: a rare one is known before all of a common one were read. */
const probes = [250, 2_000] as const;

async function rarestOf(reader: Reader, tags: readonly TagPair[], listed: number): Promise<Narrowed> {
  for (const limit of [...probes.filter((probe) => probe < listed), listed]) {
    const found = await Promise.all(tags.map(async (tag) => ({ tag, ids: await tagged(reader, tag, { limit }) })));
    const [rarest] = found.filter(({ ids }) => ids.length < limit).toSorted((one, other) => one.ids.length - other.ids.length);
    if (rarest !== undefined) return { ids: rarest.ids, tags: tags.filter((tag) => tag !== rarest.tag) };
  }
  return { ids: undefined, tags };
}

const whereOf = ({ key, value }: TagPair) => ({ key, value, subjectKind: entityKindOf.name, state: "present" });

/** Ids of entities that have the tag, of those given if some are; at most one row of a tag belongs to each. */
async function tagged(
  reader: Reader,
  tag: TagPair,
  { limit, among }: { readonly limit: number; readonly among?: readonly string[] },
): Promise<readonly string[]> {
  const where = among === undefined ? whereOf(tag) : { ...whereOf(tag), subjectId: among };
  return (await reader.pick(tagKind, ["subjectId"], { where, limit })).map(([subjectId]) => String(subjectId));
}

/** Those that have every one of the tags. */
async function withAll(reader: Reader, tags: readonly TagPair[], ids: readonly string[]): Promise<readonly string[]> {
  let left = ids;
  for (const tag of tags) {
    if (left.length === 0) break;
    left = await tagged(reader, tag, { limit: left.length, among: left });
  }
  return left;
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

async function collect(search: Search, { ids, tags }: Narrowed): Promise<FoundEntities> {
  if (ids === undefined) return lookThrough(search, tags);
  return search.query.sort === "updated" ? lookThrough(search, [], await withAll(search.reader, tags, ids)) : inOrder(search, tags, ids);
}

/** Candidates in the order of the page, some at a time and then more: the first page ends long before a common tag was looked for in all. */
async function inOrder({ reader, query, limits }: Search, tags: readonly TagPair[], ids: readonly string[]): Promise<FoundEntities> {
  const { limit, sort } = query;
  const cursor = query.cursor?.toLowerCase();
  const ascending = [...new Set(ids)].toSorted();
  const ordered = sort === "oldest" ? ascending : ascending.toReversed();
  const left = cursor === undefined ? ordered : ordered.filter((id) => (sort === "oldest" ? id > cursor : id < cursor));
  const rows: EntityRecord[] = [];
  for (let from = 0, size = Math.ceil(limits.batch / 5); from < left.length && rows.length <= limit; from += size, size *= 4) {
    const some = await withAll(reader, tags, left.slice(from, from + size));
    if (some.length > 0)
      rows.push(...(await reader.find(entityKindOf, { ...filterOf(query, some), ...placeOf(sort, cursor), limit: limit + 1 })));
  }
  return pageOf(query, rows, null);
}

async function lookThrough({ reader, query, limits }: Search, common: readonly TagPair[], ids?: readonly string[]): Promise<FoundEntities> {
  const { limit } = query;
  if (ids?.length === 0) return { rows: [], nextCursor: null };
  const size = common.length === 0 ? limit + 1 : limits.batch;
  const rows: EntityRecord[] = [];
  let { cursor } = query;
  for (let batch = 0; batch < limits.batches && rows.length <= limit; batch++) {
    const read = await reader.find(entityKindOf, { ...filterOf(query, ids), ...placeOf(query.sort, cursor), limit: size });
    const fitting = new Set(
      await withAll(
        reader,
        common,
        read.map(({ id }) => id),
      ),
    );
    rows.push(...read.filter(({ id }) => fitting.has(id)));
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
