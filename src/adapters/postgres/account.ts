import { readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { Failure } from "../../core/shared/failure.ts";

/** The system account that runs initdb and postgres, which both refuse uid 0. */
export type Account =
  | { readonly kind: "self" }
  | { readonly kind: "other"; readonly name: string; readonly uid: number; readonly gid: number };

const nobody: Account = { kind: "other", name: "nobody", uid: 65_534, gid: 65_534 };

/**
 * Non-root: ourselves. Root: the owner of an existing data directory (an account added later must not lose it),
 * else `postgres`, else `nobody`.
 *
 * @throws {Failure} `database.account-unknown` for a uid without a passwd entry: initdb cannot run under it
 */
export async function chooseAccount(dataDirectory: string): Promise<Account> {
  if (process.getuid?.() !== 0) {
    const exists = await stat(`${dataDirectory}/PG_VERSION`).catch(() => null);
    // An existing cluster starts under a uid without a name; only initdb insists on one.
    if (exists === null) requireNamedAccount();
    return { kind: "self" };
  }
  const owner = await stat(dataDirectory).catch(() => null);
  if (owner !== null && owner.uid !== 0) {
    return { kind: "other", name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  }
  return accountForRoot(await readFile("/etc/passwd", "utf8").catch(() => ""));
}

/** The account of `/etc/passwd` that root hands the database to. A line with uid 0 is never taken. */
export function accountForRoot(passwd: string): Account {
  for (const name of ["postgres", "nobody"]) {
    const line = passwd.split("\n").find((candidate) => candidate.startsWith(`${name}:`));
    const [, , uid, gid] = (line ?? "").split(":").map((field) => Number(field));
    if (uid !== undefined && gid !== undefined && uid > 0 && gid >= 0) return { kind: "other", name, uid, gid };
  }
  return nobody;
}

function requireNamedAccount(): void {
  try {
    userInfo();
  } catch (cause) {
    const uid = process.getuid?.() ?? -1;
    throw new Failure(
      "invalid",
      "database.account-unknown",
      {
        uid,
        message:
          `The database cannot be created: user id ${uid} has no entry in /etc/passwd, which initdb requires. ` +
          `Add a passwd line for ${uid}, run as a named user, or set DATABASE_URL to an existing PostgreSQL 15 or newer.`,
      },
      { cause },
    );
  }
}
