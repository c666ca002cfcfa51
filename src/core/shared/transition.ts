import type { DecideContext } from "./decide-context.ts";
import type { Entity, EntityKind } from "./entity.ts";
import type { FailureKind } from "./failure.ts";
import type { JsonObject } from "./json.ts";

/** A fact that happened, numbered without gaps inside the stream of its subject. */
export interface EventDraft {
  readonly subjectKind: string;
  readonly subjectId: string;
  /** 1-based position in the subject's stream. */
  readonly number: number;
  /** `task.ready`, `plan.decided`, ...: the names of `docs/reference/events.md`. */
  readonly kind: string;
  readonly data: JsonObject;
}

/** One row written by a command. `before` absent: the row is new. */
export interface Change {
  readonly kind: EntityKind<Entity>;
  readonly before: Entity | undefined;
  readonly after: Entity;
}

/** The seven kinds of work that run as a short durable workflow. */
export type JobKind = "analyse" | "plan" | "attempt" | "review" | "integrate" | "notify" | "qualify";

/**
 * A durable piece of our own work; its id is `<kind>:<subjectId>:<epoch>`. The subject's row carries the epoch:
 * a report that names an older one is refused, so a job that was handed over cannot write any more.
 */
export interface JobStart {
  readonly kind: JobKind;
  /** The request (analyse, plan, integrate), attempt, review, notice (notify) or qualification (qualify) it works for. */
  readonly subjectId: string;
  /** 1 or more; a hand-over or a new start adds one. */
  readonly epoch: number;
}

/** Hand-overs of one job after which a person is told instead of trying for ever. */
export const maxHandOvers = 8;

/** Everything that one command changes, applied in one transaction or not at all. */
export interface Transition {
  /** What the caller is told, and told again for the same key. */
  readonly answer: JsonObject;
  readonly changes: readonly Change[];
  readonly events: readonly EventDraft[];
  readonly jobs: readonly JobStart[];
}

export interface Refusal {
  readonly kind: "refused";
  readonly failure: FailureKind;
  readonly code: string;
  readonly details: JsonObject;
}

/** `decide` answers with a transition or a refusal; it never throws for what a caller did. */
export type Decided = { readonly kind: "accepted"; readonly transition: Transition } | Refusal;

/** A refusal with a sentence for people: what, why, next step. */
export const refuse = (
  failure: FailureKind,
  code: string,
  ...[message, details = {}]: readonly [message: string, details?: JsonObject]
): Refusal => ({
  kind: "refused",
  failure,
  code,
  details: { message, ...details },
});

/** The sentence of a refusal. */
export const refusalMessage = ({ details }: Refusal): string => (typeof details["message"] === "string" ? details["message"] : "");

/** Collects the changes of one decision. Rows put twice keep their first `before` and their last `after`. */
export interface TransitionDraft {
  /** Writes a new row (version 1, no events yet) and returns it. */
  create<Row extends Entity>(kind: EntityKind<Row>, row: Omit<Row, "version" | "eventCount">): Row;
  /** Writes fields of a row and returns the row as it now is; several calls for one row make one version. */
  change<Row extends Entity>(kind: EntityKind<Row>, row: Row, fields: Partial<Omit<Row, keyof Entity>>): Row;
  /** The row as this draft has it so far, or the row itself when untouched. */
  current<Row extends Entity>(kind: EntityKind<Row>, row: Row): Row;
  /** Records a fact in the stream of a row that this draft has created or changed (or now changes). */
  record<Row extends Entity>(kind: EntityKind<Row>, row: Row, ...fact: readonly [event: string, data?: JsonObject]): Row;
  enqueue(job: JobStart): void;
  accept(answer: JsonObject): Decided;
}

/** One decision in the making: what it changes, and what it may know. */
export interface Step {
  readonly draft: TransitionDraft;
  readonly context: DecideContext;
}

/** Begins a decision. */
export const beginStep = (context: DecideContext): Step => ({ draft: beginTransition(), context });

/** Opens an empty draft. Local mutation only: the result is a value. */
export function beginTransition(): TransitionDraft {
  const rows = new Map<string, { kind: EntityKind<Entity>; before: Entity | undefined; after: Entity }>();
  const events: EventDraft[] = [];
  const jobs: JobStart[] = [];
  const keyOf = (kind: EntityKind<Entity>, id: string) => `${kind.name}:${id}`;
  const write = <Row extends Entity>(kind: EntityKind<Row>, row: Row, fields: object): Row => {
    const key = keyOf(kind, row.id);
    const known = rows.get(key);
    const base = known?.after ?? { ...row, version: row.version + 1 };
    const after = { ...base, ...fields } as Row; // `base` is this row: same kind, same id
    rows.set(key, { kind, before: known === undefined ? row : known.before, after });
    return after;
  };
  return {
    create(kind, row) {
      const after = { ...row, version: 1, eventCount: 0 } as never; // the omitted fields are exactly the two added here
      rows.set(keyOf(kind, row["id" as never] as string), { kind, before: undefined, after }); // every Entity has `id: string`
      return after;
    },
    change: (kind, row, fields) => write(kind, row, fields),
    current: (kind, row) => (rows.get(keyOf(kind, row.id))?.after ?? row) as typeof row, // keyed by kind, so the type is the row's
    record(kind, row, ...[event, data = {}]) {
      const number = (rows.get(keyOf(kind, row.id))?.after ?? row).eventCount + 1;
      events.push({ subjectKind: kind.name, subjectId: row.id, number, kind: event, data });
      return write(kind, row, { eventCount: number });
    },
    enqueue: (job) => void jobs.push(job),
    accept: (answer) => ({ kind: "accepted", transition: { answer, changes: [...rows.values()], events, jobs } }),
  };
}
