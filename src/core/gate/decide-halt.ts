import { isActive } from "../oversight/authority.ts";
import type { Person, Role } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { mayMove } from "../shared/moves.ts";
import { type Decided, beginTransition, refuse } from "../shared/transition.ts";
import { type Halt, type HaltScope, haltKind, haltLabel, haltMoves, haltScopes, maxHalts } from "./halt.ts";

/** Stops a scope. Nothing of it begins any more, and attempts of personas that run are cancelled. */
export interface SetHalt {
  readonly kind: "set-halt";
  readonly scope: HaltScope;
  readonly scopeId: string;
  readonly reason: string;
}

/** Lets a scope go on. */
export interface LiftHalt {
  readonly kind: "lift-halt";
  readonly haltId: string;
  readonly reason: string;
}

/** The record was put back from a backup or came from elsewhere: nothing goes on before a person has looked. */
export interface HaltRestored {
  readonly kind: "halt-restored";
  readonly reason: string;
}

/** All that a lifted halt held has been given back. */
export interface SettleHalt {
  readonly kind: "settle-halt";
  readonly haltId: string;
}

const maxReasonChars = 2_000;
const maxScopeChars = 200;

/** Stopping is cheap and can be undone, so whoever works here may. */
const mayStop: readonly Role[] = ["administrator", "director", "lead", "contributor"];
const mayLift: readonly Role[] = ["administrator", "director"];

const holds = (person: Person, roles: readonly Role[]): boolean => roles.some((role) => person.roles.includes(role));

export function decideHalt(
  slice: { readonly person: Person | undefined; readonly set: readonly Halt[]; readonly projectExists: boolean },
  command: SetHalt,
  context: DecideContext,
): Decided {
  const { person, set } = slice;
  if (!isActive(person) || !holds(person, mayStop))
    return refuse("forbidden", "halt.wrong-role", `A halt is set by a member with one of the roles ${mayStop.join(", ")}.`);
  if (command.reason.trim() === "" || command.reason.length > maxReasonChars)
    return refuse("invalid", "halt.reason-missing", "Say why in a sentence; whoever lifts the halt reads it.");
  const bad = scopeProblem(command, slice.projectExists);
  if (bad !== null) return refuse("invalid", "halt.bad-scope", bad);
  const same = set.find((halt) => halt.scope === command.scope && halt.scopeId === command.scopeId);
  if (same !== undefined)
    return refuse("conflict", "halt.exists", `${haltLabel(same)} is halted already: ${same.reason}`, { haltId: same.id });
  if (set.length >= maxHalts) return refuse("exhausted", "halt.too-many", `${maxHalts} halts are set; halt everything instead.`);
  return setHalt(command, person.id, context);
}

/** A halt over everything that holds every message too. One that was set before becomes it. It is lifted by a person like any other. */
export function decideRestoredHalt(slice: { readonly set: readonly Halt[] }, command: HaltRestored, context: DecideContext): Decided {
  const same = slice.set.find((halt) => halt.scope === "everything");
  if (same === undefined) {
    const everything = { scope: "everything", scopeId: "", reason: command.reason.slice(0, maxReasonChars), restored: true } as const;
    return setHalt(everything, context.actor.id, context);
  }
  const draft = beginTransition();
  if (same.restored !== true) draft.change(haltKind, same, { restored: true });
  return draft.accept({ id: same.id, state: same.state });
}

type NewHalt = Pick<Halt, "scope" | "scopeId" | "reason" | "restored">;

function setHalt({ scope, scopeId, reason, restored }: NewHalt, setBy: string, context: DecideContext): Decided {
  const draft = beginTransition();
  const halt = draft.create(haltKind, {
    id: context.newId(),
    scope,
    scopeId,
    reason,
    state: "set",
    setBy,
    setAtMs: context.nowMs,
    liftedBy: null,
    liftedAtMs: null,
    ...(restored === true ? { restored } : {}),
  });
  draft.record(haltKind, halt, "halt.set", { scope, scopeId, reason });
  return draft.accept({ id: halt.id, state: halt.state });
}

function scopeProblem({ scope, scopeId }: SetHalt, projectExists: boolean): string | null {
  if (!haltScopes.includes(scope)) return `A halt covers one of ${haltScopes.join(", ")}.`;
  if (scope === "everything") return scopeId === "" ? null : "A halt of everything names nothing beside.";
  if (scopeId.trim() === "" || scopeId.length > maxScopeChars) return `Name the ${scope} to halt.`;
  return scope === "project" && !projectExists ? "There is no such project." : null;
}

/** Lets go: from this commit on nothing is held by the halt, and what it held is given back next. */
export function decideHaltLift(
  slice: { readonly person: Person | undefined; readonly halt: Halt },
  command: LiftHalt,
  context: DecideContext,
): Decided {
  const { person, halt } = slice;
  if (!isActive(person) || !holds(person, mayLift))
    return refuse("forbidden", "halt.wrong-role", `A halt is lifted by a member with one of the roles ${mayLift.join(", ")}.`);
  if (!mayMove(haltMoves, halt.state, "lifting")) return refuse("conflict", "halt.not-set", "This halt was lifted before.");
  if (command.reason.length > maxReasonChars) return refuse("invalid", "halt.reason-missing", "The reason is too long.");
  const draft = beginTransition();
  draft.change(haltKind, halt, { state: "lifting", liftedBy: person.id, liftedAtMs: context.nowMs });
  draft.record(haltKind, halt, "halt.lifted", {
    scope: halt.scope,
    scopeId: halt.scopeId,
    reason: command.reason,
    msSet: context.nowMs - halt.setAtMs,
  });
  return draft.accept({ id: halt.id, state: "lifting" });
}

export function decideHaltSettled(slice: { readonly halt: Halt }, _command: SettleHalt, _context: DecideContext): Decided {
  const { halt } = slice;
  if (!mayMove(haltMoves, halt.state, "lifted")) return refuse("conflict", "halt.not-set", `This halt is ${halt.state}.`);
  const draft = beginTransition();
  draft.change(haltKind, halt, { state: "lifted" });
  return draft.accept({ id: halt.id, state: "lifted" });
}
