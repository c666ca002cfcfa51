/**
 * One tool of a server outside, as the server describes it and as a person has allowed it.
 *
 * waiting -> allowed | gone; allowed -> changed | gone; changed -> allowed | gone; gone -> waiting | changed (it is back)
 */
import { type Entity, organizationKind } from "../shared/entity.ts";
import { type Json, type JsonObject, canonicalJson } from "../shared/json.ts";
import { isCheckedKeyword, schemaProblems } from "./check-schema.ts";
import type { DeliveryClass, EffectKind } from "./effect.ts";
import { type ToolDeclaration, declarationProblems, toolLimits } from "./tool-declaration.ts";

export type OutsideToolState = "waiting" | "allowed" | "changed" | "gone";

/** A tool in the words of its server. All of it is text from outside. */
export interface GivenTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly annotations: JsonObject;
}

/** What a person says a tool is; what they leave out counts as the worst. */
export interface SaidOfTool {
  readonly effectKind: EffectKind;
  readonly deliveryClass: DeliveryClass;
  readonly targets: readonly string[];
  readonly amountArgument: string | null;
  readonly costMicro: number;
  readonly timeLimitMs: number;
}

export interface OutsideTool extends Entity {
  readonly serverId: string;
  /** `mcp.server.tool`: how personas and people call it. */
  readonly name: string;
  readonly state: OutsideToolState;
  readonly given: GivenTool;
  /** SHA-256 over the canonical JSON of `given`. */
  readonly givenSha256: string;
  readonly said: SaidOfTool;
  readonly allowedBy: string | null;
}

export const outsideToolKind = organizationKind<OutsideTool>("outside_tool");

/** The name of a tool of a server; no tool of this program begins like it. */
export const outsideName = (serverName: string, tool: string): string => `mcp.${serverName}.${tool}`;

/** What holds of a tool of which nobody has said anything. */
export const nothingSaid: SaidOfTool = {
  effectKind: "act",
  deliveryClass: "once",
  targets: [],
  amountArgument: null,
  costMicro: 0,
  timeLimitMs: 60_000,
};

const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** As deep as schemas of servers are read. */
const maxDepth = 8;

/**
 * The part of a server's schema that calls are checked by. Conditions that are not known here are left to the server: they only ever
 * narrow what it takes. Where a part is left out, any value of the kind passes this check, and all of the rest of the gate holds.
 */
export function readableSchema(schema: Json, depth = 0): JsonObject {
  if (!isObject(schema) || depth > maxDepth) return {};
  const known = Object.entries(schema).filter(([key]) => isCheckedKeyword(key) && key !== "additionalProperties");
  return Object.fromEntries(
    known.map(([key, value]) => {
      if (key === "items") return [key, readableSchema(value, depth + 1)];
      if (key !== "properties" || !isObject(value)) return [key, value];
      return [key, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, readableSchema(one, depth + 1)]))];
    }),
  );
}

/** How the gate takes a tool of a server: as a person said it, and everything of it under the hash that they agreed to. */
export const outsideDeclaration = (
  { serverId, name, given, givenSha256, said }: Pick<OutsideTool, "serverId" | "name" | "given" | "givenSha256" | "said">,
  serverName: string,
): ToolDeclaration => ({
  name,
  description: given.description.slice(0, toolLimits.descriptionChars).toWellFormed(),
  origin: `mcp:${serverName}`,
  parameters: { properties: {}, ...readableSchema(given.inputSchema), type: "object" },
  deliveryClass: said.deliveryClass,
  effectKind: said.effectKind,
  targets: said.targets,
  amountArgument: said.amountArgument,
  result: { integrity: "external", readers: "project" },
  costMicro: said.costMicro,
  timeLimitMs: said.timeLimitMs,
  source: `${serverId} ${givenSha256}`,
});

/** Why a tool of a server cannot be allowed; empty when it can. */
export const outsideProblems = (tool: Parameters<typeof outsideDeclaration>[0], serverName: string): readonly string[] => [
  ...declarationProblems(outsideDeclaration(tool, serverName)),
  ...(tool.given.inputSchema["type"] === "object" ? [] : schemaProblems(tool.given.inputSchema)),
  ...(canonicalJson(tool.given.inputSchema).length > 50_000 ? ["Its schema is too long to be read by a person."] : []),
];
