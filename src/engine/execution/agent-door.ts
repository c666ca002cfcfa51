import type { Turn } from "../../core/execution/turn.ts";
import { type Agent, agentLimits } from "../../core/gate/agent.ts";
import type { Provider } from "../../core/gate/provider.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { OrganizationId } from "../../core/shared/ids.ts";
import type { AgentCall, AgentCallAnswer, ForwardedCall, ProviderLine, ReadyCall } from "../ports/agent.ts";
import type { Clock } from "../ports/clock.ts";
import type { AttemptContext } from "../ports/executor.ts";
import type { Purse } from "../ports/purse.ts";
import type { Thread, TurnLedger } from "./turn-ledger.ts";

/** Of the turns of an attempt, what an agent's calls are written by. */
export type AgentLedger = Pick<TurnLedger, "thread" | "opening" | "persona" | "isHeld" | "begin" | "end">;

export interface AgentDoorParts {
  readonly line: ProviderLine;
  readonly purse: Purse;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly organizationId: OrganizationId;
}

export interface AgentDoorOf {
  readonly context: AttemptContext;
  readonly ledger: AgentLedger;
  readonly agent: Pick<Agent, "model">;
  readonly provider: Provider;
  readonly openingSha256: string;
  readonly thread: Thread;
  /** Called once, with the failure for which no further call is made: the run ends with it. */
  readonly onStop: (failure: Failure) => void;
}

export interface AgentDoor {
  call(call: AgentCall, signal: AbortSignal): Promise<AgentCallAnswer>;
  /** A line of what the agent does, kept with the turn under way. */
  told(line: string): void;
  /** Settles when every call is paid for and written down. @returns what this attempt's calls cost */
  settled(): Promise<number>;
}

/** Longest call that is reserved for. */
const callMs = 310_000;
/** After these nothing more is asked in this run. */
const endings = /^(?:budget\.exhausted|budget\.no-price|halt\.|turn\.too-many|attempt\.|provider\.not-allowed|provider\.window-full)/u;

/**
 * The one thing that an agent reaches: one provider, one call after the other. Each call is reserved for and written as a turn before it
 * leaves, under the attempt's epoch and the halts in force, and paid for when it is over. The agent never sees a key.
 */
export function openAgentDoor(parts: AgentDoorParts, of: AgentDoorOf): AgentDoor {
  let turns = of.thread.turns;
  let costMicro = 0;
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  let stopped: Failure | null = null;
  const watched = watchedLines();
  const stop = (failure: Failure): void => {
    stopped ??= failure;
    if (stopped === failure) of.onStop(failure);
  };
  const one = async (ready: ReadyCall, signal: AbortSignal, release: () => void): Promise<AgentCallAnswer> => {
    const begun = await begin(parts, { ...of, turns }, ready);
    turns = [...turns, begun.turn];
    const book = async (outcome: Booked): Promise<void> => {
      const wallMs = Math.round(parts.clock.monotonicMs() - begun.startedMs);
      costMicro += await finish(parts, { ...of, begun, lines: watched.take() }, { ...outcome, wallMs });
    };
    try {
      const answer = await parts.line.forward({ organizationId: parts.organizationId, provider: of.provider }, ready, signal);
      void answer.usage
        .then((usage) => book({ status: answer.status, usage, failure: null }))
        .catch((error: unknown) => stop(asFailure(error)))
        .finally(release);
      return { status: answer.status, contentType: answer.contentType, body: answer.body };
    } catch (error) {
      await book({ status: 0, usage: null, failure: asFailure(error) }).finally(release);
      throw error;
    }
  };
  return {
    async call(call, signal) {
      const ready = parts.line.prepare(of.provider, of.agent.model ?? "", call);
      if (ready.kind === "answer") return { status: ready.status, contentType: "application/json", body: ready.body };
      if (stopped !== null) throw stopped;
      if (waiting >= agentLimits.waitingCalls)
        return { status: 429, contentType: "application/json", body: '{"error":{"message":"Too many at once."}}' };
      waiting += 1;
      const before = last;
      const { promise, resolve } = Promise.withResolvers<void>();
      last = promise;
      await before;
      waiting -= 1;
      try {
        signal.throwIfAborted();
        return await one(ready, signal, resolve);
      } catch (error) {
        resolve();
        const failure = asFailure(error);
        if (endings.test(failure.code)) stop(failure);
        throw failure;
      }
    },
    told: watched.told,
    async settled() {
      await last;
      return costMicro;
    },
  };
}

/** What the agent told since the last turn, bounded over the whole run. */
function watchedLines(): { readonly told: (line: string) => void; readonly take: () => readonly string[] } {
  const lines: string[] = [];
  let count = 0;
  return {
    told(line) {
      if (count >= agentLimits.updates) return;
      count += 1;
      lines.push(line.replace(/\s+/gu, " ").slice(0, agentLimits.updateChars).toWellFormed());
    },
    take: () => lines.splice(0),
  };
}

const asFailure = (error: unknown): Failure =>
  error instanceof Failure
    ? error
    : new Failure("unavailable", "model.unavailable", {
        message: error instanceof Error ? error.message.slice(0, 300) : "The call broke off.",
      });

interface Begun {
  readonly turn: Turn;
  readonly reservationId: string;
  readonly startedMs: number;
}

async function begin(parts: AgentDoorParts, of: AgentDoorOf & { readonly turns: readonly Turn[] }, ready: ReadyCall): Promise<Begun> {
  const { context, provider, agent, turns, thread } = of;
  const { attempt, task, request } = context;
  const model = agent.model ?? "";
  const reservationId = await parts.purse.reserve({
    attemptId: attempt.id,
    taskId: task.id,
    requestId: request.id,
    personaKey: attempt.performer.kind === "persona" ? attempt.performer.id : null,
    provider: provider.name,
    model,
    local: provider.local,
    inputTokens: ready.inputTokens,
    outputTokens: ready.outputTokens,
    wallMs: callMs,
    runs: turns.length === 0 ? 1 : 0,
  });
  try {
    const turn = await of.ledger.begin({
      threadId: thread.threadId,
      number: turns.length + 1,
      purpose: "work",
      providerId: provider.id,
      model,
      route: { source: "order", place: 1, of: 1, over: [] },
      openingSha256: of.openingSha256,
      told: null,
      reservationId,
    });
    return { turn, reservationId, startedMs: parts.clock.monotonicMs() };
  } catch (error) {
    // Nothing was sent.
    await parts.purse.settle(reservationId, { inputTokens: 0, outputTokens: 0, wallMs: 0 }, provider.local);
    throw error;
  }
}

interface Booked {
  /** 0: nothing answered. */
  readonly status: number;
  readonly usage: Awaited<ForwardedCall["usage"]> | null;
  readonly failure: Failure | null;
}

interface Finishing extends AgentDoorOf {
  readonly begun: Begun;
  readonly lines: readonly string[];
}

/** Pays and writes down. What nobody told is booked as all that was reserved; what was refused outright used nothing. */
async function finish(
  { purse }: AgentDoorParts,
  { ledger, provider, begun, lines }: Finishing,
  { status, usage, failure, wallMs }: Booked & { readonly wallMs: number },
): Promise<number> {
  const told = toldIn(usage);
  const isRefused = status >= 400 && status < 500;
  const unknown = isRefused ? { inputTokens: 0, outputTokens: 0, wallMs } : ("unknown" as const);
  const costMicro = await purse.settle(begun.reservationId, told === null ? unknown : { ...told, wallMs }, provider.local);
  const isAnswered = failure === null && status < 400 && usage?.complete === true;
  const parts = lines.map((line) => ({ kind: "text", text: `${line}\n`, opaque: null }) as const);
  const outcome = isAnswered
    ? ({ kind: "answered", parts, finish: "stop", interpretation: null } as const)
    : ({ kind: "failed", retryAfterMs: null, ...problemOf(status, failure) } as const);
  await ledger.end({ turnId: begun.turn.id, costMicro, usage: told, outcome });
  return costMicro;
}

/** What was used, where the vendor told both numbers to the end; null: nobody knows. */
function toldIn(usage: Booked["usage"]): { readonly inputTokens: number; readonly outputTokens: number } | null {
  if (usage === null || !usage.complete) return null;
  const { inputTokens, outputTokens } = usage;
  return inputTokens === null || outputTokens === null ? null : { inputTokens, outputTokens };
}

function problemOf(status: number, failure: Failure | null): { readonly code: string; readonly message: string } {
  if (failure !== null) return { code: failure.code, message: failure.message.slice(0, 500) };
  if (status === 429) return { code: "model.rate-limited", message: "The provider lets nothing more through for now." };
  if (status === 401 || status === 403)
    return { code: "model.key-refused", message: "The provider refuses the key. Enter another one in Settings, Models." };
  if (status >= 400)
    return { code: status >= 500 ? "model.unavailable" : "model.request-refused", message: `The provider answered ${status}.` };
  return { code: "model.answer-cut", message: "The answer broke off." };
}
