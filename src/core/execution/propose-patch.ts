import type { Bench } from "../assignment/choose-performer.ts";
import type { Authority } from "../oversight/authority.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { openItem, withdrawItems } from "../oversight/open-item.ts";
import type { PlanDifference } from "../planning/diff-plans.ts";
import type { PlanDocument } from "../planning/plan-document.ts";
import type { Plan } from "../planning/plan.ts";
import type { WorkRequest } from "../requests/request.ts";
import { asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, type Refusal, type Step, refuse } from "../shared/transition.ts";
import type { Task } from "./task.ts";

/** A change of an approved plan: its whole new document. What has not started may change; started work stays as it is. */
export interface PatchPlan {
  readonly kind: "patch-plan";
  readonly planId: string;
  readonly document: PlanDocument;
  readonly documentSha256: string;
  readonly reason: string;
  /** Hash of the plan that its author changed; another one by now means that somebody was faster. */
  readonly seenSha256?: string | null;
  /** Typed short id, for a solo waiver. */
  readonly confirmation?: string | null;
}

export interface PatchSlice {
  readonly request: WorkRequest;
  readonly plan: Plan;
  /** Every task of the plan, locked. */
  readonly tasks: readonly Task[];
  /** Open items of the request. */
  readonly items: readonly InboxItem[];
  readonly authority: Authority;
  readonly bench: Bench;
  /** What a second person is asked, and by which terms. */
  readonly terms: Pick<Required<InboxItem>, "roles" | "divisions" | "amountMicro" | "alwaysReview"> & { readonly costMicro: number };
}

/** Patches of one plan that wait at the same time, of different people. */
const maxWaiting = 10;

/** Tasks named in the text of the question. */
const maxNamed = 20;

/** Whether an item asks for agreement to a patch, and not about a task whose dependency ended. */
export const asksForPatch = (item: Pick<InboxItem, "kind" | "subjectKind">): boolean =>
  item.kind === "patch" && item.subjectKind === "plan";

export const patchQuestion = ({ plan, request }: Pick<PatchSlice, "plan" | "request">): string =>
  `Change plan ${plan.number} of "${request.title}"?`;

/** Why one more patch cannot wait; null: it can. */
export function waitingProblem(items: readonly InboxItem[]): Refusal | null {
  if (items.filter(asksForPatch).length < maxWaiting) return null;
  return refuse("exhausted", "plan.too-many-patches", `${maxWaiting} changes of this plan wait already; answer one of them first.`);
}

/** Puts a sound patch before a second person and changes nothing yet. An earlier one of the same author is taken back. */
export function proposePatch(
  step: Step,
  slice: PatchSlice,
  asked: { readonly command: PatchPlan; readonly difference: PlanDifference },
): Decided {
  const { request, plan, items, terms } = slice;
  const { command, difference } = asked;
  const authorId = asId<"person">(step.context.actor.id);
  const own = items.filter((item) => asksForPatch(item) && item.excludedPersonIds.some((id) => id === authorId));
  withdrawItems(step, own, "its author made another one");
  const item = openItem(step, {
    kind: "patch",
    requestId: asId(request.id),
    subjectKind: "plan",
    subjectId: plan.id,
    title: patchQuestion(slice),
    detail: `${command.reason}\n\n${differenceText(difference)} Whoever wrote a change does not decide about it. Work goes on by the present plan meanwhile.`,
    ruleId: "plan.change",
    choices: [
      { id: "approve", label: "Change the plan", needs: "nothing" },
      { id: "reject", label: "Keep the plan as it is", needs: "reason" },
    ],
    risk: request.brief?.riskClass ?? "medium",
    roles: terms.roles,
    excludedPersonIds: [authorId],
    divisions: terms.divisions,
    amountMicro: terms.amountMicro,
    alwaysReview: terms.alwaysReview,
    proposed: {
      document: command.document as unknown as JsonObject, // a plan is plain JSON
      reason: command.reason,
    },
    evidence: {
      planId: plan.id,
      before: plan.documentSha256,
      after: command.documentSha256,
      costMicro: terms.costMicro,
      currency: plan.currency,
    },
  });
  return step.draft.accept({ id: plan.id, state: "awaiting-agreement", itemId: item.id });
}

function differenceText({ added, removed, changed }: PlanDifference): string {
  const said = [
    named("Adds", added),
    named("Removes", removed),
    named(
      "Changes",
      changed.map(({ task, fields }) => `${task} (${fields.join(", ")})`),
    ),
  ].filter((part) => part !== "");
  return said.length === 0 ? "No task differs." : said.join(" ");
}

function named(verb: string, keys: readonly string[]): string {
  if (keys.length === 0) return "";
  const more = keys.length - maxNamed;
  return `${verb} ${keys.slice(0, maxNamed).join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}
