import { expect, test } from "vitest";
import { guardedStream } from "../../src/adapters/egress/guarded-stream.ts";
import { createSeededRng } from "../../src/adapters/in-process/seeded-rng.ts";
import { aiModels } from "../../src/adapters/models/ai-models.ts";
import { budgetKind } from "../../src/core/gate/budget.ts";
import { paceKind } from "../../src/core/gate/provider-pace.ts";
import { modelVendors } from "../../src/core/gate/provider.ts";
import { reservationKind } from "../../src/core/gate/reservation.ts";
import type { Rng } from "../../src/engine/ports/clock.ts";
import { done, openBench, understood } from "../support/model-bench.ts";
import { type ScriptedAnswer, type SeenRequest, startModelServer } from "../support/model-server.ts";

/*
 * Faults of providers on the wire, in the vendors' real forms: the whole path from the executor to the socket, with a record of every call
 * of a tool. Whatever goes wrong between, no tool is called twice for one wish, every call has its turn, and every turn is paid for once.
 */

const faultsWanted = process.env["XVC_TEST_VOLUME"] === "torture" ? 5_000 : 120;
/** A conversation has at most 100 turns; half of these are faults. */
const faultsEach = 40;
const callsEach = 12;
/** After 24 without an answer a person is asked, which is another test's. */
const mostInARow = 8;

const pick = <Item>(rng: Rng, items: readonly [Item, ...Item[]]): Item => items[Math.floor(rng.next() * items.length)] ?? items[0];

function fault(rng: Rng): ScriptedAnswer {
  // A silence takes as long as it is waited for.
  if (rng.next() < 0.03) return { kind: "silence", after: pick(rng, ["request", "piece"] as const) };
  const status = pick(rng, [429, 500, 502, 503, 504, 529, 408, 429]);
  return pick<ScriptedAnswer>(rng, [
    { kind: "status", status },
    { kind: "status", status: 429, headers: { "retry-after": String(Math.floor(rng.next() * 30)) } },
    { kind: "cut", text: "half of", how: "reset" },
    { kind: "cut", text: '{"question": nu', how: "end" },
    { kind: "garbage" },
    { kind: "error-inside", type: pick(rng, ["overloaded_error", "rate_limit_error", "server_error"]), message: "It went wrong." },
    {
      kind: "raw",
      body: pick(rng, [
        "",
        "{}",
        "[]",
        "data: 5\n\n",
        'data: {"choices": "none", "usage": {"total_tokens": "many"}}\n\n',
        "data: [DONE]\n\n",
        "<html>Bad gateway</html>",
      ]),
    },
  ]);
}

interface Tally {
  faults: number;
  readonly kinds: Map<string, number>;
}

/** One attempt over one vendor's form, with faults strewn in. */
async function run(seed: number, tally: Tally): Promise<void> {
  const rng = createSeededRng({ seed });
  const vendor = modelVendors[seed % modelVendors.length] ?? "openai-compatible";
  let faults = 0;
  let inARow = 0;
  let missing = 0;
  const script = (seen: SeenRequest): ScriptedAnswer => {
    if (faults < faultsEach && inARow < mostInARow && rng.next() < 0.78) {
      faults += 1;
      inARow += 1;
      const next = fault(rng);
      const name = next.kind === "status" ? `status ${String(next.status)}` : next.kind;
      tally.kinds.set(name, (tally.kinds.get(name) ?? 0) + 1);
      return next;
    }
    inARow = 0;
    // What comes next is read from what it was sent, so that an answer which was lost on its way is given again.
    const told = JSON.stringify(seen.body);
    if (!told.includes("I write it.")) return { kind: "text", text: understood };
    const places = [...told.matchAll(/place\W{1,9}(\d{1,3})/gu)].map(([, place]) => Number(place));
    const place = 1 + Math.max(0, ...places);
    if (place <= callsEach)
      return { kind: "call", tool: "look", rawArguments: `{"place":${String(place)}}`, callId: `call_${String(place)}` };
    // Whether a good answer tells what it used is up to the vendor.
    const usage = rng.next() < 0.5;
    if (!usage) missing += 1;
    return { kind: "text", text: done, usage };
  };
  await using server = await startModelServer(vendor, script);
  const models = aiModels({
    egress: guardedStream({ allowed: [] }),
    findKey: () => Promise.resolve("key-of-nobody"),
    limits: { silenceMs: 500, callMs: 2_000, answerChars: 400_000 },
  });
  const bench = await openBench({ models, provider: { vendor, baseUrl: server.baseUrl } });
  const effects = new Map<string, number>();
  bench.door = (tool, raw) => {
    effects.set(`${tool} ${raw}`, (effects.get(`${tool} ${raw}`) ?? 0) + 1);
    return { kind: "done", result: { seen: raw }, label: { integrity: "system", readers: [] }, costMicro: 0 };
  };
  let outcome = await bench.run();
  for (let jobs = 0; outcome.kind === "paused" && jobs < 200; jobs += 1) {
    // It rests as a row; here time passes at once.
    bench.world.advance(outcome.restMs ?? 1_000);
    outcome = await bench.run();
  }
  tally.faults += faults;
  expect([seed, outcome]).toMatchObject([seed, { kind: "submitted" }]);
  expect([...effects.values()].every((count) => count === 1)).toBe(true);
  expect(effects.size).toBe(callsEach);
  const turns = await bench.turns();
  const spent = await bench.world.rows(reservationKind);
  // Every request on the wire is a turn, and every turn was reserved for and settled once; what nobody told is booked whole.
  expect(turns.length).toBeGreaterThanOrEqual(server.seen.length);
  expect(new Set(turns.map(({ reservationId }) => reservationId)).size).toBe(turns.length);
  expect(spent.every(({ state }) => state === "settled")).toBe(true);
  // An answer that this machine was too slow to read is a fault as well.
  const untold = turns.filter(({ state, usage }) => state === "failed" || usage === null);
  expect(untold.length).toBeGreaterThanOrEqual(faults + missing);
  expect(spent.filter(({ basis }) => basis === "unknown").length).toBe(untold.length);
  expect(new Set(turns.map(({ state }) => state))).toEqual(new Set(["answered", "failed"]));
  for (const { basis, used, reserved } of spent) expect(used?.tokens).toBe(basis === "told" ? 18 : reserved.tokens);
  const booked = spent.reduce((sum, { used }) => sum + (used?.tokens ?? 0), 0);
  // The day's budget has turned while it rested; that of the request counts all of it.
  const ofRequest = (await bench.world.rows(budgetKind)).filter(({ scope, scopeId }) => scope === "request" && scopeId !== "");
  expect(ofRequest.map((budget) => [budget.booked.tokens, budget.reserved.tokens])).toEqual([[booked, 0]]);
  expect((await bench.world.rows(paceKind)).length).toBeLessThanOrEqual(1);
  expect(bench.world.findings()).toEqual([]);
}

test("provider faults on the wire double no effect, and what was spent is booked", async () => {
  const tally: Tally = { faults: 0, kinds: new Map() };
  for (let seed = 1; tally.faults < faultsWanted; seed += 1) await run(seed, tally);
  const kinds = [...tally.kinds].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([kind, count]) => `${kind} ${String(count)}`);
  process.stdout.write(`${String(tally.faults)} faults of providers: ${kinds.join(", ")}\n`);
  expect(tally.faults).toBeGreaterThanOrEqual(faultsWanted);
});
