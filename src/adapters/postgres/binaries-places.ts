import { access, chmod, constants, lstat, mkdir, realpath } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import type { Account } from "./account.ts";
import { canPass, rootHome } from "./data-directory.ts";
import type { Environment } from "./data-directory.ts";

/** initdb runs its neighbour `postgres` through a shell, the path in double quotes and nothing in it escaped. */
const unquotable = /["$`\\\r\n]/;

/** Whether initdb can run from there, whatever links lead there. A directory that is not there yet is judged as well. */
export async function hasPlainPath(directory: string): Promise<boolean> {
  if (process.platform === "win32") return true;
  const real = await realpath(await deepestExisting(directory));
  return !unquotable.test(directory) && !unquotable.test(real);
}

/**
 * Where a copy of the binaries may go, best first: places that all homes of this user share, then the home itself.
 * Not all of them can be used; `placeProblem` tells.
 */
export function copyPlaces(environment: Environment, home: string, uid: number | null = process.getuid?.() ?? null): readonly string[] {
  if (uid === 0) return [...new Set([rootHome, home])];
  const cache = cacheHome(environment);
  const shared = cache === null ? [] : [join(cache, "xvc")];
  // Last, since systems clean their temporary directory: the next start then copies again.
  return [...new Set([...shared, home, join(tmpdir(), `xvc-${uid ?? "user"}`)])];
}

function cacheHome(environment: Environment): string | null {
  const asked = environment["XDG_CACHE_HOME"];
  // A relative XDG path must be ignored. Source: XDG Base Directory Specification.
  if (asked !== undefined && isAbsolute(asked)) return asked;
  try {
    const home = environment["HOME"] || homedir();
    return isAbsolute(home) ? join(home, ".cache") : null;
  } catch {
    return null; // a user id without a passwd entry has no home
  }
}

/**
 * Why no copy may go into `place`; null when one may. Whoever can write to it or move it could put their own programs
 * in, so every directory down to it has to be ours or root's, by its name as well as behind links. Changes nothing.
 */
export async function placeProblem(place: string, account: Account): Promise<string | null> {
  if (!(await hasPlainPath(place))) return `${place} holds a character that initdb cannot quote`;
  const existing = await deepestExisting(place);
  for (const at of [...upwards(existing), ...upwards(await realpath(existing))]) {
    if (!(await isOurs(at, at === place))) return `${at} can be changed by other users`;
  }
  const parent = existing === place ? dirname(place) : existing;
  if (account.kind === "other" && !(await canPass(parent, account))) return `${account.name} cannot pass through ${parent}`;
  return access(existing, constants.W_OK | constants.X_OK).then(
    () => null,
    (error: NodeJS.ErrnoException) => `${existing} cannot be written (${error.code})`,
  );
}

/** Makes the place; root's database runs under another account, which must be able to pass through, not to list. */
export async function makePlace(place: string): Promise<void> {
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  await mkdir(place, { recursive: true, mode });
  const found = (await lstat(place)).mode;
  if ((found & mode) !== mode) await chmod(place, (found & 0o777) | mode);
}

async function isOurs(path: string, isPlace: boolean): Promise<boolean> {
  const self = process.getuid?.();
  if (self === undefined) return true; // no such owners and modes on this system
  const found = await lstat(path);
  if (found.uid !== self && found.uid !== 0) return false;
  if (isPlace) return found.isDirectory() && found.uid === self && (found.mode & 0o022) === 0;
  // In a sticky directory (/tmp) others may add names but not move ours.
  return found.isSymbolicLink() || (found.mode & 0o022) === 0 || (found.mode & 0o1000) !== 0;
}

function upwards(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...upwards(parent)];
}

async function deepestExisting(directory: string): Promise<string> {
  for (let at = directory; ; at = dirname(at)) {
    if (dirname(at) === at || (await realpath(at).catch(() => null)) !== null) return at;
  }
}
