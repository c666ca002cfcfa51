import { Failure } from "../../core/shared/failure.ts";
import type { EventFilter, StoredEvent } from "../../engine/ports/store.ts";
import { checkLimit } from "./page-limit.ts";
import { isUuid } from "./row-mapping.ts";
import type { Session } from "./session.ts";
import { joined, sql, statement } from "./sql.ts";
import type { Fragment } from "./sql.ts";
import { crosswiseMs } from "./transaction-limit.ts";

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
  const limit = sql`limit ${filter.limit}::integer`;
  const all = joined(conditions, " and ");
  // Each kind from its own end of the index: left to itself, the planner walks the whole log for a kind that is rare.
  const source =
    filter.kinds === undefined
      ? sql`xvc.event e where ${all}`
      : sql`unnest(${[...new Set(filter.kinds)]}::text[]) as wanted (kind)
            cross join lateral (select e.* from xvc.event e where e.kind = wanted.kind and ${all} order by ${order} ${limit}) e`;
  const { rows } = await session.run(
    statement(sql`
      select e.position::text as position, e.txid::text as transaction, e.project_id, e.subject_kind, e.subject_id, e.number, e.kind,
             e.actor_kind, e.actor_id, e.cause, e.at_ms, e.recorded_at_ms, e.data
        from ${source}
       order by ${order}
       ${limit}`),
  );
  return (rows as unknown as readonly EventRow[]).map(toStoredEvent); // the columns selected above
}

function narrowing(filter: EventFilter): readonly Fragment[] {
  const conditions: Fragment[] = [];
  if (filter.subjectId !== undefined) conditions.push(sameId(sql`e.subject_id`, filter.subjectId));
  if (filter.requestId !== undefined) conditions.push(sameId(sql`e.request_id`, filter.requestId));
  if (filter.subjectKind !== undefined) conditions.push(sql`e.subject_kind = ${filter.subjectKind}`);
  if (filter.actor !== undefined) conditions.push(sql`e.actor_kind = ${filter.actor.kind} and e.actor_id = ${filter.actor.id}`);
  if (filter.recordedFromMs !== undefined) conditions.push(recordedFrom(sql`e`, Math.floor(filter.recordedFromMs)));
  if (filter.recordedToMs !== undefined) conditions.push(recordedBefore(Math.floor(filter.recordedToMs)));
  if (filter.afterCursor !== undefined) conditions.push(sql`(e.txid, e.position) > ${placeOf(filter.afterCursor)}`);
  if (filter.beforeCursor !== undefined) conditions.push(sql`(e.txid, e.position) < ${placeOf(filter.beforeCursor)}`);
  return conditions;
}

/*
 * The log is read in its own order, which time follows but for events that lie crosswise. So a time is first looked up by its
 * index, as a transaction that is surely before or behind it; otherwise the log would be walked to there.
 */
export const recordedFrom = (log: Fragment, fromMs: number): Fragment => sql`${log}.recorded_at_ms >= ${fromMs}::bigint
  and ${log}.txid >= coalesce((select b.txid from xvc.event b
       where b.organization_id = (select xvc.org()) and b.recorded_at_ms < ${fromMs - crosswiseMs}::bigint
       order by b.recorded_at_ms desc limit 1), '0'::xid8)`;

const recordedBefore = (toMs: number): Fragment => sql`e.recorded_at_ms < ${toMs}::bigint
  and e.txid <= coalesce((select b.txid from xvc.event b
       where b.organization_id = (select xvc.org()) and b.recorded_at_ms >= ${toMs + crosswiseMs}::bigint
       order by b.recorded_at_ms limit 1), '9223372036854775807'::xid8)`;

/** The place in the log that a cursor names. @throws {Failure} `store.cursor-invalid` */
export function placeOf(cursor: string): Fragment {
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
