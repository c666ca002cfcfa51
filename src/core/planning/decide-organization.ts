import { isActive } from "../oversight/authority.ts";
import { type Person, type Project, projectKindOf } from "../oversight/person.ts";
import { type PersonaFields, replacing, writtenFields } from "../personas/persona-document.ts";
import { type Persona, personaKind } from "../personas/persona.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, beginTransition, refuse } from "../shared/transition.ts";
import { readPlan } from "./read-plan.ts";
import { checkPlan } from "./check-plan.ts";
import { type Playbook, playbookKind } from "./plan.ts";

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

/** Personas and playbooks decide how work is done, so those who answer for work change them. */
const mayTeach = ({ person, bySystem }: Steward): boolean =>
  bySystem || (isActive(person) && person.roles.some((role) => role === "administrator" || role === "director" || role === "lead"));

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
  // Where it came from is said by the installation alone.
  const { libraryVersion } = persona;
  const shipped = slice.bySystem && libraryVersion !== undefined ? { libraryVersion } : {};
  if (slice.existing === undefined) {
    const created = draft.create(personaKind, { ...writtenFields(persona), ...shipped, id: context.newId() });
    draft.record(personaKind, created, "persona.added", { key: persona.key, personaVersion: persona.personaVersion });
    return draft.accept({ id: created.id, key: persona.key, personaVersion: persona.personaVersion });
  }
  if (persona.personaVersion <= slice.existing.personaVersion)
    return refuse(
      "conflict",
      "persona.old-version",
      `Persona ${persona.key} is at version ${slice.existing.personaVersion}; a change needs a higher one.`,
    );
  draft.change(personaKind, slice.existing, { ...replacing(writtenFields(persona)), ...shipped });
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
