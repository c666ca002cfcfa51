import { existsSync, readFileSync, readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { makeRepository, plainGit } from "../../adapters/git/repository-fixture.ts";
import { probeSandbox } from "../../adapters/sandbox/probe-sandbox.ts";
import { attemptContextOf, executorConformance } from "../../../test/conformance/executor.ts";
import { type AgentWorldOptions, openAgentWorld } from "../../../test/support/agent-world.ts";
import { type FakeAgent, writeFakeAgents } from "../../../test/support/fake-agents.ts";
import { startModelServer } from "../../../test/support/model-server.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { AttemptContext, AttemptOutcome } from "../ports/executor.ts";

const probe = await probeSandbox();
const root = await mkdtemp(path.join(os.tmpdir(), "xvc-agents-"));
const server = await startModelServer("openai-compatible", () => ({ kind: "text", text: "thought" }));
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

// Real programs are started: on a busy machine each may wait for its turn.
vi.setConfig({ testTimeout: 60_000 });

const repository = makeRepository(path.join(root, "repository"), {
  "sum.js": "export const sum = (a, b) => a - b;\n",
  "old.txt": "old\n",
  ".gitignore": "ignored\n",
});

type World = Awaited<ReturnType<typeof openAgentWorld>>;
const fakes = writeFakeAgents(path.join(root, "programs"));
const opened = ({ how = "good", ...options }: Partial<AgentWorldOptions> & { readonly how?: FakeAgent } = {}): Promise<World> =>
  openAgentWorld({ probe, searchPath: fakes.pathOf(how), ...options, provider: { baseUrl: server.baseUrl, ...options.provider } });

async function contextOf(world: World, outputs: readonly string[]): Promise<AttemptContext> {
  const context = attemptContextOf("fix-sum");
  return {
    ...context,
    inputs: [await world.take(repository)],
    request: { ...context.request, rehearsal: false },
    task: { ...context.task, spec: { ...context.task.spec, task: "fix-sum", title: "Fix the sum", outputs } },
  };
}

const all = ["fix.patch", "fix.bundle", "changes.json", "summary.md", "one.md"] as const;

async function textOf(world: World, outcome: AttemptOutcome, name: string): Promise<string> {
  const found = outcome.kind === "submitted" ? outcome.outputs.find((output) => output.name === name) : undefined;
  return found === undefined ? JSON.stringify(outcome) : new TextDecoder().decode(await world.content.read(found.sha256));
}

describe.runIf(probe.available)("a coding agent in the sandbox", () => {
  test("what it changed is read from its worktree as a patch and a branch, each call is paid for, and nothing is left", async () => {
    await using world = await opened({ how: "asks" });
    const outcome = await world.executor.attempt(await contextOf(world, all), new AbortController().signal);
    const patch = await textOf(world, outcome, "fix.patch");
    expect(patch).toMatch(/-export const sum = \(a, b\) => a - b;\n\+export const sum = \(a, b\) => a \+ b;/u);
    expect(JSON.parse(await textOf(world, outcome, "changes.json"))).toEqual({
      schema: "xvc.changes/1",
      files: [
        { path: "added.txt", how: "added", bytes: 4 },
        { path: "sum.js", how: "changed", bytes: 36 },
      ],
    });
    // Inside of the worktree once, elsewhere and outward not at all, and never for good.
    const summary = await textOf(world, outcome, "summary.md");
    expect(summary).toMatch(/once,no,no Done\.$/u);
    expect(outcome).toMatchObject({ interpretation: "I fix the sum.", costMicro: 1_000 });
    expect(world.turns).toMatchObject([{ state: "answered", model: "m", usage: { inputTokens: 11, outputTokens: 7 } }]);
    expect(world.booked).toMatchObject([{ use: { inputTokens: 11, outputTokens: 7 } }]);
    // The model that a person chose was asked, with the real key, and with a limit.
    expect(server.seen.at(-1)).toMatchObject({
      headers: { authorization: "Bearer the-real-key" },
      body: { model: "m", max_tokens: 32_000, stream_options: { include_usage: true } },
    });
    expect(await world.leftBehind()).toBe(0);
    // A person takes the branch with plain git; nothing else is needed, and the work tree is clean.
    const bundle = path.join(root, "fix.bundle");
    const made = outcome.kind === "submitted" ? outcome.outputs.find(({ name }) => name === "fix.bundle") : undefined;
    if (made === undefined) throw new Error(JSON.stringify(outcome));
    await writeFile(bundle, await world.content.read(made.sha256));
    plainGit(repository, ["fetch", "--quiet", bundle, "xvc/fix-sum:xvc/fix-sum"]);
    expect(plainGit(repository, ["show", "xvc/fix-sum:sum.js"])).toBe("export const sum = (a, b) => a + b;");
    expect(plainGit(repository, ["status", "--porcelain"])).toBe("");
    plainGit(repository, ["branch", "-D", "xvc/fix-sum"]);
  });

  test("reaches nothing but its model, and nothing of the host", async () => {
    vi.stubEnv("XVC_TEST_SECRET", "inherited");
    await using world = await opened({ how: "outside" });
    const outcome = await world.executor.attempt(await contextOf(world, ["one.md"]), new AbortController().signal);
    expect(await textOf(world, outcome, "one.md")).toBe("# tried: \n");
    expect(existsSync("/etc/xvc-escape")).toBe(false);
    vi.unstubAllEnvs();
  });

  test.each([
    ["crash", "agent.ended", /ended with 3.*it broke/su],
    ["wrong-mode", "agent.mode-refused", /offers auto/u],
    ["no-mode", "agent.mode-refused", /offers no modes/u],
    ["leaves-mode", "agent.mode-refused", /went to auto/u],
    ["link", "agent.result-refused", /leads-out is a link that leads out/u],
  ] as const)("%s ends as %s", async (how, code, message) => {
    await using world = await opened({ how });
    const outcome = await world.executor.attempt(await contextOf(world, all), new AbortController().signal);
    expect(outcome).toMatchObject({ kind: "failed", code });
    expect(outcome.kind === "failed" ? outcome.message : "").toMatch(message);
    expect(await world.leftBehind()).toBe(0);
  });

  test("work that is no longer held ends within two seconds, with every process of it", async () => {
    let isHeld = true;
    await using world = await opened({ how: "hang", isHeld: () => isHeld });
    const context = await contextOf(world, all);
    const running = world.executor.attempt(context, new AbortController().signal);
    running.catch(() => undefined);
    await vi.waitFor(() => expect(processes(world.root)).toBe(true), { timeout: 20_000 });
    isHeld = false;
    const since = performance.now();
    await expect(running).rejects.toMatchObject({ code: "attempt.stale-epoch" });
    expect(performance.now() - since).toBeLessThan(3_000);
    expect(processes(world.root)).toBe(false);
    expect(await world.leftBehind()).toBe(0);
  });

  test("a budget that is used up ends the run at its next call, as something to wait for", async () => {
    const purse = new Failure("exhausted", "budget.exhausted", { message: "Nothing left.", budgetId: "b", measure: "cost", needed: 7 });
    await using world = await opened({ purse });
    const before = server.seen.length;
    const outcome = await world.executor.attempt(await contextOf(world, all), new AbortController().signal);
    expect(outcome).toMatchObject({ kind: "failed", code: "budget.exhausted", details: { budgetId: "b", measure: "cost", needed: 7 } });
    expect(server.seen).toHaveLength(before);
  });

  test("codex by its lines, and any program by its declared command line", async () => {
    await using codex = await opened({ agent: { form: "codex" } });
    const first = await codex.executor.attempt(await contextOf(codex, all), new AbortController().signal);
    expect(await textOf(codex, first, "summary.md")).toBe("All done.");
    expect(first).toMatchObject({ interpretation: "I read the task" });
    const command = {
      argv: ["declared", "{prompt}", "{outputs}", "{worktree}"],
      prompt: "file",
      output: "jsonl",
      timeoutMs: 20_000,
    } as const;
    await using declared = await opened({ agent: { form: "command", providerId: null, model: null, command } });
    const second = await declared.executor.attempt(await contextOf(declared, all), new AbortController().signal);
    expect(await textOf(declared, second, "summary.md")).toBe("declared and done");
    expect(await textOf(declared, second, "fix.patch")).toContain("a + b");
    await using late = await opened({
      agent: { form: "command", providerId: null, model: null, command: { ...command, argv: ["/bin/sleep", "30"], timeoutMs: 1_000 } },
    });
    expect(await late.executor.attempt(await contextOf(late, all), new AbortController().signal)).toMatchObject({
      code: "agent.timed-out",
    });
    await using none = await opened({ agent: { form: "gemini" } });
    expect(await none.executor.attempt(await contextOf(none, all), new AbortController().signal)).toMatchObject({
      code: "agent.not-found",
      retryable: false,
    });
  });

  test("later work begins with what earlier work changed, and patches that do not fit together are named", async () => {
    await using world = await opened();
    const context = await contextOf(world, all);
    const patch = await world.executor.attempt(context, new AbortController().signal);
    const first = patch.kind === "submitted" ? patch.outputs.filter(({ name }) => name === "fix.patch") : [];
    const later = await world.executor.attempt(
      { ...context, upstream: [{ taskKey: "fix", outputs: first }] },
      new AbortController().signal,
    );
    // The fake writes the same again: told against the request's own commit, it is the same change.
    expect(await textOf(world, later, "fix.patch")).toBe(await textOf(world, patch, "fix.patch"));
    const located = (await world.parts.workspace.locate(context.inputs, new AbortController().signal))["repository"];
    if (located?.kind !== "git-repository" || first[0] === undefined) throw new Error("no repository");
    const ours = await world.content.read(first[0].sha256);
    const theirs = Buffer.from(Buffer.from(ours).toString("utf8").replace("a + b;", "b + a;"));
    const merge = (patches: readonly Uint8Array[]) =>
      world.parts.worktrees.merge({ repository: located, patches, branch: "xvc/all", atMs: 1_000 }, new AbortController().signal);
    expect(await merge([ours, ours])).toMatchObject({ kind: "merged", changes: { files: [{ path: "added.txt" }, { path: "sum.js" }] } });
    expect(await merge([ours, theirs])).toMatchObject({ kind: "conflict", paths: ["sum.js"] });
    expect(await world.leftBehind()).toBe(0);
  });
});

test("without a sandbox it is off and says why", async () => {
  await using world = await openAgentWorld({
    probe: { available: false, reason: "No bubblewrap.", next: "Install it." },
    searchPath: "/nowhere",
  });
  const { task } = attemptContextOf("fix-sum");
  expect(world.executor.serves(task)).toEqual({ ok: false, reason: "Coding agents run in a sandbox only. No bubblewrap. Install it." });
});

/** Whether a process of this machine has the mark in its command line. */
const processes = (mark: string): boolean =>
  readdirSync("/proc").some((id) => {
    try {
      return /^\d+$/u.test(id) && readFileSync(`/proc/${id}/cmdline`, "utf8").includes(mark);
    } catch {
      return false;
    }
  });

if (probe.available) {
  const world = await opened();
  afterAll(() => world[Symbol.asyncDispose]());
  executorConformance("the agent executor", () => ({
    executor: { ...world.executor, attempt: (context, signal) => world.executor.attempt(withoutRehearsal(context), signal) },
    content: world.content,
    served: "write",
    notServed: null,
    leftBehind: () => readdirSync(world.worktreesRoot).length,
  }));
}

const withoutRehearsal = (context: AttemptContext): AttemptContext => ({ ...context, request: { ...context.request, rehearsal: false } });
