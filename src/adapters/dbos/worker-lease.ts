import type { Pool, PoolClient } from "pg";
import { isGone } from "./process-identity.ts";
import type { ProcessIdentity } from "./process-identity.ts";

/** A lease without a beat for this long is lost. Four beats may fail before. */
export const leaseLostAfterMs = 30_000;
export const beatEveryMs = 5_000;

/** "xvc", hand-over: one process at a time judges leases. */
const handOverLock = [0x787663, 2] as const;

/** Leases of worker processes, on the database's clock. */
export interface WorkerLeases {
  take(identity: ProcessIdentity): Promise<void>;
  /** False: the lease was judged lost, and its work handed over. Whoever holds it must stop. */
  beat(executorId: string): Promise<boolean>;
  release(executorId: string): Promise<void>;
  /**
   * Marks what is lost, then runs `work` with the ids of the living while nobody else judges; afterwards forgets the
   * lost leases that `work` says are settled. Undefined when another process is at it.
   */
  judge<Result>(
    host: string,
    work: (living: () => Promise<ReadonlySet<string>>) => Promise<Judgement<Result>>,
  ): Promise<Result | undefined>;
}

export interface Judgement<Result> {
  readonly result: Result;
  /** Executors that still hold work: their lost leases stay until it is handed over. */
  readonly holding: readonly string[];
}

export function workerLeases(pool: Pool): WorkerLeases {
  return {
    async take({ executorId, host, pid, processMark }) {
      await pool.query("insert into xvc_system.worker_lease (executor_id, host, pid, process_mark) values ($1, $2, $3, $4)", [
        executorId,
        host,
        pid,
        processMark,
      ]);
    },
    async beat(executorId) {
      // An old beat alone does not matter: only `lost_at` hands work over, and this row decides who was first.
      const { rowCount } = await pool.query(
        "update xvc_system.worker_lease set beat_at = now() where executor_id = $1 and lost_at is null",
        [executorId],
      );
      return rowCount === 1;
    },
    async release(executorId) {
      await pool.query("delete from xvc_system.worker_lease where executor_id = $1", [executorId]);
    },
    judge: (host, work) => withHandOverLock(pool, (client) => judge(client, host, work)),
  };
}

/** The lock belongs to the connection, which is given back unlocked or thrown away. */
async function withHandOverLock<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result | undefined> {
  const client = await pool.connect();
  let broken = true;
  try {
    const { rows } = await client.query<{ got: boolean }>("select pg_try_advisory_lock($1, $2) as got", [...handOverLock]);
    if (rows[0]?.got !== true) {
      broken = false;
      return undefined;
    }
    const result = await work(client);
    await client.query("select pg_advisory_unlock($1, $2)", [...handOverLock]);
    broken = false;
    return result;
  } finally {
    client.release(broken);
  }
}

async function judge<Result>(
  client: PoolClient,
  host: string,
  work: (living: () => Promise<ReadonlySet<string>>) => Promise<Judgement<Result>>,
): Promise<Result> {
  await client.query(
    "update xvc_system.worker_lease set lost_at = now() where lost_at is null and beat_at < now() - $1::integer * interval '1 ms'",
    [leaseLostAfterMs],
  );
  await markGone(client, host);
  const { result, holding } = await work(() => living(client));
  await client.query("delete from xvc_system.worker_lease where lost_at is not null and not (executor_id = any($1::text[]))", [holding]);
  return result;
}

/** A process of this machine that is no more does not need 30 seconds to be missed. */
async function markGone(client: PoolClient, host: string): Promise<void> {
  const { rows } = await client.query<{ executor_id: string; pid: number; process_mark: string }>(
    "select executor_id, pid, process_mark from xvc_system.worker_lease where lost_at is null and host = $1",
    [host],
  );
  for (const row of rows) {
    if (!(await isGone({ pid: row.pid, processMark: row.process_mark }))) continue;
    await client.query("update xvc_system.worker_lease set lost_at = now() where executor_id = $1 and lost_at is null", [row.executor_id]);
  }
}

async function living(client: PoolClient): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ executor_id: string }>("select executor_id from xvc_system.worker_lease where lost_at is null");
  return new Set(rows.map((row) => row.executor_id));
}
