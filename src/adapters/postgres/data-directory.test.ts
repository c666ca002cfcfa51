import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { databasePaths, loadSettings, prepareHome, readSettings, xvcHome } from "./data-directory.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "xvc-data-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test.each([
  [{ XVC_HOME: "/data/x", XDG_DATA_HOME: "/xdg" }, 0, "/data/x"],
  [{ XVC_HOME: "relative" }, 1000, resolve("relative")],
  [{ XVC_HOME: "", XDG_DATA_HOME: "/xdg" }, 1000, "/xdg/xvc"],
  [{ XDG_DATA_HOME: "not/absolute", HOME: "/home/ada" }, 1000, "/home/ada/.local/share/xvc"],
  [{ HOME: "/home/ada" }, 1000, "/home/ada/.local/share/xvc"],
  [{}, 1000, join(homedir(), ".local/share/xvc")],
  [{ XDG_DATA_HOME: "/xdg", HOME: "/root" }, 0, "/var/lib/xvc"],
])("the home of %j for uid %i is %s", (environment, uid, expected) => {
  expect(xvcHome(environment, uid)).toBe(expected);
});

test("settings are made once, with different secrets, private and complete", async () => {
  const paths = databasePaths(directory);
  const made = await loadSettings(paths, { kind: "self" });
  expect(await loadSettings(paths, { kind: "self" })).toEqual(made);
  expect(new Set(Object.values(made.passwords)).size).toBe(5);
  expect((await stat(paths.settingsFile)).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toEqual(["pg-18.json"]);
});

test.each(["", "{", "null", '{"dataDirectory":"/x","passwords":{"admin":"a"}}', '{"passwords":{}}'])(
  "settings damaged to %j are reported, not replaced",
  async (text) => {
    const { settingsFile } = databasePaths(directory);
    await writeFile(settingsFile, text);
    await expect(readSettings(settingsFile)).rejects.toMatchObject({ kind: "invalid", code: "database.settings-unreadable" });
  },
);

test("a home that is a file is explained", async () => {
  const file = join(directory, "file");
  await writeFile(file, "");
  await expect(prepareHome(join(file, "home"))).rejects.toMatchObject({ kind: "invalid", code: "database.home-unusable" });
});

test("a home whose name contains a line end is refused before anything is made", async () => {
  await expect(prepareHome(join(directory, "two\nlines"))).rejects.toMatchObject({ code: "database.home-unusable" });
  expect(await readdir(directory)).toEqual([]);
});
