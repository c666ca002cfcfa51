import { chmod, chown, cp, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeDatabaseHome } from "../../../test/support/database-home.ts";
import type { DatabaseHome } from "../../../test/support/database-home.ts";
import { canPass } from "./data-directory.ts";
import { installedNativeDirectory, restoreLinks } from "./binaries.ts";
import { withClient } from "./database-url.ts";
import { readPostmasterFile } from "./postmaster-file.ts";
import type { RunningDatabase } from "./supervisor.ts";

let home: DatabaseHome;
let packages: string;
beforeEach(async () => {
  home = await makeDatabaseHome();
  packages = await mkdtemp(join(tmpdir(), "xvc-package-"));
});
afterEach(async () => {
  await home.remove();
  await rm(packages, { recursive: true, force: true });
});

const isRoot = process.getuid?.() === 0;
const answer = ({ urls }: RunningDatabase): Promise<unknown> =>
  withClient(
    urls.app,
    { applicationName: "xvc test" },
    async (client: Client) => (await client.query<{ one: number }>("select 1 as one")).rows,
  );

/** A copy of the installed package, as npm would have put it somewhere else. */
async function installPackage(): Promise<string> {
  const source = dirname(installedNativeDirectory());
  await cp(join(source, "native"), join(packages, "native"), { recursive: true, verbatimSymlinks: true });
  await cp(join(source, "package.json"), join(packages, "package.json"));
  return join(packages, "native");
}

async function listedLinks(native: string): Promise<readonly string[]> {
  const links = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")) as readonly { readonly target: string }[];
  return links.map(({ target }) => join(dirname(native), target));
}

test("library links that an install without scripts left out are made at the start", async () => {
  const native = await installPackage();
  const links = await listedLinks(native);
  expect(links.length).toBeGreaterThan(0);
  for (const link of links) await rm(link, { force: true });
  await chmod(packages, 0o755);
  expect(await answer(await home.start({ nativeDirectory: native }))).toEqual([{ one: 1 }]);
  for (const link of links) expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect((await readdir(home.path)).some((entry) => entry.startsWith("pg-18.4"))).toBe(false);
});

test("wrong and broken links are replaced, right ones left", async () => {
  const native = await installPackage();
  await restoreLinks(native);
  expect(await restoreLinks(native)).toBe(0);
  const [first = "", second = ""] = await listedLinks(native);
  await rm(first);
  await symlink("nowhere.so", first);
  await rm(second);
  expect(await restoreLinks(native)).toBe(2);
  expect((await stat(first)).isFile()).toBe(true);
});

test("the log, settings and data belong to who must have them", async () => {
  const database = await home.start();
  const { uid } = await stat(database.dataDirectory ?? "");
  expect((await stat(join(home.path, "pg-18.json"))).uid).toBe(process.getuid?.());
  expect(uid === 0).toBe(false);
  const { pid } = (await readPostmasterFile(database.dataDirectory ?? "")) ?? { pid: -1 };
  expect((await stat(`/proc/${pid}`)).uid).toBe(uid);
});

describe.runIf(isRoot)("as root", () => {
  test("binaries below a directory only root can read are copied to where the database's account can run them", async () => {
    const native = await installPackage();
    for (const link of await listedLinks(native)) await rm(link, { force: true });
    await chmod(packages, 0o700);
    const database = await home.start({ nativeDirectory: native });
    expect(await answer(database)).toEqual([{ one: 1 }]);
    const copies = (await readdir(home.path)).filter((entry) => /^pg-18\.\d+\.\d/.test(entry));
    expect(copies).toHaveLength(1);
    const [copy = ""] = copies;
    const made = (await stat(join(home.path, copy))).mtimeMs;
    await database.stop();
    await home.start({ nativeDirectory: native });
    expect((await stat(join(home.path, copy))).mtimeMs).toBe(made);
  });

  test("an installation under umask 077 and a half-made copy are no obstacle", async () => {
    const native = await installPackage();
    for (const entry of await readdir(native, { recursive: true, withFileTypes: true })) {
      if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o700);
    }
    await mkdir(join(home.path, "pg-18.4.0-beta.17", "bin"), { recursive: true });
    expect(await answer(await home.start({ nativeDirectory: native }))).toEqual([{ one: 1 }]);
  });

  test("a home below a directory only root can read still works, with the data elsewhere", async () => {
    const walled = await mkdtemp(join(tmpdir(), "xvc-walled-"));
    const environment = { XVC_HOME: join(walled, "home") };
    const database = await home.start({ environment });
    try {
      expect(await answer(database)).toEqual([{ one: 1 }]);
      expect(database.dataDirectory).toMatch(/^\/var\/lib\/xvc\/homes\//);
      expect((await home.start({ environment })).adopted).toBe(true);
    } finally {
      await database.stop();
      await rm(walled, { recursive: true });
      await rm(dirname(database.dataDirectory ?? ""), { recursive: true });
    }
  });

  test("data put back by root is given to the account again", async () => {
    const database = await home.start();
    await database.stop();
    const data = database.dataDirectory ?? "";
    const { uid } = await stat(data);
    await chown(data, 0, 0);
    await chown(join(data, "PG_VERSION"), 0, 0);
    expect(await answer(await home.start())).toEqual([{ one: 1 }]);
    expect((await stat(data)).uid).toBe(uid);
    expect((await stat(join(data, "PG_VERSION"))).uid).toBe(uid);
  });

  const nobody = { kind: "other", name: "nobody", uid: 65_534, gid: 65_534 } as const;

  test("an ordinary user runs everything as itself", async ({ skip }) => {
    if (!(await canPass(import.meta.dirname, nobody))) skip("the sources lie where only root can read");
    await chown(home.path, nobody.uid, nobody.gid);
    const started = await home.startElsewhere(nobody).outcome;
    if (!("dataDirectory" in started)) throw new Error(started.message);
    expect((await stat(started.dataDirectory)).uid).toBe(nobody.uid);
    expect(started.dataDirectory.startsWith(home.path)).toBe(true);
  });

  test("a user id without a passwd entry is told what to do", async ({ skip }) => {
    if (!(await canPass(import.meta.dirname, nobody))) skip("the sources lie where only root can read");
    await chown(home.path, 54_321, 54_321);
    expect(await home.startElsewhere({ uid: 54_321, gid: 54_321 }).outcome).toMatchObject({
      failure: "database.account-unknown",
      message: expect.stringMatching(/passwd line.*DATABASE_URL/s) as string,
    });
  });

  test("another user's home is not used", async ({ skip }) => {
    if (!(await canPass(import.meta.dirname, nobody))) skip("the sources lie where only root can read");
    await chmod(home.path, 0o777);
    expect(await home.startElsewhere(nobody).outcome).toMatchObject({ failure: "database.home-unusable" });
  });
});
