import fc from "fast-check";
import { expect, test } from "vitest";
import { type CoreWorld, documentOf, hashOf, look, openCoreWorld, person, worker } from "../../../test/support/core-world.ts";
import type { JobRun } from "../../engine/ports/durable.ts";
import type { Command } from "../../engine/shared/commands.ts";
import type { Role } from "../oversight/person.ts";
import { asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import type { CheckResult } from "../execution/attempt.ts";

const torture = process.env["XVC_TEST_VOLUME"] === "torture";

/** Four numbers that choose what is done, to what, by whom and how; whatever they mean at that moment. */
type Draw = readonly [number, number, number, number];

const pick = <Item>(items: readonly Item[], at: number): Item | undefined => items[at % Math.max(1, items.length)];
const output = (name: string) => ({ name, sha256: asId<"sha256">(hashOf(name)), mediaType: "text/markdown", bytes: 3 });

function randomDocument(draw: number, keep: readonly { readonly key: string; readonly spec: object }[] = []) {
  const kept = new Map(keep.map(({ key, spec }) => [key, spec]));
  const keys = ["a", "b", "c", "d", "e"].slice(0, 1 + (draw % 5));
  const fresh = keys.map((key, index) => ({
    task: key,
    dependencies: keys.slice(0, index).filter((_, place) => ((draw >> (index + place)) & 1) === 1),
    persona: pick(["writer", "editor", "contributor", "nobody"], draw >> index) ?? "writer",
    review: pick(["checks", "independent", "person"], draw >> (index + 2)) ?? "checks",
    acceptance: [
      { id: "a1", statement: "There.", check: { kind: "output", output: `${key}.md` } },
      ...((draw >> index) % 3 === 0 ? [{ id: "a2", statement: "Good.", check: { kind: "person", question: "Good?" } }] : []),
      ...((draw >> index) % 4 === 0 ? [{ id: "a3", statement: "Right.", check: { kind: "reviewer", reviewer: "x" } }] : []),
    ],
    maxAttempts: 1 + (draw % 3),
  }));
  const rows = [...fresh.map((row) => kept.get(row.task) ?? row), ...keep.filter(({ key }) => !keys.includes(key)).map(({ spec }) => spec)];
  return documentOf(rows as readonly JsonObject[]);
}

const brief = {
  interpretation: "",
  goals: [],
  constraints: [],
  unknowns: [],
  options: [],
  approach: "",
  riskClass: "low",
  playbook: null,
} as const;
const question = {
  id: "how",
  title: "How?",
  detail: "",
  ruleId: "test",
  choices: [
    { id: "tasks", label: "Tasks", needs: "plan" },
    { id: "playbook", label: "Playbook", needs: "playbook" },
  ],
} as const;

function checksOf(
  spec: { readonly acceptance: readonly { readonly id: string; readonly check: { readonly kind: string } }[] },
  luck: number,
): readonly CheckResult[] {
  return spec.acceptance
    .filter(({ check }) => check.kind !== "reviewer")
    .map(({ id, check }, index) => ({
      criterionId: id,
      kind: check.kind,
      verdict: check.kind === "person" ? "waiting" : (luck + index) % 4 === 0 ? "fail" : "pass",
      detail: "looked",
      evidence: (luck + index) % 7 === 0 ? {} : { looked: true },
    }));
}

async function reportOf(world: CoreWorld, run: JobRun, [, , luck, how]: Draw): Promise<readonly Command[]> {
  const { subjectId, epoch } = run;
  if (run.kind === "analyse")
    return [{ kind: "record-brief", requestId: subjectId, epoch, brief, questions: luck % 3 === 0 ? [question] : [] }];
  if (run.kind === "plan") {
    const document = randomDocument(how);
    if (luck % 5 === 0) return [{ kind: "report-no-plan", requestId: subjectId, epoch, question }];
    return [
      {
        kind: "propose-plan",
        requestId: subjectId,
        epoch,
        document,
        documentSha256: hashOf(document),
        origin: { kind: "playbook", name: "x", edited: false, authorId: null },
        forecast: null,
      },
    ];
  }
  if (run.kind === "integrate") {
    return [
      {
        kind: "finish-integration",
        requestId: subjectId,
        epoch,
        files: [output("a.md")],
        checks: luck % 4 === 0 ? [] : [{ criterionId: "whole", kind: "whole", verdict: "pass", detail: "", evidence: { n: 1 } }],
      },
    ];
  }
  const { attempts, tasks } = await look(world);
  if (run.kind === "review") {
    const verdict = {
      criterionId: pick(["review", "a3"], how) ?? "review",
      kind: "reviewer",
      verdict: pick(["pass", "fail", "waiting", "pass", "pass"] as const, luck) ?? "pass",
      detail: "seen",
      evidence: { seen: true },
    } as const;
    const all = [{ ...verdict, criterionId: "a3" }, verdict];
    return [{ kind: "finish-review", reviewId: subjectId, epoch, verdicts: luck % 6 === 0 ? [] : all }];
  }
  const attempt = attempts.find((one) => one.id === subjectId);
  const spec = tasks.find((one) => one.id === attempt?.taskId)?.spec;
  if (attempt === undefined || spec === undefined) return [];
  const outcomes = [
    { kind: "submitted", outputs: spec.outputs.map(output), checks: checksOf(spec, luck), interpretation: "", notes: [], pointAnswers: {} },
    { kind: "submitted", outputs: spec.outputs.map(output), checks: checksOf(spec, 1), interpretation: "", notes: [], pointAnswers: {} },
    { kind: "asked", question: "Which?" },
    { kind: "failed", code: "x", message: "It broke.", retryable: luck % 3 > 0 },
    { kind: "timed-out", code: "x", message: "Too long.", retryable: true },
  ] as const;
  const outcome = attempt.executor === "human" ? outcomes[luck % 2] : pick(outcomes, how);
  const start = { kind: "start-attempt", attemptId: subjectId, epoch, executorId: "test" } as const;
  return outcome === undefined ? [start] : [start, { kind: "finish-attempt", attemptId: subjectId, epoch, outcome, costMicro: 5 }];
}

/** Runs a waiting job to its report; sometimes the worker dies on the way, sometimes an old one reports late. */
async function work(world: CoreWorld, draw: Draw): Promise<void> {
  const all = [...world.jobs.values()];
  const run = pick(draw[3] % 9 === 0 ? all : all.filter((job) => job.state === "queued"), draw[1]);
  if (run === undefined) return;
  const lost = draw[2] % 11 === 0;
  for (const command of await reportOf(world, run, draw)) {
    if (lost && command.kind !== "start-attempt") break;
    if ((await world.tell(worker, command)).kind === "refused" && command.kind === "start-attempt") break;
  }
  if (lost) {
    const told = await world.tell(worker, { kind: "lose-lease", jobKind: run.kind, subjectId: run.subjectId, epoch: run.epoch });
    if (told.kind === "ok") await world.tell(worker, { kind: "lose-lease", jobKind: run.kind, subjectId: run.subjectId, epoch: run.epoch });
  }
  world.settle(run);
}

async function answer(world: CoreWorld, [, at, luck, how]: Draw): Promise<void> {
  const { items, requests } = await look(world);
  const open = items.filter((item) => item.state === "open" || item.state === "delegated");
  const item = pick(how % 8 === 0 ? items : open, at);
  if (item === undefined) return;
  const choice = pick([...item.choices.map((one) => one.id), "nonsense"], luck) ?? "";
  const needs = item.choices.find((one) => one.id === choice)?.needs;
  const request = requests.find((one) => one.id === item.requestId);
  const confirmation = how % 2 === 0 ? (item.kind === "unknown-effect" ? item.id.slice(0, 8) : `T-${String(request?.number ?? 0)}`) : null;
  const value = needs === undefined || how % 13 === 0 ? null : "Said.";
  await world.tell(person(pick(world.people, how) ?? ""), {
    kind: "answer-item",
    itemId: item.id,
    choice,
    value,
    reason: how % 17 === 0 ? "" : "Because.",
    inputs: [],
    confirmation,
  });
}

async function humanWork(world: CoreWorld, [, at, luck, how]: Draw): Promise<void> {
  const { tasks, attempts } = await look(world);
  const who = person(pick(world.people, how) ?? "");
  const mine = attempts.find((one) => one.performer.id === who.id && one.state === "running");
  if (mine !== undefined && luck % 3 > 0) {
    const spec = tasks.find((task) => task.id === mine.taskId)?.spec;
    if (luck % 7 === 0) return void (await world.tell(who, { kind: "release-task", taskId: mine.taskId }));
    const outputs = (spec?.outputs ?? []).slice(luck % 5 === 0 ? 1 : 0).map(output);
    const pointAnswers = Object.fromEntries(mine.reworkPoints.slice(luck % 5 === 1 ? 1 : 0).map((point) => [point.id, "fixed"]));
    return void (await world.tell(who, {
      kind: "submit-task",
      taskId: mine.taskId,
      outputs,
      pointAnswers,
      note: luck % 2 === 0 ? "" : "note",
      minutesSpent: luck % 4,
    }));
  }
  const offered = tasks.filter((task) => task.state === "ready" && task.executor === "human");
  const task = pick(luck % 6 === 0 ? tasks : offered, at);
  if (task !== undefined) await world.tell(who, { kind: "claim-task", taskId: task.id });
}

async function steer(world: CoreWorld, [, at, luck, how]: Draw): Promise<void> {
  const { requests, tasks, items, plans } = await look(world);
  const who = person(pick([...world.people, "nobody"], how) ?? "");
  const request = pick(requests, at);
  if (request === undefined) return;
  const own = tasks.filter((task) => task.planId === request.planId);
  const plan = plans.find((one) => one.id === request.planId);
  const begun = own.filter((task) => !["cancelled", "waiting"].includes(task.state));
  const document = randomDocument(how, luck % 2 === 0 ? begun.map((task) => ({ key: task.key, spec: task.spec })) : []);
  const documentSha256 = hashOf(document);
  const commands: readonly (Command | undefined)[] = [
    { kind: "pause-request", requestId: request.id, reason: "" },
    { kind: "resume-request", requestId: request.id, reason: "" },
    { kind: "resume-request", requestId: request.id, reason: "" },
    how % 5 === 0
      ? { kind: "cancel-request", requestId: request.id, reason: "No." }
      : { kind: "close-request", requestId: request.id, reason: "" },
    {
      kind: "reopen-request",
      requestId: request.id,
      taskKeys: own.slice(0, 1 + (how % 2)).map((task) => task.key),
      reason: how % 9 === 0 ? "" : "Again.",
    },
    pick(own, how) === undefined
      ? undefined
      : {
          kind: "reassign-task",
          taskId: pick(own, how)?.id ?? "",
          toPersona: pick([null, "editor", "contributor", "nobody"], how) ?? null,
          reason: "So.",
        },
    plan === undefined ? undefined : { kind: "patch-plan", planId: plan.id, document, documentSha256, reason: "Better." },
    plan === undefined ? undefined : { kind: "patch-plan", planId: plan.id, document, documentSha256, reason: "Better." },
    {
      kind: "propose-plan",
      requestId: request.id,
      epoch: null,
      document,
      documentSha256,
      origin: { kind: "playbook", name: "forged", edited: false, authorId: null },
      forecast: null,
    },
    plan === undefined
      ? undefined
      : {
          kind: "decide-plan",
          planId: plan.id,
          choice: pick(["approve", "approve", "changes", "reject"] as const, how) ?? "approve",
          reason: how % 3 === 0 ? "" : "So.",
          documentSha256: how % 7 === 0 ? hashOf("x") : plan.documentSha256,
          confirmation: `T-${String(request.number)}`,
          beforehand: how % 11 === 0,
        },
    pick(items, how) === undefined
      ? undefined
      : { kind: "delegate-item", itemId: pick(items, how)?.id ?? "", personId: pick(world.people, luck) ?? "", reason: "" },
  ];
  const command = pick(commands, luck);
  if (command !== undefined) await world.tell(who, command);
}

async function effects(world: CoreWorld, [, at, luck, how]: Draw): Promise<void> {
  const { attempts, effects: known } = await look(world);
  const attempt = pick(attempts, at);
  if (attempt === undefined) return;
  const deliveryClass = pick(["pure", "keyed", "queryable", "once"] as const, how) ?? "once";
  await world.tell(worker, {
    kind: "intend-effect",
    effectKey: `${attempt.taskId}:${deliveryClass}`,
    requestId: attempt.requestId,
    taskId: attempt.taskId,
    tool: "mail",
    deliveryClass,
    effectKind: "send",
    step: "s",
    ordinal: 1,
    arguments: {},
  });
  const effect = pick(known, luck);
  if (effect === undefined) return;
  await world.tell(worker, {
    kind: "start-effect",
    effectId: effect.id,
    epoch: attempt.epoch,
    deadlineAtMs: world.nowMs() + 1_000,
    endedStarts: effect.starts,
  });
  if (luck % 4 > 0)
    await world.tell(worker, {
      kind: "end-effect",
      effectId: effect.id,
      outcome: pick(["done", "failed", "unknown"] as const, how) ?? "done",
      result: {},
    });
}

async function submit(world: CoreWorld, [, at]: Draw): Promise<void> {
  if ((await look(world)).requests.length >= 3) return;
  const draft = {
    title: "Do it",
    text: "Do it",
    urgency: "normal",
    budgetMicro: null,
    deadlineAtMs: null,
    playbook: null,
    inputs: [],
    approveBeforehand: true,
    script: null,
  } as const;
  await world.tell(person(pick(world.people, at) ?? ""), { kind: "submit-request", id: world.newId(), draft });
}

/** Everybody does what brings work to its end, for a while. */
async function help(world: CoreWorld): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    await work(world, [0, round, 1, 1]);
    await answer(world, [0, 0, 0, 2 + 6 * round]);
    await humanWork(world, [0, 0, 1, round]);
  }
}

const acts = [work, work, work, work, work, answer, answer, answer, humanWork, humanWork, steer, effects, submit] as const;

const draws: fc.Arbitrary<Draw[]> = fc.array(fc.tuple(fc.nat(100_000), fc.nat(100_000), fc.nat(100_000), fc.nat(100_000)), {
  minLength: 30,
  maxLength: 120,
  size: "max",
});

const complaintsOf = (world: CoreWorld): readonly string[] =>
  world.findings().map((finding) => `${finding.invariant} ${finding.message} ${finding.rows.join(" ")}`);

/** Plays what was drawn and says what was wrong, as soon as something is. */
async function play(roles: readonly (readonly Role[])[], drawn: readonly Draw[]): Promise<readonly string[]> {
  const world = await openCoreWorld(roles);
  await submit(world, [0, 0, 0, 0]);
  for (const [step, draw] of drawn.entries()) {
    if (step === Math.floor(drawn.length / 2)) await help(world);
    await pick(acts, draw[0])?.(world, draw);
    const complaints = step % 8 === 7 || step === drawn.length - 1 ? complaintsOf(world) : [];
    if (complaints.length > 0) return complaints;
  }
  return [];
}

const memberships = fc.constantFrom<readonly (readonly Role[])[]>([], [["lead"]], [["lead", "contributor"], ["contributor"]]);

test(
  "the world stays sound, whatever people and workers say, in whatever order and however late",
  { timeout: torture ? 3_600_000 : 240_000 },
  async () => {
    const property = fc.asyncProperty(memberships, draws, async (roles, drawn) => {
      expect(await play(roles, drawn)).toEqual([]);
    });
    await expect(fc.assert(property, torture ? { numRuns: 50_000 } : { numRuns: 150, seed: 20261123 })).resolves.toBeUndefined();
  },
);
