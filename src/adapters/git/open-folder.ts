import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Failure } from "../../core/shared/failure.ts";

const execute = promisify(execFile);

/**
 * Lays a captured folder out again, with the system's tar. Links are laid out as links and never followed by readers.
 * @throws {Failure} `input.folder-damaged`
 */
export async function openFolder(tarFile: string, treeDirectory: string, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
  try {
    await execute(
      "tar",
      [
        "--extract",
        "--file",
        tarFile,
        "--directory",
        treeDirectory,
        "--no-same-owner",
        "--no-same-permissions",
        "--delay-directory-restore",
      ],
      {
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        timeout: 300_000,
        env: { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" },
      },
    );
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new Failure(
      "unavailable",
      "input.folder-damaged",
      {
        message: `The captured folder could not be laid out again: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`,
      },
      { cause: error },
    );
  }
}
