import type { Client } from "pg";
import { DatabaseError, escapeIdentifier } from "pg";
import { Failure } from "../../core/shared/failure.ts";
import { withClient } from "./database-url.ts";
import { takeKeys } from "./person-keys.ts";
import { type CopiedTable, copiedTables, enterOrganization, seeProjects, tableOf } from "./copied-tables.ts";

const rowsAtOnce = 500;

const linePattern = /^\{"table":"([a-z_]{1,63})","row":(\{.*\})\}$/su;

/** The head of an export. */
export interface ExportHead {
  readonly organization: string;
  readonly migration: number;
}

/** Rows of the record, and keys of people; without a key what is personal is read as erased. */
export interface ImportedLines {
  readonly lines: AsyncIterable<string>;
  readonly keys: AsyncIterable<string>;
}

/**
 * Fills an empty database with an exported record, all of it in one transaction or nothing. This is the one place where triggers are
 * passed by, by the owner and inside the transaction: the history of each row is in the export and must not be written a second time.
 * Row security holds here as everywhere: no row of another organization can come in.
 *
 * @throws {Failure} `import.not-empty`, `import.other-version`, `import.bad-line`
 */
export function importLines(ownerUrl: string, head: ExportHead, { lines, keys }: ImportedLines): Promise<void> {
  return withClient(ownerUrl, { applicationName: "xvc import" }, async (client) => {
    await client.query("begin");
    await client.query("lock table xvc_system.tenant in exclusive mode");
    await requireEmpty(client, head);
    await enterOrganization(client, head.organization);
    const tables = new Map((await copiedTables(client)).map((table) => [table.name, table]));
    for (const name of tables.keys()) await client.query(`alter table ${tableOf(name)} disable trigger user`);
    await client.query("insert into xvc_system.tenant (organization_id) values ($1)", [head.organization]);
    await insertAll(client, tables, lines);
    await takeKeys(client, head.organization, keys);
    for (const name of tables.keys()) await client.query(`alter table ${tableOf(name)} enable trigger user`);
    await client.query("commit");
  });
}

async function requireEmpty(client: Client, head: ExportHead): Promise<void> {
  const { rows } = await client.query<{ used: boolean; last: number }>(
    "select exists (select from xvc_system.tenant) as used, (select max(number)::integer from xvc_system.migration) as last",
  );
  if (rows[0]?.used === true)
    throw new Failure("conflict", "import.not-empty", {
      message: "This database holds an organization already. Import into an empty one: a new XVC_HOME, or another DATABASE_URL.",
    });
  if (rows[0]?.last !== head.migration)
    throw new Failure("invalid", "import.other-version", {
      message: `The export was made at migration ${head.migration}; this program is at ${rows[0]?.last ?? 0}. Import with the version that exported, then upgrade.`,
    });
}

async function insertAll(client: Client, tables: ReadonlyMap<string, CopiedTable>, lines: AsyncIterable<string>): Promise<void> {
  let table: CopiedTable | undefined;
  let rows: string[] = [];
  const flush = async (): Promise<void> => {
    if (table !== undefined && rows.length > 0) await insert(client, table, rows);
    rows = [];
  };
  for await (const line of lines) {
    const [, name = "", row = ""] = linePattern.exec(line) ?? [];
    const next = tables.get(name);
    if (next === undefined) throw badLine(line, "it names no table of the record");
    if (next !== table || rows.length >= rowsAtOnce) {
      await flush();
      if (table?.name === "project") await seeProjects(client);
    }
    table = next;
    rows.push(row);
  }
  await flush();
}

const badLine = (line: string, why: string, cause?: unknown): Failure =>
  new Failure(
    "invalid",
    "import.bad-line",
    { message: `The export cannot be taken: ${why} (${line.slice(0, 120)}). Nothing was imported.` },
    cause === undefined ? {} : { cause },
  );

async function insert(client: Client, { name, columns }: CopiedTable, rows: readonly string[]): Promise<void> {
  const into = columns.map((column) => escapeIdentifier(column)).join(", ");
  const from = columns.map((column) => `r.${escapeIdentifier(column)}`).join(", ");
  const given = `unnest($1::text[]) with ordinality u(line, place) cross join lateral jsonb_populate_record(null::${tableOf(name)}, u.line::jsonb) r`;
  const statement =
    name === "checkpoint"
      ? checkpointInsert({ into, from, given })
      : `insert into ${tableOf(name)} (${into}) select ${from} from ${given} order by u.place`;
  await client.query(statement, [rows]).catch((error: unknown) => {
    if (error instanceof DatabaseError) throw badLine(rows[0] ?? "", `a row of ${name} does not fit: ${error.message}`, error);
    throw error;
  });
}

/** Marks are put where the same rows lie here. */
const checkpointInsert = ({ into, from, given }: { readonly into: string; readonly from: string; readonly given: string }): string =>
  `with ${["event", "history"]
    .map(
      (log) =>
        `${log}_place as (select txid, position, row_number() over (order by txid, position) as place from xvc.${log} where organization_id = xvc.org())`,
    )
    .join(", ")}
   insert into xvc.checkpoint (${into}, event_txid, event_position, version_txid, version_position)
   select ${from}, coalesce(e.txid, '0'::xid8), coalesce(e.position, 0), coalesce(h.txid, '0'::xid8), coalesce(h.position, 0)
     from ${given}
     left join event_place e on e.place = (u.line::jsonb ->> 'events')::bigint
     left join history_place h on h.place = (u.line::jsonb ->> 'versions')::bigint
    order by u.place`;
