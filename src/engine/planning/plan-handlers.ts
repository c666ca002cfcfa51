import { decidePatch, type PatchPlan } from "../../core/execution/decide-patch.ts";
import { decidePlan, type DecidePlan } from "../../core/execution/decide-plan.ts";
import { decideNoPlan, decideProposal, type ProposePlan, type ReportNoPlan } from "../../core/execution/decide-proposal.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import { type Plan, planKind } from "../../core/planning/plan.ts";
import { type WorkRequest, requestKind, requestLabel } from "../../core/requests/request.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadAuthority, loadBench, lockOne, lockOpenItems, readOne } from "../shared/load-slice.ts";

export const proposePlanHandler = handler({
  async load(transaction, command: ProposePlan, { caller }) {
    const request = await lockOne(transaction, requestKind, command.requestId);
    const [project, previous] = [await readOne(transaction, projectKindOf, caller.projectId ?? ""), request.planId === null ? undefined : await lockOne(transaction, planKind, request.planId)];
    const items = previous === undefined && request.state !== "needs-input" ? [] : await lockOpenItems(transaction, { requestId: request.id });
    return { request, project, previous, items };
  },
  decide: decideProposal,
});

export const reportNoPlanHandler = handler({
  load: async (transaction, command: ReportNoPlan) => ({ request: await lockOne(transaction, requestKind, command.requestId) }),
  decide: decideNoPlan,
});

export const decidePlanHandler = handler({
  load: (transaction, command: DecidePlan, context) => loadPlanSlice(transaction, context, command.planId, command.confirmation),
  decide: decidePlan,
});

/** Everything a decision about a plan needs: its request, its tasks in id order, open items and the authority. */
export async function loadPlanSlice(transaction: Transaction, context: LoadContext, planId: string, confirmation: string | null) {
  const known = await readOne(transaction, planKind, planId);
  const request = await lockOne(transaction, requestKind, known.requestId);
  const plan = await lockOne(transaction, planKind, planId);
  const tasks = await lockTasks(transaction, plan);
  const items = await lockOpenItems(transaction, { requestId: request.id });
  const bench = await loadBench(transaction, context, request.rehearsal);
  return { request, plan, tasks, items, bench, authority: await planAuthority(transaction, context, { request, plan, confirmation }) };
}

/** Most tasks of a plan; the same bound as `planLimits.tasks`. */
const maxTasks = 10_000;

/** Locks every task of a plan. `O(tasks)`; for decisions about whole plans only. */
export async function lockTasks(transaction: Transaction, plan: Plan): Promise<readonly Task[]> {
  const found = await transaction.find(taskKind, { where: { planId: plan.id }, limit: maxTasks });
  return transaction.lock(taskKind, found.map((task) => task.id));
}

async function planAuthority(transaction: Transaction, context: LoadContext, about: { readonly request: WorkRequest; readonly plan: Plan; readonly confirmation: string | null }) {
  const project = await readOne(transaction, projectKindOf, context.caller.projectId ?? "");
  return loadAuthority(transaction, context, project.planApproverRoles, {
    isOwnWork: about.plan.origin.authorId !== null && about.plan.origin.authorId === context.caller.actor.id,
    confirmation: about.confirmation,
    shortId: requestLabel(project.key, about.request.number),
  });
}

export const patchPlanHandler = handler({
  async load(transaction, command: PatchPlan, context) {
    const known = await readOne(transaction, planKind, command.planId);
    const request = await lockOne(transaction, requestKind, known.requestId);
    const plan = await lockOne(transaction, planKind, command.planId);
    const project = await readOne(transaction, projectKindOf, context.caller.projectId ?? "");
    const authority = await loadAuthority(transaction, context, project.planApproverRoles, { isOwnWork: false, confirmation: null, shortId: requestLabel(project.key, request.number) });
    return { request, plan, tasks: await lockTasks(transaction, plan), authority, bench: await loadBench(transaction, context, request.rehearsal) };
  },
  decide: decidePatch,
});
