/**
 * The world as rows: what a database or a simulation's dump holds, in one format. Nothing here comes from the program that is checked.
 */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type Fields = { readonly [field: string]: Json };

/** A row of a state table. `fields` are all others, by their camelCase names. */
export interface StateRow {
  readonly organizationId: string;
  /** Null: a row of the organization. */
  readonly projectId: string | null;
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly eventCount: number;
  readonly fields: Fields;
}

/** One version that a row ever had. */
export interface HistoryRow extends StateRow {
  readonly operation: "insert" | "update" | "delete";
  readonly recordedAtMs: number;
  readonly actorKind: string;
  readonly actorId: string;
  readonly cause: string;
}

/** In the order of the log: by transaction, then by position. */
export interface EventRow {
  readonly organizationId: string;
  readonly projectId: string | null;
  readonly transaction: string;
  readonly position: number;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly number: number;
  readonly kind: string;
  readonly actorKind: string;
  readonly actorId: string;
  readonly cause: string;
  readonly atMs: number;
  readonly recordedAtMs: number;
  readonly data: Fields;
}

export interface CommandRow {
  readonly organizationId: string;
  readonly projectId: string | null;
  readonly key: string;
  readonly kind: string;
  readonly bodySha256: string;
  /** `{ kind: "accepted", answer }` or `{ kind: "refused", failure, code, details }`. */
  readonly outcome: Fields;
  readonly recordedAtMs: number;
}

/** A job as the durable engine has it. */
export interface EngineRow {
  /** `<kind>:<subjectId>:<epoch>`. */
  readonly id: string;
  readonly status: "queued" | "running" | "done" | "failed" | "cancelled";
  readonly executorId: string | null;
}

export interface World {
  readonly format: "xvc.world/1";
  readonly readAtMs: number;
  /** True: all faults are over and nothing moves any more, so what is not finished must wait for a named person or a clock. */
  readonly settled: boolean;
  readonly rows: readonly StateRow[];
  readonly history: readonly HistoryRow[];
  readonly events: readonly EventRow[];
  readonly commands: readonly CommandRow[];
  /** Null: the engine's tables could not be read; what needs them is not checked. */
  readonly engine: readonly EngineRow[] | null;
}

/** What the receiver of a tool's calls wrote down itself. */
export interface ReceiverEntry {
  readonly tool: string;
  readonly deliveryClass: "pure" | "keyed" | "queryable" | "once";
  readonly effectKey: string;
  /** `applied`: it acted. `repeat`: it recognised the key and did not act again. `refused`: it said no. */
  readonly outcome: "applied" | "repeat" | "refused";
}

/** What a client saw of one command. */
export interface ClientEntry {
  readonly client: string;
  readonly organizationId: string;
  readonly projectId: string | null;
  readonly key: string;
  /** `unknown`: no answer came. */
  readonly outcome: "ok" | "refused" | "unknown";
  /** The answer that came with `ok`. */
  readonly answer: Fields | null;
}

export type Invariant = "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7" | "I8" | "I9" | "I10" | "I11" | "I12" | "I13" | "I14";

export interface Finding {
  readonly invariant: Invariant;
  readonly message: string;
  /** `<kind>/<id>@<version>`, `event/<subject>#<number>`, `command/<key>`: at most 20. */
  readonly rows: readonly string[];
  /** The shortest run of the subject's events, from its first, that shows it; at most 50. */
  readonly prefix: readonly EventRow[];
}
