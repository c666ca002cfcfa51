import { estimatedTokens } from "../../core/execution/loop-guards.ts";
import type { NextTurn } from "../../core/execution/next-turn.ts";
import { threadMessages } from "../../core/execution/thread-messages.ts";
import { readUnderstanding } from "../../core/execution/model-protocol.ts";
import { type ModelUsage, type Turn, saidText } from "../../core/execution/turn.ts";
import type { Provider } from "../../core/gate/provider.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Clock } from "../ports/clock.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { AttemptContext } from "../ports/executor.ts";
import type { Models, TurnRequest, TurnResult } from "../ports/model.ts";
import type { ModelUse, Purse } from "../ports/purse.ts";
import type { OfferedTool } from "../ports/tool-door.ts";
import type { OrganizationId } from "../../core/shared/ids.ts";
import type { Thread, TurnLedger } from "./turn-ledger.ts";

export interface CallParts {
  readonly models: Models;
  readonly purse: Purse;
  readonly clock: Clock;
  readonly crash: CrashProbe;
  readonly organizationId: OrganizationId;
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
}

/** What asking came to: the turn, or why nobody answered, with the failed turns. */
export type Asked =
  | { readonly kind: "answered"; readonly turn: Turn; readonly failed: readonly Turn[] }
  | { readonly kind: "nobody"; readonly failures: readonly Failure[]; readonly failed: readonly Turn[] };

export const maxOutputTokens = 16_000;
/** Longest call that is reserved for; the adapter ends it before. */
const callMs = 310_000;

/** Asks the providers one after the other until one answers: the order is a person's, the fallback a rule. Each is asked once. */
export async function askProviders(parts: CallParts, calling: Calling, signal: AbortSignal): Promise<Asked> {
  const failures: Failure[] = [];
  const failed: Turn[] = [];
  for (const provider of await calling.ledger.providers()) {
    signal.throwIfAborted();
    const thread = { ...calling.thread, turns: [...calling.thread.turns, ...failed] };
    const asked = await askOne(parts, { ...calling, thread, provider }, signal);
    if (asked.turn !== null && asked.failure === null) return { kind: "answered", turn: asked.turn, failed };
    if (asked.turn !== null) failed.push(asked.turn);
    if (asked.failure !== null) failures.push(asked.failure);
  }
  return { kind: "nobody", failures, failed };
}

interface One extends Calling {
  readonly provider: Provider;
}

interface AskedOne {
  readonly turn: Turn | null;
  readonly failure: Failure | null;
}

async function askOne(parts: CallParts, one: One, signal: AbortSignal): Promise<AskedOne> {
  const { ledger, thread, opening, next, provider } = one;
  const model = provider.models[0] ?? "";
  const request = requestOf(one);
  const reservationId = await reserved(parts.purse, one, { model, request });
  if (reservationId instanceof Failure) return { turn: null, failure: reservationId };
  let turn: Turn;
  try {
    const { threadId, turns } = thread;
    const told = { purpose: next.purpose, told: next.told, openingSha256: opening.sha256 };
    turn = await ledger.begin({ threadId, number: turns.length + 1, providerId: provider.id, model, reservationId, ...told });
  } catch (error) {
    // Nothing was sent.
    await parts.purse.settle(reservationId, { inputTokens: 0, outputTokens: 0, wallMs: 0 }, provider.local);
    if (error instanceof Failure && (error.code === "halt.in-force" || error.code === "provider.not-allowed"))
      return { turn: null, failure: error };
    throw error;
  }
  return callAndKeep(parts, { ...one, request, turn, reservationId, model }, signal);
}

/** Reserves for one call. What nobody has priced is not asked; another provider may be. @throws {Failure} `budget.exhausted`: the attempt waits */
async function reserved(
  purse: Purse,
  { context, thread, provider }: One,
  of: { readonly model: string; readonly request: TurnRequest },
): Promise<string | Failure> {
  const { attempt, task, request } = context;
  try {
    return await purse.reserve({
      attemptId: attempt.id,
      taskId: task.id,
      requestId: request.id,
      personaKey: attempt.performer.kind === "persona" ? attempt.performer.id : null,
      provider: provider.name,
      model: of.model,
      local: provider.local,
      inputTokens: estimatedTokens(JSON.stringify(of.request)),
      outputTokens: maxOutputTokens,
      wallMs: callMs,
      runs: thread.turns.some(({ attemptId }) => attemptId === attempt.id) ? 0 : 1,
    });
  } catch (error) {
    if (error instanceof Failure && error.code === "budget.no-price") return error;
    throw error;
  }
}

const requestOf = ({ opening, thread, next, provider, system, tools }: One): TurnRequest => ({
  system,
  messages: threadMessages(opening.text, thread.turns, { told: next.told, providerId: provider.id }),
  tools: next.withTools ? tools : [],
  outputSchema: next.schema,
  maxOutputTokens,
});

interface Begun extends One {
  readonly request: TurnRequest;
  readonly turn: Turn;
  readonly reservationId: string;
  readonly model: string;
}

async function callAndKeep(parts: CallParts, begun: Begun, signal: AbortSignal): Promise<AskedOne> {
  const { provider, request, turn, reservationId, model, ledger } = begun;
  const startedMs = parts.clock.monotonicMs();
  const { vendor, baseUrl, local } = provider;
  const at = { organizationId: parts.organizationId, providerId: provider.id, vendor, baseUrl, model, local };
  try {
    const result = await resultOf(parts.models.turn(at, request, signal));
    const wallMs = Math.round(parts.clock.monotonicMs() - startedMs);
    const costMicro = await parts.purse.settle(reservationId, useOf(result.usage, wallMs), local);
    const read = turn.purpose === "work" ? null : readUnderstanding(saidText(result.parts));
    const interpretation = read?.ok === true ? `${read.answer.interpretation} Serves: ${read.answer.goal}` : null;
    const outcome = { kind: "answered", parts: result.parts, finish: result.finish, interpretation } as const;
    return { turn: await ledger.end({ turnId: turn.id, costMicro, usage: result.usage, outcome }), failure: null };
  } catch (error) {
    // Whether anything was used nobody knows: the whole reserve is booked, whatever becomes of the attempt.
    const costMicro = await parts.purse.settle(reservationId, "unknown", local);
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    const outcome = { kind: "failed", code: error.code, message: error.message.slice(0, 500) } as const;
    return { turn: await ledger.end({ turnId: turn.id, costMicro, usage: null, outcome }), failure: error };
  }
}

async function resultOf(events: ReturnType<Models["turn"]>): Promise<TurnResult> {
  let result: TurnResult | null = null;
  for await (const event of events) if (event.kind === "result") result = event.result;
  if (result === null) throw new Failure("unavailable", "model.answer-cut", { message: "The model's answer had no end." });
  return result;
}

const useOf = (usage: ModelUsage | null, wallMs: number): ModelUse =>
  usage === null || usage.inputTokens === null || usage.outputTokens === null
    ? "unknown"
    : { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens, wallMs };
