import type { Attempt } from "../../src/core/execution/attempt.ts";
import { turnKind } from "../../src/core/execution/turn.ts";
import { agentKind } from "../../src/core/gate/agent.ts";
import { providerKind } from "../../src/core/gate/provider.ts";
import { asId } from "../../src/core/shared/ids.ts";
import { type SampleRow, sample } from "./sample-oversight.ts";

const sampleProvider = (id: string) =>
  sample(providerKind, {
    id,
    name: `provider-${id.slice(-6)}`,
    state: "active",
    vendor: "openai-compatible",
    baseUrl: "http://127.0.0.1:11434/v1",
    models: ["small"],
    local: true,
    windows: { requestsPerMinute: null, tokensPerMinute: null },
    rank: 1,
    projectIds: [],
    keyFrom: "none",
    lastTest: null,
  });

const sampleAgent = (id: string) =>
  sample(agentKind, {
    id,
    name: `agent-${id.slice(-6)}`,
    state: "active",
    form: "command",
    providerId: null,
    model: null,
    command: { argv: ["coder", "{prompt}"], prompt: "file", output: "text", timeoutMs: 60_000 },
    rank: 1,
    lastTest: { atMs: 1_000, ok: true, detail: "It is there.", version: "1.0" },
  });

const sampleTurn = (id: string, of: Attempt) =>
  sample(turnKind, {
    id,
    requestId: of.requestId,
    taskId: of.taskId,
    attemptId: asId(of.id),
    threadId: asId(of.id),
    number: 1,
    state: "answered",
    purpose: "interpret",
    providerId: id,
    provider: "ollama",
    model: "small",
    route: { source: "order", place: 1, of: 1, over: [] },
    openingSha256: "a".repeat(64),
    told: null,
    reservationId: null,
    parts: [{ kind: "text", text: "{}", opaque: null }],
    answers: [],
    usage: { inputTokens: 11, outputTokens: null },
    costMicro: 0,
    finish: "stop",
    failure: null,
    askedAtMs: 1_000,
    endedAtMs: 2_000,
  });

export interface SampleModels {
  readonly agent: SampleRow;
  readonly provider: SampleRow;
  readonly turn: SampleRow;
}

export const sampleModels = (next: () => string, attempt: Attempt): SampleModels => ({
  agent: sampleAgent(next()),
  provider: sampleProvider(next()),
  turn: sampleTurn(next(), attempt),
});
