import type { Authority } from "../oversight/authority.ts";
import { recordDecision } from "../oversight/record-decision.ts";
import { type Plan, planKind } from "../planning/plan.ts";
import type { PlanDocument } from "../planning/plan-document.ts";
import { checkPlan } from "../planning/check-plan.ts";
import type { WorkRequest } from "../requests/request.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type TaskId, asId } from "../shared/ids.ts";
import { type Decided, type TransitionDraft, beginTransition, refuse } from "../shared/transition.ts";
import type { Bench } from "../assignment/choose-performer.ts";
import { makeReady, moveTask } from "./dispatch-task.ts";
import { type Task, taskKind } from "./task.ts";

/** A change of an approved plan: its whole new document. What has not started may change; started work stays as it is. */
export interface PatchPlan {
  readonly kind: "patch-plan";
  readonly planId: string;
  readonly document: PlanDocument;
  readonly documentSha256: string;
  readonly reason: string;
}

export interface PatchSlice {
  readonly request: WorkRequest;
  readonly plan: Plan;
  /** Every task of the plan, locked. */
  readonly tasks: readonly Task[];
  readonly authority: Authority;
  readonly bench: Bench;
}

/** Tasks whose work has not begun; only these may be changed or removed by a patch. */
const open: ReadonlySet<Task["state"]> = new Set(["waiting", "ready", "blocked"]);

/** Applies a patch that a person with the authority makes; the decision is on record with both hashes. */
export function decidePatch(slice: PatchSlice, command: PatchPlan, context: DecideContext): Decided {
  const { request, plan, authority } = slice;
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  if (plan.state !== "approved" || request.state !== "active") return refuse("conflict", "plan.not-active", `The plan is ${plan.state} and its request ${request.state}; only running plans are patched.`);
  if (command.reason.trim() === "") return refuse("invalid", "plan.reason-missing", "Say why the plan changes; the reason is recorded.");
  const problems = checkPlan(command.document);
  if (problems.length > 0) return refuse("invalid", "plan.unsound", problems.slice(0, 5).map((problem) => problem.message).join(" "), { problems: problems.map((one) => ({ ...one })) });
  const wanted = new Map(command.document.decomposition.map((spec) => [spec.task, spec]));
  const fixed = slice.tasks.filter((task) => !open.has(task.state) && task.state !== "cancelled");
  const touched = fixed.filter((task) => JSON.stringify(wanted.get(task.key)) !== JSON.stringify(task.spec)).map((task) => task.key);
  if (touched.length > 0) return refuse("conflict", "plan.work-begun", `Work on ${touched.join(", ")} has begun; a patch keeps it as it is.`, { touched });
  const draft = beginTransition();
  recordDecision(draft, context, {
    requestId: asId(request.id), subjectKind: "plan", subjectId: plan.id, question: `Change plan ${plan.number} of "${request.title}"?`,
    options: [{ id: "patch", label: "Apply the patch" }], choice: "patch", rationale: command.reason,
    evidence: { before: plan.documentSha256, after: command.documentSha256 }, authority: authority.rule, soloWaiver: authority.soloWaiver,
  });
  const changes = applyDocument(draft, context, slice, command.document);
  draft.change(planKind, plan, { documentSha256: command.documentSha256, taskCount: wanted.size, openSinks: changes.openSinks, deliverable: command.document.deliverable ?? [], origin: { ...plan.origin, edited: true, authorId: asId<"person">(context.actor.id) } });
  draft.record(planKind, plan, "plan.patched", { requestId: request.id, added: changes.added, changed: changes.changed, removed: changes.removed, reason: command.reason, documentSha256: command.documentSha256 });
  return draft.accept({ id: plan.id, added: changes.added, changed: changes.changed, removed: changes.removed });
}

function applyDocument(draft: TransitionDraft, context: DecideContext, slice: PatchSlice, document: PlanDocument) {
  const byKey = new Map(slice.tasks.filter((task) => task.state !== "cancelled").map((task) => [task.key, task]));
  const idOf = new Map(document.decomposition.map((spec) => [spec.task, asId<"task">(byKey.get(spec.task)?.id ?? context.newId())]));
  const dependentsOf = new Map<string, TaskId[]>();
  for (const spec of document.decomposition) for (const key of spec.dependencies) dependentsOf.set(key, [...(dependentsOf.get(key) ?? []), ...(idOf.get(spec.task) === undefined ? [] : [asId<"task">(idOf.get(spec.task) ?? "")])]);
  const passed = new Set(slice.tasks.filter((task) => task.state === "passed" || task.state === "integrated").map((task) => task.key));
  const removed = [...byKey.values()].filter((task) => !idOf.has(task.key));
  for (const task of removed) moveTask(draft, context, task, "cancelled", "task.cancelled", { reason: "removed by a patch" });
  const added: string[] = [];
  const changed: string[] = [];
  for (const [index, spec] of document.decomposition.entries()) {
    const task = byKey.get(spec.task);
    const dependsOn = spec.dependencies.flatMap((key) => idOf.get(key) ?? []);
    const fields = { ordinal: index + 1, dependents: dependentsOf.get(spec.task) ?? [], dependsOn, waitingOn: spec.dependencies.filter((key) => !passed.has(key)).length };
    if (task === undefined) {
      added.push(spec.task);
      addTask(draft, context, slice, { ...fields, spec, id: idOf.get(spec.task) ?? asId<"task">(context.newId()) });
    } else if (open.has(task.state)) {
      if (JSON.stringify(task.spec) !== JSON.stringify(spec)) changed.push(spec.task);
      const now = draft.change(taskKind, task, { ...fields, spec, title: spec.title });
      settleOpen(draft, context, slice, now);
    } else draft.change(taskKind, task, fields);
  }
  const openSinks = document.decomposition.filter((spec) => !dependentsOf.has(spec.task) && !passed.has(spec.task)).length;
  return { added, changed, removed: removed.map((task) => task.key), openSinks };
}

/** Brings an open task to the state its dependencies now give it. */
function settleOpen(draft: TransitionDraft, context: DecideContext, slice: PatchSlice, task: Task): void {
  if (task.state === "ready" && task.waitingOn > 0) {
    // A ready task that now waits again goes over blocked: there is no other legal way back.
    moveTask(draft, context, task, "blocked", "task.blocked", { reason: "patched" });
    moveTask(draft, context, task, "waiting", "task.waiting", { reason: "patched" });
  } else if (task.state === "waiting" && task.waitingOn === 0) makeReady(draft, context, task, slice.bench, slice.request.state === "paused");
}

function addTask(draft: TransitionDraft, context: DecideContext, slice: PatchSlice, part: Pick<Task, "spec" | "ordinal" | "dependents" | "dependsOn" | "waitingOn"> & { readonly id: TaskId }): void {
  const task = draft.create(taskKind, {
    ...part, requestId: asId(slice.request.id), planId: asId(slice.plan.id), key: part.spec.task, title: part.spec.title, state: "proposed", stateSinceMs: context.nowMs,
    blockedBy: null, blockers: [], performer: null, executor: null, assignment: null, attemptId: null, attemptNumber: 0, attemptCount: 0, round: 0, reworkPoints: [], answers: [], excludedPerformers: [],
    outputs: [], costMicro: 0, readyAtMs: null, startedAtMs: null, acceptedAtMs: null,
  });
  if (task.waitingOn > 0) moveTask(draft, context, task, "waiting", "task.waiting", { reason: "added by a patch" });
  else makeReady(draft, context, task, slice.bench, slice.request.state === "paused");
}
