import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { gitHost } from "../../adapters/git/git-command.ts";
import { captureInput } from "../../adapters/git/capture-input.ts";
import { openRepository } from "../../adapters/git/open-repository.ts";
import { makeRepository, plainGit } from "../../adapters/git/repository-fixture.ts";
import { gitWorktrees } from "../../adapters/git/worktrees.ts";
import { createMemoryContent } from "../../adapters/in-process/memory-content.ts";
import { probeSandbox } from "../../adapters/sandbox/probe-sandbox.ts";
import { bubblewrapSandbox, runUnsandboxed } from "../../adapters/sandbox/run-sandboxed.ts";
import { misfit } from "../../core/gate/check-schema.ts";
import { declarationProblems } from "../../core/gate/tool-declaration.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { LocatedRepository } from "../ports/analyser.ts";
import type { AttemptContext } from "../ports/executor.ts";
import { worktreeDesk } from "./worktree-desk.ts";
import { worktreeTools } from "./worktree-tools.ts";

const probe = await probeSandbox();
// Real programs are started: on a busy machine each may wait for its turn.
vi.setConfig({ testTimeout: 60_000 });
const never = new AbortController().signal;
const content = createMemoryContent();

let folder: string;
let repository: LocatedRepository;
const sandbox = bubblewrapSandbox(probe);

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "xvc-desk-"));
  const source = makeRepository(path.join(folder, "source"), { "src/a.txt": "one\n", "run.sh": "echo hello\n" });
  const host = gitHost(sandbox, runUnsandboxed);
  const captured = path.join(folder, "captured");
  const opened = path.join(folder, "opened");
  for (const place of [captured, opened]) mkdirSync(place);
  await captureInput(host, source, { includeWorktree: false, destinationDirectory: captured });
  repository = { kind: "git-repository", name: "source", ...(await openRepository(host, captured, { scratchDirectory: opened })) };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Only what these tools look at. */
const contextOf = (id: string): AttemptContext =>
  ({
    nowMs: 1_700_000_000_000,
    attempt: { id },
    task: { key: "fix", spec: { inputs: [], outputs: ["fix.patch", "a.txt"] } },
    inputs: [{ name: "code", kind: "git-repository", artifacts: [] }],
    upstream: [],
  }) as unknown as AttemptContext;

function bench() {
  const clock = { monotonicMs: () => 0 };
  const workspace = { locate: () => Promise.resolve({ code: repository }), scratch: () => Promise.reject(new Error("unused")) };
  const worktrees = gitWorktrees({ root: path.join(folder, "trees"), host: gitHost(sandbox, runUnsandboxed), nowMs: () => Date.now() });
  const desk = worktreeDesk({ worktrees, workspace, sandbox, content, clock });
  const tools = worktreeTools({ desk, content, crash: () => undefined });
  const context = contextOf(`attempt-${Math.trunc(performance.now() * 1_000)}`);
  const call = async (name: string, given: JsonObject = {}): Promise<JsonObject> => {
    const tool = tools.find(({ declaration }) => declaration.name === name);
    if (tool === undefined) throw new Error(`There is no ${name}.`);
    expect(misfit(given, tool.declaration.parameters)).toBeNull();
    return tool.run({ context, arguments: given, effectKey: "k" }, never);
  };
  return { tools, call };
}

test("the declarations can be registered; they are offered where there is a repository, and only read or write the own worktree", () => {
  const { tools } = bench();
  for (const { declaration, fits } of tools) {
    expect(declarationProblems(declaration)).toEqual([]);
    expect(["read", "write_private"]).toContain(declaration.effectKind);
    expect(declaration.result.integrity).toBe("external");
    expect(fits?.(contextOf("a"))).toBe(true);
    expect(fits?.({ ...contextOf("a"), inputs: [] })).toBe(false);
  }
});

describe.runIf(probe.available)("in the sandbox", () => {
  test("work is written, run, committed and handed in as a patch against the request's repository", async () => {
    const { call } = bench();
    expect(await call("git.log")).toMatchObject({
      text: expect.stringMatching(/Ada: first/u) as string,
      worktree: expect.any(String) as string,
    });
    expect(await call("worktree.read", { path: "src/a.txt" })).toEqual({ text: "one\n", chars: 4, next: null });
    expect(await call("worktree.write", { path: "src/deep/b.txt", text: "two\n" })).toEqual({ path: "src/deep/b.txt", bytes: 4 });
    expect(await call("shell.run", { command: "sh run.sh && echo three >> src/a.txt; exit 3" })).toEqual({
      exitCode: 3,
      stdout: "hello\n",
      stderr: "",
    });
    expect((await call("git.status"))["text"]).toMatch(/ M src\/a\.txt\n\?\? src\/deep\/b\.txt/u);
    expect((await call("git.diff", { path: "src/a.txt" }))["text"]).toContain("+three");
    const made = await call("git.commit", { message: "--amend\nis no option" });
    expect(made).toMatchObject({ committed: true });
    expect(await call("git.commit", { message: "again" })).toEqual({ committed: false });
    expect((await call("git.show", { commit: "HEAD" }))["text"]).toContain("--amend");
    const file = await call("worktree.hand_in", { name: "a.txt", path: "src/a.txt" });
    const { sha256 } = file["written"] as { readonly sha256: Parameters<typeof content.read>[0] };
    expect(new TextDecoder().decode(await content.read(sha256))).toBe("one\nthree\n");
    const patch = await call("worktree.hand_in", { name: "fix.patch" });
    const { sha256: patchSha256 } = patch["written"] as { readonly sha256: Parameters<typeof content.read>[0] };
    const fresh = path.join(folder, "fresh");
    plainGit(folder, ["clone", "--quiet", path.join(folder, "source"), fresh]);
    plainGit(fresh, ["apply", "-"], Buffer.from(await content.read(patchSha256)));
    expect(plainGit(fresh, ["status", "--porcelain", "-uall"])).toBe("M src/a.txt\n?? src/deep/b.txt");
  });

  test("a command has no network, no files of the machine, an end, and git runs nothing that the tree brings along", async () => {
    const { call } = bench();
    const marker = path.join(folder, "escaped");
    const command = `cat /etc/shadow; (exec 3<>/dev/tcp/127.0.0.1/22) 2>/dev/null && echo net; touch ${marker}; env | grep -c XVC; git config core.fsmonitor "touch planted"; printf '#!/bin/sh\\ntouch planted\\n' > .git/hooks/pre-commit`;
    const ran = await call("shell.run", { command: `mkdir -p .git/hooks; ${command}; chmod +x .git/hooks/pre-commit; echo x > y` });
    expect(ran["stdout"]).not.toMatch(/root:|net/u);
    expect((await call("git.status"))["text"]).not.toMatch(/planted/u);
    await call("git.commit", { message: "hooked" });
    expect((await call("shell.run", { command: "ls planted" }))["exitCode"]).not.toBe(0);
    expect(await call("shell.run", { command: "sleep 30", timeoutSeconds: 1 })).toMatchObject({ timedOut: true });
    const loud = await call("shell.run", { command: "yes | head -c 9000000" });
    expect(loud).toMatchObject({ truncated: true });
    expect((loud["stdout"] as string).length).toBeLessThan(8_000);
  });

  test("a worktree that was swept away is laid out anew, and the performer is told", async () => {
    const { call } = bench();
    await call("worktree.write", { path: "b.txt", text: "two" });
    rmSync(path.join(folder, "trees"), { recursive: true, force: true });
    await expect(call("git.status")).rejects.toMatchObject({ code: "tool.worktree-unavailable" });
    const again = await call("git.status");
    expect(again["worktree"]).toBeDefined();
    expect(again["text"]).not.toContain("b.txt");
  });

  test.each(["/etc/passwd", "../x", "a/../../x", "a//b", "-rf/..", ""])("the path %j is none of the tree", async (bad) => {
    await expect(bench().call("worktree.write", { path: bad === "" ? "." : bad, text: "x" })).rejects.toMatchObject({
      code: "tool.bad-path",
    });
  });

  test("what cannot be done is told with the program's own words", async () => {
    const { call } = bench();
    await expect(call("git.show", { commit: "--output=/tmp/x" })).rejects.toMatchObject({ code: "tool.bad-path" });
    await expect(call("git.show", { commit: "nobody" })).rejects.toThrow(/unknown revision|bad revision/u);
    await expect(call("worktree.read", { path: "none" })).rejects.toThrow(/No such file/u);
    await expect(call("worktree.hand_in", { name: "fix.patch" })).rejects.toThrow("nothing to hand in");
    await expect(call("worktree.hand_in", { name: "other", path: "run.sh" })).rejects.toMatchObject({ code: "tool.no-such-output" });
  });
});

test("a fault of the worktree is an answer to the performer, and the next call tries again", async () => {
  let opened = 0;
  const worktrees = {
    open: () => {
      opened += 1;
      return Promise.reject(new Failure("conflict", "agent.upstream-conflict", { message: "They do not fit together." }));
    },
    merge: () => Promise.reject(new Error("unused")),
    sweep: () => Promise.resolve(0),
  };
  const workspace = { locate: () => Promise.resolve({}), scratch: () => Promise.reject(new Error("unused")) };
  const desk = worktreeDesk({ worktrees, workspace, sandbox, content, clock: { monotonicMs: () => 0 } });
  const command = { argv: ["true"], timeoutMs: 1_000, outputBytes: 1 } as const;
  for (let time = 0; time < 2; time++)
    await expect(desk.run(contextOf("a"), command, never)).rejects.toMatchObject({ code: "tool.worktree-unavailable" });
  expect(opened).toBe(2);
});
