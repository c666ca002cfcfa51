import { createMemoryContent } from "../../adapters/in-process/memory-content.ts";
import { executorConformance } from "../../../test/conformance/executor.ts";
import type { BeginTurn, EndTurn } from "../../core/execution/decide-turn.ts";
import type { Turn } from "../../core/execution/turn.ts";
import type { Provider } from "../../core/gate/provider.ts";
import { asId } from "../../core/shared/ids.ts";
import type { AttemptContext } from "../ports/executor.ts";
import type { Models } from "../ports/model.ts";
import { modelExecutor } from "./model-executor.ts";
import type { TurnLedger } from "./turn-ledger.ts";

const understood = { interpretation: "I write it.", goal: "The request.", question: null };
const done = {
  question: null,
  outputs: [
    { name: "one.md", text: "# One" },
    { name: "two.json", text: "{}" },
  ],
  notes: [],
  points: [],
};

const scripted: Models = {
  async *turn(_at, request, signal) {
    signal.throwIfAborted();
    const text = JSON.stringify(request.messages.length === 2 ? understood : done);
    yield { kind: "text", text };
    const parts = [{ kind: "text", text, opaque: null }] as const;
    yield { kind: "result", result: { parts, usage: { inputTokens: 3, outputTokens: 2 }, finish: "stop", answeredBy: "m" } };
  },
};

/** Turns in memory; a call is worth a thousandth. */
function memoryLedger(context: AttemptContext): TurnLedger {
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
      : { ...turn, state: outcome.kind };
  return {
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
    answer: async () => {
      throw new Error("no tool is offered here");
    },
  };
}

executorConformance("the model executor", () => {
  const content = createMemoryContent();
  let open = 0;
  const executor = modelExecutor({
    models: scripted,
    clock: {
      nowMs: () => 1,
      monotonicMs: () => 1,
      pause: (_ms, signal) =>
        new Promise((_settle, reject) => signal?.addEventListener("abort", () => reject(new Error("over")), { once: true })),
      deadline: () => new AbortController().signal,
    },
    crash: () => {},
    organizationId: asId("00000000-0000-7000-8000-000000000001"),
    content,
    purseOf: () => ({
      reserve: async () => `r${String((open += 1))}`,
      settle: async () => {
        open -= 1;
        return 1_000;
      },
    }),
    ledgerOf: memoryLedger,
    toolsOf: () => ({ offered: () => [], call: () => Promise.reject(new Error("no tool is offered here")) }),
  });
  return { executor, content, served: "write", notServed: null, leftBehind: () => open };
});
