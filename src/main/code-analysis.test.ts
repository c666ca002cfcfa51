import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { makeRepository } from "../../test/support/sample-repository.ts";
import type { JsonObject } from "../core/shared/json.ts";
import type { LocatedInput } from "../engine/ports/analyser.ts";
import type { LetThrough } from "../engine/ports/gated-tool.ts";
import type { Workspace } from "../engine/ports/workspace.ts";
import { toolRegistry } from "../engine/gate/tool-door.ts";
import { codeAnalysis } from "./code-analysis.ts";

// Much is computed here; a machine that does much else is slow, and only a failure takes this long.
vi.setConfig({ testTimeout: 60_000 });

let root = "";
let located = 0;
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "xvc-analysis-"));
  await makeRepository(path.join(root, "tree"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const workspace: Workspace = {
  async locate() {
    located += 1;
    const repository: LocatedInput = { kind: "folder", name: "shop", treeDirectory: path.join(root, "tree") };
    return { repository, notes: { kind: "file", name: "notes", path: path.join(root, "notes") } };
  },
  scratch: async () => ({ path: root, remove: async () => undefined }),
};
const git = { readHistory: () => Promise.reject(new Error("a folder has no history")), listFiles: () => Promise.resolve([]) };
const tool = codeAnalysis({ workspace, git });
const inputs = ["repository", "notes"].map((name) => ({
  name,
  kind: "folder",
  artifacts: [{ name, sha256: name, mediaType: "application/x-tar", bytes: 1 }],
}));

const ask = async (given: JsonObject): Promise<JsonObject> =>
  tool.run({ context: { inputs }, arguments: given, effectKey: "k" } as unknown as LetThrough, new AbortController().signal); // the inputs are all it looks at

test("a repository is measured section by section, with every place, and once", async () => {
  expect(toolRegistry([tool])).toHaveLength(1);
  const modules = await ask({ input: "repository", section: "module_graph" });
  expect(modules["headline"]).toMatch(/modules?, /u);
  const places = JSON.stringify(modules["page"]);
  expect(places).toMatch(/src\/\w+\.ts:\d+/u);
  expect(await ask({ input: "repository", section: "module_graph", part: "cycles" })).toMatchObject({ page: { total: 1, next: null } });
  const edges = await ask({ input: "repository", section: "module_graph", part: "edges", from: 1 });
  expect(JSON.stringify(edges["page"])).toContain("src/order.ts");
  expect(located).toBe(1);
  expect(await ask({ input: "repository", section: "complexity", part: "functions" })).toMatchObject({
    section: "complexity",
    state: "complete",
  });
  expect(await ask({ input: "repository", section: "history" })).toMatchObject({ state: "not-applicable" });
});

test.each([
  [{ input: "none", section: "inventory" }, "it has repository, notes"],
  [{ input: "repository", section: "inventory", part: "none" }, "no part of this name"],
  [{ input: "notes", section: "inventory" }, "neither a git repository nor a folder"],
])("%j is refused, saying what there is", async (given, words) => {
  await expect(ask(given)).rejects.toThrow(words);
});
