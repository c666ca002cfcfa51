import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import type { Actor } from "../../core/shared/actor.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json } from "../../core/shared/json.ts";
import type { StoredEvent } from "../../engine/ports/store.ts";
import { type EntityTable, entityTables } from "../../engine/ports/entity-tables.ts";
import type { VectorModel } from "../../engine/ports/vectors.ts";

/** A kept vector, with the place it has among all that were kept. */
export interface KeptVector {
  readonly of: VectorModel;
  readonly vector: Float32Array | null;
  readonly number: number;
}

/** One version of a row, with the commit that made it. */
export interface RowVersion {
  readonly commit: number;
  /** Place among everything this store ever wrote. */
  readonly sequence: number;
  readonly recordedAtMs: number;
  readonly row: Entity;
  readonly actor: Actor;
  readonly cause: string;
}

/** A row and all it ever was, oldest first. */
export interface RowChain {
  readonly kind: string;
  readonly organizationId: string;
  /** Null for organization rows. */
  readonly projectId: string | null;
  readonly id: string;
  readonly versions: RowVersion[];
}

export interface RecordedCommand {
  readonly organizationId: string;
  readonly projectId: string | null;
  readonly key: string;
  readonly kind: string;
  readonly bodySha256: string;
  readonly outcome: Json;
  readonly recordedAtMs: number;
}

export interface RecordedEvent extends StoredEvent {
  readonly organizationId: string;
  /** Number of the transaction that wrote it; events become visible when no older writer is open. */
  readonly transaction: number;
  readonly sequence: number;
  /** Written by this commit. */
  readonly commit: number;
}

/** One kind's rows. `order` is sorted by id, then by place of creation. */
export interface MemoryTable {
  readonly table: EntityTable;
  readonly byId: Map<string, RowChain[]>;
  readonly order: RowChain[];
}

/** Everything that is committed. */
export interface MemoryRecord {
  readonly tables: ReadonlyMap<string, MemoryTable>;
  readonly commands: Map<string, RecordedCommand>;
  /** Sorted by transaction and sequence. */
  readonly events: RecordedEvent[];
  readonly eventKeys: Set<string>;
  /** Ids of rows by their unique keys. */
  readonly unique: Map<string, string>;
  /** People whose personal fields are gone, by organization and id. */
  readonly erased: Set<string>;
  /** Vectors by the text they were made of. */
  readonly vectors: Map<string, KeptVector>;
  /** Last request number by project. */
  readonly numbers: Map<string, number>;
  /** The latest recorded time; recorded time never goes back, also when the wall clock does. */
  recordedAtMs: number;
  commits: number;
  transactions: number;
  sequences: number;
  /** Numbers of transactions that have written and not ended. */
  readonly openWriters: Set<number>;
}

export const createMemoryRecord = (): MemoryRecord => ({
  tables: new Map(entityTables.map((table) => [table.kind.name, { table, byId: new Map(), order: [] }])),
  commands: new Map(),
  events: [],
  eventKeys: new Set(),
  unique: new Map(),
  erased: new Set(),
  vectors: new Map(),
  numbers: new Map(),
  recordedAtMs: 0,
  commits: 0,
  transactions: 0,
  sequences: 0,
  openWriters: new Set(),
});

/** @throws {Failure} `store.unknown-kind` */
export function tableOf(record: MemoryRecord, kind: EntityKind<Entity>): MemoryTable {
  const table = record.tables.get(kind.name);
  if (table === undefined) throw new Failure("bug", "store.unknown-kind", { message: `No table holds rows of kind "${kind.name}".` });
  return table;
}

/** Adds a new chain in id order. Ids mostly grow, so the search starts at the end. */
export function addChain(table: MemoryTable, chain: RowChain): void {
  const known = table.byId.get(chain.id);
  if (known === undefined) table.byId.set(chain.id, [chain]);
  else known.push(chain);
  let place = table.order.length;
  while (place > 0 && (table.order[place - 1]?.id ?? "") > chain.id) place -= 1;
  table.order.splice(place, 0, chain);
}

/** Adds an event at its place; a slow transaction's events go before those of faster, younger ones. */
export function addEvent(record: MemoryRecord, event: RecordedEvent): void {
  const { events } = record;
  let place = events.length;
  while (place > 0) {
    const before = events[place - 1];
    if (before === undefined || before.transaction < event.transaction) break;
    if (before.transaction === event.transaction && before.sequence < event.sequence) break;
    place -= 1;
  }
  events.splice(place, 0, event);
  record.eventKeys.add(eventKey(event.organizationId, event.subjectId, event.number));
}

export const eventKey = (organizationId: string, subjectId: string, number: number): string =>
  `${organizationId}/${subjectId}/${String(number)}`;

/** Keys belong to a project, or to the organization where the command is not about a project. */
export const commandKey = (place: { readonly organizationId: string; readonly projectId: string | null }, key: string): string =>
  `${place.organizationId}/${place.projectId ?? ""}/${key}`;

/** Up to where a reader sees: a commit, and of what that commit has the part recorded by an instant; no instant: all. */
export interface Sight {
  readonly commit: number;
  readonly atMs: number | null;
}

export const isSeen = (written: { readonly commit: number; readonly recordedAtMs: number }, sight: Sight): boolean =>
  written.commit <= sight.commit && (sight.atMs === null || written.recordedAtMs <= sight.atMs);

/** The version that a reader sees. */
export function versionAt(chain: RowChain, sight: Sight): RowVersion | undefined {
  return chain.versions.findLast((version) => isSeen(version, sight));
}

/** What `recorded` made: frozen JSON, which may be kept in many places without another copy. */
const known = new WeakSet<object>();

/** What jsonb would give back: no `undefined`, nothing of the caller's own, frozen so that nobody can change the record by accident. */
export function recorded<Value>(value: Value): Value {
  return jsonOf(value) as Value; // JSON in, JSON out: the port's rows are JSON by type
}

function jsonOf(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : null;
  if (value === null || typeof value !== "object") return value;
  if (known.has(value)) return value;
  const copy = Array.isArray(value) ? value.map((part: unknown) => (part === undefined ? null : jsonOf(part))) : fieldsOf(value);
  known.add(copy);
  return Object.freeze(copy);
}

const fieldsOf = (value: object): object =>
  Object.fromEntries(Object.entries(value).flatMap(([key, part]: [string, unknown]) => (part === undefined ? [] : [[key, jsonOf(part)]])));
