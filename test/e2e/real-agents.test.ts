import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeRepository, plainGit } from "../../src/adapters/git/repository-fixture.ts";
import type { JsonObject } from "../../src/core/shared/json.ts";
import { textAt } from "../../src/surfaces/cli/output.ts";
import { type LiveHome, openLiveHome } from "../support/live-home.ts";
import { type ModelServer, type ScriptedAnswer, type SeenRequest, startModelServer } from "../support/model-server.ts";
import { realAgents } from "../support/real-agents.ts";

const agents = await realAgents();
const open: { home?: LiveHome; place?: string } = {};
const servers: ModelServer[] = [];

afterAll(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
  await open.home?.remove();
  if (open.place !== undefined) await rm(open.place, { recursive: true, force: true });
});

const files = {
  "package.json": '{ "type": "module", "scripts": { "test": "node --test" } }\n',
  "sum.js": "export const sum = (left, right) => left - right;\n",
  "sum.test.js":
    'import { test } from "node:test";\nimport assert from "node:assert/strict";\nimport { sum } from "./sum.js";\ntest("adds", () => assert.equal(sum(2, 3), 5));\n',
};

const repair = "sed -i 's/left - right/left + right/' sum.js && node --test";

/** The model's script: the first turn with tools runs a command, the next one is done; whoever asks without tools wants a title. */
function script({ body }: SeenRequest): ScriptedAnswer {
  const tools = (Array.isArray(body["tools"]) ? body["tools"] : []) as readonly JsonObject[]; // the libraries send objects
  if (tools.length === 0) return { kind: "text", text: "Fix the sum" };
  if (/"role":"tool"|function_call_output/u.test(JSON.stringify(body)))
    return { kind: "text", text: "The sign was wrong; the test passes now." };
  const named = tools.map(({ name, function: inner }) => (typeof name === "string" ? name : textAt((inner ?? {}) as JsonObject, "name"))); // a function has a name
  return named.includes("exec_command")
    ? { kind: "call", tool: "exec_command", rawArguments: JSON.stringify({ cmd: repair }) }
    : { kind: "call", tool: "bash", rawArguments: JSON.stringify({ command: repair, description: "Repairs and tests" }) };
}

const playbook = {
  schema: "xvc.playbook/1",
  name: "repair",
  version: 1,
  matches: ["failing test"],
  inputs: [{ name: "repository", kind: "git-repository", required: true }],
  deliverable: ["fix.bundle", "fix.patch", "changes.json"],
  plan: {
    schema: "xvc.plan/1",
    request: "Repair",
    version: 1,
    decomposition: [
      {
        task: "repair",
        title: "Repair the failing test",
        persona: "contributor",
        executor: "agent",
        dependencies: [],
        inputs: ["repository"],
        outputs: ["fix.patch", "fix.bundle", "changes.json"],
        review: "checks",
        acceptance: [{ id: "a1", statement: "All tests pass.", check: { kind: "command", run: "node --test" } }],
      },
    ],
  },
};

/** Fixed by this agent, checked by the repository's own test, judged by a person, delivered, merged with git. */
async function repaired(home: LiveHome, place: string, name: string): Promise<void> {
  const repository = makeRepository(path.join(place, name), files);
  expect(() => execFileSync("node", ["--test"], { cwd: repository, stdio: "ignore" })).toThrow(/Command failed/u);
  const label = textAt(await home.json("request", "submit", `A failing test, for ${name}`, "--input", repository), "label");
  expect((await home.xvc("request", "wait", label, "-q")).exit).toBe(8);
  await home.json("plan", "approve", label, "--confirm", label);
  expect((await home.xvc("request", "wait", label, "-q")).exit).toBe(8);
  const waiting = await home.get(`/api/requests/${label}`);
  expect(waiting).toMatchObject({ tasks: [{ status: "in-review" }] });
  // Its performer has not shown yet that it can do this: a person judges, whatever the checks say.
  await home.json("inbox", "answer", label, "pass", "--reason", "One sign, and the test passes.", "--confirm", label);
  expect((await home.xvc("request", "wait", label, "-q")).exit).toBe(0);
  const out = path.join(place, `${name}-out`);
  await home.json("deliverable", "save", label, "--out", out);
  expect(await readFile(path.join(out, "fix.patch"), "utf8")).toContain("+export const sum = (left, right) => left + right;");
  plainGit(repository, ["fetch", "--quiet", path.join(out, "fix.bundle"), "xvc/repair:xvc/repair"]);
  plainGit(repository, ["merge", "--quiet", "--ff-only", "xvc/repair"]);
  execFileSync("node", ["--test"], { cwd: repository, stdio: "ignore" });
  expect(plainGit(repository, ["status", "--porcelain"])).toBe("");
  expect(plainGit(repository, ["diff", "--name-only", "HEAD~1", "HEAD"])).toBe("sum.js");
  expect(await readdir(path.join(home.path, "worktrees"))).toEqual([]);
}

test("a failing test is fixed by OpenCode and by Codex, reviewed and merged; nothing is left behind", async ({ skip }) => {
  if (agents.kind === "absent") return skip(agents.reason);
  const place = await mkdtemp(path.join(os.tmpdir(), "xvc-real-agents-"));
  open.place = place;
  const home = await openLiveHome({ PATH: `${agents.searchPath}${path.delimiter}${process.env["PATH"] ?? ""}` });
  open.home = home;
  await home.up();
  for (const [form, vendor] of [
    ["opencode", "openai-compatible"],
    ["codex", "openai"],
  ] as const) {
    const server = await startModelServer(vendor, script);
    servers.push(server);
    await home.json("model", "add", `for-${form}`, "--vendor", vendor, "--url", server.baseUrl, "--model", "m", "--local");
    await home.json("agent", "add", form, "--form", form, "--provider", `for-${form}`);
  }
  await writeFile(path.join(place, "playbook.json"), JSON.stringify(playbook));
  await home.json("playbook", "add", path.join(place, "playbook.json"));
  await repaired(home, place, "by-opencode");
  await home.json("agent", "pause", "opencode");
  await repaired(home, place, "by-codex");
  for (const server of servers) expect(server.seen.every(({ body }) => body["model"] === "m")).toBe(true);
  expect(await home.verify()).toEqual([]);
}, 400_000);
