/** A persona may call one tool, within ranges, so many times, until an instant. live -> revoked */
import { type Entity, projectKind } from "../shared/entity.ts";
import { type Json, type JsonObject, canonicalJson } from "../shared/json.ts";

/** What an argument may be. Values are compared whole, never by a part of their text. */
export type ArgumentRange =
  | { readonly kind: "one-of"; readonly values: readonly Json[] }
  | { readonly kind: "between"; readonly min: number; readonly max: number };

export interface Capability extends Entity {
  readonly state: "live" | "revoked";
  readonly persona: string;
  /** Null: any task of the project. */
  readonly taskId: string | null;
  readonly forProjectId: string;
  readonly tool: string;
  readonly ranges: { readonly [argument: string]: ArgumentRange };
  readonly maxCalls: number;
  readonly usedCalls: number;
  readonly expiresAtMs: number;
  /** The one it was handed on from; what it uses is used of that one too. Null: given by a person or a plan. */
  readonly parentId: string | null;
  readonly grantedBy: string;
  readonly reason: string;
}

export const capabilityKind = projectKind<Capability>("capability");

export const capabilityLimits = { depth: 5, calls: 10_000, values: 100, perPersona: 1_000 } as const;

/** One call, as capabilities are asked about it. */
export interface AskedCall {
  readonly persona: string;
  readonly taskId: string;
  readonly projectId: string;
  readonly tool: string;
  readonly arguments: JsonObject;
}

export const sameValue = (left: Json, right: Json): boolean => canonicalJson(left) === canonicalJson(right);

const within = (range: ArgumentRange, value: Json | undefined): boolean =>
  range.kind === "one-of"
    ? value !== undefined && range.values.some((one) => sameValue(one, value))
    : typeof value === "number" && value >= range.min && value <= range.max;

/** A capability with all it was handed on from, itself first; null: one of them is gone, or the chain is too long. */
export function chainOf(capability: Capability, all: readonly Capability[]): readonly Capability[] | null {
  const chain: Capability[] = [];
  let next: Capability | undefined = capability;
  while (next !== undefined) {
    chain.push(next);
    if (next.parentId === null) return chain;
    if (chain.length >= capabilityLimits.depth) return null;
    const { parentId }: Capability = next;
    next = all.find((one) => one.id === parentId);
  }
  return null;
}

const isUsable = (one: Capability, { projectId, tool, arguments: given }: AskedCall, nowMs: number): boolean =>
  one.state === "live" &&
  one.forProjectId === projectId &&
  one.tool === tool &&
  one.usedCalls < one.maxCalls &&
  nowMs < one.expiresAtMs &&
  Object.entries(one.ranges).every(([argument, range]) => within(range, Object.hasOwn(given, argument) ? given[argument] : undefined));

/** The chain that lets a persona make a call now, the capability itself first; null: none does. */
export function capabilityFor(all: readonly Capability[], call: AskedCall, nowMs: number): readonly Capability[] | null {
  for (const one of all) {
    if (one.persona !== call.persona || (one.taskId !== null && one.taskId !== call.taskId)) continue;
    const chain = chainOf(one, all);
    if (chain !== null && chain.every((link) => isUsable(link, call, nowMs))) return chain;
  }
  return null;
}

/** What can be handed on of a capability. */
export type CapabilityTerms = Pick<Capability, "tool" | "ranges" | "maxCalls" | "expiresAtMs">;

/** What is left when a capability is handed on under terms: never more than it had. Null: nothing. */
export function intersect(parent: Capability, wish: CapabilityTerms): CapabilityTerms | null {
  if (parent.tool !== wish.tool || parent.state !== "live") return null;
  const maxCalls = Math.min(parent.maxCalls - parent.usedCalls, wish.maxCalls);
  const names = [...new Set([...Object.keys(parent.ranges), ...Object.keys(wish.ranges)])];
  const ranges = names.map((name) => [name, both(parent.ranges[name], wish.ranges[name])] as const);
  if (maxCalls < 1 || ranges.some(([, range]) => range === null)) return null;
  return {
    tool: parent.tool,
    ranges: Object.fromEntries(ranges.flatMap(([name, range]) => (range === null ? [] : [[name, range]]))),
    maxCalls,
    expiresAtMs: Math.min(parent.expiresAtMs, wish.expiresAtMs),
  };
}

function both(left: ArgumentRange | undefined, right: ArgumentRange | undefined): ArgumentRange | null {
  if (left === undefined || right === undefined) return left ?? right ?? null;
  if (left.kind === "between" && right.kind === "between") return overlap(left, right);
  const listed = [left, right].flatMap((range) => (range.kind === "one-of" ? [range.values] : []))[0] ?? [];
  const values = listed.filter((value) => within(left, value) && within(right, value));
  return values.length > 0 ? { kind: "one-of", values } : null;
}

type Between = ArgumentRange & { readonly kind: "between" };

function overlap(left: Between, right: Between): Between | null {
  const [min, max] = [Math.max(left.min, right.min), Math.min(left.max, right.max)];
  return min <= max ? { kind: "between", min, max } : null;
}
