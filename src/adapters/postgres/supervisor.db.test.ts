import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { endProcess, makeDatabaseHome, removeUsedHome } from "../../../test/support/database-home.ts";
import type { DatabaseHome } from "../../../test/support/database-home.ts";
import { databasePaths } from "./data-directory.ts";
import { withClient } from "./database-url.ts";
import type { RunningDatabase } from "./supervisor.ts";
import { stopDatabase } from "./supervisor.ts";
import { readPostmasterFile } from "./postmaster-file.ts";
import { freePort, portAnswers } from "./server-process.ts";

let home: DatabaseHome;
beforeEach(async () => {
  home = await makeDatabaseHome({ used: true });
});
afterEach(() => home.remove());
afterAll(removeUsedHome);

async function startFromNothing(): Promise<void> {
  await home.remove();
  home = await makeDatabaseHome();
}

const name = { applicationName: "xvc test" };
const rows = (url: string, sql: string): Promise<readonly Record<string, unknown>[]> =>
  withClient(url, name, async (client: Client) => (await client.query<Record<string, unknown>>(sql)).rows);
const portOf = ({ urls }: RunningDatabase): number => Number(new URL(urls.app).port);
const pidOf = async ({ dataDirectory }: RunningDatabase): Promise<number> => (await readPostmasterFile(dataDirectory ?? ""))?.pid ?? -1;

test("first start under 10 s, later start under 2 s, with the same data and port", async () => {
  await startFromNothing();
  const begun = performance.now();
  const first = await home.start({ fsync: "on" });
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(first).toMatchObject({ kind: "embedded", adopted: false });
  await rows(first.urls.owner, "create table xvc.kept (id int); insert into xvc.kept values (7)");
  expect(await first.stop()).toBe("stopped");

  const again = performance.now();
  const second = await home.start({ fsync: "on" });
  expect(performance.now() - again).toBeLessThan(2_000);
  expect(await rows(second.urls.owner, "select id from xvc.kept")).toEqual([{ id: 7 }]);
  expect(portOf(second)).toBe(portOf(first));
});

test("is durable, on loopback and a private socket alone, with no known password and private files", async () => {
  const database = await home.start({ fsync: "on" });
  const [settings] = await rows(
    database.urls.admin ?? "",
    "select current_setting('fsync') as f, current_setting('listen_addresses') as l, current_setting('unix_socket_directories') as s, current_setting('TimeZone') as tz",
  );
  const { urls, dataDirectory } = database;
  expect(settings).toEqual({ f: "on", l: "127.0.0.1", s: dataDirectory, tz: "UTC" });
  expect(await rows(urls.app, "select inet_client_addr() as address")).toEqual([{ address: null }]);
  const passwords = [urls.admin, urls.owner, urls.engine, urls.app, urls.verify].map((url) => new URL(url ?? "").password);
  expect(new Set(passwords).size).toBe(5);
  for (const password of passwords) expect(password).toMatch(/^[0-9a-f]{64}$/);
  for (const guess of ["password", "postgres", "xvc_admin"]) {
    const url = new URL(urls.admin ?? "");
    url.password = guess;
    await expect(rows(url.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
  }
  const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
  expect(await mode(databasePaths(home.path).settingsFile)).toBe(0o600);
  expect(await mode(databasePaths(home.path).logFile)).toBe(0o600);
  expect(await mode(dataDirectory ?? "")).toBe(0o700);
  expect(await mode(`${dataDirectory}/.s.PGSQL.${portOf(database)}`)).toBe(0o700);
});

test("adopts the server that a killed process left running", async () => {
  const killed = home.startElsewhere();
  const left = await killed.outcome;
  expect(left).toMatchObject({ adopted: false });
  await endProcess(killed.child);
  const database = await home.start();
  expect(database.adopted).toBe(true);
  expect("app" in left && left.app).toBe(database.urls.app);
  const pid = await pidOf(database);
  expect((await home.start()).adopted).toBe(true);
  expect(await pidOf(database)).toBe(pid);
});

test("of many starters at once one starts the server and the others adopt it", async () => {
  await startFromNothing();
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => home.startElsewhere().outcome));
  const started = outcomes.filter((outcome) => "adopted" in outcome);
  expect(started).toHaveLength(4);
  expect(started.filter(({ adopted }) => !adopted)).toHaveLength(1);
  expect(new Set(started.map(({ app }) => app)).size).toBe(1);
});

test("stop ends clients, closes the port and removes the pid file, whoever started it", async () => {
  const elsewhere = home.startElsewhere();
  await elsewhere.outcome;
  const database = await home.start();
  const client = new Client({ connectionString: database.urls.app });
  await client.connect();
  const lost = once(client, "error");
  client.on("error", () => undefined); // the closed socket is reported after the reason
  expect(await database.stop({ ifUnused: true })).toBe("in-use");
  expect(await stopDatabase({ XVC_HOME: home.path })).toBe("stopped");
  expect((await lost)[0]).toMatchObject({ code: "57P01" });
  expect(await portAnswers(portOf(database))).toBe(false);
  expect(await readPostmasterFile(database.dataDirectory ?? "")).toBeNull();
  expect(await stopDatabase({ XVC_HOME: home.path })).toBe("stopped");
});

test("an unused server stops when asked to stop if unused", async () => {
  const database = await home.start();
  expect(await database.stop({ ifUnused: true })).toBe("stopped");
});

test("nothing of our PG* environment reaches the server or our logins", async () => {
  const environment = {
    PGPORT: "1",
    PGHOST: "192.0.2.1",
    PGUSER: "nobody",
    PGPASSWORD: "wrong",
    PGDATABASE: "wrong",
    PGDATA: "/nonexistent",
    PGSSLMODE: "require",
    PGSSLNEGOTIATION: "direct",
    PGOPTIONS: "-c no.such=1 -c statement_timeout=1",
    PGCLIENTENCODING: "LATIN1",
    PGREPLICATION: "database",
    LC_ALL: "xx_XX",
    TZ: "Asia/Tokyo",
  };
  const started = await home.startElsewhere({ environment }).outcome;
  expect(started).toMatchObject({ adopted: false });
  const database = await home.start();
  const own = await readFile(`/proc/${await pidOf(database)}/environ`, "utf8").catch(() => "");
  expect(own).not.toMatch(/XVC_HOME|PGDATA|PGPASSWORD=wrong|TZ=/);
});

test("two homes live side by side", async () => {
  const other = await makeDatabaseHome({ used: true });
  try {
    const [left, right] = await Promise.all([home.start(), other.start()]);
    expect(portOf(left)).not.toBe(portOf(right));
    await rows(left.urls.owner, "create table xvc.mine (id int)");
    expect(await rows(right.urls.owner, "select to_regclass('xvc.mine') as mine")).toEqual([{ mine: null }]);
  } finally {
    await other.remove();
  }
});

test("a server with fsync off is refused outside tests", async () => {
  await home.start({ fsync: "off" });
  await expect(home.start({ fsync: "on" })).rejects.toMatchObject({
    kind: "invalid",
    code: "database.not-durable",
    details: { off: ["fsync", "full_page_writes", "synchronous_commit"] },
  });
});

test("the standard port is never taken", async () => {
  expect(await freePort(5432)).not.toBe(5432);
});

test.each(["a b'ü\"$x", "x".repeat(180)])("the home may be called %s", async (odd) => {
  const environment = { XVC_HOME: join(home.path, odd) };
  const database = await home.start({ environment });
  expect((await home.start({ environment })).adopted).toBe(true);
  expect(await database.stop()).toBe("stopped");
});
