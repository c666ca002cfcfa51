import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, JsonObject } from "../shared/json.ts";
import { limitProblem, mayReview } from "./persona-limits.ts";
import { type PersonaFields, personaDocumentOf } from "./persona-document.ts";
import { maxLibraryPersonas, readLibrary, readPersona } from "./read-library.ts";
import { knownSkills, skillElements } from "./skill-vocabulary.ts";

const full: JsonObject = {
  worldview: "careful",
  worldviewText: "You look twice.",
  specializations: ["a"],
  tools: ["files.read"],
  version: 7,
  division: "legal",
  skills: ["contract_analysis"],
  languages: ["en", "pt-BR"],
  checks: [
    { id: "twice", kind: "rule", statement: "It was looked at twice." },
    { id: "why", kind: "question", statement: "Why is it so?" },
  ],
  executors: ["model", "human"],
  attemptsWith: { model: 2 },
  costPerHourMicro: 5,
  tokenRates: { inputMicro: 3, outputMicro: 15 },
  capacity: 4,
  limits: {
    tools: ["files.read"],
    effectKinds: ["read"],
    ranges: { "files.read": { file: { kind: "one-of", values: ["a.md"] }, part: { kind: "between", min: 0, max: 3 } } },
  },
  reviews: { divisions: ["legal"], skills: ["privacy"] },
  context: { budgetTokens: 4_000, leaveOut: ["similar"] },
};

test("reads every field that a persona has, and writes the same document again", () => {
  const read = readPersona("p", full);
  expect(read).toMatchObject({ problems: [], notices: [] });
  const [persona] = read.personas;
  expect(persona).toEqual({ ...full, version: undefined, key: "p", personaVersion: 7 });
  expect(personaDocumentOf(persona as PersonaFields)).toEqual(full); // read without a problem
});

test("keeps what it does not know as data, says so, and gives it back", () => {
  const read = readPersona("p", { ...full, mood: { today: "fine" } });
  expect(read.notices).toEqual(["Persona p: mood is kept, and nothing here uses it."]);
  expect(read.personas[0]?.more).toEqual({ mood: { today: "fine" } });
  expect(personaDocumentOf(read.personas[0] as PersonaFields)).toEqual({ ...full, mood: { today: "fine" } }); // read without a problem
});

test.each([
  ["worldview", "", "`worldview` must be"],
  ["worldview", "x".repeat(501), "at most 500|1 to 500"],
  ["worldviewText", "x".repeat(20_001), "1 to 20000"],
  ["tools", "files.read", "`tools` must be a list"],
  ["skills", [""], "`skills` must be"],
  ["version", 0, "`version` must be a whole number from 1"],
  ["capacity", 0, "`capacity`"],
  ["costPerHourMicro", 0.5, "`costPerHourMicro`"],
  ["executors", ["model", "wizard"], "`executors` must be a list of rules, human"],
  ["executors", ["model", "model"], "each at most once"],
  ["languages", ["english please"], "no language tag"],
  ["checks", [{ id: "a", kind: "law", statement: "S" }], "check 1 needs"],
  [
    "checks",
    [
      { id: "a", kind: "rule", statement: "S" },
      { id: "a", kind: "rule", statement: "T" },
    ],
    "check 2 needs",
  ],
  ["checks", Array.from({ length: 31 }, (_, at) => ({ id: `c${at}`, kind: "rule", statement: "S" })), "at most 30"],
  ["attemptsWith", { model: 0 }, "attemptsWith: `model`"],
  ["attemptsWith", { wizard: 1 }, "`attemptsWith` has no"],
  ["limits", { effects: [] }, "`limits` has no"],
  ["limits", { ranges: { t: { a: { kind: "between", min: 2, max: 1 } } } }, "the range of t.a"],
  ["limits", { ranges: [] }, "`ranges` must be an object"],
  ["reviews", [], "`reviews` must be an object"],
  ["context", { budgetTokens: 5 }, "`budgetTokens`"],
  ["big", "x".repeat(20_001), "hold more than 20000"],
])("a persona whose %s does not fit is not read, with the reason", (field, value, reason) => {
  const read = readPersona("p", { ...full, [field]: value as Json });
  expect(read.personas).toEqual([]);
  expect(read.problems.join(" ")).toMatch(new RegExp(reason));
});

test("names that every object has are fields like any other, and never a prototype", () => {
  const read = readLibrary(
    JSON.parse('{"persona_library":{"constructor":{"worldview":"w","__proto__":{"tools":["x"]},"toString":3}}}') as Json,
  ); // JSON.parse gives JSON
  expect(read.personas).toEqual([]);
  expect(read.problems.join(" ")).toMatch("a name that is not kept");
  expect(readLibrary(JSON.parse('{"__proto__":{"persona_library":{}}}') as Json).problems).toHaveLength(1); // as above
});

test("says what is wrong with a library, and reads the others of it", () => {
  expect(readLibrary(3).problems).toHaveLength(1);
  expect(readLibrary({ persona_library: [] }).problems).toHaveLength(1);
  const many = Object.fromEntries(Array.from({ length: maxLibraryPersonas + 1 }, (_, at) => [`p${at}`, {}]));
  expect(readLibrary({ persona_library: many }).problems).toHaveLength(1);
  const read = readLibrary({ persona_library: { Bad: {}, a: 3, b: { worldview: "w", tools: 3 }, c: {}, d: { worldview: "w" } } });
  expect(read.problems).toHaveLength(4);
  expect(read.personas).toMatchObject([{ key: "d", personaVersion: 1, executors: ["human", "scripted"], division: "", capacity: 1 }]);
});

test("whatever it reads without a problem reads the same from its own document", () => {
  const field = fc.oneof(
    ...Object.entries(full).map(([name, value]) => fc.constant([name, value] as const)),
    fc.tuple(fc.string(), fc.jsonValue()),
  );
  fc.assert(
    fc.property(fc.array(field, { maxLength: 12 }), (fields) => {
      const value = { worldview: "w", ...Object.fromEntries(fields) } as Json; // JSON by construction
      for (const persona of readPersona("p", value).personas)
        expect(readPersona("p", personaDocumentOf(persona)).personas).toEqual([persona]);
    }),
  );
});

test("limits only take away: a call outside of them is never asked for", () => {
  const [persona] = readPersona("p", full).personas;
  const call = { tool: "files.read", effectKind: "read", arguments: { file: "a.md", part: 3 } };
  const ask = (over: object) => limitProblem(persona as PersonaFields, { ...call, ...over }); // read without a problem
  expect(ask({})).toBeNull();
  expect(ask({ tool: "http.fetch" })).toMatch("http.fetch");
  expect(ask({ effectKind: "send" })).toMatch("send");
  expect(ask({ arguments: { file: "b.md", part: 3 } })).toMatch("argument file");
  expect(ask({ arguments: { file: "a.md", part: 4 } })).toMatch("argument part");
  expect(ask({ arguments: { part: 1 } })).toMatch("argument file");
  expect(limitProblem({ key: "q" }, call)).toBeNull();
});

test("it judges what its rights name, and nothing once it is retired", () => {
  const rights = { reviews: { divisions: ["legal"], skills: ["privacy"] } };
  expect(mayReview(rights, { division: "legal", skills: [] })).toBe(true);
  expect(mayReview(rights, { division: "support", skills: ["privacy"] })).toBe(true);
  expect(mayReview(rights, { skills: ["writing"] })).toBe(false);
  expect(mayReview({}, { skills: [] })).toBe(true);
  expect(mayReview({ retired: true }, { division: "legal", skills: [] })).toBe(false);
});

test("a skill means an element of the public vocabulary, or nothing", () => {
  expect(skillElements("reading_comprehension")).toEqual([{ id: "2.A.1.a", name: "Reading Comprehension" }]);
  // The skill, not the knowledge of the same name.
  expect(skillElements("mathematics")).toEqual([{ id: "2.A.1.e", name: "Mathematics" }]);
  expect(skillElements("systems_design").map(({ id }) => id)).toEqual(["2.B.4.g", "2.B.3.b"]);
  for (const word of ["juggling", "constructor", "__proto__"]) expect(skillElements(word)).toEqual([]);
  expect(knownSkills.filter((skill) => skillElements(skill).some(({ name }) => name === ""))).toEqual([]);
});
