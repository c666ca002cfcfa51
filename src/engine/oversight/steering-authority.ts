import { amountOf } from "../../core/execution/decide-proposal.ts";
import type { Task } from "../../core/execution/task.ts";
import type { Authority } from "../../core/oversight/authority.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import type { PolicyQuestion } from "../../core/oversight/policy-request.ts";
import type { Plan } from "../../core/planning/plan.ts";
import { type WorkRequest, requestLabel } from "../../core/requests/request.ts";
import type { Transaction } from "../ports/store.ts";
import type { LoadContext } from "../shared/command-handler.ts";
import { loadAuthority, readOne } from "../shared/load-slice.ts";

/** What is steered: a request, or one task of it. */
export interface Steered {
  readonly action: "steer-request" | "reopen-request" | "reassign-task";
  /** Which word it is, such as `request.pause`. */
  readonly rule: string;
  readonly request: WorkRequest;
  readonly plan: Plan | undefined;
  /** Tasks that the word touches, as far as it reads them. */
  readonly tasks: readonly Task[];
}

/** Asks the policies in force whether the actor may steer this. No role is asked for and it is nobody's own work: the policies say it all. */
export async function loadSteering(transaction: Transaction, context: LoadContext, steered: Steered): Promise<Authority> {
  const project = await readOne(transaction, projectKindOf, context.caller.projectId ?? "");
  return loadAuthority(transaction, context, {
    question: { action: steered.action, resource: resourceOf(steered, project) },
    roles: [],
    excludedPersonIds: [],
    delegateId: null,
    confirmation: null,
    shortId: requestLabel(project.key, steered.request.number),
  });
}

function resourceOf(steered: Steered, project: { readonly key: string; readonly mode: string }): PolicyQuestion["resource"] {
  const { rule, plan, tasks } = steered;
  return {
    ...subjectOf(steered),
    project: project.key,
    divisions: [...new Set(tasks.flatMap(({ spec }) => spec.division ?? []))].sort(),
    amountMicro: plan === undefined ? 0 : amountOf(plan),
    effectKind: "",
    rule,
    rehearsal: project.mode === "rehearsal",
    alwaysReview: plan?.alwaysReview ?? [],
  };
}

function subjectOf({ action, request, tasks }: Steered): Pick<PolicyQuestion["resource"], "id" | "kind" | "risk"> {
  const [task] = tasks;
  return action === "reassign-task" && task !== undefined
    ? { id: task.id, kind: "task", risk: task.spec.risk }
    : { id: request.id, kind: "request", risk: request.brief?.riskClass ?? "medium" };
}
