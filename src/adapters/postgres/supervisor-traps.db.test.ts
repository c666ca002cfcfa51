import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { endProcess, makeDatabaseHome, removeUsedHome } from "../../../test/support/database-home.ts";
import type { DatabaseHome } from "../../../test/support/database-home.ts";
import { databasePaths } from "./data-directory.ts";
import { withClient } from "./database-url.ts";
import { postmasterFilePath, readPostmasterFile } from "./postmaster-file.ts";
import { pidExists, processMark } from "./processes.ts";
import { clearStalePidFile } from "./stale-pid-file.ts";
import type { RunningDatabase } from "./supervisor.ts";

let home: DatabaseHome;
let others: ChildProcess[] = [];
beforeEach(async () => {
  home = await makeDatabaseHome({ used: true });
});
afterAll(removeUsedHome);
afterEach(async () => {
  for (const child of others) await endProcess(child);
  others = [];
  await home.remove();
});

const rows = (url: string, sql: string): Promise<readonly Record<string, unknown>[]> =>
  withClient(url, { applicationName: "xvc test" }, async (client: Client) => (await client.query<Record<string, unknown>>(sql)).rows);
const portOf = ({ urls }: RunningDatabase): number => Number(new URL(urls.app).port);
const dataOf = ({ dataDirectory }: RunningDatabase): string => dataDirectory ?? "";

/** A live process under the account that owns the data directory: the only kind Postgres mistakes for a server. */
async function strangerOf(dataDirectory: string, script: string, cwd = "/"): Promise<{ child: ChildProcess; said: number }> {
  const { uid, gid } = await stat(dataDirectory);
  const identity = process.getuid?.() === 0 ? { uid, gid } : {};
  const child = spawn("/bin/sh", ["-c", script], { cwd, env: {}, stdio: ["ignore", "pipe", "ignore"], ...identity });
  others.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { child, said: Number(line) };
}

const pidFileText = (pid: number, dataDirectory: string, port: number): string =>
  `${pid}\n${dataDirectory}\n1763850000\n${port}\n\n127.0.0.1\n  1234567   98304\nready   \n`;

test("after a hard crash of the server the pid file of the dead is no obstacle and what was committed is there", async () => {
  const database = await home.start({ fsync: "on" });
  await rows(database.urls.owner, "create table xvc.kept (id int); insert into xvc.kept values (7)");
  const pid = (await readPostmasterFile(dataOf(database)))?.pid ?? -1;
  process.kill(pid, "SIGKILL");
  while ((await processMark(pid)) !== null) await sleep(5);
  expect(await readPostmasterFile(dataOf(database))).toMatchObject({ pid });
  const again = await home.start({ fsync: "on" });
  expect(again.adopted).toBe(false);
  expect(await rows(again.urls.owner, "select id from xvc.kept")).toEqual([{ id: 7 }]);
});

test("a pid that now belongs to another living process does not block the start, nor is that process touched", async () => {
  const database = await home.start();
  await database.stop();
  const { child, said } = await strangerOf(dataOf(database), "echo $$; exec sleep 600");
  const text = pidFileText(said, dataOf(database), portOf(database));
  await writeFile(postmasterFilePath(dataOf(database)), text);
  await writeFile(join(dataOf(database), `.s.PGSQL.${portOf(database)}.lock`), text);
  const begun = performance.now();
  expect((await home.start()).adopted).toBe(false);
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(child.exitCode).toBeNull();
  expect(pidExists(said)).toBe(true);
});

test("an unreaped zombie with the server's pid does not block the start", async () => {
  const database = await home.start();
  await database.stop();
  // The shell becomes a program that never reaps, so its finished child stays a zombie.
  const { said } = await strangerOf(dataOf(database), "sleep 0.3 & echo $!; exec sleep 600");
  while ((await processMark(said)) !== null) await sleep(5);
  expect(pidExists(said)).toBe(true);
  await writeFile(postmasterFilePath(dataOf(database)), pidFileText(said, dataOf(database), portOf(database)));
  expect((await home.start()).adopted).toBe(false);
});

test("while a process works in the data directory the pid file stays and its pid is reported", async () => {
  const database = await home.start();
  await database.stop();
  const data = dataOf(database);
  const { child, said } = await strangerOf(data, `cd '${data}'; echo $$; exec sleep 600`);
  await writeFile(postmasterFilePath(data), pidFileText(said, data, portOf(database)));
  await expect(clearStalePidFile(data, 200)).rejects.toMatchObject({ code: "database.pid-file-held", details: { pid: said } });
  expect(await readPostmasterFile(data)).toMatchObject({ pid: said });
  await endProcess(child);
  expect((await home.start()).adopted).toBe(false);
});

test.each(["", "garbage\n", "17"])("a pid file that a crash left as %j is no obstacle", async (text) => {
  const database = await home.start();
  await database.stop();
  await writeFile(postmasterFilePath(dataOf(database)), text);
  expect((await home.start()).adopted).toBe(false);
});

test("a server of somebody else on the port of our old pid file is not adopted", async () => {
  const other = await makeDatabaseHome({ used: true });
  try {
    const [mine, theirs] = await Promise.all([home.start(), other.start()]);
    await mine.stop();
    const gone = spawn("/bin/true");
    await once(gone, "exit");
    await writeFile(postmasterFilePath(dataOf(mine)), pidFileText(gone.pid ?? 1, dataOf(mine), portOf(theirs)));
    const again = await home.start();
    expect(again.adopted).toBe(false);
    expect(portOf(again)).not.toBe(portOf(theirs));
  } finally {
    await other.remove();
  }
});

test("a port that another program took in the meantime is replaced", async () => {
  const database = await home.start();
  await database.stop();
  const squatter = createServer().listen({ host: "127.0.0.1", port: portOf(database) });
  await once(squatter, "listening");
  try {
    const again = await home.start();
    expect(portOf(again)).not.toBe((squatter.address() as AddressInfo).port);
    expect(await rows(again.urls.app, "select 1 as one")).toEqual([{ one: 1 }]);
  } finally {
    squatter.close();
  }
});

test("roles and schemas that a killed start did not reach are made by the next one", async () => {
  const database = await home.start();
  await rows(database.urls.admin ?? "", "drop schema dbos; drop schema xvc_system");
  const again = await home.start();
  expect(await rows(again.urls.app, "select count(*)::int as n from pg_namespace where nspname in ('dbos', 'xvc_system')")).toEqual([
    { n: 2 },
  ]);
});

test("data of another major version is refused and left alone", async () => {
  const database = await home.start();
  await database.stop();
  await writeFile(join(dataOf(database), "PG_VERSION"), "17\n");
  await expect(home.start()).rejects.toMatchObject({ kind: "conflict", code: "database.data-version" });
  expect(await readFile(join(dataOf(database), "PG_VERSION"), "utf8")).toBe("17\n");
});

test("data without its passwords, and a directory of other files, are refused and left alone", async () => {
  const database = await home.start();
  await database.stop();
  const { settingsFile } = databasePaths(home.path);
  await rename(settingsFile, `${settingsFile}.away`);
  await expect(home.start()).rejects.toMatchObject({ code: "database.settings-missing" });
  await rename(`${settingsFile}.away`, settingsFile);
  await rm(dataOf(database), { recursive: true });
  await mkdir(dataOf(database));
  await writeFile(join(dataOf(database), "letter.txt"), "mine");
  await expect(home.start()).rejects.toMatchObject({ code: "database.data-foreign" });
  expect(await readFile(join(dataOf(database), "letter.txt"), "utf8")).toBe("mine");
});

test("a server that cannot start says why, with the end of its log", async () => {
  const database = await home.start();
  await database.stop();
  await writeFile(join(dataOf(database), "postgresql.conf"), "no_such_setting = 1\n");
  await expect(home.start()).rejects.toThrow(/did not start.*no_such_setting/s);
});
