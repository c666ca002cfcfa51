import { randomBytes } from "node:crypto";
import { chmod, cp, lstat, mkdir, readdir, readFile, readlink, rename, rm, symlink } from "node:fs/promises";
import type { Dirent } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { makePlace } from "./binaries-places.ts";
import { withStartLock } from "./start-lock.ts";

/** Where the copy of this package goes in `place`. The name is not the one of a data directory, `pg-<major>`. */
export async function copyPath(native: string, place: string): Promise<string> {
  const text = await readFile(join(dirname(native), "package.json"), "utf8").catch(() => "{}");
  const { version } = JSON.parse(text) as { readonly version?: unknown };
  const isExact = typeof version === "string" && /^\d+\.\d+\.\d+[\w.-]*$/.test(version);
  return join(place, `pg-${isExact ? version : "binaries"}`);
}

/**
 * A whole copy of `native` in `place`, made unless it is there. Many homes share a place, so this has a lock of its
 * own, under which whatever a killed copier left belongs to nobody.
 */
export async function ensureCopy(native: string, place: string): Promise<string> {
  const copy = await copyPath(native, place);
  await makePlace(place);
  if ((await leftovers(place)).length === 0 && (await copyProblem(native, copy)) === null) return copy;
  return withStartLock(join(place, "binaries.lock"), async () => {
    for (const name of await leftovers(place)) await rm(join(place, name), { recursive: true, force: true });
    if ((await copyProblem(native, copy)) !== null) await makeCopy(native, copy);
    return copy;
  });
}

/**
 * What keeps `copy` from standing in for `native`; null when nothing does. A power failure can cut files short after
 * the move that completed the copy, so each is compared by kind, size, mode and owner. Changes nothing.
 */
export async function copyProblem(native: string, copy: string): Promise<string | null> {
  const wanted = await readdir(native, { withFileTypes: true, recursive: true });
  if (!(await isAsWanted(copy, { mode: 0o755, size: null }))) return copy;
  for (const entry of wanted) {
    if (entry.isSymbolicLink()) continue; // the listed ones are looked at below
    const source = join(entry.parentPath, entry.name);
    const path = join(copy, relative(native, source));
    const size = entry.isDirectory() ? null : (await lstat(source)).size;
    if (!(await isAsWanted(path, { mode: modeOf(entry), size }))) return path;
  }
  return (await wrongLinks(copy))[0]?.at ?? null;
}

/** Makes the links the package lists, where one is missing or wrong. The count made. */
export async function restoreLinks(native: string): Promise<number> {
  const wrong = await wrongLinks(native);
  for (const { at, to } of wrong) {
    // The move replaces a wrong link or a copied file in one step, under a server that has it open.
    const draft = `${at}.${randomBytes(4).toString("hex")}`;
    await symlink(to, draft);
    await rename(draft, at);
  }
  return wrong.length;
}

interface Link {
  readonly at: string;
  readonly to: string;
}

/** The links the package lists that are not there, or lead elsewhere. */
export async function wrongLinks(native: string): Promise<readonly Link[]> {
  const wrong: Link[] = [];
  for (const link of await listedLinks(native)) {
    if ((await readlink(link.at).catch(() => null)) !== link.to) wrong.push(link);
  }
  return wrong;
}

async function listedLinks(native: string): Promise<readonly Link[]> {
  const text = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links = JSON.parse(text) as readonly { readonly source: string; readonly target: string }[];
  const folder = "native/";
  const inside = (path: string): boolean => path.startsWith(folder) && !path.split("/").includes("..");
  return links
    .filter(({ source, target }) => inside(source) && inside(target))
    .map(({ source, target }) => ({ at: join(native, target.slice(folder.length)), to: relative(dirname(target), source) }));
}

/** Not the names of initdb's drafts (`.tmp-`): root's default home is also the place its other homes share. */
async function leftovers(place: string): Promise<readonly string[]> {
  const names = await readdir(place).catch(() => []);
  return names.filter((name) => /^pg-.+\.(copying|replaced)-[0-9a-f]{12}$/.test(name));
}

async function makeCopy(native: string, copy: string): Promise<void> {
  const suffix = randomBytes(6).toString("hex");
  const draft = `${copy}.copying-${suffix}`;
  const replaced = `${copy}.replaced-${suffix}`;
  try {
    await mkdir(draft, { mode: 0o700 });
    await cp(native, draft, { recursive: true, verbatimSymlinks: true });
    await restoreLinks(draft);
    await openToAll(draft);
    const problem = await copyProblem(native, draft);
    if (problem !== null) throw Object.assign(new Error(`${problem} differs from the package`), { code: "EIO" });
    await rename(copy, replaced).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error; // there was none
    });
    await rename(draft, copy);
  } finally {
    for (const path of [draft, replaced]) await rm(path, { recursive: true, force: true });
  }
}

/** An installation under umask 077 is as unreadable as a 0700 parent. */
async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), modeOf(entry));
  }
}

function modeOf(entry: Dirent): number {
  return entry.isDirectory() || entry.parentPath.endsWith(`${sep}bin`) ? 0o755 : 0o644;
}

interface Wanted {
  readonly mode: number;
  /** Null: a directory. */
  readonly size: number | null;
}

async function isAsWanted(path: string, { mode, size }: Wanted): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return false;
  const self = process.getuid?.();
  if (self === undefined) return size === null ? found.isDirectory() : found.size === size;
  const sameKind = size === null ? found.isDirectory() : found.isFile() && found.size === size;
  return sameKind && (found.mode & 0o777) === mode && found.uid === self;
}
