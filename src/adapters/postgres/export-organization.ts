import type { Client } from "pg";
import { withClient } from "./database-url.ts";
import { type CopiedTable, copiedTables, enterOrganization, markColumns, tableOf } from "./copied-tables.ts";

const rowsAtOnce = 1_000;

/**
 * Hands out the record of one organization line by line, at one snapshot. Rows are texts as the database writes `jsonb`, so the same
 * record gives the same bytes: tables in a fixed order, rows of a log in its order, all others in the order of their text.
 */
export function exportLines(ownerUrl: string, organizationId: string, write: (line: string) => Promise<void>): Promise<void> {
  return withClient(ownerUrl, { applicationName: "xvc export" }, async (client) => {
    await client.query("begin isolation level repeatable read read only");
    await enterOrganization(client, organizationId);
    const { rows } = await client.query<{ last: number }>("select max(number)::integer as last from xvc_system.migration");
    await write(JSON.stringify({ schema: "xvc.export/1", organization: organizationId, migration: rows[0]?.last ?? 0 }));
    for (const table of await copiedTables(client)) await exportTable(client, table, write);
    await client.query("commit");
  });
}

async function exportTable(client: Client, table: CopiedTable, write: (line: string) => Promise<void>): Promise<void> {
  await client.query(`declare rows no scroll cursor for ${selectOf(table)}`);
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`fetch ${rowsAtOnce} from rows`);
    for (const { line } of rows) await write(`{"table":"${table.name}","row":${line}}`);
    if (rows.length < rowsAtOnce) break;
  }
  await client.query("close rows");
}

function selectOf({ name, columns, isLog }: CopiedTable): string {
  const row = `(select jsonb_object_agg(key, value) from jsonb_each(to_jsonb(t)) where key = any ('{${columns.join(",")}}'))`;
  if (name === "checkpoint") return checkpointRows(row);
  const order = isLog ? "t.txid, t.position" : `line collate "C"`;
  return isLog
    ? `select ${row}::text as line from ${tableOf(name)} t where t.organization_id = xvc.org() order by ${order}`
    : `select line from (select ${row}::text as line from ${tableOf(name)} t where t.organization_id = xvc.org()) u order by ${order}`;
}

/** How many rows of each log are sealed by then, in place of where they lie. */
const checkpointRows = (row: string): string =>
  `with ${["event", "history"]
    .map(
      (log) =>
        `${log}_place as (select position, row_number() over (order by txid, position) as place from xvc.${log} where organization_id = xvc.org())`,
    )
    .join(", ")}
   select (${row} || jsonb_build_object('events', coalesce(e.place, 0), 'versions', coalesce(h.place, 0)))::text as line
     from xvc.checkpoint t left join event_place e on e.position = t.${markColumns[1] ?? ""} left join history_place h on h.position = t.${markColumns[3] ?? ""}
    where t.organization_id = xvc.org() order by t.number`;
