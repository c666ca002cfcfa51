import type { Bench } from "../assignment/choose-performer.ts";
import { type Halt, haltOn } from "../gate/halt.ts";
import { type Authority, isActive } from "../oversight/authority.ts";
import type { Clock } from "../oversight/clock.ts";
import type { Person } from "../oversight/person.ts";
import { recordDecision } from "../oversight/record-decision.ts";
import { type Performer, performerKey } from "../personas/persona.ts";
import type { WorkRequest } from "../requests/request.ts";
import type { Artifact } from "../shared/content.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import { type Attempt, attemptKind } from "./attempt.ts";
import { endLease, type HeartbeatTask, type LapseClaim, leaseProblem, lostClaim, renewLease, setLease } from "./claim-lease.ts";
import { assignReady, cancelAttempt, createAttempt, makeReady, moveTask } from "./dispatch-task.ts";
import { haltRefusal, haltedWork } from "./hold-attempt.ts";
import { type Task, taskKind } from "./task.ts";

/** A person takes a ready task, or gives one back. */
export interface ClaimTask {
  readonly kind: "claim-task" | "release-task";
  readonly taskId: string;
  /** Claiming: the time after which it is given back by itself; absent: held without one. */
  readonly leaseMs?: number | undefined;
  /** Giving back: the attempt that is meant; absent: the present one. */
  readonly attemptId?: string | undefined;
}

/** Moves a task to somebody else, with a reason. `toPersona` absent: the best other performer. */
export interface ReassignTask {
  readonly kind: "reassign-task";
  readonly taskId: string;
  readonly toPersona: string | null;
  readonly reason: string;
}

export interface HumanWorkSlice {
  readonly request: WorkRequest;
  readonly task: Task;
  readonly attempt: Attempt | undefined;
  /** Clocks that would end that attempt. */
  readonly clocks: readonly Clock[];
  readonly person: Person | undefined;
  /** Active members, counted; a lone person is never shut out of a task. */
  readonly members: number;
  readonly bench: Bench;
  /** Those set now. */
  readonly halts: readonly Halt[];
}

/** A task on its way to somebody else, with what the policies in force say of whoever moves it. */
export interface ReassignSlice extends HumanWorkSlice {
  readonly authority: Authority;
}

/** Gives a ready task of a person to the one who claims it first; work starts at once. */
export function decideClaim(slice: HumanWorkSlice, command: ClaimTask, context: DecideContext): Decided {
  const { task, person } = slice;
  if (!isActive(person)) return refuse("forbidden", "task.not-a-member", "Only an active member can claim a task.");
  if (command.kind === "release-task") return release(slice, command, context);
  const refused = claimProblem(slice, person) ?? leaseProblem(command.leaseMs);
  if (refused !== null) return refused;
  const step = beginStep(context);
  const performer: Performer = { kind: "person", id: person.id };
  const attempt = createAttempt(step, task, { performer, executor: "human" });
  step.draft.record(attemptKind, attempt, "run.started", {
    requestId: task.requestId,
    taskKey: task.key,
    performer: performerKey(performer),
  });
  step.draft.change(taskKind, task, { startedAtMs: task.startedAtMs ?? context.nowMs });
  moveTask(step, task, { to: "assigned", event: "task.assigned", data: { performer: person.id, executor: "human" } });
  moveTask(step, task, { to: "running", event: "task.started", data: { performer: person.id, executor: "human", number: attempt.number } });
  const lease = command.leaseMs === undefined ? {} : { leaseUntilMs: setLease(step, attempt, command.leaseMs) };
  return step.draft.accept({ id: task.id, state: "running", attemptId: attempt.id, ...lease });
}

function claimProblem({ request, task, members, halts }: HumanWorkSlice, person: Person): Refusal | null {
  const performer: Performer = { kind: "person", id: person.id };
  const halt = haltOn(halts, haltedWork(request, task, { performer, executor: "human" }));
  if (halt !== undefined) return haltRefusal(halt);
  if (request.state !== "active")
    return refuse("conflict", "request.not-active", `The request is ${request.state}; its tasks cannot be claimed now.`);
  if (task.state === "running") return refuse("conflict", "task.not-claimable", "Somebody else is already doing this task.");
  if (task.state !== "ready" || task.executor !== "human")
    return refuse("conflict", "task.not-claimable", `This task is ${task.state} and not offered to people.`);
  if (members > 1 && task.excludedPerformers.includes(`person:${person.id}`))
    return refuse("forbidden", "task.excluded", "This task was taken away from you; another person has to do it.");
  return null;
}

function release(slice: HumanWorkSlice, command: ClaimTask, context: DecideContext): Decided {
  const { task, attempt } = slice;
  const refused =
    holderProblem(slice, context, "Only the one who claimed a task can give it back; a lead can reassign it.") ??
    lostClaim(attempt, command.attemptId);
  if (refused !== null || attempt === undefined) return refused ?? notClaimed(task);
  return giveBack(slice, attempt, { reason: "released", context });
}

/** Keeps a claim for some more time. */
export function decideHeartbeat(slice: HumanWorkSlice, command: HeartbeatTask, context: DecideContext): Decided {
  const { task, attempt, clocks } = slice;
  const refused = holderProblem(slice, context, "Only the one who claimed a task can keep it.") ?? lostClaim(attempt, command.attemptId);
  if (refused !== null || attempt === undefined) return refused ?? notClaimed(task);
  return renewLease({ attempt, clocks }, command, context);
}

/** Gives a task back whose holder has not been heard of in time. What was handed in stays. */
export function decideLapse(slice: HumanWorkSlice, command: LapseClaim, context: DecideContext): Decided {
  const { task, attempt } = slice;
  const isHeld = task.state === "running" && attempt?.id === command.attemptId && attempt.executor === "human" && attempt.epoch === 0;
  if (!isHeld) return refuse("conflict", "task.claim-lost", "This claim ended before its time did.");
  return giveBack(slice, attempt, { reason: "its holder was not heard of in time", context });
}

function giveBack(
  slice: HumanWorkSlice,
  attempt: Attempt,
  { reason, context }: { readonly reason: string; readonly context: DecideContext },
): Decided {
  const { task } = slice;
  const step = beginStep(context);
  cancelAttempt(step, attempt, { reason, clocks: slice.clocks });
  makeReady(step, task, { ...slice, data: { reason } });
  return step.draft.accept({ id: task.id, state: step.draft.current(taskKind, task).state });
}

const notClaimed = (task: Task): Refusal =>
  refuse("conflict", "task.not-claimed", `This task is ${task.state} and not claimed by a person; claim it first.`);

function holderProblem({ task, attempt }: HumanWorkSlice, context: DecideContext, notYours: string): Refusal | null {
  if (task.state !== "running" || attempt?.executor !== "human") return notClaimed(task);
  return attempt.performer.id === context.actor.id ? null : refuse("forbidden", "task.not-yours", notYours);
}

/** Takes a task from its performer and gives it to another; the running attempt is fenced by its end. */
export function decideReassignment(slice: ReassignSlice, command: ReassignTask, context: DecideContext): Decided {
  const { task, attempt, authority } = slice;
  const refused = reassignmentProblem(slice, command);
  if (refused !== null) return refused;
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const step = beginStep(context);
  const { draft } = step;
  if (attempt !== undefined && attempt.endedAtMs === null) cancelAttempt(step, attempt, { reason: command.reason, clocks: slice.clocks });
  const from = task.performer === null ? null : performerKey(task.performer);
  // On record like every other word about the work, so that it can be asked again under other policies.
  recordDecision(step, {
    requestId: asId(task.requestId),
    subjectKind: "task",
    subjectId: task.id,
    question: `Who should do "${task.title}"?`,
    options: [{ id: "reassign-task", label: "Give it to another performer" }],
    choice: "reassign-task",
    rationale: command.reason,
    evidence: { from, to: command.toPersona },
    authority: authority.rule,
    soloWaiver: false,
    basis: authority.basis,
  });
  draft.record(taskKind, task, "task.reassigned", {
    requestId: task.requestId,
    taskKey: task.key,
    from,
    to: command.toPersona,
    reason: command.reason,
    by: context.actor.id,
    authority: authority.rule,
  });
  const to = `persona:${command.toPersona ?? ""}`;
  const excluded = new Set([...task.excludedPerformers, ...(from === null ? [] : [from])].filter((key) => key !== to));
  const spec = command.toPersona === null ? task.spec : { ...task.spec, persona: command.toPersona };
  const freed = draft.change(taskKind, task, { excludedPerformers: [...excluded], spec, attemptId: null });
  if (task.state === "ready") offerAgain(step, freed, slice);
  else makeReady(step, freed, { ...slice, data: { reason: command.reason } });
  return draft.accept({ id: task.id, state: draft.current(taskKind, task).state });
}

function offerAgain(step: Step, task: Task, { request, bench }: HumanWorkSlice): void {
  const free = step.draft.change(taskKind, task, { performer: null, executor: null, assignment: null });
  if (request.state !== "paused") assignReady(step, free, bench);
}

function reassignmentProblem({ task, bench, person }: HumanWorkSlice, command: ReassignTask): Refusal | null {
  if (!isActive(person) || !person.roles.some((role) => role === "administrator" || role === "director" || role === "lead")) {
    return refuse("forbidden", "task.reassign-role", "Reassigning needs the role lead, director or administrator.");
  }
  if (command.reason.trim() === "") return refuse("invalid", "task.reason-missing", "Say why the task moves; the reason is recorded.");
  if (!["ready", "assigned", "running"].includes(task.state))
    return refuse("conflict", "task.not-movable", `A task that is ${task.state} cannot be reassigned.`);
  if (command.toPersona === null || bench.personas.some((persona) => persona.key === command.toPersona)) return null;
  return refuse("not-found", "persona.not-found", `There is no persona "${command.toPersona}".`);
}

/** A person hands in what they did; the checks run next, as a job. */
export interface SubmitTask {
  readonly kind: "submit-task";
  readonly taskId: string;
  /** The attempt that is meant; absent: the present one. */
  readonly attemptId?: string | undefined;
  readonly outputs: readonly Artifact[];
  readonly pointAnswers: JsonObject;
  readonly note: string;
  /** Minutes of work as the person reports them; 0 when not said. */
  readonly minutesSpent: number;
}

/** Most outputs of one submission. */
export const maxOutputs = 1_000;

/** Takes a person's outputs and starts the checks. Every output the plan names and every rework point needs its part. */
export function decideSubmitWork(slice: HumanWorkSlice, command: SubmitTask, context: DecideContext): Decided {
  const { task, attempt } = slice;
  const refused = holderProblem(slice, context, "Only the one who claimed a task can hand it in.") ?? lostClaim(attempt, command.attemptId);
  if (refused !== null || attempt === undefined) return refused ?? notClaimed(task);
  const problem = submissionProblem(task, attempt, command);
  if (problem !== null) return problem;
  const step = beginStep(context);
  const { draft } = step;
  endLease(step, slice.clocks);
  const epoch = attempt.epoch + 1;
  draft.change(attemptKind, attempt, {
    outputs: command.outputs,
    pointAnswers: command.pointAnswers,
    notes: command.note === "" ? [] : [command.note],
    epoch,
  });
  draft.record(attemptKind, attempt, "human.time", {
    requestId: task.requestId,
    taskKey: task.key,
    timeKind: "task",
    ms: command.minutesSpent * 60_000,
    source: "reported",
    person: context.actor.id,
  });
  draft.enqueue({ kind: "attempt", subjectId: attempt.id, epoch });
  return draft.accept({ id: task.id, state: task.state, attemptId: attempt.id });
}

function submissionProblem(task: Task, attempt: Attempt, command: SubmitTask): Refusal | null {
  // The first hand-in raises the epoch from 0; outputs alone would not tell, for a task may make none.
  if (attempt.epoch > 0) return refuse("conflict", "task.already-submitted", "This attempt was handed in before; its checks are running.");
  const names = new Set(command.outputs.map((output) => output.name));
  const missing = task.spec.outputs.filter((name) => !names.has(name));
  if (missing.length > 0)
    return refuse("invalid", "task.output-missing", `Missing: ${missing.join(", ")}. Hand in every output the plan names.`, { missing });
  if (names.size !== command.outputs.length || names.size > maxOutputs)
    return refuse("invalid", "task.bad-outputs", `Hand in each output once, at most ${maxOutputs}.`);
  if (!(command.minutesSpent >= 0 && Number.isFinite(command.minutesSpent)))
    return refuse("invalid", "task.bad-time", "The time spent is zero or more minutes.");
  const open = attempt.reworkPoints.filter((point) => typeof command.pointAnswers[point.id] !== "string");
  if (open.length === 0) return null;
  const points = open.map((point) => `${point.id}: ${point.text}`).join("; ");
  return refuse(
    "invalid",
    "task.point-unanswered",
    `Each point of the review needs an answer (fixed, or refused with a reason): ${points}`,
    { unanswered: open.map((point) => point.id) },
  );
}
