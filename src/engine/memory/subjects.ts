import { carriesMarks, type FoundSubject, type Subject } from "../../core/memory/subject.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { entityTables } from "../ports/entity-tables.ts";
import type { Reader } from "../ports/store.ts";

/** Kinds of rows that carry tags and relations, by the names of their tables. */
export const subjectKinds: ReadonlyMap<string, EntityKind<Entity>> = new Map(
  entityTables.filter(({ kind }) => carriesMarks(kind.name)).map(({ kind }) => [kind.name, kind]),
);

/** The subject as it is, if the reader may see it; a kind that carries no marks is not there either. */
export async function findSubject(reader: Reader, { kind, id }: Subject): Promise<FoundSubject | undefined> {
  const known = subjectKinds.get(kind);
  const row = known === undefined ? undefined : await reader.get(known, id);
  if (row === undefined) return undefined;
  const { state, requestId } = row as Entity & { readonly state?: unknown; readonly requestId?: unknown }; // looked at, not trusted
  return {
    state: typeof state === "string" ? state : null,
    requestId: kind === "request" ? row.id : typeof requestId === "string" ? requestId : null,
  };
}

/** The project that a subject belongs to; null: it is the organization's, or not there. */
export async function projectOfSubject(reader: Reader, { kind, id }: Subject): Promise<string | null> {
  const known = subjectKinds.get(kind);
  if (known === undefined || known.scope === "organization") return null;
  const [found] = await reader.tally(known, ["projectId"], { where: { id } });
  return found?.values[0] ?? null;
}
