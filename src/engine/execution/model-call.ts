import { estimatedTokens } from "../../core/execution/loop-guards.ts";
import type { NextTurn } from "../../core/execution/next-turn.ts";
import { threadMessages } from "../../core/execution/thread-messages.ts";
import { readUnderstanding } from "../../core/execution/model-protocol.ts";
import { type ModelUsage, type Turn, type TurnRoute, saidText, turnLimits } from "../../core/execution/turn.ts";
import { type ChainLink, type ModelChain, type PassedOver, fallRuleOf, openLinks } from "../../core/gate/model-chain.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Clock } from "../ports/clock.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { AttemptContext } from "../ports/executor.ts";
import type { Models, TurnRequest, TurnResult } from "../ports/model.ts";
import type { ModelUse, Purse } from "../ports/purse.ts";
import type { OfferedTool } from "../ports/tool-door.ts";
import type { OrganizationId } from "../../core/shared/ids.ts";
import { type Used, demandOf, lineUp, outcomeOf, retryAfterOf, windowFull } from "./call-window.ts";
import { type LiveWords, type TurnWords, turnWords } from "./live-words.ts";
import type { Thread, TurnLedger } from "./turn-ledger.ts";

export interface CallParts {
  readonly models: Models;
  readonly purse: Purse;
  readonly clock: Clock;
  readonly crash: CrashProbe;
  readonly organizationId: OrganizationId;
  /** Hears what is being said while it is; absent: nobody does. */
  readonly words?: LiveWords;
}

/** Everything about one attempt that a call needs. */
export interface Calling {
  readonly context: AttemptContext;
  readonly ledger: TurnLedger;
  readonly thread: Thread;
  readonly opening: { readonly text: string; readonly sha256: string };
  readonly system: string;
  readonly tools: readonly OfferedTool[];
  readonly next: Extract<NextTurn, { readonly kind: "ask-model" }>;
  /** Notes of people that are said up to this turn. */
  readonly steered: number;
}

/** What asking came to: the turn, or why nobody answered, with the failed turns. */
export type Asked =
  | { readonly kind: "answered"; readonly turn: Turn; readonly failed: readonly Turn[] }
  | { readonly kind: "nobody"; readonly failures: readonly Failure[]; readonly failed: readonly Turn[] };

export const maxOutputTokens = 16_000;
/** Longest call that is reserved for; the adapter ends it before. */
const callMs = 310_000;

/** Asks the models of the chain one after the other until one answers: the chain is a person's, the fall to the next a rule. Each is asked once. */
export async function askProviders(parts: CallParts, calling: Calling, signal: AbortSignal): Promise<Asked> {
  const chain = await calling.ledger.chain();
  const { ask, over } = openLinks(chain, calling.thread.turns, parts.clock.nowMs());
  const failures: Failure[] = [];
  const failed: Turn[] = [];
  const passed: PassedOver[] = [...chain.shut, ...over];
  for (const link of ask) {
    signal.throwIfAborted();
    const thread = { ...calling.thread, turns: [...calling.thread.turns, ...failed] };
    const route = routeOf(chain, link, passed);
    const asked = await askOne(parts, { ...calling, thread, link, route }, signal);
    if (asked.turn !== null && asked.failure === null) return { kind: "answered", turn: asked.turn, failed };
    if (asked.turn !== null) failed.push(asked.turn);
    if (asked.failure === null) continue;
    failures.push(asked.failure);
    const { kind, code, message } = asked.failure;
    passed.push({ provider: link.provider.name, model: link.model, rule: fallRuleOf({ kind, code }), message: message.slice(0, 300) });
  }
  const budget = failures.find(({ code }) => code === "budget.exhausted");
  // Everybody else was asked and nobody answered: now it waits for the budget that held the first one back.
  if (budget !== undefined) throw budget;
  if (failed.length === 0) await lineUp(calling.ledger, failures);
  return { kind: "nobody", failures: failures.length === 0 ? over.map(refusedBefore) : failures, failed };
}

/** What a model said no to earlier in the conversation, where nobody else is left. */
const refusedBefore = ({ rule, message }: PassedOver): Failure =>
  new Failure("invalid", rule === "content-refused" ? "model.content-refused" : "model.context-too-large", { message });

const routeOf = ({ source, length }: ModelChain, { place }: ChainLink, passed: readonly PassedOver[]): TurnRoute => ({
  source,
  place,
  of: length,
  over: passed.map(({ provider, model, rule, message }) => ({ provider, model, rule, message })),
});

interface One extends Calling {
  readonly link: ChainLink;
  readonly route: TurnRoute;
}

interface AskedOne {
  readonly turn: Turn | null;
  readonly failure: Failure | null;
}

async function askOne(parts: CallParts, one: One, signal: AbortSignal): Promise<AskedOne> {
  const { ledger, thread, opening, next, route } = one;
  const { provider, model } = one.link;
  const request = requestOf(one);
  const tokens = demandOf(request);
  const room = await ledger.window(provider, tokens, "take");
  if (room.waitMs > 0) return { turn: null, failure: windowFull(provider, { tokens, ...room }) };
  const reservationId = await reserved(parts.purse, one, request);
  if (reservationId instanceof Failure) return unsent({ ...one, tokens, isPaced: room.isPaced }, reservationId);
  let turn: Turn;
  try {
    const { threadId, turns } = thread;
    const told = { purpose: next.purpose, told: next.told, openingSha256: opening.sha256, steered: one.steered };
    turn = await ledger.begin({ threadId, number: turns.length + 1, providerId: provider.id, model, route, reservationId, ...told });
  } catch (error) {
    // Nothing was sent.
    await parts.purse.settle(reservationId, { inputTokens: 0, outputTokens: 0, wallMs: 0 }, provider.local);
    const isOther = error instanceof Failure && (error.code === "halt.in-force" || error.code === "provider.not-allowed");
    if (!isOther) throw error;
    return unsent({ ...one, tokens, isPaced: room.isPaced }, error);
  }
  return callAndKeep(parts, { ...one, request, turn, reservationId, tokens, isPaced: room.isPaced }, signal);
}

interface Taken extends One {
  readonly tokens: number;
  readonly isPaced: boolean;
}

/** Gives back the room of a call that was not made. */
async function unsent({ ledger, link, tokens, isPaced }: Taken, failure: Failure): Promise<AskedOne> {
  await ledger.reportWindow(
    link.provider,
    { tokensTaken: tokens, tokensUsed: 0, outcome: "refused", retryAfterMs: null, told: null },
    isPaced,
  );
  return { turn: null, failure };
}

/**
 * Reserves for one call. What nobody has priced is not asked, and where the window or budget of this provider alone is full the next one is.
 *
 * @throws {Failure} `budget.exhausted` of any other budget: the attempt waits
 */
async function reserved(purse: Purse, { context, thread, link }: One, request: TurnRequest): Promise<string | Failure> {
  const { attempt, task } = context;
  const { provider, model } = link;
  try {
    return await purse.reserve({
      attemptId: attempt.id,
      taskId: task.id,
      requestId: context.request.id,
      personaKey: attempt.performer.kind === "persona" ? attempt.performer.id : null,
      provider: provider.name,
      model,
      local: provider.local,
      inputTokens: estimatedTokens(JSON.stringify(request)),
      outputTokens: maxOutputTokens,
      wallMs: callMs,
      runs: thread.turns.some(({ attemptId }) => attemptId === attempt.id) ? 0 : 1,
    });
  } catch (error) {
    if (error instanceof Failure && (error.code === "budget.no-price" || isOfProvider(error))) return error;
    throw error;
  }
}

/** Whether a budget is that of one provider or model, so that another one may have room. */
const isOfProvider = ({ code, details }: Failure): boolean =>
  code === "budget.exhausted" &&
  typeof details === "object" &&
  details !== null &&
  "scope" in details &&
  (details.scope === "provider" || details.scope === "model");

const requestOf = ({ opening, thread, next, link, system, tools }: One): TurnRequest => ({
  system,
  messages: threadMessages(opening.text, thread.turns, { told: next.told, providerId: link.provider.id }),
  tools: next.withTools ? tools : [],
  outputSchema: next.schema,
  maxOutputTokens,
});

interface Begun extends Taken {
  readonly request: TurnRequest;
  readonly turn: Turn;
  readonly reservationId: string;
}

async function callAndKeep(parts: CallParts, begun: Begun, signal: AbortSignal): Promise<AskedOne> {
  const { request, reservationId, link } = begun;
  const { id, vendor, baseUrl, local } = link.provider;
  const startedMs = parts.clock.monotonicMs();
  const at = { organizationId: parts.organizationId, providerId: id, vendor, baseUrl, model: link.model, local };
  try {
    const result = await resultOf(parts.models.turn(at, request, signal), wordsOf(parts, begun));
    const wallMs = Math.round(parts.clock.monotonicMs() - startedMs);
    const costMicro = await parts.purse.settle(reservationId, useOf(result.usage, wallMs), local);
    await reportUse(begun, { outcome: "answered", usage: result.usage, window: result.window ?? null, retryAfterMs: null });
    return result.finish === "blocked" ? await blocked(begun, result, costMicro) : await answered(begun, result, costMicro);
  } catch (error) {
    // Whether anything was used nobody knows: the whole reserve is booked, whatever becomes of the attempt.
    const costMicro = await parts.purse.settle(reservationId, "unknown", local);
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    await reportUse(begun, { outcome: outcomeOf(error), usage: null, window: null, retryAfterMs: retryAfterOf(error) });
    return failedTurn(begun, error, { costMicro, usage: null });
  }
}

function reportUse({ ledger, link, tokens, isPaced }: Begun, { usage, window, ...rest }: Used): Promise<void> {
  const known = usage !== null && usage.inputTokens !== null && usage.outputTokens !== null;
  const tokensUsed = known ? (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0) : null;
  return ledger.reportWindow(link.provider, { tokensTaken: tokens, tokensUsed, told: window, ...rest }, isPaced);
}

/** Calls of one turn that are kept: enough to see that there were too many of them. */
const keptCalls = 2 * turnLimits.calls;

/** What was said without the calls beyond what is kept, which nobody would make. */
function heldParts(parts: TurnResult["parts"]): TurnResult["parts"] {
  let calls = 0;
  return parts.filter(({ kind }) => kind !== "call" || (calls += 1) <= keptCalls);
}

async function answered({ ledger, turn }: Begun, result: TurnResult, costMicro: number): Promise<AskedOne> {
  const read = turn.purpose === "work" ? null : readUnderstanding(saidText(result.parts));
  const interpretation = read?.ok === true ? `${read.answer.interpretation} Serves: ${read.answer.goal}` : null;
  const outcome = { kind: "answered", parts: heldParts(result.parts), finish: result.finish, interpretation } as const;
  return { turn: await ledger.end({ turnId: turn.id, costMicro, usage: result.usage, outcome }), failure: null };
}

/** What a vendor refuses is no part of the conversation: the next model is told nothing of it. */
const blocked = (begun: Begun, { usage }: TurnResult, costMicro: number): Promise<AskedOne> =>
  failedTurn(
    begun,
    new Failure("invalid", "model.content-refused", { message: `The vendor of ${begun.link.model} refused the content.` }),
    {
      costMicro,
      usage,
    },
  );

async function failedTurn(
  { ledger, turn }: Begun,
  failure: Failure,
  { costMicro, usage }: { readonly costMicro: number; readonly usage: ModelUsage | null },
): Promise<AskedOne> {
  const { code, message } = failure;
  const outcome = { kind: "failed", code, message: message.slice(0, 500), retryAfterMs: retryAfterOf(failure) } as const;
  return { turn: await ledger.end({ turnId: turn.id, costMicro, usage, outcome }), failure };
}

/** Where what is being said is told to whoever looks. */
function wordsOf({ words, clock, organizationId }: CallParts, { turn, context }: Begun): TurnWords | null {
  const { id: turnId, requestId, taskId } = turn;
  const of = { organizationId, projectId: context.request.projectId, requestId, taskId, turnId };
  return words === undefined ? null : turnWords({ words, clock }, of);
}

async function resultOf(events: ReturnType<Models["turn"]>, words: TurnWords | null): Promise<TurnResult> {
  let result: TurnResult | null = null;
  try {
    for await (const event of events) {
      if (event.kind === "result") result = event.result;
      else words?.take({ kind: event.kind, text: event.kind === "text" ? event.text : event.tool });
    }
  } finally {
    words?.end();
  }
  if (result === null) throw new Failure("unavailable", "model.answer-cut", { message: "The model's answer had no end." });
  return result;
}

const useOf = (usage: ModelUsage | null, wallMs: number): ModelUse =>
  usage === null || usage.inputTokens === null || usage.outputTokens === null
    ? "unknown"
    : { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens, wallMs };
