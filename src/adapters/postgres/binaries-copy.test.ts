import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { copyPath, copyProblem, ensureCopy, restoreLinks } from "./binaries-copy.ts";

let directory: string;
let native: string;
let place: string;
let copy: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "xvc-copy-"));
  native = join(directory, "package", "native");
  place = join(directory, "place");
  copy = join(place, "pg-18.4.0-beta.17");
  for (const folder of ["bin", "lib", join("share", "timezone")]) await mkdir(join(native, folder), { recursive: true, mode: 0o700 });
  await writeFile(join(native, "bin", "postgres"), "program", { mode: 0o700 });
  await writeFile(join(native, "lib", "libpq.so.5.18"), "library", { mode: 0o600 });
  await writeFile(join(native, "share", "timezone", "UTC"), "zone");
  await nameVersion("18.4.0-beta.17");
  await listLinks(["native/lib/libpq.so", "native/lib/libpq.so.5"]);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const nameVersion = (version: unknown): Promise<void> => writeFile(join(native, "..", "package.json"), JSON.stringify({ version }));
const listLinks = (targets: readonly string[]): Promise<void> =>
  writeFile(join(native, "pg-symlinks.json"), JSON.stringify(targets.map((target) => ({ source: "native/lib/libpq.so.5.18", target }))));

test("a copy is whole, readable by all, writable by us alone, and has the links the package lacks", async () => {
  expect(await ensureCopy(native, place)).toBe(copy);
  const modeOf = async (...path: string[]): Promise<number> => (await stat(join(copy, ...path))).mode & 0o777;
  expect(await modeOf()).toBe(0o755);
  expect(await modeOf("bin", "postgres")).toBe(0o755);
  expect(await modeOf("share", "timezone")).toBe(0o755);
  expect(await modeOf("lib", "libpq.so.5")).toBe(0o644);
  expect((await readdir(place)).sort()).toEqual(["binaries.lock", "pg-18.4.0-beta.17"]);
});

const damages: readonly (readonly [string, () => Promise<unknown>])[] = [
  ["a file cut short", () => truncate(join(copy, "lib", "libpq.so.5.18"), 0)],
  ["a file missing", () => rm(join(copy, "share", "timezone", "UTC"))],
  ["a directory missing", () => rm(join(copy, "share"), { recursive: true })],
  ["a file others may write", () => chmod(join(copy, "lib", "libpq.so.5.18"), 0o666)],
  ["a directory others may write", () => chmod(copy, 0o777)],
  ["a program without the right to run", () => chmod(join(copy, "bin", "postgres"), 0o644)],
  ["a link that leads elsewhere", () => replaceByLink(join(copy, "lib", "libpq.so.5"))],
  ["a link in place of a program", () => replaceByLink(join(copy, "bin", "postgres"))],
];

async function replaceByLink(path: string): Promise<void> {
  await rm(path);
  await symlink("/tmp/elsewhere", path);
}

test.each(damages)("a copy with %s is made anew, a good one kept", async (_, damage) => {
  await ensureCopy(native, place);
  const { ino } = await stat(copy);
  await ensureCopy(native, place);
  expect((await stat(copy)).ino).toBe(ino);
  await damage();
  expect(await copyProblem(native, copy)).toContain(copy);
  expect(await ensureCopy(native, place)).toBe(copy);
  expect(await copyProblem(native, copy)).toBeNull();
  expect((await readdir(place)).sort()).toEqual(["binaries.lock", "pg-18.4.0-beta.17"]);
});

test("what killed copiers left is removed, initdb's drafts and other versions are not", async () => {
  await ensureCopy(native, place);
  const left = ["pg-18.4.0-beta.17.copying-0123456789ab", "pg-18.3.0.copying-0123456789ab", "pg-18.4.0-beta.17.replaced-0123456789ab"];
  const others = ["pg-18", "pg-18.3.0", "pg-18.tmp-0123456789ab"];
  for (const name of [...left, ...others]) await mkdir(join(place, name, "base"), { recursive: true });
  await ensureCopy(native, place);
  expect((await readdir(place)).sort()).toEqual(["binaries.lock", ...others, "pg-18.4.0-beta.17"].sort());
});

test("many at once make one copy", async () => {
  const made = await Promise.all([1, 2, 3, 4].map(() => ensureCopy(native, place)));
  expect(new Set(made)).toEqual(new Set([copy]));
  expect(await copyProblem(native, copy)).toBeNull();
});

test("a copy that could not be finished leaves nothing", async () => {
  await listLinks(["native/no-such-folder/libpq.so"]);
  await expect(ensureCopy(native, place)).rejects.toMatchObject({ code: "ENOENT" });
  expect(await readdir(place)).toEqual(["binaries.lock"]);
});

test.each(["18", "../18.4.0", "18.4.0/../../x", 18, undefined])("version %j does not become a name of ours", async (version) => {
  await nameVersion(version);
  expect(await copyPath(native, place)).toBe(join(place, "pg-binaries"));
});

test("wrong and broken links are replaced, right ones left, ones outside never made", async () => {
  await listLinks(["native/lib/a.so", "native/lib/b.so", "native/../outside.so", "elsewhere/c.so"]);
  expect(await restoreLinks(native)).toBe(2);
  expect(await restoreLinks(native)).toBe(0);
  await replaceByLink(join(native, "lib", "a.so"));
  await rm(join(native, "lib", "b.so"));
  expect(await restoreLinks(native)).toBe(2);
  expect((await stat(join(native, "lib", "a.so"))).isFile()).toBe(true);
  expect((await readdir(join(native, ".."))).sort()).toEqual(["native", "package.json"]);
});
