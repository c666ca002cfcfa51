import { createMemoryContent } from "../../adapters/in-process/memory-content.ts";
import { memoryLedger } from "../../../test/support/memory-ledger.ts";
import { executorConformance } from "../../../test/conformance/executor.ts";
import { asId } from "../../core/shared/ids.ts";
import type { Models } from "../ports/model.ts";
import { modelExecutor } from "./model-executor.ts";

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
