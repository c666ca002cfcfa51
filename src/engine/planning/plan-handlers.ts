import { decidePatch } from "../../core/execution/decide-patch.ts";
import type { PatchPlan, PatchSlice } from "../../core/execution/propose-patch.ts";
import { decidePlan, type DecidePlan, type PlanSlice } from "../../core/execution/decide-plan.ts";
import {
  amountOf,
  decideNoPlan,
  decideProposal,
  divisionsOf,
  type ProposePlan,
  type ReportNoPlan,
  statedCost,
} from "../../core/execution/decide-proposal.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import { alwaysReviewClasses, alwaysReviewOf } from "../../core/oversight/always-review.ts";
import { type Project, projectKindOf } from "../../core/oversight/person.ts";
import type { PolicyQuestion } from "../../core/oversight/policy-request.ts";
import { type Plan, planKind } from "../../core/planning/plan.ts";
import { requestKind, requestLabel, type WorkRequest } from "../../core/requests/request.ts";
import { asId, type PersonId } from "../../core/shared/ids.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadAuthority, loadBench, loadPerson, lockOne, lockOpenItems, readOne } from "../shared/load-slice.ts";

export const proposePlanHandler = handler({
  async load(transaction, command: ProposePlan, context) {
    const request = await lockOne(transaction, requestKind, command.requestId);
    const project = await readOne(transaction, projectKindOf, context.caller.projectId ?? "");
    const previous = request.planId === null ? undefined : await readOne(transaction, planKind, request.planId);
    const previousTasks = previous?.state === "proposed" ? await lockTasks(transaction, previous) : [];
    const locked = previous === undefined ? undefined : await lockOne(transaction, planKind, previous.id);
    return {
      request,
      project,
      previous: locked,
      previousTasks,
      person: await loadPerson(transaction, context),
      items: await lockOpenItems(transaction, { requestId: request.id }),
    };
  },
  decide: decideProposal,
});

export const reportNoPlanHandler = handler({
  load: async (transaction, command: ReportNoPlan) => ({
    request: await lockOne(transaction, requestKind, command.requestId),
    items: await lockOpenItems(transaction, { requestId: command.requestId }),
  }),
  decide: decideNoPlan,
});

export const decidePlanHandler = handler({
  load: (transaction, command: DecidePlan, context) => loadPlanSlice(transaction, context, command),
  decide: decidePlan,
});

/** Everything a decision about a plan needs: its request, its tasks in id order, open items and the authority. */
export async function loadPlanSlice(
  transaction: Transaction,
  context: LoadContext,
  about: { readonly planId: string; readonly confirmation: string | null },
): Promise<PlanSlice> {
  const known = await readOne(transaction, planKind, about.planId);
  const request = await lockOne(transaction, requestKind, known.requestId);
  const plan = await lockOne(transaction, planKind, about.planId);
  const tasks = await lockTasks(transaction, plan);
  const items = await lockOpenItems(transaction, { requestId: request.id });
  const bench = await loadBench(transaction, context, request.rehearsal);
  const project = await readOne(transaction, projectKindOf, context.caller.projectId ?? "");
  const { authorId } = plan.origin;
  const divisions = [...new Set(tasks.flatMap((task) => task.spec.division ?? []))].sort();
  const authority = await loadAuthority(transaction, context, {
    question: planQuestion("approve-plan", { request, plan, project, divisions }),
    roles: project.planApproverRoles,
    excludedPersonIds: authorId === null ? [] : [authorId],
    delegateId: items.find((item) => item.subjectId === plan.id)?.delegateId ?? null,
    confirmation: about.confirmation,
    shortId: requestLabel(project.key, request.number),
  });
  return { request, plan, tasks, items, bench, authority };
}

/** A plan as policies see it; the same that its inbox item asks. */
const planQuestion = (
  action: "approve-plan" | "change-plan",
  about: { readonly request: WorkRequest; readonly plan: Plan; readonly project: Project; readonly divisions: readonly string[] },
): PolicyQuestion => ({
  action,
  resource: {
    id: about.plan.id,
    kind: "plan",
    project: about.project.key,
    divisions: about.divisions,
    risk: about.request.brief?.riskClass ?? "medium",
    amountMicro: amountOf(about.plan),
    effectKind: "",
    rule: action === "approve-plan" ? "plan.approval-required" : "plan.change",
    rehearsal: about.project.mode === "rehearsal",
    alwaysReview: about.plan.alwaysReview ?? alwaysReviewClasses,
  },
});

/** Most tasks of a plan; the same bound as `planLimits.tasks`. */
const maxTasks = 10_000;

/** Locks every task of a plan. `O(tasks)`; for decisions about whole plans only. */
export async function lockTasks(transaction: Transaction, plan: Plan): Promise<readonly Task[]> {
  const found = await transaction.find(taskKind, { where: { planId: plan.id }, limit: maxTasks });
  return transaction.lock(
    taskKind,
    found.map((task) => task.id),
  );
}

/** Everything a change of a running plan needs, with the authority of whoever decides about it. */
export async function loadPatchSlice(
  transaction: Transaction,
  context: LoadContext,
  about: Pick<PatchPlan, "planId" | "document"> & { readonly authorId: PersonId; readonly confirmation: string | null },
): Promise<PatchSlice & { readonly shortId: string }> {
  const known = await readOne(transaction, planKind, about.planId);
  const request = await lockOne(transaction, requestKind, known.requestId);
  const plan = await lockOne(transaction, planKind, about.planId);
  const project = await readOne(transaction, projectKindOf, context.caller.projectId ?? "");
  const tasks = await lockTasks(transaction, plan);
  const items = await lockOpenItems(transaction, { requestId: request.id });
  const { document } = about;
  const changed = { ...plan, costMicro: statedCost(document), alwaysReview: alwaysReviewOf(document.decomposition) };
  const divisions = divisionsOf(document);
  const roles = project.planApproverRoles;
  const shortId = requestLabel(project.key, request.number);
  const authority = await loadAuthority(transaction, context, {
    question: planQuestion("change-plan", { request, plan: changed, project, divisions }),
    roles,
    excludedPersonIds: [about.authorId],
    delegateId: null,
    confirmation: about.confirmation,
    shortId,
  });
  const terms = { roles, divisions, amountMicro: amountOf(changed), costMicro: changed.costMicro, alwaysReview: changed.alwaysReview };
  return { request, plan, tasks, items, authority, terms, shortId, bench: await loadBench(transaction, context, request.rehearsal) };
}

export const patchPlanHandler = handler({
  load: (transaction, command: PatchPlan, context) =>
    loadPatchSlice(transaction, context, {
      planId: command.planId,
      document: command.document,
      authorId: asId(context.caller.actor.id),
      confirmation: command.confirmation ?? null,
    }),
  decide: decidePatch,
});
