import path from "node:path";
import { agentLimits } from "../../core/gate/agent.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { ChangedFile, Changes } from "../../engine/ports/agent.ts";
import { runGitToSuccess } from "./git-command.ts";
import { pathText } from "./path-text.ts";
import { readEntries } from "./read-entries.ts";
import { type SideRepository, bytes, callOf, commit, text } from "./side-repository.ts";

interface RawEntry {
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldSha: string;
  readonly newSha: string;
  readonly status: string;
  readonly name: Buffer;
}

const refused = (message: string): Failure => new Failure("invalid", "agent.result-refused", { message });

const listWords = ["--raw", "-r", "-z", "--no-renames", "--no-abbrev", "--ignore-submodules=none"] as const;

/** Every difference between two trees, or a tree and the index. @throws {Failure} `agent.result-too-large` */
async function readRaw(
  side: SideRepository,
  words: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
): Promise<readonly RawEntry[]> {
  const entries: RawEntry[] = [];
  let facts: readonly string[] | null = null;
  let isTooMany = false;
  await runGitToSuccess(
    callOf(side, {
      words,
      environment,
      onStdout: readEntries((entry) => {
        if (facts === null) {
          facts = entry.toString("latin1").replace(/^:/u, "").split(" ");
          return true;
        }
        const [oldMode = "", newMode = "", oldSha = "", newSha = "", status = ""] = facts;
        entries.push({ oldMode, newMode, oldSha, newSha, status, name: Buffer.from(entry) });
        facts = null;
        isTooMany = entries.length > maxRead;
        return !isTooMany;
      }),
    }),
  );
  if (isTooMany) throw tooMany();
  return entries;
}

/** Links and files that were never laid out count as removed at first, and are put back. */
const maxRead = 100_000;

const tooMany = () =>
  new Failure("invalid", "agent.result-too-large", {
    message: `More than ${agentLimits.changedFiles} files were changed. Let the task be split, or keep generated files out of it by .gitignore.`,
  });

const isLink = (mode: string): boolean => mode === "120000";
const isModule = (mode: string): boolean => mode === "160000";

export interface ReadTree {
  readonly tree: string;
  /** What the tree began with. */
  readonly start: string;
  /** Paths of ours in it, which are no part of the work. */
  readonly placed: readonly string[];
  /** Files of the start that were never laid out. */
  readonly skipped: ReadonlySet<string>;
}

/** The tree as a commit on top of the base, by an index that nobody else wrote. */
export async function commitOfTree(
  side: SideRepository,
  read: ReadTree,
  of: { readonly message: string; readonly atMs: number },
): Promise<string> {
  const environment = { GIT_INDEX_FILE: path.join(side.directory, "index-of-result") };
  await text(side, { words: ["read-tree", read.start], environment });
  const without = read.placed.map((place) => `:(top,exclude,literal)${place}`);
  await text(side, { words: ["add", "--all", "--", ":(top)", ...without], environment, workTree: read.tree });
  const found = await readRaw(side, ["diff-index", "--cached", ...listWords, read.start], environment);
  await putBack(
    side,
    found.filter((entry) => isNotLaidOut(entry, read.skipped)),
    environment,
  );
  const nested = found.find(({ newMode }) => isModule(newMode));
  if (nested !== undefined) throw refused(`${pathText(nested.name).path} is a repository of its own; it cannot be part of the change.`);
  const tree = await text(side, { words: ["write-tree"], environment });
  return commit(side, { tree, parent: side.base, ...of });
}

const isNotLaidOut = ({ status, oldMode, name }: RawEntry, skipped: ReadonlySet<string>): boolean =>
  status === "D" && (isLink(oldMode) || isModule(oldMode) || skipped.has(pathText(name).path));

async function putBack(side: SideRepository, entries: readonly RawEntry[], environment: Readonly<Record<string, string>>): Promise<void> {
  if (entries.length === 0) return;
  const lines = entries.flatMap(({ oldMode, oldSha, name }) => [Buffer.from(`${oldMode} ${oldSha}\t`, "latin1"), name, Buffer.of(0)]);
  await text(side, { words: ["update-index", "-z", "--index-info"], input: Buffer.concat(lines), environment });
}

/** What a commit changes against the base, looked through. @throws {Failure} `agent.result-refused`, `agent.result-too-large` */
export async function changesOf(side: SideRepository, made: string, branch: string): Promise<Changes> {
  const entries = await readRaw(side, ["diff-tree", ...listWords, side.base, made]);
  if (entries.length > agentLimits.changedFiles) throw tooMany();
  if (entries.length === 0) return { files: [], patch: new Uint8Array(), bundle: new Uint8Array(), notes: [] };
  for (const entry of entries) if (isLink(entry.newMode)) await checkLink(side, entry);
  const sizes = await sizesOf(side, entries);
  const files = entries.map((entry, at): ChangedFile => {
    const size = sizes[at] ?? 0;
    const name = pathText(entry.name).path;
    if (size > agentLimits.fileBytes)
      throw new Failure("invalid", "agent.result-too-large", {
        message: `${name.slice(0, 300)} is larger than ${agentLimits.fileBytes / 1_048_576} MiB. Keep generated files out of the change by .gitignore.`,
      });
    return { path: name, how: entry.status === "A" ? "added" : entry.status === "D" ? "removed" : "changed", bytes: size };
  });
  const binary = ["--binary", "--full-index", "--no-renames", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/"];
  const patch = await bytes(side, { words: ["diff-tree", "-p", "-r", ...binary, side.base, made] }, agentLimits.patchBytes);
  await text(side, { words: ["update-ref", `refs/heads/${branch}`, made] });
  const bundle = await bytes(side, { words: ["bundle", "create", "-", `refs/heads/${branch}`, `^${side.base}`] }, agentLimits.patchBytes);
  return { files, patch, bundle, notes: [] };
}

/** A link is kept when what it names stays inside of the tree. */
async function checkLink(side: SideRepository, { name, newSha }: RawEntry): Promise<void> {
  const target = (await bytes(side, { words: ["cat-file", "blob", newSha] }, 4_096)).toString();
  const own = pathText(name).path;
  const reached = path.posix.normalize(path.posix.join(path.posix.dirname(own), target));
  if (path.posix.isAbsolute(target) || reached === ".." || reached.startsWith("../") || /(?:^|\/)\.git(?:\/|$)/iu.test(reached))
    throw refused(`${own.slice(0, 300)} is a link that leads out of the worktree.`);
}

async function sizesOf(side: SideRepository, entries: readonly RawEntry[]): Promise<readonly number[]> {
  const isGone = ({ status, newMode }: RawEntry): boolean => status === "D" || isModule(newMode);
  const asked = entries.filter((entry) => !isGone(entry));
  const input = Buffer.from(asked.map(({ newSha }) => `${newSha}\n`).join(""), "latin1");
  const said = await text(side, { words: ["cat-file", "--batch-check=%(objectsize)"], input });
  const sizes = said === "" ? [] : said.split("\n").map(Number);
  let at = 0;
  return entries.map((entry) => (isGone(entry) ? 0 : (sizes[at++] ?? 0)));
}
