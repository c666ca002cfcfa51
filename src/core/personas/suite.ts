/** Sample work by which a persona shows that it can do its type of task: versioned data with checks that run. */
import { type Entity, organizationKind } from "../shared/entity.ts";
import { shareInterval } from "../shared/intervals.ts";
import type { Json, JsonObject } from "../shared/json.ts";

/** A text that a case hands out. */
export interface SuiteInput {
  readonly name: string;
  readonly text: string;
}

/** A check that code runs; what needs a reader is no part of a suite. */
export interface SuiteCheck {
  readonly id: string;
  readonly statement: string;
  readonly check: { readonly kind: "output" | "schema" | "rule" | "command" } & JsonObject;
}

export interface SuiteCase {
  readonly id: string;
  /** Which type of task it is a sample of. */
  readonly taskType: string;
  readonly title: string;
  readonly brief: string;
  readonly inputs: readonly SuiteInput[];
  readonly outputs: readonly string[];
  readonly checks: readonly SuiteCheck[];
}

export interface PassBar {
  /** Each case is done this often. */
  readonly repeats: number;
  /** The lower bound (95 %) of the share of passed trials has to reach this. */
  readonly lower: number;
}

export interface Suite extends Entity {
  readonly key: string;
  readonly suiteVersion: number;
  readonly title: string;
  /** Personas it belongs to. */
  readonly personas: readonly string[];
  readonly cases: readonly SuiteCase[];
  readonly bar: PassBar;
  readonly origin: "shipped" | "own";
}

export type SuiteFields = Omit<Suite, "id" | "version" | "eventCount">;

export const suiteKind = organizationKind<Suite>("suite");

/** A suite shows something from `fewestTrials` on, and costs no end of money. */
export const suiteLimits = {
  fewestTrials: 5,
  mostTrials: 60,
  cases: 40,
  repeats: 10,
  lowestBar: 0.5,
  personas: 50,
  textChars: 20_000,
  inputs: 10,
  outputs: 10,
  checks: 10,
  suites: 1_000,
} as const;

export const suiteName = ({ key, suiteVersion }: Pick<Suite, "key" | "suiteVersion">): string => `${key}@${suiteVersion}`;

export const trialCount = ({ cases, bar }: Pick<Suite, "cases" | "bar">): number => cases.length * bar.repeats;

/** The fewest passed trials with which a suite is passed. */
export function neededPasses(suite: Pick<Suite, "cases" | "bar">): number {
  const n = trialCount(suite);
  for (let hits = 0; hits <= n; hits++) if (shareInterval(hits, n).low >= suite.bar.lower) return hits;
  return n + 1;
}

export type ReadSuite =
  | { readonly kind: "suite"; readonly suite: SuiteFields }
  | { readonly kind: "problems"; readonly problems: readonly string[] };

/** Reads `xvc.suite/1`. Its texts are data: what a case says is told to a model as work, never to us. */
export function readSuite(raw: Json, origin: Suite["origin"]): ReadSuite {
  const from = objectOf(raw);
  const bar = objectOf(from["bar"] ?? null);
  const suite: SuiteFields = {
    key: textOf(from["key"]),
    suiteVersion: numberOf(from["version"]),
    title: textOf(from["title"]),
    personas: textsOf(from["personas"]),
    cases: listOf(from["cases"]).map(readCase),
    bar: { repeats: numberOf(bar["repeats"]), lower: numberOf(bar["lower"]) },
    origin,
  };
  const problems = [
    ...(from["schema"] === "xvc.suite/1" ? [] : ['A suite is an object with "schema": "xvc.suite/1".']),
    ...suiteProblems(suite),
  ];
  return problems.length === 0 ? { kind: "suite", suite } : { kind: "problems", problems: problems.slice(0, 20) };
}

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}; // neither null nor a list, so an object
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []); // a list of JSON is one
const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const numberOf = (value: Json | undefined): number => (typeof value === "number" && Number.isFinite(value) ? value : 0);
const textsOf = (value: Json | undefined): readonly string[] => listOf(value).filter((one): one is string => typeof one === "string");

const checkKinds = ["output", "schema", "rule", "command"] as const;

function readCase(raw: Json): SuiteCase {
  const from = objectOf(raw);
  return {
    id: textOf(from["id"]),
    taskType: textOf(from["taskType"]),
    title: textOf(from["title"]),
    brief: textOf(from["brief"]),
    inputs: listOf(from["inputs"]).map((one) => ({ name: textOf(objectOf(one)["name"]), text: textOf(objectOf(one)["text"]) })),
    outputs: textsOf(from["outputs"]),
    checks: listOf(from["checks"]).map(readCheck),
  };
}

function readCheck(raw: Json): SuiteCheck {
  const from = objectOf(raw);
  const check = objectOf(from["check"] ?? null);
  // An unknown kind stays in, so that the reader is told about it.
  const kind = textOf(check["kind"]) as SuiteCheck["check"]["kind"];
  return { id: textOf(from["id"]), statement: textOf(from["statement"]), check: { ...check, kind } };
}

const keyShape = /^[a-z][a-z0-9_-]{0,99}$/u;
const fileShape = /^[a-z0-9][a-z0-9._-]{0,99}$/iu;

function suiteProblems(suite: SuiteFields): readonly string[] {
  const { key, suiteVersion, title, personas, cases, bar } = suite;
  const trials = trialCount(suite);
  return [
    ...said(!keyShape.test(key), '"key" has lower-case letters, digits, - and _, at most 100.'),
    ...said(!Number.isSafeInteger(suiteVersion) || suiteVersion < 1, '"version" is a whole number of 1 or more.'),
    ...said(title.trim() === "" || title.length > 200, '"title" says in at most 200 characters what the suite shows.'),
    ...said(
      personas.length === 0 || personas.length > suiteLimits.personas || personas.some((one) => !keyShape.test(one)),
      `"personas" names 1 to ${suiteLimits.personas} personas by their keys.`,
    ),
    ...said(
      !Number.isSafeInteger(bar.repeats) || bar.repeats < 1 || bar.repeats > suiteLimits.repeats,
      `"bar.repeats" is 1 to ${suiteLimits.repeats}.`,
    ),
    ...said(!(bar.lower >= suiteLimits.lowestBar && bar.lower < 1), `"bar.lower" is at least ${suiteLimits.lowestBar} and below 1.`),
    ...said(cases.length > suiteLimits.cases, `A suite has at most ${suiteLimits.cases} cases.`),
    ...said(
      trials < suiteLimits.fewestTrials || trials > suiteLimits.mostTrials,
      `Cases times repeats are ${suiteLimits.fewestTrials} to ${suiteLimits.mostTrials} trials, not ${trials}.`,
    ),
    ...said(
      trials <= suiteLimits.mostTrials && neededPasses(suite) > trials,
      `With ${trials} trials the lower bound never reaches ${bar.lower}: add trials or lower the bar.`,
    ),
    ...said(new Set(cases.map(({ id }) => id)).size !== cases.length, "Two cases have the same id."),
    ...cases.slice(0, suiteLimits.cases).flatMap(caseProblems),
  ];
}

const said = (isWrong: boolean, problem: string): readonly string[] => (isWrong ? [problem] : []);

function caseProblems(one: SuiteCase): readonly string[] {
  const { id, taskType, title, brief, inputs, outputs, checks } = one;
  const chars = brief.length + inputs.reduce((sum, { text }) => sum + text.length, 0);
  const at = `Case ${id.slice(0, 100) || "without an id"}: `;
  return [
    ...said(!keyShape.test(id), `${at}"id" has lower-case letters, digits, - and _.`),
    ...said(!keyShape.test(taskType), `${at}"taskType" names a task of a playbook, such as integration_testing.`),
    ...said(title.trim() === "" || brief.trim() === "", `${at}"title" and "brief" say what is to be done.`),
    ...said(chars > suiteLimits.textChars, `${at}brief and inputs have more than ${suiteLimits.textChars} characters.`),
    ...said(
      inputs.length > suiteLimits.inputs || inputs.some(({ name }) => !fileShape.test(name)),
      `${at}at most ${suiteLimits.inputs} inputs, each with the name of a file.`,
    ),
    ...said(
      outputs.length === 0 ||
        outputs.length > suiteLimits.outputs ||
        new Set(outputs).size !== outputs.length ||
        outputs.some((name) => !fileShape.test(name)),
      `${at}1 to ${suiteLimits.outputs} different outputs, each the name of a file.`,
    ),
    ...said(
      checks.length === 0 || checks.length > suiteLimits.checks,
      `${at}1 to ${suiteLimits.checks} checks; without one nothing is shown.`,
    ),
    ...said(new Set(checks.map((check) => check.id)).size !== checks.length, `${at}two checks have the same id.`),
    ...checks.slice(0, suiteLimits.checks).flatMap((check) => checkProblems(check, outputs).map((problem) => `${at}${problem}`)),
  ];
}

function checkProblems({ id, check }: SuiteCheck, outputs: readonly string[]): readonly string[] {
  const { kind, output, schema, run, rule } = check;
  const named = typeof output === "string" && outputs.includes(output);
  return [
    ...said(!keyShape.test(id), 'every check has an "id".'),
    ...said(!checkKinds.includes(kind), `check ${id.slice(0, 100)} is none that code runs: ${checkKinds.join(", ")}.`),
    ...said((kind === "output" || kind === "schema") && !named, `check ${id.slice(0, 100)} looks at no output of the case.`),
    ...said(kind === "schema" && Object.keys(objectOf(schema)).length === 0, `check ${id.slice(0, 100)} has no schema.`),
    ...said(kind === "command" && textOf(run).trim() === "", `check ${id.slice(0, 100)} runs no command.`),
    ...said(kind === "rule" && textOf(rule).trim() === "", `check ${id.slice(0, 100)} names no rule.`),
  ];
}
