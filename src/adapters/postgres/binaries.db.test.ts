import { chmod, lstat, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { endProcess, makeDatabaseHome } from "../../../test/support/database-home.ts";
import type { DatabaseHome } from "../../../test/support/database-home.ts";
import { installPackage } from "../../../test/support/installed-package.ts";
import type { InstalledPackage, PackageOptions } from "../../../test/support/installed-package.ts";
import { withClient } from "./database-url.ts";
import { examineDatabase } from "./doctor-database.ts";
import type { DatabaseProbe } from "./doctor-database.ts";
import type { RunningDatabase } from "./supervisor.ts";

/** Copying 60 MB and making a database may each take seconds on a busy machine. */
const patient = { timeout: 180_000 };

let home: DatabaseHome;
let installed: InstalledPackage;
beforeEach(async () => {
  home = await makeDatabaseHome();
});
afterEach(async () => {
  await home.remove();
  await installed.remove();
});

const isRoot = process.getuid?.() === 0;
const start = (below: DatabaseHome = home, name = ""): Promise<RunningDatabase> =>
  below.start({ environment: { ...installed.environment, XVC_HOME: join(below.path, name) }, nativeDirectory: installed.native });
const answer = ({ urls }: RunningDatabase): Promise<unknown> =>
  withClient(
    urls.app,
    { applicationName: "xvc test" },
    async (client: Client) => (await client.query<{ one: number }>("select 1 as one")).rows,
  );
const one = [{ one: 1 }];

async function examineBinaries(): Promise<DatabaseProbe | undefined> {
  const environment = { ...installed.environment, XVC_HOME: home.path };
  const probes = await examineDatabase({ environment, nativeDirectory: installed.native });
  return probes.find(({ name }) => name === "binaries");
}

test("library links that an install without scripts left out are made at the start", patient, async () => {
  installed = await installPackage();
  const links = await installed.links();
  expect(links.length).toBeGreaterThan(0);
  for (const link of links) await rm(link, { force: true });
  expect(await examineBinaries()).toMatchObject({ ok: true, what: expect.stringContaining("library links") as string });
  await expect(lstat(links[0] ?? "")).rejects.toMatchObject({ code: "ENOENT" });
  expect(await answer(await start())).toEqual(one);
  for (const link of links) expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await installed.inPlace()).toEqual([]);
});

test("a package below a name with spaces and quotes that a shell leaves alone is used where it is", patient, async () => {
  installed = await installPackage({ below: "Ada's größte (1)" });
  expect(await examineBinaries()).toMatchObject({ ok: true, what: expect.stringMatching(/^run as /) as string });
  expect(await answer(await start())).toEqual(one);
  expect(await installed.inPlace()).toEqual([]);
});

/** Where initdb cannot run the package, for anybody and for root alone. */
const unusablePlaces: readonly PackageOptions[] = [{ below: 'a "$HOME`\\x' }, ...(isRoot ? [{ mode: 0o700 }] : [])];

describe.each(unusablePlaces)("a package below %j", patient, (options) => {
  beforeEach(async () => {
    installed = await installPackage(options);
  }, patient.timeout);

  test("is foreseen to be copied, copied once, and shared by homes of any name", async () => {
    const before = await readdir(home.path);
    expect(await examineBinaries()).toMatchObject({
      ok: true,
      what: expect.stringContaining(`copies them to ${installed.copy}`) as string,
    });
    expect(await readdir(home.path)).toEqual(before);
    expect(await installed.inPlace()).toEqual([]);

    expect(await answer(await start())).toEqual(one);
    expect(await installed.inPlace()).toEqual([basename(installed.copy)]);
    expect((await readdir(home.path)).filter((name) => name.includes("18.4"))).toEqual([]);
    expect(await examineBinaries()).toMatchObject({
      ok: true,
      what: expect.stringContaining(`the copy in ${installed.copy} runs`) as string,
    });

    const made = (await stat(installed.copy)).ino;
    const second = await makeDatabaseHome();
    const odd = await start(second, "a b'ü\"$x");
    try {
      expect(await answer(odd)).toEqual(one);
      expect((await stat(installed.copy)).ino).toBe(made);
    } finally {
      await odd.stop();
      await second.remove();
    }
  });
});

describe("a copy", patient, () => {
  beforeEach(async () => {
    installed = await installPackage({ below: 'a "$HOME`\\x' });
  }, patient.timeout);

  test("is made by the next start when the first was killed in the middle of it", async () => {
    const { environment, native } = installed;
    const starter = home.startElsewhere({ environment, nativeDirectory: native });
    while ((await installed.inPlace()).length === 0) await sleep(2);
    await endProcess(starter.child);
    await mkdir(`${installed.copy}.copying-0123456789ab`, { recursive: true });
    await mkdir(`${installed.copy}.replaced-0123456789ab`);
    expect(await answer(await start())).toEqual(one);
    expect(await installed.inPlace()).toEqual([basename(installed.copy)]);
    expect((await readdir(home.path)).filter((name) => /tmp|\.pw/.test(name))).toEqual([]);
  });

  test("is made once by homes that start at the same time", async () => {
    const second = await makeDatabaseHome();
    try {
      const both = await Promise.all(
        [home, second].map(
          (each) => each.startElsewhere({ environment: installed.environment, nativeDirectory: installed.native }).outcome,
        ),
      );
      expect(both).toMatchObject([{ adopted: false }, { adopted: false }]);
      expect(await installed.inPlace()).toEqual([basename(installed.copy)]);
    } finally {
      await second.remove();
    }
  });
});

test("an installation under umask 077 is no obstacle", patient, async () => {
  installed = await installPackage();
  for (const entry of await readdir(installed.native, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o700);
  }
  expect(await examineBinaries()).toMatchObject({ ok: true });
  expect(await answer(await start())).toEqual(one);
});

test("binaries that no copy could make run are refused before 60 MB are copied", patient, async () => {
  installed = await installPackage();
  await writeFile(join(installed.native, "bin", "postgres"), "#!/nonexistent/loader\n");
  const refused = { code: "database.binaries-unusable", message: expect.stringMatching(/does not run as .*DATABASE_URL/s) as string };
  await expect(start()).rejects.toMatchObject(refused);
  expect(await examineBinaries()).toMatchObject({ ok: false, why: "database.binaries-unusable" });
  expect(await installed.inPlace()).toEqual([]);
});
