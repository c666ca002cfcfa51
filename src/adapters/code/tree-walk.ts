import { lstat, readdir } from "node:fs/promises";
import type { RepositoryLimits, SkippedFact } from "../../core/shared/repository-facts.ts";

/** One entry of a tree on disk. `location` is exact; `path` is what people read. */
export interface TreeEntry {
  readonly path: string;
  readonly location: Buffer;
  readonly kind: "file" | "symlink" | "unreadable";
  readonly bytes: number;
}

export interface TreeListing {
  readonly entries: readonly TreeEntry[];
  readonly skipped: readonly SkippedFact[];
  readonly truncated: boolean;
}

/** Folders that a plain folder (no git to say what belongs) holds for tools, not for people. */
const toolFolders = new Set([
  "node_modules",
  ".venv",
  "venv",
  "__pycache__",
  ".tox",
  ".gradle",
  ".mypy_cache",
  ".pytest_cache",
  ".next",
  ".turbo",
]);

const slash = Buffer.from("/");
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Valid UTF-8 as it is; otherwise every byte outside ASCII, and `%`, as `%XX`. */
export function readableName(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    // The decoder has one reason to throw: bytes that are not UTF-8.
    if (!(error instanceof TypeError)) throw error;
    let name = "";
    for (const byte of bytes) {
      name += byte < 0x80 && byte !== 0x25 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    }
    return name;
  }
}

/**
 * Every file below `directory` in path order. Never follows a symlink, never enters `.git`; sockets, pipes and devices are
 * skipped with the reason. Stops at `limits.maxFiles` entries and `limits.maxDepth` folders deep.
 */
export async function walkTree(
  directory: string,
  options: { readonly limits: RepositoryLimits; readonly skipToolFolders: boolean; readonly signal: AbortSignal },
): Promise<TreeListing> {
  const walk = { entries: [] as TreeEntry[], skipped: [] as SkippedFact[], truncated: false };
  await walkFolder({ location: Buffer.from(directory), path: "", depth: 0 }, walk, options);
  walk.entries.sort((left, right) => (left.path < right.path ? -1 : left.path > right.path ? 1 : 0));
  return walk;
}

interface Folder {
  readonly location: Buffer;
  readonly path: string;
  readonly depth: number;
}

interface Walk {
  readonly entries: TreeEntry[];
  readonly skipped: SkippedFact[];
  truncated: boolean;
}

async function walkFolder(folder: Folder, walk: Walk, options: Parameters<typeof walkTree>[1]): Promise<void> {
  options.signal.throwIfAborted();
  const names = await readdir(folder.location, { encoding: "buffer", withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    walk.skipped.push({ path: folder.path, reason: `folder cannot be read (${error.code ?? "unknown"})` });
    return [];
  });
  names.sort((left, right) => Buffer.compare(left.name, right.name));
  for (const entry of names) {
    if (walk.entries.length >= options.limits.maxFiles) {
      walk.truncated = true;
      return;
    }
    const path = folder.path === "" ? readableName(entry.name) : `${folder.path}/${readableName(entry.name)}`;
    const location = Buffer.concat([folder.location, slash, entry.name]);
    if (entry.isDirectory()) await enterFolder({ location, path, depth: folder.depth + 1 }, walk, options);
    else if (entry.isFile() || entry.isSymbolicLink()) walk.entries.push(await describe(path, location));
    else walk.skipped.push({ path, reason: "neither a file nor a folder" });
  }
}

async function enterFolder(folder: Folder, walk: Walk, options: Parameters<typeof walkTree>[1]): Promise<void> {
  const name = folder.path.slice(folder.path.lastIndexOf("/") + 1);
  if (name === ".git") return;
  if (options.skipToolFolders && toolFolders.has(name))
    walk.skipped.push({ path: folder.path, reason: "a tool's folder, not read without git to say it belongs" });
  else if (folder.depth > options.limits.maxDepth)
    walk.skipped.push({ path: folder.path, reason: `more than ${options.limits.maxDepth} folders deep` });
  else await walkFolder(folder, walk, options);
}

async function describe(path: string, location: Buffer): Promise<TreeEntry> {
  try {
    const found = await lstat(location);
    return { path, location, kind: found.isSymbolicLink() ? "symlink" : found.isFile() ? "file" : "unreadable", bytes: found.size };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return { path, location, kind: "unreadable", bytes: 0 };
  }
}
