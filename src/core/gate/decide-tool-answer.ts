import { type Authority, type GivenAnswer, answerProblem } from "../oversight/authority.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import { closeItem } from "../oversight/open-item.ts";
import { recordAnswer } from "../oversight/record-decision.ts";
import { type Refusal, type Step, refuse } from "../shared/transition.ts";
import type { ShownCall } from "./show-call.ts";
import { type ToolCall, callLimits, toolCallKind } from "./tool-call.ts";

/** A question about calls, with the calls as they are now. */
export interface ToolAnswerSlice {
  readonly item: InboxItem;
  readonly calls: readonly ToolCall[];
  readonly authority: Authority;
}

const shownHashes = ({ evidence }: InboxItem): readonly string[] =>
  ((evidence["calls"] ?? []) as unknown as readonly ShownCall[]).map((call) => `${call.id}:${call.callSha256}`); // made by `shownCall`

/** Takes a person's answer about the calls that the item shows, all of them or none. Null: it was taken. */
export function settleToolAnswer(step: Step, { item, calls, authority }: ToolAnswerSlice, answer: GivenAnswer): Refusal | null {
  const problem = answerProblem(item, answer);
  if (problem !== null) return refuse("conflict", problem.code, problem.message);
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  const asked = calls.filter((call) => call.state === "asked" && call.itemId === item.id);
  const shown = shownHashes(item);
  if (asked.length === 0 || asked.length !== shown.length || asked.some((call) => !shown.includes(`${call.id}:${call.callSha256}`)))
    return refuse("conflict", "inbox.moved-on", "The calls are no longer the ones that were shown.");
  closeItem(step, item, { ...answer, soloWaiver: authority.soloWaiver });
  recordAnswer(step, item, { ...answer, authority });
  const isYes = answer.choice === "approve";
  const { context, draft } = step;
  for (const call of asked) {
    const decided = draft.change(toolCallKind, call, {
      state: isYes ? "approved" : "denied",
      decidedBy: context.actor.id,
      approvedUntilMs: isYes ? context.nowMs + callLimits.approvalMs : null,
    });
    draft.record(toolCallKind, decided, isYes ? "tool.approved" : "tool.denied", {
      requestId: call.requestId,
      taskId: call.taskId,
      persona: call.persona,
      tool: call.tool,
      callSha256: call.callSha256,
      policySha256: call.policySha256,
      decidedBy: context.actor.id,
    });
  }
  return null;
}
