import type { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase } from "../../../test/support/test-database.ts";
import type { TestDatabase } from "../../../test/support/test-database.ts";
import { withClient } from "./database-url.ts";
import { requireModestRole } from "./external-database.ts";

let database: TestDatabase;
const name = { applicationName: "xvc test" };

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const query = (url: string, sql: string): Promise<readonly Record<string, unknown>[]> =>
  withClient(url, name, async (client: Client) => (await client.query<Record<string, unknown>>(sql)).rows);

test("the app role is bound by row security, owns nothing and cannot create", async () => {
  const [role] = await query(
    database.urls.app,
    "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname = current_user",
  );
  expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false });
  const [owned] = await query(
    database.urls.app,
    "select (select count(*)::int from pg_class where relowner = 'xvc_app'::regrole) + (select count(*)::int from pg_namespace where nspowner = 'xvc_app'::regrole) as n",
  );
  expect(owned).toEqual({ n: 0 });
  for (const schema of ["xvc", "xvc_system", "dbos", "public"]) {
    await expect(query(database.urls.app, `create table ${schema}.mine (id int)`)).rejects.toMatchObject({ code: "42501" });
  }
});

test("a table of the owner is closed to the app role until a grant opens it", async () => {
  await query(
    database.urls.owner,
    "create table xvc.closed (id int); create table xvc.open (id int); grant select, insert on xvc.open to xvc_app",
  );
  await expect(query(database.urls.app, "select * from xvc.closed")).rejects.toMatchObject({ code: "42501" });
  await query(database.urls.app, "insert into open values (1)");
  expect(await query(database.urls.app, "select id from open")).toEqual([{ id: 1 }]);
});

test("the verify role sees all rows under forced row security and writes none", async () => {
  await query(
    database.urls.owner,
    `create table xvc.walled (org int); insert into xvc.walled values (1), (2); grant select on xvc.walled to xvc_app;
     alter table xvc.walled enable row level security; alter table xvc.walled force row level security;
     create policy own on xvc.walled using (org = 1)`,
  );
  expect(await query(database.urls.app, "select org from xvc.walled")).toEqual([{ org: 1 }]);
  expect(await query(database.urls.owner, "select org from xvc.walled")).toEqual([{ org: 1 }]);
  expect(await query(database.urls.verify, "select org from xvc.walled order by org")).toEqual([{ org: 1 }, { org: 2 }]);
  await expect(query(database.urls.verify, "insert into xvc.walled values (3)")).rejects.toMatchObject({ code: "25006" });
  // The setting is a default that a session may change; the missing grant is the wall.
  await expect(query(database.urls.verify, "set transaction read write; insert into xvc.walled values (3)")).rejects.toMatchObject({
    code: "42501",
  });
});

test("the engine's new tables are rows to the app role, structure to the engine alone", async () => {
  await query(database.urls.engine, "create table dbos.probe (id int)");
  await query(database.urls.app, "insert into dbos.probe values (1); update dbos.probe set id = 2; delete from dbos.probe");
  await expect(query(database.urls.app, "drop table dbos.probe")).rejects.toMatchObject({ code: "42501" });
  await expect(query(database.urls.engine, "create table xvc.not_mine (id int)")).rejects.toMatchObject({ code: "42501" });
});

test("a process refuses to work as owner or superuser", async () => {
  await withClient(database.urls.app, name, requireModestRole);
  for (const url of [database.urls.owner, database.urls.engine, database.urls.admin, database.urls.verify]) {
    await expect(withClient(url, name, requireModestRole)).rejects.toMatchObject({ code: "database.role-too-powerful" });
  }
});
