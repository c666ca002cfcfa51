import { lstat, readdir, readlink, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { ifThere, readBounded } from "./bounded-file.ts";
import { gitFailure, runGit, runGitToSuccess } from "./git-command.ts";
import type { GitCall, GitHost } from "./git-command.ts";
import { inputFailure } from "./input-failure.ts";
import type { LocatedRepository } from "./locate-repository.ts";
import { makeFront } from "./private-git-directory.ts";
import type { ObjectFormat } from "./private-git-directory.ts";

/** A foreign repository behind a git directory of ours. */
export interface SourceRepository {
  readonly located: LocatedRepository;
  /** Null: no commit yet. */
  readonly commit: string | null;
  /** Null: HEAD names a commit, not a branch. */
  readonly branch: string | null;
  readonly shallow: Uint8Array | null;
  readonly partialClone: boolean;
  readonly warnings: readonly string[];
  /** A call with everything set but the words; more may be laid over it. */
  readonly call: Omit<GitCall, "words">;
}

const indexBytes = 268_435_456;
const listBytes = 16_777_216;
const sharedIndexes = 16;

/**
 * Puts a front before the repository, in `frontDirectory` (not there yet), and asks where HEAD is.
 * @throws {Failure} `input.repository-unsupported`, `input.repository-damaged`
 */
export async function openSource(host: GitHost, located: LocatedRepository, frontDirectory: string): Promise<SourceRepository> {
  const settings = await readSettings(host, located, frontDirectory);
  const head = await readHead(located);
  const { gitDirectory, commonDirectory } = located;
  const shallow = await readBounded(path.join(commonDirectory, "shallow"), listBytes);
  const index = await readIndex(located);
  await makeFront(
    { directory: frontDirectory, objectFormat: settings.objectFormat, head, ...(shallow === null ? {} : { shallow }) },
    {
      objects: path.join(commonDirectory, "objects"),
      refs: path.join(commonDirectory, "refs"),
      packedRefs: await regular(path.join(commonDirectory, "packed-refs")),
      index: index.bytes,
      sharedIndexes: await sharedIndexFiles(gitDirectory),
      exclude: await readBounded(path.join(commonDirectory, "info/exclude"), listBytes),
      fileMode: settings.fileMode,
    },
  );
  const call = {
    host,
    gitDirectory: frontDirectory,
    access: "read-only" as const,
    readOnlyPaths: [...new Set([gitDirectory, commonDirectory])],
  };
  const branch = head.startsWith("ref: refs/heads/") ? head.slice("ref: refs/heads/".length) : null;
  const commit = await headCommit(call, located);
  // From here on the answer holds for this commit, also when somebody commits meanwhile.
  if (commit !== null) await writeFile(path.join(frontDirectory, "HEAD"), `${commit}\n`);
  return {
    located,
    commit,
    branch,
    shallow: shallow !== null && shallow.length > 0 ? shallow : null,
    partialClone: settings.partialClone,
    warnings: index.warnings,
    call,
  };
}

interface Settings {
  readonly objectFormat: ObjectFormat;
  readonly fileMode: boolean;
  readonly partialClone: boolean;
}

/** Reads the foreign settings as data: `--file` runs nothing, and without includes nothing else is read. */
async function readSettings(host: GitHost, located: LocatedRepository, frontDirectory: string): Promise<Settings> {
  const bytes = await readBounded(path.join(located.commonDirectory, "config"), 1_048_576);
  if (bytes === null) return { objectFormat: "sha1", fileMode: true, partialClone: false };
  const listed = await runGit({
    host,
    gitDirectory: path.dirname(frontDirectory),
    access: "read-only",
    words: ["config", "--file", "-", "--no-includes", "--list", "-z"],
    input: bytes,
  });
  const settings = new Map<string, string>();
  for (const entry of Buffer.from(listed.stdout).toString("utf8").split("\0")) {
    const end = entry.indexOf("\n");
    settings.set(end === -1 ? entry : entry.slice(0, end), end === -1 ? "true" : entry.slice(end + 1));
  }
  const refStorage = settings.get("extensions.refstorage") ?? "files";
  const objectFormat = settings.get("extensions.objectformat") ?? "sha1";
  if (refStorage !== "files" || (objectFormat !== "sha1" && objectFormat !== "sha256")) {
    throw inputFailure(
      "invalid",
      "input.repository-unsupported",
      `${located.root} keeps its names as '${refStorage}' and its objects as '${objectFormat}', which cannot be read. Give a fresh clone made with 'git clone --ref-format=files'.`,
    );
  }
  const partialClone = [...settings.keys()].some((name) => name === "extensions.partialclone" || /^remote\..*\.promisor$/.test(name));
  return { objectFormat, fileMode: settings.get("core.filemode") !== "false", partialClone };
}

/** @throws {Failure} `input.repository-damaged` */
async function readHead(located: LocatedRepository): Promise<string> {
  const file = path.join(located.gitDirectory, "HEAD");
  const facts = await ifThere(lstat(file), file);
  // Before 2005 was over, HEAD was a link; git still reads those.
  const text =
    facts?.isSymbolicLink() === true ? `ref: ${await readlink(file)}` : ((await readBounded(file, 4_096))?.toString("utf8").trim() ?? "");
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) || /^ref: refs\/[^\0\n]+$/.test(text)) return text;
  throw damaged(located, "its HEAD names neither a commit nor a branch");
}

async function readIndex(located: LocatedRepository): Promise<{ readonly bytes: Uint8Array | null; readonly warnings: readonly string[] }> {
  if (located.workTree === null) return { bytes: null, warnings: [] };
  const file = path.join(located.gitDirectory, "index");
  const bytes = await readBounded(file, indexBytes);
  if (bytes !== null || (await ifThere(lstat(file), file)) === null) return { bytes, warnings: [] };
  return {
    bytes: null,
    warnings: ["The index is not a regular file of at most 256 MiB and was not read: uncommitted changes cannot be told."],
  };
}

async function sharedIndexFiles(gitDirectory: string): Promise<readonly string[]> {
  const names = (await readdir(gitDirectory)).filter((name) => /^sharedindex\.[0-9a-f]{40,64}$/.test(name));
  return names.slice(0, sharedIndexes).map((name) => path.join(gitDirectory, name));
}

const regular = async (file: string): Promise<string | null> => ((await ifThere(stat(file), file))?.isFile() === true ? file : null);

async function headCommit(call: Omit<GitCall, "words">, located: LocatedRepository): Promise<string | null> {
  const named = await runGit({ ...call, words: ["rev-parse", "--verify", "--quiet", "HEAD"] });
  // 1 is git's quiet "no such name"; anything else means that git could not look.
  if (named.exitCode === 1) return null;
  if (named.exitCode !== 0) throw gitFailure("rev-parse", named);
  const found = await runGit({ ...call, words: ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"] });
  if (found.exitCode !== 0) throw damaged(located, "the commit that HEAD names cannot be read");
  return Buffer.from(found.stdout).toString("latin1").trim();
}

/** Commits that HEAD reaches. */
export async function countCommits(call: Omit<GitCall, "words">): Promise<number> {
  const { stdout } = await runGitToSuccess({ ...call, words: ["rev-list", "--count", "HEAD", "--"] });
  return Number(Buffer.from(stdout).toString("latin1").trim());
}

const damaged = (located: LocatedRepository, why: string) =>
  inputFailure(
    "invalid",
    "input.repository-damaged",
    `The repository ${located.root} is damaged: ${why}. Run 'git fsck' in it, or give a fresh clone.`,
  );
