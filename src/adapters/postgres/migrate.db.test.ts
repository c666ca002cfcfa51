import { createHash } from "node:crypto";
import type { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestDatabase } from "../../../test/support/test-database.ts";
import type { TestDatabase } from "../../../test/support/test-database.ts";
import { withClient } from "./database-url.ts";
import { appliedMigrations, migrate } from "./migrate.ts";
import type { Migration } from "./migrate.ts";

let database: TestDatabase;
const name = { applicationName: "xvc test" };

beforeEach(async () => {
  database = await openTestDatabase();
  // The runner's own rules, whatever the product's migrations are.
  await rows("truncate xvc_system.migration");
});
afterEach(() => database.drop());

const rows = (sql: string): Promise<readonly Record<string, unknown>[]> =>
  withClient(database.urls.owner, name, async (client: Client) => (await client.query<Record<string, unknown>>(sql)).rows);

const migration = (number: number, sql: string): Migration => ({
  number,
  name: `step-${number}`,
  sql,
  sha256: createHash("sha256").update(sql).digest("hex"),
});

test("applies each once, in order, as the owner", async () => {
  const steps = [migration(1, "create table xvc.trace (id int, who text)"), migration(2, "insert into xvc.trace values (2, current_user)")];
  expect(await migrate(database.urls.owner, steps)).toHaveLength(2);
  expect(await migrate(database.urls.owner, steps)).toEqual([]);
  expect(await rows("select * from xvc.trace")).toEqual([{ id: 2, who: "xvc_owner" }]);
  expect(await rows("select number, name, applied_at <= now() as past from xvc_system.migration order by 1")).toEqual([
    { number: 1, name: "step-1", past: true },
    { number: 2, name: "step-2", past: true },
  ]);
});

test("two programs at once apply each migration once", async () => {
  const steps = [migration(1, "create table xvc.trace (id int)"), migration(2, "insert into xvc.trace select 1 from pg_sleep(0.2)")];
  const done = await Promise.all(Array.from({ length: 4 }, () => migrate(database.urls.owner, steps)));
  expect(done.map((applied) => applied.length).toSorted((left, right) => left - right)).toEqual([0, 0, 0, 2]);
  expect(await rows("select id from xvc.trace")).toHaveLength(1);
});

test("a failed one leaves nothing of itself, keeps those before and names the line", async () => {
  const steps = [
    migration(1, "create table xvc.kept (id int)"),
    migration(2, "create table xvc.torn (id int);\nselect 1;\nselect no_such_column"),
  ];
  await expect(migrate(database.urls.owner, steps)).rejects.toMatchObject({
    code: "database.migration-failed",
    details: { number: 2, line: 3 },
  });
  expect(await rows("select to_regclass('xvc.kept') is not null as kept, to_regclass('xvc.torn') is not null as torn")).toEqual([
    { kept: true, torn: false },
  ]);
  expect(await withClient(database.urls.app, name, appliedMigrations)).toMatchObject([{ number: 1 }]);
});

test("a file that ends its transaction is not recorded", async () => {
  await expect(migrate(database.urls.owner, [migration(1, "select 1; commit; select 2")])).rejects.toMatchObject({
    code: "database.migration-failed",
  });
  expect(await rows("select * from xvc_system.migration")).toEqual([]);
});

test("a newer schema and a changed file are refused before anything is done", async () => {
  await migrate(database.urls.owner, [migration(1, "select 1"), migration(2, "select 2")]);
  await expect(migrate(database.urls.owner, [migration(1, "select 1")])).rejects.toMatchObject({
    kind: "conflict",
    code: "database.schema-newer",
  });
  await expect(
    migrate(database.urls.owner, [migration(1, "select 1"), migration(2, "select 22"), migration(3, "create table xvc.late (id int)")]),
  ).rejects.toMatchObject({ kind: "conflict", code: "database.migration-changed" });
  expect(await rows("select to_regclass('xvc.late') as late")).toEqual([{ late: null }]);
});

test("what comes after the migrations runs under the same lock", async () => {
  let running = 0;
  let most = 0;
  const after = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await rows("select pg_sleep(0.1)");
    running -= 1;
  };
  await Promise.all([1, 2, 3].map(() => migrate(database.urls.owner, [], after)));
  expect(most).toBe(1);
});

test("a session setting of one file does not reach the next", async () => {
  await migrate(database.urls.owner, [
    migration(1, "set search_path = pg_catalog"),
    migration(2, "create table in_product_schema (id int)"),
  ]);
  expect(await rows("select to_regclass('xvc.in_product_schema') is not null as there")).toEqual([{ there: true }]);
});
