import { alwaysReviewOf } from "../oversight/always-review.ts";
import { type Authority, answerProblem } from "../oversight/authority.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { closeItem, withdrawItems } from "../oversight/open-item.ts";
import { recordAnswer, recordDecision } from "../oversight/record-decision.ts";
import { diffPlans } from "../planning/diff-plans.ts";
import type { PlanDocument, PlanTask } from "../planning/plan-document.ts";
import { planKind } from "../planning/plan.ts";
import type { AnswerItem } from "../requests/decide-request-answer.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId, type PersonId } from "../shared/ids.ts";
import { type Json, canonicalJson } from "../shared/json.ts";
import { type Decided, type Refusal, type Step, beginStep, refuse } from "../shared/transition.ts";
import { lostRace, statedCost, unsound } from "./decide-proposal.ts";
import { assignReady, makeReady, moveTask } from "./dispatch-task.ts";
import { createTask, wireTasks, type WiredTask } from "./new-task.ts";
import { type PatchPlan, type PatchSlice, asksForPatch, patchQuestion, proposePatch, waitingProblem } from "./propose-patch.ts";
import { type Task, taskKind } from "./task.ts";
import { integrateWhenDone } from "./unlock-dependents.ts";

/** A patch as it comes into force. */
interface AgreedPatch {
  readonly command: PatchPlan;
  readonly authority: Authority & { readonly kind: "granted" };
  readonly authorId: PersonId;
  /** Why whoever decided did so. */
  readonly rationale: string;
}

/** Work on it has not begun, so a patch may change or remove it. */
const isOpen = (task: Task): boolean =>
  task.startedAtMs === null && (task.state === "waiting" || task.state === "ready" || task.state === "blocked");
const isDone = (task: Task | undefined): boolean => task?.state === "passed" || task?.state === "integrated";
const sameSpec = (left: PlanTask | undefined, right: PlanTask): boolean =>
  left !== undefined && canonicalJson(asJson(left)) === canonicalJson(asJson(right));
const asJson = (spec: PlanTask): Json => spec as unknown as Json; // a plan's entry is plain JSON

/**
 * Takes a patch from its author: it goes before a second person, or is applied at once where nobody else could decide
 * and the author has confirmed to decide alone.
 */
export function decidePatch(slice: PatchSlice, command: PatchPlan, context: DecideContext): Decided {
  const { authority } = slice;
  const waits = authority.kind === "denied" && authority.code === "authority.own-work";
  if (authority.kind === "denied" && !waits) return refuse("forbidden", authority.code, authority.message);
  const refused = patchProblem(slice, command) ?? (waits ? waitingProblem(slice.items) : null);
  if (refused !== null) return refused;
  const step = beginStep(context);
  if (authority.kind === "denied") {
    const present = slice.tasks.filter((task) => task.state !== "cancelled").map((task) => task.spec);
    return proposePatch(step, slice, { command, difference: diffPlans(present, command.document.decomposition) });
  }
  return applyPatch(step, slice, { command, authority, authorId: asId(context.actor.id), rationale: command.reason });
}

/** Takes a second person's word on a patch that waits. It is looked at anew: work may have begun since it was written. */
export function decidePatchAnswer(slice: PatchSlice & { readonly item: InboxItem }, answer: AnswerItem, context: DecideContext): Decided {
  const { item, authority } = slice;
  const problem = answerProblem(item, answer);
  if (problem !== null) return refuse("conflict", problem.code, problem.message);
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const step = beginStep(context);
  if (answer.choice !== "approve") {
    closeItem(step, item, { ...answer, soloWaiver: authority.soloWaiver });
    recordAnswer(step, item, { ...answer, authority });
    return step.draft.accept({ id: item.id, state: "answered" });
  }
  const command = patchOf(item);
  const [authorId] = item.excludedPersonIds;
  if (command === null || authorId === undefined)
    return refuse("conflict", "inbox.moved-on", "What this asks about is not there any more; write the change again.");
  const refused = patchProblem(slice, command);
  if (refused !== null) return refused;
  closeItem(step, item, { ...answer, soloWaiver: authority.soloWaiver });
  return applyPatch(step, slice, { command, authority, authorId, rationale: answer.reason.trim() === "" ? command.reason : answer.reason });
}

/** The patch that an item proposes, as its author wrote it over the plan they had read. */
function patchOf({ subjectId, proposed, evidence }: InboxItem): PatchPlan | null {
  const { after, before } = evidence;
  if (proposed === undefined || typeof after !== "string" || typeof before !== "string") return null;
  const { document, reason } = proposed as unknown as Pick<PatchPlan, "document" | "reason">; // written by `proposePatch`
  return { kind: "patch-plan", planId: subjectId, document, documentSha256: after, reason, seenSha256: before };
}

/** Puts a patch into force, with the decision on record with both hashes. */
function applyPatch(step: Step, slice: PatchSlice, { command, authority, authorId, rationale }: AgreedPatch): Decided {
  const { request, plan } = slice;
  recordDecision(step, {
    requestId: asId(request.id),
    subjectKind: "plan",
    subjectId: plan.id,
    question: patchQuestion(slice),
    options: [{ id: "patch", label: "Apply the patch" }],
    choice: "patch",
    rationale,
    evidence: { before: plan.documentSha256, after: command.documentSha256, authorId },
    authority: authority.rule,
    soloWaiver: authority.soloWaiver,
    basis: authority.basis,
  });
  const { openSinks, ...changes } = applyDocument(step, slice, command.document);
  const patched = step.draft.change(planKind, plan, {
    documentSha256: command.documentSha256,
    taskCount: command.document.decomposition.length,
    costMicro: statedCost(command.document),
    alwaysReview: alwaysReviewOf(command.document.decomposition),
    openSinks,
    deliverable: command.document.deliverable ?? [],
    origin: { ...plan.origin, edited: true, authorId },
  });
  step.draft.record(planKind, plan, "plan.patched", {
    requestId: request.id,
    ...changes,
    reason: command.reason,
    documentSha256: command.documentSha256,
  });
  integrateWhenDone(step, request, patched);
  return step.draft.accept({ id: plan.id, ...changes });
}

function patchProblem({ request, plan, tasks }: PatchSlice, { document, reason, seenSha256 }: PatchPlan): Refusal | null {
  if (plan.state !== "approved" || request.state !== "active" || request.planId !== plan.id) {
    return refuse(
      "conflict",
      "plan.not-active",
      `The plan is ${plan.state} and its request ${request.state}; only running plans are patched.`,
    );
  }
  const lost = lostRace(plan, seenSha256);
  if (lost !== null) return lost;
  if (reason.trim() === "") return refuse("invalid", "plan.reason-missing", "Say why the plan changes; the reason is recorded.");
  return unsound(document) ?? conflictWithWork(tasks, new Map(document.decomposition.map((spec) => [spec.task, spec])));
}

/** What a document may not do to work that has begun or ended. */
function conflictWithWork(tasks: readonly Task[], wanted: ReadonlyMap<string, PlanTask>): Refusal | null {
  const reused = tasks.filter((task) => task.state === "cancelled" && wanted.has(task.key)).map((task) => task.key);
  if (reused.length > 0)
    return refuse("conflict", "plan.key-used", `${reused.join(", ")} was cancelled; what is done instead needs another key.`, { reused });
  const kept = tasks.filter((task) => task.state !== "cancelled" && !isOpen(task) && !(task.state === "failed" && !wanted.has(task.key)));
  const touched = kept.filter((task) => !sameSpec(wanted.get(task.key), task.spec)).map((task) => task.key);
  if (touched.length > 0)
    return refuse("conflict", "plan.work-begun", `Work on ${touched.join(", ")} has begun; a patch keeps it as it is.`, { touched });
  const failed = new Set(tasks.filter((task) => task.state === "failed").map((task) => task.key));
  const knows = new Map(tasks.map((task) => [task.key, task]));
  const hopeless = [...wanted.values()].filter((spec) =>
    spec.dependencies.some(
      (key) => failed.has(key) && knows.get(spec.task)?.blockers.includes(key) !== true && !isDone(knows.get(spec.task)),
    ),
  );
  if (hopeless.length === 0) return null;
  return refuse(
    "conflict",
    "plan.dependency-failed",
    `${hopeless.map((spec) => spec.task).join(", ")} would wait for a task that was given up; let it depend on something else.`,
  );
}

function applyDocument(step: Step, slice: PatchSlice, document: PlanDocument) {
  const alive = new Map(slice.tasks.filter((task) => task.state !== "cancelled").map((task) => [task.key, task]));
  const wired = wireTasks(document.decomposition, (key) => asId(alive.get(key)?.id ?? step.context.newId()));
  const keys = new Set(wired.map(({ spec }) => spec.task));
  const removed = [...alive.values()].filter((task) => !keys.has(task.key));
  for (const task of removed) moveTask(step, task, { to: "cancelled", event: "task.cancelled", data: { reason: "removed by a patch" } });
  const added: string[] = [];
  const changed: string[] = [];
  for (const entry of wired) {
    const task = alive.get(entry.spec.task);
    const waitingOn = entry.spec.dependencies.filter((key) => !isDone(alive.get(key))).length;
    if (task === undefined) {
      added.push(entry.spec.task);
      addTask(step, slice, { ...entry, waitingOn });
    } else if (!isOpen(task))
      step.draft.change(taskKind, task, { ordinal: entry.ordinal, dependsOn: entry.dependsOn, dependents: entry.dependents, waitingOn });
    else {
      if (!sameSpec(task.spec, entry.spec)) changed.push(entry.spec.task);
      changeTask(step, slice, { task, ...entry, waitingOn });
    }
  }
  withdrawItems(step, staleItems(step, slice, removed), "the plan was patched");
  const openSinks = wired.filter(
    ({ spec, dependents }) => dependents.length === 0 && !isDone(alive.get(spec.task)) && alive.get(spec.task)?.state !== "failed",
  ).length;
  return { added, changed, removed: removed.map((task) => task.key), openSinks };
}

/** Other patches of what the plan was, and items about removed tasks, tasks that can be given again, and ended tasks that nothing waits for any more. */
function staleItems(step: Step, slice: PatchSlice, removed: readonly Task[]): readonly InboxItem[] {
  const gone = new Set<string>(removed.map((task) => task.id));
  const now = slice.tasks.map((task) => step.draft.current(taskKind, task));
  const freed = new Set<string>(
    slice.tasks.filter((task, index) => task.state === "blocked" && now[index]?.state !== "blocked").map((task) => task.id),
  );
  const blocking = new Set(now.filter((task) => task.state === "blocked").flatMap((task) => task.blockers));
  const idle = new Set<string>(slice.tasks.filter((task) => !blocking.has(task.key)).map((task) => task.id));
  return slice.items.filter(
    (item) =>
      asksForPatch(item) || gone.has(item.subjectId) || freed.has(item.subjectId) || (item.kind === "patch" && idle.has(item.subjectId)),
  );
}

function addTask(step: Step, slice: PatchSlice, entry: WiredTask & { readonly waitingOn: number }): void {
  const task = createTask(step, { ...entry, requestId: asId(slice.request.id), planId: asId(slice.plan.id) });
  if (task.waitingOn > 0) moveTask(step, task, { to: "waiting", event: "task.waiting", data: { reason: "added by a patch" } });
  else makeReady(step, task, slice);
}

/** Gives an open task its new words and brings it to the state that its dependencies now ask for. */
function changeTask(step: Step, slice: PatchSlice, entry: WiredTask & { readonly task: Task; readonly waitingOn: number }): void {
  const { task, spec, ordinal, dependsOn, dependents, waitingOn } = entry;
  const same = sameSpec(task.spec, spec);
  const blockers = task.blockers.filter((key) => spec.dependencies.includes(key));
  const now = step.draft.change(taskKind, task, { spec, title: spec.title, ordinal, dependsOn, dependents, waitingOn, blockers });
  if (task.state === "blocked") {
    // Nobody could do it as it was; as it is now somebody may. Without a change it stays with the people who were asked.
    if (blockers.length === 0 && !(task.blockedBy === "assignment" && same)) makeReadyWhenFree(step, toWaiting(step, task), slice);
  } else if (task.state === "ready" && waitingOn > 0) {
    // A ready task that now waits again goes over blocked: there is no other legal way back.
    moveTask(step, task, { to: "blocked", event: "task.blocked", data: { reason: "patched" } });
    toWaiting(step, task);
  } else if (task.state === "ready" && !same) assignReady(step, task, slice.bench);
  else makeReadyWhenFree(step, now, slice);
}

function makeReadyWhenFree(step: Step, task: Task, slice: PatchSlice): void {
  if (task.state === "waiting" && task.waitingOn === 0) makeReady(step, task, slice);
}

function toWaiting(step: Step, task: Task): Task {
  moveTask(step, task, { to: "waiting", event: "task.waiting", data: { reason: "patched" } });
  return step.draft.change(taskKind, task, { blockedBy: null, performer: null, executor: null, assignment: null });
}
