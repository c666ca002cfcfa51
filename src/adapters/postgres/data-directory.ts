import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { Failure } from "../../core/shared/failure.ts";
import type { Account } from "./account.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** PostgreSQL 19 cannot open data of 18, so every name carries the major version. */
export const majorVersion = 18;
/** Root's default home, and where root's homes share what they can. */
export const rootHome = "/var/lib/xvc";

export interface DatabasePaths {
  readonly home: string;
  readonly settingsFile: string;
  readonly logFile: string;
  readonly lockDirectory: string;
}

export interface RolePasswords {
  readonly admin: string;
  readonly owner: string;
  readonly engine: string;
  readonly app: string;
  readonly verify: string;
}

/** What must outlive a process to reach its server again. Kept in a 0600 file. */
export interface ClusterSettings {
  readonly port: number | null;
  readonly dataDirectory: string;
  readonly binaryVersion: string | null;
  readonly passwords: RolePasswords;
}

/** Where everything lives: `XVC_HOME`, else `/var/lib/xvc` for root, else `$XDG_DATA_HOME/xvc`. Always absolute. */
export function xvcHome(environment: Environment, uid: number | null = process.getuid?.() ?? null): string {
  const asked = environment["XVC_HOME"];
  if (asked !== undefined && asked !== "") return resolve(asked);
  if (uid === 0) return rootHome;
  const dataHome = environment["XDG_DATA_HOME"];
  // A relative XDG path must be ignored. Source: XDG Base Directory Specification.
  if (dataHome !== undefined && isAbsolute(dataHome)) return join(dataHome, "xvc");
  return join(environment["HOME"] || homedir(), ".local", "share", "xvc");
}

export function databasePaths(home: string): DatabasePaths {
  return {
    home,
    settingsFile: join(home, `pg-${majorVersion}.json`),
    logFile: join(home, `pg-${majorVersion}.log`),
    lockDirectory: join(home, "start.lock"),
  };
}

/** @throws {Failure} `database.home-unusable` */
export async function prepareHome(home: string): Promise<void> {
  try {
    await makeHome(home, process.getuid?.() ?? null);
  } catch (cause) {
    throw new Failure(
      "invalid",
      "database.home-unusable",
      { home, message: `The data directory ${home} cannot be created or changed (${codeOf(cause)}). Set XVC_HOME to a directory you own.` },
      { cause },
    );
  }
}

async function makeHome(home: string, self: number | null): Promise<void> {
  // Line ends separate the fields of postmaster.pid, which adoption reads.
  if (/[\r\n]/.test(home)) throw new Error("its name contains a line end");
  // Root's database runs under another account, which must be able to pass through, not to list.
  const mode = self === 0 ? 0o711 : 0o700;
  await mkdir(home, { recursive: true, mode });
  const { mode: found, uid } = await stat(home);
  if (uid === self && (found & mode) !== mode) await chmod(home, (found & 0o777) | mode);
  // Whoever owns the directory could put another server and another passwords file in its place.
  if (uid !== self && self !== null && self !== 0) throw new Error(`it belongs to user id ${uid}`);
}

/** The home's settings, made on first use and before any data exists, so data without its passwords cannot arise. */
export async function loadSettings(paths: DatabasePaths, account: Account): Promise<ClusterSettings> {
  const known = await readSettings(paths.settingsFile);
  if (known !== null) return known;
  const fresh: ClusterSettings = {
    port: null,
    dataDirectory: await placeForData(paths.home, account),
    binaryVersion: null,
    passwords: { admin: secret(), owner: secret(), engine: secret(), app: secret(), verify: secret() },
  };
  if ((await stat(join(fresh.dataDirectory, "PG_VERSION")).catch(() => null)) !== null) {
    throw new Failure("invalid", "database.settings-missing", {
      message: `${fresh.dataDirectory} holds a database, but its passwords (${paths.settingsFile}) are gone. Put that file back, or move the directory away to begin with an empty database.`,
    });
  }
  await writeSecretFile(paths.settingsFile, fresh);
  return fresh;
}

/** Null: no file. @throws {Failure} `database.settings-unreadable` */
export async function readSettings(file: string): Promise<ClusterSettings | null> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw unreadable(file, error);
  });
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as ClusterSettings;
    const { admin, owner, engine, app, verify } = value.passwords;
    const texts: readonly unknown[] = [value.dataDirectory, admin, owner, engine, app, verify];
    if (texts.some((item) => typeof item !== "string")) throw new Error("a value is missing");
    return value;
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** Replaces the file in one move, readable by its owner alone and on disk before this returns. */
export async function writeSecretFile(file: string, value: object): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

/** 256 random bits in hexadecimal, which needs no quoting in SQL or in a URL. */
export function secret(): string {
  return randomBytes(32).toString("hex");
}

/** Below the home; below `/var/lib/xvc` when root's home lies where the database's account cannot pass. */
export async function placeForData(home: string, account: Account): Promise<string> {
  const name = `pg-${majorVersion}`;
  if (account.kind === "self" || (await canPass(home, account))) return join(home, name);
  const place = join(rootHome, "homes", randomBytes(8).toString("hex"));
  for (const directory of [rootHome, dirname(place), place]) await prepareHome(directory);
  return join(place, name);
}

/** Whether the account may pass through every directory from the root down to this one. */
export async function canPass(directory: string, account: Account & { readonly kind: "other" }): Promise<boolean> {
  for (let at = directory; ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (dirname(at) === at) return true;
  }
}

function unreadable(file: string, cause: unknown): Failure {
  return new Failure(
    "invalid",
    "database.settings-unreadable",
    {
      file,
      message: `${file} cannot be read as the database's settings (${codeOf(cause)}). Restore it from a backup; it must belong to you with mode 0600.`,
    },
    { cause },
  );
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
