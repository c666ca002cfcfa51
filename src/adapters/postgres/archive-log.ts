import { chmod, chown, mkdir, stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { Failure } from "../../core/shared/failure.ts";
import type { Account } from "./account.ts";
import { canPass } from "./data-directory.ts";

const unusable = (folder: string, why: string, cause?: unknown): Failure =>
  new Failure(
    "invalid",
    "database.archive-unusable",
    { folder, message: `The database's log cannot be kept in ${folder}: ${why}. Name another folder in XVC_WAL_ARCHIVE, or unset it.` },
    { cause },
  );

/**
 * What makes the server keep every finished piece of its log in a folder, so that a backup can be carried on to any instant
 * after it. No folder: nothing is kept. The folder is made, and must be one that the database's account may write into.
 *
 * @throws {Failure} `database.archive-unusable`
 */
export async function archiveSettings(folder: string | undefined, account: Account): Promise<readonly string[]> {
  if (folder === undefined || folder === "") return ["archive_mode=off"];
  // Quoted below for a shell and for the server; what cannot be quoted in both alike is refused.
  if (!isAbsolute(folder) || /['"\\\p{Cc}]/u.test(folder)) throw unusable(folder, "it must be a whole path without quotes and backslashes");
  await makeFolder(folder, account).catch((error: unknown) => {
    throw error instanceof Failure ? error : unusable(folder, error instanceof Error ? error.message : String(error), error);
  });
  const file = `'${folder.replaceAll("%", "%%")}/%f'`;
  // Whole under its own name or not at all, and on disk before the server may forget its own. After a crash the same piece comes
  // again: success if it is there already, for ever a failure if another one is.
  const keep = `cp %p ${file}.part && { sync ${file}.part 2>/dev/null || sync; } && mv ${file}.part ${file}`;
  return ["archive_mode=on", "archive_library=", `archive_command=if test -e ${file}; then cmp -s %p ${file}; else ${keep}; fi`];
}

async function makeFolder(folder: string, account: Account): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (account.kind === "self") return;
  const { uid } = await stat(folder);
  if (uid === account.uid) return;
  if (uid !== 0) throw unusable(folder, `it belongs to user id ${uid}, and the database runs as ${account.name}`);
  await chown(folder, account.uid, account.gid);
  await chmod(folder, 0o700);
  if (!(await canPass(folder, account))) throw unusable(folder, `${account.name}, as whom the database runs, cannot reach it`);
}
