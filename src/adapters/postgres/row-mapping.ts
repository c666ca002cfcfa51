import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { entityTables } from "../../engine/ports/entity-tables.ts";
import type { ColumnType, EntityTable } from "../../engine/ports/entity-tables.ts";
import { identifier, joined, sql } from "./sql.ts";
import type { Fragment } from "./sql.ts";

/** A column of a state table and the field it holds. */
export interface Column {
  readonly field: string;
  readonly name: string;
  readonly type: ColumnType;
  /** Holds sealed texts: found by hash, never compared, ordered or counted by. */
  readonly isSealed?: boolean;
}

/** What the statements of one state table are made of; derived from `entityTables` and nothing else. */
export interface StateTable {
  readonly kindName: string;
  readonly scope: "project" | "organization";
  /** Qualified name. */
  readonly name: Fragment;
  /** `id`, `version`, `event_count`, then the queried fields. */
  readonly columns: readonly Column[];
  readonly byField: ReadonlyMap<string, Column>;
  /** Columns that the database computes: conditions and orders may name them, nothing reads or writes them. */
  readonly derived: ReadonlyMap<string, Column>;
  /** Columns that keep their first value for ever. */
  readonly fixed: readonly Column[];
  readonly described: EntityTable;
  /** Columns and body, in the order `toEntity` expects by name. */
  readonly selected: Fragment;
  /** Definition list for `jsonb_to_recordset`. */
  readonly recordset: Fragment;
  /** Position among all tables: parents come before the rows that refer to them. */
  readonly order: number;
}

const implied: readonly Column[] = [
  { field: "id", name: "id", type: "uuid" },
  { field: "version", name: "version", type: "integer" },
  { field: "eventCount", name: "event_count", type: "integer" },
];

/** Read with the row itself: whoever sees a row after its key was destroyed sees no key, in whatever process. */
const personalKey = ({ personal }: EntityTable): Fragment =>
  personal === undefined
    ? sql``
    : sql`, (select k.sealed from xvc_system.person_key k where k.person_id = t.${identifier(snakeCase(personal.of))} and k.organization_id = t.organization_id) as personal_key`;

export const snakeCase = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const tables: ReadonlyMap<string, StateTable> = new Map(
  entityTables.map((table, order) => {
    const isSealed = (field: string): boolean => Object.hasOwn(table.personal?.fields ?? {}, field);
    const queried = Object.entries(table.columns).map(([field, type]) => ({
      field,
      name: snakeCase(field),
      type,
      ...(isSealed(field) ? { isSealed: true } : {}),
    }));
    const columns = [...implied, ...queried];
    const definitions = columns.map(({ name, type }) => sql`${identifier(name)} ${identifier(type)}`);
    const stateTable: StateTable = {
      kindName: table.kind.name,
      scope: table.kind.scope,
      name: identifier(`xvc.${table.kind.name}`),
      columns,
      byField: new Map(columns.map((column) => [column.field, column])),
      derived: new Map(Object.entries(table.derived ?? {}).map(([field, { type }]) => [field, { field, name: snakeCase(field), type }])),
      fixed: queried.filter(({ field }) => table.fixed?.includes(field) === true),
      described: table,
      selected: sql`${joined(
        columns.map(({ name }) => sql`t.${identifier(name)}`),
        ", ",
      )}, t.body${personalKey(table)}`,
      recordset: sql`${joined(definitions, ", ")}, body jsonb, before integer`,
      order,
    };
    return [table.kind.name, stateTable];
  }),
);

export const stateTables: readonly StateTable[] = [...tables.values()];

/** @throws {Failure} `store.unknown-kind`: the kind has no table */
export function tableOf(kind: EntityKind<Entity>): StateTable {
  const table = tables.get(kind.name);
  if (table !== undefined) return table;
  throw new Failure("bug", "store.unknown-kind", {
    kind: kind.name,
    message: `Rows of kind "${kind.name}" cannot be stored: add the kind to entity-tables.ts and a migration with its table.`,
  });
}

/** Opens the personal fields in place. */
export type OpenPersonal = (fields: { [field: string]: unknown }, table: StateTable, key: string | null) => void;

/** A row as a query or the history gives it: columns in snake case and the body. */
export interface StoredRow {
  readonly [column: string]: unknown;
  readonly body: JsonObject;
}

/** Columns win over the body; both together are the entity. `open` opens what is personal with the sealed key that was read. */
export function toEntity<Row extends Entity>(table: StateTable, row: StoredRow, open: OpenPersonal): Row {
  const fields: { [field: string]: unknown } = { ...row.body };
  for (const { field, name } of table.columns) fields[field] = row[name] ?? null;
  const { personal_key: key } = row;
  open(fields, table, typeof key === "string" ? key : null);
  return fields as unknown as Row; // the row was written from this kind by `toRecord`
}

/** One element of the JSON list that a batch statement reads with `jsonb_to_recordset`. */
export function toRecord(table: StateTable, entity: Entity, before: number | null): JsonObject {
  const record: { [column: string]: unknown } = { before };
  const body: { [field: string]: unknown } = {};
  for (const [field, value] of Object.entries(entity)) {
    const column = table.byField.get(field);
    if (column === undefined) body[field] = value;
    else record[column.name] = value;
  }
  return { ...record, body } as JsonObject; // entities are JSON by contract
}

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Ids come from callers: what is no id in canonical form names nothing and never reaches a cast. */
export const isUuid = (text: string): boolean => uuidShape.test(text);
