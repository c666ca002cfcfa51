import type { Subject } from "../../core/memory/subject.ts";
import { entityTables } from "../ports/entity-tables.ts";
import type { Reader } from "../ports/store.ts";

/** Kinds of row that people put decisions and facts on record about. Bookkeeping has none: its meaning is elsewhere. */
export const subjectKinds: readonly string[] = [
  "project",
  "request",
  "plan",
  "task",
  "deliverable",
  "decision",
  "persona",
  "person",
  "policy",
  "principle",
  "objective",
  "team",
  "playbook",
  "entity",
  "epic",
  "sprint",
];

/** Whether there is such a row for the reader; what belongs to others is not there. */
export async function isKnownSubject(reader: Pick<Reader, "get">, { kind, id }: Subject): Promise<boolean> {
  const table = subjectKinds.includes(kind) ? entityTables.find((one) => one.kind.name === kind) : undefined;
  return table !== undefined && (await reader.get(table.kind, id)) !== undefined;
}
