import { mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { ifThere, readBounded } from "./bounded-file.ts";
import { readBundleHeader } from "./bundle-header.ts";
import { historyFile, shallowFile } from "./capture-input.ts";
import { checkOut } from "./check-out.ts";
import { runGitToSuccess } from "./git-command.ts";
import type { GitHost } from "./git-command.ts";
import { inputFailure } from "./input-failure.ts";
import { listFiles } from "./list-files.ts";
import { countCommits } from "./open-source.ts";
import type { OpenedRepository } from "./opened-repository.ts";
import { makeBareRepository } from "./private-git-directory.ts";

export interface OpenOptions {
  /** Absolute, empty, writable; the caller removes it. */
  readonly scratchDirectory: string;
  readonly maxFiles?: number;
  readonly signal?: AbortSignal;
}

const boundaryBytes = 16_777_216;
const defaultMaxFiles = 200_000;

/**
 * Opens what `captureInput` made of a repository: a bundle, or the directory that holds it (for a shallow clone the
 * directory, because its boundary lies beside the bundle).
 * @throws {Failure} `input.missing`, `input.bundle-invalid`, `git.failed`, `git.timed-out`
 */
export async function openRepository(host: GitHost, captured: string, options: OpenOptions): Promise<OpenedRepository> {
  const bundle = await bundleIn(captured);
  const { objectFormat, commit } = await readBundleHeader(bundle);
  const shallow = await readBoundary(path.join(path.dirname(bundle), shallowFile));
  const gitDirectory = path.join(options.scratchDirectory, "repository.git");
  const treeDirectory = path.join(options.scratchDirectory, "tree");
  // A branch without a commit until the objects are there: git refuses to unpack below a HEAD it cannot find.
  await makeBareRepository({
    directory: gitDirectory,
    objectFormat,
    head: "ref: refs/heads/unpacking",
    ...(shallow === null ? {} : { shallow: shallow.bytes }),
  });
  await mkdir(treeDirectory);
  const call = { host, gitDirectory, ...(options.signal === undefined ? {} : { signal: options.signal }) };
  // Unpacks without a transport: `fetch` would need a protocol allowed.
  await runGitToSuccess({ ...call, access: "read-write", words: ["bundle", "unbundle", bundle], readOnlyPaths: [bundle] });
  await writeFile(path.join(gitDirectory, "HEAD"), `${commit}\n`);
  const commits = await countCommits({ ...call, access: "read-only" });
  const listed = await listFiles(
    host,
    { gitDirectory, commit },
    { maxFiles: options.maxFiles ?? defaultMaxFiles, ...(options.signal === undefined ? {} : { signal: options.signal }) },
  );
  const skipped = await checkOut({ ...call, access: "read-only" }, listed.files, treeDirectory);
  return {
    gitDirectory,
    treeDirectory,
    commit,
    commits,
    shallow: shallow !== null,
    boundary: shallow?.commits ?? [],
    skipped,
    truncated: listed.truncated,
  };
}

async function bundleIn(captured: string): Promise<string> {
  const facts = await ifThere(stat(captured), captured);
  const bundle = facts?.isDirectory() === true ? path.join(captured, historyFile) : captured;
  if ((await ifThere(stat(bundle), bundle))?.isFile() === true) return path.resolve(bundle);
  throw inputFailure("not-found", "input.missing", `There is no captured repository at ${captured}. Submit the input again.`);
}

async function readBoundary(file: string): Promise<{ readonly bytes: Uint8Array; readonly commits: readonly string[] } | null> {
  const bytes = await readBounded(file, boundaryBytes);
  if (bytes === null) return null;
  const commits = bytes
    .toString("latin1")
    .split("\n")
    .filter((line) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(line));
  return commits.length === 0 ? null : { bytes, commits };
}
