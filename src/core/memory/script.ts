/** A stored script, one row for each version. draft -> active | retired, active -> retired, retired -> active. */
import { type Entity, organizationKind } from "../shared/entity.ts";
import type { Json, JsonObject } from "../shared/json.ts";

/** Validators answer with a list of problems, transformers with any JSON, metric formulas with a number, alone or with what it rests on. */
export type ScriptPurpose = "validator" | "transformer" | "metric";

/** A case that must hold before a version may become active. */
export interface ScriptTest {
  readonly name: string;
  readonly input: Json;
  readonly expected: Json;
}

export interface Script extends Entity {
  readonly key: string;
  /** 1 for the first. */
  readonly scriptVersion: number;
  readonly purpose: ScriptPurpose;
  readonly state: "draft" | "active" | "retired";
  readonly title: string;
  /** A JavaScript module whose default export is a function from JSON to JSON. */
  readonly source: string;
  readonly tests: readonly ScriptTest[];
  readonly authorId: string;
  readonly addedAtMs: number;
  readonly activatedAtMs: number | null;
}

export const scriptKind = organizationKind<Script>("script");

/** Upper bounds; what exceeds them is refused. Lengths in characters, of a test its JSON. */
export const scriptBounds = { scripts: 200, versions: 500, titleLength: 200, sourceLength: 60_000, tests: 20, testLength: 20_000 } as const;

export const scriptLabel = ({ key, scriptVersion }: Pick<Script, "key" | "scriptVersion">): string => `${key}@${scriptVersion}`;

/** Whether two JSON values say the same, whatever the order of their fields. */
export function sameJson(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const [some, others] = [Object.entries(left), Object.entries(right)];
  const byName = new Map<string, Json>(others);
  return (
    some.length === others.length &&
    some.every(([name, value]) => {
      const other = byName.get(name);
      return other !== undefined && sameJson(value as Json, other); // fields of JSON are JSON
    })
  );
}

/** What is wrong with an answer for what the script is for; null: nothing. */
export function answerProblem(purpose: ScriptPurpose, answer: Json): string | null {
  if (purpose === "metric")
    return readMeasured(answer) === undefined
      ? "A metric answers with a number, or with { value, n }: a number or null, and how many observations it rests on."
      : null;
  if (purpose === "transformer") return null;
  return Array.isArray(answer) && answer.every((problem) => typeof problem === "string")
    ? null
    : "A validator answers with a list of texts, one for each problem; an empty list is fine.";
}

/** A metric's number. */
export interface ScriptMeasured {
  /** Null: there is nothing to measure. */
  readonly value: number | null;
  /** Observations it rests on; null: the script does not say. */
  readonly n: number | null;
}

/** Reads what a metric answered; undefined: it is no answer of a metric. */
export function readMeasured(answer: Json): ScriptMeasured | undefined {
  if (isNumber(answer)) return { value: answer, n: null };
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return undefined;
  return readPair(answer as JsonObject); // an object of JSON
}

function readPair(answer: JsonObject): ScriptMeasured | undefined {
  const { value, n } = answer;
  const isPair = value !== undefined && n !== undefined && Object.keys(answer).length === 2;
  return isPair && (value === null || isNumber(value)) && isCount(n) ? { value, n } : undefined;
}

const isNumber = (value: Json): value is number => typeof value === "number" && Number.isFinite(value);
const isCount = (value: Json): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** What a transformer makes of an entity: the fields to set and to take away. */
export interface Transformed {
  readonly data: JsonObject;
  readonly set: JsonObject;
  readonly unset: readonly string[];
}

/** Reads what a transformer answered for an entity's data, whole; undefined: it is no object and so no data. */
export function readTransformed(before: JsonObject, answer: Json): Transformed | undefined {
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return undefined;
  const data = answer as JsonObject; // an object of JSON
  const changed = Object.entries(data).filter(([name, value]) => {
    const had = Object.hasOwn(before, name) ? before[name] : undefined;
    return had === undefined || !sameJson(had, value);
  });
  return { data, set: Object.fromEntries(changed), unset: Object.keys(before).filter((name) => !Object.hasOwn(data, name)) };
}
