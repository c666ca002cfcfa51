import { Failure } from "../../core/shared/failure.ts";
import type { CommandLimits, CommandResult, Sandbox, SandboxCommand } from "../../engine/ports/sandbox.ts";

/** How git is run here: in the sandbox where there is one, otherwise by the runner without isolation. */
export interface GitHost {
  readonly run: (command: SandboxCommand) => Promise<CommandResult>;
}

/** The sandbox if the probe found one. `withoutSandbox` gets nothing but calls made by `runGit`. */
export function gitHost(sandbox: Sandbox, withoutSandbox: (command: SandboxCommand) => Promise<CommandResult>): GitHost {
  return { run: sandbox.probe.available ? (command) => sandbox.run(command) : withoutSandbox };
}

/** One git call. Nothing of the machine's or the repository's own settings reaches it. */
export interface GitCall {
  readonly host: GitHost;
  /** A git directory of our own making (`private-git-directory.ts`), current directory of the call. */
  readonly gitDirectory: string;
  readonly access: "read-only" | "read-write";
  readonly words: readonly [string, ...string[]];
  readonly workTree?: string;
  /** What the call may read besides the git directory. */
  readonly readOnlyPaths?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: Uint8Array;
  readonly limits?: Partial<CommandLimits>;
  readonly onStdout?: SandboxCommand["onStdout"];
  readonly signal?: AbortSignal;
}

const gitLimits: Partial<CommandLimits> = {
  timeoutMs: 300_000,
  outputBytes: 16_777_216,
  memoryBytes: 2_147_483_648,
  processes: 64,
  fileBytes: 4_294_967_296,
  cpuSeconds: 600,
};

/**
 * The only place that starts git. The git directory is ours, so no planted setting is ever read; the settings below say the
 * same a second time, for a call that should one day be pointed at a foreign directory, and bound what a hostile object costs.
 */
export function runGit(call: GitCall): Promise<CommandResult> {
  return call.host.run({
    argv: ["git", ...settings(call), "--no-pager", `--git-dir=${call.gitDirectory}`, ...workTree(call), ...call.words],
    workDirectory: call.gitDirectory,
    workDirectoryAccess: call.access,
    readOnlyPaths: [...(call.workTree === undefined ? [] : [call.workTree]), ...(call.readOnlyPaths ?? [])],
    environment: { ...fixedEnvironment, ...call.environment },
    limits: { ...gitLimits, ...call.limits },
    ...(call.input === undefined ? {} : { input: call.input }),
    ...(call.onStdout === undefined ? {} : { onStdout: call.onStdout }),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  });
}

/** As `runGit`, and it must end well, unless the reader had enough. @throws {Failure} `git.timed-out`, `git.failed` */
export async function runGitToSuccess(call: GitCall): Promise<CommandResult> {
  const { onStdout } = call;
  let enough = false;
  const reader = onStdout && { onStdout: async (chunk: Uint8Array) => !(enough = (await onStdout(chunk)) === false) };
  const result = await runGit({ ...call, ...reader });
  if (enough || result.exitCode === 0) return result;
  if (result.timedOut || result.memoryExceeded) {
    const bound = result.timedOut ? "its time" : "its memory";
    throw new Failure("exhausted", "git.timed-out", {
      message: `git ${call.words[0]} used up ${bound} on this repository. Give a smaller repository, or a clone with less history ('git clone --depth').`,
    });
  }
  throw gitFailure(call.words[0], result);
}

/** What git said on its way out, cut to what a person reads. */
export function gitFailure(word: string, result: CommandResult): Failure {
  const said = Buffer.from(result.stderr).toString("utf8").trim().slice(0, 600);
  const exit = result.exitCode === null ? `was ended by ${result.signal ?? "a signal"}` : `ended with ${result.exitCode}`;
  return new Failure("invalid", "git.failed", {
    message: `git ${word} ${exit}: ${said === "" ? "it said nothing" : said}. The repository may be damaged: run 'git fsck' in it, or give a fresh clone.`,
    said,
  });
}

const workTree = (call: GitCall): string[] => (call.workTree === undefined ? ["--bare"] : [`--work-tree=${call.workTree}`]);

function settings(call: GitCall): string[] {
  return [...Object.entries(fixedSettings), ["safe.directory", call.workTree ?? call.gitDirectory]].flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
}

const fixedSettings: Readonly<Record<string, string>> = {
  "core.fsmonitor": "false",
  "core.untrackedCache": "false",
  "core.hooksPath": "/dev/null",
  "core.attributesFile": "/dev/null",
  "core.excludesFile": "/dev/null",
  "core.pager": "cat",
  "core.editor": "false",
  "core.askPass": "false",
  "core.sshCommand": "false",
  "core.gitProxy": "",
  "core.quotePath": "false",
  "credential.helper": "",
  "gpg.program": "false",
  "log.showSignature": "false",
  "diff.external": "",
  "diff.renames": "false",
  "protocol.allow": "never",
  "submodule.recurse": "false",
  "gc.auto": "0",
  "maintenance.auto": "false",
  "i18n.logOutputEncoding": "UTF-8",
  // Larger files count as binary: a text difference of two huge files would cost minutes.
  "core.bigFileThreshold": "16m",
  "core.packedGitWindowSize": "32m",
  "core.packedGitLimit": "512m",
  "pack.windowMemory": "128m",
  "pack.threads": "2",
};

const fixedEnvironment: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_NO_LAZY_FETCH: "1",
  // `protocol.ext.allow` of a repository would win over `protocol.allow`; over this list nothing wins.
  GIT_ALLOW_PROTOCOL: "",
  GIT_PAGER: "cat",
  GIT_EDITOR: "false",
  GIT_ASKPASS: "false",
  SSH_ASKPASS: "false",
  HOME: "/nonexistent",
  XDG_CONFIG_HOME: "/nonexistent",
  LC_ALL: "C",
};
