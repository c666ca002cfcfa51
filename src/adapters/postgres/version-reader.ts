import type { Actor } from "../../core/shared/actor.ts";
import type { Entity } from "../../core/shared/entity.ts";
import type { ChangeFilter, StoredChange, StoredVersion, VersionFilter } from "../../engine/ports/versions.ts";
import { placeOf, recordedFrom } from "./event-reader.ts";
import { type RecordSession, keyOfVersion } from "./personal-rows.ts";
import { checkLimit } from "./page-limit.ts";
import { type OpenPersonal, isUuid, stateTables, toEntity } from "./row-mapping.ts";
import type { StateTable, StoredRow } from "./row-mapping.ts";
import { joined, prepared, sql, statement } from "./sql.ts";

interface VersionRow {
  readonly version: number;
  readonly recorded_at_ms: number;
  readonly actor_kind: Actor["kind"];
  readonly actor_id: string;
  readonly cause: string;
  readonly row: StoredRow;
  readonly personal_key: string | null;
}

interface ChangeRow extends VersionRow {
  readonly position: string;
  readonly transaction: string;
  readonly project_id: string | null;
  readonly kind: string;
}

/** Deletions are left out of both: nobody has the right to delete, and a row that is gone says nothing. */
const columns = sql`h.version, h.recorded_at_ms, h.actor_kind, h.actor_id, h.cause, h.row`;

/**
 * What one row was, the newest version first, by the key of the history.
 *
 * @throws {Failure} `store.limit-invalid`
 */
export async function readVersions<Row extends Entity>(
  session: RecordSession,
  table: StateTable,
  asked: { readonly id: string; readonly filter: VersionFilter; readonly untilMs: number },
): Promise<readonly StoredVersion<Row>[]> {
  const { id, filter, untilMs } = asked;
  checkLimit(filter.limit);
  if (!isUuid(id)) return [];
  const { rows } = await session.run(
    prepared(sql`
      select ${columns}, ${keyOfVersion([table])} from xvc.history h
       where h.id = ${id}::uuid and h.version < ${filter.beforeVersion ?? Number.MAX_SAFE_INTEGER}::bigint and h.kind = ${table.kindName}
         and h.operation <> 'delete' and h.recorded_at_ms <= ${untilMs}::bigint
       order by h.version desc limit ${filter.limit}::integer`),
  );
  return (rows as unknown as readonly VersionRow[]).map((row) => toVersion<Row>(table, row, session.open)); // the columns selected above
}

/**
 * Every version of every row in the order of commits, up to the oldest transaction that is still open.
 *
 * @throws {Failure} `store.limit-invalid`, `store.cursor-invalid`
 */
export async function readChanges(session: RecordSession, filter: ChangeFilter, untilMs: number): Promise<readonly StoredChange[]> {
  checkLimit(filter.limit);
  const conditions = [
    sql`h.organization_id = (select xvc.org())`,
    sql`h.txid < pg_snapshot_xmin(pg_current_snapshot())`,
    sql`h.operation <> 'delete'`,
    sql`h.recorded_at_ms <= ${untilMs}::bigint`,
    sql`h.kind = any(${filter.kinds ?? stateTables.map(({ kindName }) => kindName)}::text[])`,
    ...(filter.recordedFromMs === undefined ? [] : [recordedFrom(sql`h`, Math.floor(filter.recordedFromMs))]),
    ...(filter.afterCursor === undefined ? [] : [sql`(h.txid, h.position) > ${placeOf(filter.afterCursor)}`]),
  ];
  const { rows } = await session.run(
    statement(sql`
      select h.position::text as position, h.txid::text as transaction, h.project_id, h.kind, ${columns}, ${keyOfVersion(stateTables)}
        from xvc.history h where ${joined(conditions, " and ")}
       order by h.txid, h.position limit ${filter.limit}::integer`),
  );
  return (rows as unknown as readonly ChangeRow[]).flatMap((row) => {
    const table = stateTables.find(({ kindName }) => kindName === row.kind);
    return table === undefined ? [] : [toChange(table, row, session.open)];
  });
}

const toChange = (table: StateTable, row: ChangeRow, open: OpenPersonal): StoredChange => ({
  cursor: `${row.transaction}-${row.position}`,
  projectId: row.project_id as StoredChange["projectId"], // the database's own id
  kind: row.kind,
  ...toVersion(table, row, open),
});

const toVersion = <Row extends Entity>(table: StateTable, row: VersionRow, open: OpenPersonal): StoredVersion<Row> => ({
  version: row.version,
  recordedAtMs: row.recorded_at_ms,
  actor: { kind: row.actor_kind, id: row.actor_id },
  cause: row.cause,
  row: toEntity<Row>(table, { ...row.row, personal_key: row.personal_key }, open),
});
