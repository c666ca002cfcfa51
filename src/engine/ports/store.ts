import type { Actor } from "../../core/shared/actor.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import type { OrganizationId, ProjectId } from "../../core/shared/ids.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { Change, EventDraft, JobStart } from "../../core/shared/transition.ts";
import type { TextFound, TextSearch } from "./search.ts";
import type { EventGroup, EventMeasure, Tally } from "./tally.ts";
import type { MadeVector, VectorModel, VectorReader } from "./vectors.ts";
import type { ChangeFilter, StoredChange, StoredVersion, VersionFilter } from "./versions.ts";

/** Whose data a transaction may touch; the database enforces it below every query. */
export interface Scope {
  readonly organizationId: OrganizationId;
  /** Project rows outside this list do not exist for the transaction. */
  readonly projectIds: readonly ProjectId[];
}

/** Who writes, and which command is the cause; written into history and events by the database. */
export interface WriteContext extends Scope {
  /** The project that new rows and events belong to; null for organization commands. */
  readonly projectId: ProjectId | null;
  readonly actor: Actor;
  /** The command's idempotency key. */
  readonly cause: string;
  /** Time shown to people: the project's clock (wall clock in a real project). */
  readonly atMs: number;
}

/** What columns have to equal; a list: one of these. */
export interface Where {
  readonly [field: string]: string | number | boolean | null | readonly string[];
}

/** Rows whose id stands in `field` of a row of `kind` for which one of the conditions holds, and the rows with one of `orIds`. */
export interface NamedBy {
  readonly kind: EntityKind<Entity>;
  readonly field: string;
  /** None: only `orIds`. Here `projectId` counts as a field of a project's row. */
  readonly anyOf: readonly Where[];
  readonly orIds: readonly string[];
}

/** Equality on fields that are columns or derived (see `entityTables`), newest id last unless `newestFirst`. */
export interface Filter {
  readonly where?: Where;
  /** Rows that for each of these a row of another kind names, or that are listed there. */
  readonly namedBy?: readonly NamedBy[];
  readonly dueBeforeMs?: number;
  /** Rows whose text column holds this text, in any case. No index serves it: it costs `O(rows that match the rest)`. */
  readonly contains?: {
    readonly field: string;
    readonly text: string;
    /** A JSON field of the body: rows with the text anywhere inside of it, as a value, count as well. */
    readonly leavesOf?: string;
  };
  /**
   * Rows whose JSON field of the body holds this part: objects by the fields that are named, lists by the members that are, all
   * else by equality. No index serves it either.
   */
  readonly holds?: { readonly field: string; readonly part: Json };
  /** Cursor: the id of the last row of the page before. Not together with `sort`. */
  readonly afterId?: string;
  /** Order by a column of numbers instead of the id, ties by id, rows without a number last; `newestFirst` turns it round. */
  readonly sort?: {
    readonly by: string;
    /** Cursor: what the last row of the page before had. */
    readonly after?: { readonly value: number | null; readonly id: string };
  };
  readonly newestFirst?: boolean;
  /** 1 to 10,000. */
  readonly limit: number;
}

/** One stored fact, as the event table and the live stream give it. */
export interface StoredEvent {
  /** Resumable position: `<transaction>-<sequence>`, ordered as `compareCursor` says. */
  readonly cursor: string;
  readonly projectId: ProjectId | null;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly number: number;
  readonly kind: string;
  readonly actor: Actor;
  readonly cause: string;
  readonly atMs: number;
  readonly recordedAtMs: number;
  readonly data: JsonObject;
}

export interface EventFilter {
  readonly subjectId?: string;
  /** Events whose `data.requestId` is this request (indexed), or that are of the request itself. */
  readonly requestId?: string;
  readonly subjectKind?: string;
  /** One of these kinds. */
  readonly kinds?: readonly string[];
  readonly actor?: Actor;
  /** Recorded in `[recordedFromMs, recordedToMs)`. */
  readonly recordedFromMs?: number;
  readonly recordedToMs?: number;
  readonly afterCursor?: string;
  /** Facts before this one; together with `newestFirst` the next page of the past. */
  readonly beforeCursor?: string;
  /** The last facts first; `limit: 1` is the head of the log. Not together with `afterCursor`. */
  readonly newestFirst?: boolean;
  /** 1 to 10,000. */
  readonly limit: number;
}

/** What a column holds. */
export type ColumnValue = string | number | boolean | null;

export interface Reader {
  /** The recorded instant everything is read as of; null: as it is now. */
  readonly atMs: number | null;
  get<Row extends Entity>(kind: EntityKind<Row>, id: string): Promise<Row | undefined>;
  getMany<Row extends Entity>(kind: EntityKind<Row>, ids: readonly string[]): Promise<readonly Row[]>;
  /** @throws {Failure} `store.not-filterable` for a field that is no column */
  find<Row extends Entity>(kind: EntityKind<Row>, filter: Filter): Promise<readonly Row[]>;
  /** Only these columns of the rows that `find` would give, in its order: for many rows of which little is needed. @throws {Failure} as `find` */
  pick<Row extends Entity>(kind: EntityKind<Row>, fields: readonly string[], filter: Filter): Promise<readonly (readonly ColumnValue[])[]>;
  count<Row extends Entity>(kind: EntityKind<Row>, filter: Omit<Filter, "limit">): Promise<number>;
  /** How many rows have each value of a text column; a value without rows is absent. */
  countBy<Row extends Entity>(
    kind: EntityKind<Row>,
    field: string,
    filter: Pick<Filter, "where" | "contains">,
  ): Promise<ReadonlyMap<string, number>>;
  /** Rows by several texts at once; `projectId` counts as one. Rows without one of them are left out. @throws {Failure} `store.not-filterable` */
  tally<Row extends Entity>(
    kind: EntityKind<Row>,
    fields: readonly string[],
    filter: Pick<Filter, "where"> & { readonly withFirst?: boolean },
  ): Promise<readonly Tally[]>;
  /** Numbers over events, counted where they are. */
  measure(measure: EventMeasure): Promise<readonly EventGroup[]>;
  /** Only events that no older open transaction can still precede, so a cursor never skips one. */
  events(filter: EventFilter): Promise<readonly StoredEvent[]>;
  /** The row as it was at a recorded instant; undefined before its creation. */
  asOf<Row extends Entity>(kind: EntityKind<Row>, id: string, atMs: number): Promise<Row | undefined>;
  /** What one row was, the newest version first. */
  versions<Row extends Entity>(kind: EntityKind<Row>, id: string, filter: VersionFilter): Promise<readonly StoredVersion<Row>[]>;
  /** Every version ever written, each once, in the order of commits as events are; the same promise about cursors. */
  changes(filter: ChangeFilter): Promise<readonly StoredChange[]>;
  /** Rows by the words of their texts, the fittest first; what a command wrote before it commits is found by itself alone. @throws {Failure} `store.limit-invalid` */
  search(search: TextSearch): Promise<TextFound>;
  /** The same texts by what a model made of them. */
  readonly vectors: VectorReader;
}

/** A recorded instant to read at; made by `Store.moment`. */
export interface Moment {
  readonly atMs: number;
}

/** The command's place in the log: new, or done before with this answer. */
export type CommandPlace = { readonly kind: "new" } | { readonly kind: "done"; readonly bodySha256: string; readonly outcome: Json };

/**
 * One open transaction. Rows are locked in id order per kind; kinds are locked in the order asked, also by calls that do
 * not wait for the answer before: what needs no answer to be asked should not wait for one.
 */
export interface Transaction extends Reader {
  /** Inserts the command under its key, or finds the answer it got before. First call of every command. */
  takeCommand(key: string, kind: string, bodySha256: string): Promise<CommandPlace>;
  /** Reads rows for update, sorted by id. Missing ids are left out. */
  lock<Row extends Entity>(kind: EntityKind<Row>, ids: readonly string[]): Promise<readonly Row[]>;
  /** Reads rows so that nobody changes them before this commits; many may hold them so at once. Sorted by id. */
  share<Row extends Entity>(kind: EntityKind<Row>, ids: readonly string[]): Promise<readonly Row[]>;
  /** The next request number of the context's project: unique and growing, with gaps after a rollback or crash; takes no lock. */
  nextNumber(): Promise<number>;
  /** Locks rows that nobody else holds, skipping the others; for sweepers. */
  lockFree<Row extends Entity>(kind: EntityKind<Row>, filter: Filter): Promise<readonly Row[]>;
  /**
   * Writes rows (each must still be at `before.version`), events and the command's outcome; enqueues jobs.
   *
   * @returns the position of the last event written, as `StoredEvent.cursor` will give it; null: none was
   */
  write(outcome: Json, changes: readonly Change[], events: readonly EventDraft[], jobs: readonly JobStart[]): Promise<string | null>;
}

/**
 * The record of everything. Postgres in production; the in-process twin passes the same conformance suite.
 */
export interface Store {
  /**
   * Runs `work` in one transaction and commits before it resolves.
   *
   * @throws {Failure} `store.serialization` (conflict; decide again), `store.commit-unknown` (unavailable; ask by key), `store.version-conflict`
   */
  transact<Result>(context: WriteContext, work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** Reads at one snapshot; with a moment, everything as the record had it then. */
  read<Result>(scope: Scope, work: (reader: Reader) => Promise<Result>, moment?: Moment): Promise<Result>;
  /** The instant asked for, or the latest whose record is complete if that is earlier: nobody can still add to what lies at or before it. */
  moment(askedMs: number): Promise<Moment>;
  /**
   * Keeps what a model made of texts of the scope, in place of what there was; texts that are gone meanwhile, and those of others, are
   * passed by. At most `vectorCaps.atOnce`.
   *
   * @returns how many are kept
   */
  keepVectors(scope: Scope, of: VectorModel, made: readonly MadeVector[]): Promise<number>;
  /** The store's own clock, epoch milliseconds. */
  nowMs(): Promise<number>;
  /** Calls back soon after new events are visible (a hint, never a source); returns the way to stop. */
  onEvents(notify: () => void): () => void;
}
