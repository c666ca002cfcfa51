import { type Person, personKind } from "../../core/oversight/person.ts";
import type { Entity } from "../../core/shared/entity.ts";
import { type EntityTable, isNothingPersonal } from "../../engine/ports/entity-tables.ts";
import { type MemoryRecord, recorded } from "./memory-record.ts";

/** Whose personal fields the row has. */
const ownerOf = ({ personal }: EntityTable, row: Entity): unknown =>
  personal === undefined ? undefined : (row as unknown as { readonly [field: string]: unknown })[personal.of]; // ids are plain values

const erasedKey = (organizationId: string, personId: unknown): string => `${organizationId}/${String(personId)}`;

/** The row as the database reads it: once a key is gone, without what it opened. */
export function readable(
  record: MemoryRecord,
  organizationId: string,
  written: { readonly table: EntityTable; readonly row: Entity },
): Entity {
  const { table, row } = written;
  if (table.personal === undefined || !record.erased.has(erasedKey(organizationId, ownerOf(table, row)))) return row;
  const fields: { [field: string]: unknown } = { ...row };
  for (const [field, erased] of Object.entries(table.personal.fields)) if (!isNothingPersonal(fields[field])) fields[field] = erased;
  return recorded({ ...row, ...fields });
}

/** What the trigger of `0014-personal-data.sql` does when a person becomes erased: every version of every row about them loses what is personal. */
export function erasePersonal(record: MemoryRecord, organizationId: string, person: Entity): void {
  const key = erasedKey(organizationId, person.id);
  if ((person as Person).erasedAtMs === undefined || record.erased.has(key)) return; // called with people alone
  record.erased.add(key);
  for (const { table, order } of record.tables.values()) {
    if (table.personal === undefined) continue;
    for (const chain of order.filter((candidate) => candidate.organizationId === organizationId))
      for (const [place, version] of chain.versions.entries())
        chain.versions[place] = { ...version, row: readable(record, organizationId, { table, row: version.row }) };
  }
}

export const isPerson = (kind: string): boolean => kind === personKind.name;
