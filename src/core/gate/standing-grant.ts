/** A person's yes beforehand, to calls of one tool with these targets and this kind of content. live -> revoked */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { Json, JsonObject } from "../shared/json.ts";
import { sameValue } from "./capability.ts";
import { type Label, distance } from "./label.ts";
import type { ToolDeclaration } from "./tool-declaration.ts";

/** The content that a grant takes: a person's own words; what personas here wrote from inside sources; anything. */
export const contentRules = ["human", "inside", "any"] as const;

export type ContentRule = (typeof contentRules)[number];

export interface StandingGrant extends Entity {
  readonly state: "live" | "revoked";
  readonly tool: string;
  readonly forProjectId: string;
  /** The persona it is for; null: every persona of the project that may call the tool. */
  readonly persona: string | null;
  /** For each target argument the values it may have, compared whole: the payee of a grant is not its payer. */
  readonly targets: { readonly [argument: string]: readonly Json[] };
  readonly content: ContentRule;
  readonly maxCalls: number;
  readonly usedCalls: number;
  /** Over all its calls, of the tool's amount; null where the tool moves no money. */
  readonly capMicro: number | null;
  readonly usedMicro: number;
  readonly expiresAtMs: number;
  readonly givenBy: string;
  readonly givenAtMs: number;
  readonly reason: string;
  readonly revokedBy: string | null;
}

export const standingGrantKind = projectKind<StandingGrant>("standing_grant");

export const grantLimits = { live: 200, calls: 1_000, values: 50, days: 90 } as const;

const takes: { readonly [rule in ContentRule]: (label: Label) => boolean } = {
  human: (label) => distance(label.integrity) === 0,
  inside: (label) => distance(label.integrity) <= distance("persona"),
  any: () => true,
};

/** What a grant is asked about. */
export interface GrantedCall {
  readonly tool: ToolDeclaration;
  readonly persona: string;
  readonly projectId: string;
  readonly arguments: JsonObject;
  readonly contentLabel: Label;
}

/** The amount of a call in micro-units; null: it cannot be counted, so nothing that has a cap covers it. */
export function amountOf(tool: ToolDeclaration, given: JsonObject): number | null {
  if (tool.amountArgument === null) return 0;
  const amount = Object.hasOwn(given, tool.amountArgument) ? given[tool.amountArgument] : undefined;
  return typeof amount === "number" && Number.isSafeInteger(amount) && amount >= 0 ? amount : null;
}

/** The grant that covers a call now, or undefined. A tool that declares no target, or a call that names none, is covered by none. */
export const grantFor = (grants: readonly StandingGrant[], call: GrantedCall, nowMs: number): StandingGrant | undefined =>
  grants.find(
    (grant) => isFor(grant, call, nowMs) && coversTargets(grant, call) && takes[grant.content](call.contentLabel) && hasLeft(grant, call),
  );

const isFor = (grant: StandingGrant, { tool, persona, projectId }: GrantedCall, nowMs: number): boolean =>
  grant.state === "live" &&
  grant.tool === tool.name &&
  grant.forProjectId === projectId &&
  (grant.persona === null || grant.persona === persona) &&
  nowMs < grant.expiresAtMs;

const coversTargets = ({ targets }: StandingGrant, { tool, arguments: given }: GrantedCall): boolean =>
  tool.targets.some((argument) => Object.hasOwn(given, argument)) &&
  tool.targets.every((argument) => {
    const value = Object.hasOwn(given, argument) ? given[argument] : undefined;
    const allowed = Object.hasOwn(targets, argument) ? (targets[argument] ?? []) : [];
    // A target that is left out may mean everybody: it is covered only where nothing is said about it either way.
    return value === undefined ? allowed.length === 0 : allowed.some((one) => sameValue(one, value));
  });

function hasLeft(grant: StandingGrant, { tool, arguments: given }: GrantedCall): boolean {
  if (grant.usedCalls >= grant.maxCalls) return false;
  if (tool.amountArgument === null) return true;
  const amount = amountOf(tool, given);
  return amount !== null && grant.capMicro !== null && grant.usedMicro + amount <= grant.capMicro;
}
