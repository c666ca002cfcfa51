/* How long each list takes with 10,000 requests and 100,000 tasks in the database, beside an almost empty one, and how large its answer is. */
import process from "node:process";
import { withClient } from "../src/adapters/postgres/database-url.ts";
import { startDatabase } from "../src/adapters/postgres/supervisor.ts";
import { makeBenchHome } from "./support/bench-home.ts";
import { type Figure, bounded, quantile, say, tell } from "./support/figures.ts";
import { processorMs } from "./support/processor-time.ts";
import { fileTemplate, seedLists } from "./support/seed-lists.ts";
import { type RunningProgram, startProgram } from "./support/program.ts";

const requests = Number(process.env["BENCH_REQUESTS"] ?? "10000");
const tasksPerRequest = 10;
const calls = Number(process.env["BENCH_CALLS"] ?? "60");

/** A page that is read again and again, and a filter or a sum that is asked for once. */
const page = 30;
const filter = 200;
type ListRow = readonly [name: string, path: string, atMostMs: number];
const lists: readonly ListRow[] = [
  ["requests, newest", "/api/requests?limit=50", page],
  ["requests of one state", "/api/requests?limit=50&state=active", page],
  ["requests by deadline", "/api/requests?limit=50&sort=deadline", filter],
  ["requests longest in their state", "/api/requests?limit=50&sort=since", filter],
  ["requests, urgent", "/api/requests?limit=50&urgency=high", filter],
  ["requests by a word of the title", "/api/requests?limit=50&text=Portal+9", filter],
  ["requests by a word that is nowhere", "/api/requests?limit=50&text=nowhere+at+all", filter],
  ["requests that wait for me", "/api/requests?limit=50&waits=me", filter],
  ["tasks, newest", "/api/tasks", page],
  ["tasks of two states", "/api/tasks?state=running,in-review", page],
  ["board", "/api/board", filter],
  ["board of one performer", "/api/board?performer=persona:contributor", filter],
  ["column of the board, next page", "/api/board?column=waiting", page],
  ["my work", "/api/my-work", page],
  ["inbox", "/api/inbox?state=open", page],
  ["inbox, for me", "/api/inbox?state=open&for=me", page],
  ["search, a word", "/api/search?q=portal+9", filter],
  ["search, a label", "/api/search?q=9000", page],
  ["home: deadlines under way", "/api/requests?state=active,integrating&sort=deadline&limit=20", filter],
  ["home: what happened", "/api/audit?kinds=request.delivered,decision.answered&fromMs=1&limit=50", page],
  ["home: load of decisions", "/api/oversight/load", filter],
  ["portfolio", "/api/portfolio", filter],
  ["metrics", "/api/metrics", filter],
  ["staff", "/api/staff", filter],
  ["audit, newest", "/api/audit?limit=50", page],
  ["audit of one kind", "/api/audit?limit=50&kinds=request.delivered", page],
  ["audit of one subject kind", "/api/audit?limit=50&subjectKind=request", filter],
  ["audit of the first day", `/api/audit?limit=50&toMs=${Date.now() - 54 * 86_400_000}`, filter],
  ["decisions, newest", "/api/decisions", page],
];

interface Measured {
  readonly p50: number;
  readonly p95: number;
  /** Of the server's own process, a call. */
  readonly processorMs: number;
  readonly bytes: number;
  readonly rows: number;
}

async function measure({ file, pid }: RunningProgram, path: string): Promise<Measured> {
  const times: number[] = [];
  const before = processorMs(pid);
  let text = "";
  // The first calls make plans and fill caches, as in a server that has run for a while.
  for (let call = 0; call < calls + 5; call++) {
    const startedMs = performance.now();
    const answer = await fetch(file.url + path, { headers: { authorization: `Bearer ${file.token}` } });
    text = await answer.text();
    if (call >= 5) times.push(performance.now() - startedMs);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text.slice(0, 300)}`);
  }
  return {
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    processorMs: (processorMs(pid) - before) / (calls + 5),
    bytes: Buffer.byteLength(text),
    rows: text.split('"stateSinceMs"').length - 1,
  };
}

async function measureAll(program: RunningProgram): Promise<ReadonlyMap<string, Measured>> {
  const found = new Map<string, Measured>();
  for (const [name, path] of lists) found.set(name, await measure(program, path));
  return found;
}

function figuresOf(empty: ReadonlyMap<string, Measured>, full: ReadonlyMap<string, Measured>): readonly Figure[] {
  return lists.flatMap(([name, , atMostMs]) => {
    const [before, after] = [empty.get(name), full.get(name)];
    if (before === undefined || after === undefined) return [];
    const note = `p50 ${after.p50.toFixed(1)} ms; empty p95 ${before.p95.toFixed(1)} ms; ratio ${(after.p95 / before.p95).toFixed(1)}; server processor ${after.processorMs.toFixed(1)} ms; ${after.rows} rows`;
    return [
      bounded({ name: `${name}: p95`, value: after.p95, unit: "ms", note }, { atMost: atMostMs }),
      bounded({ name: `${name}: answer`, value: after.bytes / 1_000, unit: "kB" }, { atMost: 30 }),
    ];
  });
}

const home = await makeBenchHome();
try {
  const program = await startProgram(home, ["server", "--port", "0"]);
  try {
    const database = await startDatabase({ environment: home.environment });
    const { admin } = database.urls;
    if (admin === null) throw new Error("the embedded database has a superuser");
    await fileTemplate(program);
    say("  an almost empty database");
    const empty = await measureAll(program);
    say(`  ${requests} requests, ${requests * tasksPerRequest} tasks`);
    await withClient(admin, { applicationName: "xvc bench" }, (client) => seedLists(client, { requests, tasksPerRequest }));
    await tell("lists", figuresOf(empty, await measureAll(program)));
  } finally {
    await program.stop();
  }
} finally {
  await home.remove();
}
