import { createHash } from "node:crypto";
import type { Pool } from "pg";
import type { OrganizationId } from "../../core/shared/ids.ts";
import { merkleRoot } from "../../core/memory/merkle.ts";
import type { EvidenceStore, Mark, SealedRun, StoredCheckpoint } from "../../engine/ports/evidence.ts";
import { type Session, inSession } from "./session.ts";
import { type Fragment, identifier, prepared, sql } from "./sql.ts";

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

/** Every project of the organization, found inside the transaction itself: a list made elsewhere could leave one out. */
const seeAll = prepared(
  sql`select set_config('xvc.project_ids', (select coalesce(array_agg(id), '{}')::text from xvc.project), true), set_config('enable_seqscan', 'off', true)`,
);

const begins = { read: "begin isolation level repeatable read read only", write: "begin" } as const;

function inOrganization<Result>(
  pool: Pool,
  asked: { readonly organizationId: OrganizationId; readonly access: keyof typeof begins },
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const context = prepared(
    sql`select set_config('xvc.organization_id', ${asked.organizationId}, true), set_config('xvc.project_ids', '{}', true)`,
  );
  return inSession(pool, { begin: begins[asked.access], context }, async (session) => {
    await session.run(seeAll);
    return work(session);
  });
}

interface CheckpointRow {
  readonly number: number;
  readonly text: string;
  readonly signature: string;
  readonly event_txid: string;
  readonly event_position: string;
  readonly version_txid: string;
  readonly version_position: string;
}

const selected = sql`c.number, c.text, c.signature, c.event_txid::text as event_txid, c.event_position::text as event_position,
  c.version_txid::text as version_txid, c.version_position::text as version_position`;

const markOf = (transaction: string, position: string): Mark => (transaction === "0" ? null : { transaction, position });

const toCheckpoint = (row: CheckpointRow): StoredCheckpoint => ({
  number: row.number,
  text: row.text,
  signature: row.signature,
  marks: { event: markOf(row.event_txid, row.event_position), version: markOf(row.version_txid, row.version_position) },
});

interface LeafRow {
  readonly leaf: Uint8Array;
  readonly transaction: string;
  readonly position: string;
}

interface Log {
  readonly table: Fragment;
  readonly leaf: Fragment;
}

const eventLog: Log = { table: identifier("xvc.event"), leaf: identifier("xvc.event_leaf") };
const versionLog: Log = { table: identifier("xvc.history"), leaf: identifier("xvc.version_leaf") };

/** Leaves behind a place, in order, of transactions that have all ended. */
async function leavesAfter(
  session: Session,
  { table, leaf }: Log,
  from: { readonly after: Mark; readonly limit: number },
): Promise<readonly LeafRow[]> {
  if (from.limit === 0) return [];
  const { rows } = await session.run(
    prepared(sql`
      select ${leaf}(r) as leaf, r.txid::text as transaction, r.position::text as position
        from ${table} r
       where r.organization_id = (select xvc.org()) and r.txid < pg_snapshot_xmin(pg_current_snapshot())
         and (r.txid, r.position) > (${from.after?.transaction ?? "0"}::xid8, ${from.after?.position ?? "0"}::bigint)
       order by r.txid, r.position
       limit ${from.limit}::integer`),
  );
  return rows as unknown as readonly LeafRow[]; // the columns selected above
}

const endOf = (rows: readonly LeafRow[], otherwise: Mark): Mark => {
  const last = rows.at(-1);
  return last === undefined ? otherwise : { transaction: last.transaction, position: last.position };
};

/** Reads the logs in runs: cost follows the rows of a run, each hashed once by the database and once here. */
export function postgresEvidence(pool: Pool): EvidenceStore {
  return {
    list: (organizationId, { after, limit }) =>
      inOrganization(pool, { organizationId, access: "read" }, async (session) => {
        const { rows } = await session.run(
          prepared(sql`select ${selected} from xvc.checkpoint c
            where c.organization_id = (select xvc.org()) and c.number > ${after}::integer order by c.number limit ${limit}::integer`),
        );
        return (rows as unknown as readonly CheckpointRow[]).map(toCheckpoint); // as selected
      }),
    latest: (organizationId) =>
      inOrganization(pool, { organizationId, access: "read" }, async (session) => {
        const { rows } = await session.run(
          prepared(
            sql`select ${selected} from xvc.checkpoint c where c.organization_id = (select xvc.org()) order by c.number desc limit 1`,
          ),
        );
        return (rows as unknown as readonly CheckpointRow[]).map(toCheckpoint)[0]; // as selected
      }),
    run: (organizationId, after, most) =>
      inOrganization(pool, { organizationId, access: "read" }, async (session): Promise<SealedRun> => {
        const [events, versions] = await Promise.all([
          leavesAfter(session, eventLog, { after: after.event, limit: most.events }),
          leavesAfter(session, versionLog, { after: after.version, limit: most.versions }),
        ]);
        const root = merkleRoot(
          [...events, ...versions].map(({ leaf }) => leaf),
          sha256,
        );
        return {
          events: events.length,
          versions: versions.length,
          root: Buffer.from(root).toString("hex"),
          marks: { event: endOf(events, after.event), version: endOf(versions, after.version) },
        };
      }),
    append: (organizationId, { number, text, signature, marks }) =>
      inOrganization(pool, { organizationId, access: "write" }, async (session) => {
        const { rows } = await session.run(
          prepared(sql`
            insert into xvc.checkpoint (organization_id, number, text, signature, event_txid, event_position, version_txid, version_position)
            values (${organizationId}::uuid, ${number}::integer, ${text}, ${signature},
                    ${marks.event?.transaction ?? "0"}::xid8, ${marks.event?.position ?? "0"}::bigint,
                    ${marks.version?.transaction ?? "0"}::xid8, ${marks.version?.position ?? "0"}::bigint)
            on conflict do nothing returning number`),
        );
        return rows.length > 0;
      }),
  };
}
