import type { BeginTurn, EndTurn } from "../../src/core/execution/decide-turn.ts";
import type { Turn } from "../../src/core/execution/turn.ts";
import type { Provider } from "../../src/core/gate/provider.ts";
import { asId } from "../../src/core/shared/ids.ts";
import type { TurnLedger } from "../../src/engine/execution/turn-ledger.ts";
import type { AttemptContext } from "../../src/engine/ports/executor.ts";

/** Turns in memory; a call is worth a thousandth. */
export function memoryLedger(context: AttemptContext): TurnLedger & { readonly turns: readonly Turn[] } {
  const turns: Turn[] = [];
  const provider: Provider = {
    id: "p",
    version: 1,
    eventCount: 0,
    name: "house",
    state: "active",
    vendor: "openai-compatible",
    baseUrl: "http://127.0.0.1:1/v1",
    models: ["m"],
    local: true,
    windows: { requestsPerMinute: null, tokensPerMinute: null },
    rank: 1,
    projectIds: [],
    keyFrom: "none",
    lastTest: null,
  };
  const begun = (turn: Omit<BeginTurn, "kind" | "attemptId" | "epoch">): Turn => ({
    ...turn,
    id: `t${String(turn.number)}`,
    version: 1,
    eventCount: 0,
    state: "asked",
    provider: "house",
    parts: [],
    answers: [],
    usage: null,
    costMicro: 0,
    finish: null,
    failure: null,
    askedAtMs: 1,
    endedAtMs: null,
    threadId: asId(turn.threadId),
    requestId: asId(context.request.id),
    taskId: asId(context.task.id),
    attemptId: asId(context.attempt.id),
  });
  const ended = (turn: Turn, { outcome, usage, costMicro }: Omit<EndTurn, "kind" | "attemptId" | "epoch">): Turn =>
    outcome.kind === "answered"
      ? { ...turn, state: "answered", parts: outcome.parts, finish: outcome.finish, usage, costMicro }
      : {
          ...turn,
          state: outcome.kind,
          failure: { code: outcome.code, message: outcome.message, untilMs: outcome.code === "model.content-refused" ? null : 0 },
        };
  return {
    turns,
    thread: async () => ({ threadId: context.attempt.id, turns }),
    opening: async () => "# The task",
    window: async () => ({ waitMs: 0, ahead: 0, isPaced: false }),
    reportWindow: async () => {},
    notes: async () => [],
    chain: async () => ({ source: "order", links: [{ provider, model: "m", place: 1 }], shut: [], length: 1 }),
    persona: async () => undefined,
    isHeld: async () => true,
    begin: async (turn) => {
      turns.push(begun(turn));
      return begun(turn);
    },
    end: async (turn) => {
      const at = turns.findIndex(({ id }) => id === turn.turnId);
      const before = turns[at];
      if (before === undefined) throw new Error("no such turn");
      const now = ended(before, turn);
      turns[at] = now;
      return now;
    },
    answer: async (turnId, answer) => {
      const at = turns.findIndex(({ id }) => id === turnId);
      const before = turns[at];
      if (before === undefined) throw new Error("no such turn");
      const now = { ...before, answers: [...before.answers.filter(({ callId }) => callId !== answer.callId), answer] };
      turns[at] = now;
      return now;
    },
  };
}
