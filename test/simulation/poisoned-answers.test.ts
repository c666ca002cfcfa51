import { expect, test } from "vitest";
import { createMemoryContent } from "../../src/adapters/in-process/memory-content.ts";
import { createSeededRng } from "../../src/adapters/in-process/seeded-rng.ts";
import { readArguments } from "../../src/core/gate/read-arguments.ts";
import { asId } from "../../src/core/shared/ids.ts";
import { modelExecutor } from "../../src/engine/execution/model-executor.ts";
import type { ContentStore } from "../../src/engine/ports/content.ts";
import type { AttemptOutcome } from "../../src/engine/ports/executor.ts";
import type { Models, TurnResult } from "../../src/engine/ports/model.ts";
import { attemptContextOf } from "../conformance/executor.ts";
import { memoryLedger } from "../support/memory-ledger.ts";
import { type PoisonedAnswer, poisonedAnswer } from "../support/poisoned-answers.ts";

/*
 * Poisoned answers of a model, from a grammar and a corpus, through the whole executor: with turns in memory and tools behind the strict
 * reader of arguments. It never breaks, hands in all or nothing, acts on no call that cannot be read, and repairs twice at most.
 */

const wanted = process.env["XVC_TEST_VOLUME"] === "torture" ? 20_000 : 2_000;
const understood = JSON.stringify({ interpretation: "I write it.", goal: "The request.", question: null });
const whole = JSON.stringify({
  question: null,
  outputs: [
    { name: "one.md", text: "# One" },
    { name: "two.json", text: "{}" },
  ],
  notes: [],
  points: [],
});

interface Played {
  readonly outcome: AttemptOutcome;
  readonly purposes: readonly string[];
  readonly written: number;
  readonly effects: number;
  readonly unreadable: number;
  readonly open: number;
}

/** One attempt in which the answers of some turns are poisoned: the first, a later one, or every one from there on. */
async function play(poison: (at: number) => PoisonedAnswer | null): Promise<Played> {
  const context = attemptContextOf("write");
  const content = createMemoryContent();
  let written = 0;
  const counted: ContentStore = {
    ...content,
    write: (bytes) => {
      written += 1;
      return content.write(bytes);
    },
  };
  const ledger = memoryLedger(context);
  let asked = 0;
  let [effects, unreadable, open] = [0, 0, 0];
  const models: Models = {
    async *turn() {
      const at = asked++;
      const said = poison(at);
      const sound: Pick<TurnResult, "parts" | "finish"> = {
        parts: [{ kind: "text", text: at === 0 ? understood : whole, opaque: null }],
        finish: "stop",
      };
      const { parts, finish } = said ?? sound;
      yield { kind: "result", result: { parts, finish, usage: { inputTokens: 1, outputTokens: 1 }, answeredBy: "m" } };
    },
  };
  const executor = modelExecutor({
    models,
    clock: {
      nowMs: () => 1,
      monotonicMs: () => 1,
      pause: (_ms, signal) =>
        new Promise((_settle, reject) => signal?.addEventListener("abort", () => reject(new Error("over")), { once: true })),
      deadline: () => new AbortController().signal,
    },
    crash: () => {},
    organizationId: asId("00000000-0000-7000-8000-000000000001"),
    content: counted,
    purseOf: () => ({
      reserve: async () => `r${String((open += 1))}`,
      settle: async () => {
        open -= 1;
        return 1;
      },
    }),
    ledgerOf: () => ledger,
    toolsOf: () => ({
      offered: () => [{ name: "pay", description: "Pays.", parameters: { type: "object" } }],
      async call({ tool, rawArguments }) {
        if (tool !== "pay") return { kind: "refused", code: "tool.not-known", reason: "There is no such tool." };
        const read = readArguments(rawArguments);
        if (!read.ok) {
          unreadable += 1;
          return { kind: "refused", code: "tool.arguments-invalid", reason: read.problem };
        }
        effects += 1;
        return { kind: "done", result: { paid: effects }, label: { integrity: "system", readers: [] }, costMicro: 0 };
      },
    }),
  });
  const outcome = await executor.attempt(context, new AbortController().signal);
  return { outcome, purposes: ledger.turns.map(({ purpose }) => purpose), written, effects, unreadable, open };
}

/** Longest run of repairs. */
const repairs = (purposes: readonly string[]): number =>
  purposes.reduce(
    (state, purpose) => (purpose === "repair" ? { now: state.now + 1, most: Math.max(state.most, state.now + 1) } : { ...state, now: 0 }),
    { now: 0, most: 0 },
  ).most;

test("poisoned answers break nothing, leave nothing half done, and are repaired twice at most", async () => {
  const rng = createSeededRng({ seed: 7 });
  const ends = new Map<string, number>();
  let poisoned = 0;
  for (let round = 0; poisoned < wanted; round += 1) {
    const first = round % 3;
    const forEver = round % 2 === 0;
    const played = await play((at) => {
      if (at < first || (at > first && !forEver)) return null;
      poisoned += 1;
      return poisonedAnswer(rng, poisoned);
    });
    const { outcome, purposes, written, effects, open } = played;
    ends.set(outcome.kind, (ends.get(outcome.kind) ?? 0) + 1);
    expect([round, repairs(purposes) <= 2, open]).toEqual([round, true, 0]);
    // The opening is one; outputs are written all together, and only when they are handed in.
    expect([round, written]).toEqual([round, outcome.kind === "submitted" ? 3 : 1]);
    expect(effects).toBeLessThanOrEqual(16 * purposes.length);
    const names = outcome.kind === "submitted" ? outcome.outputs.map(({ name }) => name) : ["one.md", "two.json"];
    expect(names).toEqual(["one.md", "two.json"]);
  }
  expect(({} as { readonly admin?: boolean }).admin).toBeUndefined();
  const told = [...ends].map(([kind, count]) => `${kind} ${String(count)}`).join(", ");
  process.stdout.write(`${String(poisoned)} poisoned answers: ${told}\n`);
});
