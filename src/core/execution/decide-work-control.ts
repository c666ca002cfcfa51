import { isActive } from "../oversight/authority.ts";
import { openItem } from "../oversight/open-item.ts";
import { recordDecision } from "../oversight/record-decision.ts";
import { type Performer, performerKey } from "../personas/persona.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import { type Attempt, attemptKind } from "./attempt.ts";
import type { HumanWorkSlice, ReassignSlice } from "./decide-human-work.ts";
import { cancelAttempt, createAttempt, moveTask } from "./dispatch-task.ts";
import { goOn } from "./hold-attempt.ts";
import { taskKind } from "./task.ts";

/** A person holds running work where it is, or lets it go on. What was asked and done stays. */
export interface PauseWork {
  readonly kind: "pause-work" | "resume-work";
  readonly taskId: string;
  readonly reason: string;
}

/** A person tells running work something; it is said in the next turn. */
export interface SteerWork {
  readonly kind: "steer-work";
  readonly taskId: string;
  readonly note: string;
}

/** A person ends running work: to do it, or to have somebody decide who does. */
export interface EndWork {
  readonly kind: "take-over-work" | "cancel-work";
  readonly taskId: string;
  readonly reason: string;
}

/** Notes of one attempt, and the longest of them. */
export const maxNotes = 20;
export const maxNote = 2_000;

/** Whether an attempt is work that a person can steer: under way, and not a person's own. */
const isSteerable = (attempt: Attempt | undefined): attempt is Attempt =>
  attempt !== undefined && attempt.executor !== "human" && (attempt.state === "running" || attempt.state === "paused");

function controlProblem({ person, attempt, task, request }: HumanWorkSlice): Refusal | null {
  if (!isActive(person)) return refuse("forbidden", "task.not-a-member", "Only an active member can steer work.");
  if (request.rehearsal) return refuse("conflict", "work.rehearsal", "Work of a rehearsal is scripted; there is nothing to steer in it.");
  return isSteerable(attempt)
    ? null
    : refuse("conflict", "work.not-running", `Nothing that can be steered works at this task; it is ${task.state}.`);
}

const isPausedBySomebody = ({ pausedById }: Attempt): boolean => typeof pausedById === "string";

/** Holds work back under a new epoch, so that whoever does it now can report and send nothing more. Their call is closed within seconds. */
export function decideWorkPause(slice: HumanWorkSlice, command: PauseWork, context: DecideContext): Decided {
  const problem = controlProblem(slice);
  const { attempt, task } = slice;
  if (problem !== null || attempt === undefined) return problem ?? refuse("conflict", "work.not-running", "Nobody works at this task.");
  const step = beginStep(context);
  const isPaused = isPausedBySomebody(attempt);
  if (isPaused === (command.kind === "pause-work"))
    return refuse("conflict", "work.not-running", isPaused ? "A person paused it already." : "No person paused it.");
  if (command.kind === "resume-work") return resume(step, attempt);
  const paused = step.draft.change(attemptKind, attempt, {
    state: "paused",
    epoch: attempt.epoch + 1,
    pausedById: context.actor.id,
    provider: null,
  });
  step.draft.record(attemptKind, paused, "run.paused", {
    requestId: attempt.requestId,
    taskId: task.id,
    reason: command.reason,
    by: context.actor.id,
    retryAtMs: null,
  });
  return step.draft.accept({ id: task.id, state: "paused" });
}

/** What a halt or a budget holds stays held by that. */
function resume(step: Step, attempt: Attempt): Decided {
  const free = step.draft.change(attemptKind, attempt, { pausedById: null });
  const isHeld = typeof attempt.heldById === "string" || (attempt.waitsFor ?? null) !== null;
  if (!isHeld) goOn(step, free, "the person who paused it lets it go on");
  return step.draft.accept({ id: attempt.taskId, state: isHeld ? "paused" : "running" });
}

/** Keeps a note for the next turn. */
export function decideSteering(slice: HumanWorkSlice, command: SteerWork, context: DecideContext): Decided {
  const problem = controlProblem(slice);
  const { attempt, task } = slice;
  if (problem !== null || attempt === undefined) return problem ?? refuse("conflict", "work.not-running", "Nobody works at this task.");
  const note = command.note.trim();
  if (note === "" || note.length > maxNote)
    return refuse("invalid", "work.note-invalid", `Say in at most ${maxNote} characters what the work should know.`);
  const before = attempt.steering ?? [];
  if (before.length >= maxNotes)
    return refuse(
      "exhausted",
      "work.too-many-notes",
      `This attempt was told ${maxNotes} notes; take it over, or give the task to somebody else.`,
    );
  const step = beginStep(context);
  const steered = step.draft.change(attemptKind, attempt, { steering: [...before, { note, byId: context.actor.id, atMs: context.nowMs }] });
  step.draft.record(attemptKind, steered, "run.steered", { requestId: attempt.requestId, taskId: task.id, note, by: context.actor.id });
  return step.draft.accept({ id: task.id, notes: before.length + 1 });
}

/** Ends the attempt, which is no failed try, and gives the task to the person, or asks who does it now. */
export function decideWorkEnd(slice: ReassignSlice, command: EndWork, context: DecideContext): Decided {
  const { attempt, task, authority, clocks } = slice;
  const isTaken = command.kind === "take-over-work";
  const performer: Performer = { kind: "person", id: context.actor.id };
  const problem = controlProblem(slice) ?? endProblem(slice, command, performer);
  if (problem !== null || attempt === undefined) return problem ?? refuse("conflict", "work.not-running", "Nobody works at this task.");
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const step = beginStep(context);
  const from = performerKey(attempt.performer);
  recordDecision(step, {
    requestId: asId(task.requestId),
    subjectKind: "task",
    subjectId: task.id,
    question: `Should ${from} go on with "${task.title}"?`,
    options: [{ id: command.kind, label: isTaken ? "No: I do it" : "No: stop it" }],
    choice: command.kind,
    rationale: command.reason,
    evidence: { from, attemptId: attempt.id },
    authority: authority.rule,
    soloWaiver: false,
    basis: authority.basis,
  });
  cancelAttempt(step, attempt, { reason: command.reason, clocks });
  const done = { ...slice, attempt, reason: command.reason };
  return isTaken ? takeOver(step, done, performer) : stop(step, done);
}

function endProblem({ members, task }: ReassignSlice, { kind, reason }: EndWork, performer: Performer): Refusal | null {
  if (reason.trim() === "") return refuse("invalid", "task.reason-missing", "Say why the work ends; the reason is recorded.");
  return kind === "take-over-work" && members > 1 && task.excludedPerformers.includes(performerKey(performer))
    ? refuse("forbidden", "task.excluded", "This task was taken away from you; another person has to do it.")
    : null;
}

interface Ending extends ReassignSlice {
  readonly attempt: Attempt;
  readonly reason: string;
}

function takeOver(step: Step, { task, reason }: Ending, performer: Performer): Decided {
  moveTask(step, task, { to: "ready", event: "task.ready", data: { reason, by: performer.id } });
  const attempt = createAttempt(step, task, { performer, executor: "human" });
  step.draft.change(taskKind, task, { assignment: null });
  step.draft.record(attemptKind, attempt, "run.started", {
    requestId: task.requestId,
    taskKey: task.key,
    performer: performerKey(performer),
  });
  moveTask(step, task, { to: "assigned", event: "task.assigned", data: { performer: performer.id, executor: "human" } });
  moveTask(step, task, {
    to: "running",
    event: "task.started",
    data: { performer: performer.id, executor: "human", number: attempt.number },
  });
  return step.draft.accept({ id: task.id, state: "running", attemptId: attempt.id });
}

function stop(step: Step, { task, attempt, reason }: Ending): Decided {
  moveTask(step, task, { to: "blocked", event: "task.blocked", data: { reason } });
  step.draft.change(taskKind, task, { blockedBy: "assignment" });
  openItem(step, {
    kind: "escalation",
    requestId: task.requestId,
    subjectKind: "task",
    subjectId: task.id,
    title: `Who goes on with "${task.title}"?`,
    detail: `A person stopped ${attempt.performer.id} at attempt ${attempt.number}: ${reason}`,
    ruleId: "assignment.stopped",
    choices: [
      { id: "human", label: "Let a person do it", needs: "nothing" },
      { id: "anyone", label: "Try again with all performers", needs: "nothing" },
      { id: "cancel", label: "Cancel the task", needs: "reason" },
    ],
    risk: task.spec.risk,
  });
  return step.draft.accept({ id: task.id, state: "blocked" });
}
