import { type Authority, answerProblem } from "../oversight/authority.ts";
import { type Decision, type DecisionOutcome, decisionKind } from "../oversight/decision.ts";
import type { InboxItem, ItemChoice } from "../oversight/inbox-item.ts";
import { closeItem, openItem } from "../oversight/open-item.ts";
import type { Role } from "../oversight/person.ts";
import type { AnswerItem } from "../requests/decide-request-answer.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, beginStep, refuse } from "../shared/transition.ts";
import { type Waiting, putOutcome, setReviewClock } from "./decision-waits.ts";

/** Sent by the decision's clock on the day that was set for it. */
export interface ReviewDecision {
  readonly kind: "review-decision";
  readonly decisionId: string;
  readonly dueAtMs: number;
}

/** Who may say how a decision turned out; the policy `deciders` says the same. */
export const deciderRoles: readonly Role[] = ["administrator", "director", "lead"];

const choices: readonly ItemChoice[] = [
  { id: "held", label: "It held: what was expected came", needs: "reason" },
  { id: "mixed", label: "Some of it came", needs: "reason" },
  { id: "failed", label: "It was wrong", needs: "reason" },
  { id: "later", label: "Too early to say: ask again after as long as before", needs: "nothing" },
];

const verdicts: { readonly [choice: string]: DecisionOutcome["verdict"] | undefined } = { held: "held", mixed: "mixed", failed: "failed" };

/** Asks how a decision turned out, once, on the day that was set. A day that was moved or an outcome that came first makes it a conflict. */
export function decideReview(slice: Waiting, command: ReviewDecision, context: DecideContext): Decided {
  const { decision } = slice;
  if (decision.state !== "made" || decision.reviewAtMs !== command.dueAtMs || slice.items.length > 0)
    return refuse(
      "conflict",
      "decision.review-settled",
      "This decision is not looked at again on this day: that was settled or moved before.",
    );
  const step = beginStep(context);
  // The clock that asked too early is spent, so the day needs another one.
  if (context.nowMs < command.dueAtMs) setReviewClock(step, decision);
  else
    openItem(step, {
      kind: "question",
      requestId: decision.requestId,
      ...(decision.requestId === null && decision.projectId !== null ? { projectId: decision.projectId } : {}),
      subjectKind: "decision",
      subjectId: decision.id,
      title: `How did it turn out: ${decision.question}`,
      detail: reviewText(decision),
      ruleId: "decision.review-due",
      choices,
      roles: deciderRoles,
      evidence: { decisionId: decision.id, choice: decision.choice, madeAtMs: decision.madeAtMs },
    });
  return step.draft.accept({ id: decision.id, state: decision.state });
}

/** Takes the answer: an outcome, or another day as far away as the last one was when it was set. */
export function decideReviewAnswer(
  slice: Waiting & { readonly item: InboxItem; readonly authority: Authority },
  command: AnswerItem,
  context: DecideContext,
): Decided {
  const { decision, item, authority } = slice;
  const problem = answerProblem(item, command);
  if (problem !== null) return refuse("conflict", problem.code, problem.message);
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const step = beginStep(context);
  closeItem(step, item, { ...command, soloWaiver: authority.soloWaiver });
  const verdict = verdicts[command.choice];
  if (verdict !== undefined)
    putOutcome(step, { ...slice, items: slice.items.filter((one) => one.id !== item.id) }, { verdict, text: command.reason });
  else {
    const reviewAtMs = context.nowMs + intervalMs(decision, context.nowMs);
    const planned = step.draft.change(decisionKind, decision, { reviewAtMs });
    step.draft.record(decisionKind, decision, "decision.review-set", { requestId: decision.requestId, reviewAtMs, by: context.actor.id });
    setReviewClock(step, planned);
  }
  return step.draft.accept({ id: item.id, state: "answered" });
}

const dayMs = 86_400_000;

/** As long as it was from the decision to the day that was set; at least a day. */
const intervalMs = ({ madeAtMs, reviewAtMs }: Decision, nowMs: number): number =>
  Math.max(dayMs, (reviewAtMs ?? nowMs) - (madeAtMs ?? nowMs));

function reviewText({ options, choice, rationale, confidence }: Decision): string {
  const chosen = options.find((option) => option.id === choice)?.label ?? choice ?? "nothing";
  const sure =
    confidence === null
      ? ""
      : ` It was thought to be ${Math.round(confidence.probability * 100)} % sure; this would prove it wrong: ${confidence.wouldProveWrong}`;
  return `Decided was: ${chosen}. ${rationale === "" ? "No reason was given." : `The reason: ${rationale}`}${sure}`;
}
