import os from "node:os";
import path from "node:path";
import { Failure } from "../../core/shared/failure.ts";
import type { CommandResult, Sandbox, SandboxCommand, SandboxProbe } from "../../engine/ports/sandbox.ts";
import { bubblewrapArguments } from "./bubblewrap-arguments.ts";
import type { SandboxIdentity } from "./bubblewrap-arguments.ts";
import { checkCommand, limitsOf } from "./command-limits.ts";
import { findProgram } from "./find-program.ts";
import { runProcess } from "./run-process.ts";
import type { ProcessEnd } from "./run-process.ts";
import { seccompFilter } from "./seccomp-filter.ts";

/** The sandbox as the probe found it. Where it is missing, every run is refused with the probe's reason. */
export function bubblewrapSandbox(probe: SandboxProbe): Sandbox {
  return {
    probe,
    async run(command) {
      if (!probe.available)
        throw new Failure("unavailable", "sandbox.unavailable", { message: `The command was not run: ${probe.reason} ${probe.next}` });
      return runSandboxed(command);
    },
  };
}

/**
 * Runs one command in bubblewrap: no network, no host files but those named, no inherited environment, bounded in time,
 * memory, processes and output. Use it through `bubblewrapSandbox`, which knows whether the host can isolate at all.
 * @throws {Failure} `sandbox.command-invalid`, `sandbox.setup-failed`
 */
export async function runSandboxed(command: SandboxCommand): Promise<CommandResult> {
  checkCommand(command);
  const limits = limitsOf(command);
  const seccomp = seccompFilter(process.arch);
  const end = await runProcess({
    program: bubblewrapProgram(),
    words: bubblewrapArguments({ command, limits, identity: identity(), seccomp: seccomp !== null }),
    environment: {},
    currentDirectory: "/",
    limits,
    input: command.input,
    onStdout: command.onStdout,
    signal: command.signal,
    third: seccomp ?? undefined,
  });
  refuseSetupFailure(end);
  return end.result;
}

/**
 * The same call and answer without isolation, for one use: our own hardened git calls on hosts without a sandbox.
 * Time, output and memory of the group stay bounded; network, files and environment of the host are reachable, but for the
 * environment, which is as empty as in the sandbox.
 */
export async function runUnsandboxed(command: SandboxCommand): Promise<CommandResult> {
  const limits = limitsOf(command);
  const [program, ...words] = command.argv;
  const end = await runProcess({
    program,
    words,
    environment: { PATH: absoluteSearchPath(), HOME: "/nonexistent", LANG: "C.UTF-8", ...command.environment },
    currentDirectory: command.workDirectory,
    limits,
    input: command.input,
    onStdout: command.onStdout,
    signal: command.signal,
  });
  return end.result;
}

/** Without its relative entries: in a hostile current directory they would run what lies there. */
function absoluteSearchPath(): string {
  const entries = (process.env["PATH"] ?? "").split(path.delimiter).filter((entry) => path.isAbsolute(entry));
  return entries.length > 0 ? entries.join(path.delimiter) : "/usr/bin:/bin";
}

function bubblewrapProgram(): string {
  const program = findProgram("bwrap", process.env["PATH"] ?? "");
  if (program === null) throw setupFailure("bubblewrap (bwrap) is not on the PATH.");
  return program;
}

/** A status without an exit code: bubblewrap ended before the command began. Killing it leaves none either, so that is asked first. */
function refuseSetupFailure({ result, fourth }: ProcessEnd): void {
  if (result.signal !== null || Buffer.from(fourth).includes('"exit-code"')) return;
  throw setupFailure(Buffer.from(result.stderr).toString("utf8").slice(0, 500).trim());
}

function setupFailure(what: string): Failure {
  return new Failure("unavailable", "sandbox.setup-failed", {
    message: `The sandbox could not be set up, so the command was not run: ${what} Check the mounted paths, or see 'xvc doctor'.`,
  });
}

/** Ids far above those that systems hand out, and never the same twice in a row: runs side by side do not share a process limit. */
const firstSpareUserId = 2_000_000_000;
const spareUserIds = 100_000_000;
let spareUser = process.pid * 1_000;

function identity(): SandboxIdentity {
  if (os.userInfo().uid !== 0) return { kind: "user-namespace" };
  spareUser = (spareUser + 1) % spareUserIds;
  return { kind: "spare-user", userId: firstSpareUserId + spareUser };
}
