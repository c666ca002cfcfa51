import { projectKindOf } from "../../core/oversight/person.ts";
import type { Entity } from "../../core/shared/entity.ts";
import { type NamedActor, namedActor, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";

export interface ChangeRowView {
  /** Its place in the record; ask for what comes after it. */
  readonly cursor: string;
  readonly kind: string;
  readonly id: string;
  readonly projectId: string | null;
  readonly version: number;
  readonly operation: "created" | "changed";
  /** What a person would call the row; empty: it has no name. */
  readonly title: string;
  readonly state: string | null;
  readonly recordedAtMs: number;
  readonly actor: NamedActor;
  readonly cause: string;
}

export interface ChangesView {
  readonly schema: "xvc.memory-changes/1";
  readonly items: readonly ChangeRowView[];
  /** What to ask on from, also when nothing is there yet; null: nothing was ever seen. */
  readonly nextCursor: string | null;
}

const maxCause = 500;
const maxTitle = 200;

const names = ["title", "name", "question", "statement", "key"] as const;

function titleOf(row: Entity): string {
  const fields = row as unknown as Readonly<Record<string, unknown>>; // looked at, not trusted
  const found = names.map((name) => fields[name]).find((value) => typeof value === "string");
  return typeof found === "string" ? found.slice(0, maxTitle).toWellFormed() : "";
}

function stateOf(row: Entity): string | null {
  const { state } = row as Entity & { readonly state?: unknown }; // as above
  return typeof state === "string" ? state : null;
}

export interface ChangesQuery {
  readonly kinds: readonly string[];
  readonly sinceMs?: number;
  readonly after?: string;
  readonly limit: number;
  /** Projects that the reader is part of: the rows of others are the organization's, and still not theirs to see. */
  readonly projectIds: ReadonlySet<string>;
}

/** Every version written since, each once, in the order of commits; the cursor stays good for ever. Two queries. */
export async function changesView(reader: Reader, asked: ChangesQuery): Promise<ChangesView> {
  const changes = await reader.changes({
    kinds: asked.kinds,
    limit: asked.limit,
    ...(asked.sinceMs === undefined ? {} : { recordedFromMs: asked.sinceMs }),
    ...(asked.after === undefined ? {} : { afterCursor: asked.after }),
  });
  const people = await readPeople(reader);
  return {
    schema: "xvc.memory-changes/1",
    items: changes
      .filter(({ kind, row }) => kind !== projectKindOf.name || asked.projectIds.has(row.id))
      .map((change) => ({
        cursor: change.cursor,
        kind: change.kind,
        id: change.row.id,
        projectId: change.projectId,
        version: change.version,
        operation: change.version === 1 ? "created" : "changed",
        title: titleOf(change.row),
        state: stateOf(change.row),
        recordedAtMs: change.recordedAtMs,
        actor: namedActor(people, change.actor),
        cause: change.cause.slice(0, maxCause),
      })),
    nextCursor: changes.at(-1)?.cursor ?? asked.after ?? null,
  };
}
