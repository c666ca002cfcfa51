import fc from "fast-check";
import { expect, test } from "vitest";
import { activeRequest } from "../../../test/support/active-request.ts";
import { type CoreWorld, look, worker } from "../../../test/support/core-world.ts";
import { type HaltScope, haltKind } from "../../core/gate/halt.ts";
import { asId } from "../../core/shared/ids.ts";
import type { Workbench } from "../execution/workbench.ts";
import type { JobRun } from "../ports/durable.ts";
import type { Scope } from "../ports/store.ts";
import type { Caller } from "../shared/caller.ts";
import type { Command } from "../shared/commands.ts";
import { haltGate } from "./halt-gate.ts";
import { haltReleases } from "./release-held.ts";
import { haltStops } from "./stop-halted.ts";

/* Whatever is halted and lifted, and whenever: the world stays sound, and once nothing is halted all of it is delivered. */

const rows = [
  { task: "a", review: "checks", tools: ["mail"] },
  { task: "b", dependencies: ["a"] },
  { task: "c", persona: "contributor", review: "checks" },
];
const scopes: readonly (readonly [HaltScope, string])[] = [
  ["everything", ""],
  ["persona", "writer"],
  ["persona", "editor"],
  ["tool", "mail"],
  ["provider", "rules"],
];
const sweeper = { kind: "system", id: "sweeper" } as const;

type Act = "work" | "begin" | "person" | "halt" | "lift" | "sweep";
type Played = Awaited<ReturnType<typeof open>>;

async function open() {
  const { world, founder } = await activeRequest(rows);
  let monotonicMs = 0;
  const bench = {
    clock: { monotonicMs: () => (monotonicMs += 2_000) }, // each look is later than what is remembered lasts
    store: { read: (scope: Scope, read: Parameters<CoreWorld["engine"]["read"]>[1]) => world.engine.read(scope, read) },
    apply: (caller: Caller, command: Command) => world.engine.apply(caller, command),
  } as unknown as Workbench; // the gate asks for nothing else
  return { world, founder, mayBegin: haltGate(bench) };
}

const passed = (criterionId: string) => ({ criterionId, kind: "output", verdict: "pass", detail: "", evidence: { seen: true } }) as const;

const output = (name: string) => ({ name, sha256: asId<"sha256">("0".repeat(64)), mediaType: "text/plain", bytes: 1 });

/** Begins a queued job; with `ends` it also reports. One that only began goes on in a later turn, if it still may. */
async function work({ world, mayBegin }: Played, at: number, ends: boolean): Promise<void> {
  const queued = [...world.jobs.values()].filter((job) => job.state === "queued");
  const run = queued[at % Math.max(1, queued.length)];
  if (run === undefined) return;
  const { organizationId, projectIds } = world.scope;
  const { subjectId, epoch } = run;
  const begun =
    run.kind === "attempt"
      ? await begins(world, run)
      : await mayBegin({ kind: run.kind, subjectId, epoch, organizationId, projectId: projectIds[0] ?? "" });
  if (begun && !ends) return;
  if (begun) await world.tell(worker, await reportOf(world, run));
  world.settle(run);
}

async function begins(world: CoreWorld, { subjectId, epoch }: JobRun): Promise<boolean> {
  const told = await world.tell(worker, { kind: "start-attempt", attemptId: subjectId, epoch, executorId: "w" });
  return told.kind === "ok" && told.answer["state"] === "running";
}

async function reportOf(world: CoreWorld, { kind, subjectId, epoch }: JobRun): Promise<Command> {
  if (kind === "integrate")
    return { kind: "finish-integration", requestId: subjectId, epoch, files: [output("b.md")], checks: [passed("whole")] };
  if (kind === "review")
    return { kind: "finish-review", reviewId: subjectId, epoch, verdicts: [{ ...passed("review"), kind: "reviewer" }] };
  const { attempts, tasks } = await look(world);
  const spec = tasks.find((task) => task.id === attempts.find((one) => one.id === subjectId)?.taskId)?.spec;
  const outputs = (spec?.outputs ?? []).map(output);
  const checks = (spec?.acceptance ?? []).map(({ id }) => passed(id));
  const outcome = { kind: "submitted", outputs, checks, interpretation: "", notes: [], pointAnswers: {} } as const;
  return { kind: "finish-attempt", attemptId: subjectId, epoch, costMicro: 0, outcome };
}

/** The person claims what is offered and hands in what they have. */
async function human({ world, founder }: Played): Promise<void> {
  const { tasks } = await look(world);
  const mine = tasks.find((task) => task.key === "c");
  if (mine === undefined) return;
  await world.tell(founder, { kind: "claim-task", taskId: mine.id });
  await world.tell(founder, {
    kind: "submit-task",
    taskId: mine.id,
    outputs: [output("c.md")],
    pointAnswers: {},
    note: "",
    minutesSpent: 1,
  });
}

async function sweep({ world }: Played): Promise<void> {
  for (const { command, job } of await world.engine.read(world.scope, haltStops))
    if ((await world.tell(sweeper, command)).kind === "ok")
      world.settle({ ...job, organizationId: world.scope.organizationId, projectId: world.scope.projectIds[0] ?? "" });
  for (const { command } of await world.engine.read(world.scope, haltReleases)) await world.tell(sweeper, command);
}

async function lift({ world, founder }: Played, at: number): Promise<void> {
  const set = (await world.rows(haltKind)).filter((halt) => halt.state === "set");
  const halt = set[at % Math.max(1, set.length)];
  if (halt !== undefined) await world.tell(founder, { kind: "lift-halt", haltId: halt.id, reason: "" });
}

async function play(played: Played, [act, at]: readonly [Act, number]): Promise<void> {
  const [scope, scopeId] = scopes[at % scopes.length] ?? ["everything", ""];
  if (act === "halt") await played.world.tell(played.founder, { kind: "set-halt", scope, scopeId, reason: "So." });
  else if (act === "lift") await lift(played, at);
  else if (act === "sweep") await sweep(played);
  else if (act === "person") await human(played);
  else await work(played, at, act === "work");
}

/** Lifts everything and lets everybody work to the end. */
async function finish(played: Played): Promise<void> {
  for (const _ of scopes) await lift(played, 0);
  for (let round = 0; round < 20; round += 1) {
    await sweep(played);
    await human(played);
    await work(played, 0, true);
  }
}

const acts = fc.array(
  fc.tuple(fc.constantFrom<Act>("work", "work", "begin", "begin", "person", "halt", "halt", "lift", "sweep", "sweep"), fc.nat(1_000)),
  { minLength: 5, maxLength: 30, size: "max" },
);

test(
  "whatever is halted and lifted, the world stays sound and all of it is delivered without a try counted",
  { timeout: 120_000 },
  async () => {
    const property = fc.asyncProperty(acts, async (drawn) => {
      const played = await open();
      for (const one of drawn) {
        await play(played, one);
        expect(played.world.findings()).toEqual([]);
      }
      await finish(played);
      expect(played.world.findings()).toEqual([]);
      const { requests, tasks } = await look(played.world);
      expect(requests.map(({ state }) => state)).toEqual(["delivered"]);
      // One submission each: what a halt stopped is no try.
      expect(tasks.map(({ attemptCount }) => attemptCount)).toEqual([1, 1, 1]);
    });
    await fc.assert(property, { numRuns: 40, seed: 20261123 });
  },
);
