import { mkdir, open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import type { SkippedFact } from "../../core/shared/repository-facts.ts";
import { batchReader } from "./batch-reader.ts";
import { runGitToSuccess } from "./git-command.ts";
import type { GitCall } from "./git-command.ts";
import type { TrackedFile } from "./list-files.ts";
import { partsOf, pathBytes } from "./path-text.ts";

/** Larger blobs, and what goes beyond the total, are named instead of written. */
const maxFileBytes = 104_857_600;
const maxTotalBytes = 2_147_483_648;
const maxDepth = 128;
const slash = Buffer.from("/");

/**
 * Writes blobs as files, without git's own checkout: no attribute, filter, line end or link takes part. Only plain files and
 * folders come into being below `treeDirectory`, so no path can lead out of it.
 */
export async function checkOut(
  call: Omit<GitCall, "words">,
  files: readonly TrackedFile[],
  treeDirectory: string,
): Promise<readonly SkippedFact[]> {
  const plan = planOf(files);
  if (plan.write.length === 0) return plan.skipped;
  const tree: Tree = { root: Buffer.from(treeDirectory), folders: new Set(), skipped: [...plan.skipped] };
  const reader = batchReader(plan.write, (file) => openFile(tree, file));
  await runGitToSuccess({
    ...call,
    words: ["cat-file", "--batch", "--buffer"],
    input: Buffer.from(plan.write.map((file) => `${file.sha}\n`).join(""), "latin1"),
    onStdout: reader.take,
  });
  await reader.finish();
  return tree.skipped;
}

interface CheckOutPlan {
  readonly write: readonly TrackedFile[];
  readonly skipped: readonly SkippedFact[];
}

function planOf(files: readonly TrackedFile[]): CheckOutPlan {
  const write: TrackedFile[] = [];
  const skipped: SkippedFact[] = [];
  let total = 0;
  for (const file of files) {
    const reason = reasonToSkip(file) ?? (total + (file.bytes ?? 0) > maxTotalBytes ? "the tree is larger than 2 GiB" : null);
    if (reason === null) {
      write.push(file);
      total += file.bytes ?? 0;
    } else if (reason !== "") skipped.push({ path: file.path, reason });
  }
  return { write, skipped };
}

/** Empty: nothing is missing. A submodule has no content here, and a link's content is its target. */
function reasonToSkip(file: TrackedFile): string | null {
  if (file.kind === "submodule") return "";
  if (file.kind === "symlink") return "it is a symbolic link, and none is made";
  if ((file.bytes ?? 0) > maxFileBytes) return "it is larger than 100 MiB";
  const parts = partsOf(pathBytes(file));
  if (parts.length > maxDepth) return `it lies more than ${maxDepth} folders deep`;
  return parts.some(isUnsafe) ? "its path is not a safe one" : null;
}

/** What git itself refuses in an index, and a `.git` in any spelling a file system may fold together. Source: `verify_path` of git. */
function isUnsafe(part: Buffer): boolean {
  const name = part.toString("utf8");
  const folded = name.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, "").toLowerCase();
  return name === "" || name === "." || name === ".." || /^(?:\.git|git~1)[ .]*(?::.*)?$/.test(folded);
}

interface Tree {
  readonly root: Buffer;
  readonly folders: Set<string>;
  readonly skipped: SkippedFact[];
}

/** Null, with the reason noted, where the file system cannot hold the name. */
async function openFile(tree: Tree, file: TrackedFile): Promise<FileHandle | null> {
  const name = pathBytes(file);
  try {
    await makeFolders(tree, partsOf(name).slice(0, -1));
    return await open(Buffer.concat([tree.root, slash, name]), "wx", file.executable ? 0o755 : 0o644);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const reason = unwritable[code];
    if (reason === undefined) throw error;
    tree.skipped.push({ path: file.path, reason });
    return null;
  }
}

const unwritable: Readonly<Record<string, string>> = {
  EEXIST: "another path of the commit is the same on this file system",
  ENOTDIR: "another path of the commit is a file where this one needs a folder",
  EISDIR: "another path of the commit is a folder of that name",
  ENAMETOOLONG: "its name is too long for this file system",
  EILSEQ: "its name cannot be written on this file system",
  EINVAL: "its name cannot be written on this file system",
};

async function makeFolders(tree: Tree, parts: readonly Buffer[]): Promise<void> {
  let folder = tree.root;
  for (const part of parts) {
    folder = Buffer.concat([folder, slash, part]);
    const key = folder.toString("latin1");
    if (tree.folders.has(key)) continue;
    await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    tree.folders.add(key);
  }
}
