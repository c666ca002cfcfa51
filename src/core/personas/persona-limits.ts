import { type Json, type JsonObject, canonicalJson } from "../shared/json.ts";
import type { ExecutorKind, Persona, PersonaLimits, PersonaRange } from "./persona.ts";

/** One call of a tool, as a persona's limits are asked about it. */
export interface LimitedCall {
  readonly tool: string;
  readonly effectKind: string;
  readonly arguments: JsonObject;
}

/** Whose limits are asked about. */
export interface Limited {
  readonly key: string;
  readonly limits?: PersonaLimits | undefined;
}

/** Why a call lies outside of what the persona may ever ask for; null: it does not. Limits only ever take away. */
export function limitProblem({ key, limits }: Limited, call: LimitedCall): string | null {
  if (limits === undefined) return null;
  if (limits.tools !== undefined && !limits.tools.includes(call.tool)) return `${key} may never ask for ${call.tool}.`;
  if (limits.effectKinds !== undefined && !limits.effectKinds.includes(call.effectKind))
    return `${key} may never ask for anything that is ${call.effectKind}.`;
  const ranges = limits.ranges !== undefined && Object.hasOwn(limits.ranges, call.tool) ? (limits.ranges[call.tool] ?? {}) : {};
  const odd = Object.entries(ranges).find(([argument, range]) => !within(range, argument, call.arguments));
  return odd === undefined ? null : `The argument ${odd[0]} of ${call.tool} lies outside of what ${key} may ask for.`;
}

function within(range: PersonaRange, argument: string, given: JsonObject): boolean {
  const value: Json | undefined = Object.hasOwn(given, argument) ? given[argument] : undefined;
  if (value === undefined) return false;
  if (range.kind === "between") return typeof value === "number" && value >= range.min && value <= range.max;
  return range.values.some((one) => canonicalJson(one) === canonicalJson(value));
}

/** Whether a persona may judge the result of a task. */
export const mayReview = (
  { reviews, retired }: Pick<Persona, "reviews" | "retired">,
  task: { readonly division?: string | undefined; readonly skills: readonly string[] },
): boolean =>
  retired !== true &&
  (reviews === undefined ||
    (task.division !== undefined && reviews.divisions.includes(task.division)) ||
    task.skills.some((skill) => reviews.skills.includes(skill)));

/**
 * Executors that may still serve a task after so many attempts, in the persona's order: each one that names a number makes way after
 * that many more. The last one never does.
 */
export function executorsAfter(
  { executors, attemptsWith }: Pick<Persona, "executors" | "attemptsWith">,
  attempts: number,
): readonly ExecutorKind[] {
  let until = 0;
  return executors.filter((executor, at) => {
    const most = attemptsWith?.[executor];
    if (most === undefined || at === executors.length - 1) return true;
    until += most;
    return attempts < until;
  });
}
