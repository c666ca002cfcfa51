import { type Attempt, attemptKind } from "../../core/execution/attempt.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import type { CalledStart } from "../../core/gate/begin-call.ts";
import type { Capability } from "../../core/gate/capability.ts";
import {
  type GiveGrant,
  type RevokeGrant,
  type SetToolMode,
  decideGrant,
  decideGrantRevoked,
  decideToolMode,
} from "../../core/gate/decide-grant.ts";
import { type RequestToolCall, type ToolCallSlice, decideToolCall, yesOf } from "../../core/gate/decide-tool-call.ts";
import type { Effect } from "../../core/gate/effect.ts";
import { treatmentOf } from "../../core/gate/effect-treatment.ts";
import type { CallFacts } from "../../core/gate/judge-call.ts";
import { grantLimits, standingGrantKind } from "../../core/gate/standing-grant.ts";
import { type ToolCall, callLimits, toolCallKind } from "../../core/gate/tool-call.ts";
import type { ToolDeclaration } from "../../core/gate/tool-declaration.ts";
import { toolPinKind } from "../../core/gate/tool-pin.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { requestKind } from "../../core/requests/request.ts";
import { canonicalJson } from "../../core/shared/json.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne, readOne } from "../shared/load-slice.ts";
import { loadFacts } from "./call-facts.ts";
import { loadCallPurse } from "./call-purse.ts";

const hourMs = 3_600_000;

export const requestToolCallHandler = handler({
  async load(transaction, command: RequestToolCall, context): Promise<ToolCallSlice> {
    const known = await readOne(transaction, attemptKind, command.attemptId);
    const request = await readOne(transaction, requestKind, known.requestId);
    const task = await readOne(transaction, taskKind, known.taskId);
    // Locked: the calls of an attempt come one after the other, and its cancellation before or after each of them.
    const attempt = await lockOne(transaction, attemptKind, command.attemptId);
    const { toolName, definitionSha256, rawArguments: raw } = command;
    const tool = command.tool ?? undefined;
    const facts = await loadFacts(transaction, context, { request, task, attempt, tool, toolName, definitionSha256, raw });
    const earlier = command.callSha256 === "" ? [] : await callsOf(transaction, { taskId: task.id, callSha256: command.callSha256 });
    return {
      facts: { ...facts, approved: yesOf(earlier, context.nowMs) !== undefined },
      requestId: request.id,
      heldEpoch: attempt.state === "running" ? attempt.epoch : null,
      earlier,
      callsOfAttempt: await transaction.count(toolCallKind, { where: { attemptId: attempt.id } }),
      asking: await openQuestion(transaction, attempt),
      askedLastHour: await openScreens(transaction, context.nowMs),
      fromPlan: planned(facts, { task, tool, tools: await toolsOf(transaction, context, attempt) }),
      // Last, since budgets are locked after everything else. What is no `pure` call begins in the ledger, and is paid there.
      reserve: tool?.deliveryClass === "pure" ? await loadCallPurse(transaction, context, { attempt, tool: toolName }) : undefined,
    };
  },
  decide: decideToolCall,
});

const callsOf = async (transaction: Transaction, where: { readonly [field: string]: string }): Promise<readonly ToolCall[]> =>
  (await transaction.find(toolCallKind, { where, limit: callLimits.perAttempt })).toSorted(
    (left, right) => left.askedAtMs - right.askedAtMs,
  );

async function openQuestion(transaction: Transaction, attempt: Attempt): Promise<ToolCallSlice["asking"]> {
  const calls = await callsOf(transaction, { attemptId: attempt.id, state: "asked" });
  const itemId = calls.at(-1)?.itemId;
  if (itemId === null || itemId === undefined) return null;
  const item = await lockOne(transaction, inboxItemKind, itemId);
  return item.state === "open" || item.state === "delegated" ? { item, calls: calls.filter((call) => call.itemId === itemId) } : null;
}

/** Screens about calls that were opened within the hour and nobody has answered. */
async function openScreens(transaction: Transaction, nowMs: number): Promise<number> {
  const asked = await transaction.find(toolCallKind, { where: { state: "asked" }, limit: callLimits.perAttempt });
  return new Set(asked.flatMap((call) => (call.askedAtMs > nowMs - hourMs && call.itemId !== null ? [call.itemId] : []))).size;
}

async function toolsOf(transaction: Transaction, context: LoadContext, attempt: Attempt): Promise<readonly string[]> {
  const personas = await context.shelf.personas(transaction, context.caller.organizationId);
  return personas.find((persona) => persona.key === attempt.performer.id)?.tools ?? [];
}

const planMs = 7 * 24 * hourMs;
const planCalls = 1_000;

/**
 * What the approved plan gives: the tools that both the task and the persona name, and those of our own that stay inside the task.
 * Null: nothing, or it was given before, and then what became of that stands.
 */
function planned(
  facts: Omit<CallFacts, "approved">,
  { task, tool, tools }: { readonly task: Task; readonly tool: ToolDeclaration | undefined; readonly tools: readonly string[] },
): ToolCallSlice["fromPlan"] {
  if (tool === undefined || facts.capabilities.some((one) => one.taskId === task.id)) return null;
  const isOwn = tool.origin === "built-in" && ["read", "write-private"].includes(treatmentOf(tool.effectKind));
  const isNamed = task.spec.tools.includes(tool.name) && tools.includes(tool.name);
  return isOwn || isNamed
    ? termsOf(facts, isNamed ? "The approved plan and the persona name the tool." : "It stays inside the task.")
    : null;
}

const termsOf = (facts: Omit<CallFacts, "approved">, reason: string): Omit<Capability, "id" | "version" | "eventCount"> => ({
  state: "live",
  persona: facts.persona,
  taskId: facts.taskId,
  forProjectId: facts.projectId,
  tool: facts.tool?.name ?? "",
  ranges: {},
  maxCalls: planCalls,
  usedCalls: 0,
  expiresAtMs: facts.nowMs + planMs,
  parentId: null,
  grantedBy: "plan",
  reason,
});

/** The call behind an effect that is about to start, with everything as it stands now; undefined: no persona called it. */
export async function loadCalledStart(
  transaction: Transaction,
  context: LoadContext,
  { effect, tool }: { readonly effect: Effect; readonly tool: ToolDeclaration | undefined },
): Promise<CalledStart | undefined> {
  if (effect.toolCallId === undefined) return undefined;
  const call = await lockOne(transaction, toolCallKind, effect.toolCallId);
  const task = await readOne(transaction, taskKind, effect.taskId);
  // The one that works on the task now: a call that was agreed to is made by a later attempt as well.
  const attempt = await readOne(transaction, attemptKind, task.attemptId ?? call.attemptId);
  const request = await readOne(transaction, requestKind, effect.requestId);
  const { tool: toolName, definitionSha256 } = call;
  const raw = canonicalJson(call.arguments);
  const facts = await loadFacts(transaction, context, { request, task, attempt, tool, toolName, definitionSha256, raw });
  // What has begun before was paid for then.
  const reserve = call.state === "used" ? undefined : await loadCallPurse(transaction, context, { attempt, tool: toolName });
  return { call, facts: { ...facts, approved: yesOf([call], context.nowMs) !== undefined }, reserve };
}

export const giveGrantHandler = handler({
  async load(transaction, _command: GiveGrant, context) {
    const live = await transaction.count(standingGrantKind, { where: { state: "live" } });
    return {
      person: await loadPerson(transaction, context),
      live: Math.min(live, grantLimits.live),
      projectId: context.caller.projectId ?? "",
    };
  },
  decide: decideGrant,
});

export const revokeGrantHandler = handler({
  load: async (transaction, command: RevokeGrant, context) => ({
    person: await loadPerson(transaction, context),
    grant: await lockOne(transaction, standingGrantKind, command.grantId),
  }),
  decide: decideGrantRevoked,
});

export const setToolModeHandler = handler({
  async load(transaction, command: SetToolMode, context) {
    const person = await loadPerson(transaction, context);
    const [known] = await transaction.find(toolPinKind, { where: { tool: command.tool }, limit: 1 });
    return { person, pin: known === undefined ? undefined : await lockOne(transaction, toolPinKind, known.id) };
  },
  decide: decideToolMode,
});
