import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { ColumnValue, EventFilter, Filter, NamedBy, Reader, StoredEvent } from "../../engine/ports/store.ts";
import type { EntityTable } from "../../engine/ports/entity-tables.ts";
import { isContaining, isHolding } from "./memory-conditions.ts";
import { measureOf, tallyRows } from "./memory-tally.ts";
import { type RecordedEvent, type RowChain, isSeen, tableOf, versionAt } from "./memory-record.ts";
import { searchIn } from "./memory-search.ts";
import { vectorsIn } from "./memory-vectors.ts";
import { changesOf, versionsOf } from "./memory-versions.ts";
import { type MemoryView, inScope } from "./memory-view.ts";

const maxLimit = 10_000;

/** @throws {Failure} `store.limit-invalid` */
export function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxLimit) return;
  throw new Failure("invalid", "store.limit-invalid", { message: `A page holds 1 to ${String(maxLimit)} rows, not ${String(limit)}.` });
}

/** The chain of an id that the scope may see. */
export function chainOf(view: MemoryView, kind: EntityKind<Entity>, id: string): RowChain | undefined {
  return tableOf(view.record, kind)
    .byId.get(id)
    ?.find((chain) => inScope(view.scope, chain));
}

/** The row as the view sees it now. */
export function rowOf(view: MemoryView, kind: EntityKind<Entity>, id: string): Entity | undefined {
  const pending = view.own.get(kind.name)?.get(id);
  if (pending !== undefined) return inScope(view.scope, pending) ? pending.row : undefined;
  const chain = chainOf(view, kind, id);
  return chain === undefined ? undefined : versionAt(chain, view.sight())?.row;
}

const isFilterable = (table: EntityTable, field: string): boolean =>
  Object.hasOwn(table.columns, field) || Object.hasOwn(table.derived ?? {}, field);

/** A column's value, or what the database would derive. */
function valueOf(table: EntityTable, row: Entity, field: string): unknown {
  const computed = table.derived?.[field];
  if (computed !== undefined) return computed.of(row);
  return (row as unknown as { readonly [field: string]: unknown })[field] ?? null; // columns are plain values, compared by identity
}

/** Sealed columns can only be asked for equal values. */
const isSealed = (table: EntityTable, field: string): boolean => Object.hasOwn(table.personal?.fields ?? {}, field);

function checkFields(table: EntityTable, filter: Omit<Filter, "limit">, shown: readonly string[] = []): void {
  const plain = [
    ...(filter.dueBeforeMs === undefined ? [] : ["dueAtMs"]),
    ...(filter.contains === undefined ? [] : [filter.contains.field]),
    ...(filter.sort === undefined ? [] : [filter.sort.by]),
    ...shown,
  ];
  const unknown = [
    ...[...Object.keys(filter.where ?? {}), ...plain].filter((field) => field !== "id" && !isFilterable(table, field)),
    ...plain.filter((field) => isSealed(table, field)),
  ];
  if (unknown.length === 0) return;
  throw new Failure("bug", "store.not-filterable", {
    message: `Rows of kind "${table.kind.name}" cannot be filtered by ${unknown.join(", ")}: no column.`,
  });
}

function matches(table: EntityTable, row: Entity, filter: Omit<Filter, "limit">): boolean {
  const { dueBeforeMs, contains } = filter;
  const dueAtMs = valueOf(table, row, "dueAtMs");
  if (dueBeforeMs !== undefined && !(typeof dueAtMs === "number" && dueAtMs <= dueBeforeMs)) return false;
  if (contains !== undefined && !isContaining(row, valueOf(table, row, contains.field), contains)) return false;
  if (filter.holds !== undefined && !isHolding(row, filter.holds)) return false;
  return Object.entries(filter.where ?? {}).every(([field, wanted]) => {
    return isWanted(valueOf(table, row, field), wanted);
  });
}

const isWanted = (value: unknown, wanted: unknown): boolean => (Array.isArray(wanted) ? wanted.includes(value) : value === wanted);

/** By the number, ties by id, rows without one last in both directions. */
function sorted(table: EntityTable, rows: readonly Entity[], { sort, newestFirst }: Omit<Filter, "limit">): readonly Entity[] {
  if (sort === undefined) return newestFirst === true ? rows.toReversed() : rows;
  const direction = newestFirst === true ? -1 : 1;
  const rank = (row: Entity): SortRank => ({ value: valueOf(table, row, sort.by) as number | null, id: row.id }); // a column of numbers
  const { after } = sort;
  return rows
    .filter((row) => after === undefined || compareRanks(rank(row), after, direction) > 0)
    .toSorted((left, right) => compareRanks(rank(left), rank(right), direction));
}

interface SortRank {
  readonly value: number | null;
  readonly id: string;
}

function compareRanks(left: SortRank, right: SortRank, direction: 1 | -1): number {
  if (left.value === right.value) return direction * (left.id < right.id ? -1 : left.id > right.id ? 1 : 0);
  if (left.value === null || right.value === null) return left.value === null ? 1 : -1;
  return direction * (left.value - right.value);
}

/** Visible rows in id order. `O(rows of the kind)`. */
function visibleRows(view: MemoryView, kind: EntityKind<Entity>): readonly Entity[] {
  const table = tableOf(view.record, kind);
  const own = view.own.get(kind.name);
  const sight = view.sight();
  const rows: Entity[] = [];
  for (const chain of table.order) {
    if (!inScope(view.scope, chain) || own?.has(chain.id) === true) continue;
    const version = versionAt(chain, sight);
    if (version !== undefined) rows.push(version.row);
  }
  if (own === undefined) return rows;
  const pending = [...own.values()].filter((candidate) => inScope(view.scope, candidate)).map((candidate) => candidate.row);
  return [...rows, ...pending].toSorted((left, right) => (left.id < right.id ? -1 : 1));
}

/** Whether another row names an id. */
function namedIn(view: MemoryView, { kind, field, anyOf, orIds }: NamedBy): (id: string) => boolean {
  const named = columnsOf(view, kind, [field]);
  const conditions = anyOf.map((where) => ({ wanted: Object.values(where), columns: columnsOf(view, kind, Object.keys(where)) }));
  const names = new Set<unknown>(orIds);
  for (const row of visibleRows(view, kind))
    if (conditions.some(({ wanted, columns }) => columns(row).every((value, at) => isWanted(value, wanted[at])))) names.add(named(row)[0]);
  return (id) => names.has(id);
}

/** All rows that match, in the filter's order, without its limit. */
export function matchingRows(view: MemoryView, kind: EntityKind<Entity>, filter: Omit<Filter, "limit">): readonly Entity[] {
  const { table } = tableOf(view.record, kind);
  checkFields(table, filter);
  const named = (filter.namedBy ?? []).map((namedBy) => namedIn(view, namedBy));
  const ordered = sorted(
    table,
    visibleRows(view, kind).filter((row) => matches(table, row, filter) && named.every((isNamed) => isNamed(row.id))),
    filter,
  );
  const { afterId } = filter;
  if (afterId === undefined) return ordered;
  return ordered.filter((row) => (filter.newestFirst === true ? row.id < afterId : row.id > afterId));
}

const storedEvent = (event: RecordedEvent): StoredEvent => ({
  cursor: event.cursor,
  projectId: event.projectId,
  subjectKind: event.subjectKind,
  subjectId: event.subjectId,
  number: event.number,
  kind: event.kind,
  actor: event.actor,
  cause: event.cause,
  atMs: event.atMs,
  recordedAtMs: event.recordedAtMs,
  data: event.data,
});

const isAfter = (event: RecordedEvent, cursor: string): boolean => {
  const [transaction = 0, sequence = 0] = cursor.split("-").map(Number);
  return event.transaction > transaction || (event.transaction === transaction && event.sequence > sequence);
};

const isOf = (event: RecordedEvent, requestId: string): boolean =>
  event.data["requestId"] === requestId || (event.subjectKind === "request" && event.subjectId === requestId);

type Narrowing = (event: RecordedEvent, filter: EventFilter) => boolean;

/** What a filter may ask of an event beside its place in the log; what is not asked holds. */
const narrowings: readonly Narrowing[] = [
  (event, { subjectId = event.subjectId }) => event.subjectId === subjectId,
  (event, { subjectKind = event.subjectKind }) => event.subjectKind === subjectKind,
  (event, { requestId }) => requestId === undefined || isOf(event, requestId),
  (event, { kinds }) => kinds === undefined || kinds.includes(event.kind),
  (event, { actor = event.actor }) => event.actor.kind === actor.kind && event.actor.id === actor.id,
  (event, { recordedFromMs = 0 }) => event.recordedAtMs >= recordedFromMs,
  (event, { recordedToMs }) => recordedToMs === undefined || event.recordedAtMs < recordedToMs,
];

function eventsOf(view: MemoryView, filter: EventFilter): readonly StoredEvent[] {
  checkLimit(filter.limit);
  const { afterCursor = "0-0", beforeCursor } = filter;
  const wanted = (event: RecordedEvent): boolean =>
    isAfter(event, afterCursor) &&
    (beforeCursor === undefined || (event.cursor !== beforeCursor && !isAfter(event, beforeCursor))) &&
    narrowings.every((holds) => holds(event, filter));
  const [sight, horizon] = [view.sight(), view.horizon()];
  const found: StoredEvent[] = [];
  for (const event of filter.newestFirst === true ? view.record.events.toReversed() : view.record.events) {
    if (found.length === filter.limit) break;
    if (event.transaction < horizon && isSeen(event, sight) && inScope(view.scope, event) && wanted(event)) found.push(storedEvent(event));
  }
  return found;
}

const projectOf = (view: MemoryView, kind: EntityKind<Entity>, id: string): string | null =>
  view.own.get(kind.name)?.get(id)?.projectId ?? chainOf(view, kind, id)?.projectId ?? null;

type LogReader = Pick<Reader, "measure" | "events" | "asOf" | "versions" | "changes" | "search" | "vectors">;

/** Reads what happened, not what is. */
function createLogReader(view: MemoryView, ready: () => Promise<void>): LogReader {
  return {
    async measure(measure) {
      await ready();
      const sight = view.sight();
      const visible = view.record.events.filter((event) => isSeen(event, sight) && inScope(view.scope, event));
      return measureOf(visible.toReversed().map(storedEvent), measure);
    },
    async events(filter) {
      await ready();
      return eventsOf(view, filter);
    },
    async asOf(kind, id, atMs) {
      await ready();
      const versions = chainOf(view, kind, id)?.versions ?? [];
      return versions.findLast((version) => version.recordedAtMs <= atMs && isSeen(version, view.sight()))?.row as never; // the table of a kind holds that kind's rows only
    },
    async versions(kind, id, filter) {
      await ready();
      checkLimit(filter.limit);
      return versionsOf(chainOf(view, kind, id), view.sight(), filter) as never; // as above
    },
    async changes(filter) {
      await ready();
      checkLimit(filter.limit);
      return changesOf({ record: view.record, sight: view.sight(), isInScope: (chain) => inScope(view.scope, chain) }, filter);
    },
    async search(search) {
      await ready();
      return searchIn(view, search);
    },
    vectors: vectorsIn(view, ready),
  };
}

/** Gives the values of columns of a row; its project counts as one. */
function columnsOf(view: MemoryView, kind: EntityKind<Entity>, fields: readonly string[]): (row: Entity) => readonly ColumnValue[] {
  const { table } = tableOf(view.record, kind);
  const isProject = (field: string): boolean => kind.scope === "project" && field === "projectId";
  checkFields(
    table,
    {},
    fields.filter((field) => !isProject(field)),
  );
  return (row) => fields.map((field) => (isProject(field) ? projectOf(view, kind, row.id) : valueOf(table, row, field)) as ColumnValue); // a column holds no more
}

/** Reads through a view. `ready` is awaited before each statement, so a scheduler can put other work in between. */
export function createMemoryReader(view: MemoryView, ready: () => Promise<void>): Reader {
  return {
    atMs: view.sight().atMs,
    async get(kind, id) {
      await ready();
      return rowOf(view, kind, id) as never; // the table of a kind holds that kind's rows only
    },
    async getMany(kind, ids) {
      await ready();
      const rows = [...new Set(ids)].toSorted().map((id) => rowOf(view, kind, id));
      return rows.filter((row) => row !== undefined) as never; // as above
    },
    async find(kind, filter) {
      await ready();
      checkLimit(filter.limit);
      return matchingRows(view, kind, filter).slice(0, filter.limit) as never; // as above
    },
    async pick(kind, fields, filter) {
      await ready();
      checkLimit(filter.limit);
      return matchingRows(view, kind, filter)
        .slice(0, filter.limit)
        .map(columnsOf(view, kind, fields));
    },
    async count(kind, filter) {
      await ready();
      return matchingRows(view, kind, filter).length;
    },
    async countBy(kind, field, filter) {
      await ready();
      const { table } = tableOf(view.record, kind);
      checkFields(table, {}, [field]);
      const counts = new Map<string, number>();
      for (const row of matchingRows(view, kind, filter)) {
        const value = valueOf(table, row, field);
        if (typeof value === "string") counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      return counts;
    },
    async tally(kind, fields, { withFirst = false, ...filter }) {
      await ready();
      return tallyRows(matchingRows(view, kind, filter), columnsOf(view, kind, fields), withFirst);
    },
    ...createLogReader(view, ready),
  };
}
