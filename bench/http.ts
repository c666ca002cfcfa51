/* Requests filed over HTTP against the real server process, with one client and with sixteen; each answer comes after its commit. */
import { request as httpRequest, Agent } from "node:http";
import { type BenchHome, makeBenchHome } from "./support/bench-home.ts";
import { type Figure, bounded, quantile, say, tell } from "./support/figures.ts";
import { processorMs, residentBytes } from "./support/processor-time.ts";
import { type RunningProgram, startProgram } from "./support/program.ts";

const runMs = Number(process.env["BENCH_RUN_MS"] ?? "10000");
const body = JSON.stringify({ text: "Measure how fast a request is taken." });

interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly processorMs: number;
}

function post(program: RunningProgram, agent: Agent): Promise<number> {
  const { url, token } = program.file;
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}`, "content-length": Buffer.byteLength(body) };
    const sent = httpRequest(`${url}/api/requests`, { method: "POST", agent, headers }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode ?? 0));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function load(program: RunningProgram, clients: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const latenciesMs: number[] = [];
  const before = processorMs(program.pid);
  const startedMs = performance.now();
  const client = async (): Promise<void> => {
    while (performance.now() - startedMs < runMs) {
      const beganMs = performance.now();
      const status = await post(program, agent);
      if (status !== 201) throw new Error(`the server answered ${status}`);
      latenciesMs.push(performance.now() - beganMs);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const wallMs = performance.now() - startedMs;
  agent.destroy();
  return {
    perSecond: latenciesMs.length / (wallMs / 1_000),
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    processorMs: (processorMs(program.pid) - before) / latenciesMs.length,
  };
}

const megabytes = (bytes: number): number => bytes / 1024 ** 2;

/** `server` takes requests and leaves the work to others; `up` also does it, in the same process and at the same time. */
async function measure(home: BenchHome, role: "server" | "up"): Promise<readonly Figure[]> {
  const program = await startProgram(home, [role, "--port", "0"]);
  try {
    await load(program, 1); // plans and code are warm afterwards, as in a server that has run for a while
    const idleBytes = residentBytes(program.pid);
    say(`  ${role}: one client`);
    const one = await load(program, 1);
    say(`  ${role}: sixteen clients`);
    const sixteen = await load(program, 16);
    const note = (what: Load): string => `p99 ${what.p99Ms.toFixed(1)} ms, server processor ${what.processorMs.toFixed(2)} ms a request`;
    return [
      bounded({ name: `${role}: filing p50, one client`, value: one.p50Ms, unit: "ms", note: note(one) }, { atMost: 5 }),
      { name: `${role}: filed, one client`, value: one.perSecond, unit: "/s" },
      bounded(
        {
          name: `${role}: filed, sixteen clients`,
          value: sixteen.perSecond,
          unit: "/s",
          note: `p50 ${sixteen.p50Ms.toFixed(1)} ms, ${note(sixteen)}`,
        },
        { atLeast: 500 },
      ),
      bounded({ name: `${role}: memory before`, value: megabytes(idleBytes), unit: "MB" }, { atMost: 250 }),
      bounded({ name: `${role}: memory after`, value: megabytes(residentBytes(program.pid)), unit: "MB" }, { atMost: 250 }),
    ];
  } finally {
    await program.stop();
  }
}

const figures: Figure[] = [];
for (const role of ["server", "up"] as const) {
  const home = await makeBenchHome();
  try {
    figures.push(...(await measure(home, role)));
  } finally {
    await home.remove();
  }
}
await tell("http", figures);
