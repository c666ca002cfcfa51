import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { backUp } from "./backup.ts";
import { examine } from "./doctor.ts";
import { backupPlaces, wholeBackups } from "./prune-backups.ts";
import { restore } from "./restore.ts";

/* An installation whose database is another server: nothing here connects to it. */

let folder = "";
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a database of another server is never left out by surprise; what lies beside it is copied and put back", async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "xvc-external-"));
  const home = path.join(folder, "home");
  const environment = { XVC_HOME: home, DATABASE_URL: "postgres://nobody@203.0.113.1:1/nothing", HOME: folder };
  const sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"; // of "hello"
  await mkdir(path.join(home, "content", "2c"), { recursive: true });
  await writeFile(path.join(home, "content", "2c", sha256), "hello");
  await writeFile(path.join(home, "secret.key"), "a key");
  await expect(backUp({ environment, fsync: "off" })).rejects.toMatchObject({ code: "backup.external-database", kind: "invalid" });
  await expect(backUp({ environment: { ...environment, DATABASE_URL: "" }, withoutDatabase: true })).rejects.toMatchObject({
    code: "backup.embedded-database",
  });
  const lookAt = async () => (await examine({ ...environment, DATABASE_URL: "" })).find(({ name }) => name === "backup");
  expect(await lookAt()).toMatchObject({ ok: false, optional: true, what: "no backup was made yet" });

  const first = await backUp({ environment, withoutDatabase: true, keep: 1, fsync: "off" });
  expect(first).toMatchObject({ manifest: { database: null, hasSecretKey: true }, pruned: [], damaged: [], archived: null });
  const made = await backUp({ environment, withoutDatabase: true, keep: 1, fsync: "off" });
  expect(made.pruned).toEqual([first.folder]);
  expect(await lookAt()).toMatchObject({ ok: true, what: "the last backup is 0 hours old" });

  const keyless = { environment, withoutDatabase: true, fsync: "off" } as const;
  const backups = path.join(home, "backups");
  await expect(backUp({ ...keyless, keyTo: path.join(backups, "keys") })).rejects.toMatchObject({ code: "backup.key-beside" });
  const keys = path.join(folder, "keys");
  const apart = await backUp({ ...keyless, to: path.join(folder, "elsewhere"), keyTo: keys });
  expect(apart.manifest.hasSecretKey).toBe(false);
  expect(await readdir(apart.folder)).not.toContain("secret.key");
  expect(await readFile(path.join(keys, "secret.key"), "utf8")).toBe("a key");
  expect(await backupPlaces(home)).toEqual([backups, path.join(folder, "elsewhere")]);
  expect(await wholeBackups(backups, path.join(home, "content"))).toHaveLength(1);

  const again = path.join(folder, "again");
  const put = await restore({ environment: { ...environment, XVC_HOME: again }, from: made.folder, untilMs: null, durable: false });
  expect(put).toMatchObject({ hasDatabase: false, needsSecretKey: false });
  expect(await readFile(path.join(again, "content", "2c", sha256), "utf8")).toBe("hello");
  expect(await readFile(path.join(again, "pause-at-start.json"), "utf8")).toContain("Restored from the backup");
  const until = { environment: { ...environment, XVC_HOME: path.join(folder, "until") }, from: made.folder, untilMs: Date.now() };
  await expect(restore(until)).rejects.toMatchObject({ code: "backup.no-database" });
});
