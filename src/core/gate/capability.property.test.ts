import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, JsonObject } from "../shared/json.ts";
import { type ArgumentRange, type AskedCall, type Capability, capabilityFor, intersect } from "./capability.ts";

const few = fc.constantFrom("a", "a", "a", "b");
const instant = fc.integer({ min: 0, max: 4 });

const range: fc.Arbitrary<ArgumentRange> = fc.oneof(
  fc.record({ kind: fc.constant("one-of" as const), values: fc.array(fc.constantFrom<Json>(1, 2, "1", ["x"]), { maxLength: 3 }) }),
  fc.record({ kind: fc.constant("between" as const), min: fc.integer({ min: 0, max: 2 }), max: fc.integer({ min: 0, max: 3 }) }),
);

const capability = (id: string, others: readonly string[]): fc.Arbitrary<Capability> =>
  fc.record({
    id: fc.constant(id),
    version: fc.constant(1),
    eventCount: fc.constant(0),
    state: fc.constantFrom("live", "live", "live", "revoked"),
    persona: few,
    taskId: fc.option(few, { nil: null }),
    forProjectId: fc.constantFrom("a", "a", "a", "b"),
    tool: few,
    ranges: fc.dictionary(fc.constantFrom("x", "y"), range, { maxKeys: 2 }),
    maxCalls: fc.integer({ min: 0, max: 3 }),
    usedCalls: fc.integer({ min: 0, max: 2 }),
    expiresAtMs: fc.integer({ min: 1, max: 6 }),
    parentId: fc.option(fc.constantFrom(...others, "gone"), { nil: null, freq: 3 }),
    grantedBy: fc.constant(""),
    reason: fc.constant(""),
  });

const ids = ["c1", "c2", "c3", "c4"];
const sets = fc.tuple(
  ...ids.map((id) =>
    capability(
      id,
      ids.filter((other) => other !== id),
    ),
  ),
);
const given = fc.dictionary(fc.constantFrom("x", "y"), fc.constantFrom<Json>(0, 1, 2, 3, "1", ["x"]), { maxKeys: 2 });
const asked = fc.record({ persona: few, taskId: few, projectId: few, tool: few, arguments: given });

/*
 * The oracle: says by itself what a capability allows, link by link, without the code under test.
 */
function plainlyAllowed(all: readonly Capability[], call: AskedCall, nowMs: number): boolean {
  for (const first of all) {
    if (first.persona !== call.persona) continue;
    if (first.taskId !== null && first.taskId !== call.taskId) continue;
    const seen: Capability[] = [];
    let link: Capability | undefined = first;
    let whole = true;
    while (whole && link !== undefined) {
      seen.push(link);
      if (seen.length > 5) whole = false;
      else if (link.parentId === null) break;
      else {
        const parentId: string = link.parentId;
        link = undefined;
        for (const one of all) if (one.id === parentId) link = one;
        if (link === undefined) whole = false;
      }
    }
    if (!whole) continue;
    let good = true;
    for (const one of seen) {
      if (one.state === "revoked") good = false;
      if (one.forProjectId !== call.projectId) good = false;
      if (one.tool !== call.tool) good = false;
      if (one.usedCalls >= one.maxCalls) good = false;
      if (one.expiresAtMs <= nowMs) good = false;
      for (const name of Object.keys(one.ranges)) {
        const rule = one.ranges[name];
        const value = call.arguments[name];
        if (rule === undefined) continue;
        if (value === undefined) good = false;
        else if (rule.kind === "between") {
          if (typeof value !== "number") good = false;
          else if (value < rule.min || value > rule.max) good = false;
        } else if (!rule.values.map((one2) => JSON.stringify(one2)).includes(JSON.stringify(value))) good = false;
      }
    }
    if (good) return true;
  }
  return false;
}

test("20,000 random sets and calls are decided as the oracle decides them", { timeout: 120_000 }, () => {
  let allowed = 0;
  fc.assert(
    fc.property(sets, asked, instant, (all, call, nowMs) => {
      const found = capabilityFor(all, call, nowMs) !== null;
      allowed += found ? 1 : 0;
      expect(found).toBe(plainlyAllowed(all, call, nowMs));
    }),
    { numRuns: 20_000, seed: 20261123 },
  );
  expect(allowed).toBeGreaterThan(200);
});

test("what is handed on allows nothing that was not allowed before, however often it is handed on", () => {
  fc.assert(
    fc.property(capability("parent", []), capability("wish", []), asked, instant, (parent, wish, call, nowMs) => {
      const terms = intersect({ ...parent, parentId: null }, wish);
      const child: Capability = { ...wish, ...terms, id: "child", state: "live", usedCalls: 0, parentId: "parent" };
      const own: JsonObject = call.arguments;
      const asParent = { ...call, persona: parent.persona, taskId: parent.taskId ?? call.taskId, arguments: own };
      const byChild = capabilityFor([child, { ...parent, parentId: null, persona: "nobody" }], call, nowMs) !== null;
      const byParent = capabilityFor([{ ...parent, parentId: null }], asParent, nowMs) !== null;
      expect(terms !== null && byChild && !byParent).toBe(false);
    }),
    { numRuns: 3_000, seed: 7 },
  );
});
