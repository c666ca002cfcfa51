import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { endProcess, makeDatabaseHome } from "../../../test/support/database-home.ts";
import type { DatabaseHome } from "../../../test/support/database-home.ts";
import { majorVersion } from "./data-directory.ts";
import { withClient } from "./database-url.ts";

let home: DatabaseHome;
beforeEach(async () => {
  home = await makeDatabaseHome();
});
afterEach(() => home.remove());

const rows = (url: string, sql: string): Promise<readonly Record<string, unknown>[]> =>
  withClient(url, { applicationName: "xvc test" }, async (client: Client) => (await client.query<Record<string, unknown>>(sql)).rows);

test("what a killed initdb left never counts and is removed", async () => {
  const data = join(home.path, `pg-${majorVersion}`);
  await mkdir(`${data}.tmp-0123456789ab/base`, { recursive: true });
  await writeFile(`${data}.tmp-0123456789ab/PG_VERSION`, `${majorVersion}\n`);
  await writeFile(`${data}.pw-0123456789ab`, "old");
  await home.start();
  expect((await readdir(home.path)).filter((entry) => /tmp|\.pw/.test(entry))).toEqual([]);
});

test("a starter killed in the middle of initdb is followed by a good start", async () => {
  const starter = home.startElsewhere();
  while (!(await readdir(home.path)).some((entry) => entry.includes(".tmp-"))) await sleep(2);
  await endProcess(starter.child);
  const database = await home.start();
  expect(database.adopted).toBe(false);
  expect(await rows(database.urls.app, "select 1 as one")).toEqual([{ one: 1 }]);
  expect((await readdir(home.path)).filter((entry) => /tmp|\.pw/.test(entry))).toEqual([]);
});

test("orders and folds text the same on every machine", async () => {
  const { urls } = await home.start();
  expect(
    await rows(
      urls.app,
      "select upper('straße ä') as folded, array(select x from unnest(array['b', 'Z', 'a', 'ä']) x order by x) as sorted",
    ),
  ).toEqual([{ folded: "STRAßE Ä", sorted: ["Z", "a", "b", "ä"] }]);
});
