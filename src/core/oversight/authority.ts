import type { Actor } from "../shared/actor.ts";
import type { InboxItem } from "./inbox-item.ts";
import type { Person, Role } from "./person.ts";

/** What is known about the person who wants to decide, and about who else could. */
export interface AuthorityFacts {
  readonly actor: Actor;
  /** The actor's row; absent when the actor is no active member. */
  readonly person: Person | undefined;
  /** Active members other than the actor who hold one of the asked roles. */
  readonly otherDeciders: number;
  /** The actor wrote, edited or did what is being decided. */
  readonly isOwnWork: boolean;
  /** What the actor typed to confirm a solo waiver; compared with `shortId`. */
  readonly confirmation: string | null;
  readonly shortId: string;
}

export type Authority =
  | { readonly kind: "granted"; readonly rule: string; readonly soloWaiver: boolean }
  | { readonly kind: "denied"; readonly code: string; readonly message: string };

/**
 * Decides whether a person may decide something that asks for one of `roles` (none: any member).
 * Own work needs another decider; where there is none, the person confirms by typing the short id (a solo waiver).
 *
 * Source: docs/explanation/oversight.md, four-eyes and the solo rule
 */
export function decideAuthority(roles: readonly Role[], facts: AuthorityFacts): Authority {
  const { person } = facts;
  if (facts.actor.kind !== "person" || person === undefined || person.state !== "active") {
    return { kind: "denied", code: "authority.not-a-member", message: "Only an active member of the organization can decide this." };
  }
  const role = roles.find((candidate) => person.roles.includes(candidate));
  if (roles.length > 0 && role === undefined) {
    return { kind: "denied", code: "authority.wrong-role", message: `This needs one of the roles ${roles.join(", ")}; you have ${person.roles.join(", ") || "none"}.` };
  }
  const rule = role === undefined ? "any-member" : `role:${role}`;
  if (!facts.isOwnWork) return { kind: "granted", rule, soloWaiver: false };
  if (facts.otherDeciders > 0) {
    return { kind: "denied", code: "authority.own-work", message: "Nobody decides about their own work; another member with the authority has to." };
  }
  if (facts.confirmation !== facts.shortId) {
    return {
      kind: "denied",
      code: "authority.solo-confirmation-missing",
      message: `This is your own work and nobody else here has the authority. To decide alone, confirm by typing ${facts.shortId}; the waiver is recorded.`,
    };
  }
  return { kind: "granted", rule: `${rule}, solo waiver`, soloWaiver: true };
}

/** Whether an item may still be answered, and by whom: closed items and excluded people are told why not. */
export function answerProblem(item: InboxItem, choice: string): { readonly code: string; readonly message: string } | null {
  if (item.state !== "open" && item.state !== "delegated") {
    return { code: "inbox.already-closed", message: `This was already ${item.state}; look at its answer instead of giving another.` };
  }
  if (!item.choices.some((candidate) => candidate.id === choice)) {
    return { code: "inbox.unknown-choice", message: `"${choice}" is no answer here; choose one of ${item.choices.map((candidate) => candidate.id).join(", ")}.` };
  }
  return null;
}
