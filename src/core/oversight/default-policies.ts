/** The policies an organization begins with. They are rows like all others: people change, replace or withdraw them. */
import type { Policy } from "./policy.ts";

export type PolicyFields = Pick<Policy, "key" | "statement" | "text">;

const answers = `[Action::"answer-question", Action::"decide-escalation", Action::"judge-work", Action::"decide-patch", Action::"settle-effect"]`;

/** Source: docs/explanation/authority.md, the policies an organization begins with */
export const defaultPolicies: readonly PolicyFields[] = [
  {
    key: "members-answer",
    statement: "Any member answers what asks for no role.",
    text: `permit (
  principal,
  action in ${answers},
  resource
)
when { context.askedRoles.isEmpty() };`,
  },
  {
    key: "asked-roles-answer",
    statement: "Whoever has a role that is asked for answers.",
    text: `permit (
  principal,
  action in ${answers},
  resource
)
when { context.askedRoles.containsAny(principal.roles) };`,
  },
  {
    key: "plan-approvers",
    statement: "Administrators, directors and leads approve and change plans, as far as the project asks for their role.",
    text: `permit (
  principal,
  action in [Action::"approve-plan", Action::"change-plan"],
  resource
)
when
{
  ["administrator", "director", "lead"].containsAny(principal.roles) &&
  (context.askedRoles.isEmpty() || context.askedRoles.containsAny(principal.roles))
};`,
  },
  {
    key: "tool-approvers",
    statement: "Administrators, directors and leads let a persona make a call that somebody has to agree to.",
    text: `permit (
  principal,
  action in [Action::"approve-tool-call"],
  resource
)
when
{
  ["administrator", "director", "lead"].containsAny(principal.roles) &&
  (context.askedRoles.isEmpty() || context.askedRoles.containsAny(principal.roles))
};`,
  },
  {
    key: "deciders",
    statement: "Administrators, directors and leads make decisions that are put on record, and say how they turned out.",
    text: `permit (
  principal,
  action in [Action::"record-decision"],
  resource
)
when { ["administrator", "director", "lead"].containsAny(principal.roles) };`,
  },
  {
    key: "steerers",
    statement: "Whoever works here pauses, resumes, cancels, closes and reopens requests.",
    text: `permit (
  principal,
  action in [Action::"steer-request", Action::"reopen-request"],
  resource
)
when { ["administrator", "director", "lead", "contributor"].containsAny(principal.roles) };`,
  },
  {
    key: "task-movers",
    statement: "Administrators, directors and leads take a task from its performer and give it to another.",
    text: `permit (
  principal,
  action in [Action::"reassign-task"],
  resource
)
when { ["administrator", "director", "lead"].containsAny(principal.roles) };`,
  },
  {
    key: "handed-over",
    statement: "Whoever was handed an item by somebody who may decide it decides it.",
    text: `permit (principal, action, resource)
when { context.handedOver };`,
  },
  {
    key: "stands-in",
    statement: "Whoever stands in for somebody with a role that is asked for decides in their place.",
    text: `permit (principal, action, resource)
when { context.askedRoles.containsAny(context.standsInFor) };`,
  },
  {
    key: "agents-approve-nothing",
    statement:
      "An account with the role agent approves and changes no plan, decides no patch, lets no tool be called, settles no effect and makes no decision of record.",
    text: `forbid (
  principal,
  action in [Action::"approve-plan", Action::"change-plan", Action::"decide-patch", Action::"settle-effect", Action::"approve-tool-call", Action::"record-decision"],
  resource
)
when { principal.roles.contains("agent") };`,
  },
];
