import { isActive } from "../oversight/authority.ts";
import {
  type Organization,
  type Person,
  type Project,
  type Role,
  organizationKindOf,
  personKind,
  projectKindOf,
} from "../oversight/person.ts";
import type { PersonaFields } from "../personas/read-library.ts";
import { type Persona, personaKind } from "../personas/persona.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, beginTransition, refuse } from "../shared/transition.ts";
import { readPlan } from "./read-plan.ts";
import { checkPlan } from "./check-plan.ts";
import { type Playbook, playbookKind } from "./plan.ts";

/** Makes the organization with its first person, who is Administrator and Director. */
export interface FoundOrganization {
  readonly kind: "found-organization";
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly person: { readonly id: string; readonly name: string; readonly email: string | null };
}

export interface AddPerson {
  readonly kind: "add-person";
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly roles: readonly Role[];
}

export interface CreateProject {
  readonly kind: "create-project";
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly mode: Project["mode"];
  /** Rehearsal only: where its clock starts, epoch milliseconds. */
  readonly clockAtMs: number | null;
}

/** A playbook's fields as its document states them. */
export type PlaybookFields = Omit<Playbook, "id" | "version" | "eventCount">;

export interface AddPersona {
  readonly kind: "add-persona";
  readonly persona: PersonaFields;
}

export interface AddPlaybook {
  readonly kind: "add-playbook";
  readonly playbook: PlaybookFields;
}

/** Sets a rehearsal's clock forward. */
export interface AdvanceClock {
  readonly kind: "advance-clock";
  readonly toMs: number;
}

/** Who changes what the organization has: a person, or the installation itself. */
export interface Steward {
  readonly person: Person | undefined;
  readonly bySystem: boolean;
}

const mayOpenProject = ({ person, bySystem }: Steward): boolean => bySystem || isActive(person);

/** Personas and playbooks decide how work is done, so those who answer for work change them. */
const mayTeach = ({ person, bySystem }: Steward): boolean =>
  bySystem || (isActive(person) && person.roles.some((role) => role === "administrator" || role === "director" || role === "lead"));

const allRoles: readonly Role[] = ["administrator", "director", "lead", "contributor"];

/** Founds the organization once. */
export function decideFounding(
  slice: { readonly organization: Organization | undefined },
  command: FoundOrganization,
  _context: DecideContext,
): Decided {
  if (slice.organization !== undefined) return refuse("conflict", "organization.exists", "This organization was founded before.");
  if (command.name.trim() === "") return refuse("invalid", "organization.name-missing", "The organization needs a name.");
  const draft = beginTransition();
  const organization = draft.create(organizationKindOf, { id: command.id, name: command.name, currency: command.currency, peopleCount: 1 });
  draft.record(organizationKindOf, organization, "organization.founded", { name: command.name });
  const person = draft.create(personKind, { ...command.person, roles: allRoles, state: "active" });
  draft.record(personKind, person, "person.added", { name: person.name, roles: [...allRoles] });
  return draft.accept({ id: organization.id, personId: person.id });
}

/** Adds a member, by an administrator. */
export function decideNewPerson(
  slice: { readonly organization: Organization; readonly person: Person | undefined; readonly existing: Person | undefined },
  command: AddPerson,
  _context: DecideContext,
): Decided {
  if (!isActive(slice.person) || !slice.person.roles.includes("administrator"))
    return refuse("forbidden", "person.administrator-only", "Only an administrator can add people.");
  if (slice.existing !== undefined) return refuse("conflict", "person.exists", "This person is a member already.");
  if (command.name.trim() === "") return refuse("invalid", "person.name-missing", "A person needs a name.");
  const draft = beginTransition();
  const person = draft.create(personKind, {
    id: command.id,
    name: command.name,
    email: command.email,
    roles: command.roles,
    state: "active",
  });
  draft.record(personKind, person, "person.added", { name: person.name, roles: [...person.roles] });
  draft.change(organizationKindOf, slice.organization, { peopleCount: slice.organization.peopleCount + 1 });
  return draft.accept({ id: person.id });
}

/** Opens a project, real or rehearsal for ever. */
export function decideNewProject(
  slice: Steward & { readonly sameKey: Project | undefined },
  command: CreateProject,
  context: DecideContext,
): Decided {
  if (!mayOpenProject(slice)) return refuse("forbidden", "project.not-a-member", "Only an active member can open a project.");
  if (!/^[A-Z][A-Z0-9]{0,9}$/u.test(command.key))
    return refuse(
      "invalid",
      "project.bad-key",
      "A project's key has 1 to 10 capital letters and digits and starts with a letter, such as ENG.",
    );
  if (slice.sameKey !== undefined) return refuse("conflict", "project.exists", `There is a project ${command.key} already.`);
  const draft = beginTransition();
  const project = draft.create(projectKindOf, {
    id: command.id,
    key: command.key,
    name: command.name,
    mode: command.mode,
    clockAtMs: command.mode === "rehearsal" ? (command.clockAtMs ?? context.nowMs) : null,
    planApproverRoles: ["administrator", "director", "lead"],
    state: "active",
  });
  draft.record(projectKindOf, project, "project.created", { key: project.key, mode: project.mode });
  return draft.accept({ id: project.id, key: project.key, mode: project.mode });
}

/** Adds a persona, or the next version of one; the same fields again change nothing. */
export function decideNewPersona(
  slice: Steward & { readonly existing: Persona | undefined },
  command: AddPersona,
  context: DecideContext,
): Decided {
  const { persona } = command;
  if (!mayTeach(slice)) return refuse("forbidden", "persona.wrong-role", "Personas are changed by an administrator, director or lead.");
  if (!/^[a-z][a-z0-9_-]{0,99}$/u.test(persona.key))
    return refuse("invalid", "persona.bad-key", `"${persona.key.slice(0, 100)}" is no persona key: lower-case letters, digits, - and _.`);
  if (persona.executors.length === 0) return refuse("invalid", "persona.no-executor", `Persona ${persona.key} names no executor.`);
  const draft = beginTransition();
  if (slice.existing === undefined) {
    const created = draft.create(personaKind, { ...persona, id: context.newId() });
    draft.record(personaKind, created, "persona.added", { key: persona.key, personaVersion: persona.personaVersion });
    return draft.accept({ id: created.id, key: persona.key, personaVersion: persona.personaVersion });
  }
  if (persona.personaVersion <= slice.existing.personaVersion)
    return refuse(
      "conflict",
      "persona.old-version",
      `Persona ${persona.key} is at version ${slice.existing.personaVersion}; a change needs a higher one.`,
    );
  draft.change(personaKind, slice.existing, persona);
  draft.record(personaKind, slice.existing, "persona.changed", { key: persona.key, personaVersion: persona.personaVersion });
  return draft.accept({ id: slice.existing.id, key: persona.key, personaVersion: persona.personaVersion });
}

/** Adds a version of a playbook whose plan is sound. Versions are never edited. */
export function decideNewPlaybook(
  slice: Steward & { readonly sameVersion: Playbook | undefined },
  command: AddPlaybook,
  context: DecideContext,
): Decided {
  const { playbook } = command;
  if (!mayTeach(slice)) return refuse("forbidden", "playbook.wrong-role", "Playbooks are changed by an administrator, director or lead.");
  if (slice.sameVersion !== undefined)
    return refuse(
      "conflict",
      "playbook.exists",
      `Playbook ${playbook.name} has a version ${playbook.playbookVersion} already; raise the version.`,
    );
  const problems = playbookProblems(playbook);
  if (problems.length > 0)
    return refuse("invalid", "playbook.unsound", `The playbook's plan is not sound: ${problems.slice(0, 5).join(" ")}`, { problems });
  const draft = beginTransition();
  const created = draft.create(playbookKind, { ...playbook, id: context.newId() });
  draft.record(playbookKind, created, "playbook.added", { name: playbook.name, playbookVersion: playbook.playbookVersion });
  return draft.accept({ id: created.id, name: playbook.name, playbookVersion: playbook.playbookVersion });
}

/** Everything wrong with a playbook's plan, as sentences. */
export function playbookProblems(playbook: {
  readonly name: string;
  readonly plan: JsonObject;
  readonly deliverable: readonly string[];
}): readonly string[] {
  const read = readPlan(
    { ...playbook.plan, ...(playbook.deliverable.length > 0 ? { deliverable: playbook.deliverable } : {}) },
    `playbook:${playbook.name}`,
    "EUR",
  );
  return [...read.problems, ...checkPlan(read.document)].map((problem) => problem.message);
}

/** Moves a rehearsal's own time forward; it never goes back. */
export function decideClockAdvance(slice: { readonly project: Project }, command: AdvanceClock, _context: DecideContext): Decided {
  const { project } = slice;
  if (project.mode !== "rehearsal") return refuse("forbidden", "project.real-time", "Only a rehearsal has a clock that can be set.");
  if (project.clockAtMs !== null && command.toMs <= project.clockAtMs)
    return refuse("conflict", "project.clock-backwards", "A rehearsal's clock only goes forward.");
  const draft = beginTransition();
  draft.change(projectKindOf, project, { clockAtMs: command.toMs });
  return draft.accept({ id: project.id, clockAtMs: command.toMs });
}
