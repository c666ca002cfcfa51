import { isActive } from "../oversight/authority.ts";
import type { Person, Role } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { Json, JsonObject } from "../shared/json.ts";
import { type Decided, type Refusal, beginTransition, refuse } from "../shared/transition.ts";
import { type ContentRule, type StandingGrant, contentRules, grantLimits, standingGrantKind } from "./standing-grant.ts";
import { type ToolMode, type ToolPin, toolModes, toolPinKind } from "./tool-pin.ts";

/** A person says yes beforehand. */
export interface GiveGrant {
  readonly kind: "give-grant";
  readonly tool: string;
  readonly persona: string | null;
  readonly targets: { readonly [argument: string]: readonly Json[] };
  readonly content: ContentRule;
  readonly maxCalls: number;
  readonly capMicro: number | null;
  readonly expiresAtMs: number;
  readonly reason: string;
}

/** Takes a yes back; from the commit on it covers nothing. */
export interface RevokeGrant {
  readonly kind: "revoke-grant";
  readonly grantId: string;
  readonly reason: string;
}

/** Says how strictly a tool is let through, and which definition of it is agreed to. */
export interface SetToolMode {
  readonly kind: "set-tool-mode";
  readonly tool: string;
  readonly mode: ToolMode;
  /** The definition that is agreed to by this; null: what was agreed to stays. */
  readonly definitionSha256: string | null;
  readonly reason: string;
}

const mayGrant: readonly Role[] = ["administrator", "director", "lead"];
const mayOpen: readonly Role[] = ["administrator", "director"];
const maxReasonChars = 2_000;

const holds = (person: Person | undefined, roles: readonly Role[]): person is Person =>
  isActive(person) && !person.roles.includes("agent") && roles.some((role) => person.roles.includes(role));

const badReason = (reason: string): boolean => reason.trim() === "" || reason.length > maxReasonChars;

/** Gives a grant. Only a person does, and one that says how far it goes. */
export function decideGrant(
  slice: { readonly person: Person | undefined; readonly live: number; readonly projectId: string },
  command: GiveGrant,
  context: DecideContext,
): Decided {
  if (context.actor.kind !== "person" || !holds(slice.person, mayGrant))
    return refuse("forbidden", "grant.wrong-role", `A standing grant is given by a person with one of the roles ${mayGrant.join(", ")}.`);
  const problem = termsProblem(command, context.nowMs);
  if (problem !== null) return problem;
  if (slice.live >= grantLimits.live)
    return refuse("exhausted", "grant.too-many", `${grantLimits.live} grants are live in this project; revoke one first.`);
  const draft = beginTransition();
  const { tool, persona, targets, content, maxCalls, capMicro, expiresAtMs, reason } = command;
  const grant = draft.create(standingGrantKind, {
    tool,
    persona,
    targets,
    content,
    maxCalls,
    capMicro,
    expiresAtMs,
    reason,
    id: context.newId(),
    state: "live",
    forProjectId: slice.projectId,
    usedCalls: 0,
    usedMicro: 0,
    givenBy: context.actor.id,
    givenAtMs: context.nowMs,
    revokedBy: null,
  });
  draft.record(standingGrantKind, grant, "grant.given", { ...grantTerms(grant), reason: command.reason });
  return draft.accept({ id: grant.id, state: grant.state });
}

const grantTerms = (grant: StandingGrant): JsonObject => ({
  tool: grant.tool,
  persona: grant.persona,
  targets: grant.targets,
  content: grant.content,
  maxCalls: grant.maxCalls,
  capMicro: grant.capMicro,
  expiresAtMs: grant.expiresAtMs,
});

const isCount = (value: number, from: number, to: number): boolean => Number.isSafeInteger(value) && value >= from && value <= to;

/** What has to hold of a grant's terms, with the sentence for when it does not. */
const terms: readonly (readonly [(command: GiveGrant, nowMs: number) => boolean, string])[] = [
  [({ tool }) => tool.trim() !== "" && tool.length <= 200, "Name the tool."],
  [
    ({ targets }) => {
      const lists = Object.values(targets);
      return lists.length > 0 && lists.every((list) => list.length > 0 && list.length <= grantLimits.values);
    },
    `Name for each target argument 1 to ${grantLimits.values} values that it may have; a grant for any target does not exist.`,
  ],
  [({ content }) => contentRules.includes(content), `The content is one of ${contentRules.join(", ")}.`],
  [({ maxCalls }) => isCount(maxCalls, 1, grantLimits.calls), `Say for how many calls, 1 to ${grantLimits.calls}.`],
  [({ capMicro }) => capMicro === null || isCount(capMicro, 0, Number.MAX_SAFE_INTEGER), "The cap is a whole amount."],
  [
    ({ expiresAtMs }, nowMs) => isCount(expiresAtMs, nowMs + 1, nowMs + grantLimits.days * 86_400_000),
    `Say until when, at most ${grantLimits.days} days.`,
  ],
  [({ reason }) => !badReason(reason), "Say why in a sentence; it is shown with the grant."],
];

function termsProblem(command: GiveGrant, nowMs: number): Refusal | null {
  const broken = terms.find(([holds]) => !holds(command, nowMs));
  return broken === undefined ? null : refuse("invalid", "grant.bad-terms", broken[1]);
}

export function decideGrantRevoked(
  slice: { readonly person: Person | undefined; readonly grant: StandingGrant },
  command: RevokeGrant,
  context: DecideContext,
): Decided {
  const { grant } = slice;
  // Taking back is safe, so whoever works here may.
  if (context.actor.kind !== "person" || !isActive(slice.person))
    return refuse("forbidden", "grant.wrong-role", "A standing grant is revoked by a member.");
  if (grant.state !== "live") return refuse("conflict", "grant.not-live", "This grant was revoked before.");
  if (command.reason.length > maxReasonChars) return refuse("invalid", "grant.bad-terms", "The reason is too long.");
  const draft = beginTransition();
  draft.change(standingGrantKind, grant, { state: "revoked", revokedBy: context.actor.id });
  draft.record(standingGrantKind, grant, "grant.revoked", { tool: grant.tool, reason: command.reason });
  return draft.accept({ id: grant.id, state: "revoked" });
}

/** Tightening and suspending are safe, so leads may; opening and agreeing to a definition are for those who answer for it. */
export function decideToolMode(
  slice: { readonly person: Person | undefined; readonly pin: ToolPin | undefined },
  command: SetToolMode,
  context: DecideContext,
): Decided {
  const { person, pin } = slice;
  const roles = isLooser(command, pin) ? mayOpen : mayGrant;
  if (context.actor.kind !== "person" || !holds(person, roles))
    return refuse("forbidden", "tool.wrong-role", `This is done by a person with one of the roles ${roles.join(", ")}.`);
  const problem = modeProblem(command);
  if (problem !== null) return refuse("invalid", "tool.bad-mode", problem);
  const { tool, mode, reason } = command;
  const definitionSha256 = command.definitionSha256 ?? pin?.definitionSha256 ?? null;
  const draft = beginTransition();
  const fields = { mode, reason, definitionSha256, setBy: context.actor.id, setAtMs: context.nowMs };
  const set =
    pin === undefined ? draft.create(toolPinKind, { id: context.newId(), tool, ...fields }) : draft.change(toolPinKind, pin, fields);
  draft.record(toolPinKind, set, "tool.mode-set", { tool, mode, definitionSha256, reason });
  return draft.accept({ id: set.id, mode });
}

const isLooser = ({ mode, definitionSha256 }: SetToolMode, pin: ToolPin | undefined): boolean =>
  toolModes.indexOf(mode) < toolModes.indexOf(pin?.mode ?? "open") || definitionSha256 !== null;

function modeProblem({ tool, mode, definitionSha256, reason }: SetToolMode): string | null {
  if (!toolModes.includes(mode) || tool.trim() === "" || tool.length > 200) return `Name a tool and one of ${toolModes.join(", ")}.`;
  if (definitionSha256 !== null && !/^[0-9a-f]{64}$/u.test(definitionSha256)) return "A definition is named by its SHA-256, 64 hex digits.";
  return badReason(reason) ? "Say why in a sentence; it is shown with the tool." : null;
}
