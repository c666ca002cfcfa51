import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { availableServers, startPlainServer } from "../../../test/support/plain-server.ts";
import type { PlainServer } from "../../../test/support/plain-server.ts";
import { withClient, withDatabase, withRole } from "./database-url.ts";
import { startDatabase } from "./supervisor.ts";
import type { RunningDatabase } from "./supervisor.ts";

const rows = (url: string, sql: string): Promise<readonly Record<string, unknown>[]> =>
  withClient(url, { applicationName: "xvc test" }, async (client: Client) => (await client.query<Record<string, unknown>>(sql)).rows);

describe.each(availableServers())("with $name as DATABASE_URL", ({ bin }) => {
  let server: PlainServer;
  let home: string;
  beforeAll(async () => {
    server = await startPlainServer(bin);
    await rows(server.superuserUrl, "create role landlord login createrole password 'secret'");
    await rows(server.superuserUrl, "create role tenant login password 'secret'");
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "xvc-external-"));
    await rows(server.superuserUrl, "create database given owner landlord");
  });
  afterEach(async () => {
    await rows(server.superuserUrl, "drop database given with (force)");
    const ours = await rows(server.superuserUrl, "select rolname as name from pg_roles where rolname like 'xvc%'");
    for (const { name } of ours) {
      await rows(server.superuserUrl, `drop owned by ${String(name)}; drop role ${String(name)}`);
    }
    await rm(home, { recursive: true, force: true });
  });

  const urlOf = (user: string): string => withDatabase(withRole(server.superuserUrl, user, "secret"), "given");
  const open = (user: string, more: Record<string, string> = {}): Promise<RunningDatabase> =>
    startDatabase({ environment: { XVC_HOME: home, DATABASE_URL: urlOf(user), ...more } });

  test("the owner of an empty database who may create roles gets all of ours, once", async () => {
    const migrations = join(home, "migrations");
    await mkdir(migrations);
    await writeFile(
      join(migrations, "0001-trace.sql"),
      "create extension pg_trgm; create table trace (id int); grant select on trace to xvc_app",
    );
    const environment = { XVC_HOME: home, DATABASE_URL: urlOf("landlord") };
    const first = await startDatabase({ environment, migrationsDirectory: migrations });
    expect(first).toMatchObject({ kind: "external", dataDirectory: null, urls: { admin: null } });
    expect(await rows(first.urls.app, "select current_user::text as who, (select count(*)::int from trace) as n")).toEqual([
      { who: "xvc_app", n: 0 },
    ]);
    await rows(first.urls.engine, "create table dbos.probe (id int)");
    await rows(first.urls.app, "insert into dbos.probe values (1)");
    const again = await startDatabase({ environment, migrationsDirectory: migrations });
    expect(again.urls).toEqual(first.urls);
    const [kept] = (await readdir(home)).filter((entry) => entry.startsWith("external-"));
    expect((await stat(join(home, kept ?? ""))).mode & 0o777).toBe(0o600);
  });

  test("stop leaves an external server alone", async () => {
    const database = await open("landlord");
    await database.stop();
    expect(await rows(database.urls.app, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  test("a user who may not create roles gets the SQL for an administrator, and that SQL is enough", async () => {
    const refusal = await open("tenant").catch((error: unknown) => error);
    expect(refusal).toMatchObject({ kind: "forbidden", code: "database.roles-missing" });
    const { sql } = (refusal as { readonly details: { readonly sql: string } }).details;
    await rows(withDatabase(server.superuserUrl, "given"), sql.replaceAll("<choose one>", "secret"));
    // With all addresses given nothing is kept, so a read-only machine needs no home.
    const database = await open("tenant", {
      XVC_HOME: "/dev/null/nowhere",
      XVC_DATABASE_OWNER_URL: urlOf("xvc_owner"),
      XVC_DATABASE_ENGINE_URL: urlOf("xvc_engine"),
      XVC_DATABASE_APP_URL: urlOf("xvc_app"),
      XVC_DATABASE_VERIFY_URL: urlOf("xvc_verify"),
    });
    await rows(
      database.urls.owner,
      "create table xvc.walled (id int); insert into xvc.walled values (1); alter table xvc.walled enable row level security",
    );
    expect(await rows(database.urls.verify ?? "", "select id from xvc.walled")).toEqual([{ id: 1 }]);
  });

  test("roles of another installation are not taken over", async () => {
    await open("landlord");
    await rm(home, { recursive: true });
    await expect(open("landlord")).rejects.toMatchObject({ kind: "forbidden", code: "database.roles-missing" });
  });

  test("processes never work as owner or superuser", async () => {
    const { urls } = await open("landlord");
    for (const url of [urls.owner, withDatabase(server.superuserUrl, "given")]) {
      const given = { XVC_DATABASE_OWNER_URL: urls.owner, XVC_DATABASE_ENGINE_URL: urls.engine, XVC_DATABASE_APP_URL: url };
      await expect(open("landlord", given)).rejects.toMatchObject({ code: "database.role-too-powerful" });
    }
  });

  test("an address that does not answer, or refuses, is explained without its password", async () => {
    const wrong = withRole(urlOf("landlord"), "landlord", "hunter2");
    const refused = await startDatabase({ environment: { XVC_HOME: home, DATABASE_URL: wrong } }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: "unavailable", code: "database.unreachable" });
    expect(String(refused)).not.toContain("hunter2");
    expect(String(refused)).toContain("postgres://landlord@127.0.0.1");
  });
});

test("a server that may lose what it confirmed is refused", async () => {
  const server = await startPlainServer(null, ["full_page_writes=off"]);
  const home = await mkdtemp(join(tmpdir(), "xvc-external-"));
  try {
    const environment = { XVC_HOME: home, DATABASE_URL: server.superuserUrl };
    await expect(startDatabase({ environment })).rejects.toMatchObject({
      code: "database.not-durable",
      details: { off: ["full_page_writes"] },
    });
  } finally {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
});
