import type { Attempt } from "../execution/attempt.ts";
import { haltedWork } from "../execution/hold-attempt.ts";
import type { Task } from "../execution/task.ts";
import { type Halt, haltedWhat, haltOn } from "../gate/halt.ts";
import { type Notice, noticeKind } from "../oversight/notice.ts";
import { requestJobs, startRequestJob } from "../requests/move-request.ts";
import { type WorkRequest, requestKind } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { ProjectId } from "../shared/ids.ts";
import { type Decided, type JobKind, type Step, beginStep, refuse } from "../shared/transition.ts";
import { type Review, reviewKind } from "./review.ts";

/** Jobs that wait as their own rows; an attempt is held by its start, and a trial ends under a halt. */
export type HeldJobKind = Exclude<JobKind, "attempt" | "qualify">;

/** A worker asks, while something is halted, whether a job may begin. */
export interface HoldJob {
  readonly kind: "hold-job";
  readonly jobKind: HeldJobKind;
  readonly subjectId: string;
  readonly epoch: number;
}

/** The halt that held a job was lifted. */
export interface ResumeJob {
  readonly kind: "resume-job";
  readonly jobKind: HeldJobKind;
  readonly subjectId: string;
}

/** What a job works for. */
export type JobSubject =
  | { readonly kind: "request"; readonly request: WorkRequest }
  | {
      readonly kind: "review";
      readonly request: WorkRequest;
      readonly review: Review;
      readonly task: Task;
      readonly attempt: Attempt;
    }
  | { readonly kind: "notice"; readonly notice: Notice; readonly projectId: ProjectId };

export interface JobSlice {
  readonly subject: JobSubject;
  /** Those set now, kept so until this commits. */
  readonly halts: readonly Halt[];
}

/** News of work waits; what people write to each other, and that a channel fails, waits only after a restore. */
const workTopics: ReadonlySet<string> = new Set(["needs-you", "reminder", "escalation", "due", "delivered"]);

/** The halt that covers a job: of a review also one of the work that it judges, since its verdict would let that go on. */
function haltOnJob({ subject, halts }: JobSlice): Halt | undefined {
  if (subject.kind === "notice") {
    const holding = workTopics.has(subject.notice.topic) ? halts : halts.filter((halt) => halt.restored === true);
    return haltOn(holding, { projectId: subject.projectId, persona: null, tools: [], providers: [] });
  }
  if (subject.kind === "request") return haltOn(halts, { projectId: subject.request.projectId, persona: null, tools: [], providers: [] });
  const { request, review, task, attempt } = subject;
  return (
    haltOn(halts, haltedWork(request, task, attempt)) ??
    haltOn(halts, haltedWork(request, task, { performer: review.reviewer, executor: review.executor }))
  );
}

/** Whether the row still waits for a job of this kind; `epoch` absent: for any run of it. */
function isWanted(subject: JobSubject, { jobKind, epoch }: { readonly jobKind: HeldJobKind; readonly epoch?: number }): boolean {
  const row = rowOf(subject);
  if (epoch !== undefined && row.epoch !== epoch) return false;
  if (subject.kind === "request") return requestJobs[subject.request.state] === jobKind;
  return subject.kind === "review" ? subject.review.state === "open" : subject.notice.state === "pending";
}

const rowOf = (subject: JobSubject): WorkRequest | Review | Notice =>
  subject.kind === "request" ? subject.request : subject.kind === "review" ? subject.review : subject.notice;

/** Lets a job begin, or keeps it as a row until the halt that covers it is lifted. Held work counts as no failure and no hand-over. */
export function decideJobHold(slice: JobSlice, command: HoldJob, context: DecideContext): Decided {
  if (!isWanted(slice.subject, command)) return refuse("conflict", "job.already-settled", "This job has ended or was handed on before.");
  const step = beginStep(context);
  const halt = haltOnJob(slice);
  if (halt === undefined) return step.draft.accept({ id: command.subjectId, state: "free" });
  setHold(step, slice.subject, halt);
  record(step, slice.subject, { jobKind: command.jobKind, halt });
  return step.draft.accept({ id: command.subjectId, state: "held" });
}

/** Gives a held job back to the queue under a new epoch, or to the next halt that covers it. */
export function decideJobResumed(slice: JobSlice, command: ResumeJob, context: DecideContext): Decided {
  const { subject } = slice;
  if (heldJobBy(subject) === null) return refuse("conflict", "job.not-held", "No halt holds this job any more.");
  const step = beginStep(context);
  const wanted = isWanted(subject, { jobKind: command.jobKind });
  const halt = wanted ? haltOnJob(slice) : undefined;
  setHold(step, subject, halt);
  if (halt !== undefined) return step.draft.accept({ id: command.subjectId, state: "held" });
  if (wanted) {
    record(step, subject, { jobKind: command.jobKind, halt });
    startAgain(step, subject);
  }
  return step.draft.accept({ id: command.subjectId, state: wanted ? "queued" : "free" });
}

const heldJobBy = (subject: JobSubject): string | null =>
  subject.kind === "notice"
    ? (subject.notice.heldBy?.haltId ?? null)
    : ((subject.kind === "request" ? subject.request : subject.review).heldById ?? null);

function setHold({ draft }: Step, subject: JobSubject, halt: Halt | undefined): void {
  const heldById = halt?.id ?? null;
  if (subject.kind === "request") draft.change(requestKind, subject.request, { heldById });
  else if (subject.kind === "review") draft.change(reviewKind, subject.review, { heldById });
  else
    draft.change(noticeKind, subject.notice, {
      heldBy: heldById === null ? null : { haltId: heldById, projectId: subject.projectId },
    });
}

function record(
  { draft }: Step,
  subject: JobSubject,
  { jobKind, halt }: { readonly jobKind: HeldJobKind; readonly halt: Halt | undefined },
): void {
  const told = halt === undefined ? {} : { haltId: halt.id, scope: haltedWhat(halt), reason: halt.reason };
  if (subject.kind === "request")
    draft.record(requestKind, subject.request, halt === undefined ? "work.resumed" : "work.held", {
      requestId: subject.request.id,
      job: jobKind,
      ...told,
    });
  else if (subject.kind === "notice")
    draft.record(noticeKind, subject.notice, halt === undefined ? "work.resumed" : "work.held", { job: jobKind, ...told });
  else
    draft.record(reviewKind, subject.review, halt === undefined ? "work.resumed" : "work.held", {
      requestId: subject.review.requestId,
      taskKey: subject.task.key,
      job: jobKind,
      ...told,
    });
}

function startAgain(step: Step, subject: JobSubject): void {
  const { draft } = step;
  if (subject.kind === "request") startRequestJob(step, subject.request);
  else if (subject.kind === "review") {
    const { id, epoch } = draft.change(reviewKind, subject.review, { epoch: subject.review.epoch + 1 });
    draft.enqueue({ kind: "review", subjectId: id, epoch });
  } else {
    const { id, epoch } = draft.change(noticeKind, subject.notice, { epoch: subject.notice.epoch + 1 });
    draft.enqueue({ kind: "notify", subjectId: id, epoch });
  }
}
