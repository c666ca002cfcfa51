import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, beginTransition, refuse } from "../shared/transition.ts";
import { isActive } from "./authority.ts";
import { installPolicies } from "./decide-policy.ts";
import { type Organization, type OutsideIdentity, type Person, type Role, organizationKindOf, personKind } from "./person.ts";

/** Makes the organization with its first person, who is Administrator and Director. */
export interface FoundOrganization {
  readonly kind: "found-organization";
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly person: { readonly id: string; readonly name: string; readonly email: string | null };
}

export interface RenameOrganization {
  readonly kind: "rename-organization";
  readonly name: string;
}

/** `invite-person`: a member from their first sign-in on. `add-person`: at once, such as the account of a program. */
export interface AddPerson {
  readonly kind: "add-person" | "invite-person";
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly Role[];
}

/** Somebody invited comes in, by the link they were given or vouched for by the sign-in service. */
export interface JoinOrganization {
  readonly kind: "join-organization";
}

export interface ChangePerson {
  readonly kind: "change-person";
  readonly personId: string;
  readonly name: string;
  readonly email: string | null;
}

export interface ChangeRoles {
  readonly kind: "change-roles";
  readonly personId: string;
  readonly roles: readonly Role[];
}

export interface RemovePerson {
  readonly kind: "remove-person";
  readonly personId: string;
  readonly reason: string;
}

/** Ties a member to the account of the sign-in service that vouched for their address. */
export interface LinkIdentity {
  readonly kind: "link-identity";
  readonly personId: string;
  readonly identity: OutsideIdentity;
}

/** What decisions about people look at. The organization is locked, so two of them never cross. */
export interface PeopleSlice {
  readonly organization: Organization;
  /** Who acts; absent for the system. */
  readonly person: Person | undefined;
  /** Whom it is about. */
  readonly subject: Person | undefined;
  /** Another member, not removed, who has the wanted e-mail address. */
  readonly sameEmail: Person | undefined;
  /** Active administrators. */
  readonly administrators: number;
}

const firstRoles: readonly Role[] = ["administrator", "director"];
const aloneRoles: readonly Role[] = ["agent", "auditor"];
const maxNameLength = 200;
const maxEmailLength = 320;

/** Founds the organization once. */
export function decideFounding(
  slice: { readonly organization: Organization | undefined },
  command: FoundOrganization,
  context: DecideContext,
): Decided {
  if (slice.organization !== undefined) return refuse("conflict", "organization.exists", "This organization was founded before.");
  if (command.name.trim() === "") return refuse("invalid", "organization.name-missing", "The organization needs a name.");
  const draft = beginTransition();
  const organization = draft.create(organizationKindOf, { id: command.id, name: command.name, currency: command.currency, peopleCount: 1 });
  draft.record(organizationKindOf, organization, "organization.founded", { name: command.name });
  const person = draft.create(personKind, {
    ...command.person,
    email: foldEmail(command.person.email),
    roles: firstRoles,
    state: "active",
  });
  draft.record(personKind, person, "person.added", { roles: [...firstRoles] });
  installPolicies(draft, context, new Set());
  return draft.accept({ id: organization.id, personId: person.id });
}

export function decideOrganizationName(
  slice: { readonly organization: Organization },
  command: RenameOrganization,
  _context: DecideContext,
): Decided {
  const name = command.name.trim();
  if (name === "" || name.length > maxNameLength)
    return refuse("invalid", "organization.name-missing", `The organization needs a name of at most ${maxNameLength} characters.`);
  const draft = beginTransition();
  const { organization } = slice;
  if (organization.name === name) return draft.accept({ id: organization.id });
  draft.change(organizationKindOf, organization, { name });
  draft.record(organizationKindOf, organization, "organization.renamed", { name });
  return draft.accept({ id: organization.id });
}

/** Adds or invites a member, by an administrator. */
export function decideNewPerson(slice: PeopleSlice, command: AddPerson, _context: DecideContext): Decided {
  const { organization, subject } = slice;
  const refused = administratorProblem(slice.person) ?? profileProblem(slice, command) ?? rolesProblem(command.roles);
  if (refused !== null) return refused;
  if (subject !== undefined) return refuse("conflict", "person.exists", "This person is a member already.");
  const isInvited = command.kind === "invite-person";
  const draft = beginTransition();
  const person = draft.create(personKind, {
    id: command.id,
    name: command.name.trim(),
    email: foldEmail(command.email),
    roles: command.roles,
    state: isInvited ? "invited" : "active",
  });
  draft.record(personKind, person, isInvited ? "person.invited" : "person.added", { roles: [...person.roles] });
  if (!isInvited) draft.change(organizationKindOf, organization, { peopleCount: organization.peopleCount + 1 });
  return draft.accept({ id: person.id, state: person.state });
}

/** Makes an invited person a member at their first sign-in. */
export function decideJoining(slice: PeopleSlice, _command: JoinOrganization, _context: DecideContext): Decided {
  const { person, organization } = slice;
  if (person?.state !== "invited")
    return refuse("conflict", "person.not-invited", "This invitation is not open any more; ask an administrator for a fresh one.");
  const draft = beginTransition();
  draft.change(personKind, person, { state: "active" });
  draft.record(personKind, person, "person.joined");
  draft.change(organizationKindOf, organization, { peopleCount: organization.peopleCount + 1 });
  return draft.accept({ id: person.id, state: "active" });
}

/** Changes name and e-mail address, one's own or, for administrators, anybody's. */
export function decideProfile(slice: PeopleSlice, command: ChangePerson, context: DecideContext): Decided {
  const { subject, person } = slice;
  if (subject === undefined || subject.state === "removed") return noSuchPerson();
  if (subject.id !== context.actor.id && !person?.roles.includes("administrator"))
    return refuse("forbidden", "person.not-yours", "Only an administrator changes the name or address of others.");
  const refused = profileProblem(slice, command);
  if (refused !== null) return refused;
  const draft = beginTransition();
  draft.change(personKind, subject, { name: command.name.trim(), email: foldEmail(command.email) });
  // Name and address stay out of events: those are kept for ever as they are, and everybody may read them.
  draft.record(personKind, subject, "person.changed", {
    nameChanged: command.name.trim() !== subject.name,
    emailChanged: foldEmail(command.email) !== subject.email,
  });
  return draft.accept({ id: subject.id, state: subject.state });
}

/** Changes what somebody may do. Nobody gives themselves a role or takes administration from themselves; one administrator always stays. */
export function decideRoles(slice: PeopleSlice, command: ChangeRoles, context: DecideContext): Decided {
  const { subject } = slice;
  const refused = administratorProblem(slice.person) ?? rolesProblem(command.roles);
  if (refused !== null) return refused;
  if (subject === undefined || subject.state === "removed") return noSuchPerson();
  if (subject.id === context.actor.id)
    return refuse("forbidden", "person.own-roles", "Nobody changes their own roles; another administrator has to.");
  if (!command.roles.includes("administrator") && isLastAdministrator(slice, subject)) return lastAdministrator();
  const draft = beginTransition();
  draft.change(personKind, subject, { roles: command.roles });
  draft.record(personKind, subject, "person.roles-changed", { from: [...subject.roles], to: [...command.roles] });
  return draft.accept({ id: subject.id, roles: [...command.roles] });
}

/** Ends a membership. What the person held is given back afterwards, project by project (`return-work`). */
export function decideRemoval(slice: PeopleSlice, command: RemovePerson, context: DecideContext): Decided {
  const { subject, organization } = slice;
  const refused = administratorProblem(slice.person);
  if (refused !== null) return refused;
  if (subject === undefined) return noSuchPerson();
  if (subject.state === "removed") return refuse("conflict", "person.removed-before", "This member was removed before.");
  if (isLastAdministrator(slice, subject)) return lastAdministrator();
  if (subject.id === context.actor.id)
    return refuse("forbidden", "person.own-removal", "Nobody removes themselves; another administrator has to.");
  const draft = beginTransition();
  draft.change(personKind, subject, { state: "removed", workReturned: false });
  draft.record(personKind, subject, "person.removed", { reason: command.reason });
  if (subject.state === "active") draft.change(organizationKindOf, organization, { peopleCount: organization.peopleCount - 1 });
  return draft.accept({ id: subject.id, state: "removed" });
}

/** Remembers which outside account is whose, once. */
export function decideIdentity(
  slice: { readonly subject: Person | undefined; readonly holder: Person | undefined },
  command: LinkIdentity,
  _context: DecideContext,
): Decided {
  const { subject, holder } = slice;
  if (subject === undefined || subject.state === "removed") return noSuchPerson();
  if (holder !== undefined && holder.id !== subject.id)
    return refuse("conflict", "person.identity-taken", "This account of the sign-in service belongs to another member.");
  if (subject.identity !== undefined && subject.identity.subject !== command.identity.subject)
    return refuse("conflict", "person.identity-other", "This member is tied to another account of the sign-in service.");
  const draft = beginTransition();
  if (subject.identity !== undefined) return draft.accept({ id: subject.id });
  draft.change(personKind, subject, { identity: command.identity });
  draft.record(personKind, subject, "person.identity-linked", { issuer: command.identity.issuer });
  return draft.accept({ id: subject.id });
}

/** Closes a removal once nothing is held any more. */
export interface SettleRemoval {
  readonly kind: "settle-removal";
  readonly personId: string;
}

export function decideSettledRemoval(
  slice: { readonly subject: Person | undefined },
  _command: SettleRemoval,
  _context: DecideContext,
): Decided {
  const { subject } = slice;
  if (subject?.state !== "removed") return refuse("conflict", "person.not-removed", "Only a removal is settled.");
  const draft = beginTransition();
  if (subject.workReturned !== true) draft.change(personKind, subject, { workReturned: true });
  return draft.accept({ id: subject.id });
}

/** Addresses are compared in lower case; an empty one is none. */
export const foldEmail = (email: string | null): string | null => {
  const folded = (email ?? "").trim().toLowerCase();
  return folded === "" ? null : folded;
};

const noSuchPerson = (): Refusal => refuse("not-found", "person.not-found", "There is no such member. xvc people list shows them.");

const administratorProblem = (person: Person | undefined): Refusal | null =>
  isActive(person) && person.roles.includes("administrator")
    ? null
    : refuse("forbidden", "person.administrator-only", "Only an administrator decides who is a member, and as what.");

const isLastAdministrator = ({ administrators }: PeopleSlice, subject: Person): boolean =>
  isActive(subject) && subject.roles.includes("administrator") && administrators <= 1;

const lastAdministrator = (): Refusal =>
  refuse("conflict", "person.last-administrator", "This is the last administrator; make somebody else one first.");

function rolesProblem(roles: readonly Role[]): Refusal | null {
  if (roles.length === 0 || new Set(roles).size !== roles.length)
    return refuse("invalid", "person.roles-missing", "A member has at least one role, and each once.");
  const alone = roles.find((role) => aloneRoles.includes(role));
  if (alone === undefined || roles.length === 1) return null;
  return refuse("invalid", "person.roles-mixed", `The role ${alone} stands alone: it would be worth nothing beside one that may do more.`);
}

function profileProblem(
  { sameEmail }: PeopleSlice,
  { name, email }: { readonly name: string; readonly email: string | null },
): Refusal | null {
  if (name.trim() === "" || name.length > maxNameLength)
    return refuse("invalid", "person.name-missing", `A person needs a name of at most ${maxNameLength} characters.`);
  const folded = foldEmail(email);
  if (folded === null) return null;
  if (folded.length > maxEmailLength || !/^[^\s@<>"\p{Cc}]+@[^\s@<>"\p{Cc}]+$/u.test(folded))
    return refuse("invalid", "person.email-invalid", "This is no e-mail address; write one such as dana@example.org, or none.");
  if (sameEmail !== undefined) return refuse("conflict", "person.email-taken", "Another member has this e-mail address.");
  return null;
}
