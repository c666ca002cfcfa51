import type { Person } from "./person.ts";

type Named = Pick<Person, "id" | "name" | "email">;

/** What people type after `@`: the name without spaces, in lower case. */
export const handleOf = ({ name }: Pick<Person, "name">): string =>
  name
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, "");

const words = (person: Named): readonly string[] => [
  person.id,
  person.name.toLowerCase(),
  handleOf(person),
  ...(person.email === null ? [] : [person.email.toLowerCase(), person.email.toLowerCase().split("@")[0] ?? ""]),
];

/** Everybody whom a word stands for: id, name, handle, e-mail address or the part before its `@`. Several share a name now and then. */
export function findMentioned<One extends Named>(people: readonly One[], word: string): readonly One[] {
  const wanted = word.replace(/^@/u, "").trim().toLowerCase();
  return wanted === "" ? [] : people.filter((person) => words(person).includes(wanted));
}

/** People whose name, handle or address begins with what was typed so far, at most `limit`, in the order given. */
export function suggestMentions<One extends Named>(people: readonly One[], typed: string, limit: number): readonly One[] {
  const wanted = typed.trim().toLowerCase();
  const begins = (person: One): boolean =>
    words(person).some((word) => word.startsWith(wanted)) ||
    person.name
      .toLowerCase()
      .split(/\s+/u)
      .some((word) => word.startsWith(wanted));
  return people.filter(begins).slice(0, limit);
}
