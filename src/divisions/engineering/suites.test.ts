import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { type SuiteFields, neededPasses, readSuite, trialCount } from "../../core/personas/suite.ts";
import type { Json } from "../../core/shared/json.ts";

const here = import.meta.dirname;
const jsonOf = (...at: readonly string[]): Json => JSON.parse(readFileSync(path.join(here, ...at), "utf8")) as Json; // JSON.parse gives JSON

const suites = readdirSync(path.join(here, "suites")).map((file): SuiteFields => {
  const read = readSuite(jsonOf("suites", file), "shipped");
  if (read.kind === "problems") throw new Error(`${file}: ${read.problems.join(" ")}`);
  return read.suite;
});

interface PlaybookTask {
  readonly task: string;
  readonly persona: string;
}

const tasks = readdirSync(path.join(here, "playbooks")).flatMap(
  (file) =>
    (jsonOf("playbooks", file) as unknown as { readonly plan: { readonly decomposition: readonly PlaybookTask[] } }).plan.decomposition, // what a playbook is
);

test("every type of task of the shipped playbooks has sample cases in a suite of the persona that does it", () => {
  const without = tasks.filter(
    ({ task, persona }) =>
      !suites.some((suite) => suite.personas.includes(persona) && suite.cases.some(({ taskType }) => taskType === task)),
  );
  expect(without).toEqual([]);
});

test("one slip is allowed in each suite, and two are too many", () => {
  expect(suites.map((suite) => trialCount(suite) - neededPasses(suite)).every((slips) => slips >= 1 && slips <= 2)).toBe(true);
});

test("suites belong to personas of the library", () => {
  const { persona_library: library } = jsonOf("personas.json") as { readonly persona_library: { readonly [key: string]: Json } }; // what a library is
  expect(suites.flatMap(({ personas }) => personas).filter((key) => !Object.hasOwn(library, key))).toEqual([]);
});
