/** Why something asks for a person, for each rule that asks; one sentence, shown beside the question. */
const ruleTexts: { readonly [ruleId: string]: string | undefined } = {
  "assignment.stopped": "Work that a person stopped is settled by a person.",
  "assignment.nobody-left": "A task that no performer here can do is settled by a person.",
  "comments.mention": "Somebody who is named in a comment is told.",
  "execution.attempt-failed": "Work that failed and cannot be repeated by rule is decided by a person.",
  "execution.lost-too-often": "What brings its worker down again and again is not tried for ever.",
  "execution.performer-asks": "A performer that lacks something asks instead of guessing.",
  "gate.tool-approval": "A call that reaches outside, or cannot be undone, happens only when a person has agreed to exactly that call.",
  "gate.unknown-effect": "When nobody knows whether an act outside happened, a person finds out; it is never sent again by itself.",
  "integration.whole-not-verified": "A deliverable that does not hold as a whole is not handed over.",
  "plan.approval-required": "Nothing starts before somebody with the authority has approved its plan.",
  "plan.change": "A change of a running plan is agreed to by somebody who did not write it.",
  "planning.dependency-ended": "What waits for work that will not be done needs another way.",
  "planning.input-missing": "A plan that needs an input waits for it.",
  "planning.no-playbook": "A request that fits no playbook is planned as a person says.",
  "planning.plan-again": "A plan that was sent back is planned again as a person says.",
  "planning.several-playbooks": "A request that fits several playbooks equally well is planned by the one that a person names.",
  "planning.unsound": "A plan that breaks a rule of planning is not proposed.",
  "review.attempts-used-up": "Work that did not pass in the attempts it had is decided by a person.",
  "review.person-judges": "This criterion is judged by a person.",
};

/** The sentence of a rule; the rule's own name where it has none. */
export const ruleTextOf = (ruleId: string): string => ruleTexts[ruleId] ?? ruleId;
