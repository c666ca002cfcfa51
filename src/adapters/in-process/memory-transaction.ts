import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json } from "../../core/shared/json.ts";
import type { Change, EventDraft, JobStart } from "../../core/shared/transition.ts";
import type { JobRun } from "../../engine/ports/durable.ts";
import type { CommandPlace, Filter, Transaction, WriteContext } from "../../engine/ports/store.ts";
import { checkFixed } from "../../engine/ports/entity-tables.ts";
import type { LockMode, MemoryLocks } from "./memory-locks.ts";
import { chainOf, checkLimit, createMemoryReader, matchingRows, rowOf } from "./memory-reader.ts";
import { inScope, type MemoryView, type PendingRow } from "./memory-view.ts";
import { erasePersonal, isPerson, readable } from "./memory-erasure.ts";
import { addVersion } from "./memory-purge.ts";
import {
  addEvent,
  commandKey,
  eventKey,
  type MemoryRecord,
  type RecordedCommand,
  type RecordedEvent,
  recorded,
  tableOf,
} from "./memory-record.ts";
import { oneByOne } from "./one-by-one.ts";
import { duplicateRow, uniqueKey } from "./memory-unique.ts";

/** A transaction while it runs. */
export interface OpenTransaction {
  readonly transaction: Transaction;
  /** Makes everything visible at once. Synchronous: nothing can come in between. @throws {Failure} `store.version-conflict` */
  commit(): readonly JobRun[];
  /** Lets go of locks; what was not committed is gone. */
  end(): void;
}

export interface TransactionParts {
  readonly record: MemoryRecord;
  readonly locks: MemoryLocks;
  readonly context: WriteContext;
  readonly nowMs: () => number;
  readonly ready: () => Promise<void>;
}

interface Pending {
  readonly rows: Map<string, Map<string, PendingRow>>;
  readonly events: RecordedEvent[];
  readonly jobs: JobRun[];
  readonly unique: Map<string, string>;
  taken: { readonly key: string; readonly kind: string; readonly bodySha256: string } | undefined;
  outcome: Json | undefined;
}

const versionConflict = (what: string): Failure =>
  new Failure("conflict", "store.version-conflict", { message: `${what} Read it again and decide on what it is now.` });

const lockOf = (context: WriteContext, kind: string, id: string): string => `${context.organizationId}/${kind}/${id}`;

/** Where a new row of this kind belongs. @throws {Failure} `store.outside-scope` */
function placeOf(context: WriteContext, change: Change): { readonly organizationId: string; readonly projectId: string | null } {
  const projectId = change.kind.scope === "organization" ? null : context.projectId;
  const place = { organizationId: context.organizationId, projectId };
  if ((change.kind.scope === "organization" || projectId !== null) && inScope(context, place)) return place;
  throw new Failure("bug", "store.outside-scope", {
    message: `A row of kind "${change.kind.name}" was written outside the transaction's scope.`,
  });
}

/** @throws {Failure} `store.version-conflict` when the row is not what the command decided on */
function checkVersion(current: Entity | undefined, change: Change): void {
  const { before, after, kind } = change;
  if (current?.version === before?.version) return;
  const stands = current === undefined ? "does not exist" : `is at version ${String(current.version)}`;
  throw versionConflict(`The ${kind.name} ${after.id} ${stands}, not ${before === undefined ? "new" : `at ${String(before.version)}`}.`);
}

function stage(work: Work, change: Change): void {
  const { view, pending } = work;
  const { kind, after } = change;
  checkVersion(rowOf(view, kind, after.id), change);
  checkFixed(tableOf(work.record, kind).table, change);
  const known = pending.rows.get(kind.name)?.get(after.id) ?? chainOf(view, kind, after.id);
  const place = known ?? placeOf(work.context, change);
  const rows = pending.rows.get(kind.name) ?? new Map<string, PendingRow>();
  rows.set(after.id, { kind: kind.name, organizationId: place.organizationId, projectId: place.projectId, row: recorded(after) });
  pending.rows.set(kind.name, rows);
}

function stageEvent(work: Work, draft: EventDraft): void {
  const { context, record, pending, number } = work;
  const key = eventKey(context.organizationId, draft.subjectId, draft.number);
  const twice = pending.events.some((event) => eventKey(event.organizationId, event.subjectId, event.number) === key);
  if (twice || record.eventKeys.has(key))
    throw versionConflict(`The stream of ${draft.subjectKind} ${draft.subjectId} has an event ${String(draft.number)}.`);
  record.sequences += 1;
  const sequence = record.sequences;
  pending.events.push({
    ...recorded(draft),
    cursor: `${String(number)}-${String(sequence)}`,
    organizationId: context.organizationId,
    projectId: context.projectId,
    actor: context.actor,
    cause: context.cause,
    atMs: context.atMs,
    recordedAtMs: work.nowMs(),
    transaction: number,
    sequence,
    commit: 0,
  });
}

function applyRows(parts: TransactionParts, pending: Pending, commit: number): void {
  const { context, record } = parts;
  for (const row of [...pending.rows.values()].flatMap((rows) => [...rows.values()])) {
    const table = [...record.tables.values()].find((candidate) => candidate.table.kind.name === row.kind);
    if (table === undefined) continue;
    const same = table.byId
      .get(row.row.id)
      ?.find((chain) => chain.organizationId === row.organizationId && chain.projectId === row.projectId);
    const chain = same ?? { kind: row.kind, organizationId: row.organizationId, projectId: row.projectId, id: row.row.id, versions: [] };
    record.sequences += 1;
    addVersion(table, chain, {
      commit,
      sequence: record.sequences,
      recordedAtMs: parts.nowMs(),
      row: readable(record, row.organizationId, { table: table.table, row: row.row }),
      actor: context.actor,
      cause: context.cause,
    });
    if (isPerson(row.kind)) erasePersonal(record, row.organizationId, row.row);
  }
}

function apply(parts: TransactionParts, pending: Pending): readonly JobRun[] {
  const { context, record } = parts;
  const { taken, outcome } = pending;
  if (pending.events.some((event) => record.eventKeys.has(eventKey(event.organizationId, event.subjectId, event.number)))) {
    throw versionConflict("Another command recorded the same event number first.");
  }
  record.commits += 1;
  applyRows(parts, pending, record.commits);
  for (const [key, id] of pending.unique) record.unique.set(key, id);
  for (const event of pending.events) addEvent(record, { ...event, recordedAtMs: parts.nowMs(), commit: record.commits });
  if (taken !== undefined && outcome !== undefined) {
    const command: RecordedCommand = {
      organizationId: context.organizationId,
      projectId: context.projectId,
      ...taken,
      outcome,
      recordedAtMs: parts.nowMs(),
    };
    record.commands.set(commandKey(context, taken.key), command);
  }
  return pending.jobs;
}

/** An open transaction's parts with what only it knows. */
interface Work extends TransactionParts {
  readonly number: number;
  readonly pending: Pending;
  readonly view: MemoryView;
  readonly hasEnded: () => boolean;
}

/** A statement sent beside one that failed comes after the rollback; what it locked nobody would ever let go of. */
async function acquire(work: Work, key: string, mode: LockMode): Promise<void> {
  if (work.hasEnded()) throw new Failure("unavailable", "store.unavailable", { message: "The transaction has ended. Try again." });
  await work.locks.acquire(work.number, key, mode);
}

async function acquireRows(work: Work, kind: string, asked: { readonly ids: readonly string[]; readonly mode: LockMode }): Promise<void> {
  if (!work.hasEnded()) work.record.openWriters.add(work.number);
  for (const id of asked.ids) await acquire(work, lockOf(work.context, kind, id), asked.mode);
}

async function readLocked(
  work: Work,
  kind: EntityKind<Entity>,
  asked: { readonly ids: readonly string[]; readonly mode: LockMode },
): Promise<readonly Entity[]> {
  await work.ready();
  const ids = [...new Set(asked.ids)].toSorted().filter((id) => rowOf(work.view, kind, id) !== undefined);
  await acquireRows(work, kind.name, { ids, mode: asked.mode });
  return ids.map((id) => rowOf(work.view, kind, id)).filter((row) => row !== undefined);
}

async function readFree(work: Work, kind: EntityKind<Entity>, filter: Filter): Promise<readonly Entity[]> {
  await work.ready();
  checkLimit(filter.limit);
  work.record.openWriters.add(work.number);
  const free: Entity[] = [];
  for (const row of matchingRows(work.view, kind, filter)) {
    if (free.length === filter.limit) break;
    if (work.locks.tryAcquire(work.number, lockOf(work.context, kind.name, row.id))) free.push(row);
  }
  return free;
}

async function take(
  work: Work,
  command: { readonly key: string; readonly kind: string; readonly bodySha256: string },
): Promise<CommandPlace> {
  const { context, record } = work;
  await work.ready();
  record.openWriters.add(work.number);
  await acquire(work, `command/${commandKey(context, command.key)}`, "own");
  const known = record.commands.get(commandKey(context, command.key));
  if (known !== undefined) return { kind: "done", bodySha256: known.bodySha256, outcome: known.outcome };
  work.pending.taken = command;
  return { kind: "new" };
}

/** Waits for whoever writes the same unique key, as an index does. @throws {Failure} `store.duplicate` */
async function claimUnique(work: Work, change: Change): Promise<void> {
  const { record, context } = work;
  const place = { organizationId: context.organizationId, projectId: change.kind.scope === "organization" ? null : context.projectId };
  const key = uniqueKey(change.kind.name, place, change.after);
  if (key === undefined || (change.before !== undefined && uniqueKey(change.kind.name, place, change.before) === key)) return;
  await acquire(work, `unique/${key}`, "own");
  const holder = work.pending.unique.get(key) ?? record.unique.get(key);
  if (holder !== undefined && holder !== change.after.id) throw duplicateRow(change.kind.name);
  work.pending.unique.set(key, change.after.id);
}

async function writeAll(work: Work, ...[outcome, changes, events, jobs]: Parameters<Transaction["write"]>): Promise<string | null> {
  const { pending } = work;
  await work.ready();
  for (const change of changes) {
    tableOf(work.record, change.kind);
    await acquireRows(work, change.kind.name, { ids: [change.after.id], mode: "own" });
    stage(work, change);
    await claimUnique(work, change);
  }
  work.record.openWriters.add(work.number);
  for (const draft of events) stageEvent(work, draft);
  pending.jobs.push(...jobs.map((job) => jobRun(work.context, job)));
  pending.outcome = recorded(outcome);
  return events.length === 0 ? null : (pending.events.at(-1)?.cursor ?? null);
}

/** Opens a transaction: statements see what is committed when they run plus its own writes; rows it locks or writes are its own until it ends. */
export function openTransaction(parts: TransactionParts): OpenTransaction {
  const { record, locks, context, ready } = parts;
  record.transactions += 1;
  const number = record.transactions;
  const pending: Pending = { rows: new Map(), events: [], jobs: [], unique: new Map(), taken: undefined, outcome: undefined };
  const horizon = (): number => Math.min(record.transactions + 1, ...record.openWriters);
  const view: MemoryView = { record, scope: context, sight: () => ({ commit: record.commits, atMs: null }), horizon, own: pending.rows };
  let hasEnded = false;
  const work: Work = { ...parts, number, pending, view, hasEnded: () => hasEnded };
  const inOrder = oneByOne();
  const transaction: Transaction = {
    ...createMemoryReader(view, ready),
    takeCommand: (key, kind, bodySha256) => inOrder(() => take(work, { key, kind, bodySha256 })),
    lock: (kind, ids) => inOrder(() => readLocked(work, kind, { ids, mode: "own" })) as never, // the table of a kind holds that kind's rows only
    share: (kind, ids) => inOrder(() => readLocked(work, kind, { ids, mode: "share" })) as never, // as above
    lockFree: (kind, filter) => readFree(work, kind, filter) as never, // as above
    async nextNumber() {
      await ready();
      return nextRequestNumber(record, context);
    },
    write: (...written) => writeAll(work, ...written),
  };
  return {
    transaction,
    commit: () => apply(parts, pending),
    end() {
      hasEnded = true;
      record.openWriters.delete(number);
      locks.release(number);
    },
  };
}

function jobRun(context: WriteContext, job: JobStart): JobRun {
  if (context.projectId === null)
    throw new Failure("bug", "store.outside-scope", { message: "A job was enqueued by a command without a project." });
  return {
    kind: job.kind,
    subjectId: job.subjectId,
    epoch: job.epoch,
    organizationId: context.organizationId,
    projectId: context.projectId,
  };
}

/** Numbers outlive a rollback, as a database sequence's do. */
function nextRequestNumber(record: MemoryRecord, context: WriteContext): number {
  if (context.projectId === null || !context.projectIds.includes(context.projectId)) {
    throw new Failure("bug", "store.outside-scope", { message: "A request number was asked for without a project." });
  }
  const number = (record.numbers.get(context.projectId) ?? 0) + 1;
  record.numbers.set(context.projectId, number);
  return number;
}
