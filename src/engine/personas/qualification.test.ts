import { beforeEach, expect, test } from "vitest";
import { createMemoryContent } from "../../adapters/in-process/memory-content.ts";
import { decideOn, proposeRequest } from "../../../test/support/active-request.ts";
import { type CoreWorld, look, openCoreWorld, personaOf, worker } from "../../../test/support/core-world.ts";
import { reservationKind } from "../../core/gate/reservation.ts";
import { providerKind } from "../../core/gate/provider.ts";
import { personaKind } from "../../core/personas/persona.ts";
import { type Qualification, qualificationKind } from "../../core/personas/qualification.ts";
import { readSuite, suiteKind } from "../../core/personas/suite.ts";
import type { Actor } from "../../core/shared/actor.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type ProjectId, asId } from "../../core/shared/ids.ts";
import { modelExecutor } from "../execution/model-executor.ts";
import { enginePurse } from "../execution/model-purse.ts";
import type { Workbench } from "../execution/workbench.ts";
import type { ModelAddress, Models, TurnRequest } from "../ports/model.ts";
import { schemaChecker } from "../review/checkers.ts";
import type { Command } from "../shared/commands.ts";
import { runTrial } from "./run-trial.workflow.ts";
import type { TrialSubject } from "./trial-context.ts";
import { closedDoor, trialLedger, trialPurse } from "./trial-ledger.ts";

const sample = (id: string) => ({
  id,
  taskType: "report",
  title: "Count",
  brief: "Count the findings.",
  inputs: [{ name: "findings.md", text: "- one\n- two" }],
  outputs: ["count.json"],
  checks: [{ id: "c1", statement: "Two.", check: { kind: "schema", output: "count.json", schema: { const: { n: 2 } } } }],
});

let world: CoreWorld;
let founder: Actor;
let bench: Workbench;
let says: (request: TurnRequest) => string | Failure;
let asked: ModelAddress[];
let suiteId: string;

const understood = JSON.stringify({ interpretation: "I count.", goal: "The report.", question: null });
const counted = (n: number): string =>
  JSON.stringify({ question: null, outputs: [{ name: "count.json", text: JSON.stringify({ n }) }], notes: [], points: [] });
const isBeginning = ({ messages }: TurnRequest): boolean => JSON.stringify(messages).includes("Before you begin") && messages.length === 2;

const addProvider = (name: string, local: boolean): Command => ({
  kind: "add-provider",
  name,
  vendor: "openai-compatible",
  baseUrl: "http://127.0.0.1:1/v1",
  models: ["small"],
  local,
  windows: { requestsPerMinute: null, tokensPerMinute: null },
  keyFrom: "none",
});

beforeEach(async () => {
  world = await openCoreWorld(undefined, "real", ["rules", "human", "model"]);
  founder = { kind: "person", id: world.people[0] ?? "" };
  asked = [];
  says = (request) => (isBeginning(request) ? understood : counted(2));
  await ok(worker, { kind: "add-persona", persona: personaOf("author", { executors: ["model", "human"] }) });
  await ok(founder, addProvider("house", true));
  const read = readSuite(
    {
      schema: "xvc.suite/1",
      key: "counting",
      version: 1,
      title: "Counts",
      personas: ["author"],
      bar: { repeats: 3, lower: 0.6 },
      cases: ["a", "b", "c", "d"].map(sample),
    },
    "own",
  );
  if (read.kind === "problems") throw new Error(read.problems.join(" "));
  await ok(founder, { kind: "add-suite", suite: read.suite });
  suiteId = (await world.rows(suiteKind))[0]?.id ?? "";
  bench = openBench();
});

const ok = async (actor: Actor, command: Command) => {
  const told = await world.tell(actor, command);
  if (told.kind === "refused") throw new Error(`${command.kind}: ${told.code}`);
  return told.answer;
};

function openBench(): Workbench {
  const content = createMemoryContent();
  const { organizationId } = world.scope;
  const projectId = asId(world.scope.projectIds[0] ?? "") satisfies ProjectId;
  const clock = {
    nowMs: () => world.nowMs(),
    monotonicMs: () => world.nowMs(),
    pause: forever,
    deadline: () => new AbortController().signal,
  };
  const crash = (): void => {};
  const ids = { next: () => world.newId(), secret: () => "" };
  const models: Models = {
    async *turn(at, request) {
      asked.push(at);
      const said = says(request);
      if (said instanceof Failure) throw said;
      yield {
        kind: "result",
        result: {
          parts: [{ kind: "text", text: said, opaque: null }],
          usage: { inputTokens: 100, outputTokens: 50 },
          finish: "stop",
          answeredBy: "small",
        },
      };
    },
  };
  const parts = { engine: world.engine, content, crash, ids, clock, organizationId };
  return {
    store: { read: (scope: never, work: never) => world.engine.read(scope, work) },
    clock,
    crash,
    apply: (caller: never, command: never) => world.engine.apply(caller, command),
    checkers: {
      schema: schemaChecker(content, (schema, value) =>
        JSON.stringify(schema["const"]) === JSON.stringify(value) ? [] : ["It is another number."],
      ),
    },
    trials: {
      model: (subject: TrialSubject) =>
        modelExecutor({
          models,
          clock,
          crash,
          organizationId,
          content,
          purseOf: () => trialPurse(enginePurse(parts, projectId)),
          ledgerOf: () => trialLedger(parts, subject),
          toolsOf: () => closedDoor,
        }),
    },
  } satisfies Partial<Record<keyof Workbench, unknown>> as unknown as Workbench; // the parts that a trial uses
}

const forever = (_ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((_settle, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted"))));

const providerOf = async (name: string): Promise<string> => (await world.rows(providerKind)).find((one) => one.name === name)?.id ?? "";

const start = async (more: Partial<Extract<Command, { readonly kind: "start-qualification" }>> = {}) =>
  ({
    kind: "start-qualification",
    personaKey: "author",
    personaVersion: 1,
    executor: "model",
    suiteId,
    providerId: await providerOf("house"),
    model: "small",
    shownMicro: 0,
    capMicro: 0,
    ...more,
  }) as const;

const only = async (): Promise<Qualification> => {
  const run = (await world.rows(qualificationKind)).at(-1);
  if (run === undefined) throw new Error("no run");
  return run;
};

/** Runs every job of the suite, as a worker would, until none is left. */
async function work(): Promise<void> {
  for (;;) {
    const [job] = [...world.jobs.values()].filter(({ kind, state }) => kind === "qualify" && state === "queued");
    if (job === undefined) return;
    await runTrial(bench, job, new AbortController().signal);
    world.settle(job);
  }
}

async function given() {
  const { planId } = await proposeRequest(world, [{ task: "write", title: "Write", persona: "author", outputs: ["a.md"] }]);
  await ok(founder, decideOn(planId));
  return (await look(world)).attempts.at(-1);
}

test("a passed suite is worth something for this version with this model, and for nothing else", async () => {
  expect((await given())?.provisional).toBe(true);
  await ok(founder, await start());
  await work();
  const run = await only();
  // Eleven of twelve would do, so the twelfth is done and all of them count.
  expect(run).toMatchObject({ state: "passed", costMicro: 0, planned: 12, stopReason: "" });
  expect(run.trials).toHaveLength(12);
  expect(run.trials[0]).toMatchObject({ caseId: "a", passed: true, interpretation: "I count." });
  const [persona] = (await world.rows(personaKind)).filter(({ key }) => key === "author");
  expect(persona?.qualifiedWith).toMatchObject([
    { executor: "model", personaVersion: 1, model: "house/small", suite: "counting@1", qualificationId: run.id },
  ]);
  // The purse was asked before each call, and for no task.
  const reservations = await world.rows(reservationKind);
  expect(reservations).toHaveLength(24);
  expect(
    reservations.every(({ state, attemptId, personaKey }) => state === "settled" && attemptId === null && personaKey === "author"),
  ).toBe(true);

  const attempt = await given();
  expect(attempt).toMatchObject({ provenModels: ["house/small"], personaVersion: 1 });
  expect(attempt?.provisional).toBeUndefined();
  await ok(founder, addProvider("other", true));
  await ok(worker, { kind: "start-attempt", attemptId: attempt?.id ?? "", epoch: attempt?.epoch ?? 0, executorId: "e" });
  const turn = {
    kind: "begin-turn",
    attemptId: attempt?.id ?? "",
    epoch: attempt?.epoch ?? 0,
    threadId: attempt?.id ?? "",
    number: 1,
    purpose: "interpret",
    providerId: await providerOf("other"),
    model: "small",
    openingSha256: "a".repeat(64),
    told: null,
    reservationId: null,
    route: { source: "order", place: 2, of: 2, over: [] },
  } as const;
  await ok(worker, turn);
  expect((await look(world)).attempts.find(({ id }) => id === attempt?.id)?.provisional).toBe(true);
  await ok(worker, { kind: "add-persona", persona: personaOf("author", { executors: ["model", "human"], personaVersion: 2 }) });
  expect((await given())?.provisional).toBe(true);
  expect(world.findings()).toEqual([]);
});

test("a run ends as failed once the bar can no longer be reached, with what was wrong in each trial", async () => {
  says = (request) => (isBeginning(request) ? understood : counted(3));
  await ok(founder, await start());
  await work();
  const run = await only();
  expect(run).toMatchObject({ state: "failed", trials: [{ passed: false, reason: "It is another number." }, { passed: false }] });
  expect((await world.rows(personaKind)).find(({ key }) => key === "author")?.qualifiedWith).toBeUndefined();
});

test("an answer that is a question, or none, is a failed trial; a model that cannot be asked says nothing about anybody", async () => {
  says = (request) => (isBeginning(request) ? understood : JSON.stringify({ question: "Which?", outputs: [], notes: [], points: [] }));
  await ok(founder, await start());
  await work();
  expect((await only()).trials[0]).toMatchObject({ passed: false, reason: "It asked instead of doing the work: Which?" });
  says = () => new Failure("unavailable", "model.unavailable", { message: "Nobody is there." });
  await ok(founder, await start());
  await work();
  expect(await only()).toMatchObject({ state: "stopped", trials: [] });
  expect((await only()).stopReason).toContain("did not answer");
});

test("nothing is asked before a person has seen the price, and a run stops at its cap", async () => {
  await ok(founder, addProvider("hosted", false));
  const providerId = await providerOf("hosted");
  const projectId = world.scope.projectIds[0] ?? "";
  const hosted = { providerId, shownMicro: null } as const;
  expect(await world.tell(founder, await start(hosted))).toMatchObject({ code: "provider.not-allowed" });
  const shown = ["context"] as const;
  await world.tell(founder, { kind: "allow-provider", providerId, projectId, reason: "a trial", shown } as never);
  expect(asked).toEqual([]);
  expect(await world.tell(founder, await start({ shownMicro: 5 }))).toMatchObject({ code: "qualification.estimate-changed" });
  expect(await world.tell(founder, await start({ personaVersion: 9 }))).toMatchObject({ code: "persona.old-version" });
  expect(await world.tell(founder, await start({ executor: "rules" }))).toMatchObject({ code: "qualification.needs-none" });
  expect(await world.tell(founder, await start({ executor: "agent" }))).toMatchObject({ code: "qualification.no-executor" });
  expect(await world.tell(founder, await start({ model: "large" }))).toMatchObject({ code: "provider.models-invalid" });
  expect(await world.tell(founder, await start({ personaKey: "writer" }))).toMatchObject({ code: "suite.not-its-own" });
  expect(await world.tell({ kind: "person", id: world.people[2] ?? "" }, await start())).toMatchObject({ failure: "forbidden" });
  await ok(founder, await start());
  expect(await world.tell(founder, await start())).toMatchObject({ code: "qualification.running" });
  await ok(founder, { kind: "stop-qualification", qualificationId: (await only()).id, reason: "enough" });
  await work();
  expect(asked).toEqual([]);
  expect(await only()).toMatchObject({ state: "stopped", stopReason: "enough" });
});

test("a halt ends a run before its next call, and a worker that comes late hands nothing in", async () => {
  await ok(founder, await start());
  const [job] = [...world.jobs.values()];
  await ok(worker, { kind: "lose-lease", jobKind: "qualify", subjectId: job?.subjectId ?? "", epoch: 1 });
  expect(await only()).toMatchObject({ epoch: 2, handOvers: 1 });
  const trial = { caseId: "a", passed: true, reason: "", interpretation: "", checks: [], costMicro: 0 };
  expect(await world.tell(worker, { kind: "finish-trial", qualificationId: (await only()).id, epoch: 1, trial })).toMatchObject({
    code: "qualification.stale-epoch",
  });
  await ok(founder, { kind: "set-halt", scope: "persona", scopeId: "author", reason: "look first" } as never);
  await work();
  expect(asked).toEqual([]);
  expect(await only()).toMatchObject({ state: "stopped", stopReason: "halted: look first" });
  expect(await world.rows(suiteKind)).toHaveLength(1);
});
