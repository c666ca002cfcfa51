import { canonicalJson } from "../shared/json.ts";
import { mayMove } from "../shared/moves.ts";
import { type Refusal, type Step, refuse } from "../shared/transition.ts";
import { type ReserveForEffect, demandOf, use } from "./decide-tool-call.ts";
import type { Effect } from "./effect.ts";
import { type CallFacts, type Judgement, judgeCall } from "./judge-call.ts";
import { type ToolCall, toolCallMoves } from "./tool-call.ts";

/** The call behind an effect, as everything stands at the moment of its start. */
export interface CalledStart {
  readonly call: ToolCall;
  readonly facts: CallFacts;
  readonly reserve?: ReserveForEffect | undefined;
}

/**
 * Looks at all of a call once more where its effect starts, and lets it begin in the same commit: the yes is used up, capabilities and
 * grant are counted, the cost is taken. Null: it may begin. What has begun before is started again by its class alone.
 */
export function beginCall(step: Step, effect: Effect, called: CalledStart | undefined): Refusal | null {
  if (effect.toolCallId === undefined) return null;
  if (called === undefined || called.call.id !== effect.toolCallId)
    return refuse("conflict", "tool.not-decided", "The gate has not decided about the call behind this effect.");
  const { call, facts } = called;
  if (call.state === "used" && effect.state === "started") return null;
  const problem = callProblem(call, effect);
  if (problem !== null) return problem;
  const judgement = judgeCall(facts);
  return judgement.kind === "allowed" ? begin(step, called, judgement) : gone(judgement);
}

function begin(step: Step, { call, facts: { tool }, reserve }: CalledStart, judgement: Judgement & { readonly kind: "allowed" }) {
  const reserved = (tool === undefined ? null : reserve?.(step, demandOf(tool))) ?? null;
  if (reserved?.kind === "refused") return reserved.refusal;
  use(step, call, { judgement, tool, reserved });
  return null;
}

function callProblem(call: ToolCall, effect: Effect): Refusal | null {
  if (!mayMove(toolCallMoves, call.state, "used"))
    return refuse("conflict", "tool.not-decided", `This call is ${call.state}; it does not begin.`);
  const isSame = call.tool === effect.tool && canonicalJson(call.arguments) === canonicalJson(effect.arguments);
  return isSame ? null : refuse("conflict", "tool.changed", "What would start is not what was decided about.");
}

const gone = (judgement: Exclude<Judgement, { readonly kind: "allowed" }>): Refusal =>
  refuse(
    "conflict",
    judgement.kind === "refused" ? judgement.code : "tool.approval-gone",
    `What let this call happen no longer does: ${judgement.steps.map((one) => one.reason).at(-1) ?? ""}`,
  );
