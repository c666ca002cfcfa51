import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chooseBySeed } from "./checks.ts";

const program = fileURLToPath(new URL("recount.ts", import.meta.url));

interface Check {
  readonly name: string;
  readonly pass: boolean;
  readonly detail: string;
}

const home = mkdtempSync(join(tmpdir(), "xvc-recount-"));
const tree = join(home, "tree");
const gitDirectory = join(tree, ".git");
const files: { readonly [path: string]: string } = {
  "src/a.ts": "const a = 1;\nconst b = 2;\n",
  "src/b.py": "x = 1\ny = 2\nz = 3",
  "odd name\twith\ttabs.md": "# Title\n",
  "empty.go": "",
  "r\u00e9sum\u00e9.md": "\u00e9\n\u00e9\n",
};
let commit = "";

const git = (...words: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", ...words], {
    cwd: tree,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();

beforeAll(() => {
  mkdirSync(join(tree, "src"), { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(tree, path), text);
  writeFileSync(join(tree, "picture.bin"), Buffer.from([0, 1, 2, 10, 10]));
  symlinkSync("/etc/passwd", join(tree, "link"));
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "first");
  writeFileSync(join(tree, "src/a.ts"), `${files["src/a.ts"] ?? ""}// more\n`);
  git("add", "-A");
  git("commit", "-qm", "second");
  commit = git("rev-parse", "HEAD");
});

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

const sections = [
  "inventory",
  "module_graph",
  "duplication",
  "complexity",
  "history",
  "tests",
  "dependencies",
  "secrets",
  "documentation",
  "risk_summary",
];

type Value = { [key: string]: unknown };

function soundReport(): Value {
  const finding = (id: string, citations: readonly unknown[]): Value => ({
    id,
    section: "complexity",
    rule: "r",
    severity: "low",
    title: "t",
    detail: "d",
    citations,
  });
  const empty = (key: string): Value => ({
    key,
    title: key,
    state: "complete",
    reason: "",
    headline: "",
    measures: [],
    tables: [],
    findings: [],
    counts: { info: 0, low: 0, medium: 0, high: 0 },
    notes: [],
  });
  const of = (key: string): Value =>
    key === "complexity"
      ? {
          ...empty(key),
          findings: [
            finding("complexity-1", [
              { file: "src/a.ts", line: 3 },
              { file: "src/b.py", line: 1, endLine: 3 },
            ]),
            finding("complexity-2", [{ commit }, { file: "picture.bin" }]),
          ],
          counts: { info: 0, low: 2, medium: 0, high: 0 },
        }
      : empty(key);
  const bytes = (text: string): number => Buffer.byteLength(text);
  const file = (path: string, language: string | null, text: string, lines: number): Value => ({
    path,
    language,
    role: "source",
    bytes: bytes(text),
    lines,
    code: lines,
  });
  return {
    schema: "xvc.assessment/1",
    repository: { name: "r", kind: "git-repository", commit, committedAtMs: 1 },
    headline: "",
    sections: sections.map(of),
    risks: [{ id: "risk-1", priority: 1, title: "t", why: "w", next: "n", likelihood: 2, impact: 3, score: 6, findings: ["complexity-1"] }],
    files: [
      file("empty.go", "Go", "", 0),
      { ...file("link", null, "/etc/passwd", 0) },
      file("odd name\twith\ttabs.md", "Markdown", files["odd name\twith\ttabs.md"] ?? "", 1),
      { path: "picture.bin", language: null, role: "data", bytes: 5, lines: 0, code: 0 },
      file("r\u00e9sum\u00e9.md", "Markdown", files["r\u00e9sum\u00e9.md"] ?? "", 2),
      file("src/a.ts", "TypeScript", `${files["src/a.ts"] ?? ""}// more\n`, 3),
      file("src/b.py", "Python", files["src/b.py"] ?? "", 3),
    ],
    modules: ["src/a.ts", "src/b.py"],
    edges: [[0, 1]],
    commits: [commit, git("rev-parse", "HEAD~1")],
    limits: { maxFiles: 50_000, maxFileBytes: 4_194_304, maxParseBytes: 1, maxFileMs: 1, maxDepth: 64, maxCommits: 20_000 },
  };
}

function recount(report: Value): { readonly status: number | null; readonly failed: readonly string[]; readonly checks: readonly Check[] } {
  const path = join(home, "report.json");
  writeFileSync(path, JSON.stringify(report));
  const run = spawnSync(process.execPath, [program, "--tree", tree, "--git", gitDirectory, "--report", path], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] ?? "" },
  });
  const { checks } = JSON.parse(run.stdout) as { checks: readonly Check[] };
  return { status: run.status, checks, failed: checks.filter((check) => !check.pass).map((check) => check.name) };
}

const section = (report: Value, key: string): Value => (report["sections"] as Value[]).find((one) => one["key"] === key) ?? {};
const findingsOf = (report: Value): Value[] => section(report, "complexity")["findings"] as Value[];
const fileAt = (report: Value, path: string): Value => (report["files"] as Value[]).find((one) => one["path"] === path) ?? {};
const cite =
  (citation: unknown) =>
  (report: Value): void =>
    void ((findingsOf(report)[0] ?? {})["citations"] = [citation]);

const lies: readonly (readonly [string, string, (report: Value) => void])[] = [
  ["a file is left out", "files", (report) => void (report["files"] as Value[]).pop()],
  [
    "a file is made up",
    "files",
    (report) =>
      void (report["files"] as Value[]).push({ path: "ghost.ts", language: "TypeScript", role: "source", bytes: 1, lines: 1, code: 1 }),
  ],
  ["a file is listed twice", "files", (report) => void (report["files"] as Value[]).push(fileAt(report, "src/a.ts"))],
  ["a size is wrong", "files", (report) => void (fileAt(report, "src/a.ts")["bytes"] = 1)],
  ["a line count is one too high", "lines", (report) => void (fileAt(report, "src/a.ts")["lines"] = 4)],
  ["a last line without an end is not counted", "lines", (report) => void (fileAt(report, "src/b.py")["lines"] = 2)],
  ["a text stands with no lines", "lines", (report) => void (fileAt(report, "src/b.py")["lines"] = 0)],
  ["a language is wrong", "languages", (report) => void (fileAt(report, "src/b.py")["language"] = "Ruby")],
  [
    "the inventory counts another number of files",
    "languages",
    (report) =>
      void (section(report, "inventory")["tables"] = [
        { key: "languages", title: "", definition: "", columns: [{ key: "language" }, { key: "files" }], rows: [["Python", 2]], total: 1 },
      ]),
  ],
  ["a commit is left out", "commits", (report) => void (report["commits"] as unknown[]).pop()],
  ["a commit is made up", "commits", (report) => void ((report["commits"] as unknown[])[1] = "f".repeat(40))],
  ["a commit is listed twice", "commits", (report) => void ((report["commits"] as unknown[])[1] = commit)],
  [
    "a finding is not counted",
    "sums",
    (report) => void (section(report, "complexity")["counts"] = { info: 0, low: 1, medium: 0, high: 0 }),
  ],
  ["two findings have one id", "sums", (report) => void ((findingsOf(report)[1] ?? {})["id"] = "complexity-1")],
  ["a risk rests on nothing", "sums", (report) => void (((report["risks"] as Value[])[0] ?? {})["findings"] = [])],
  ["a risk rests on no finding", "sums", (report) => void (((report["risks"] as Value[])[0] ?? {})["findings"] = ["ghost-1"])],
  ["a score is wrong", "sums", (report) => void (((report["risks"] as Value[])[0] ?? {})["score"] = 7)],
  ["an edge leads nowhere", "sums", (report) => void (report["edges"] = [[0, 2]])],
  [
    "a table lists more than there is",
    "sums",
    (report) =>
      void (section(report, "tests")["tables"] = [
        { key: "t", title: "", definition: "", columns: [{ key: "a" }], rows: [["x"], ["y"]], total: 1 },
      ]),
  ],
  ["a cited file is not there", "citations", cite({ file: "ghost.ts", line: 1 })],
  ["a cited line is beyond the end", "citations", cite({ file: "src/a.ts", line: 4 })],
  ["a cited range runs backwards", "citations", cite({ file: "src/b.py", line: 3, endLine: 2 })],
  ["a cited line is zero", "citations", cite({ file: "src/a.ts", line: 0 })],
  ["a cited file lies outside the tree", "citations", cite({ file: "../../../../etc/passwd", line: 1 })],
  ["a citation follows a link out of the tree", "citations", cite({ file: "link", line: 1 })],
  ["a cited commit is not there", "citations", cite({ commit: "f".repeat(40) })],
  ["a cited commit is an option", "citations", cite({ commit: "--all" })],
  ["a finding cites nothing", "citations", (report) => void ((findingsOf(report)[0] ?? {})["citations"] = [])],
  ["a section is missing", "shape", (report) => void (report["sections"] as Value[]).pop()],
  ["a section is partial without a reason", "shape", (report) => void (section(report, "tests")["state"] = "partial")],
  ["the schema is another", "shape", (report) => void (report["schema"] = "xvc.assessment/2")],
];

describe("the independent recount", () => {
  test("passes a sound report, odd names included", () => {
    expect(recount(soundReport())).toMatchObject({ status: 0, failed: [] });
  });

  test.each(lies)("finds that %s", (_, name, lie) => {
    const report = soundReport();
    lie(report);
    const counted = recount(report);
    expect(counted.failed).toContain(name);
    expect(counted.status).toBe(1);
  });

  test("answers 2 when there is nothing to look at", () => {
    const run = spawnSync(process.execPath, [program, "--tree", tree, "--report", join(home, "missing.json")], { encoding: "utf8" });
    expect(run.status).toBe(2);
    expect(run.stdout).toBe("");
  });

  test("chooses the same citations for the same seed, at least twenty, others for another", () => {
    const items = Array.from({ length: 300 }, (_, place) => place);
    expect(chooseBySeed(items, 5, 1)).toHaveLength(20);
    expect(chooseBySeed(items, 50, 7)).toEqual(chooseBySeed(items, 50, 7));
    expect(chooseBySeed(items, 50, 7)).not.toEqual(chooseBySeed(items, 50, 8));
    expect(chooseBySeed(items.slice(0, 3), 50, 7).toSorted((left, right) => left - right)).toEqual([0, 1, 2]);
  });
});
