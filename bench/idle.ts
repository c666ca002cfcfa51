/* Processor time of every process of an installation, with Postgres, while nobody wants anything: alone, then with 10,000 open approvals. */
import { Client } from "pg";
import { startDatabase } from "../src/adapters/postgres/supervisor.ts";
import { type BenchHome, makeBenchHome } from "./support/bench-home.ts";
import { type Figure, bounded, say, tell } from "./support/figures.ts";
import { processorMs } from "./support/processor-time.ts";
import { startProgram } from "./support/program.ts";
import { startSubject } from "./support/subject.ts";

const watchedMs = Number(process.env["BENCH_RUN_MS"] ?? "60000");
/** The queue is polled slowly once it was empty for ten seconds; the founding of a new home settles meanwhile. */
const settleMs = 20_000;
const approvals = 10_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

interface Watched {
  readonly share: number;
  readonly ownShare: number;
  readonly databaseShare: number;
  /** Rows and pages that queries read in the table of open items meanwhile. */
  readonly rowsRead: number;
  readonly scans: number;
}

async function watch(pids: { readonly program: number; readonly postmaster: number }, client: Client): Promise<Watched> {
  const before = {
    atMs: performance.now(),
    own: processorMs(pids.program),
    database: processorMs(pids.postmaster),
    reads: await readsOf(client),
  };
  await pause(watchedMs);
  const wallMs = performance.now() - before.atMs;
  const own = (processorMs(pids.program) - before.own) / wallMs;
  const database = (processorMs(pids.postmaster) - before.database) / wallMs;
  const reads = await readsOf(client);
  return {
    share: (own + database) * 100,
    ownShare: own * 100,
    databaseShare: database * 100,
    rowsRead: reads.rows - before.reads.rows,
    scans: reads.scans - before.reads.scans,
  };
}

async function readsOf(client: Client): Promise<{ readonly rows: number; readonly scans: number }> {
  const { rows } = await client.query<{ rows: string; scans: string }>(`
    select (select coalesce(seq_tup_read, 0) from pg_stat_user_tables where schemaname = 'xvc' and relname = 'inbox_item')
         + (select coalesce(sum(idx_tup_read), 0) from pg_stat_user_indexes where schemaname = 'xvc' and relname = 'inbox_item') as rows,
           (select coalesce(seq_scan, 0) + coalesce(idx_scan, 0) from pg_stat_user_tables where schemaname = 'xvc' and relname = 'inbox_item') as scans`);
  return { rows: Number(rows[0]?.rows ?? 0), scans: Number(rows[0]?.scans ?? 0) };
}

/**
 * What Postgres does once for rows that are new, brought forward: left to itself it does it within the next minutes, and what
 * is watched would be the writing of the rows, not their waiting.
 */
async function upkeep(client: Client, postmaster: number): Promise<number> {
  const before = processorMs(postmaster);
  await client.query("vacuum (analyze)");
  return processorMs(postmaster) - before;
}

async function measure(home: BenchHome): Promise<readonly Figure[]> {
  const program = await startProgram(home, ["up", "--port", "0"]);
  try {
    const database = await startDatabase({ environment: home.environment });
    const client = new Client({ connectionString: database.urls.admin ?? "" });
    await client.connect();
    const pids = { program: program.pid, postmaster: await home.postmasterPid() };
    await pause(settleMs);
    say("  idle");
    const alone = await watch(pids, client);
    const filler = await startSubject("open-approvals.ts", home.environment, pids.postmaster);
    await filler.act("open", { approvals });
    await filler.stop();
    const upkeepMs = await upkeep(client, pids.postmaster);
    await pause(settleMs);
    say("  idle with open approvals");
    const crowded = await watch(pids, client);
    await client.end();
    const parts = (watched: Watched): string =>
      `server and worker ${watched.ownShare.toFixed(1)}, Postgres ${watched.databaseShare.toFixed(1)}; ${watched.scans} scans of open items read ${watched.rowsRead} rows`;
    return [
      bounded({ name: "idle, share of one core", value: alone.share, unit: "%", note: parts(alone) }, { atMost: 5 }),
      { name: "idle with 10,000 open approvals", value: crowded.share, unit: "%", note: parts(crowded) },
      bounded({ name: "what they add", value: crowded.share - alone.share, unit: "points" }, { atMost: 0.5 }),
      { name: "upkeep of their rows, once", value: upkeepMs, unit: "ms", note: "vacuum analyze, before the watch" },
      bounded(
        { name: "rows of open items read per scan", value: crowded.rowsRead / Math.max(1, crowded.scans), unit: "rows" },
        { atMost: 1 },
      ),
    ];
  } finally {
    await program.stop();
  }
}

const home = await makeBenchHome();
try {
  await tell("idle", await measure(home));
} finally {
  await home.remove();
}
