import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/shared/json.ts";
import { textAt } from "../../src/surfaces/cli/output.ts";
import { type LiveHome, type LiveProcess, openLiveHome } from "../support/live-home.ts";
import { makeRepository } from "../support/sample-repository.ts";

let repository: string;
let home: LiveHome;

beforeAll(async () => {
  repository = await mkdtemp(path.join(os.tmpdir(), "xvc-killed-"));
  await makeRepository(repository);
});

afterAll(() => rm(repository, { recursive: true, force: true }));
beforeEach(async () => {
  home = await openLiveHome();
});
afterEach(() => home.remove());

const labelOf = (document: JsonObject): string => textAt(document, "label");
const statusesOf = (progress: JsonObject): readonly string[] =>
  (progress["tasks"] as readonly { readonly status: string }[]).map((task) => task.status); // `xvc.progress/1`

async function submit(): Promise<string> {
  return labelOf(await home.json("request", "submit", "Assess this repository", "--input", repository, "--approve"));
}

/** Waits until some, but not all, of the tasks are done. */
async function untilInTheMiddle(label: string): Promise<void> {
  await expect
    .poll(async () => statusesOf(await home.get(`/api/requests/${label}`)).filter((status) => status === "passed").length, {
      timeout: 60_000,
      interval: 50,
    })
    .toBeGreaterThan(0);
}

async function expectDeliveredOnce(label: string): Promise<void> {
  const ran = await home.xvc("request", "wait", label, "-q");
  expect([ran.exit, ran.err]).toEqual([0, ""]);
  const progress = await home.get(`/api/requests/${label}`);
  expect(statusesOf(progress)).toEqual(Array.from({ length: 11 }, () => "integrated"));
  // A crash is no failed attempt: nobody was given a second one.
  expect((progress["tasks"] as readonly { readonly attempts: number }[]).map((task) => task.attempts)).toEqual(
    Array.from({ length: 11 }, () => 1),
  );
  expect(progress["inbox"]).toEqual([]);
  expect(await home.verify("--settled")).toEqual([]);
}

test("the process killed in the middle of an assessment: the next start adopts the database and finishes the work, once", async () => {
  const first = await home.up();
  const label = await submit();
  await untilInTheMiddle(label);
  await first.kill();
  expect((await home.xvc("request", "show", label)).exit).toBe(7);
  const startedAtMs = Date.now();
  await home.up();
  expect(Date.now() - startedAtMs).toBeLessThan(10_000);
  await expectDeliveredOnce(label);
});

interface Run {
  readonly subjectId: string;
  readonly kind: string;
  readonly recordedAtMs: number;
  readonly data: { readonly executorId?: string; readonly outcome?: string };
}

async function runsOf(labels: readonly string[]): Promise<readonly Run[]> {
  const stories = await Promise.all(labels.map((label) => home.get(`/api/requests/${label}/events?limit=1000`)));
  return stories
    .flatMap((story) => story["items"] as readonly unknown[] as readonly Run[])
    .filter((entry) => entry.kind === "run.started" || entry.kind === "run.ended"); // `xvc.timeline/1`
}

/** Attempts that this process began and nobody has ended. */
async function heldBy(worker: LiveProcess, labels: readonly string[]): Promise<readonly string[]> {
  const runs = await runsOf(labels);
  const over = new Set(runs.filter((run) => run.kind === "run.ended").map((run) => run.subjectId));
  return runs
    .filter((run) => run.data.executorId?.includes(`-${String(worker.child.pid)}-`) === true && !over.has(run.subjectId))
    .map((run) => run.subjectId);
}

test("two workers, the one at work killed: the other goes on within half a minute, and nothing happens twice", async () => {
  await home.up(["server", "--port", "0"]);
  const [first] = [await home.up(["worker"]), await home.up(["worker"])];
  const labels = [await submit(), await submit()];
  // Stopped while we look, so that what it holds is still held when it dies.
  await expect
    .poll(
      async () => {
        first?.child.kill("SIGSTOP");
        const held = first === undefined ? [] : await heldBy(first, labels);
        if (held.length === 0) first?.child.kill("SIGCONT");
        return held.length;
      },
      { timeout: 60_000, interval: 100 },
    )
    .toBeGreaterThan(0);
  const orphans = first === undefined ? [] : await heldBy(first, labels);
  await first?.kill();
  const killedAtMs = Date.now();
  for (const label of labels) await expectDeliveredOnce(label);
  const ended = (await runsOf(labels)).filter((run) => run.kind === "run.ended" && orphans.includes(run.subjectId));
  expect(ended.map((run) => `${run.subjectId} ${run.data.outcome ?? ""}`).toSorted()).toEqual(
    orphans.map((id) => `${id} submitted`).toSorted(),
  );
  expect(Math.max(...ended.map((run) => run.recordedAtMs)) - killedAtMs).toBeLessThan(30_000);
});
