import type { JsonObject } from "../shared/json.ts";
import type { Audience } from "./audience.ts";
import type { RiskClass } from "./inbox-item.ts";
import type { Role } from "./person.ts";

/** Everything that policies are asked about; a closed list, which the policies' schema repeats. */
export const policyActions = [
  "approve-plan",
  "change-plan",
  "answer-question",
  "decide-escalation",
  "judge-work",
  "decide-patch",
  "settle-effect",
  "approve-tool-call",
  "record-decision",
  "steer-request",
  "reopen-request",
  "reassign-task",
] as const;

export type PolicyAction = (typeof policyActions)[number];

/** What is decided about, as policies see it. Absent texts are empty and absent amounts zero, so that no condition can fail to evaluate. */
export interface PolicyResource {
  readonly id: string;
  /** `plan`, `task`, `attempt`, `request`, `effect`. */
  readonly kind: string;
  /** The project's key. */
  readonly project: string;
  readonly divisions: readonly string[];
  readonly risk: RiskClass;
  /** In the organization's currency, micro-units. */
  readonly amountMicro: number;
  readonly effectKind: string;
  /** The rule that asks, such as `plan.approval-required`. */
  readonly rule: string;
  readonly rehearsal: boolean;
  readonly alwaysReview: readonly string[];
}

/** What code knows about this very decision and policies cannot count or look up. */
export interface PolicyFacts {
  /** Roles that the question asks for; none: any member. */
  readonly askedRoles: readonly Role[];
  /** Somebody who could decide has handed this one item to the person. */
  readonly handedOver: boolean;
  /** Roles of those for whom the person stands in here, now and within their limits. */
  readonly standsInFor: readonly Role[];
}

/** One question to the policies, whole: it is stored with the decision, so that the decision can be replayed under other policies. */
export interface PolicyRequest {
  readonly principal: { readonly id: string; readonly roles: readonly Role[] };
  readonly action: PolicyAction;
  readonly resource: PolicyResource;
  readonly context: PolicyFacts;
}

/** What the policies said. An error anywhere makes it a deny, for a rule that failed to evaluate may have been the one that forbids. */
export interface PolicyVerdict {
  readonly allowed: boolean;
  /** Determining policies, `key@version`: those that permit, or those that forbid; none: nothing permits. */
  readonly policies: readonly string[];
  readonly errors: readonly string[];
}

/** A verdict with all it rests on. */
export interface PolicyBasis {
  readonly request: PolicyRequest;
  readonly verdict: PolicyVerdict;
  /** SHA-256 over all policies in force, ids and texts. */
  readonly setSha256: string;
  /** Of the determining policies, in their order: what they say, for people. */
  readonly statements: readonly string[];
}

/** A question, before it is known who wants to answer. */
export type PolicyQuestion = Pick<PolicyRequest, "action" | "resource">;

const actionOfItem: { readonly [kind: string]: PolicyAction | undefined } = {
  approval: "approve-plan",
  escalation: "decide-escalation",
  check: "judge-work",
  patch: "decide-patch",
  "unknown-effect": "settle-effect",
};

/** What an inbox item asks of the policies; the same for the view that shows the answer and the command that takes it. */
export const questionOf = (item: Audience, project: { readonly key: string; readonly mode: string }): PolicyQuestion => ({
  action: actionOf(item),
  resource: {
    id: item.subjectId,
    kind: item.subjectKind,
    project: project.key,
    divisions: item.divisions ?? [],
    risk: item.risk,
    amountMicro: item.amountMicro ?? 0,
    effectKind: item.effectKind ?? "",
    rule: item.ruleId,
    rehearsal: project.mode === "rehearsal",
    alwaysReview: item.alwaysReview ?? [],
  },
});

function actionOf({ kind, subjectKind }: Audience): PolicyAction {
  if (kind === "patch" && subjectKind === "plan") return "change-plan";
  if (kind === "approval" && subjectKind === "attempt") return "approve-tool-call";
  return actionOfItem[kind] ?? "answer-question";
}

/** A basis as it lies in a decision's evidence. */
export const basisEvidence = (basis: PolicyBasis): JsonObject => ({
  request: basis.request as unknown as JsonObject, // plain JSON by its type
  policies: [...basis.verdict.policies],
  statements: [...basis.statements],
  setSha256: basis.setSha256,
});
