/* How soon fifty open pages see a fact: from the answer to its writer until each stream has it, over the real server and database. */
import { Agent, get, request as httpRequest } from "node:http";
import { makeBenchHome } from "./support/bench-home.ts";
import { type Figure, bounded, quantile, say, tell } from "./support/figures.ts";
import { processorMs } from "./support/processor-time.ts";
import { type RunningProgram, startProgram } from "./support/program.ts";

const streams = 50;
const facts = Number(process.env["BENCH_FACTS"] ?? "100");
const pauseMs = 50;
const patienceMs = 10_000;

/** When each stream saw each filed request, by the request's id. */
type Seen = Map<string, number[]>;

async function open(program: RunningProgram, agent: Agent, seen: Seen): Promise<() => void> {
  const headers = { authorization: `Bearer ${program.file.token}`, accept: "text/event-stream" };
  return new Promise((resolve, reject) => {
    const asked = get(`${program.file.url}/events`, { agent, headers }, (answer) => {
      let rest = "";
      answer.setEncoding("utf8");
      answer.on("data", (text: string) => {
        const blocks = (rest + text).split("\n\n");
        rest = blocks.pop() ?? "";
        for (const block of blocks) {
          if (block.includes("event: ready")) resolve(() => asked.destroy());
          const id = /"subjectId":"([0-9a-f-]{36})"[^\n]*"kind":"request\.submitted"/u.exec(block)?.[1];
          if (id !== undefined) seen.set(id, [...(seen.get(id) ?? []), performance.now()]);
        }
      });
    });
    asked.on("error", reject);
  });
}

function file(program: RunningProgram, agent: Agent): Promise<{ readonly id: string; readonly atMs: number }> {
  const body = JSON.stringify({ text: "Measure how soon this is seen." });
  const headers = {
    "content-type": "application/json",
    authorization: `Bearer ${program.file.token}`,
    "content-length": Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${program.file.url}/api/requests`, { method: "POST", agent, headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => void (text += part));
      answer.on("end", () => resolve({ id: (JSON.parse(text) as { readonly id: string }).id, atMs: performance.now() }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

async function measure(program: RunningProgram): Promise<readonly Figure[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: streams + 10 });
  const seen: Seen = new Map();
  const closers = await Promise.all(Array.from({ length: streams }, () => open(program, agent, seen)));
  say(`  ${streams} streams are open`);
  const before = processorMs(program.pid);
  const filed: { readonly id: string; readonly atMs: number }[] = [];
  for (let fact = 0; fact < facts; fact += 1) {
    filed.push(await file(program, agent));
    await wait(pauseMs);
  }
  const whole = (): boolean => filed.every(({ id }) => (seen.get(id)?.length ?? 0) >= streams);
  for (let waitedMs = 0; !whole() && waitedMs < patienceMs; waitedMs += 20) await wait(20);
  for (const close of closers) close();
  agent.destroy();
  const delays = filed.flatMap(({ id, atMs }) => (seen.get(id) ?? []).map((seenMs) => Math.max(0, seenMs - atMs)));
  const note = `${delays.length} of ${facts * streams} sightings`;
  return [
    { name: "answer to sight, p50", value: quantile(delays, 0.5), unit: "ms", note },
    bounded({ name: "answer to sight, p99", value: quantile(delays, 0.99), unit: "ms" }, { atMost: 1_000 }),
    bounded({ name: "sightings missing", value: facts * streams - delays.length, unit: "" }, { atMost: 0 }),
    { name: "server processor a fact", value: (processorMs(program.pid) - before) / facts, unit: "ms" },
  ];
}

const home = await makeBenchHome();
try {
  const program = await startProgram(home, ["up", "--port", "0"]);
  try {
    await tell("streams", await measure(program));
  } finally {
    await program.stop();
  }
} finally {
  await home.remove();
}
