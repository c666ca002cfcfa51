import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeDatabaseHome } from "../../../test/support/database-home.ts";
import type { DatabaseHome } from "../../../test/support/database-home.ts";
import { startPlainServer } from "../../../test/support/plain-server.ts";
import { withClient } from "./database-url.ts";
import { examineDatabase } from "./doctor-database.ts";
import type { DatabaseProbe } from "./doctor-database.ts";
import { postmasterFilePath } from "./postmaster-file.ts";

let home: DatabaseHome;
let migrationsDirectory: string;
beforeEach(async () => {
  home = await makeDatabaseHome();
  migrationsDirectory = join(home.path, "migrations");
  await mkdir(migrationsDirectory);
  await writeFile(join(migrationsDirectory, "0001-first.sql"), "select 1");
});
afterEach(() => home.remove());

const examine = (): Promise<readonly DatabaseProbe[]> => examineDatabase({ environment: { XVC_HOME: home.path }, migrationsDirectory });
const unwell = (probes: readonly DatabaseProbe[]): readonly string[] => probes.filter(({ ok }) => !ok).map(({ name }) => name);

test("before the first start nothing is wrong and nothing is made", async () => {
  const before = await readdir(home.path);
  const probes = await examine();
  expect(unwell(probes)).toEqual([]);
  expect(probes.map(({ name }) => name)).toEqual(["data-home", "settings-file", "disk-space", "binaries", "data-directory"]);
  expect(await readdir(home.path)).toEqual(before);
});

test("a running durable database is well in every respect, a stopped one is not an illness", async () => {
  const database = await home.start({ fsync: "on", migrationsDirectory });
  const running = await examine();
  expect(unwell(running)).toEqual([]);
  expect(running.map(({ name }) => name).slice(5)).toEqual(["server", "version", "durability", "roles", "migrations"]);
  await database.stop();
  expect((await examine()).at(-1)).toEqual({ name: "server", ok: true, what: "not running: xvc up starts it", why: "", next: "" });
});

test("each illness is named with its reason and a next step", async () => {
  const database = await home.start({ fsync: "off" });
  await chmod(join(home.path, "pg-18.json"), 0o644);
  await withClient(database.urls.admin ?? "", { applicationName: "xvc test" }, (client: Client) =>
    client.query("alter role xvc_app bypassrls"),
  );
  const probes = await examine();
  expect(unwell(probes)).toEqual(["settings-file", "durability", "roles", "migrations"]);
  const settings = probes.find(({ name }) => name === "settings-file");
  expect(settings).toMatchObject({ why: "database.settings-exposed", next: `Run: chmod 600 ${join(home.path, "pg-18.json")}` });
  const silent = probes.filter(({ ok, what, why, next }) => !ok && [what, why, next].includes(""));
  expect(silent).toEqual([]);
});

test("a crash's leftovers and unusable binaries are told apart", async () => {
  const database = await home.start();
  await database.stop();
  const data = database.dataDirectory ?? "";
  await writeFile(postmasterFilePath(data), `1\n${data}\n1\n9\n\n127.0.0.1\n1 1\nready\n`);
  expect(unwell(await examine())).toEqual(["server"]);
  const nativeDirectory = join(home.path, "native");
  await mkdir(nativeDirectory);
  const probes = await examineDatabase({ environment: { XVC_HOME: home.path }, nativeDirectory });
  expect(probes.find(({ name }) => name === "binaries")).toMatchObject({ ok: false, why: "database.binaries-unusable" });
});

test("an external database is examined without making anything in it", async () => {
  const server = await startPlainServer(null);
  try {
    const environment = { XVC_HOME: home.path, DATABASE_URL: server.superuserUrl };
    const [probe] = await examineDatabase({ environment, migrationsDirectory });
    expect(probe).toMatchObject({ name: "database", ok: false, why: "database.roles-missing" });
    const made = await withClient(server.superuserUrl, { applicationName: "xvc test" }, (client: Client) =>
      client.query("select 1 from pg_roles where rolname like 'xvc%'"),
    );
    expect(made.rowCount).toBe(0);
    await home.start({ environment, migrationsDirectory, fsync: "on" });
    expect(unwell(await examineDatabase({ environment, migrationsDirectory }))).toEqual([]);
  } finally {
    await server.stop();
  }
});
