import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { stopDatabase } from "../../src/adapters/postgres/supervisor.ts";
import { type CrashPoint, crashPoints } from "../../src/engine/ports/crash-point.ts";
import { readLines } from "./file-receivers.ts";

const torture = process.env["XVC_TEST_VOLUME"] === "torture";
const kills = torture ? 1_000 : 40;
const program = fileURLToPath(new URL("crash-process.ts", import.meta.url));
const verifier = fileURLToPath(new URL("../../verify/cli.ts", import.meta.url));

/** Points that a worker without surfaces does not pass; the surface's own tests kill there. */
const elsewhere: ReadonlySet<CrashPoint> = new Set([
  "http.before-answer",
  "publish.before",
  "publish.after",
  "content.before-write",
  "content.after-write",
  "lease.after-loss",
]);
const points = crashPoints.filter((point) => !elsewhere.has(point));

const home = mkdtempSync(join(tmpdir(), "xvc-crash-"));
const files = { clients: join(home, "clients.jsonl"), receivers: join(home, "receivers.jsonl") };
const environment = { ...process.env, XVC_HOME: join(home, "home") };

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
}

const run = (words: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...words], { env: { ...environment, ...more }, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, output }));
  });

const work = (round: number, requests: number, crashPoint?: string): Promise<Ended> =>
  run(
    [program, String(round), String(requests), files.clients, files.receivers],
    crashPoint === undefined ? {} : { XVC_CRASH_POINT: crashPoint },
  );

/** What the world checker says about the database, with the logs of the client and the receivers. */
async function findings(verifyUrl: string): Promise<readonly string[]> {
  for (const name of ["clients", "receivers"] as const) writeFileSync(`${files[name]}.json`, JSON.stringify(readLines(files[name])));
  const ended = await run([
    verifier,
    "--database",
    verifyUrl,
    "--settled",
    "--clients",
    `${files.clients}.json`,
    "--receivers",
    `${files.receivers}.json`,
    "--json",
  ]);
  const said = JSON.parse(ended.output) as {
    readonly findings: readonly { readonly invariant: string; readonly message: string; readonly rows: readonly string[] }[];
  };
  return said.findings.map((finding) => `${finding.invariant} ${finding.message} ${finding.rows.join(" ")}`);
}

async function bringToRest(round: number, requests: number): Promise<string> {
  const ended = await work(round, requests);
  const { rested, verifyUrl } = JSON.parse(ended.output) as { readonly rested: boolean; readonly verifyUrl: string };
  expect({ rested, code: ended.code }).toEqual({ rested: true, code: 0 });
  return verifyUrl;
}

afterAll(async () => {
  await stopDatabase({ XVC_HOME: environment.XVC_HOME });
  rmSync(home, { recursive: true, force: true });
});

/** Each point with growing occurrences, rotating until the volume is reached. */
const planned = Array.from({ length: kills }, (_, number) => ({
  point: points[number % points.length] ?? "command.before-begin",
  occurrence: 1 + 2 * Math.floor(number / points.length),
  round: number + 1,
}));

const reached = new Set<string>();

test("three projects with forty tasks come to rest in a sound world: rework, questions and approvals included", async () => {
  expect(await findings(await bringToRest(0, 10))).toEqual([]);
}, 240_000);

test.each(planned)(
  "a process killed at $point, time $occurrence, loses and doubles nothing",
  async ({ point, occurrence, round }) => {
    const killed = await work(round, 1, `${point}:${String(occurrence)}`);
    if (killed.signal === "SIGKILL") reached.add(point);
    // another end means that this round did not pass the point so often
    expect(killed.signal === "SIGKILL" || killed.code === 0).toBe(true);
    expect(await findings(await bringToRest(round, 1))).toEqual([]);
  },
  240_000,
);

test("every point that a worker passes killed it at least once", () => {
  expect(points.filter((point) => !reached.has(point))).toEqual([]);
});
