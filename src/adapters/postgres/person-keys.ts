import { type Client, DatabaseError } from "pg";
import { Failure } from "../../core/shared/failure.ts";
import { withClient } from "./database-url.ts";

/*
 * Keys of people leave and come in apart from the record: without this file nobody reads what is personal in it. They are sealed by the
 * installation's own key, which is in neither.
 */

const tables = ["person_key", "person_index"] as const;

const linePattern = /^\{"table":"(person_key|person_index)","row":(\{.*\})\}$/su;
const rowsAtOnce = 500;

/** Hands out the sealed keys line by line, in the order of their text. A destroyed one goes along as destroyed. */
export function keyLines(ownerUrl: string, organizationId: string, write: (line: string) => Promise<void>): Promise<void> {
  return withClient(ownerUrl, { applicationName: "xvc export" }, async (client) => {
    await client.query("begin isolation level repeatable read read only");
    for (const table of tables) {
      const { rows } = await client.query<{ line: string }>(
        `select line from (select to_jsonb(t)::text as line from xvc_system.${table} t where t.organization_id = $1) u order by line collate "C"`,
        [organizationId],
      );
      for (const { line } of rows) await write(`{"table":"${table}","row":${line}}`);
    }
    await client.query("commit");
  });
}

/**
 * Takes keys in, after the record they belong to. Whoever the record says was erased stays so, whatever the file has.
 *
 * @throws {Failure} `import.bad-line`
 */
export async function takeKeys(client: Client, organizationId: string, lines: AsyncIterable<string>): Promise<void> {
  const rows: { readonly [table in (typeof tables)[number]]: string[] } = { person_key: [], person_index: [] };
  for await (const line of lines) {
    const [, table, row] = linePattern.exec(line) ?? [];
    if ((table !== "person_key" && table !== "person_index") || row === undefined) throw badKey("a line is none of a key");
    rows[table].push(row);
  }
  for (const table of tables)
    for (let at = 0; at < rows[table].length; at += rowsAtOnce)
      await client
        .query(
          `insert into xvc_system.${table}
           select r.* from unnest($1::text[]) line cross join lateral jsonb_populate_record(null::xvc_system.${table}, line::jsonb) r
            where r.organization_id = $2 and (${table === "person_key" ? "r.sealed is null or " : ""}not exists (
              select from xvc.person p where p.id = r.person_id and p.organization_id = r.organization_id and p.body ? 'erasedAtMs'))`,
          [rows[table].slice(at, at + rowsAtOnce), organizationId],
        )
        .catch((error: unknown) => {
          if (error instanceof DatabaseError) throw badKey(error.message, error);
          throw error;
        });
}

const badKey = (why: string, cause?: unknown): Failure =>
  new Failure(
    "invalid",
    "import.bad-line",
    { message: `The keys of the export cannot be taken: ${why}. Nothing was imported.` },
    cause === undefined ? {} : { cause },
  );
