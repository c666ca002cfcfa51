import fc from "fast-check";
import { expect, test } from "vitest";
import type { Capability } from "./capability.ts";
import { schemaProblems } from "./check-schema.ts";
import { effectKindFrom, effectKinds, treatmentOf } from "./effect-treatment.ts";
import { type CallFacts, judgeCall } from "./judge-call.ts";
import { type Integrity, type Label, distance, joinLabels, mayRead, noLabel, spoken } from "./label.ts";
import { readArguments } from "./read-arguments.ts";
import { type StandingGrant, grantFor } from "./standing-grant.ts";
import type { ToolDeclaration } from "./tool-declaration.ts";

const tool = (fields: Partial<ToolDeclaration> = {}): ToolDeclaration => ({
  name: "mail",
  description: "",
  origin: "office",
  parameters: { type: "object", properties: { to: { type: "string" }, text: { type: "string" } }, required: ["to"] },
  deliveryClass: "once",
  effectKind: "send",
  targets: ["to"],
  amountArgument: null,
  result: { integrity: "external", readers: "project" },
  costMicro: 0,
  timeLimitMs: 1_000,
  ...fields,
});

const capability: Capability = {
  id: "c",
  version: 1,
  eventCount: 0,
  state: "live",
  persona: "writer",
  taskId: "t",
  forProjectId: "p",
  tool: "mail",
  ranges: {},
  maxCalls: 1,
  usedCalls: 0,
  expiresAtMs: 100,
  parentId: null,
  grantedBy: "",
  reason: "",
};

const facts = (fields: Partial<CallFacts> = {}): CallFacts => ({
  tool: tool(),
  definitionSha256: "d",
  pin: { mode: "open", definitionSha256: "d" },
  read: readArguments('{"to":"a","text":"b"}'),
  persona: "writer",
  taskId: "t",
  projectId: "p",
  label: { integrity: "persona", readers: [] },
  named: [],
  capabilities: [capability],
  grants: [],
  approved: false,
  provisional: false,
  halt: undefined,
  nowMs: 0,
  policies: () => ({ allowed: true, policies: ["all"], errors: [] }),
  ...fields,
});

const named = (argument: string, value: string) => ({ tool: "mail", argument, value });
const ends = (fields: Partial<CallFacts>): string => {
  const judged = judgeCall(facts(fields));
  return judged.kind === "refused" ? judged.code : judged.kind;
};

test("each step of the gate decides by itself, and the last step says why", () => {
  const table: readonly (readonly [Partial<CallFacts>, string])[] = [
    [{}, "ask"],
    [{ approved: true }, "allowed"],
    [{ read: readArguments("[]") }, "tool.arguments-unreadable"],
    [{ read: readArguments('{"to":"a","bcc":"x"}') }, "tool.arguments-unfit"],
    [{ read: readArguments('{"to":["a"]}') }, "tool.arguments-unfit"],
    [{ tool: undefined }, "tool.unknown"],
    [{ pin: undefined }, "tool.not-agreed"],
    [{ definitionSha256: "e" }, "tool.not-agreed"],
    [{ pin: { mode: "suspended", definitionSha256: "d" }, approved: true }, "tool.suspended"],
    [{ capabilities: [] }, "tool.no-capability"],
    [{ limits: { effectKinds: [] }, approved: true }, "tool.beyond-limits"],
    [{ limits: { tools: ["another"] }, approved: true }, "tool.beyond-limits"],
    [{ capabilities: [{ ...capability, usedCalls: 1 }], approved: true }, "tool.no-capability"],
    [{ nowMs: 100, approved: true }, "tool.no-capability"],
    [{ approved: true, policies: () => ({ allowed: false, policies: [], errors: [] }) }, "tool.forbidden"],
    [{ approved: true, policies: () => ({ allowed: true, policies: [], errors: ["x"] }) }, "tool.forbidden"],
    [{ named: [named("to", "a"), named("text", "b")] }, "allowed"],
    [{ named: [named("to", "a")] }, "ask"],
    [{ named: [named("text", "b")] }, "ask"],
    // The payee is not the payer: a value counts in the argument a person put it into, and whole.
    [{ named: [named("text", "a"), named("to", "b")] }, "ask"],
    [{ named: [named("to", "ab"), named("text", "b")] }, "ask"],
    [{ named: [named("to", "a"), named("text", "b")], pin: { mode: "tightened", definitionSha256: "d" } }, "ask"],
    [{ tool: tool({ targets: [] }), named: [named("to", "a")] }, "ask"],
  ];
  for (const [fields, end] of table) expect([fields, ends(fields)]).toEqual([fields, end]);
  for (const [fields] of table) expect(judgeCall(facts(fields)).steps.at(-1)?.reason).not.toBe("");
});

test("every kind is asked about as its treatment says, wherever the tool comes from", () => {
  const asked = { read: false, fetch: true, "write-private": true, consequential: true };
  for (const effectKind of effectKinds) {
    const treatment = treatmentOf(effectKind);
    expect([effectKind, ends({ tool: tool({ effectKind }) })]).toEqual([effectKind, asked[treatment] ? "ask" : "allowed"]);
    const own = ends({ tool: tool({ effectKind, origin: "built-in" }) });
    expect([effectKind, own]).toEqual([effectKind, asked[treatment] && treatment !== "write-private" ? "ask" : "allowed"]);
  }
  expect(effectKindFrom(undefined)).toBe("act");
  expect(effectKindFrom("harmless")).toBe("act");
});

const label: fc.Arbitrary<Label> = fc.record({
  integrity: fc.constantFrom<Integrity>("human", "system", "persona", "external"),
  readers: fc.oneof(fc.constant("everyone" as const), fc.subarray(["project:a", "person:b"])),
});

test("a join is never better than any of its parts, an empty one is the worst, and what is said is no person's word", () => {
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 5 }), (labels) => {
      const joined = joinLabels(labels);
      for (const one of labels) {
        expect(distance(joined.integrity)).toBeGreaterThanOrEqual(distance(one.integrity));
        const outsiders = joined.readers === "everyone" ? [] : joined.readers.filter((reader) => !mayRead(one, reader));
        expect([outsiders, joined.readers === "everyone" && one.readers !== "everyone"]).toEqual([[], false]);
      }
      expect(joinLabels(labels.toReversed()).integrity).toBe(joined.integrity);
      expect(distance(spoken(joined).integrity)).toBeGreaterThanOrEqual(distance("persona"));
    }),
  );
  expect(joinLabels([])).toEqual(noLabel);
});

test("arguments are read in one way or not at all", () => {
  const bad = [
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"__proto__":{}}',
    '{"constructor":1}',
    "[1]",
    '"x"',
    "null",
    "",
    "{} {}",
    "{,}",
    '{"a":1,}',
    "{'a':1}",
    '{"a":01}',
    '{"a":1e999}',
    '{"a":12345678901234567890}',
    '{"a":"\ud800"}',
    '{"a":"\\ud800"}',
    '{"a":NaN}',
    "\uFEFF{}",
    '{"a":"\n"}',
    `{"a":${"[".repeat(30)}${"]".repeat(30)}}`,
    `{"a":"${"x".repeat(1_000_001)}"}`,
  ];
  for (const text of bad) expect([text.slice(0, 40), readArguments(text).ok]).toEqual([text.slice(0, 40), false]);
  fc.assert(
    fc.property(fc.dictionary(fc.string({ maxLength: 10 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 }), (value) => {
      const text = JSON.stringify(JSON.parse(JSON.stringify(value)));
      const read = readArguments(text);
      // What it reads is what every reader of JSON reads; what it refuses holds a key or a number that others read differently.
      expect(read.ok ? JSON.stringify(read.arguments) : text).toBe(text);
    }),
    { numRuns: 500 },
  );
});

const grant: StandingGrant = {
  id: "g",
  version: 1,
  eventCount: 0,
  state: "live",
  tool: "pay",
  forProjectId: "p",
  persona: null,
  targets: { to: ["landlord"], from: ["current"] },
  content: "inside",
  maxCalls: 2,
  usedCalls: 0,
  capMicro: 100,
  usedMicro: 40,
  expiresAtMs: 100,
  givenBy: "boss",
  givenAtMs: 0,
  reason: "Rent.",
  revokedBy: null,
};

test("a standing grant covers its own targets, content, count, cap and time, and nothing next to them", () => {
  const pay = tool({ name: "pay", targets: ["to", "from"], amountArgument: "amount" });
  const given = { to: "landlord", from: "current", amount: 60 };
  const call = {
    tool: pay,
    persona: "writer",
    projectId: "p",
    arguments: given,
    contentLabel: { integrity: "persona", readers: [] } as Label,
  };
  const covers = (fields: Partial<StandingGrant>, changed: Partial<typeof call> = {}, nowMs = 0): boolean =>
    grantFor([{ ...grant, ...fields }], { ...call, ...changed }, nowMs) !== undefined;
  expect(covers({})).toBe(true);
  const near: readonly (readonly [Partial<StandingGrant>, Partial<typeof call>, number?])[] = [
    [{ state: "revoked" }, {}],
    [{ tool: "mail" }, {}],
    [{ forProjectId: "q" }, {}],
    [{ persona: "other" }, {}],
    [{ usedCalls: 2 }, {}],
    [{ usedMicro: 41 }, {}],
    [{ capMicro: null }, {}],
    [{}, {}, 100],
    [{ content: "human" }, {}],
    [{}, { contentLabel: noLabel }],
    [{}, { arguments: { ...given, to: "current", from: "landlord" } }],
    [{}, { arguments: { ...given, to: "landlord2" } }],
    [{}, { arguments: { ...given, to: ["landlord"] as unknown as string } }],
    [{}, { arguments: { ...given, amount: 60.5 } }],
    [{}, { arguments: { to: "landlord", amount: 1 } as typeof given }],
    [{ targets: {} }, { arguments: { amount: 1 } as typeof given }],
  ];
  for (const [fields, changed, nowMs] of near) expect([fields, changed, covers(fields, changed, nowMs)]).toEqual([fields, changed, false]);
  expect(covers({ content: "any" }, { contentLabel: noLabel })).toBe(true);
});

test("a declaration says everything that is checked, and nothing that is not", () => {
  expect(schemaProblems({ type: "object", properties: { a: { type: "string" } } })).toEqual([]);
  for (const schema of [
    { type: "string" },
    { type: "object", properties: { a: { pattern: "(a+)+$" } } },
    { type: "object", additionalProperties: true },
  ])
    expect(schemaProblems(schema)).not.toEqual([]);
});
