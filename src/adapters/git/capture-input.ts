import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import { Failure } from "../../core/shared/failure.ts";
import { captureFolder, folderLimits } from "./capture-folder.ts";
import { withScratch } from "./describe-input.ts";
import { runGitToSuccess } from "./git-command.ts";
import type { GitHost } from "./git-command.ts";
import { tooLarge, writeHashedFile } from "./hashed-file.ts";
import type { CapturedFile } from "./hashed-file.ts";
import { inputFailure } from "./input-failure.ts";
import { locateInput } from "./locate-repository.ts";
import type { LocatedInput } from "./locate-repository.ts";
import { countCommits, openSource } from "./open-source.ts";
import type { SourceRepository } from "./open-source.ts";
import { countDirtyFiles, writeWorktreePatch } from "./worktree-changes.ts";

/** Names of the captured files; `openRepository` looks for the first two. */
export const historyFile = "history.bundle";
export const shallowFile = "history.shallow";
export const patchFile = "worktree.patch";
export const folderFile = "folder.tar";
export const contentFile = "content";

interface Captured {
  /** Last part of the path that was given; for people. */
  readonly name: string;
  /** In the destination directory, which the caller keeps or empties. */
  readonly files: readonly CapturedFile[];
  /** At most some dozens, for people. */
  readonly warnings: readonly string[];
}

export type CapturedInput =
  | (Captured & {
      readonly kind: "git-repository";
      readonly commit: string;
      readonly branch: string | null;
      readonly commits: number;
      readonly shallow: boolean;
      /** In the work tree, whether or not they were captured. */
      readonly dirtyFiles: number;
    })
  /** A repository without a commit: nothing to capture, and the request may say so. */
  | (Captured & { readonly kind: "empty-repository"; readonly branch: string | null })
  | (Captured & { readonly kind: "folder" | "file" });

export interface CaptureOptions {
  /** Also the uncommitted changes, as a patch of its own. */
  readonly includeWorktree: boolean;
  /** Absolute, empty, writable. */
  readonly destinationDirectory: string;
  /** Of all captured files of one kind; default 2 GiB. */
  readonly maxBytes?: number;
}

/**
 * Copies an input so that it no longer depends on the path: a repository as a bundle of its commit and history, a folder as
 * a tar, a file as it is. Changes nothing at the path. After a failure the destination holds no half-written file.
 * @throws {Failure} `input.missing`, `input.special`, `input.unreadable`, `input.too-large`, `input.partial-clone`,
 * `input.git-elsewhere`, `input.repository-damaged`, `input.repository-unsupported`, `git.failed`, `git.timed-out`
 */
export async function captureInput(host: GitHost, input: string, options: CaptureOptions): Promise<CapturedInput> {
  const located = await locateInput(input);
  const name = path.basename(path.resolve(input));
  try {
    return await captureLocated({ host, input, name, options }, located);
  } catch (error) {
    const files = [historyFile, shallowFile, patchFile, folderFile, contentFile];
    await Promise.all(files.map((file) => rm(path.join(options.destinationDirectory, file), { force: true })));
    throw error;
  }
}

interface Capture {
  readonly host: GitHost;
  readonly input: string;
  readonly name: string;
  readonly options: CaptureOptions;
}

async function captureLocated(capture: Capture, located: LocatedInput): Promise<CapturedInput> {
  const { host, input, name, options } = capture;
  const maxBytes = options.maxBytes ?? folderLimits.maxBytes;
  const destination = (file: string) => path.join(options.destinationDirectory, file);
  switch (located.kind) {
    case "missing":
      throw inputFailure("not-found", "input.missing", `There is nothing at ${input}. Check the path.`);
    case "other":
      throw inputFailure(
        "invalid",
        "input.special",
        `${input} is a socket, a pipe or a device. Give a file, a folder or a git repository.`,
      );
    case "file": {
      if (located.bytes > maxBytes) throw tooLarge(input, maxBytes);
      const { file } = await writeHashedFile({ path: destination(contentFile), maxBytes, what: input }, async (write) => {
        for await (const chunk of createReadStream(located.file)) await write(chunk as Uint8Array);
      });
      return { kind: "file", name, files: [file], warnings: [] };
    }
    case "folder": {
      const { file, value } = await captureFolder(located.folder, destination(folderFile), { ...folderLimits, maxBytes });
      return { kind: "folder", name, files: [file], warnings: value };
    }
    case "repository":
      return withScratch(async (scratch) => captureRepository(capture, await openSource(host, located, path.join(scratch, "front"))));
  }
}

async function captureRepository({ name, options }: Capture, source: SourceRepository): Promise<CapturedInput> {
  const { commit, branch } = source;
  if (commit === null) {
    const warning = "The repository has no commit, so there is no history and no file to read.";
    return { kind: "empty-repository", name, branch, files: [], warnings: [...source.warnings, warning] };
  }
  const maxBytes = options.maxBytes ?? folderLimits.maxBytes;
  const place = (file: string) => ({ path: path.join(options.destinationDirectory, file), maxBytes, what: source.located.root });
  const history = await captureHistory(source, place(historyFile));
  const shallow = source.shallow;
  const boundary = shallow === null ? [] : [(await writeHashedFile(place(shallowFile), (write) => write(shallow))).file];
  const patch = await capturePatch(source, options, place(patchFile));
  const dirtyFiles = await countDirtyFiles(source);
  const skipped =
    dirtyFiles > 0 && !options.includeWorktree ? [`${dirtyFiles} uncommitted files were left out; --worktree takes them along.`] : [];
  return {
    kind: "git-repository",
    name,
    commit,
    branch,
    commits: await countCommits(source.call),
    shallow: shallow !== null,
    dirtyFiles,
    files: [history, ...boundary, ...patch.files],
    warnings: [...source.warnings, ...skipped, ...patch.warnings],
  };
}

type Place = Parameters<typeof writeHashedFile>[0];

async function captureHistory(source: SourceRepository, place: Place): Promise<CapturedFile> {
  try {
    return (
      await writeHashedFile(place, (write) =>
        runGitToSuccess({ ...source.call, words: ["bundle", "create", "--quiet", "-", "HEAD"], onStdout: write }),
      )
    ).file;
  } catch (error) {
    if (!source.partialClone) throw error;
    const message = `${source.located.root} is a partial clone: files it never fetched are missing, and nothing is fetched for a foreign repository. Give a full clone, made without --filter.`;
    throw new Failure("invalid", "input.partial-clone", { message }, { cause: error });
  }
}

async function capturePatch(
  source: SourceRepository,
  options: CaptureOptions,
  place: Place,
): Promise<{ readonly files: readonly CapturedFile[]; readonly warnings: readonly string[] }> {
  if (!options.includeWorktree || source.located.workTree === null) return { files: [], warnings: [] };
  const { file, value } = await writeHashedFile(place, (write) => writeWorktreePatch(source, write));
  return { files: [file], warnings: value };
}
