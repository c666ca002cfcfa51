import type { ClientBase } from "pg";
import { Failure } from "../../core/shared/failure.ts";
import type { Json } from "../../core/shared/json.ts";
import type { JobStart } from "../../core/shared/transition.ts";
import type { CrashProbe } from "../../engine/ports/crash-point.ts";
import type { CommandPlace, Transaction, WriteContext } from "../../engine/ports/store.ts";
import { type RecordSession, hashedFilter, indexStatement, keysFor } from "./personal-rows.ts";
import { findRows, postgresReader, rowsByIds } from "./postgres-reader.ts";
import { tableOf } from "./row-mapping.ts";
import type { Session } from "./session.ts";
import { prepared, sql } from "./sql.ts";
import { changeStatements, commandStatement, eventStatement, runBatch } from "./write-batch.ts";
import type { BatchStatement, TakenCommand } from "./write-batch.ts";

/** Where jobs belong; travels with their ids. */
export interface JobPlace {
  readonly organizationId: string;
  readonly projectId: string;
}

/**
 * The durable engine's enqueue on an open transaction's connection. Resolves when every statement of it was answered,
 * also when one failed: a COMMIT sent between them would leave a job that nobody can run.
 */
export type EnqueueInTransaction = (client: ClientBase, place: JobPlace, jobs: readonly JobStart[]) => Promise<void>;

export interface TransactionParts {
  readonly session: RecordSession;
  readonly context: WriteContext;
  readonly enqueue: EnqueueInTransaction;
  readonly crash: CrashProbe;
  /** Called when events were written, before the commit. */
  readonly onEvents: () => void;
}

export function postgresTransaction(parts: TransactionParts): Transaction {
  const { session, context } = parts;
  let taken: TakenCommand | null = null;
  return {
    ...postgresReader(session, { keep: true, atMs: null }),
    async takeCommand(key, kind, bodySha256) {
      const place = await placeOf(session, context, key);
      if (place.kind === "new") taken = { key, kind, bodySha256 };
      return place;
    },
    lock: (kind, ids) => rowsByIds(session, tableOf(kind), { ids, lock: sql`for update` }),
    share: (kind, ids) => rowsByIds(session, tableOf(kind), { ids, lock: sql`for share` }),
    lockFree: (kind, filter) =>
      findRows(session, tableOf(kind), {
        filter: hashedFilter(tableOf(kind), filter, session.sealing),
        lock: sql`for update skip locked`,
        keep: true,
      }),
    async nextNumber() {
      const { rows } = await session.run(prepared(sql`select xvc.next_request_number(${requireProject(context)}::uuid) as number`));
      return rows[0]?.["number"] as number; // a scalar function gives one row
    },
    write: (...[outcome, changes, events, jobs]) => write(parts, { taken, outcome, changes, events, jobs }),
  };
}

interface Written {
  readonly taken: TakenCommand | null;
  readonly outcome: Json;
  readonly changes: Parameters<Transaction["write"]>[1];
  readonly events: Parameters<Transaction["write"]>[2];
  readonly jobs: Parameters<Transaction["write"]>[3];
}

/**
 * Everybody with this key queues at the lock until the one before has committed, then sees its answer. The row itself
 * is inserted with the outcome, so a command costs one write and the log is never updated.
 */
async function placeOf(session: Session, context: WriteContext, key: string): Promise<CommandPlace> {
  const lockName = JSON.stringify([context.organizationId, context.projectId, key]);
  const [, { rows }] = await Promise.all([
    session.run(prepared(sql`select pg_advisory_xact_lock(hashtextextended(${lockName}, 0))`)),
    session.run(
      prepared(sql`
      select c.body_sha256, c.outcome from xvc.command c
       where c.key = ${key} and c.project_id is not distinct from ${context.projectId}::uuid`),
    ),
  ]);
  const [known] = rows;
  if (known === undefined) return { kind: "new" };
  return { kind: "done", bodySha256: known["body_sha256"] as string, outcome: known["outcome"] as Json }; // as selected
}

/** Sends everything at once, then waits for all of it: the caller's COMMIT may only follow answers. */
async function write(parts: TransactionParts, written: Written): Promise<string | null> {
  const { session, context, crash } = parts;
  const send = (batch: BatchStatement) => session.join(runBatch(session, batch));
  const sealing = { ...session.sealing, keys: await keysFor(session, written.changes) };
  const indexed = indexStatement(sealing, written.changes);
  const changed = changeStatements(context, written.changes, sealing).map(send);
  if (indexed !== undefined) changed.push(session.run(indexed).then(({ rows }) => rows));
  const facts = written.events.length === 0 ? [] : [send(eventStatement(context, written.events))];
  const logged = written.taken === null ? [] : [send(commandStatement(context, written.taken, written.outcome))];
  const sent: Promise<unknown>[] = [...changed, ...facts, ...logged];
  if (written.jobs.length > 0) {
    const place = { organizationId: context.organizationId, projectId: requireProject(context) };
    crash("enqueue.before");
    sent.push(session.join(parts.enqueue(session.client, place, written.jobs)));
  }
  await firstFailure(sent);
  if (written.jobs.length > 0) crash("enqueue.after");
  if (written.events.length === 0) return null;
  parts.onEvents();
  const last = (await facts[0])?.at(-1)?.["cursor"];
  return typeof last === "string" ? last : null;
}

/** Waits for all, then throws the failure that the server met first: statements are answered in the order sent. */
async function firstFailure(sent: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(sent)) {
    if (result.status === "rejected") throw result.reason;
  }
}

function requireProject({ projectId }: WriteContext): string {
  if (projectId !== null) return projectId;
  throw new Failure("bug", "store.outside-scope", {
    message: "A job or request number was asked for by a command without a project. Give the command its project.",
  });
}
