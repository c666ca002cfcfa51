import type { Actor } from "../shared/actor.ts";
import type { Json } from "../shared/json.ts";
import type { InboxItem } from "./inbox-item.ts";
import type { Person } from "./person.ts";
import type { PolicyBasis } from "./policy-request.ts";
import type { StandIn } from "./representation.ts";

/** What is known about the person who wants to decide, and about who else could. */
export interface AuthorityFacts {
  readonly actor: Actor;
  /** The actor's row; absent when the actor is no active member. */
  readonly person: Person | undefined;
  /** What the policies in force say about this person and this question. */
  readonly basis: PolicyBasis;
  /** In whose place the actor decides, where no role of their own is asked for. */
  readonly standIn: Pick<StandIn, "rule"> | undefined;
  /** How many others could decide (see `otherDeciders`). Looked at only for own work. */
  readonly otherDeciders: number;
  /** The actor wrote, edited or did what is being decided. */
  readonly isOwnWork: boolean;
  /** What the actor typed to confirm a solo waiver; compared with `shortId`. */
  readonly confirmation: string | null;
  readonly shortId: string;
}

export type Authority =
  | { readonly kind: "granted"; readonly rule: string; readonly soloWaiver: boolean; readonly basis: PolicyBasis }
  | { readonly kind: "denied"; readonly code: string; readonly message: string };

/**
 * Decides whether a person may decide: only an active member, and only when the policies in force permit it.
 * Own work needs another decider; where there is none, the person confirms by typing the short id (a solo waiver).
 * Membership, four-eyes and the waiver are no policies, so no policy can switch them off.
 *
 * Source: docs/explanation/authority.md, what policies decide and what they cannot
 */
export function decideAuthority(facts: AuthorityFacts): Authority {
  const standing = decideStanding(facts);
  if (standing.kind === "denied" || !facts.isOwnWork) return standing;
  if (facts.otherDeciders > 0)
    return denied("authority.own-work", "Nobody decides about their own work; another member with the authority has to.");
  if (facts.confirmation !== facts.shortId) {
    return denied(
      "authority.solo-confirmation-missing",
      `This is your own work and nobody else here has the authority. To decide alone, confirm by typing ${facts.shortId}; the waiver is recorded.`,
    );
  }
  return { ...standing, rule: `${standing.rule}, solo waiver`, soloWaiver: true };
}

/** By the policies; whose work it is does not count yet. */
function decideStanding({ actor, person, basis, standIn }: AuthorityFacts): Authority {
  if (actor.kind !== "person" || !isActive(person))
    return denied("authority.not-a-member", "Only an active member of the organization can decide this.");
  const { verdict, request, statements } = basis;
  if (verdict.errors.length > 0)
    return denied(
      "authority.policy-error",
      `A policy could not be evaluated, so nobody may decide this: ${verdict.errors.join("; ")}. Correct or withdraw that policy.`,
    );
  if (verdict.allowed)
    return { kind: "granted", rule: `${standingOf(request, standIn)}, by ${verdict.policies.join(" and ")}`, soloWaiver: false, basis };
  if (verdict.policies.length > 0)
    return denied("authority.forbidden", `Policy ${verdict.policies.join(" and ")} forbids this: ${statements.join(" ")}`);
  const { askedRoles } = request.context;
  const wanted =
    askedRoles.length === 0 ? "No policy in force permits this to you" : `This needs one of the roles ${askedRoles.join(", ")}`;
  return denied("authority.wrong-role", `${wanted}; you have ${person.roles.join(", ") || "none"}.`);
}

/** As what the person decides, in a few words: by role, as any member, for an absent one, or handed over. */
function standingOf({ principal, context }: PolicyBasis["request"], standIn: AuthorityFacts["standIn"]): string {
  const role = context.askedRoles.find((candidate) => principal.roles.includes(candidate));
  if (role !== undefined) return `role:${role}`;
  if (context.askedRoles.length === 0) return "any-member";
  if (context.handedOver) return "delegate";
  return standIn?.rule ?? "policy";
}

const denied = (code: string, message: string): Authority => ({ kind: "denied", code, message });

/** Whether this is a member who may act. */
export const isActive = (person: Person | undefined): person is Person => person?.state === "active";

/** Who is asked: by role, and without those whose own work it is. */
export type Asked = Pick<InboxItem, "roles" | "personIds" | "excludedPersonIds">;

/** Members asked one by one; where more would have to be, it is assumed that another could decide. */
const maxAskedMembers = 200;

/** How many active members other than this one could decide: 0 or 1, for one is enough. `may` asks the policies. */
export function otherDeciders(
  { excludedPersonIds }: Pick<Asked, "excludedPersonIds">,
  { members, actorId, may }: { readonly members: Iterable<Person>; readonly actorId: string; readonly may: (member: Person) => boolean },
): number {
  let asked = 0;
  for (const member of members) {
    if (member.id === actorId || !isActive(member) || excludedPersonIds.some((id) => id === member.id)) continue;
    asked += 1;
    if (asked > maxAskedMembers || may(member)) return 1;
  }
  return 0;
}

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
