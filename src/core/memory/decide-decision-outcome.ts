import { type DecisionOutcome, decisionKind } from "../oversight/decision.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, beginStep, refuse } from "../shared/transition.ts";
import type { DecisionSlice } from "./decide-decision.ts";
import { type SeenDecision, accepted, endWaiting, putOutcome, raceProblem, reviewProblem, setReviewClock } from "./decision-waits.ts";

/** Says how a decision turned out. Said again, it takes the place of what was said before, which stays in history. */
export interface RecordOutcome extends SeenDecision {
  readonly kind: "record-outcome";
  readonly verdict: DecisionOutcome["verdict"];
  readonly text: string;
}

/** Sets, moves or takes away the day on which a decision is looked at again. */
export interface SetReview extends SeenDecision {
  readonly kind: "set-review";
  readonly reviewAtMs: number | null;
}

/** Puts the outcome of a made decision on record; what waits to ask for it ends. */
export function decideOutcome(slice: DecisionSlice, command: RecordOutcome, context: DecideContext): Decided {
  const { decision } = slice;
  const refused = judgeProblem(slice, command);
  if (refused !== null) return refused;
  const step = beginStep(context);
  putOutcome(step, slice, command);
  return accepted(step, decision);
}

/** Sets when a made decision is looked at again. */
export function decideReviewDate(slice: DecisionSlice, command: SetReview, context: DecideContext): Decided {
  const { decision } = slice;
  const refused = judgeProblem(slice, { ...command, text: "-" }) ?? reviewProblem(slice.project, command, context.nowMs);
  if (refused !== null) return refused;
  const step = beginStep(context);
  endWaiting(step, slice, "another day was set to look at the decision");
  const { reviewAtMs } = command;
  const planned = step.draft.change(decisionKind, decision, { reviewAtMs });
  step.draft.record(decisionKind, decision, "decision.review-set", { requestId: decision.requestId, reviewAtMs, by: context.actor.id });
  setReviewClock(step, planned);
  return accepted(step, decision);
}

/** Who may say something about a decision that was made. */
function judgeProblem({ decision, authority }: DecisionSlice, command: SeenDecision & { readonly text: string }): Refusal | null {
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const stale = raceProblem(decision, command);
  if (stale !== null) return stale;
  if (decision.state === "proposed") return refuse("conflict", "decision.not-made", "This is only proposed; make it first.");
  return command.text.trim() === ""
    ? refuse("invalid", "decision.outcome-empty", "Say in a sentence how it turned out; it is kept.")
    : null;
}
