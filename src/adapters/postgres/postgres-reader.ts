import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { ColumnValue, EventFilter, Filter, NamedBy, Reader } from "../../engine/ports/store.ts";
import { readEvents } from "./event-reader.ts";
import { type RecordSession, hashedFilter, holdsHashed, keyOfVersion } from "./personal-rows.ts";
import { checkLimit } from "./page-limit.ts";
import { isUuid, tableOf, toEntity } from "./row-mapping.ts";
import type { Column, StateTable, StoredRow } from "./row-mapping.ts";
import { type RowSource, presentRows, rowsAt } from "./row-source.ts";
import { identifier, joined, prepared, sql, statement } from "./sql.ts";
import type { Fragment, SqlValue } from "./sql.ts";
import { containing, holding, isText } from "./text-conditions.ts";
import { searchTexts } from "./text-search.ts";
import { measureEvents } from "./tallies.ts";
import { postgresVectors } from "./vector-search.ts";
import { readChanges, readVersions } from "./version-reader.ts";

export interface ReaderOptions {
  /** A command's lists are few and always the same, so it may keep their plans; a reader's are planned for their values. */
  readonly keep: boolean;
  /** Everything as recorded at this instant; null: as it is. */
  readonly atMs: number | null;
}

/** Reads through row security: which organization and projects exist is the session's context, not a condition here. */
export function postgresReader(session: RecordSession, { keep, atMs }: ReaderOptions = { keep: false, atMs: null }): Reader {
  const source = atMs === null ? presentRows : rowsAt(wholeMs(atMs));
  const until = (askedMs: number): number => wholeMs(atMs === null ? askedMs : Math.min(askedMs, atMs));
  const getMany = <Row extends Entity>(kind: EntityKind<Row>, ids: readonly string[]): Promise<readonly Row[]> =>
    rowsByIds<Row>(session, tableOf(kind), { ids, lock: sql``, source });
  const hashed = <Asked extends Pick<Filter, "where">>(kind: EntityKind<Entity>, filter: Asked): Asked =>
    hashedFilter(tableOf(kind), filter, session.sealing);
  return {
    atMs,
    getMany,
    get: async (kind, id) => (await getMany(kind, [id]))[0],
    find: (kind, filter) => findRows(session, tableOf(kind), { filter: hashed(kind, filter), lock: sql``, keep, source }),
    count: async (kind, filter) => {
      const table = tableOf(kind);
      const { rows } = await session.run(
        statement(sql`select count(*)::integer as found from ${source(table)} t where ${condition(table, hashed(kind, filter), source)}`),
      );
      return rows[0]?.["found"] as number; // an aggregate without grouping gives one row
    },
    pick: (kind, fields, filter) => pickRows(session, tableOf(kind), { fields, filter: hashed(kind, filter), source }),
    async countBy(kind, field, filter) {
      const table = tableOf(kind);
      const column = sql`t.${identifier(columnOf(table, field).name)}`;
      const { rows } = await session.run(
        statement(
          sql`select ${column} as value, count(*)::integer as found from ${source(table)} t where ${condition(table, hashed(kind, filter))} group by ${column}`,
        ),
      );
      return new Map(rows.flatMap(({ value, found }) => (typeof value === "string" ? [[value, found as number] as const] : []))); // a count is a number
    },
    async tally(kind, fields, { withFirst = false, ...filter }) {
      const table = tableOf(kind);
      const columns = fields.map((field) => columnIn(table, field));
      const present = columns.map((column) => sql` and ${column} is not null`);
      const { rows } = await session.run(
        statement(
          sql`select ${joined(
            columns.map((column, at) => sql`${column}::text as ${identifier(`v${String(at)}`)}`),
            ", ",
          )}, count(*)::integer as found${withFirst ? sql`, min(t.id::text collate "C") as first` : sql``} from ${source(table)} t where ${condition(table, hashed(kind, filter))}${joined(present, "")} group by ${joined(columns, ", ")}`,
        ),
      );
      return rows.map((row) => ({
        values: fields.map((_field, at) => row[`v${String(at)}`] as string), // as selected
        count: row["found"] as number, // as selected
        ...(withFirst ? { firstId: row["first"] as string } : {}), // as selected
      }));
    },
    measure: (measure) => measureEvents(session, measure, until(Number.MAX_SAFE_INTEGER)),
    events: (filter) => readEvents(session, atMs === null ? filter : upTo(filter, until(atMs))),
    asOf: (kind, id, askedMs) => rowAsOf(session, tableOf(kind), { id, atMs: until(askedMs) }),
    versions: (kind, id, filter) => readVersions(session, tableOf(kind), { id, filter, untilMs: until(Number.MAX_SAFE_INTEGER) }),
    changes: (filter) => readChanges(session, filter, until(Number.MAX_SAFE_INTEGER)),
    search: (search) => searchTexts(session, search, atMs === null ? null : wholeMs(atMs)),
    vectors: postgresVectors(session, atMs === null ? null : wholeMs(atMs)),
  };
}

const upTo = (filter: EventFilter, atMs: number): EventFilter => ({
  ...filter,
  recordedToMs: Math.min(filter.recordedToMs ?? Number.MAX_SAFE_INTEGER, atMs + 1),
});

/** Rows by id, in id order, hence locked in that order: two commands never hold rows crosswise. */
export async function rowsByIds<Row extends Entity>(
  session: RecordSession,
  table: StateTable,
  asked: { readonly ids: readonly string[]; readonly lock: Fragment; readonly source?: RowSource },
): Promise<readonly Row[]> {
  const ids = [...new Set(asked.ids)].filter(isUuid);
  if (ids.length === 0) return [];
  const [first] = ids;
  // One id as itself: a list's length is only known with its values, so the server would plan it anew each time.
  const chosen = ids.length === 1 && first !== undefined ? sql`t.id = ${first}::uuid` : sql`t.id = any(${ids}::uuid[]) order by t.id`;
  const { source = presentRows } = asked;
  const { rows } = await session.run(prepared(sql`select ${table.selected} from ${source(table)} t where ${chosen} ${asked.lock}`));
  return rows.map((row) => toEntity<Row>(table, row as StoredRow, session.open)); // selected: columns and body
}

/** @throws {Failure} `store.not-filterable`, `store.limit-invalid`, `store.cursor-invalid` */
export async function findRows<Row extends Entity>(
  session: RecordSession,
  table: StateTable,
  asked: { readonly filter: Filter; readonly lock: Fragment; readonly keep: boolean; readonly source?: RowSource },
): Promise<readonly Row[]> {
  const { filter, lock, keep, source = presentRows } = asked;
  const planned = keep ? prepared : statement;
  checkLimit(filter.limit);
  const { rows } = await session.run(
    planned(
      sql`select ${table.selected} from ${source(table)} t where ${condition(table, filter, source)} order by ${orderOf(table, filter)} limit ${filter.limit}::integer ${lock}`,
    ),
  );
  return rows.map((row) => toEntity<Row>(table, row as StoredRow, session.open)); // selected: columns and body
}

async function pickRows(
  session: RecordSession,
  table: StateTable,
  { fields, filter, source }: { readonly fields: readonly string[]; readonly filter: Filter; readonly source: RowSource },
): Promise<readonly (readonly ColumnValue[])[]> {
  checkLimit(filter.limit);
  const columns = fields.map((field, at) => sql`${columnIn(table, field)} as ${identifier(`v${String(at)}`)}`);
  const { rows } = await session.run(
    statement(
      sql`select ${joined(columns, ", ")} from ${source(table)} t where ${condition(table, filter, source)} order by ${orderOf(table, filter)} limit ${filter.limit}::integer`,
    ),
  );
  return rows.map((row) => fields.map((_field, at) => row[`v${String(at)}`] as ColumnValue)); // the types that columns have
}

/** What row security demands anyway, in the form that indexes serve. */
const scopeOf = (table: StateTable): Fragment =>
  table.scope === "organization"
    ? sql`t.organization_id = (select xvc.org())`
    : sql`t.organization_id = (select xvc.org()) and t.project_id = any((select xvc.project_ids())::uuid[])`;

function condition(table: StateTable, filter: Omit<Filter, "limit">, source: RowSource = presentRows): Fragment {
  const all = Object.entries(filter.where ?? {}).map(([field, wanted]) => matches(columnOf(table, field, "equal"), wanted));
  if (filter.dueBeforeMs !== undefined) {
    columnOf(table, "dueAtMs");
    all.push(sql`t.due_at_ms <= ${wholeMs(filter.dueBeforeMs)}::bigint`);
  }
  if (filter.contains !== undefined) all.push(containing(identifier(columnOf(table, filter.contains.field).name), filter.contains));
  if (filter.holds !== undefined) all.push(holding(filter.holds));
  all.push(...(filter.namedBy ?? []).map((namedBy) => named(namedBy, source)));
  if (filter.afterId !== undefined) all.push(afterId(filter.afterId, filter.newestFirst === true));
  if (filter.sort?.after !== undefined) all.push(afterRow(columnOf(table, filter.sort.by), filter.sort.after, filter.newestFirst === true));
  return joined([scopeOf(table), ...all], " and ");
}

/** Whether another row names this one: asked row by row of an index, or once for all rows, as the planner finds cheaper. */
function named({ kind, field, anyOf, orIds }: NamedBy, source: RowSource): Fragment {
  const table = tableOf(kind);
  const conditions = anyOf.map(
    (where) =>
      sql`(${joined(
        Object.entries(where).map(([name, wanted]) => matches(isProjectField(table, name) ? projectColumn : columnOf(table, name), wanted)),
        " and ",
      )})`,
  );
  const names = sql`t.${identifier(columnOf(table, field).name)}`;
  const naming = sql`select ${names} as named from ${source(table)} t where ${scopeOf(table)} and (${conditions.length === 0 ? sql`false` : joined(conditions, " or ")})`;
  return sql`(exists (select from (${naming}) o where o.named = t.id) or t.id = any(${orIds.filter(isUuid)}::uuid[]))`;
}

const projectColumn: Column = { field: "projectId", name: "project_id", type: "uuid" };

/** A sealed column can only be asked for equal values. */
function columnOf(table: StateTable, field: string, use: "equal" | "any" = "any"): Column {
  const column = table.byField.get(field) ?? table.derived.get(field);
  const isPlain = column?.isSealed !== true || use === "equal";
  if (column !== undefined && isPlain && field !== "version" && field !== "eventCount") return column;
  throw new Failure("bug", "store.not-filterable", {
    kind: table.kindName,
    field,
    message: `Rows of kind "${table.kindName}" cannot be filtered by "${field}": it is no column. Filter in memory, or add it to entity-tables.ts and a migration.`,
  });
}

const columnIn = (table: StateTable, field: string): Fragment =>
  isProjectField(table, field) ? sql`t.project_id` : sql`t.${identifier(columnOf(table, field).name)}`;

const isProjectField = (table: StateTable, field: string): boolean => table.scope === "project" && field === "projectId";

function orderOf(table: StateTable, { sort, newestFirst }: Filter): Fragment {
  const direction = newestFirst === true ? sql` desc` : sql``;
  if (sort === undefined) return sql`t.id${direction}`;
  return sql`t.${identifier(columnOf(table, sort.by).name)}${direction} nulls last, t.id${direction}`;
}

/** What comes after a row in the order of `orderOf`: rows without a value are last, among themselves by id. */
function afterRow({ name }: Column, last: { readonly value: number | null; readonly id: string }, newestFirst: boolean): Fragment {
  const column = sql`t.${identifier(name)}`;
  const further = afterId(last.id, newestFirst);
  if (last.value === null) return sql`(${column} is null and ${further})`;
  const value = sql`${wholeMs(last.value)}::bigint`;
  const beyond = newestFirst ? sql`${column} < ${value}` : sql`${column} > ${value}`;
  return sql`(${beyond} or (${column} = ${value} and ${further}) or ${column} is null)`;
}

function afterId(id: string, newestFirst: boolean): Fragment {
  if (!isUuid(id))
    throw new Failure("invalid", "store.cursor-invalid", {
      message: "The page cursor is not one that a page gave. Start from the first page.",
    });
  return newestFirst ? sql`t.id < ${id}::uuid` : sql`t.id > ${id}::uuid`;
}

type Wanted = NonNullable<Filter["where"]>[string];

/** A value that the column's type cannot hold equals nothing, instead of failing in a cast. */
function matches({ name, type, isSealed }: Column, wanted: Wanted): Fragment {
  const column = sql`t.${identifier(name)}`;
  const fits = fit[type];
  if (wanted === null) return sql`${column} is null`;
  if (isSealed === true) return holdsHashed(name, [wanted].flat().map(String));
  if (typeof wanted === "object") {
    const values: readonly string[] = wanted.filter((value) => fits(value));
    return values.length === 0 ? sql`false` : sql`${column} = any(${values}::${identifier(type)}[])`;
  }
  return fits(wanted) ? sql`${column} = ${wanted}::${identifier(boundAs[type])}` : sql`false`;
}

const isInteger = (value: SqlValue): boolean => Number.isSafeInteger(value);

const fit: { readonly [Type in Column["type"]]: (value: SqlValue) => boolean } = {
  uuid: (value) => typeof value === "string" && isUuid(value),
  text: isText,
  integer: isInteger,
  bigint: isInteger,
  boolean: (value) => typeof value === "boolean",
};

/** Wider than the column where a number may not fit; the comparison still uses its index. */
const boundAs: { readonly [Type in Column["type"]]: string } = {
  uuid: "uuid",
  text: "text",
  integer: "bigint",
  bigint: "bigint",
  boolean: "boolean",
};

function wholeMs(atMs: number): number {
  if (Number.isNaN(atMs)) return Number.MIN_SAFE_INTEGER;
  return Math.min(Math.max(Math.floor(atMs), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

async function rowAsOf<Row extends Entity>(
  session: RecordSession,
  table: StateTable,
  at: { readonly id: string; readonly atMs: number },
): Promise<Row | undefined> {
  if (!isUuid(at.id)) return undefined;
  const { rows } = await session.run(
    prepared(sql`
      select h.operation, h.row, ${keyOfVersion([table])} from xvc.history h
       where h.kind = ${table.kindName} and h.id = ${at.id}::uuid and h.recorded_at_ms <= ${wholeMs(at.atMs)}::bigint
       order by h.version desc limit 1`),
  );
  const [version] = rows;
  if (version === undefined || version["operation"] === "delete") return undefined;
  const stored = version["row"] as StoredRow; // history keeps the whole row as it was stored
  return toEntity<Row>(table, { ...stored, personal_key: version["personal_key"] }, session.open);
}
