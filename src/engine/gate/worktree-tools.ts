import { outputSource } from "../../core/gate/agent.ts";
import type { ToolDeclaration } from "../../core/gate/tool-declaration.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { CrashProbe } from "../ports/crash-point.ts";
import type { AttemptContext } from "../ports/executor.ts";
import type { GatedTool, LetThrough } from "../ports/gated-tool.ts";
import { keepOutput, outputNamed } from "./task-files.ts";
import { pageOfText } from "./tool-page.ts";
import type { DeskParts, DeskResult, WorktreeDesk } from "./worktree-desk.ts";

export interface WorktreeUse extends Pick<DeskParts, "content"> {
  readonly desk: WorktreeDesk;
  readonly crash: CrashProbe;
}

const gitMs = 60_000;
const shellMs = 300_000;
/** Of a command's answer; a performer is told a page of it. */
const outputBytes = 4_194_304;
const handInBytes = 20_971_520;

const base = {
  origin: "built-in",
  deliveryClass: "pure",
  targets: [],
  amountArgument: null,
  costMicro: 0,
  // Laying the worktree out comes before the first command.
  timeLimitMs: gitMs * 2,
  // What a command says was made by code that nobody vouches for.
  result: { integrity: "external", readers: "project" },
} as const satisfies Partial<ToolDeclaration>;

const pathOf = { type: "string", minLength: 1, maxLength: 500, description: "Below the top of the worktree." } as const;
const offset = { type: "integer", minimum: 0 } as const;

/** The attempts that have a repository or folder to work in are offered these. */
const hasTree = ({ inputs }: AttemptContext): boolean => inputs.some(({ kind }) => kind === "git-repository");

/**
 * Tools that work in the attempt's own copy of the request's repository, every command of them in the sandbox and without network. Nothing
 * leaves the worktree but by `worktree.hand_in`. For installations with a sandbox only.
 */
export const worktreeTools = (use: WorktreeUse): readonly GatedTool[] =>
  [...gitTools(use), ...treeTools(use), shellRun(use)].map((tool) => ({ ...tool, fits: hasTree }));

type Command = readonly [string, ...string[]];

/** One that reads by a command and tells a page of what it says. */
function reading(
  { desk }: WorktreeUse,
  declaration: Pick<ToolDeclaration, "name" | "description"> & { readonly properties: JsonObject; readonly required?: readonly string[] },
  command: (given: JsonObject) => Command,
): GatedTool {
  const { name, description, properties, required = [] } = declaration;
  const parameters = { type: "object", properties: { ...properties, offset }, required: [...required] };
  return {
    declaration: { ...base, name, description, effectKind: "read", parameters },
    async run({ context, arguments: given }, signal) {
      const result = await desk.run(context, { argv: command(given), timeoutMs: gitMs, outputBytes }, signal);
      refuseFailed(name, result);
      return { ...pageOf(result, given), ...newness(result) };
    },
  };
}

const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const pageOf = ({ stdout, truncated }: DeskResult, given: JsonObject): JsonObject => ({
  ...pageOfText(decoded(stdout), typeof given["offset"] === "number" ? given["offset"] : 0),
  ...(truncated ? { truncated } : {}),
});

/** A process that goes on with an attempt begins with a fresh worktree; who works in it has to know. */
const newness = ({ isNew }: DeskResult): JsonObject => (isNew ? { worktree: "laid out anew from the request's repository" } : {});

function refuseFailed(name: string, { exitCode, stderr, timedOut, memoryExceeded }: DeskResult): void {
  if (exitCode === 0) return;
  const why = timedOut ? "It took too long." : memoryExceeded ? "It took too much memory." : decoded(stderr).trim().slice(0, 2_000);
  throw new Failure("invalid", "tool.command-failed", { message: `${name} did not succeed. ${why}` });
}

/** A path of the tree, never one of git's own words. */
function inTree(value: unknown): string {
  const path = typeof value === "string" ? value : "";
  const parts = path.split("/");
  if (path !== "" && !path.includes("\0") && parts.every((part) => part !== "" && part !== "." && part !== "..")) return `./${path}`;
  throw new Failure("invalid", "tool.bad-path", { message: "A path is given below the top of the worktree, such as src/main.ts." });
}

const below = (given: JsonObject): readonly string[] => (given["path"] === undefined ? [] : ["--", inTree(given["path"])]);

/** A commit or a range as git knows it; nothing that could be an option. */
function revision(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === "string" && /^[\p{L}\p{N}_][\p{L}\p{N}_./~^@{}-]{0,199}$/u.test(value)) return [value];
  throw new Failure("invalid", "tool.bad-path", {
    message: "A commit is named by its hash, a branch, or one with ~ or ^, such as HEAD~2.",
  });
}

const commit = { type: "string", minLength: 1, maxLength: 200 } as const;
const plain = ["--no-ext-diff", "--no-textconv", "--no-color"] as const;

const gitTools = (use: WorktreeUse): readonly GatedTool[] => [
  reading(use, { name: "git.status", description: "Says which files of the worktree differ from its last commit.", properties: {} }, () => [
    "git",
    "status",
    "--porcelain=v1",
    "--branch",
    "--untracked-files=all",
  ]),
  reading(
    use,
    {
      name: "git.log",
      description: "Lists commits of the repository, the latest first: hash, time, author and subject.",
      properties: { count: { type: "integer", minimum: 1, maximum: 500 }, path: pathOf },
    },
    (given) => [
      "git",
      "log",
      `--max-count=${typeof given["count"] === "number" ? given["count"] : 30}`,
      "--date=iso-strict",
      "--format=%h %ad %an: %s",
      ...below(given),
    ],
  ),
  reading(
    use,
    {
      name: "git.diff",
      description: "Shows what the worktree differs from its last commit, or from a commit that is named.",
      properties: { from: commit, path: pathOf },
    },
    (given) => ["git", "diff", ...plain, ...(given["from"] === undefined ? ["HEAD"] : revision(given["from"])), ...below(given)],
  ),
  reading(
    use,
    {
      name: "git.show",
      description: "Shows one commit with its difference.",
      properties: { commit, path: pathOf },
      required: ["commit"],
    },
    (given) => ["git", "show", ...plain, ...revision(given["commit"]), ...below(given)],
  ),
  gitCommit(use),
];

const gitCommit = ({ desk }: WorktreeUse): GatedTool => ({
  declaration: {
    ...base,
    name: "git.commit",
    description: "Commits all changes of the worktree, in the worktree alone; nothing is pushed anywhere.",
    effectKind: "write_private",
    parameters: { type: "object", properties: { message: { type: "string", minLength: 1, maxLength: 2_000 } }, required: ["message"] },
  },
  async run({ context, arguments: given }, signal) {
    const git = async (...words: readonly string[]): Promise<DeskResult> =>
      desk.run(context, { argv: ["git", ...words], timeoutMs: gitMs, outputBytes: 65_536 }, signal);
    const added = await git("add", "--all");
    refuseFailed("git.commit", added);
    const differs = await git("diff", "--cached", "--quiet");
    if (differs.exitCode === 0) return { committed: false, ...newness(added) };
    const message = typeof given["message"] === "string" ? given["message"] : "";
    refuseFailed("git.commit", await git("commit", "--quiet", "--no-verify", "--no-gpg-sign", `--message=${message}`));
    const made = await git("rev-parse", "HEAD");
    return { committed: true, commit: decoded(made.stdout).trim() };
  },
});

const treeTools = (use: WorktreeUse): readonly GatedTool[] => [
  reading(
    use,
    {
      name: "worktree.read",
      description: "Reads a file of the worktree as text, a page from an offset on.",
      properties: { path: pathOf },
      required: ["path"],
    },
    (given) => ["cat", "--", inTree(given["path"])],
  ),
  worktreeWrite(use),
  handIn(use),
];

const worktreeWrite = ({ desk }: WorktreeUse): GatedTool => ({
  declaration: {
    ...base,
    name: "worktree.write",
    description: "Writes a file of the worktree, whole; folders are made. It is no output until it is handed in.",
    effectKind: "write_private",
    targets: ["path"],
    parameters: { type: "object", properties: { path: pathOf, text: { type: "string", maxLength: 500_000 } }, required: ["path", "text"] },
  },
  async run({ context, arguments: given }, signal) {
    const path = inTree(given["path"]);
    const input = new TextEncoder().encode(typeof given["text"] === "string" ? given["text"] : "");
    const folder = path.slice(0, path.lastIndexOf("/"));
    const made = await desk.run(context, { argv: ["mkdir", "-p", "--", folder], timeoutMs: gitMs, outputBytes: 4_096 }, signal);
    refuseFailed("worktree.write", made);
    // What it copies to its output is the file once more, and nobody needs it.
    refuseFailed("worktree.write", await desk.run(context, { argv: ["tee", "--", path], input, timeoutMs: gitMs, outputBytes: 1 }, signal));
    return { path: path.slice(2), bytes: input.byteLength, ...newness(made) };
  },
});

const handIn = (use: WorktreeUse): GatedTool => ({
  declaration: {
    ...base,
    name: "worktree.hand_in",
    description:
      "Makes an output of this task: a file of the worktree by its path, or, for a name that ends in .patch, .diff or .bundle, everything that the worktree differs from the repository of the request.",
    effectKind: "write_private",
    targets: ["name"],
    parameters: { type: "object", properties: { name: { type: "string", maxLength: 200 }, path: pathOf }, required: ["name"] },
  },
  async run({ context, arguments: given }, signal) {
    const name = outputNamed(context, given["name"]);
    const bytes = ["patch", "bundle"].includes(outputSource(name))
      ? await use.desk.change(context, name, signal)
      : await fileOf(use.desk, { context, given }, signal);
    if (bytes.byteLength === 0)
      throw new Failure("invalid", "tool.command-failed", { message: "There is nothing to hand in: no difference, or an empty file." });
    return { written: await keepOutput(use, name, bytes) };
  },
});

async function fileOf(
  desk: WorktreeDesk,
  { context, given }: { readonly context: AttemptContext; readonly given: JsonObject },
  signal: AbortSignal,
) {
  const read = await desk.run(context, { argv: ["cat", "--", inTree(given["path"])], timeoutMs: gitMs, outputBytes: handInBytes }, signal);
  refuseFailed("worktree.hand_in", read);
  if (read.truncated) throw new Failure("invalid", "tool.command-failed", { message: `An output has at most ${handInBytes} bytes.` });
  return read.stdout;
}

const shellRun = ({ desk }: WorktreeUse): GatedTool => ({
  declaration: {
    ...base,
    name: "shell.run",
    description:
      "Runs a command line in the worktree, in a sandbox: no network, no files but the worktree's and the system's programs, bounded in time, memory and output. What it changes stays in the worktree.",
    effectKind: "write_private",
    timeLimitMs: shellMs + gitMs,
    parameters: {
      type: "object",
      properties: {
        command: { type: "string", minLength: 1, maxLength: 20_000 },
        timeoutSeconds: { type: "integer", minimum: 1, maximum: shellMs / 1_000 },
      },
      required: ["command"],
    },
  },
  async run({ context, arguments: given }: LetThrough, signal) {
    const command = typeof given["command"] === "string" ? given["command"] : "";
    const timeoutMs = typeof given["timeoutSeconds"] === "number" ? given["timeoutSeconds"] * 1_000 : 120_000;
    const result = await desk.run(context, { argv: ["/bin/sh", "-c", command], timeoutMs, outputBytes }, signal);
    const { exitCode, timedOut, memoryExceeded, truncated } = result;
    return {
      exitCode,
      stdout: ends(decoded(result.stdout)),
      stderr: ends(decoded(result.stderr)),
      ...(timedOut ? { timedOut } : {}),
      ...(memoryExceeded ? { memoryExceeded } : {}),
      ...(truncated ? { truncated } : {}),
      ...newness(result),
    };
  },
});

/** What a command says first and last: errors stand at one of the ends. */
function ends(text: string): string {
  const [head, tail] = [2_000, 5_000];
  if (text.length <= head + tail) return text;
  return `${text.slice(0, head)}\n[${text.length - head - tail} characters left out]\n${text.slice(-tail)}`.toWellFormed();
}
