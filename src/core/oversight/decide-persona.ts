import { type PersonaFields, replacing, sameDocument, writtenFields } from "../personas/persona-document.ts";
import { type Persona, personaKind } from "../personas/persona.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, beginTransition, refuse } from "../shared/transition.ts";
import { isActive } from "./authority.ts";
import type { Person } from "./person.ts";

/** Writes the next version of a persona. */
export interface RevisePersona {
  readonly kind: "revise-persona";
  readonly key: string;
  /** The version that was looked at; another one since then refuses the change. */
  readonly baseVersion: number;
  readonly persona: PersonaFields;
  readonly reason: string;
}

/** Makes an earlier version the next one. */
export interface RollBackPersona {
  readonly kind: "roll-back-persona";
  readonly key: string;
  readonly toVersion: number;
  readonly reason: string;
}

/** Takes a persona out of work, or puts it back. */
export interface RetirePersona {
  readonly kind: "retire-persona" | "restore-persona";
  readonly key: string;
  readonly reason: string;
}

/** Who changes a persona, and the persona. */
export interface PersonaSlice {
  readonly person: Person | undefined;
  readonly bySystem: boolean;
  readonly persona: Persona | undefined;
}

/** Those who answer for work, and no program's account. */
export const mayShape = ({ person, bySystem }: Pick<PersonaSlice, "person" | "bySystem">): boolean =>
  bySystem ||
  (isActive(person) &&
    !person.roles.includes("agent") &&
    person.roles.some((role) => role === "administrator" || role === "director" || role === "lead"));

export const notShaping = (): Refusal =>
  refuse(
    "forbidden",
    "persona.wrong-role",
    "Personas are changed by an administrator, director or lead, a person and no program's account.",
  );

const notFound = (key: string): Refusal =>
  refuse(
    "not-found",
    "persona.not-found",
    `There is no persona ${key.slice(0, 100)}. xvc persona list shows those that are in the library.`,
  );

const reasonMissing = (): Refusal =>
  refuse("invalid", "persona.no-reason", "Say in a sentence why the persona is changed; it stays beside the version.");

/** Writes what a person has changed as the next version; what the product keeps about the persona stays. */
export function decidePersonaRevision(slice: PersonaSlice, command: RevisePersona, _context: DecideContext): Decided {
  const { persona } = slice;
  if (!mayShape(slice)) return notShaping();
  if (persona === undefined) return notFound(command.key);
  if (command.reason.trim() === "") return reasonMissing();
  if (persona.personaVersion !== command.baseVersion)
    return refuse(
      "conflict",
      "persona.changed-meanwhile",
      `Persona ${persona.key} is at version ${persona.personaVersion} now; the change was made to version ${command.baseVersion}. Look at it again and repeat the change.`,
    );
  if (sameDocument(persona, { ...command.persona, key: persona.key }))
    return refuse("conflict", "persona.nothing-changed", `Nothing of persona ${persona.key} would change.`);
  return next(persona, command.persona, { reason: command.reason });
}

/** Makes what an earlier version said the next version: no version is ever taken out of the record. */
export function decidePersonaRollback(
  slice: PersonaSlice & { readonly earlier: Persona | undefined },
  command: RollBackPersona,
  _context: DecideContext,
): Decided {
  const { persona, earlier } = slice;
  if (!mayShape(slice)) return notShaping();
  if (persona === undefined) return notFound(command.key);
  if (command.reason.trim() === "") return reasonMissing();
  if (earlier === undefined)
    return refuse(
      "not-found",
      "persona.version-not-found",
      `Persona ${persona.key} had no version ${command.toVersion} within its latest changes.`,
    );
  if (sameDocument(persona, earlier))
    return refuse("conflict", "persona.nothing-changed", `Persona ${persona.key} says what version ${command.toVersion} said already.`);
  return next(persona, earlier, { reason: command.reason, toVersion: command.toVersion });
}

function next(persona: Persona, fields: PersonaFields, fact: { readonly reason: string; readonly toVersion?: number }): Decided {
  const draft = beginTransition();
  const personaVersion = persona.personaVersion + 1;
  draft.change(personaKind, persona, replacing({ ...writtenFields(fields), personaVersion }));
  draft.record(personaKind, persona, fact.toVersion === undefined ? "persona.changed" : "persona.rolled-back", {
    key: persona.key,
    personaVersion,
    ...fact,
  });
  return draft.accept({ id: persona.id, key: persona.key, personaVersion });
}

/** Takes a persona out of work or puts it back. Work that it holds goes on; it gets no new. */
export function decidePersonaRetirement(slice: PersonaSlice, command: RetirePersona, _context: DecideContext): Decided {
  const { persona } = slice;
  if (!mayShape(slice)) return notShaping();
  if (persona === undefined) return notFound(command.key);
  if (command.reason.trim() === "") return reasonMissing();
  const retired = command.kind === "retire-persona";
  if ((persona.retired === true) === retired)
    return refuse("conflict", "persona.already", `Persona ${persona.key} is ${retired ? "retired" : "in work"} already.`);
  const draft = beginTransition();
  draft.change(personaKind, persona, { retired });
  draft.record(personaKind, persona, retired ? "persona.retired" : "persona.restored", { key: persona.key, reason: command.reason });
  return draft.accept({ id: persona.id, key: persona.key, state: retired ? "retired" : "active" });
}
