import { type Authority, answerProblem } from "../oversight/authority.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { closeItem } from "../oversight/open-item.ts";
import { recordDecision } from "../oversight/record-decision.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { Json } from "../shared/json.ts";
import { type Decided, beginTransition, refuse } from "../shared/transition.ts";
import { type Effect, effectKindOf } from "./effect.ts";

/** A person says whether an unknown effect happened. Nothing is sent again, whatever the answer. */
export function decideEffectAnswer(
  slice: { readonly item: InboxItem; readonly effect: Effect; readonly authority: Authority },
  answer: { readonly choice: string; readonly value: Json; readonly reason: string },
  context: DecideContext,
): Decided {
  const { item, effect, authority } = slice;
  const problem = answerProblem(item, answer.choice);
  if (problem !== null) return refuse("conflict", problem.code, problem.message);
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  if (answer.reason.trim() === "") return refuse("invalid", "inbox.reason-missing", "Say where you looked; the reason is the evidence.");
  if (effect.state !== "unknown") return refuse("conflict", "inbox.moved-on", `The effect is ${effect.state} by now.`);
  const state = answer.choice === "done" ? "done" : "failed";
  const draft = beginTransition();
  closeItem(draft, context, item, { ...answer, soloWaiver: authority.soloWaiver });
  recordDecision(draft, context, {
    requestId: item.requestId,
    subjectKind: "effect",
    subjectId: effect.id,
    question: item.title,
    options: item.choices.map(({ id, label }) => ({ id, label })),
    choice: answer.choice,
    rationale: answer.reason,
    evidence: item.evidence,
    authority: authority.rule,
    soloWaiver: authority.soloWaiver,
  });
  draft.change(effectKindOf, effect, { state, result: { settledBy: context.actor.id, reason: answer.reason } });
  draft.record(effectKindOf, effect, `effect.${state}`, { requestId: effect.requestId, tool: effect.tool, effectKey: effect.effectKey, settledByPerson: true });
  return draft.accept({ id: item.id, state: "answered", effectState: state });
}
