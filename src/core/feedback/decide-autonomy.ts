import { type Authority, type GivenAnswer, answerProblem } from "../oversight/authority.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { closeItem, withdrawItem } from "../oversight/open-item.ts";
import { recordAnswer } from "../oversight/record-decision.ts";
import { type Autonomy, autonomyKind } from "../personas/autonomy.ts";
import { type LadderEvent, type Rung, isBelow, riseOf } from "../personas/ladder.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, beginStep, refuse } from "../shared/transition.ts";
import { fold } from "./count-outcome.ts";
import { rungWords } from "./ladder-text.ts";

export interface AutonomyAnswerSlice {
  readonly item: InboxItem;
  readonly authority: Authority;
  /** Locked; undefined: the item only tells something. */
  readonly autonomy: Autonomy | undefined;
}

/** A person consents to a rise, declines it, or has seen what happened. Consent to a rise that the evidence no longer carries moves nothing. */
export function decideAutonomyAnswer(slice: AutonomyAnswerSlice, answer: GivenAnswer, context: DecideContext): Decided {
  const { item, authority, autonomy } = slice;
  const problem = answerProblem(item, answer);
  if (problem !== null) return refuse("conflict", problem.code, problem.message);
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const event = eventOf(slice, answer, context);
  if (event === "gone")
    return refuse(
      "conflict",
      "autonomy.evidence-changed",
      "What was measured since no longer carries this; it is asked again when it does.",
    );
  const step = beginStep(context);
  if (autonomy !== undefined) {
    if (event !== null) fold(step, autonomy, event);
    step.draft.change(autonomyKind, autonomy, { itemId: null });
  }
  closeItem(step, item, { ...answer, soloWaiver: authority.soloWaiver });
  recordAnswer(step, item, { ...answer, authority });
  return step.draft.accept({ id: item.id, state: "answered" });
}

/** What an answer does to the ladder; null: nothing. */
function eventOf({ autonomy }: AutonomyAnswerSlice, { choice, reason }: GivenAnswer, context: DecideContext): LadderEvent | "gone" | null {
  if (autonomy === undefined || choice === "seen") return null;
  const said = { byId: context.actor.id, reason, atMs: context.nowMs };
  if (choice === "decline") return { kind: "declined", ...said };
  const rise = riseOf(autonomy);
  return rise === null ? "gone" : { kind: "consented", to: rise.to, ...said };
}

/** A person takes trust back, at any time and without evidence. */
export interface LowerAutonomy {
  readonly kind: "lower-autonomy";
  readonly personaKey: string;
  readonly taskType: string;
  readonly to: Rung;
  readonly reason: string;
}

export interface LoweringSlice {
  readonly autonomy: Autonomy | undefined;
  readonly item: InboxItem | undefined;
}

/** Down, never up: a rise has its own way. */
export function decideLowering({ autonomy, item }: LoweringSlice, command: LowerAutonomy, context: DecideContext): Decided {
  if (command.reason.trim() === "") return refuse("invalid", "autonomy.reason-missing", "Say why; the reason is recorded.");
  if (autonomy === undefined)
    return refuse(
      "not-found",
      "autonomy.not-found",
      `Nothing is known yet of ${command.personaKey} doing ${command.taskType}: every result is judged.`,
    );
  if (!isBelow(command.to, autonomy.rung))
    return refuse(
      "conflict",
      "autonomy.not-lower",
      `It stands at "${rungWords[autonomy.rung]}". By hand it is only lowered; it rises on evidence, when a person consents in the inbox.`,
    );
  const step = beginStep(context);
  fold(step, autonomy, { kind: "lowered", to: command.to, byId: context.actor.id, reason: command.reason, atMs: context.nowMs });
  if (item?.state === "open" || item?.state === "delegated") withdrawItem(step.draft, item, "a person lowered it");
  step.draft.change(autonomyKind, autonomy, { itemId: null });
  return step.draft.accept({ id: autonomy.id, rung: command.to });
}
