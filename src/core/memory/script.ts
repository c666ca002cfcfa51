/** A stored script, one row for each version. draft -> active | retired, active -> retired, retired -> active. */
import { type Entity, organizationKind } from "../shared/entity.ts";
import type { Json } from "../shared/json.ts";

/** Validators answer with a list of problems, transformers with any JSON, metric formulas with a number. */
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
  if (purpose === "metric") return typeof answer === "number" && Number.isFinite(answer) ? null : "A metric answers with a number.";
  if (purpose === "transformer") return null;
  return Array.isArray(answer) && answer.every((problem) => typeof problem === "string")
    ? null
    : "A validator answers with a list of texts, one for each problem; an empty list is fine.";
}
