import { Failure } from "../../core/shared/failure.ts";
import type { EventFilter, StoredEvent } from "../../engine/ports/store.ts";
import { checkLimit } from "./page-limit.ts";
import { isUuid } from "./row-mapping.ts";
import type { Session } from "./session.ts";
import { joined, sql, statement } from "./sql.ts";
import type { Fragment } from "./sql.ts";

interface EventRow {
  readonly position: string;
  readonly transaction: string;
  readonly project_id: string | null;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly number: number;
  readonly kind: string;
  readonly actor_kind: StoredEvent["actor"]["kind"];
  readonly actor_id: string;
  readonly cause: string;
  readonly at_ms: number;
  readonly recorded_at_ms: number;
  readonly data: StoredEvent["data"];
}

/**
 * Events in cursor order, up to the oldest transaction that is still open: what such a one adds sorts behind
 * everything returned here, so a reader that goes on from its last cursor skips nothing.
 *
 * @throws {Failure} `store.limit-invalid`, `store.cursor-invalid`
 */
export async function readEvents(session: Session, filter: EventFilter): Promise<readonly StoredEvent[]> {
  checkLimit(filter.limit);
  const conditions = [
    sql`e.organization_id = (select xvc.org())`,
    sql`e.txid < pg_snapshot_xmin(pg_current_snapshot())`,
    ...narrowing(filter),
  ];
  const order = filter.newestFirst === true ? sql`e.txid desc, e.position desc` : sql`e.txid, e.position`;
  const { rows } = await session.run(
    statement(sql`
      select e.position::text as position, e.txid::text as transaction, e.project_id, e.subject_kind, e.subject_id, e.number, e.kind,
             e.actor_kind, e.actor_id, e.cause, e.at_ms, e.recorded_at_ms, e.data
        from xvc.event e
       where ${joined(conditions, " and ")}
       order by ${order}
       limit ${filter.limit}::integer`),
  );
  return (rows as unknown as readonly EventRow[]).map(toStoredEvent); // the columns selected above
}

function narrowing(filter: EventFilter): readonly Fragment[] {
  const conditions: Fragment[] = [];
  if (filter.subjectId !== undefined) conditions.push(sameId(sql`e.subject_id`, filter.subjectId));
  if (filter.requestId !== undefined) conditions.push(sameId(sql`e.request_id`, filter.requestId));
  if (filter.subjectKind !== undefined) conditions.push(sql`e.subject_kind = ${filter.subjectKind}`);
  if (filter.kinds !== undefined) conditions.push(sql`e.kind = any(${filter.kinds}::text[])`);
  if (filter.actor !== undefined) conditions.push(sql`e.actor_kind = ${filter.actor.kind} and e.actor_id = ${filter.actor.id}`);
  if (filter.recordedFromMs !== undefined) conditions.push(sql`e.recorded_at_ms >= ${Math.floor(filter.recordedFromMs)}::bigint`);
  if (filter.recordedToMs !== undefined) conditions.push(sql`e.recorded_at_ms < ${Math.floor(filter.recordedToMs)}::bigint`);
  if (filter.afterCursor !== undefined) conditions.push(sql`(e.txid, e.position) > ${placeOf(filter.afterCursor)}`);
  if (filter.beforeCursor !== undefined) conditions.push(sql`(e.txid, e.position) < ${placeOf(filter.beforeCursor)}`);
  return conditions;
}

function placeOf(cursor: string): Fragment {
  const [transaction, position] = cursorParts(cursor);
  return sql`(${transaction}::xid8, ${position}::bigint)`;
}

const sameId = (column: Fragment, id: string): Fragment => (isUuid(id) ? sql`${column} = ${id}::uuid` : sql`false`);

/** `<transaction>-<position>`; both stay texts, as the transaction may pass 2^53. */
function cursorParts(cursor: string): readonly [string, string] {
  const match = /^(\d{1,19})-(\d{1,18})$/.exec(cursor);
  const [, transaction, position] = match ?? [];
  if (transaction !== undefined && position !== undefined) return [transaction, position];
  throw new Failure("invalid", "store.cursor-invalid", {
    message: "The event cursor is not one that an event gave. Read from the start or from the last event you have.",
  });
}

const toStoredEvent = (row: EventRow): StoredEvent => ({
  cursor: `${row.transaction}-${row.position}`,
  projectId: row.project_id as StoredEvent["projectId"], // the database's own id
  subjectKind: row.subject_kind,
  subjectId: row.subject_id,
  number: row.number,
  kind: row.kind,
  actor: { kind: row.actor_kind, id: row.actor_id },
  cause: row.cause,
  atMs: row.at_ms,
  recordedAtMs: row.recorded_at_ms,
  data: row.data,
});
