import { type Halt, type HaltedSubject, haltedWhat, haltOn } from "../gate/halt.ts";
import type { WorkRequest } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { isTerminal } from "../shared/moves.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import { type Attempt, attemptKind, attemptMoves } from "./attempt.ts";
import { staleAttemptReport } from "./stale-report.ts";
import type { Task } from "./task.ts";

/** A worker stops an attempt because a halt forbids what it needs next. */
export interface HoldAttempt {
  readonly kind: "hold-attempt";
  readonly attemptId: string;
  readonly epoch: number;
}

/** The halt that held an attempt was lifted. */
export interface ResumeAttempt {
  readonly kind: "resume-attempt";
  readonly attemptId: string;
}

export interface HeldSlice {
  readonly request: WorkRequest;
  readonly task: Task;
  readonly attempt: Attempt;
  /** Those set now, kept so until this commits. */
  readonly halts: readonly Halt[];
}

/** What a halt would have to cover to hold work of a task back. */
export const haltedWork = (request: WorkRequest, task: Task, by: Pick<Attempt, "performer" | "executor" | "provider">): HaltedSubject => ({
  projectId: request.projectId,
  persona: by.performer.kind === "persona" ? by.performer.id : null,
  tools: task.spec.tools,
  providers: [by.executor, ...(typeof by.provider === "string" ? [by.provider] : [])],
});

export const haltOnAttempt = ({ request, task, attempt, halts }: HeldSlice): Halt | undefined =>
  haltOn(halts, haltedWork(request, task, attempt));

/** Refuses to begin something under a halt, naming it. */
export const haltRefusal = (halt: Halt): Refusal =>
  refuse(
    "conflict",
    "halt.in-force",
    `Halted: ${haltedWhat(halt)}. ${halt.reason} Work goes on when an administrator or director lifts it.`,
    {
      haltId: halt.id,
    },
  );

/** Leaves an attempt where it is, to be taken up when the halt is lifted. It counts as no failed try. */
export function holdAttempt({ draft, context: _context }: Step, attempt: Attempt, halt: Halt): Attempt {
  const held = draft.change(attemptKind, attempt, {
    heldById: halt.id,
    ...(attempt.state === "running" ? { state: "paused" as const } : {}),
  });
  draft.record(attemptKind, attempt, "run.held", { requestId: attempt.requestId, haltId: halt.id, reason: halt.reason });
  return held;
}

/** Pauses a running attempt whose next effect is halted; its later run goes on from what the ledger knows. */
export function decideHold(slice: HeldSlice, command: HoldAttempt, context: DecideContext): Decided {
  const { attempt } = slice;
  const stale = staleAttemptReport(attempt, command.epoch);
  if (stale !== null) return refuse("conflict", "attempt.stale-epoch", `This work belongs to somebody else now: ${stale}.`);
  const step = beginStep(context);
  const [halt] = slice.halts;
  if (halt !== undefined) {
    holdAttempt(step, attempt, haltOnAttempt(slice) ?? halt);
    return step.draft.accept({ id: attempt.id, state: "held" });
  }
  // Lifted in between: it goes on at once.
  goOn(step, attempt, "the halt was lifted");
  return step.draft.accept({ id: attempt.id, state: attempt.state });
}

/** Gives a held attempt back to the queue under a new epoch, or to the next halt that covers it. */
export function decideResumedAttempt(slice: HeldSlice, _command: ResumeAttempt, context: DecideContext): Decided {
  const { attempt, request } = slice;
  if (attempt.heldById === undefined || attempt.heldById === null || isTerminal(attemptMoves, attempt.state))
    return refuse("conflict", "attempt.not-held", "No halt holds this attempt any more.");
  const step = beginStep(context);
  const halt = haltOnAttempt(slice);
  if (halt !== undefined) {
    step.draft.change(attemptKind, attempt, { heldById: halt.id });
    return step.draft.accept({ id: attempt.id, state: "held" });
  }
  // What a person paused as well waits for that person.
  if (typeof attempt.pausedById === "string") {
    step.draft.change(attemptKind, attempt, { heldById: null });
    return step.draft.accept({ id: attempt.id, state: attempt.state });
  }
  // Resuming a paused request gives what had not begun a job; what had begun goes on, as always.
  if (request.state === "paused" && attempt.state === "leased") step.draft.change(attemptKind, attempt, { heldById: null });
  else goOn(step, attempt, "the halt was lifted");
  return step.draft.accept({ id: attempt.id, state: attempt.state });
}

/** Gives an attempt back to the queue under a new epoch, for the reason given. */
export function goOn({ draft }: Step, attempt: Attempt, reason: string): void {
  const again = draft.change(attemptKind, attempt, { epoch: attempt.epoch + 1, heldById: null });
  draft.record(attemptKind, attempt, "attempt.leased", { requestId: attempt.requestId, epoch: again.epoch, reason });
  draft.enqueue({ kind: "attempt", subjectId: attempt.id, epoch: again.epoch });
}
