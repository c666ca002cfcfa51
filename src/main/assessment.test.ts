import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Json } from "../core/shared/json.ts";
import type { AnalyserOutput, LocatedInput } from "../engine/ports/analyser.ts";
import assess from "../divisions/engineering/playbooks/assess-repository.json" with { type: "json" };
import type { Assessment } from "../divisions/engineering/report-types.ts";
import { engineeringRules } from "../divisions/engineering/section-rules.ts";
import { assessmentAnalysers, type RepositoryHistory } from "./assessment.ts";

let root = "";
const write = async (name: string, text: string) => {
  await mkdir(path.dirname(path.join(root, name)), { recursive: true });
  await writeFile(path.join(root, name), text);
};

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), "xvc-assess-"));
  await write("tree/src/a.ts", 'import { b } from "./b";\nexport function a(x: number) {\n  if (x > 1 && b) return 1;\n  return 2;\n}\n');
  await write("tree/src/b.ts", 'import { a } from "./a";\nexport const b = a;\n');
  await write("tree/src/<img src=x onerror=alert(1)>.ts", "export const odd = 1;\n");
  await write("tree/README.md", "# Sample\n\n[gone](gone.md)\n\n```sh\nnpm run gone\n```\n");
  await write("tree/package.json", '{\n  "name": "sample",\n  "dependencies": { "left-pad": "^1.0.0" }\n}\n');
  await mkdir(path.join(root, "empty"));
  await write("binary/a.bin", "\0\u0001\u0002");
});
afterAll(() => rm(root, { recursive: true, force: true }));

const sha = "a".repeat(40);
const commits = [
  {
    sha,
    authorName: "Ann <b>",
    authorEmail: "ann@x",
    atMs: Date.UTC(2026, 0, 2),
    files: ["src/a.ts", "src/b.ts"].map((file) => ({ path: file, added: 1, deleted: 0 })),
  },
];
const git: RepositoryHistory = {
  readHistory: (_repository, maxCommits) => Promise.resolve({ commits: commits.slice(0, maxCommits), truncated: false, shallow: false }),
  listFiles: () => Promise.resolve([{ path: "linked", kind: "symlink", bytes: 3 }]),
};
const repository = (): LocatedInput => ({
  kind: "git-repository",
  name: "sample",
  treeDirectory: path.join(root, "tree"),
  gitDirectory: path.join(root, "none"),
  commit: sha,
  commits: 1,
  shallow: false,
  boundary: [],
  skipped: [],
  truncated: false,
});
const folder = (name: string): LocatedInput => ({ kind: "folder", name, treeDirectory: path.join(root, name) });

/** Runs the whole playbook and its rules, as the engine would. */
async function run(
  located: LocatedInput,
): Promise<{ readonly bodies: ReadonlyMap<string, string>; readonly problems: readonly string[]; readonly report: Assessment }> {
  const analysers = assessmentAnalysers(git);
  const outputs: { [name: string]: Json } = {};
  const bodies = new Map<string, string>();
  const problems: string[] = [];
  for (const task of assess.plan.decomposition) {
    const analyser = analysers.get(task.task);
    const done: AnalyserOutput | undefined = await analyser?.({
      taskKey: task.task,
      inputs: { repository: located },
      upstream: outputs,
      scratchDirectory: root,
      signal: new AbortController().signal,
    });
    expect(done?.outputs.map((output) => output.name)).toEqual(task.outputs);
    for (const { name, mediaType, body } of done?.outputs ?? []) {
      bodies.set(name, String(body));
      if (mediaType === "application/json") outputs[name] = JSON.parse(String(body)) as Json;
    }
    for (const { check } of task.acceptance) {
      if (check.kind === "rule" && "rule" in check)
        problems.push(...(engineeringRules.get(check.rule)?.({ output: check.output, outputs }).problems ?? ["no such rule"]));
    }
  }
  return { bodies, problems, report: JSON.parse(bodies.get("report.json") ?? "{}") as Assessment };
}

test("a repository is assessed to a report whose rules all pass, byte for byte the same twice", async () => {
  const first = await run(repository());
  expect(first.problems).toEqual([]);
  expect(first.report.sections.flatMap((section) => section.findings.map((finding) => finding.rule)).toSorted()).toEqual([
    "dead-command",
    "dead-link",
    "floating-version",
    "import-cycle",
    "no-licence",
    "no-tests",
  ]);
  expect(first.report.files.map((file) => file.path)).toContain("linked");
  expect(first.report.risks.map((risk) => risk.priority)).toEqual(first.report.risks.map((_, index) => index + 1));
  const second = await run(repository());
  expect([...second.bodies]).toEqual([...first.bodies]);
}, 30_000);

test("the page carries nothing that runs or loads, whatever the names say", async () => {
  const { bodies } = await run(repository());
  const page = bodies.get("report.html") ?? "";
  expect(page).not.toMatch(/<script|<img|<link|javascript:|\son\w+="|url\(|@import|\sstyle="/i);
  expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;");
  expect(page).toMatch(/Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[\w+/=]{44}'/);
  expect(page).toContain("<svg");
  expect(page).not.toMatch(/(src|href)="https?:/);
  expect(bodies.get("report.md")).not.toContain("| <img");
}, 30_000);

test.each(["empty", "binary"])(
  "a folder that is %s gets a correct report with honest sections",
  async (name) => {
    const { problems, report } = await run(folder(name));
    expect(problems).toEqual([]);
    expect(report.repository).toMatchObject({ kind: "folder", commit: null });
    expect(report.sections.find((section) => section.key === "history")?.reason).toBe(
      "No history: the input is a plain folder, not a git repository.",
    );
    expect(report.sections.flatMap((section) => section.findings)).toEqual([]);
  },
  30_000,
);

test("rules fail on a report that was tampered with", async () => {
  const { report } = await run(repository());
  const outputs = (changed: Partial<Assessment>) => ({ output: "report.json", outputs: { "report.json": { ...report, ...changed } } });
  const [first, ...others] = report.sections;
  if (first === undefined) throw new Error("no sections");
  expect(engineeringRules.get("section-complete")?.(outputs({ sections: others })).problems).toEqual(["section inventory is missing"]);
  expect(
    engineeringRules.get("counts-add-up")?.(outputs({ sections: [{ ...first, counts: { ...first.counts, high: 9 } }, ...others] })).passed,
  ).toBe(false);
  expect(engineeringRules.get("citations-exist")?.(outputs({ files: [] })).passed).toBe(false);
  expect(engineeringRules.get("citations-exist")?.({ output: "gone.json", outputs: {} }).problems).toEqual([
    "gone.json is missing or of another schema",
  ]);
}, 30_000);

test("a task without its input or its upstream says which", async () => {
  const analysers = assessmentAnalysers(git);
  const input = { inputs: {}, upstream: {}, scratchDirectory: root, signal: new AbortController().signal };
  await expect(analysers.get("inventory")?.({ ...input, taskKey: "inventory" })).rejects.toMatchObject({ code: "analyser.input-missing" });
  await expect(
    analysers.get("complexity")?.({ ...input, inputs: { repository: folder("empty") }, taskKey: "complexity" }),
  ).rejects.toMatchObject({ code: "analyser.upstream-missing" });
});
