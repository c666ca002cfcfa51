import type { FileFact, TestFacts } from "../../core/shared/repository-facts.ts";
import { ownSource } from "./judge-inventory.ts";
import type { Citation, Measure, SectionOutput, Table } from "./report-types.ts";
import {
  buildSection,
  byLargest,
  formatNumber,
  plural,
  shareOf,
  sumOf,
  tableOf,
  type FindingDraft,
  type TreeAnchor,
} from "./section-builder.ts";

/** The section on tests and how they run. Nothing is run. */
export function judgeTests(facts: TestFacts, files: readonly FileFact[], anchor: TreeAnchor): SectionOutput<null> {
  const own = ownSource(files);
  const source = own.filter((file) => file.role === "source");
  const cases = sumOf(facts.testFiles, (file) => file.cases);
  const sourceCode = sumOf(source, (file) => file.lines.code);
  const section = buildSection({
    key: "tests",
    title: "Tests",
    headline:
      facts.testFiles.length === 0
        ? "No tests were found."
        : `${plural(facts.testFiles.length, "test file", "test files")} with about ${plural(cases, "case", "cases")}${
            facts.frameworks.length === 0
              ? ""
              : ` in ${facts.frameworks
                  .slice(0, 4)
                  .map((one) => one.name)
                  .join(", ")}`
          }; ${facts.pipelines.some((one) => one.runsTests) ? "a pipeline runs them" : "no pipeline here runs them"}.`,
    gap: own.length === 0 ? { state: "not-applicable", reason: "No own source code." } : undefined,
    measures: measures(facts, own),
    tables: tables(facts),
    findings: own.length === 0 ? [] : findings(facts, { sourceCode, anchor }),
    skipped: facts.skipped,
  });
  return { schema: "xvc.assessment-section/1", section, data: null };
}

function tables(facts: TestFacts): readonly Table[] {
  return [commandTable(facts), frameworkTable(facts), pipelineTable(facts), testFileTable(facts)];
}

function measures(facts: TestFacts, own: readonly FileFact[]): readonly Measure[] {
  const codeOf = (role: FileFact["role"]) =>
    sumOf(
      own.filter((file) => file.role === role),
      (file) => file.lines.code,
    );
  return [
    {
      key: "testFiles",
      label: "Test files",
      value: facts.testFiles.length,
      unit: "files",
      n: own.length,
      definition: "Own source files that are tests by name or folder, and sources with tests inside.",
    },
    {
      key: "testCases",
      label: "Test cases",
      value: sumOf(facts.testFiles, (file) => file.cases),
      unit: "cases",
      n: facts.testFiles.length,
      definition:
        "Lines that open a test by the custom of the language (`test(`, `def test_`, `func Test`, `@Test`, `#[test]`, `TEST(`). Generated and parameterized cases count once.",
    },
    {
      key: "testRatio",
      label: "Test code per source code",
      value: shareOf(codeOf("test"), codeOf("source")),
      unit: "lines per line",
      n: own.length,
      definition: "Code lines in test files / code lines in other own source files.",
    },
    {
      key: "testCommands",
      label: "Ways to run them",
      value: facts.commands.length,
      unit: "commands",
      n: facts.commands.length,
      definition: "Scripts, targets and build files that run tests, as written or by the build system's convention.",
    },
    {
      key: "pipelines",
      label: "Pipelines",
      value: facts.pipelines.length,
      unit: "files",
      n: facts.pipelines.length,
      definition: "Files of known continuous integration systems.",
    },
  ];
}

function commandTable(facts: TestFacts): Table {
  return tableOf(
    {
      key: "commands",
      shown: 40,
      title: "How tests run",
      definition: "Commands as the tree states them. None was executed.",
      columns: [
        { key: "command", label: "Command", kind: "text" },
        { key: "origin", label: "Stated by", kind: "text" },
        { key: "place", label: "Place", kind: "path" },
      ],
    },
    facts.commands,
    (one) => [one.command, one.origin, `${one.file}:${one.line}`],
  );
}

function frameworkTable(facts: TestFacts): Table {
  return tableOf(
    {
      key: "frameworks",
      shown: 40,
      title: "Frameworks",
      definition: "Frameworks with the first place that names them.",
      columns: [
        { key: "framework", label: "Framework", kind: "text" },
        { key: "place", label: "First seen", kind: "path" },
      ],
    },
    facts.frameworks,
    (one) => [one.name, `${one.file}:${one.line}`],
  );
}

function pipelineTable(facts: TestFacts): Table {
  return tableOf(
    {
      key: "pipelines",
      shown: 40,
      title: "Pipelines",
      definition: "Continuous integration files, and whether a line of theirs runs tests.",
      columns: [
        { key: "system", label: "System", kind: "text" },
        { key: "runs", label: "Runs tests", kind: "text" },
        { key: "place", label: "Place", kind: "path" },
      ],
    },
    facts.pipelines,
    (one) => [one.system, one.runsTests ? "yes" : "no such line", `${one.file}:${one.line}`],
  );
}

function testFileTable(facts: TestFacts): Table {
  return tableOf(
    {
      key: "testFiles",
      shown: 20,
      title: "Largest test files",
      definition: "By test cases.",
      columns: [
        { key: "file", label: "File", kind: "path" },
        { key: "cases", label: "Cases", kind: "number" },
      ],
      sums: [{ column: "cases", measure: "testCases" }],
    },
    byLargest(
      facts.testFiles,
      (file) => file.cases,
      (file) => file.path,
    ),
    (file) => [file.path, file.cases],
  );
}

function findings(facts: TestFacts, about: { readonly sourceCode: number; readonly anchor: TreeAnchor }): readonly FindingDraft[] {
  const [firstTest] = facts.testFiles;
  return firstTest === undefined ? untested(about) : [...unrun(facts, { file: firstTest.path, line: 1 }), ...pipelineWithoutTests(facts)];
}

function untested({ sourceCode, anchor }: { readonly sourceCode: number; readonly anchor: TreeAnchor }): readonly FindingDraft[] {
  if (anchor === null) return [];
  const detail = `${formatNumber(sourceCode)} lines of source code and no file that is a test by name, folder or content.`;
  return [{ rule: "no-tests", severity: sourceCode > 500 ? "high" : "medium", title: "No tests", detail, citations: [anchor] }];
}

function unrun(facts: TestFacts, at: Citation): readonly FindingDraft[] {
  const found: FindingDraft[] = [];
  if (facts.commands.length === 0) {
    found.push({
      rule: "no-test-command",
      severity: "medium",
      title: "Nothing says how the tests run",
      detail: "There are test files, but no script, target or build file that runs them.",
      citations: [at],
    });
  }
  if (facts.pipelines.length === 0) {
    found.push({
      rule: "no-pipeline",
      severity: "low",
      title: "No pipeline in the tree",
      detail: "No file of a known continuous integration system. Where checks run elsewhere, the tree does not say so.",
      citations: [at],
    });
  }
  return found;
}

function pipelineWithoutTests(facts: TestFacts): readonly FindingDraft[] {
  if (facts.pipelines.length === 0 || facts.pipelines.some((one) => one.runsTests)) return [];
  const detail = "No line of the continuous integration files calls a known test command. A script they call may.";
  return [
    {
      rule: "pipeline-without-tests",
      severity: "medium",
      title: "The pipeline does not run tests",
      detail,
      citations: facts.pipelines.map((one) => ({ file: one.file, line: one.line })),
    },
  ];
}
