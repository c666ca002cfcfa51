import type { Actor } from "../shared/actor.ts";
import type { Json } from "../shared/json.ts";
import type { InboxItem } from "./inbox-item.ts";
import type { Person, Role } from "./person.ts";

/** What is known about the person who wants to decide, and about who else could. */
export interface AuthorityFacts {
  readonly actor: Actor;
  /** The actor's row; absent when the actor is no active member. */
  readonly person: Person | undefined;
  /** How many others could decide (see `otherDeciders`). */
  readonly otherDeciders: number;
  /** The actor wrote, edited or did what is being decided. */
  readonly isOwnWork: boolean;
  /** Somebody who may decide has handed this to the actor; then no role is asked for. */
  readonly isDelegate: boolean;
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
  const standing = decideStanding(roles, facts);
  if (standing.kind === "denied" || !facts.isOwnWork) return standing;
  if (facts.otherDeciders > 0)
    return denied("authority.own-work", "Nobody decides about their own work; another member with the authority has to.");
  if (facts.confirmation !== facts.shortId) {
    return denied(
      "authority.solo-confirmation-missing",
      `This is your own work and nobody else here has the authority. To decide alone, confirm by typing ${facts.shortId}; the waiver is recorded.`,
    );
  }
  return { kind: "granted", rule: `${standing.rule}, solo waiver`, soloWaiver: true };
}

/** By role, or by delegation; whose work it is does not count yet. */
function decideStanding(roles: readonly Role[], { actor, person, isDelegate }: AuthorityFacts): Authority {
  if (actor.kind !== "person" || !isActive(person))
    return denied("authority.not-a-member", "Only an active member of the organization can decide this.");
  const role = roles.find((candidate) => person.roles.includes(candidate));
  if (role !== undefined) return { kind: "granted", rule: `role:${role}`, soloWaiver: false };
  if (roles.length === 0) return { kind: "granted", rule: "any-member", soloWaiver: false };
  if (isDelegate) return { kind: "granted", rule: "delegate", soloWaiver: false };
  return denied("authority.wrong-role", `This needs one of the roles ${roles.join(", ")}; you have ${person.roles.join(", ") || "none"}.`);
}

const denied = (code: string, message: string): Authority => ({ kind: "denied", code, message });

/** Whether this is a member who may act. */
export const isActive = (person: Person | undefined): person is Person => person?.state === "active";

/** Who is asked: by role, and without those whose own work it is. */
export type Asked = Pick<InboxItem, "roles" | "excludedPersonIds">;

/** How many active members other than this one could decide. */
export const otherDeciders = (asked: Asked, members: Iterable<Person>, actorId: string): number =>
  [...members].filter(
    (member) =>
      member.id !== actorId &&
      isActive(member) &&
      !asked.excludedPersonIds.some((id) => id === member.id) &&
      (asked.roles.length === 0 || asked.roles.some((role) => member.roles.includes(role))),
  ).length;

/** What an answer brings. */
export interface GivenAnswer {
  readonly choice: string;
  readonly value: Json;
  readonly reason: string;
  readonly inputs: readonly unknown[];
}

export interface AnswerProblem {
  readonly code: string;
  readonly message: string;
}

/** Why this answer cannot be taken: the item is closed, the choice is none of its own, or a part is missing. Null: it can. */
export function answerProblem(item: InboxItem, answer: GivenAnswer): AnswerProblem | null {
  if (item.state !== "open" && item.state !== "delegated") {
    return { code: "inbox.already-closed", message: `This was already ${item.state}; look at its answer instead of giving another.` };
  }
  const chosen = item.choices.find((candidate) => candidate.id === answer.choice);
  if (chosen !== undefined) return missingPart[chosen.needs](answer);
  return {
    code: "inbox.unknown-choice",
    message: `"${answer.choice}" is no answer here; choose one of ${item.choices.map((candidate) => candidate.id).join(", ")}.`,
  };
}

const isBlank = (value: Json): boolean => typeof value !== "string" || value.trim() === "";

const missingPart: { readonly [need in InboxItem["choices"][number]["needs"]]: (answer: GivenAnswer) => AnswerProblem | null } = {
  nothing: () => null,
  // The request's own title serves when nothing else is said.
  task: () => null,
  reason: ({ reason }) => (reason.trim() === "" ? { code: "inbox.reason-missing", message: "This answer needs a reason." } : null),
  text: ({ value }) => (isBlank(value) ? { code: "inbox.text-missing", message: "This answer needs a text." } : null),
  playbook: ({ value }) =>
    isBlank(value) ? { code: "inbox.playbook-missing", message: "This answer needs the name of a playbook." } : null,
  plan: ({ value }) =>
    value === null || value === ""
      ? { code: "inbox.plan-missing", message: "This answer needs the tasks: a table, JSON or a Markdown checklist." }
      : null,
  input: ({ inputs }) =>
    inputs.length === 0
      ? { code: "inbox.input-missing", message: "This answer needs the input itself: a file, a folder or a repository." }
      : null,
};
