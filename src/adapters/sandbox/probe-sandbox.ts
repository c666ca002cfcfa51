import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { Failure } from "../../core/shared/failure.ts";
import type { CommandResult, SandboxProbe } from "../../engine/ports/sandbox.ts";
import { escapeAttempts } from "./escape-attempts.ts";
import { findProgram } from "./find-program.ts";
import { runProcess } from "./run-process.ts";
import { limitsOf } from "./command-limits.ts";
import { runSandboxed } from "./run-sandboxed.ts";

const probeLimits = { timeoutMs: 15_000, outputBytes: 65_536, processes: 64 } as const;
const install = "Install bubblewrap ('apt-get install bubblewrap', 'dnf install bubblewrap', 'pacman -S bubblewrap') and start again.";
const allowNamespaces =
  "Allow unprivileged user namespaces (in a container: run it with the right to create namespaces; on Ubuntu 24.04 or later: an AppArmor profile for bwrap) and start again.";

/**
 * Finds out, by trying, whether commands can be isolated on this host. Run it once at start: it takes about 0.2 s, and
 * what it says holds until a restart. Never rejects for a host that cannot isolate; that is an answer.
 */
export async function probeSandbox(): Promise<SandboxProbe> {
  if (process.platform !== "linux")
    return unavailable(
      `Commands can be isolated on Linux only, and this is ${process.platform}.`,
      "Run the server on Linux, or let a person's recorded verdict take the place of command checks.",
    );
  const searchPath = process.env["PATH"] ?? "";
  const program = findProgram("bwrap", searchPath);
  if (program === null) return unavailable("bubblewrap (bwrap) is not on the PATH.", install);
  const tools = ["prlimit", "setpriv"].filter((tool) => findProgram(tool, "/usr/local/bin:/usr/bin:/bin") === null);
  if (tools.length > 0)
    return unavailable(`The tools ${tools.join(" and ")} are missing, so limits cannot be set.`, "Install util-linux and start again.");
  const version = await versionOf(program);
  try {
    return await tryToEscape(version);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return unavailable(`bubblewrap ${version} cannot isolate here: ${error.message}`, allowNamespaces);
  }
}

async function versionOf(program: string): Promise<string> {
  const limits = limitsOf({ argv: [program], workDirectory: "/", workDirectoryAccess: "read-only", limits: probeLimits });
  const { result } = await runProcess({ program, words: ["--version"], environment: {}, currentDirectory: "/", limits });
  return Buffer.from(result.stdout).toString("utf8").replace("bubblewrap", "").trim().slice(0, 50);
}

async function tryToEscape(version: string): Promise<SandboxProbe> {
  const trap = await mkdtemp(path.join(os.tmpdir(), "xvc-probe-"));
  try {
    const work = await mkdtemp(path.join(os.tmpdir(), "xvc-probe-work-"));
    try {
      return judge(await attempt(trap, work), { version, written: existsSync(path.join(trap, "written")) });
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  } finally {
    await rm(trap, { recursive: true, force: true });
  }
}

/** A listener, a socket, a readable and a writable file wait outside for whoever gets out. */
async function attempt(trap: string, work: string): Promise<CommandResult> {
  const secret = path.join(trap, "secret");
  await writeFile(secret, "reachable", { mode: 0o644 });
  await using port = await listen({ host: "127.0.0.1", port: 0 });
  await using socket = await listen({ path: path.join(trap, "socket") });
  const words = [String(port.port), socket.path, secret, path.join(trap, "written"), String(process.pid)];
  // Awaited here: the listeners close when this function returns.
  return await runSandboxed({
    argv: [process.execPath, "-e", escapeAttempts, "--", ...words],
    workDirectory: work,
    workDirectoryAccess: "read-write",
    readOnlyPaths: process.execPath.startsWith("/usr/") ? [] : [process.execPath],
    limits: probeLimits,
  });
}

function judge(result: CommandResult, outside: { readonly version: string; readonly written: boolean }): SandboxProbe {
  const report = reportOf(result);
  if (report === null) {
    const said = Buffer.from(result.stderr).toString("utf8").trim().slice(0, 300);
    return unavailable(
      `The probe did not finish inside bubblewrap ${outside.version} (exit ${String(result.exitCode)}): ${said}`,
      allowNamespaces,
    );
  }
  const escapes = Object.entries(report.escapes).flatMap(([name, escaped]) => (escaped === true ? [name] : []));
  if (outside.written) escapes.push("write a file of the host");
  if (String(report.processes) !== String(probeLimits.processes)) escapes.push("start processes without limit");
  if (escapes.length === 0) return { available: true, version: outside.version };
  return unavailable(
    `A command in bubblewrap ${outside.version} could ${escapes.join(", ")}.`,
    "Report this with the output of 'xvc doctor', and update bubblewrap and the kernel.",
  );
}

interface EscapeReport {
  readonly escapes: Readonly<Record<string, unknown>>;
  readonly processes: unknown;
}

function reportOf(result: CommandResult): EscapeReport | null {
  if (result.exitCode !== 0) return null;
  try {
    const report: unknown = JSON.parse(Buffer.from(result.stdout).toString("utf8"));
    const complete = typeof report === "object" && report !== null && "escapes" in report && "processes" in report;
    return complete && typeof report.escapes === "object" ? (report as EscapeReport) : null;
  } catch {
    return null;
  }
}

interface Listener extends AsyncDisposable {
  readonly port: number;
  readonly path: string;
}

async function listen(where: net.ListenOptions): Promise<Listener> {
  const server = net.createServer((socket) => socket.destroy());
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(where, resolve);
  await promise;
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    path: typeof address === "string" ? address : "",
    [Symbol.asyncDispose]: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  };
}

const unavailable = (reason: string, next: string): SandboxProbe => ({ available: false, reason, next });
