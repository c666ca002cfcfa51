import { describe, expect, test } from "vitest";
import type { CommitFact, DependencyFact, FileFact, FunctionFact } from "../../core/shared/repository-facts.ts";
import { judgeComplexity } from "./judge-complexity.ts";
import { judgeDependencies } from "./judge-dependencies.ts";
import { judgeDocumentation } from "./judge-documentation.ts";
import { judgeDuplication } from "./judge-duplication.ts";
import { judgeHistory } from "./judge-history.ts";
import { judgeInventory } from "./judge-inventory.ts";
import { judgeModules } from "./judge-modules.ts";
import { judgeRisks, risksOf } from "./judge-risks.ts";
import { judgeSecrets } from "./judge-secrets.ts";
import { judgeTests } from "./judge-tests.ts";
import { dayOf } from "./section-builder.ts";

const file = (path: string, more: Partial<FileFact> = {}): FileFact => ({
  path,
  content: "text",
  language: "TypeScript",
  role: "source",
  bytes: 100,
  lines: { total: 10, code: 8, comment: 1, blank: 1 },
  generated: false,
  vendored: false,
  ...more,
});
const rulesOf = (output: { readonly section: { readonly findings: readonly { readonly rule: string }[] } }) =>
  output.section.findings.map((finding) => finding.rule);
const valueOf = (output: ReturnType<typeof judgeTests> | ReturnType<typeof judgeHistory>, key: string) =>
  output.section.measures.find((measure) => measure.key === key)?.value;

test("days are those of the calendar, leap years and times before 1970 included", () => {
  for (const [day, atMs] of [
    ["1970-01-01", 0],
    ["2024-02-29", Date.UTC(2024, 1, 29, 23, 59)],
    ["2000-03-01", Date.UTC(2000, 2, 1)],
    ["1969-12-31", -1],
    ["2100-12-31", Date.UTC(2100, 11, 31)],
  ] as const)
    expect(dayOf(atMs)).toBe(day);
});

describe("inventory", () => {
  test("generated and vendored code is not own code", () => {
    const { section } = judgeInventory(
      { files: [file("a.ts"), file("v/b.ts", { vendored: true }), file("g.ts", { generated: true })], skipped: [], truncated: false },
      null,
    );
    expect(section.measures.find((measure) => measure.key === "ownCode")).toMatchObject({ value: 8, n: 1 });
    expect(section.state).toBe("complete");
  });

  test("an empty tree says so, and what was skipped makes the section partial", () => {
    expect(judgeInventory({ files: [], skipped: [], truncated: false }, null).section).toMatchObject({
      state: "not-applicable",
      headline: "The tree is empty: there is nothing to assess.",
    });
    const partial = judgeInventory(
      { files: [file("a.ts")], skipped: [{ path: "pipe", reason: "no file" }], truncated: false },
      null,
    ).section;
    expect(partial).toMatchObject({ state: "partial", notes: ["Not read: pipe (no file)."] });
  });
});

describe("modules", () => {
  const inner = (from: string, to: string, typeOnly = false) => ({
    from,
    line: 3,
    target: { kind: "module" as const, unit: to },
    typeOnly,
  });
  const modules = ["a.ts", "b.ts", "c.ts"].map((path) => ({ path, unit: path, language: "TypeScript" }));

  test("a cycle cites each import on its shortest way round", () => {
    const { section } = judgeModules({
      modules,
      imports: [inner("a.ts", "b.ts"), inner("b.ts", "a.ts"), inner("c.ts", "a.ts")],
      skipped: [],
    });
    expect(section.findings).toHaveLength(1);
    expect(section.findings[0]).toMatchObject({
      id: "module_graph-1",
      rule: "import-cycle",
      severity: "low",
      citations: [
        { file: "a.ts", line: 3 },
        { file: "b.ts", line: 3 },
      ],
    });
    expect(section.measures.find((measure) => measure.key === "layers")?.value).toBe(2);
  });

  test("types alone make no cycle", () => {
    expect(rulesOf(judgeModules({ modules, imports: [inner("a.ts", "b.ts"), inner("b.ts", "a.ts", true)], skipped: [] }))).toEqual([]);
  });
});

describe("complexity", () => {
  const one = (cyclomatic: number, lines: number): FunctionFact => ({
    file: "a.ts",
    line: 1,
    endLine: lines,
    name: "f",
    language: "TypeScript",
    cyclomatic,
    lines,
    nesting: 1,
    parameters: 1,
  });

  test("limits are exceeded, not reached", () => {
    expect(rulesOf(judgeComplexity({ functions: [one(20, 100)], parsedFiles: 1, skipped: [] }, [file("a.ts")]))).toEqual([]);
    expect(
      judgeComplexity({ functions: [one(21, 101), one(51, 10)], parsedFiles: 1, skipped: [] }, [file("a.ts")]).section.findings.map(
        (finding) => [finding.rule, finding.severity],
      ),
    ).toEqual([
      ["complex-function", "high"],
      ["complex-function", "medium"],
      ["long-function", "low"],
    ]);
  });
});

describe("history", () => {
  const commit = (sha: string, atMs: number, path: string): CommitFact => ({
    sha,
    authorName: "Ann",
    authorEmail: "ann@x",
    atMs,
    files: [{ path, added: 1, deleted: 1 }],
  });

  test("a hotspot's score is commits times complexity", () => {
    const history = judgeHistory(
      { commits: [commit("c2", 86_400_000, "a.ts"), commit("c1", 0, "a.ts")], truncated: false, shallow: false },
      [file("a.ts")],
      { files: [{ file: "a.ts", cyclomatic: 7, functions: 2 }] },
    );
    expect(history.section.tables.find((table) => table.key === "hotspots")?.rows).toEqual([["a.ts", 2, 7, 14, 1, "1970-01-02"]]);
    expect([valueOf(history, "days"), valueOf(history, "truckFactor")]).toEqual([1, 1]);
    expect(history.data.commits).toEqual(["c2", "c1"]);
  });

  test.each([
    [null, "not-applicable", "No history: the input is a plain folder, not a git repository."],
    [{ commits: [], truncated: false, shallow: false }, "not-applicable", "No history: the repository has no commits."],
    [
      { commits: [commit("c1", 0, "a.ts")], truncated: true, shallow: true },
      "partial",
      "A shallow clone: only 1 commit came with it. Figures hold for these alone.",
    ],
  ] as const)("says what there is no history of (%#)", (facts, state, reason) => {
    expect(judgeHistory(facts, [file("a.ts")], { files: [] }).section).toMatchObject({ state, reason });
  });
});

describe("tests", () => {
  const none = { testFiles: [], frameworks: [], commands: [], pipelines: [], skipped: [] };

  test("source without tests is a finding at the commit; a tree without source is none", () => {
    expect(judgeTests(none, [file("a.ts")], { commit: "abc" }).section.findings[0]).toMatchObject({
      rule: "no-tests",
      severity: "medium",
      citations: [{ commit: "abc" }],
    });
    expect(rulesOf(judgeTests(none, [], null))).toEqual([]);
  });

  test("a pipeline that calls no test command is named", () => {
    const facts = {
      ...none,
      testFiles: [{ path: "a.test.ts", cases: 2 }],
      commands: [{ command: "npm test", origin: "script", file: "package.json", line: 3 }],
      pipelines: [{ system: "GitHub Actions", file: "ci.yml", runsTests: false, line: 1 }],
    };
    expect(rulesOf(judgeTests(facts, [file("a.ts"), file("a.test.ts", { role: "test" })], null))).toEqual(["pipeline-without-tests"]);
  });
});

describe("dependencies", () => {
  const dependency = (more: Partial<DependencyFact>): DependencyFact => ({
    name: "a",
    range: "^1",
    scope: "runtime",
    line: 2,
    pinned: false,
    lockedVersion: null,
    lockedIn: null,
    licence: null,
    publishedAtMs: null,
    ...more,
  });
  const judge = (...dependencies: readonly DependencyFact[]) =>
    judgeDependencies(
      {
        manifests: [{ path: "package.json", ecosystem: "npm", name: "x", licence: "MIT", dependencies }],
        lockfiles: [],
        licenceFiles: [],
        skipped: [],
      },
      Date.UTC(2024, 0, 1),
      { commit: "abc" },
    );

  test("what is neither pinned nor locked floats; peers and build tools may", () => {
    expect(
      rulesOf(judge(dependency({}), dependency({ pinned: true }), dependency({ lockedVersion: "1.0.0" }), dependency({ scope: "peer" }))),
    ).toEqual(["floating-version"]);
    expect(rulesOf(judge(dependency({ pinned: true })))).toEqual([]);
  });

  test("age is counted back from the commit, and unknown without a date", () => {
    expect(
      rulesOf(
        judge(
          dependency({ pinned: true, publishedAtMs: Date.UTC(2019, 0, 1) }),
          dependency({ pinned: true, publishedAtMs: Date.UTC(2023, 0, 1) }),
        ),
      ),
    ).toEqual(["old-dependency"]);
  });

  test("a choice of licences is no restriction", () => {
    expect(
      rulesOf(judge(dependency({ pinned: true, licence: "AGPL-3.0-only" }), dependency({ pinned: true, licence: "(MIT OR GPL-2.0)" }))),
    ).toEqual(["restrictive-licence"]);
  });
});

describe("documentation", () => {
  const document = (path: string, links: readonly string[], shellLines: readonly string[] = [], anchors: readonly string[] = []) => ({
    path,
    title: null,
    words: 5,
    anchors,
    links: links.map((target, index) => ({ line: index + 1, target })),
    shellLines: shellLines.map((text, index) => ({ line: index + 10, text })),
  });
  const files = [file("src/a.ts"), file("README.md"), file("docs/b c.md")];

  test("links to files, folders, headings and escaped names are alive; the rest is cited", () => {
    const facts = {
      documents: [
        document("README.md", ["src/a.ts", "src", "docs/b%20c.md#here", "#top", "docs/b%20c.md#gone", "gone.md", "../out.md", "/src/a.ts"]),
        document("docs/b c.md", ["../src/a.ts"], [], ["here"]),
      ],
      runnables: [],
      skipped: [],
    };
    expect(judgeDocumentation(facts, files, null).section.findings.map((finding) => [finding.rule, finding.citations])).toEqual([
      ["dead-link", [{ file: "README.md", line: 6 }]],
      ["dead-link", [{ file: "README.md", line: 7 }]],
      ["dead-anchor", [{ file: "README.md", line: 5 }]],
    ]);
  });

  test("commands count only in instructions, and only when the tree lacks what they name", () => {
    const runnables = [{ kind: "npm-script" as const, file: "package.json", line: 1, name: "test" }];
    const facts = {
      documents: [
        document("README.md", [], ["npm test", "npm run gone", "./src/a.ts", "./gone.sh"]),
        document("docs/b c.md", [], ["npm run gone"]),
      ],
      runnables,
      skipped: [],
    };
    expect(judgeDocumentation(facts, files, null).section.findings.map((finding) => [finding.rule, finding.citations])).toEqual([
      ["dead-command", [{ file: "README.md", line: 11 }]],
      ["dead-command", [{ file: "README.md", line: 13 }]],
    ]);
  });
});

test("a secret in a test weighs less", () => {
  const secret = (path: string) => ({ file: path, line: 1, rule: "github/X", masked: "********" });
  const { section } = judgeSecrets({ secrets: [secret("a.test.ts"), secret("a.ts")], scannedFiles: 2, rules: ["github"], skipped: [] }, [
    file("a.ts"),
    file("a.test.ts", { role: "test" }),
  ]);
  expect(section.findings.map((finding) => [finding.severity, finding.citations])).toEqual([
    ["high", [{ file: "a.ts", line: 1 }]],
    ["medium", [{ file: "a.test.ts", line: 1 }]],
  ]);
});

test("a clone cites both places", () => {
  const clone = {
    first: { file: "a.ts", line: 1, endLine: 30 },
    second: { file: "b.ts", line: 5, endLine: 34 },
    codeLines: 30,
    tokens: 200,
  };
  const { section } = judgeDuplication({
    clones: [clone],
    duplicatedLines: [
      { file: "a.ts", lines: 30, codeLines: 60 },
      { file: "b.ts", lines: 30, codeLines: 40 },
    ],
    scannedFiles: 2,
    scannedLines: 100,
    truncated: false,
    skipped: [],
  });
  expect(section.findings[0]?.citations).toEqual([clone.first, clone.second]);
  expect(section.measures.find((measure) => measure.key === "duplicatedShare")?.value).toBe(0.6);
});

test("risks join findings of one rule, score by the stated formula, and come by score", () => {
  const secrets = judgeSecrets(
    { secrets: [{ file: "a.ts", line: 1, rule: "r", masked: "*" }], scannedFiles: 1, rules: ["r"], skipped: [] },
    [file("a.ts")],
  );
  const tests = judgeTests({ testFiles: [], frameworks: [], commands: [], pipelines: [], skipped: [] }, [file("a.ts")], { commit: "abc" });
  expect(
    risksOf([tests.section, secrets.section]).map((risk) => [
      risk.priority,
      risk.id,
      risk.impact,
      risk.likelihood,
      risk.score,
      risk.findings,
    ]),
  ).toEqual([
    [1, "risk-secret", 5, 2, 10, ["secrets-1"]],
    [2, "risk-no-tests", 3, 2, 6, ["tests-1"]],
  ]);
  expect(judgeRisks([]).section.headline).toBe("No risk follows from the findings.");
});
