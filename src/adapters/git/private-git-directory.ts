import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

export type ObjectFormat = "sha1" | "sha256";

export interface PrivateGitDirectory {
  /** Absolute, not there yet; its parent is. */
  readonly directory: string;
  readonly objectFormat: ObjectFormat;
  /** Content of HEAD: a commit, or `ref: refs/...`. */
  readonly head: string;
  /** Empty: the whole history is here. */
  readonly shallow?: Uint8Array;
}

/** A bare git directory with settings of ours alone, made without git: it runs no template, no hook, reads no setting. */
export async function makeGitDirectory(wanted: PrivateGitDirectory): Promise<void> {
  await mkdir(path.join(wanted.directory, "objects", "info"), { recursive: true });
  await mkdir(path.join(wanted.directory, "objects", "pack"));
  await mkdir(path.join(wanted.directory, "info"));
  await writeFile(path.join(wanted.directory, "HEAD"), `${wanted.head}\n`);
  await writeFile(path.join(wanted.directory, "config"), settings(wanted.objectFormat, true));
  if (wanted.shallow !== undefined && wanted.shallow.length > 0) await writeFile(path.join(wanted.directory, "shallow"), wanted.shallow);
}

/** A bare git directory that holds its history itself. */
export async function makeBareRepository(wanted: PrivateGitDirectory): Promise<void> {
  await makeGitDirectory(wanted);
  await mkdir(path.join(wanted.directory, "refs"));
}

/** Where a foreign repository keeps what we read through our own git directory. */
export interface ForeignParts {
  readonly objects: string;
  /** Names of branches and tags as files, and as one file; absent ones are left out. */
  readonly refs: string;
  readonly packedRefs: string | null;
  /** Bytes of its index and its excludes. */
  readonly index: Uint8Array | null;
  readonly sharedIndexes: readonly string[];
  readonly exclude: Uint8Array | null;
  /** Whether its files carry the executable bit; false on some file systems, where every file would count as changed. */
  readonly fileMode: boolean;
}

/**
 * A git directory of ours in front of a foreign repository: objects and names of that one, settings, hooks, attributes and
 * remotes of none. So `core.fsmonitor`, aliases, filters, includes and the like are not overruled but never read.
 */
export async function makeFront(wanted: PrivateGitDirectory, parts: ForeignParts): Promise<void> {
  await makeGitDirectory(wanted);
  const inside = (name: string) => path.join(wanted.directory, name);
  await writeFile(inside("config"), settings(wanted.objectFormat, parts.fileMode));
  // Through a link, because this file has its own rules for odd characters in paths.
  await symlink(parts.objects, inside("foreign-objects"));
  await writeFile(inside("objects/info/alternates"), "../foreign-objects\n");
  await symlink(parts.refs, inside("refs"));
  if (parts.packedRefs !== null) await symlink(parts.packedRefs, inside("packed-refs"));
  if (parts.index !== null) await writeFile(inside("index"), parts.index);
  for (const shared of parts.sharedIndexes) await symlink(shared, inside(path.basename(shared)));
  if (parts.exclude !== null) await writeFile(inside("info/exclude"), parts.exclude);
}

function settings(objectFormat: ObjectFormat, fileMode: boolean): string {
  const core = ["[core]", "\tbare = true", `\tfilemode = ${String(fileMode)}`, "\tlogallrefupdates = false"];
  if (objectFormat === "sha1") return [...core, "\trepositoryformatversion = 0", ""].join("\n");
  return [...core, "\trepositoryformatversion = 1", "[extensions]", "\tobjectformat = sha256", ""].join("\n");
}
