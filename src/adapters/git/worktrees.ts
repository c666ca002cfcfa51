import { constants } from "node:fs";
import { chmod, copyFile, lstat, mkdir, mkdtemp, open, readdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { agentLimits } from "../../core/gate/agent.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { LocatedRepository } from "../../engine/ports/analyser.ts";
import type { Worktree, Worktrees } from "../../engine/ports/agent.ts";
import { checkOut } from "./check-out.ts";
import type { GitHost } from "./git-command.ts";
import { listFiles } from "./list-files.ts";
import { changesOf, commitOfTree } from "./read-changes.ts";
import { type SideRepository, commit, joinPatches, makeSideRepository, text } from "./side-repository.ts";

/** Where our own files lie in a tree. */
const ownFolder = ".xvc";
/** No attempt is older: what is, nobody works in any more. */
const leftOverMs = 3_600_000;

/**
 * Worktrees below one directory of the data home, for us alone. Each has a git directory of its own inside, which reads the captured
 * repository's objects and shares nothing that can be written: `git worktree add` would share names, settings and hooks. What came out is
 * read by a second git directory that the program never saw.
 */
export const gitWorktrees = ({
  root,
  host,
  nowMs,
}: {
  readonly root: string;
  readonly host: GitHost;
  readonly nowMs: () => number;
}): Worktrees => {
  const place = async (): Promise<string> => {
    await mkdir(root, { recursive: true, mode: 0o700 });
    await chmod(root, 0o700);
    return mkdtemp(path.join(root, `w-${process.pid}-`));
  };
  return {
    async open({ repository, patches }, signal) {
      const directory = await place();
      try {
        const side = await makeSideRepository(host, { directory: path.join(directory, "git"), repository }, signal);
        const joined = await joinPatches(side, patches);
        if (joined.kind === "conflict")
          throw new Failure("conflict", "agent.upstream-conflict", {
            message: `Accepted work that this task builds on does not fit together: ${joined.paths.join(", ")}. A person joins it.`,
          });
        return await lay(side, { directory, repository, start: joined.commit });
      } catch (error) {
        await rm(directory, { recursive: true, force: true });
        throw error;
      }
    },
    async merge({ repository, patches, branch, atMs }, signal) {
      const directory = await place();
      try {
        const side = await makeSideRepository(host, { directory: path.join(directory, "git"), repository }, signal);
        const joined = await joinPatches(side, patches);
        if (joined.kind === "conflict") return joined;
        const tree = await text(side, { words: ["rev-parse", `${joined.commit}^{tree}`] });
        const made = await commit(side, { tree, parent: side.base, message: branch, atMs });
        return { kind: "merged", changes: await changesOf(side, made, branch) };
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
    async sweep() {
      const names = await readdir(root).catch(() => []);
      let swept = 0;
      for (const name of names) {
        const found = path.join(root, name);
        const facts = await stat(found).catch(() => null);
        if (facts === null || (isOfLiving(name) && nowMs() - facts.mtimeMs < leftOverMs)) continue;
        await rm(found, { recursive: true, force: true });
        swept += 1;
      }
      return swept;
    },
  };
};

/** Whether the process in whose name it was made still runs; a number that another process has by now waits for its time. */
function isOfLiving(name: string): boolean {
  const id = Number(/^w-(\d+)-/u.exec(name)?.[1] ?? 0);
  if (id === 0) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

interface Laying {
  readonly directory: string;
  readonly repository: LocatedRepository | null;
  readonly start: string;
}

async function lay(side: SideRepository, { directory, repository, start }: Laying): Promise<Worktree> {
  const run = path.join(directory, "run");
  const [tree, home] = [path.join(run, "tree"), path.join(run, "home")];
  const outputs = path.join(tree, ownFolder, "outputs");
  for (const folder of [run, tree, home]) await mkdir(folder, { mode: 0o700 });
  const listed = await listFiles(side.host, { gitDirectory: side.directory, commit: start }, { signal: side.signal });
  if (listed.truncated)
    throw new Failure("invalid", "agent.result-too-large", { message: "The repository holds too many files for a worktree." });
  const call = { host: side.host, gitDirectory: side.directory, access: "read-only", signal: side.signal } as const;
  const skipped = await checkOut(call, listed.files, tree);
  await makeInnerRepository(side, tree, start);
  await mkdir(outputs, { recursive: true });
  const placed = new Set<string>([ownFolder]);
  return {
    directory: run,
    tree,
    home,
    outputs,
    readOnlyPaths: [side.directory, ...(repository === null ? [] : side.readOnlyPaths)],
    async place(relativePath, bytes) {
      const target = path.join(tree, relativePath);
      await mkdir(path.dirname(target), { recursive: true });
      const isThere = await writeFile(target, bytes, { flag: "wx" }).then(
        () => false,
        (error: NodeJS.ErrnoException) => {
          if (error.code === "EEXIST") return true;
          throw error;
        },
      );
      if (isThere) return;
      if (!relativePath.startsWith(`${ownFolder}/`)) placed.add(relativePath);
      await writeFile(path.join(tree, ".git/info/exclude"), [...placed].map((one) => `/${one}\n`).join(""));
    },
    async changes({ branch, message, atMs }, signal) {
      await checkPlace(tree);
      const reading = { ...side, signal };
      const read = { tree, start, placed: [...placed], skipped: new Set(skipped.map((one) => one.path)) };
      const made = await commitOfTree(reading, read, { message, atMs });
      return changesOf(reading, made, branch);
    },
    async output(name) {
      await checkPlace(tree);
      return readOutput(outputs, name);
    },
    remove: () => rm(directory, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** What the program sees as its repository: at the commit it begins with, with an index that fits. */
async function makeInnerRepository(side: SideRepository, tree: string, start: string): Promise<void> {
  const inner = path.join(tree, ".git");
  for (const folder of ["objects/info", "objects/pack", "refs/heads", "info"]) await mkdir(path.join(inner, folder), { recursive: true });
  const format =
    start.length === 64 ? ["\trepositoryformatversion = 1", "[extensions]", "\tobjectformat = sha256"] : ["\trepositoryformatversion = 0"];
  const settings = ["[user]", "\tname = agent", "\temail = agent@localhost", "[core]", "\tbare = false", ...format, ""];
  await writeFile(path.join(inner, "config"), settings.join("\n"));
  await writeFile(path.join(inner, "HEAD"), `${start}\n`);
  await writeFile(path.join(inner, "objects/info/alternates"), `${JSON.stringify(path.join(side.directory, "objects"))}\n`);
  await writeFile(path.join(inner, "info/exclude"), `/${ownFolder}\n`);
  const shallow = path.join(side.directory, "shallow");
  await copyFile(shallow, path.join(inner, "shallow")).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  const index = path.join(side.directory, "index-of-start");
  await text(side, { words: ["read-tree", start], environment: { GIT_INDEX_FILE: index } });
  await copyFile(index, path.join(inner, "index"));
}

/** The program owns the folder around its tree, and could have put a link to elsewhere in the tree's place. */
async function checkPlace(tree: string): Promise<void> {
  const facts = await lstat(tree).catch(() => null);
  if (facts === null || !facts.isDirectory())
    throw new Failure("invalid", "agent.result-refused", { message: "The worktree itself was replaced; nothing of it is taken." });
}

/** Reads one plain file whose real place is the folder of outputs: the program may have put links there. */
async function readOutput(outputs: string, name: string): Promise<Uint8Array | null> {
  const refused = (why: string): Failure =>
    new Failure("invalid", "agent.result-refused", { message: `The output ${JSON.stringify(name.slice(0, 100))} ${why}.` });
  const target = path.join(outputs, name);
  const tree = path.dirname(path.dirname(outputs));
  if (path.relative(outputs, target).startsWith("..") || name.includes("\0")) throw refused("has a name that leads elsewhere");
  const facts = await lstat(target).catch(() => null);
  if (facts === null) return null;
  if (!facts.isFile() || facts.nlink > 1) throw refused("is no plain file");
  if (facts.size > agentLimits.outputBytes) throw refused(`is larger than ${agentLimits.outputBytes / 1_048_576} MiB`);
  if ((await realpath(target)) !== path.join(await realpath(path.dirname(tree)), "tree", ownFolder, "outputs", name))
    throw refused("lies behind a link");
  const file = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}
