import { type Person, personKind } from "../../core/oversight/person.ts";
import type { Team } from "../../core/oversight/team.ts";
import type { Performer } from "../../core/personas/persona.ts";
import type { Actor } from "../../core/shared/actor.ts";
import type { Reader } from "../ports/store.ts";

/** People known by name in one view; beyond it an id stands for a name. */
export const maxNamedPeople = 2_000;

/** Everybody of the organization by id, removed people included, since their names stand on old decisions. */
export type People = ReadonlyMap<string, Person>;

export async function readPeople(reader: Reader): Promise<People> {
  const people = await reader.find(personKind, { limit: maxNamedPeople });
  return new Map(people.map((person) => [person.id, person]));
}

export interface NamedPerformer {
  readonly kind: "person" | "persona";
  readonly id: string;
  readonly name: string;
}

export interface NamedActor {
  readonly kind: Actor["kind"];
  readonly id: string;
  readonly name: string;
}

/** `senior_architect` as a reader sees it. */
export function personaName(key: string): string {
  const words = key.replaceAll(/[_-]+/gu, " ").trim();
  return words === "" ? key : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

export const namedPerson = (people: People, id: string): NamedPerformer => ({ kind: "person", id, name: people.get(id)?.name ?? id });

export const namedPerformer = (people: People, performer: Performer | null): NamedPerformer | null =>
  performer === null
    ? null
    : performer.kind === "person"
      ? namedPerson(people, performer.id)
      : { kind: "persona", id: performer.id, name: personaName(performer.id) };

/** Who caused a fact; the system's own parts are called what they are. */
export function namedActor(people: People, actor: Actor): NamedActor {
  if (actor.kind === "person") return { ...namedPerson(people, actor.id), kind: "person" };
  return { kind: actor.kind, id: actor.id, name: actor.kind === "persona" ? personaName(actor.id) : "xVC" };
}

export interface PersonView {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly roles: Person["roles"];
  readonly state: Person["state"];
}

export const personView = ({ id, name, email, roles, state }: Person): PersonView => ({ id, name, email, roles, state });

/** A member as the list of people shows them. */
export interface MemberView extends PersonView {
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly lastSeenAtMs: number | null;
  readonly linked: boolean;
  /** What became of the personal data; absent: nothing was asked. */
  readonly erasure?: "asked" | "held" | "erased";
}

export const memberView = (person: Person, teams: readonly Team[], lastSeenAtMs: number | null): MemberView => ({
  ...personView(person),
  teams: teams.filter((team) => team.memberIds.some((id) => id === person.id)).map(({ id, name }) => ({ id, name })),
  lastSeenAtMs,
  linked: person.identity !== undefined,
  ...erasureOf(person),
});

function erasureOf({ erasedAtMs, legalHold = null, erasure = null }: Person): Pick<MemberView, "erasure"> {
  if (erasedAtMs !== undefined) return { erasure: "erased" };
  if (legalHold !== null) return { erasure: "held" };
  return erasure === null ? {} : { erasure: "asked" };
}
