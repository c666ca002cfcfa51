import type { Entity } from "../../core/shared/entity.ts";
import type { Json } from "../../core/shared/json.ts";
import type { Change } from "../../core/shared/transition.ts";
import { isNothingPersonal } from "../../engine/ports/entity-tables.ts";
import type { PersonalCipher } from "../../engine/ports/personal-data.ts";
import type { Filter } from "../../engine/ports/store.ts";
import { type OpenPersonal, type StateTable, tableOf } from "./row-mapping.ts";
import type { Session } from "./session.ts";
import type { VectorShelf } from "./vector-shelf.ts";
import { type Fragment, type Statement, identifier, joined, prepared, sql } from "./sql.ts";

/** How personal fields of one organization are sealed and opened. */
export interface Sealing {
  readonly organizationId: string;
  readonly cipher: PersonalCipher;
}

/** One transaction on the record, with what its rows are opened with. */
export interface RecordSession extends Session {
  readonly sealing: Sealing;
  readonly open: OpenPersonal;
  /** What its process remembers of vectors. */
  readonly shelf: VectorShelf;
}

export const recordSession = (session: Session, sealing: Sealing, shelf: VectorShelf): RecordSession => ({
  client: session.client,
  run: (asked) => session.run(asked),
  join: (work) => session.join(work),
  sealing,
  shelf,
  open: (...[fields, table, key]) => openFields(fields, table, { ...sealing, key }),
});

/** Sealed keys by person; null: destroyed. */
export type PersonKeys = ReadonlyMap<string, string | null>;

export interface SealingKeys extends Sealing {
  readonly keys: PersonKeys;
}

/** What stands in a field that was written when the key was destroyed already. */
const nothingLeft = "";

const fieldOf = (row: Entity, field: string): unknown => (row as unknown as { readonly [field: string]: unknown })[field]; // fields are JSON by contract

/** Whose personal fields the change writes; undefined: none. */
function ownerOf({ kind, after }: Change): string | undefined {
  const { personal } = tableOf(kind).described;
  if (personal === undefined || Object.keys(personal.fields).every((field) => isNothingPersonal(fieldOf(after, field)))) return undefined;
  const owner = fieldOf(after, personal.of);
  return typeof owner === "string" ? owner : undefined;
}

const noKeys: PersonKeys = new Map();

/** The keys that the changes need, made where there are none yet. Costs a round trip only where something personal is written. */
export async function keysFor(session: RecordSession, changes: readonly Change[]): Promise<PersonKeys> {
  const owners = [...new Set(changes.flatMap((change) => ownerOf(change) ?? []))];
  if (owners.length === 0) return noKeys;
  const known = await readKeys(session, owners);
  const missing = owners.filter((owner) => !known.has(owner));
  if (missing.length === 0) return known;
  const { organizationId, cipher } = session.sealing;
  // Two that write to one person for the first time meet at the key; both then read the one that is there.
  await session.run(
    prepared(sql`
      insert into xvc_system.person_key (organization_id, person_id, sealed)
      select ${organizationId}::uuid, u.person, u.sealed from unnest(${missing}::uuid[], ${missing.map((owner) => cipher.newKey(owner))}::text[]) u(person, sealed)
      on conflict do nothing`),
  );
  return readKeys(session, owners);
}

async function readKeys(session: RecordSession, owners: readonly string[]): Promise<PersonKeys> {
  const { rows } = await session.run(
    prepared(sql`
      select k.person_id::text as person, k.sealed from xvc_system.person_key k
       where k.person_id = any(${owners}::uuid[]) and k.organization_id = ${session.sealing.organizationId}::uuid`),
  );
  return new Map(rows.map(({ person, sealed }) => [person as string, sealed as string | null])); // as selected
}

/** The row as it is stored. */
export function sealedRow(table: StateTable, row: Entity, { cipher, keys }: SealingKeys): Entity {
  const { personal } = table.described;
  const personId = personal === undefined ? undefined : fieldOf(row, personal.of);
  if (personal === undefined || typeof personId !== "string") return row;
  const key = keys.get(personId) ?? null;
  const sealed = Object.keys(personal.fields).flatMap((field) => {
    const value = fieldOf(row, field);
    if (isNothingPersonal(value)) return [];
    const place = { personId, kind: table.kindName, field };
    return [[field, key === null ? nothingLeft : cipher.seal(key, place, value as Json)] as const]; // fields are JSON by contract
  });
  return { ...row, ...Object.fromEntries(sealed) };
}

/** Opens what is personal of a row that was read together with its sealed key; null: it was destroyed, or there never was one. */
function openFields(
  fields: { [field: string]: unknown },
  table: StateTable,
  { cipher, key }: Sealing & { readonly key: string | null },
): void {
  const { personal } = table.described;
  const personId = personal === undefined ? undefined : fields[personal.of];
  if (personal === undefined || typeof personId !== "string") return;
  for (const [field, erased] of Object.entries(personal.fields)) {
    const stored = fields[field];
    if (isNothingPersonal(stored)) continue;
    if (key !== null && stored !== nothingLeft) fields[field] = cipher.open(key, { personId, kind: table.kindName, field }, String(stored));
    else if (erased === undefined) delete fields[field];
    else fields[field] = erased;
  }
}

/** By what the new values of sealed columns are found again; undefined: none is new. */
export function indexStatement({ organizationId, cipher, keys }: SealingKeys, changes: readonly Change[]): Statement | undefined {
  const found = changes.flatMap((change) => {
    const table = tableOf(change.kind);
    const personId = ownerOf(change);
    const key = personId === undefined ? null : (keys.get(personId) ?? null);
    if (personId === undefined || key === null) return [];
    return table.columns.flatMap(({ field, isSealed = false }) => {
      const value = fieldOf(change.after, field);
      if (!isSealed || typeof value !== "string" || (change.before !== undefined && fieldOf(change.before, field) === value)) return [];
      const place = { kind: table.kindName, field };
      const sealed = cipher.seal(key, { ...place, personId }, value);
      return [{ person: personId, ...place, hash: cipher.index({ ...place, organizationId }, value), sealed }];
    });
  });
  if (found.length === 0) return undefined;
  return prepared(sql`
    insert into xvc_system.person_index (organization_id, person_id, kind, field, hash, sealed)
    select ${organizationId}::uuid, r.person, r.kind, r.field, r.hash, r.sealed
      from jsonb_to_recordset(${JSON.stringify(found)}::jsonb) as r(person uuid, kind text, field text, hash text, sealed text)
    on conflict do nothing`);
}

/** The filter with hashes in place of values of sealed columns. */
export function hashedFilter<Asked extends Pick<Filter, "where">>(
  table: StateTable,
  filter: Asked,
  { organizationId, cipher }: Sealing,
): Asked {
  const { where } = filter;
  if (where === undefined || !Object.keys(where).some((field) => table.byField.get(field)?.isSealed)) return filter;
  const hashOf = (field: string, value: Json): string => cipher.index({ organizationId, kind: table.kindName, field }, value);
  const hashed = Object.entries(where).map(([field, wanted]) => {
    if (table.byField.get(field)?.isSealed !== true || wanted === null) return [field, wanted] as const;
    return [field, typeof wanted === "object" ? wanted.map((value) => hashOf(field, value)) : hashOf(field, wanted)] as const;
  });
  return { ...filter, where: Object.fromEntries(hashed) };
}

/** Rows whose sealed column holds one of the values with these hashes, at whatever instant it did. */
export const holdsHashed = (column: string, hashes: readonly string[]): Fragment =>
  sql`t.${identifier(column)} = any(array(select i.sealed from xvc_system.person_index i where i.hash = any(${hashes}::text[])))`;

/** The sealed key that opens a version of the history, whatever its kind. */
export function keyOfVersion(tables: readonly StateTable[]): Fragment {
  const cases = tables.flatMap(({ kindName, described: { personal }, byField }) => {
    const column = personal === undefined ? undefined : byField.get(personal.of);
    return column === undefined ? [] : [sql`when ${kindName}::text then (h.row ->> ${column.name}::text)::uuid`];
  });
  if (cases.length === 0) return sql`null::text as personal_key`;
  return sql`(select k.sealed from xvc_system.person_key k
    where k.organization_id = h.organization_id and k.person_id = case h.kind ${joined(cases, " ")} end) as personal_key`;
}
