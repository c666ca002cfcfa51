import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, type Refusal, beginTransition, refuse } from "../shared/transition.ts";
import { isActive } from "./authority.ts";
import { type Delegation, delegationKind } from "./delegation.ts";
import type { RiskClass } from "./inbox-item.ts";
import type { Person } from "./person.ts";

/** Lets somebody decide in the actor's place, within limits and dates. */
export interface GrantDelegation {
  readonly kind: "grant-delegation";
  readonly id: string;
  readonly toId: string;
  readonly validFromMs: number;
  readonly validToMs: number;
  readonly maxRisk: RiskClass;
  readonly maxAmountMicro: number | null;
  /** Null: every project. */
  readonly projectId: string | null;
  readonly reason: string;
}

/** Ends a delegation at once. */
export interface RevokeDelegation {
  readonly kind: "revoke-delegation";
  readonly delegationId: string;
  readonly reason: string;
}

/** Delegations one person has granted at the same time, and how long one lasts. */
export const delegationLimits = { granted: 50, lastsMs: 366 * 24 * 3_600_000 } as const;

interface GrantSlice {
  readonly from: Person | undefined;
  readonly to: Person | undefined;
  /** Granted by the actor and not revoked. */
  readonly granted: readonly Delegation[];
  /** The project named, as far as it exists; undefined where none is named too. */
  readonly project: { readonly id: string } | undefined;
}

/** Grants a delegation of the actor's own roles. What somebody holds by delegation is not theirs to hand on. */
export function decideGrant(slice: GrantSlice, command: GrantDelegation, context: DecideContext): Decided {
  const refused = grantProblem(slice, command, context);
  if (refused !== null) return refused;
  const { kind: _kind, ...terms } = command;
  const draft = beginTransition();
  const granted = draft.create(delegationKind, {
    ...terms,
    state: "granted",
    fromId: asId(context.actor.id),
    toId: asId(command.toId),
    projectId: command.projectId === null ? null : asId(command.projectId),
  });
  draft.record(delegationKind, granted, "delegation.granted", { ...terms, fromId: context.actor.id });
  return draft.accept({ id: granted.id, state: "granted" });
}

function grantProblem({ from, to, granted, project }: GrantSlice, command: GrantDelegation, context: DecideContext): Refusal | null {
  if (!isActive(from))
    return refuse("forbidden", "authority.not-a-member", "Only an active member can let somebody decide in their place.");
  if (!isActive(to)) return refuse("not-found", "person.not-found", "There is no active member with this id.");
  if (to.id === from.id) return refuse("invalid", "delegation.to-oneself", "Nobody stands in for themselves; name somebody else.");
  if (command.projectId !== null && project === undefined)
    return refuse("not-found", "project.not-found", "There is no project with this id.");
  const { validFromMs, validToMs } = command;
  if (!(validToMs > validFromMs) || validToMs <= context.nowMs || validToMs - validFromMs > delegationLimits.lastsMs)
    return refuse("invalid", "delegation.bad-dates", "A delegation ends after it begins, in the future, and lasts a year at most.");
  const live = granted.filter((one) => one.validToMs > context.nowMs);
  return live.length < delegationLimits.granted
    ? null
    : refuse(
        "exhausted",
        "delegation.too-many",
        `You have granted ${delegationLimits.granted} delegations, the most there can be; revoke one first.`,
      );
}

/** Revokes a delegation: whoever granted it, whoever received it, or an administrator. */
export function decideRevocation(
  slice: { readonly delegation: Delegation; readonly actor: Person | undefined },
  command: RevokeDelegation,
  _context: DecideContext,
): Decided {
  const { delegation, actor } = slice;
  if (!isActive(actor)) return refuse("forbidden", "authority.not-a-member", "Only an active member can revoke a delegation.");
  const isParty = [delegation.fromId, delegation.toId].some((id) => id === actor.id);
  if (!isParty && !actor.roles.includes("administrator"))
    return refuse("forbidden", "delegation.not-yours", "Whoever granted or received it revokes a delegation, or an administrator.");
  if (delegation.state !== "granted") return refuse("conflict", "delegation.already-revoked", "This delegation was revoked before.");
  const draft = beginTransition();
  draft.change(delegationKind, delegation, { state: "revoked" });
  draft.record(delegationKind, delegation, "delegation.revoked", {
    fromId: delegation.fromId,
    toId: delegation.toId,
    reason: command.reason,
  });
  return draft.accept({ id: delegation.id, state: "revoked" });
}
