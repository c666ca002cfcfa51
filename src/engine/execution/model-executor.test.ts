import { beforeEach, expect, test } from "vitest";
import { look, worker } from "../../../test/support/core-world.ts";
import { type Bench, addProvider, done, inTurn, openBench, understood } from "../../../test/support/model-bench.ts";
import { paceKind } from "../../core/gate/provider-pace.ts";
import { providerKind } from "../../core/gate/provider.ts";
import { reservationKind } from "../../core/gate/reservation.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});

test("states what it understood, works, and hands in the outputs of the task; each turn is a row and is paid for", async () => {
  const outcome = await bench.run();
  expect(outcome).toMatchObject({
    kind: "submitted",
    interpretation: "I write it.",
    outputs: [{ name: "a.md", mediaType: "text/markdown" }],
  });
  expect(await bench.turns()).toMatchObject([
    { number: 1, state: "answered", purpose: "interpret", usage: { inputTokens: 10, outputTokens: 5 } },
    { number: 2, state: "answered", purpose: "work" },
  ]);
  const { attempts } = await look(bench.world);
  expect(attempts[0]).toMatchObject({ interpretation: "I write it. Serves: The request.", provisional: true, provider: null });
  expect(attempts[0]?.context).toBeDefined();
  const spent = await bench.world.rows(reservationKind);
  expect(spent).toHaveLength(2);
  expect(spent.every(({ state }) => state === "settled")).toBe(true);
  const told = JSON.stringify(bench.asked);
  for (const part of ["You work as author", "## task", "a.md", "plain"]) expect(told).toContain(part);
  expect(bench.world.findings()).toEqual([]);
});

test("asks a person, and the next attempt goes on from the stored turns with the answer", async () => {
  bench.says = inTurn(understood, JSON.stringify({ question: "Which colour?", outputs: [], notes: [], points: [] }), done);
  const outcome = await bench.run();
  expect(outcome).toMatchObject({ kind: "asked", question: "Which colour?" });
  const { attempts } = await look(bench.world);
  const attempt = attempts[0];
  await bench.world.tell(worker, {
    kind: "finish-attempt",
    attemptId: attempt?.id ?? "",
    epoch: attempt?.epoch ?? 0,
    outcome: { kind: "asked", question: "Which colour?" },
    costMicro: 0,
  });
  const item = (await look(bench.world)).items.find(({ title }) => title === "Which colour?");
  const founder = { kind: "person", id: bench.world.people[0] ?? "" } as const;
  await bench.world.tell(founder, {
    kind: "answer-item",
    itemId: item?.id ?? "",
    choice: "answer",
    value: "Blue",
    reason: "",
    inputs: [],
    confirmation: null,
  });
  expect(await bench.run()).toMatchObject({ kind: "submitted" });
  expect((await bench.turns()).map(({ number }) => number)).toEqual([1, 2, 3]);
  const last = JSON.stringify(bench.asked.at(-1)?.request.messages);
  expect(last).toContain("Blue");
  expect(last).toContain("I write it.");
});

test("repairs an answer twice at most, then gives up", async () => {
  bench.says = inTurn(understood, "no json at all", "[1]", "[2]");
  expect(await bench.run()).toMatchObject({ kind: "failed", code: "model.answer-unusable", retryable: true });
  expect((await bench.turns()).map(({ purpose }) => purpose)).toEqual(["interpret", "work", "repair", "repair"]);
  expect(JSON.stringify(bench.asked.at(-1))).toContain("It is not one JSON object");
});

test("calls tools through the door alone, and a person who is asked stops it until they have answered", async () => {
  const seen: string[] = [];
  bench.says = inTurn(understood, ["look", '{"a":1,"a":2}'], done);
  bench.door = (tool, raw) => {
    seen.push(`${tool} ${raw}`);
    return seen.length === 1
      ? { kind: "asked", itemId: "i", question: "May it look?" }
      : { kind: "done", result: { found: 42 }, label: { integrity: "external", readers: [] }, costMicro: 3 };
  };
  expect(await bench.run()).toMatchObject({ kind: "asked", question: "May it look?" });
  expect(await bench.run()).toMatchObject({ kind: "submitted", costMicro: 3 });
  expect(seen).toEqual(['look {"a":1,"a":2}', 'look {"a":1,"a":2}']);
  expect(JSON.stringify(bench.asked.at(-1)?.request.messages)).toContain('\\"found\\":42');
});

test("hands in what a tool has written as it is, and the rest as it was said", async () => {
  const bench = await openBench();
  const file = { name: "a.md", sha256: asId<"sha256">("ab".repeat(32)), mediaType: "text/markdown", bytes: 3 };
  bench.door = () => ({ kind: "done", result: {}, label: { integrity: "persona", readers: "everyone" }, costMicro: 0, written: [file] });
  const last = JSON.stringify({ question: null, outputs: [], notes: [], points: [] });
  const words = [understood, ["files.write", "{}"], last] as const;
  bench.says = () => words[bench.asked.length - 1] ?? last;
  expect(await bench.run()).toMatchObject({ kind: "submitted", outputs: [file] });
});

test("is stopped when it makes the same call again and again", async () => {
  bench.says = (_request, _at) => (bench.asked.length === 1 ? understood : ["look", '{"a":1}']);
  const outcome = await bench.run();
  expect(outcome).toMatchObject({ kind: "failed", code: "execution.loop", retryable: false });
  expect(bench.asked.length).toBeLessThanOrEqual(5);
  // It ends before a person, with the reason.
  const attempt = (await look(bench.world)).attempts[0];
  if (outcome.kind !== "failed" || attempt === undefined) throw new Error(outcome.kind);
  const { code, message, retryable } = outcome;
  await bench.world.tell(worker, {
    kind: "finish-attempt",
    attemptId: attempt.id,
    epoch: attempt.epoch,
    outcome: { kind: "failed", code, message, retryable },
    costMicro: 0,
  });
  const { items } = await look(bench.world);
  expect(items.find(({ ruleId }) => ruleId === "execution.attempt-failed")?.detail).toContain("The same call of look was made 3 times");
});

test("goes to the next provider when one does not answer, and rests when none does", async () => {
  const founder = { kind: "person", id: bench.world.people[0] ?? "" } as const;
  await bench.world.tell(founder, addProvider("second", true));
  bench.says = (_request, at) =>
    at.providerId === bench.asked[0]?.at.providerId
      ? new Failure("exhausted", "model.rate-limited", { message: "Slow.", retryAfterMs: 9_000 })
      : understood;
  bench.says = ((inner) => async (request, at) => {
    const said = await inner(request, at);
    return said === understood && request.messages.length > 2 ? done : said;
  })(bench.says);
  expect(await bench.run()).toMatchObject({ kind: "submitted" });
  expect((await bench.turns()).map(({ state, provider }) => `${provider} ${state}`)).toEqual([
    "house failed",
    "second answered",
    // It rests for as long as it asked, and is not asked again meanwhile.
    "second answered",
  ]);
  expect((await bench.turns()).at(-1)?.route).toEqual({
    source: "order",
    place: 2,
    of: 2,
    over: [{ provider: "house", model: "small", rule: "rate-limited", message: "Slow." }],
  });
});

test("a chain is asked in its order, by its rules, and never where the project may not be sent", async () => {
  const founder = { kind: "person", id: bench.world.people[0] ?? "" } as const;
  await bench.world.tell(founder, { ...addProvider("second", true), models: ["large", "tiny"] });
  await bench.world.tell(founder, { ...addProvider("hosted", false), baseUrl: "https://models.example/v1" });
  const links = ["hosted/small", "second/tiny", "second/large", "house/small"].map((text) => ({
    provider: text.split("/")[0] ?? "",
    model: text.split("/")[1] ?? "",
  }));
  const chain = { kind: "set-model-chain", links, reason: "Cheap first" } as const;
  await bench.world.tell(founder, { ...chain, scope: "organization", scopeId: "", links: [{ provider: "house", model: "small" }] });
  await bench.world.tell(founder, { ...chain, scope: "persona", scopeId: "author" });
  let work = 0;
  bench.says = (_request, at) => {
    if (at.model === "tiny") return new Failure("invalid", "model.context-too-large", { message: "Too large." });
    work += 1;
    return work === 1 ? understood : done;
  };
  expect(await bench.run()).toMatchObject({ kind: "submitted" });
  expect(bench.asked.map(({ at }) => at.model)).toEqual(["tiny", "large", "large"]);
  const turns = await bench.turns();
  expect(turns.at(-1)?.route).toMatchObject({
    source: "persona",
    place: 3,
    of: 4,
    over: [
      { provider: "hosted", rule: "not-allowed" },
      { provider: "second", model: "tiny", rule: "context-too-large" },
    ],
  });
  const unknown = { ...chain, scope: "organization" as const, scopeId: "", links: [{ provider: "house", model: "other" }] };
  expect(await bench.world.tell(founder, unknown)).toMatchObject({ kind: "refused", code: "chain.model-not-known" });
});

test("content that every vendor refuses ends it for a person, is paid for, and is told to no other model", async () => {
  bench.says = () => "I will not.";
  bench.finish = "blocked";
  expect(await bench.run()).toMatchObject({ kind: "failed", code: "model.content-refused", retryable: false });
  expect(await bench.turns()).toMatchObject([{ state: "failed", parts: [], usage: { inputTokens: 10 }, failure: { untilMs: null } }]);
  expect(await bench.world.rows(reservationKind)).toMatchObject([{ state: "settled", basis: "told" }]);
});

test("a full window makes a call wait as a row, with its place kept; room that was not used comes back", async () => {
  const founder = { kind: "person", id: bench.world.people[0] ?? "" } as const;
  const providerId = (await bench.world.rows(providerKind))[0]?.id ?? "";
  const windows = { requestsPerMinute: 1, tokensPerMinute: 1_000_000 };
  await bench.world.tell(founder, { kind: "change-provider", providerId, models: null, windows, place: null, keyFrom: null });
  expect(await bench.run()).toMatchObject({ kind: "paused", restMs: 60_000 });
  expect(bench.asked).toHaveLength(1);
  const [pace] = await bench.world.rows(paceKind);
  expect(pace).toMatchObject({
    requests: { left: 0 },
    waiting: [{ urgency: 1 }],
    served: [{ projectId: bench.world.scope.projectIds[0] }],
  });
  // What was estimated and not used came back.
  expect(pace?.tokens?.left).toBe(999_985);
  bench.world.advance(60_000);
  expect(await bench.run()).toMatchObject({ kind: "submitted" });
  expect((await bench.world.rows(paceKind))[0]?.waiting).toEqual([]);
});

test("a vendor's limits are data, and a provider that goes silent is left alone by everybody", async () => {
  bench.window = { requestsPerMinute: 100, tokensPerMinute: null, requestsLeft: 0, tokensLeft: null };
  expect(await bench.run()).toMatchObject({ kind: "paused", restMs: 1_000 });
  expect((await bench.world.rows(paceKind))[0]).toMatchObject({ told: { requestsPerMinute: 100 }, requests: { left: 0 } });
  bench.window = null;
  bench.says = () => new Failure("unavailable", "model.unavailable", { message: "Away." });
  for (let count = 0; count < 3; count += 1) {
    bench.world.advance(600_000);
    await bench.run();
  }
  const asked = bench.asked.length;
  expect(await bench.run()).toMatchObject({ kind: "paused", restMs: 9_999 });
  expect(bench.asked.length).toBe(asked);
});

test("rests as long as the vendor asks for, and the cost of a call that failed is booked whole", async () => {
  bench.says = () => new Failure("exhausted", "model.rate-limited", { message: "Slow.", retryAfterMs: 9_000 });
  expect(await bench.run()).toEqual({ kind: "paused", reason: "Slow.", restMs: 9_000 });
  expect(await bench.world.rows(reservationKind)).toMatchObject([{ state: "settled", basis: "unknown" }]);
});

test("a turn whose worker died is lost, booked whole and asked again", async () => {
  const stop = new AbortController();
  bench.says = () => {
    stop.abort(new Error("the worker died"));
    throw new Error("the worker died");
  };
  await expect(bench.run(stop.signal)).rejects.toThrow("the worker died");
  expect(await bench.turns()).toMatchObject([{ state: "asked" }]);
  bench.says = inTurn(understood, done);
  expect(await bench.run()).toMatchObject({ kind: "submitted" });
  expect((await bench.turns()).map(({ state }) => state)).toEqual(["lost", "answered", "answered"]);
});

test("is asked nothing under a halt of its provider, and rests", async () => {
  const founder = { kind: "person", id: bench.world.people[0] ?? "" } as const;
  await bench.world.tell(founder, { kind: "set-halt", scope: "provider", scopeId: "house", reason: "Look first" });
  expect(await bench.run()).toMatchObject({ kind: "paused" });
  expect(bench.asked).toEqual([]);
});

test("work that nobody has proven is judged by a person, however good its checks", async () => {
  const outcome = await bench.run();
  const { attempts } = await look(bench.world);
  const attempt = attempts[0];
  if (outcome.kind !== "submitted" || attempt === undefined) throw new Error(outcome.kind);
  const { outputs, interpretation, notes } = outcome;
  const accepted = (await look(bench.world)).tasks[0]?.spec.acceptance ?? [];
  const checks = accepted.map(({ id, check }) => ({
    criterionId: id,
    kind: check.kind,
    verdict: "pass" as const,
    detail: "There.",
    evidence: { bytes: 1 },
  }));
  await bench.world.tell(worker, {
    kind: "finish-attempt",
    attemptId: attempt.id,
    epoch: attempt.epoch,
    outcome: { kind: "submitted", outputs, checks, interpretation, notes, pointAnswers: {} },
    costMicro: outcome.costMicro,
  });
  const { tasks, items } = await look(bench.world);
  expect(tasks[0]?.state).toBe("in-review");
  expect(items.some(({ title }) => title === 'Review "Write"')).toBe(true);
});
