import { expect, test } from "vitest";
import { type ScriptedAnswer, startModelServer } from "../../../test/support/model-server.ts";
import { type ModelVendor, modelVendors } from "../../core/gate/provider.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import type { ModelAddress, TurnEvent, TurnRequest, TurnResult } from "../../engine/ports/model.ts";
import { guardedStream } from "../egress/guarded-stream.ts";
import { type ModelLimits, aiModels } from "./ai-models.ts";

const key = "test-key-4f1c9a7e2b";
const short: ModelLimits = { silenceMs: 250, callMs: 5_000, answerChars: 10_000 };

const addressOf = (vendor: ModelVendor, baseUrl: string): ModelAddress => ({
  organizationId: asId("00000000-0000-7000-8000-000000000001"),
  providerId: "p",
  vendor,
  baseUrl,
  model: "fake-model",
  local: true,
});

const hello: TurnRequest = {
  system: "You are terse.",
  messages: [{ role: "user", text: "Say hello." }],
  tools: [],
  outputSchema: null,
  maxOutputTokens: 200,
};

const models = aiModels({ egress: guardedStream({ allowed: [] }), findKey: async () => key, limits: short });

async function gather(events: AsyncIterable<TurnEvent>): Promise<{ readonly deltas: string; readonly result: TurnResult }> {
  let deltas = "";
  let result: TurnResult | null = null;
  for await (const event of events) {
    if (event.kind === "text") deltas += event.text;
    if (event.kind === "result") result = event.result;
  }
  if (result === null) throw new Error("no result came");
  return { deltas, result };
}

async function ask(vendor: ModelVendor, scripted: ScriptedAnswer, request: TurnRequest = hello) {
  await using server = await startModelServer(vendor, () => scripted);
  const answered = await gather(models.turn(addressOf(vendor, server.baseUrl), request, new AbortController().signal)).then(
    (ok) => ({ ...ok, failure: null }),
    (error: unknown) => ({ deltas: "", result: null, failure: error }),
  );
  return { ...answered, seen: server.seen };
}

for (const vendor of modelVendors) {
  test(`${vendor}: streams a text and tells what it used`, async () => {
    const { deltas, result, seen, failure } = await ask(vendor, { kind: "text", text: "Hello there, friend." });
    expect(failure).toBeNull();
    expect(deltas).toBe("Hello there, friend.");
    expect(result?.parts.map((part) => (part.kind === "call" ? "" : part.text)).join("")).toBe("Hello there, friend.");
    expect(result).toMatchObject({ usage: { inputTokens: 11, outputTokens: 7 }, finish: "stop" });
    expect(JSON.stringify(seen[0]?.body)).toContain("Say hello.");
    expect(JSON.stringify(seen[0]?.body)).toContain("You are terse.");
    expect(JSON.stringify(seen[0]?.headers)).toContain(key);
    expect(JSON.stringify(seen[0]?.body)).not.toContain(key);
  });

  test(`${vendor}: usage that was not told is unknown, never zero`, async () => {
    const { result } = await ask(vendor, { kind: "text", text: "Hello.", usage: false });
    expect(result?.usage).toBeNull();
  });

  test(`${vendor}: a call of a tool arrives with the arguments as the model wrote them, and its answer goes back`, async () => {
    const tool = {
      name: "look_up",
      description: "Looks something up.",
      parameters: { type: "object", properties: { word: { type: "string" } } },
    };
    const rawArguments = vendor === "google" ? '{"word":"a"}' : '{"word":"a","word":"b"}';
    const { result } = await ask(vendor, { kind: "call", tool: "look_up", rawArguments }, { ...hello, tools: [tool] });
    expect(result).toMatchObject({ finish: "calls", usage: { inputTokens: 11, outputTokens: 7 } });
    const call = result?.parts.find((part) => part.kind === "call");
    expect(call).toMatchObject({ tool: "look_up", rawArguments });
    const again = await ask(
      vendor,
      { kind: "text", text: "Done." },
      {
        ...hello,
        tools: [tool],
        messages: [
          ...hello.messages,
          { role: "model", parts: result?.parts ?? [] },
          { role: "tools", answers: [{ callId: call?.kind === "call" ? call.callId : "", tool: "look_up", text: "the answer is 42" }] },
        ],
      },
    );
    expect(again.failure).toBeNull();
    expect(JSON.stringify(again.seen[0]?.body)).toContain("the answer is 42");
  });

  test(`${vendor}: the schema of the answer goes along`, async () => {
    const outputSchema = {
      type: "object",
      properties: { unusual_field: { type: "string" } },
      required: ["unusual_field"],
      additionalProperties: false,
    };
    const { result, seen } = await ask(vendor, { kind: "text", text: '{"unusual_field":"x"}' }, { ...hello, outputSchema });
    expect(result?.finish).toBe("stop");
    expect(JSON.stringify(seen[0]?.body)).toContain("unusual_field");
  });

  test(`${vendor}: an answer that is too long or blocked says so`, async () => {
    expect((await ask(vendor, { kind: "text", text: "Hel", finish: "length" })).result?.finish).toBe("length");
    expect((await ask(vendor, { kind: "text", text: "x", finish: "blocked" })).result?.finish).toBe("blocked");
  });

  const faults: readonly (readonly [what: string, scripted: ScriptedAnswer, kind: string, code: string])[] = [
    ["429", { kind: "status", status: 429, headers: { "retry-after": "7" } }, "exhausted", "model.rate-limited"],
    ["402", { kind: "status", status: 402 }, "exhausted", "model.quota-used-up"],
    ["500", { kind: "status", status: 500 }, "unavailable", "model.unavailable"],
    ["529", { kind: "status", status: 529 }, "unavailable", "model.unavailable"],
    ["401", { kind: "status", status: 401, message: `Incorrect API key provided: ${key}` }, "forbidden", "model.key-refused"],
    ["404", { kind: "status", status: 404 }, "not-found", "model.not-known"],
    ["400", { kind: "status", status: 400 }, "invalid", "model.request-refused"],
    ["a redirect", { kind: "status", status: 307, headers: { location: "http://169.254.169.254/" } }, "invalid", "model.request-refused"],
    ["a stream that breaks", { kind: "cut", text: "Hel", how: "reset" }, "unavailable", "model.answer-"],
    ["a stream that ends early", { kind: "cut", text: "Hel", how: "end" }, "unavailable", "model.answer-"],
    ["an error inside of the stream", { kind: "error-inside", type: "overloaded_error", message: "Overloaded" }, "unavailable", "model."],
    ["garbage", { kind: "garbage" }, "unavailable", "model.answer-"],
    ["silence before the answer", { kind: "silence", after: "request" }, "unavailable", "model.timed-out"],
    ["silence in the answer", { kind: "silence", after: "piece" }, "unavailable", "model.timed-out"],
    ["an answer without end", { kind: "text", text: "x".repeat(20_000) }, "invalid", "model.answer-too-large"],
  ];
  for (const [what, scripted, kind, code] of faults) {
    test(`${vendor}: ${what} is a failure of ours, without key and prompt`, async () => {
      const { failure, seen } = await ask(vendor, scripted);
      expect(failure).toBeInstanceOf(Failure);
      const { kind: found, code: foundCode, details, cause } = failure as Failure;
      expect([found, foundCode.startsWith(code)]).toEqual([kind, true]);
      expect(seen).toHaveLength(1);
      const shown = JSON.stringify([details, (failure as Failure).message, String((failure as Failure).stack), String(cause)]);
      expect(shown).not.toContain(key);
      expect(shown).not.toContain("Say hello.");
      expect(details).toMatchObject(what === "429" ? { retryAfterMs: 7_000 } : {});
    });
  }

  test(`${vendor}: stopping closes the connection and is no failure of the model`, async () => {
    await using server = await startModelServer(vendor, () => ({ kind: "silence", after: "piece" }));
    const patient = aiModels({ egress: guardedStream({ allowed: [] }), findKey: async () => key });
    const stop = new AbortController();
    const reason = new Error("stopped by a person");
    const events = patient.turn(addressOf(vendor, server.baseUrl), hello, stop.signal)[Symbol.asyncIterator]();
    await events.next();
    const end = events.next();
    stop.abort(reason);
    await expect(end).rejects.toBe(reason);
    await expect.poll(server.dropped, { timeout: 2_000 }).toBe(1);
  });
}

test("what nobody declared local does not reach this machine, and without a key nothing is sent", async () => {
  await using server = await startModelServer("openai-compatible", () => ({ kind: "text", text: "x" }));
  const at = { ...addressOf("openai-compatible", server.baseUrl), local: false };
  await expect(gather(models.turn(at, hello, new AbortController().signal))).rejects.toMatchObject({ code: "egress.address-refused" });
  const keyless = aiModels({ egress: guardedStream({ allowed: [] }), findKey: async () => null, limits: short });
  await expect(gather(keyless.turn(at, hello, new AbortController().signal))).rejects.toMatchObject({ code: "model.key-missing" });
  expect(server.seen).toEqual([]);
});
