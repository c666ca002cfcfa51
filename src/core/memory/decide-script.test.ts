import { expect, test } from "vitest";
import type { Person, Role } from "../oversight/person.ts";
import type { Decided } from "../shared/transition.ts";
import { type AddScript, type ScriptTestResult, decideNewScript, decideScriptActivation, decideScriptRetirement } from "./decide-script.ts";
import { type Script, answerProblem, readMeasured, readTransformed, sameJson, scriptBounds } from "./script.ts";

const context = { actor: { kind: "person", id: "me" }, nowMs: 1_000, newId: () => "script" } as const;
const person = (role: Role, state: Person["state"] = "active"): Person => ({ id: "me", state, roles: [role] }) as unknown as Person; // what authority looks at
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const script = (fields: Partial<Script> = {}): Script =>
  ({
    id: "s",
    version: 1,
    eventCount: 1,
    key: "margin",
    scriptVersion: 1,
    purpose: "metric",
    state: "draft",
    tests: [{ name: "one", input: 1, expected: 1 }],
    ...fields,
  }) as unknown as Script; // the rest is not looked at
const sample = { name: "one", input: 1, expected: 1 } as unknown as AddScript["tests"][number]; // of a metric
const add = (
  command: Partial<AddScript> = {},
  slice: { readonly person?: Person | undefined; readonly latest?: Script; readonly count?: number } = {},
): Decided =>
  decideNewScript(
    { person: person("director"), latest: undefined, count: 0, ...slice },
    {
      kind: "add-script",
      key: "margin",
      purpose: "metric",
      title: " Margin ",
      source: "export default () => 1",
      tests: [sample],
      expectedScriptVersion: 0,
      ...command,
    },
    context,
  );

test("a script begins as a draft and grows by whoever read the latest version", () => {
  expect(add()).toMatchObject({ transition: { answer: { label: "margin@1", state: "draft" }, changes: [{ after: { title: "Margin" } }] } });
  const latest = script({ scriptVersion: 3 });
  expect(add({ expectedScriptVersion: 3 }, { latest })).toMatchObject({ transition: { answer: { label: "margin@4" } } });
  expect(codeOf(add({}, { latest }))).toBe("script.changed");
  expect(codeOf(add({ expectedScriptVersion: 3, purpose: "validator" }, { latest }))).toBe("script.other-purpose");
});

test("keys, titles, sources, tests and numbers of scripts have bounds", () => {
  expect(codeOf(add({ key: "Margin" }))).toBe("script.bad-key");
  for (const title of [" ", "x".repeat(scriptBounds.titleLength + 1)]) expect(codeOf(add({ title }))).toBe("script.bad-title");
  for (const source of [" ", "x".repeat(scriptBounds.sourceLength + 1)]) expect(codeOf(add({ source }))).toBe("script.bad-source");
  const many = Array.from({ length: scriptBounds.tests + 1 }, (_, at) => ({ ...sample, name: `${at}` }));
  const long = { ...sample, name: "x".repeat(scriptBounds.testLength) };
  for (const tests of [[], many, [sample, sample], [{ ...sample, name: " " }], [long]])
    expect(codeOf(add({ tests }))).toBe("script.bad-tests");
  const last = script({ scriptVersion: scriptBounds.versions });
  expect(codeOf(add({ expectedScriptVersion: last.scriptVersion }, { latest: last }))).toBe("script.too-many");
  expect(codeOf(add({}, { count: scriptBounds.scripts * scriptBounds.versions }))).toBe("script.too-many");
});

test("scripts are the work of administrators and directors", () => {
  expect(codeOf(add({}, { person: person("administrator") }))).toBe("accepted");
  for (const somebody of [undefined, person("lead"), person("director", "left" as Person["state"])])
    expect(codeOf(add({}, { person: somebody }))).toBe("script.wrong-role");
});

const passed: readonly ScriptTestResult[] = [{ name: "one", problem: null }];
const activate = (
  of: Script,
  more: { readonly results?: readonly ScriptTestResult[]; readonly active?: Script; readonly seen?: number } = {},
) =>
  decideScriptActivation(
    { person: person("director"), script: of, active: more.active },
    { kind: "activate-script", scriptId: of.id, expectedVersion: more.seen ?? 1, results: more.results ?? passed },
    context,
  );

test("a version takes the active one's place when every test of it ran and held", () => {
  expect(activate(script())).toMatchObject({ transition: { changes: [{ after: { state: "active", activatedAtMs: 1_000 } }] } });
  const active = script({ id: "before", state: "active" });
  expect(activate(script({ scriptVersion: 2 }), { active })).toMatchObject({
    transition: { changes: [{ after: { id: "before", state: "retired" } }, { after: { state: "active" } }] },
  });
  expect(codeOf(activate(script({ state: "active" })))).toBe("script.active-already");
  expect(codeOf(activate(script(), { seen: 9 }))).toBe("script.changed");
  for (const results of [[], [{ name: "one", problem: "2 is not 1" }]])
    expect(codeOf(activate(script(), { results }))).toBe("script.tests-failed");
});

test("a version is retired once, by somebody who saw it as it is", () => {
  const retire = (of: Script, expectedVersion = 1, by = person("director")): Decided =>
    decideScriptRetirement(
      { person: by, script: of, active: undefined },
      { kind: "retire-script", scriptId: of.id, expectedVersion, reason: "Not used." },
      context,
    );
  expect(retire(script({ state: "active" }))).toMatchObject({ transition: { answer: { state: "retired" } } });
  expect(codeOf(retire(script({ state: "retired" })))).toBe("script.retired-already");
  expect(codeOf(retire(script(), 2))).toBe("script.changed");
  expect(codeOf(retire(script(), 1, person("contributor")))).toBe("script.wrong-role");
});

test("JSON says the same whatever the order of its fields", () => {
  expect(sameJson({ a: 1, b: [null, "x"] }, { b: [null, "x"], a: 1 })).toBe(true);
  const different = [
    [1, "1"],
    [null, {}],
    [{}, null],
    [[], {}],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: 1 }, { b: 1 }],
    [[1], [2]],
  ] as const;
  for (const [left, right] of different) expect(sameJson(left, right)).toBe(false);
});

test("each purpose has its own form of answer", () => {
  expect(readMeasured(2)).toEqual({ value: 2, n: null });
  expect(readMeasured({ value: null, n: 0 })).toEqual({ value: null, n: 0 });
  const odd = [
    null,
    "2",
    [2],
    Number.NaN,
    {},
    { value: 1 },
    { n: 1 },
    { value: "1", n: 1 },
    { value: 1, n: -1 },
    { value: 1, n: 1, more: 1 },
  ];
  for (const answer of odd) expect(readMeasured(answer)).toBeUndefined();
  expect([answerProblem("metric", 1), answerProblem("transformer", "anything"), answerProblem("validator", ["bad"])]).toEqual([
    null,
    null,
    null,
  ]);
  expect(answerProblem("metric", "1")).toContain("A metric answers");
  for (const answer of ["bad", [1]]) expect(answerProblem("validator", answer)).toContain("A validator answers");
});

test("a transformer's answer is what to set and to take away", () => {
  expect(readTransformed({ a: 1, b: 2, c: 3 }, { a: 1, b: 3, d: 4 })).toEqual({
    data: { a: 1, b: 3, d: 4 },
    set: { b: 3, d: 4 },
    unset: ["c"],
  });
  for (const answer of [null, 1, [1]]) expect(readTransformed({}, answer)).toBeUndefined();
});
