import { randomBytes } from "node:crypto";
import { Failure } from "../../core/shared/failure.ts";

/** The little of a `pg` client that the probe needs. */
export interface ProbeClient {
  query(sql: string): Promise<{ readonly rows: readonly unknown[] }>;
  on(event: "notification", listener: (message: { readonly channel: string }) => void): unknown;
  end(): Promise<void>;
}

const notifyWaitMs = 5_000;

/**
 * Shows that one connection is one server session and that LISTEN hears. A transaction-mode pooler hands the session
 * of an idle client to another one, which breaks LISTEN, advisory locks and session settings without an error.
 *
 * @throws {Failure} `database.pooled`
 */
export async function requireSessionConnections(connect: () => Promise<ProbeClient>): Promise<void> {
  const idle = await connect();
  const busy = await connect();
  try {
    const before = await backendPid(idle);
    // While `busy` holds a transaction, a pooler gives `idle` any other session, or gave `busy` the one of `idle`.
    await busy.query("begin");
    const other = await backendPid(busy);
    const after = await backendPid(idle);
    await busy.query("commit");
    if (other === before || after !== before) throw pooled("two connections shared one server session");
    if (!(await hears(idle, busy))) throw pooled("a notification did not arrive");
  } finally {
    await Promise.allSettled([idle.end(), busy.end()]);
  }
}

async function backendPid(client: ProbeClient): Promise<unknown> {
  const { rows } = await client.query("select pg_backend_pid() as pid");
  return (rows[0] as { readonly pid?: unknown } | undefined)?.pid;
}

async function hears(listener: ProbeClient, speaker: ProbeClient): Promise<boolean> {
  const channel = `xvc_probe_${randomBytes(8).toString("hex")}`;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  listener.on("notification", (message) => {
    if (message.channel === channel) resolve(true);
  });
  await listener.query(`listen ${channel}`);
  await speaker.query(`notify ${channel}`);
  const timer = setTimeout(() => resolve(false), notifyWaitMs);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

function pooled(why: string): Failure {
  return new Failure("invalid", "database.pooled", {
    why,
    message: `DATABASE_URL leads to a pooler in transaction mode (${why}), which breaks notifications and locks. Use the server's own address, or a pooler in session mode.`,
  });
}
