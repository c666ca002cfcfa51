import { type Authority, type GivenAnswer, answerProblem } from "../oversight/authority.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { closeItem } from "../oversight/open-item.ts";
import { recordAnswer } from "../oversight/record-decision.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, beginStep, refuse } from "../shared/transition.ts";
import { type Effect, effectKindOf } from "./effect.ts";

/** A person says whether an unknown effect happened. Nothing is sent again, whatever the answer. */
export function decideEffectAnswer(
  slice: { readonly item: InboxItem; readonly effect: Effect; readonly authority: Authority },
  answer: GivenAnswer,
  context: DecideContext,
): Decided {
  const { item, effect, authority } = slice;
  const problem = answerProblem(item, answer);
  if (problem !== null) return refuse("conflict", problem.code, problem.message);
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  if (effect.state !== "unknown") return refuse("conflict", "inbox.moved-on", `The effect is ${effect.state} by now.`);
  const state = answer.choice === "done" ? "done" : "failed";
  const step = beginStep(context);
  closeItem(step, item, { ...answer, soloWaiver: authority.soloWaiver });
  recordAnswer(step, item, { ...answer, authority });
  step.draft.change(effectKindOf, effect, { state, result: { settledBy: context.actor.id, reason: answer.reason } });
  step.draft.record(effectKindOf, effect, `effect.${state}`, {
    requestId: effect.requestId,
    tool: effect.tool,
    effectKey: effect.effectKey,
    settledByPerson: true,
  });
  return step.draft.accept({ id: item.id, state: "answered", effectState: state });
}
