import type { Pool } from "pg";
import { Failure } from "../../core/shared/failure.ts";
import { noCrash } from "../../engine/ports/crash-point.ts";
import type { CrashProbe } from "../../engine/ports/crash-point.ts";
import type { PersonalCipher } from "../../engine/ports/personal-data.ts";
import type { Scope, Store, WriteContext } from "../../engine/ports/store.ts";
import { eventSignal } from "./event-signal.ts";
import { storeFailure } from "./postgres-failure.ts";
import { type RecordSession, recordSession } from "./personal-rows.ts";
import { postgresReader } from "./postgres-reader.ts";
import { postgresTransaction } from "./postgres-transaction.ts";
import type { EnqueueInTransaction } from "./postgres-transaction.ts";
import { isUuid } from "./row-mapping.ts";
import { type Session, inSession } from "./session.ts";
import { joined, prepared, sql } from "./sql.ts";
import type { Statement } from "./sql.ts";
import { keepVectors } from "./vector-search.ts";
import { vectorShelf } from "./vector-shelf.ts";

export interface PostgresStoreOptions {
  /** Role `xvc_app`, made by `createPool` with `pipeline: true`; ended by whoever made it, after `close`. */
  readonly pool: Pool;
  /** The same database and role, for the connection that listens. */
  readonly listenUrl: string;
  readonly enqueue: EnqueueInTransaction;
  /** Seals what is personal before it reaches a row. */
  readonly cipher: PersonalCipher;
  /** Passed where only the store knows that it is there: before COMMIT and around the enqueue. */
  readonly crash?: CrashProbe;
  readonly onLost: (error: Error) => void;
}

export type PostgresStore = Store & { close(): Promise<void> };

const maxProjects = 10_000;

/** The record in Postgres. Isolation is READ COMMITTED with row locks and version checks; readers see one snapshot. */
export function postgresStore(options: PostgresStoreOptions): PostgresStore {
  const { pool, enqueue, cipher, crash = noCrash } = options;
  const signal = eventSignal(options);
  const shelf = vectorShelf();
  const opened = (session: Session, { organizationId }: Scope): RecordSession => recordSession(session, { organizationId, cipher }, shelf);
  return {
    async transact(context, work) {
      let announce = false;
      const onEvents = (): void => {
        announce = true;
      };
      const plan = { begin: "begin", context: writeContext(context), beforeCommit: () => crash("command.before-commit") };
      const result = await inSession(pool, plan, (session) =>
        work(postgresTransaction({ session: opened(session, context), context, enqueue, crash, onEvents })),
      );
      if (announce) signal.announce();
      return result;
    },
    read: async (scope, work, moment) =>
      inSession(pool, { begin: "begin isolation level repeatable read read only", context: readContext(scope) }, (session) =>
        work(postgresReader(opened(session, scope), { keep: false, atMs: moment?.atMs ?? null })),
      ),
    moment: async (askedMs) => ({ atMs: Math.min(Math.floor(askedMs), await settledMs(pool)) }),
    keepVectors: (scope, of, made) =>
      inSession(pool, { begin: "begin", context: readContext(scope) }, (session) => keepVectors(session, of, made)),
    async nowMs() {
      const { rows } = await pool
        .query<{ now: number }>("select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now")
        .catch((error: unknown) => {
          throw storeFailure(error);
        });
      return rows[0]?.now ?? Number.NaN; // a select without FROM gives one row
    },
    onEvents: (notify) => signal.listen(notify),
    close: () => signal.close(),
  };
}

/**
 * The latest instant that no transaction can write at any more. What is recorded bears a time between its transaction's begin and now;
 * a transaction that has not written yet takes its time when its present statement, or a later one, first writes. Every process
 * writes as one role, whose sessions may see one another.
 */
async function settledMs(pool: Pool): Promise<number> {
  const { rows } = await pool
    .query<{ settled: number }>(
      `select floor(extract(epoch from least(clock_timestamp(), min(case when backend_xid is null then query_start else xact_start end))) * 1000)::bigint - 1 as settled
         from pg_stat_activity
        where datname = current_database() and usename = current_user and pid <> pg_backend_pid()
          and (backend_xid is not null or state = 'active')`,
    )
    .catch((error: unknown) => {
      throw storeFailure(error);
    });
  return rows[0]?.settled ?? Number.NaN; // an aggregate without grouping gives one row
}

/**
 * All context in one statement. The planner settings bind this transaction alone: kept plans are made while tables are
 * small, when reading a whole table looks cheapest, and must still be right when it has grown a thousandfold. A command
 * has few fixed texts, so it plans none of them twice; readers do, since a page's conditions decide what serves it.
 */
function writeContext(context: WriteContext): Statement {
  return setAll([
    ...scopeSettings(context),
    ["xvc.actor_kind", context.actor.kind],
    ["xvc.actor_id", context.actor.id],
    ["xvc.cause", context.cause],
    ["plan_cache_mode", "force_generic_plan"],
  ]);
}

const readContext = (scope: Scope): Statement => setAll(scopeSettings(scope));

type Setting = readonly [name: string, value: string];

const indexesOnly: readonly Setting[] = [["enable_seqscan", "off"]];

const setAll = (settings: readonly Setting[]): Statement =>
  prepared(
    sql`select ${joined(
      [...settings, ...indexesOnly].map(([name, value]) => sql`set_config(${name}, ${value}, true)`),
      ", ",
    )}`,
  );

/** @throws {Failure} `store.scope-invalid` */
function scopeSettings({ organizationId, projectIds }: Scope): readonly Setting[] {
  const valid = isUuid(organizationId) && projectIds.length <= maxProjects && projectIds.every(isUuid);
  if (!valid) {
    throw new Failure("bug", "store.scope-invalid", {
      message: `A scope names one organization and at most ${maxProjects} projects, all by their ids. Check how the caller's scope was made.`,
    });
  }
  return [
    ["xvc.organization_id", organizationId],
    ["xvc.project_ids", `{${projectIds.join(",")}}`],
  ];
}
