import { writeFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { type DeclaredCommand, agentFacts, agentForms } from "../../core/gate/agent.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { AgentEnd, AgentHooks, AgentJob, Agents, FoundAgent } from "../../engine/ports/agent.ts";
import type { CommandResult, Sandbox, SandboxCommand } from "../../engine/ports/sandbox.ts";
import { type AcpTalk, acpTalk } from "./acp-talk.ts";
import { type AgentProgram, findAgentProgram } from "./agent-program.ts";
import { type AgentStart, startOf } from "./agent-settings.ts";
import { bytePipe } from "./byte-pipe.ts";
import { codexReader, declaredReader } from "./exec-talk.ts";
import { insideRelay, relayPort } from "./inside-relay.ts";
import { type ProviderSocket, openProviderSocket } from "./provider-socket.ts";

export interface AgentParts {
  readonly sandbox: Sandbox;
  /** The server's own; relative entries are passed over. */
  readonly searchPath: string;
  /** The Node that runs this program; it passes on connections inside of the sandbox. */
  readonly node: string;
}

/** An agent compiles and tests what it makes. */
const limits = {
  outputBytes: 65_536,
  streamBytes: 268_435_456,
  memoryBytes: 8_589_934_592,
  processes: 1_024,
  fileBytes: 1_073_741_824,
  cpuSeconds: 1_200,
} as const;
/** How long a program may take to end by itself once it was told to stop. */
const graceMs = 500;
const versionMs = 15_000;

/** Agents of this machine, each run in the sandbox with a home and an environment of its own. */
export const sandboxedAgents = (parts: AgentParts): Agents => {
  const { probe } = parts.sandbox;
  return {
    unavailable: probe.available ? null : `Coding agents run in a sandbox only. ${probe.reason} ${probe.next}`,
    found: () => Promise.all(agentForms.filter((form) => agentFacts[form].program !== null).map((form) => foundAgent(parts, form))),
    run: (job, hooks, signal) => runAgent(parts, { job, hooks }, signal),
    async test(job, signal) {
      const hooks: AgentHooks = {
        call: async () => ({ status: 403, contentType: "application/json", body: "{}" }),
        permission: () => ({ allowed: false, reason: "This is a test." }),
        told: () => {},
      };
      if (agentFacts[job.agent.form].protocol === "exec") return testProgram(parts, job);
      return startAcp(parts, { job: { ...job, prompt: "" }, hooks }, { signal, use: (talk) => talk.begin() });
    },
  };
};

interface Running {
  readonly job: AgentJob;
  readonly hooks: AgentHooks;
}

const notFound = (name: string): Failure =>
  new Failure("not-found", "agent.not-found", {
    message: `The program ${name} is not on the server's PATH. Install it there; this program brings no agents. xvc agent list shows what was found.`,
  });

function programOf({ searchPath }: AgentParts, { agent }: Pick<AgentJob, "agent">): AgentProgram {
  const name = agent.command?.argv[0] ?? agentFacts[agent.form].program ?? agent.form;
  const found = findAgentProgram(name, searchPath);
  if (found === null) throw notFound(name);
  return found;
}

function refuseWithout({ probe }: Sandbox): void {
  if (probe.available) return;
  throw new Failure("unavailable", "agent.unavailable", { message: `Coding agents run in a sandbox only. ${probe.reason} ${probe.next}` });
}

async function foundAgent(parts: AgentParts, form: FoundAgent["form"]): Promise<FoundAgent> {
  const name = agentFacts[form].program ?? "";
  const program = findAgentProgram(name, parts.searchPath);
  if (program === null) return { form, program: null, version: null };
  const version = await versionOf(parts, program, "/tmp").catch(() => null);
  return { form, program: program.file, version };
}

/** The first line of what it says to `--version`, in the sandbox like everything of it. */
async function versionOf({ sandbox, node }: AgentParts, program: AgentProgram, place: string): Promise<string | null> {
  if (!sandbox.probe.available) return null;
  const result = await sandbox.run({
    argv: [program.file, "--version"],
    workDirectory: place === "/tmp" ? "/usr" : place,
    workDirectoryAccess: "read-only",
    readOnlyPaths: [...new Set([...program.readOnlyPaths, ...nodePaths(node)])],
    environment: { PATH: searchPathOf(node) },
    limits: { ...limits, timeoutMs: versionMs },
  });
  if (result.exitCode !== 0) return null;
  return Buffer.from(result.stdout).toString("utf8").trim().split("\n")[0]?.slice(0, 60) ?? null;
}

const nodePaths = (node: string): readonly string[] => (node.startsWith("/usr/") ? [] : [node]);
const searchPathOf = (node: string): string => `${path.dirname(node)}:/usr/local/bin:/usr/bin:/bin`;

async function testProgram(parts: AgentParts, job: Pick<AgentJob, "agent">) {
  refuseWithout(parts.sandbox);
  const program = programOf(parts, job);
  const version = await versionOf(parts, program, "/tmp");
  return { detail: version === null ? `${program.file} is there; it does not tell its version.` : `${program.file} is there.`, version };
}

async function runAgent(parts: AgentParts, running: Running, signal: AbortSignal): Promise<AgentEnd> {
  if (agentFacts[running.job.agent.form].protocol === "exec") return runProgram(parts, running, signal);
  return startAcp(parts, running, {
    signal,
    async use(talk) {
      await talk.begin();
      return talk.ask(running.job.prompt);
    },
  });
}

interface Starting {
  readonly program: AgentProgram;
  readonly start: AgentStart;
  readonly socket: ProviderSocket | null;
  readonly words: readonly string[];
}

async function prepare(parts: AgentParts, { job, hooks }: Running, signal: AbortSignal): Promise<Starting> {
  refuseWithout(parts.sandbox);
  const program = programOf(parts, job);
  const start = startOf(job.agent.form, job);
  for (const [name, text] of Object.entries(start.files)) {
    const file = path.join(job.worktree.home, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const socket = job.vendor === null ? null : await openProviderSocket((call, from) => hooks.call(call, from), signal);
  return { program, start, socket, words: start.words };
}

/** The command line in the sandbox: a relay to the one socket, then the agent. */
function sandboxed(parts: AgentParts, { job }: Running, { program, start, socket, words }: Starting): SandboxCommand {
  const { worktree } = job;
  return {
    argv: [parts.node, "-e", insideRelay, "--", socket?.path ?? "-", String(relayPort), worktree.tree, program.file, ...words],
    workDirectory: worktree.directory,
    workDirectoryAccess: "read-write",
    readOnlyPaths: [
      ...new Set([
        ...program.readOnlyPaths,
        ...nodePaths(parts.node),
        ...worktree.readOnlyPaths,
        ...(socket === null ? [] : [socket.directory]),
      ]),
    ],
    environment: { PATH: searchPathOf(parts.node), ...start.environment },
    limits: { ...limits, timeoutMs: job.timeoutMs },
  };
}

/** How a run without an end of its own ended. */
function failureOf(result: CommandResult, timeoutMs: number): Failure {
  if (result.timedOut)
    return new Failure("unavailable", "agent.timed-out", {
      message: `The agent was not done within ${Math.round(timeoutMs / 1_000)} s and was ended with all its processes.`,
    });
  const said = Buffer.from(result.stderr).toString("utf8").trim().slice(-300);
  const how = result.memoryExceeded ? "used up its memory" : `ended with ${result.exitCode ?? result.signal ?? "nothing"}`;
  return new Failure("unavailable", "agent.ended", { message: `The agent ${how}${said === "" ? "" : `: ${said}`}.` });
}

interface Talking<Value> {
  readonly signal: AbortSignal;
  readonly use: (talk: AcpTalk) => Promise<Value>;
}

async function startAcp<Value>(parts: AgentParts, running: Running, { signal, use }: Talking<Value>): Promise<Value> {
  signal.throwIfAborted();
  const starting = await prepare(parts, running, signal);
  const [toAgent, fromAgent, kill] = [bytePipe(), bytePipe(), new AbortController()];
  const { form } = running.job.agent;
  const talk = acpTalk({
    toAgent,
    fromAgent,
    hooks: running.hooks,
    tree: running.job.worktree.tree,
    mode: agentFacts[form].mode,
    signIn: starting.start.signIn,
  });
  const ended = parts.sandbox
    .run({
      ...sandboxed(parts, running, starting),
      input: toAgent,
      onStdout: (bytes) => fromAgent.push(Buffer.from(bytes)),
      signal: kill.signal,
    })
    .finally(() => fromAgent.close());
  const stopped = stopOn(signal, talk, kill);
  try {
    const over = ended.then((result) => {
      throw failureOf(result, running.job.timeoutMs);
    });
    return await Promise.race([use(talk), over, stopped.promise]);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failure) throw error;
    // Its own word for what went wrong; how its process ended says more, where it has.
    const end = await Promise.race([ended, stopped.soon()]).catch(() => null);
    if (end !== null) throw failureOf(end, running.job.timeoutMs);
    throw new Failure("unavailable", "agent.ended", { message: `The agent said: ${messageOf(error)}.` }, { cause: error });
  } finally {
    stopped[Symbol.dispose]();
    kill.abort(new Error("the agent is done"));
    toAgent.close();
    talk.close();
    await ended.catch(() => null);
    await starting.socket?.[Symbol.asyncDispose]();
  }
}

const messageOf = (error: unknown): string =>
  (error instanceof Error
    ? error.message
    : typeof error === "object" && error !== null && "message" in error
      ? String(error.message)
      : String(error)
  ).slice(0, 300);

/** An agent is told to stop, and killed half a second later whatever it does. */
function stopOn(
  signal: AbortSignal,
  talk: AcpTalk,
  kill: AbortController,
): Disposable & { readonly promise: Promise<never>; soon(): Promise<null> } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    void talk.cancel();
    timer = setTimeout(() => {
      kill.abort(signal.reason);
      reject(signal.reason);
    }, graceMs);
  };
  signal.addEventListener("abort", stop, { once: true });
  return {
    promise,
    soon: () => new Promise((settle) => setTimeout(() => settle(null), graceMs)),
    [Symbol.dispose]() {
      signal.removeEventListener("abort", stop);
      clearTimeout(timer);
    },
  };
}

/** Fills in the places of a declared command line; anything else in braces stays as it is. */
const filledIn = (word: string, places: Readonly<Record<string, string>>): string =>
  word.replace(/\{(prompt|outputs|worktree)\}/gu, (whole, name: string) => places[name] ?? whole);

async function runProgram(parts: AgentParts, running: Running, signal: AbortSignal): Promise<AgentEnd> {
  const { job, hooks } = running;
  const { command } = job.agent;
  const starting = await prepare(parts, running, signal);
  try {
    const words = command === null ? starting.words : await declaredWords(job, command);
    const reader = command === null ? codexReader(hooks) : declaredReader(command.output, hooks);
    const timeoutMs = Math.min(job.timeoutMs, command?.timeoutMs ?? job.timeoutMs);
    const takesInput = command === null || command.prompt === "stdin";
    const result = await parts.sandbox.run({
      ...sandboxed(parts, { ...running, job: { ...job, timeoutMs } }, { ...starting, words }),
      ...(takesInput ? { input: Buffer.from(job.prompt, "utf8") } : {}),
      onStdout: (bytes) => reader.take(bytes),
      signal,
    });
    if (result.exitCode !== 0 || result.timedOut) throw failureOf(result, timeoutMs);
    return reader.end();
  } finally {
    await starting.socket?.[Symbol.asyncDispose]();
  }
}

/** The words after the program; the task lies in a file beside, whether or not a word names it. */
async function declaredWords({ worktree, prompt }: AgentJob, { argv }: DeclaredCommand): Promise<readonly string[]> {
  const file = path.join(worktree.home, "task.md");
  await writeFile(file, prompt);
  return argv.slice(1).map((word) => filledIn(word, { prompt: file, outputs: worktree.outputs, worktree: worktree.tree }));
}
