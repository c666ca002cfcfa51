import type { Bench } from "../assignment/choose-performer.ts";
import { type Performer, performerKey } from "../personas/persona.ts";
import type { Person } from "../oversight/person.ts";
import type { WorkRequest } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { Artifact } from "../shared/content.ts";
import { asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, type TransitionDraft, beginTransition, refuse } from "../shared/transition.ts";
import { type Attempt, attemptKind } from "./attempt.ts";
import { assignReady, moveTask } from "./dispatch-task.ts";
import { type Task, taskKind } from "./task.ts";

/** A person takes a ready task, or gives one back. */
export interface ClaimTask {
  readonly kind: "claim-task" | "release-task";
  readonly taskId: string;
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
  readonly person: Person | undefined;
  readonly bench: Bench;
}

/** Gives a ready task of a person to the one who claims it first; work starts at once. */
export function decideClaim(slice: HumanWorkSlice, command: ClaimTask, context: DecideContext): Decided {
  const { request, task, person } = slice;
  if (command.kind === "release-task") return release(slice, context);
  if (person === undefined || person.state !== "active") return refuse("forbidden", "task.not-a-member", "Only an active member can claim a task.");
  if (request.state !== "active") return refuse("conflict", "request.not-active", `The request is ${request.state}; its tasks cannot be claimed now.`);
  if (task.state !== "ready" || task.executor !== "human") {
    return refuse("conflict", "task.not-claimable", task.state === "running" ? "Somebody else is already doing this task." : `This task is ${task.state} and not offered to people.`);
  }
  const performer: Performer = { kind: "person", id: person.id };
  if (task.excludedPerformers.includes(performerKey(performer))) return refuse("forbidden", "task.excluded", "This task was taken away from you; another person has to do it.");
  const draft = beginTransition();
  const attempt = draft.create(attemptKind, {
    id: context.newId(),
    taskId: asId(task.id),
    requestId: task.requestId,
    number: task.attemptNumber + 1,
    state: "running",
    performer,
    executor: "human",
    epoch: 0,
    handOvers: 0,
    startedAtMs: context.nowMs,
    endedAtMs: null,
    interpretation: "",
    reworkPoints: task.reworkPoints,
    pointAnswers: {},
    outputs: [],
    checks: [],
    costMicro: 0,
    failure: null,
    notes: [],
  });
  draft.record(attemptKind, attempt, "run.started", { requestId: task.requestId, taskKey: task.key, performer: performerKey(performer) });
  draft.change(taskKind, task, { performer, attemptId: asId(attempt.id), attemptNumber: attempt.number, startedAtMs: task.startedAtMs ?? context.nowMs });
  moveTask(draft, context, task, "assigned", "task.assigned", { performer: person.id, executor: "human" });
  moveTask(draft, context, task, "running", "task.started", { performer: person.id, executor: "human", number: attempt.number });
  return draft.accept({ id: task.id, state: "running", attemptId: attempt.id });
}

function release(slice: HumanWorkSlice, context: DecideContext): Decided {
  const { task, attempt } = slice;
  if (task.state !== "running" || attempt === undefined || attempt.executor !== "human") return refuse("conflict", "task.not-claimed", `This task is ${task.state} and not claimed by a person.`);
  if (attempt.performer.id !== context.actor.id) return refuse("forbidden", "task.not-yours", "Only the one who claimed a task can give it back; a lead can reassign it.");
  const draft = beginTransition();
  endAttempt(draft, context, attempt, "released");
  moveTask(draft, context, task, "ready", "task.ready", { reason: "released" });
  draft.change(taskKind, task, { attemptId: null, performer: null });
  return draft.accept({ id: task.id, state: "ready" });
}

function endAttempt(draft: TransitionDraft, context: DecideContext, attempt: Attempt, reason: string): void {
  draft.change(attemptKind, attempt, { state: "cancelled", endedAtMs: context.nowMs });
  draft.record(attemptKind, attempt, "run.ended", { requestId: attempt.requestId, outcome: "cancelled", reason });
}

/** Takes a task from its performer and gives it to another; the running attempt is fenced by its end. */
export function decideReassignment(slice: HumanWorkSlice, command: ReassignTask, context: DecideContext): Decided {
  const { request, task, attempt, bench, person } = slice;
  if (person === undefined || !person.roles.some((role) => role === "administrator" || role === "director" || role === "lead")) {
    return refuse("forbidden", "task.reassign-role", "Reassigning needs the role lead, director or administrator.");
  }
  if (command.reason.trim() === "") return refuse("invalid", "task.reason-missing", "Say why the task moves; the reason is recorded.");
  if (!["ready", "assigned", "running"].includes(task.state)) return refuse("conflict", "task.not-movable", `A task that is ${task.state} cannot be reassigned.`);
  if (command.toPersona !== null && !bench.personas.some((persona) => persona.key === command.toPersona)) {
    return refuse("not-found", "persona.not-found", `There is no persona "${command.toPersona}".`);
  }
  const draft = beginTransition();
  if (attempt !== undefined && attempt.endedAtMs === null) endAttempt(draft, context, attempt, command.reason);
  const from = task.performer === null ? null : performerKey(task.performer);
  draft.record(taskKind, task, "task.reassigned", { requestId: task.requestId, taskKey: task.key, from, to: command.toPersona, reason: command.reason, by: context.actor.id });
  if (task.state !== "ready") moveTask(draft, context, task, "ready", "task.ready", { reason: command.reason });
  const excluded = from === null ? task.excludedPerformers : [...task.excludedPerformers, from];
  const spec = command.toPersona === null ? task.spec : { ...task.spec, persona: command.toPersona };
  draft.change(taskKind, task, { excludedPerformers: excluded.filter((key) => key !== `persona:${command.toPersona ?? ""}`), spec, attemptId: null, performer: null, executor: null });
  if (request.state === "active") assignReady(draft, context, draft.current(taskKind, task), bench);
  return draft.accept({ id: task.id, state: draft.current(taskKind, task).state });
}

/** A person hands in what they did; the checks run next, as a job. */
export interface SubmitTask {
  readonly kind: "submit-task";
  readonly taskId: string;
  readonly outputs: readonly Artifact[];
  readonly pointAnswers: JsonObject;
  readonly note: string;
  /** Minutes of work as the person reports them; 0 when not said. */
  readonly minutesSpent: number;
}

/** Takes a person's outputs and starts the checks. Every output the plan names and every rework point needs its part. */
export function decideSubmitWork(slice: HumanWorkSlice, command: SubmitTask, context: DecideContext): Decided {
  const { task, attempt } = slice;
  if (task.state !== "running" || attempt === undefined || attempt.executor !== "human") return refuse("conflict", "task.not-claimed", `This task is ${task.state} and not claimed by a person; claim it first.`);
  if (attempt.performer.id !== context.actor.id) return refuse("forbidden", "task.not-yours", "Only the one who claimed a task can hand it in.");
  if (attempt.outputs.length > 0) return refuse("conflict", "task.already-submitted", "This attempt was handed in before; its checks are running.");
  const missing = task.spec.outputs.filter((name) => !command.outputs.some((output) => output.name === name));
  if (missing.length > 0) return refuse("invalid", "task.output-missing", `Missing: ${missing.join(", ")}. Hand in every output the plan names.`, { missing });
  const unanswered = attempt.reworkPoints.filter((point) => typeof command.pointAnswers[point.id] !== "string");
  if (unanswered.length > 0) {
    return refuse("invalid", "task.point-unanswered", `Each point of the review needs an answer (fixed, or refused with a reason): ${unanswered.map((point) => `${point.id}: ${point.text}`).join("; ")}`, { unanswered: unanswered.map((point) => point.id) });
  }
  const draft = beginTransition();
  const epoch = attempt.epoch + 1;
  draft.change(attemptKind, attempt, { outputs: command.outputs, pointAnswers: command.pointAnswers, notes: command.note === "" ? [] : [command.note], epoch });
  draft.record(attemptKind, attempt, "human.time", { requestId: task.requestId, taskKey: task.key, timeKind: "task", ms: command.minutesSpent * 60_000, source: "reported", person: context.actor.id });
  draft.enqueue({ kind: "attempt", subjectId: attempt.id, epoch });
  return draft.accept({ id: task.id, state: task.state, attemptId: attempt.id });
}
