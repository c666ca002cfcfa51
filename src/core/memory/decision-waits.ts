import { type Clock, clockKind } from "../oversight/clock.ts";
import { type Decision, type DecisionOutcome, decisionKind } from "../oversight/decision.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { withdrawItem } from "../oversight/open-item.ts";
import type { Project } from "../oversight/person.ts";
import { type Decided, type Refusal, type Step, refuse } from "../shared/transition.ts";
import { dateProblem } from "./decision-draft.ts";

/** A decision as the caller saw it. */
export interface SeenDecision {
  readonly decisionId: string;
  readonly expectedVersion: number;
}

/** A decision with what waits on it, locked. */
export interface Waiting {
  readonly decision: Decision;
  /** Its clocks that are set, and its items that are open. */
  readonly clocks: readonly Clock[];
  readonly items: readonly InboxItem[];
}

/** Why a caller's version is not the latest; null: it is. */
export const raceProblem = (decision: Decision, { expectedVersion }: SeenDecision): Refusal | null =>
  decision.version === expectedVersion
    ? null
    : refuse(
        "conflict",
        "decision.changed",
        `Somebody changed this decision in the meantime (version ${decision.version}); look at it again.`,
      );

/** Why a decision cannot be looked at again on that day; null: it can. */
export function reviewProblem(project: Project, { reviewAtMs }: { readonly reviewAtMs: number | null }, nowMs: number): Refusal | null {
  if (reviewAtMs === null) return null;
  const problem = dateProblem("looked at again", reviewAtMs, nowMs) ?? (reviewAtMs > nowMs ? null : "The day to look at it again is over.");
  if (problem !== null) return refuse("invalid", "decision.invalid", problem);
  if (project.mode === "rehearsal")
    return refuse("conflict", "decision.rehearsal", "A rehearsal's time jumps to what is due next, so nothing is looked at again in it.");
  return null;
}

/** Writes an outcome; for whoever has looked at the authority before. */
export function putOutcome(step: Step, waiting: Waiting, said: Pick<DecisionOutcome, "verdict" | "text">): void {
  const { decision } = waiting;
  const { context, draft } = step;
  endWaiting(step, waiting, "the outcome was recorded");
  const text = said.text.trim();
  draft.change(decisionKind, decision, {
    outcome: { verdict: said.verdict, text, byId: context.actor.id, atMs: context.nowMs },
    reviewAtMs: null,
  });
  draft.record(decisionKind, decision, "decision.reviewed", {
    requestId: decision.requestId,
    verdict: said.verdict,
    text: text.slice(0, maxToldText),
    probability: decision.confidence?.probability ?? null,
    by: context.actor.id,
  });
}

/** Characters of an outcome that its event repeats; the row has all of it. */
const maxToldText = 1_000;

/** Sets the clock of a decision's review, if it has a date. */
export function setReviewClock({ draft, context }: Step, { id, reviewAtMs }: Decision): void {
  if (reviewAtMs === null) return;
  draft.create(clockKind, {
    id: context.newId(),
    state: "set",
    dueAtMs: reviewAtMs,
    subjectKind: "decision",
    subjectId: id,
    command: { kind: "review-decision", decisionId: id, dueAtMs: reviewAtMs },
    actor: { kind: "system", id: "sweeper" },
  });
}

/** Ends what waits to ask about a decision. */
export function endWaiting({ draft }: Step, { clocks, items }: Waiting, reason: string): void {
  for (const clock of clocks) draft.change(clockKind, clock, { state: "withdrawn" });
  for (const item of items) withdrawItem(draft, item, reason);
}

/** The answer of a command about one decision: what it is now. */
export function accepted({ draft }: Step, decision: Decision): Decided {
  const { id, state, version } = draft.current(decisionKind, decision);
  return draft.accept({ id, state, version });
}
