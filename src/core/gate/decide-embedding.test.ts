import { expect, test } from "vitest";
import type { Person } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { Decided } from "../shared/transition.ts";
import {
  type ChooseEmbedding,
  type EndEmbedding,
  decideEmbeddingBegin,
  decideEmbeddingChoice,
  decideEmbeddingEnd,
  decideEmbeddingsEnd,
} from "./decide-embedding.ts";
import { type EmbeddingUse, embeddingTurnMs, restAfter, vectorModelName } from "./embedding.ts";
import type { Halt } from "./halt.ts";
import type { Provider } from "./provider.ts";

const context: DecideContext = { actor: { kind: "person", id: "dana" }, nowMs: 1_000, newId: () => "new" };
const dana: Person = { id: "dana", version: 1, eventCount: 1, name: "Dana", email: null, roles: ["director"], state: "active" };

const provider = (fields: Partial<Provider> = {}): Provider => ({
  id: "p",
  version: 1,
  eventCount: 1,
  name: "house",
  state: "active",
  vendor: "openai-compatible",
  baseUrl: "http://127.0.0.1:9/v1",
  models: ["small"],
  local: true,
  windows: { requestsPerMinute: null, tokensPerMinute: null },
  rank: 1,
  projectIds: [],
  keyFrom: "none",
  lastTest: null,
  ...fields,
});

const inUse: EmbeddingUse = {
  state: "on",
  model: "tiny",
  generation: 1,
  dimension: 3,
  made: 5,
  costMicro: 7,
  chosenAtMs: 10,
  busyUntilMs: null,
  restUntilMs: null,
  failures: 0,
  failure: null,
};

const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");

/** What the provider of an id makes vectors with afterwards. */
const after = (decided: Decided, id = "p"): EmbeddingUse | undefined =>
  decided.kind === "accepted"
    ? (decided.transition.changes.find((change) => change.after.id === id)?.after as Provider | undefined)?.embedding // only providers are changed
    : undefined;

const choose = (
  fields: Partial<ChooseEmbedding> = {},
  held: readonly Provider[] = [provider()],
  person: Person | undefined = dana,
): Decided =>
  decideEmbeddingChoice({ person, held }, { kind: "choose-embedding", providerId: "p", model: "tiny", anew: false, ...fields }, context);

test("a steward chooses one model of a connected provider that has embeddings", () => {
  expect(after(choose())).toMatchObject({ state: "on", model: "tiny", generation: 1, dimension: null, made: 0, chosenAtMs: 1_000 });
  for (const roles of [["lead"], ["auditor"]] as const)
    expect(codeOf(choose({}, [provider()], { ...dana, roles: [...roles] as Person["roles"] }))).toBe("provider.not-a-steward");
  expect(codeOf(choose({}, [provider()], { ...dana, state: "removed" }))).toBe("provider.not-a-steward");
  expect(codeOf(choose({}, []))).toBe("provider.not-found");
  expect(codeOf(choose({}, [provider({ vendor: "anthropic" })]))).toBe("embedding.not-offered");
  expect(codeOf(choose({ model: "two words" }))).toBe("provider.models-invalid");
});

test("a model in use is chosen again only to make all anew, under a name of its own; another one ends the one before", () => {
  const held = [
    provider({ embedding: inUse }),
    provider({ id: "q", name: "other" }),
    provider({ id: "r", name: "off", embedding: { ...inUse, state: "off" } }),
  ];
  expect(codeOf(choose({}, held))).toBe("embedding.in-use");
  const anew = after(choose({ anew: true }, held));
  expect(anew).toMatchObject({ generation: 2, dimension: null, made: 0 });
  expect([inUse, anew ?? inUse].map(vectorModelName)).toEqual(["tiny", "tiny@2"]);
  expect(after(choose({ model: "large", anew: true }, held))).toMatchObject({ model: "large", generation: 1, dimension: null });
  const moved = choose({ providerId: "q" }, held);
  expect([after(moved, "q")?.state, after(moved)?.state, after(moved, "r")]).toEqual(["on", "off", undefined]);
  // What this model made before counts on.
  const again = choose({}, [provider({ embedding: { ...inUse, state: "off", generation: 2 } })]);
  expect(after(again)).toMatchObject({ state: "on", generation: 2, dimension: 3 });
});

test("making vectors ends by a steward, once", () => {
  const end = (held: readonly Provider[], person: Person | undefined = dana): string =>
    codeOf(decideEmbeddingsEnd({ person, held }, { kind: "end-embeddings" }, context));
  expect(end([provider({ embedding: inUse })])).toBe("accepted");
  expect(end([provider({ embedding: inUse })], { ...dana, roles: ["auditor"] })).toBe("provider.not-a-steward");
  expect(end([provider()])).toBe("embedding.not-in-use");
});

const halt: Halt = {
  id: "h",
  version: 1,
  eventCount: 1,
  scope: "provider",
  scopeId: "house",
  state: "set",
  reason: "Wait.",
  setBy: "dana",
  setAtMs: 1,
  liftedBy: null,
  liftedAtMs: null,
};

test("one worker at a time takes a round, and nobody while the provider is off, paused, halted or rests", () => {
  const begin = (fields: Partial<EmbeddingUse>, more: Partial<Provider> = {}, halts: readonly Halt[] = []): Decided =>
    decideEmbeddingBegin(
      { provider: provider({ embedding: { ...inUse, ...fields }, ...more }), halts },
      { kind: "begin-embedding", providerId: "p" },
      context,
    );
  expect(after(begin({}))?.busyUntilMs).toBe(1_000 + embeddingTurnMs);
  expect(codeOf(begin({ busyUntilMs: 1_000, restUntilMs: 1_000 }))).toBe("accepted");
  expect(codeOf(begin({ busyUntilMs: 1_001 }))).toBe("embedding.waits");
  expect(codeOf(begin({ restUntilMs: 1_001 }))).toBe("embedding.waits");
  expect(codeOf(begin({ state: "off" }))).toBe("embedding.not-in-use");
  expect(codeOf(begin({}, { state: "paused" }))).toBe("embedding.not-in-use");
  expect(codeOf(begin({}, {}, [halt]))).toBe("halt.in-force");
  expect(codeOf(decideEmbeddingBegin({ provider: provider(), halts: [] }, { kind: "begin-embedding", providerId: "p" }, context))).toBe(
    "embedding.not-in-use",
  );
});

test("what a round came to is kept: counts add up, failures rest longer and longer, and a round of another model is passed by", () => {
  const end = (fields: Partial<EndEmbedding>, before: Partial<EmbeddingUse> = {}): Decided =>
    decideEmbeddingEnd(
      { provider: provider({ embedding: { ...inUse, busyUntilMs: 2_000, ...before } }), halts: [] },
      {
        kind: "end-embedding",
        providerId: "p",
        model: "tiny",
        generation: 1,
        dimension: 3,
        made: 2,
        costMicro: 4,
        failure: null,
        ...fields,
      },
      context,
    );
  expect(after(end({}))).toMatchObject({ made: 7, costMicro: 11, busyUntilMs: null, restUntilMs: null, failures: 0, failure: null });
  expect(after(end({ dimension: 4 }, { dimension: null }))?.dimension).toBe(4);
  const failure = { code: "model.unavailable", message: "x".repeat(600), retryAfterMs: null };
  const failed = after(end({ failure, made: 0 }, { failures: 2 }));
  expect(failed).toMatchObject({ failures: 3, restUntilMs: 1_000 + 120_000, failure: { atMs: 1_000, code: "model.unavailable" } });
  expect(failed?.failure?.message).toHaveLength(500);
  expect(after(end({ failure }, { failures: 2 }))?.failures).toBe(1);
  for (const fields of [{ model: "large" }, { generation: 2 }]) expect(codeOf(end(fields))).toBe("embedding.not-in-use");
  expect(codeOf(end({}, { state: "off" }))).toBe("embedding.not-in-use");
  expect([restAfter(0, null), restAfter(1, null), restAfter(2, 90_000), restAfter(99, null)]).toEqual([30_000, 30_000, 90_000, 900_000]);
});
