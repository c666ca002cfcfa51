import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../../test/support/test-database.ts";
import { entityTables } from "../../engine/ports/entity-tables.ts";
import { withClient } from "./database-url.ts";

/*
 * History by the database, not by discipline: whatever the app may change has the triggers, whether somebody told `entity-tables.ts` of
 * the table or not. What is listed here has none, each for its reason.
 */
const withoutHistory: ReadonlyMap<string, string> = new Map([]);

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.drop());

async function changeable(): Promise<ReadonlyMap<string, number>> {
  return withClient(database.urls.admin, { applicationName: "xvc test" }, async (client) => {
    const { rows } = await client.query<{ name: string; triggers: number }>(
      `select c.relname::text as name, count(t.oid)::integer as triggers
         from pg_class c
         left join pg_trigger t on t.tgrelid = c.oid and t.tgfoid = 'xvc.record_history'::regproc and t.tgenabled = 'O'
        where c.relnamespace = 'xvc'::regnamespace and c.relkind in ('r', 'p')
          and (has_any_column_privilege('xvc_app', c.oid, 'UPDATE') or has_table_privilege('xvc_app', c.oid, 'DELETE'))
        group by c.relname order by 1`,
    );
    return new Map(rows.map(({ name, triggers }) => [name, triggers]));
  });
}

const bare = (tables: ReadonlyMap<string, number>): readonly string[] =>
  [...tables].flatMap(([name, triggers]) => (triggers === 3 ? [] : [name]));

test("every table that the app may change has a history of inserts, updates and deletes", async () => {
  const tables = await changeable();
  expect(bare(tables)).toEqual([...withoutHistory.keys()]);
  for (const { kind } of entityTables) expect([kind.name, tables.get(kind.name)]).toEqual([kind.name, 3]);
});

test("a state table that somebody forgot to protect is found, and so is one whose history was switched off", async () => {
  await withClient(database.urls.admin, { applicationName: "xvc test" }, async (client) => {
    await client.query(
      "create table xvc.forgotten (id uuid primary key, body jsonb); grant select, insert, update on xvc.forgotten to xvc_app",
    );
    await client.query("alter table xvc.task disable trigger history_update");
  });
  expect(bare(await changeable())).toEqual([...withoutHistory.keys(), "forgotten", "task"].toSorted());
});
