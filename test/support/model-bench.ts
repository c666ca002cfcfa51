import { createMemoryContent } from "../../src/adapters/in-process/memory-content.ts";
import { decideOn, proposeRequest } from "./active-request.ts";
import { type CoreWorld, look, openCoreWorld, personaOf, worker } from "./core-world.ts";
import type { AddProvider } from "../../src/core/gate/decide-provider.ts";
import { type Turn, turnKind } from "../../src/core/execution/turn.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import { type ProjectId, asId } from "../../src/core/shared/ids.ts";
import type { JsonObject } from "../../src/core/shared/json.ts";
import type { AttemptOutcome } from "../../src/engine/ports/executor.ts";
import type { ModelAddress, Models, TurnRequest, TurnResult } from "../../src/engine/ports/model.ts";
import type { DoorAnswer, ToolDoor } from "../../src/engine/ports/tool-door.ts";
import { readAttemptContext } from "../../src/engine/execution/attempt-context.ts";
import { modelExecutor } from "../../src/engine/execution/model-executor.ts";
import { enginePurse } from "../../src/engine/execution/model-purse.ts";
import { type LiveWords, liveWords } from "../../src/engine/execution/live-words.ts";
import { turnLedger } from "../../src/engine/execution/turn-ledger.ts";

type Said = string | readonly [tool: string, raw: string] | Failure;

/** What the fake says to one request: a text, a call, or a failure. */
export type Says = (request: TurnRequest, at: ModelAddress) => Said | Promise<Said>;

export const understood = JSON.stringify({ interpretation: "I write it.", goal: "The request.", question: null });
export const done = JSON.stringify({ question: null, outputs: [{ name: "a.md", text: "# Done" }], notes: ["n"], points: [] });

export interface Bench {
  readonly world: CoreWorld;
  readonly asked: { readonly at: ModelAddress; readonly request: TurnRequest }[];
  says: Says;
  finish: TurnResult["finish"] | null;
  window: TurnResult["window"];
  door: (tool: string, raw: string) => DoorAnswer;
  run(signal?: AbortSignal): Promise<AttemptOutcome>;
  /** Everything that waits for time goes on: as if a second had passed. */
  tick(): void;
  readonly words: LiveWords;
  turns(): Promise<readonly Turn[]>;
}

export const addProvider = (name: string, local: boolean): AddProvider => ({
  kind: "add-provider",
  name,
  vendor: "openai-compatible",
  baseUrl: "http://127.0.0.1:1/v1",
  models: ["small"],
  local,
  windows: { requestsPerMinute: null, tokensPerMinute: null },
  keyFrom: "none",
});

export async function openBench(of: { readonly models?: Models; readonly provider?: Partial<AddProvider> } = {}): Promise<Bench> {
  const world = await openCoreWorld(undefined, "real", ["rules", "human", "model"]);
  const founder = { kind: "person", id: world.people[0] ?? "" } as const;
  await world.tell(worker, { kind: "add-persona", persona: personaOf("author", { executors: ["model", "human"] }) });
  await world.tell(founder, { ...addProvider("house", true), ...of.provider });
  const rows: readonly JsonObject[] = [{ task: "write", title: "Write", persona: "author", outputs: ["a.md"] }];
  const { planId } = await proposeRequest(world, rows);
  await world.tell(founder, decideOn(planId));
  const content = createMemoryContent();
  const asked: Bench["asked"] = [];
  const organizationId = world.scope.organizationId;
  const projectId = asId(world.scope.projectIds[0] ?? "") satisfies ProjectId;
  const pausing: (() => void)[] = [];
  const bench: Bench = {
    world,
    asked,
    says: (request) => (JSON.stringify(request.messages).includes("Before you begin") && request.messages.length === 2 ? understood : done),
    finish: null,
    window: null,
    words: liveWords(),
    tick() {
      for (const pass of pausing.splice(0)) pass();
    },
    door: () => ({ kind: "refused", code: "x", reason: "no" }),
    turns: async () => (await world.rows(turnKind)).toSorted((left, right) => left.number - right.number),
    async run(signal = new AbortController().signal) {
      const attempt = (await look(world)).attempts.toSorted((left, right) => right.number - left.number)[0];
      if (attempt === undefined) throw new Error("nothing was given out");
      await world.tell(worker, { kind: "start-attempt", attemptId: attempt.id, epoch: attempt.epoch, executorId: "e" });
      const context = await world.engine.read(world.scope, (reader) => readAttemptContext(reader, attempt.id, world.nowMs()));
      return executor.attempt(context, signal);
    },
  };
  const models: Models = of.models ?? {
    async *turn(at, request, signal) {
      asked.push({ at, request });
      signal.throwIfAborted();
      const said = await Promise.race([bench.says(request, at), aborted(signal)]);
      if (said instanceof Failure) throw said;
      if (typeof said === "string") yield { kind: "text", text: said };
      const result = { ...resultOf(said, asked.length), window: bench.window ?? null };
      yield { kind: "result", result: bench.finish === null ? result : { ...result, finish: bench.finish } };
    },
  };
  const door: ToolDoor = {
    offered: () => [{ name: "look", description: "Looks.", parameters: { type: "object" } }],
    call: async ({ tool, rawArguments }) => bench.door(tool, rawArguments),
  };
  const clock = {
    nowMs: () => world.nowMs(),
    monotonicMs: () => world.nowMs(),
    pause: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((pass, reject) => {
        pausing.push(pass);
        signal?.addEventListener("abort", () => reject(new Error("aborted")));
      }),
    deadline: () => new AbortController().signal,
  };
  const crash = (): void => {};
  const executor = modelExecutor({
    models,
    words: bench.words,
    clock,
    crash,
    organizationId,
    content,
    purseOf: () => enginePurse({ engine: world.engine, ids: { next: () => world.newId() }, organizationId, crash }, projectId),
    ledgerOf: (context) =>
      turnLedger({ engine: world.engine, content, crash, ids: { next: () => world.newId() }, organizationId }, context),
    toolsOf: () => door,
  });
  return bench;
}

/** Never gives anything but the reason of an abort. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_settle, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))); // an abort's reason is an error here

const resultOf = (said: string | readonly [string, string], number: number): TurnResult => ({
  parts:
    typeof said === "string"
      ? [{ kind: "text", text: said, opaque: null }]
      : [{ kind: "call", callId: `c${number}`, tool: said[0], rawArguments: said[1], opaque: null }],
  usage: { inputTokens: 10, outputTokens: 5 },
  finish: typeof said === "string" ? "stop" : "calls",
  answeredBy: "small",
});

/** Says these one after the other, then the last one again and again. */
export const inTurn = (...all: readonly Said[]): Says => {
  let at = 0;
  return () => all[Math.min(at++, all.length - 1)] ?? "";
};
