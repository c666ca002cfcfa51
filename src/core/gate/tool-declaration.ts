import type { JsonObject } from "../shared/json.ts";
import { declaredNames, schemaProblems } from "./check-schema.ts";
import type { DeliveryClass, EffectKind } from "./effect.ts";
import { effectKindFrom } from "./effect-treatment.ts";
import type { Integrity } from "./label.ts";

/** All that the gate goes by. A tool declares two independent things, what its receiver promises about repeats and what it does to the world. */
export interface ToolDeclaration {
  readonly name: string;
  readonly description: string;
  /** `built-in`: part of this program, so its definition cannot change by itself; otherwise the server or file it came from. */
  readonly origin: string;
  /** A schema of the part that `schemaProblems` knows. */
  readonly parameters: JsonObject;
  readonly deliveryClass: DeliveryClass;
  readonly effectKind: EffectKind;
  /** Arguments that say whom or what it reaches; all others are content. None declared: every argument is judged as both. */
  readonly targets: readonly string[];
  /** The argument that counts against the cap of a standing grant, in micro-units; null: it moves no money. */
  readonly amountArgument: string | null;
  readonly result: { readonly integrity: Exclude<Integrity, "human">; readonly readers: "project" | "everyone" };
  readonly costMicro: number;
  readonly timeLimitMs: number;
  /** The server it comes from by id, and the hash of everything that server says of it; absent: it comes from none. */
  readonly source?: string;
}

export const toolLimits = { tools: 2_000, nameChars: 100, descriptionChars: 4_000, timeLimitMs: 10 * 60_000 } as const;

const deliveries: readonly DeliveryClass[] = ["pure", "keyed", "queryable", "once"];

const isBetween = (value: number, from: number, to: number): boolean => Number.isSafeInteger(value) && value >= from && value <= to;

const conditions: readonly (readonly [(tool: ToolDeclaration) => boolean, string])[] = [
  [({ name }) => /^[\p{L}\p{N}][\p{L}\p{N}_.:-]*$/u.test(name) && name.length <= toolLimits.nameChars, "A tool needs a plain name."],
  [({ description }) => description.length <= toolLimits.descriptionChars, "The description is too long."],
  [({ deliveryClass }) => deliveries.includes(deliveryClass), "A tool declares what its receiver promises about repeats."],
  [({ effectKind }) => effectKindFrom(effectKind) === effectKind, "The effect kind is none of the closed list."],
  [({ costMicro }) => isBetween(costMicro, 0, Number.MAX_SAFE_INTEGER), "The cost is a whole number of micro-units."],
  [({ timeLimitMs }) => isBetween(timeLimitMs, 1, toolLimits.timeLimitMs), "The time limit is out of range."],
];

/** Why a tool cannot be registered; empty when it can. */
export function declarationProblems(tool: ToolDeclaration): readonly string[] {
  const names = declaredNames(tool.parameters);
  const spoken = [...tool.targets, ...(tool.amountArgument === null ? [] : [tool.amountArgument])];
  return [
    ...conditions.flatMap(([holds, problem]) => (holds(tool) ? [] : [problem])),
    ...spoken.flatMap((name) => (names.includes(name) ? [] : [`"${name}" is no declared argument.`])),
    ...schemaProblems(tool.parameters),
  ];
}

/** What a definition's hash is taken over: everything that a model reads or the gate goes by. */
export const definitionOf = (tool: ToolDeclaration): JsonObject => ({
  name: tool.name,
  description: tool.description,
  origin: tool.origin,
  parameters: tool.parameters,
  deliveryClass: tool.deliveryClass,
  effectKind: tool.effectKind,
  targets: [...tool.targets],
  amountArgument: tool.amountArgument,
  result: { ...tool.result },
  costMicro: tool.costMicro,
  timeLimitMs: tool.timeLimitMs,
  ...(tool.source === undefined ? {} : { source: tool.source }),
});
