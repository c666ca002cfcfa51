import { lstat, readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { Failure } from "../../core/shared/failure.ts";
import { ifThere, readBounded } from "./bounded-file.ts";
import { inputFailure } from "./input-failure.ts";

/** What a path holds, found out without running git. All paths are absolute and real. */
export type LocatedInput =
  | { readonly kind: "missing" }
  | { readonly kind: "file"; readonly file: string; readonly bytes: number }
  | { readonly kind: "folder"; readonly folder: string }
  | { readonly kind: "other"; readonly place: string }
  | LocatedRepository;

export interface LocatedRepository {
  readonly kind: "repository";
  readonly root: string;
  /** Null: bare. */
  readonly workTree: string | null;
  /** HEAD and index; of a linked work tree its own, otherwise the same as `commonDirectory`. */
  readonly gitDirectory: string;
  /** Objects, refs, settings. */
  readonly commonDirectory: string;
}

const pointerBytes = 8_192;

/**
 * Looks at one path. A `.git` file or link that points elsewhere is followed only if that place points back: otherwise a
 * received folder could make us read any repository of this machine.
 * @throws {Failure} `input.unreadable`, `input.git-elsewhere`
 */
export async function locateInput(input: string): Promise<LocatedInput> {
  const place = await ifThere(realpath(path.resolve(input)), input);
  if (place === null) return { kind: "missing" };
  const facts = await stat(place);
  if (facts.isFile()) return { kind: "file", file: place, bytes: facts.size };
  if (!facts.isDirectory()) return { kind: "other", place };
  await ifThere(readdir(place), input);
  const inner = path.join(place, ".git");
  const entry = await ifThere(lstat(inner), inner);
  if (entry === null) return (await isGitDirectory(place)) ? bare(place) : { kind: "folder", folder: place };
  if (entry.isDirectory()) return (await isGitDirectory(inner)) ? withWorkTree(place, inner) : { kind: "folder", folder: place };
  if (entry.isFile()) return followPointer(place, inner);
  throw elsewhere(place, "its .git is neither a folder nor a file");
}

async function bare(place: string): Promise<LocatedRepository> {
  await refuseLinksOutside(place, place);
  return { kind: "repository", root: place, workTree: null, gitDirectory: place, commonDirectory: place };
}

async function withWorkTree(place: string, gitDirectory: string): Promise<LocatedRepository> {
  // A linked work tree keeps objects elsewhere by `commondir`; in a plain `.git` folder this file has no business.
  if ((await ifThere(lstat(path.join(gitDirectory, "commondir")), gitDirectory)) !== null)
    throw elsewhere(place, "its .git folder has a commondir");
  await refuseLinksOutside(gitDirectory, place);
  return { kind: "repository", root: place, workTree: place, gitDirectory, commonDirectory: gitDirectory };
}

/** The parts git cannot do without, each of its right kind. Source: `is_git_directory` of git. */
async function isGitDirectory(place: string): Promise<boolean> {
  const head = await ifThere(lstat(path.join(place, "HEAD")), place);
  if (head === null || (!head.isFile() && !head.isSymbolicLink())) return false;
  const parts = await Promise.all(["objects", "refs"].map((name) => ifThere(stat(path.join(place, name)), place)));
  return parts.every((part) => part !== null && part.isDirectory());
}

/** `gitdir: PATH`: a linked work tree or a submodule. Both name their work tree in turn. */
async function followPointer(place: string, pointer: string): Promise<LocatedRepository> {
  const text = (await readBounded(pointer, pointerBytes))?.toString("utf8") ?? "";
  const target = /^gitdir: (.+?)\r?\n*$/s.exec(text)?.[1];
  if (target === undefined) throw elsewhere(place, "its .git file names no git directory");
  const gitDirectory = await ifThere(realpath(path.resolve(place, target)), pointer);
  if (gitDirectory === null) throw elsewhere(place, "the git directory that its .git file names is not there");
  const commonDirectory = (await linkedWorkTree(gitDirectory, pointer)) ?? (await submodule(gitDirectory, place));
  if (commonDirectory === null) throw elsewhere(place, `its .git file points to ${gitDirectory}, which does not point back`);
  if (!(await isGitDirectory(commonDirectory))) throw elsewhere(place, `${commonDirectory} is not a git directory`);
  await refuseLinksOutside(commonDirectory, commonDirectory);
  return { kind: "repository", root: place, workTree: place, gitDirectory, commonDirectory };
}

async function linkedWorkTree(gitDirectory: string, pointer: string): Promise<string | null> {
  const back = (await readBounded(path.join(gitDirectory, "gitdir"), pointerBytes))?.toString("utf8").replace(/\n$/, "");
  const common = (await readBounded(path.join(gitDirectory, "commondir"), pointerBytes))?.toString("utf8").replace(/\n$/, "");
  if (back === undefined || common === undefined) return null;
  const backPlace = await ifThere(realpath(path.resolve(gitDirectory, back)), gitDirectory);
  return backPlace === pointer ? ifThere(realpath(path.resolve(gitDirectory, common)), gitDirectory) : null;
}

async function submodule(gitDirectory: string, place: string): Promise<string | null> {
  // Read as text on purpose: this asks for one word only, and a setting spelled otherwise is a refusal, not a risk.
  const text = (await readBounded(path.join(gitDirectory, "config"), 1_048_576))?.toString("utf8") ?? "";
  const back = /^\s*worktree\s*=\s*"?([^"\n]+?)"?\s*$/m.exec(text)?.[1];
  if (back === undefined) return null;
  const backPlace = await ifThere(realpath(path.resolve(gitDirectory, back)), gitDirectory);
  return backPlace === place ? gitDirectory : null;
}

/** Links or alternates that would make git read objects or names of another repository. */
async function refuseLinksOutside(gitDirectory: string, root: string): Promise<void> {
  for (const name of [
    "",
    "objects",
    "objects/pack",
    "objects/info",
    "refs",
    "refs/heads",
    "packed-refs",
    "index",
    "shallow",
    "config",
    "info",
  ]) {
    const place = await ifThere(realpath(path.join(gitDirectory, name)), gitDirectory);
    if (place !== null && !isInside(place, root)) throw elsewhere(root, `${path.join(gitDirectory, name)} is a link to ${place}`);
  }
  const alternates = path.join(gitDirectory, "objects/info/alternates");
  if ((await ifThere(lstat(alternates), alternates)) === null) return;
  const text = (await readBounded(alternates, pointerBytes))?.toString("utf8");
  if (text === undefined || text.trim() !== "") {
    throw elsewhere(
      root,
      "it borrows objects from other repositories ('git repack -a -d', then removing .git/objects/info/alternates, makes it whole)",
    );
  }
}

export function isInside(place: string, root: string): boolean {
  return place === root || place.startsWith(root.endsWith("/") ? root : `${root}/`);
}

function elsewhere(place: string, why: string): Failure {
  return inputFailure(
    "forbidden",
    "input.git-elsewhere",
    `The repository ${place} was not read: ${why}. What lies outside it is not read on its word. Give the path of the repository itself, or of a fresh clone.`,
  );
}
