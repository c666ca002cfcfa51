import { chmod, mkdir, mkdtemp, readdir, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { copyPlaces, hasPlainPath, makePlace, placeProblem } from "./binaries-places.ts";

let directory: string;
beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), "xvc-places-")));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const self = { kind: "self" } as const;

test.each([
  [{ XDG_CACHE_HOME: "/cache", HOME: "/home/ada" }, 0, ["/var/lib/xvc", "/data"]],
  [{ XDG_CACHE_HOME: "/cache", HOME: "/home/ada" }, 1000, ["/cache/xvc", "/data", join(tmpdir(), "xvc-1000")]],
  [{ XDG_CACHE_HOME: "not/absolute", HOME: "/home/ada" }, 1000, ["/home/ada/.cache/xvc", "/data", join(tmpdir(), "xvc-1000")]],
])("with %j and uid %i copies go to %j", (environment, uid, expected) => {
  expect(copyPlaces(environment, "/data", uid)).toEqual(expected);
});

test("root's default home is not named twice", () => {
  expect(copyPlaces({}, "/var/lib/xvc", 0)).toEqual(["/var/lib/xvc"]);
});

test.each(['a"b', "a$b", "a`b", "a\\b", "a\nb"])("initdb cannot quote %j, there or not yet, by name or behind a link", async (name) => {
  const odd = join(directory, name);
  expect(await hasPlainPath(odd)).toBe(false);
  await mkdir(odd);
  await symlink(odd, join(directory, "plain"));
  expect(await hasPlainPath(join(directory, "plain"))).toBe(false);
  expect(await hasPlainPath(join(directory, "plain", "later"))).toBe(false);
});

test.each(["Ada's größte (1)", "a b", "a;b&c|d*?<>~!#%"])("%j is plain enough", async (name) => {
  expect(await hasPlainPath(join(directory, name))).toBe(true);
});

test("a place of ours, there or not yet, will do, and looking makes nothing", async () => {
  const place = join(directory, "deep", "place");
  expect(await placeProblem(place, self)).toBeNull();
  expect(await readdir(directory)).toEqual([]);
  await makePlace(place);
  expect(await placeProblem(place, self)).toBeNull();
});

test.each([0o777, 0o775, 0o1777])("a place with mode %o is refused", async (mode) => {
  const place = join(directory, "place");
  await mkdir(place);
  await chmod(place, mode);
  expect(await placeProblem(place, self)).toMatch(/can be changed by other users/);
});

test("a place that others could move, or that is a link, is refused", async () => {
  const open = join(directory, "open");
  await mkdir(join(open, "place"), { recursive: true });
  await symlink(join(open, "place"), join(directory, "link"));
  expect(await placeProblem(join(directory, "link"), self)).toMatch(/can be changed by other users/);
  await chmod(open, 0o777);
  expect(await placeProblem(join(open, "place"), self)).toBe(`${open} can be changed by other users`);
  expect(await placeProblem(join(directory, "link", "deeper"), self)).toBe(`${open} can be changed by other users`);
  await chmod(open, 0o1777);
  expect(await placeProblem(join(open, "place"), self)).toBeNull();
});

test("a place that the database's account cannot pass to is refused", async () => {
  await chmod(directory, 0o700);
  const other = { kind: "other", name: "nobody", uid: 65_534, gid: 65_534 } as const;
  expect(await placeProblem(join(directory, "place"), other)).toBe(`nobody cannot pass through ${directory}`);
});
