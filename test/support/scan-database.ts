import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { withClient } from "../../src/adapters/postgres/database-url.ts";

/** Tables of every schema with a row that has the text somewhere; the first entry says that tables were looked at. */
export async function tablesWith(adminUrl: string, text: string): Promise<readonly string[]> {
  return withClient(adminUrl, { applicationName: "xvc test" }, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'm') and n.nspname !~ '^pg_|information_schema'",
    );
    const found: string[] = [];
    for (const { name } of rows) {
      const counted = await client.query<{ count: number }>(
        `select count(*)::integer as count from ${name} t where to_jsonb(t)::text ilike $1`,
        [`%${text}%`],
      );
      if (counted.rows[0]?.count !== 0) found.push(name);
    }
    return [`${rows.length > 30 ? "all" : "few"} tables`, ...found];
  });
}

/**
 * Which of the texts, of at most 100 bytes, files of the database and of the write-ahead log hold, among those written since the instant. What no file of the
 * database has yet, the log has.
 */
export async function filesWith(
  adminUrl: string,
  { texts, startedMs }: { readonly texts: readonly string[]; readonly startedMs: number },
): Promise<readonly string[]> {
  const places = await withClient(adminUrl, { applicationName: "xvc test" }, async (client) => {
    const { rows } = await client.query<{ root: string; oid: string }>(
      "select current_setting('data_directory') as root, oid::text from pg_database where datname = current_database()",
    );
    return rows.flatMap(({ root, oid }) => [path.join(root, "base", oid), path.join(root, "pg_wal")]);
  });
  const found = new Set<string>();
  for (const file of (await Promise.all(places.map((place) => filesOf(place, startedMs)))).flat()) await findIn(file, texts, found);
  return [...found];
}

/** Of the log, other tests of the server have their share. */
async function filesOf(place: string, startedMs: number): Promise<readonly string[]> {
  const files: string[] = [];
  for (const entry of await readdir(place, { withFileTypes: true })) {
    const file = path.join(place, entry.name);
    if (entry.isFile() && (await stat(file)).mtimeMs >= startedMs) files.push(file);
  }
  return files;
}

async function findIn(file: string, texts: readonly string[], found: Set<string>): Promise<void> {
  let rest = Buffer.alloc(0);
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 22 }) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, piece]);
    for (const text of texts) if (!found.has(text) && bytes.includes(text)) found.add(text);
    rest = bytes.subarray(-100);
  }
}
