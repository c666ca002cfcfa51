import type { FileFact, FunctionFact, FunctionFacts } from "../../core/shared/repository-facts.ts";
import { ownSource } from "./judge-inventory.ts";
import type { Measure, SectionOutput, Severity, Table } from "./report-types.ts";
import {
  buildSection,
  byLargest,
  formatNumber,
  formatShare,
  maxFindingsPerRule,
  plural,
  quantile,
  shareOf,
  sumOf,
  tableOf,
  type FindingDraft,
} from "./section-builder.ts";

export interface ComplexityData {
  /** Files with at least one function. */
  readonly files: readonly { readonly file: string; readonly cyclomatic: number; readonly functions: number }[];
}

/** Bands of cyclomatic complexity. Source: SEI, C4 Software Technology Reference Guide, 1997. */
const bands: readonly { readonly label: string; readonly from: number; readonly to: number }[] = [
  { label: "1–10 simple", from: 1, to: 10 },
  { label: "11–20 moderate", from: 11, to: 20 },
  { label: "21–50 complex", from: 21, to: 50 },
  { label: "over 50 untestable", from: 51, to: Number.MAX_SAFE_INTEGER },
];

const limits = { cyclomatic: 20, lines: 100, nesting: 5, parameters: 7, fileCode: 1_000 };

/** The section on functions and files that are hard to hold in the head. */
export function judgeComplexity(facts: FunctionFacts, files: readonly FileFact[]): SectionOutput<ComplexityData> {
  const { functions } = facts;
  const over = functions.filter((one) => one.cyclomatic > limits.cyclomatic);
  const sorted = functions.map((one) => one.cyclomatic).sort((left, right) => left - right);
  const section = buildSection({
    key: "complexity",
    title: "Complexity and size",
    headline:
      functions.length === 0
        ? "No functions in a language that is parsed."
        : `${plural(functions.length, "function", "functions")}; half have complexity ${quantile(sorted, 0.5) ?? 0} or less, ${over.length === 0 ? "none" : formatNumber(over.length)} ${over.length === 1 ? "is" : "are"} over ${limits.cyclomatic}.`,
    gap:
      functions.length === 0
        ? {
            state: "not-applicable",
            reason: "No function was found in a language that is parsed (TypeScript, JavaScript, Python, Go, Java, Rust, C, C++).",
          }
        : undefined,
    measures: measures(facts, sorted, files),
    tables: [bandTable(functions), functionTable(functions), fileTable(files)],
    findings: findings(functions, files),
    skipped: facts.skipped,
  });
  return { schema: "xvc.assessment-section/1", section, data: { files: byFile(functions) } };
}

function byFile(functions: readonly FunctionFact[]): ComplexityData["files"] {
  const files = new Map<string, { cyclomatic: number; functions: number }>();
  for (const one of functions) {
    const sums = files.get(one.file) ?? { cyclomatic: 0, functions: 0 };
    files.set(one.file, { cyclomatic: sums.cyclomatic + one.cyclomatic, functions: sums.functions + 1 });
  }
  return [...files].map(([file, sums]) => ({ file, ...sums })).sort((left, right) => (left.file < right.file ? -1 : 1));
}

function measures(facts: FunctionFacts, sorted: readonly number[], files: readonly FileFact[]): readonly Measure[] {
  return [...spread(facts, sorted), ...outliers(facts.functions), largeSourceFiles(ownSource(files))];
}

function spread(facts: FunctionFacts, sorted: readonly number[]): readonly Measure[] {
  const n = facts.functions.length;
  return [
    {
      key: "functions",
      label: "Functions",
      value: n,
      unit: "functions",
      n: facts.parsedFiles,
      definition: "Functions, methods, closures and arrow functions in own source files that are parsed, each with its own figures.",
    },
    {
      key: "medianComplexity",
      label: "Median complexity",
      value: quantile(sorted, 0.5),
      unit: "paths",
      n,
      definition: "Cyclomatic complexity: 1 + branches, loops, cases, catches, conditional expressions and short-circuit operators.",
      source: "McCabe, IEEE TSE 1976",
    },
    {
      key: "p95Complexity",
      label: "95 % are at most",
      value: quantile(sorted, 0.95),
      unit: "paths",
      n,
      definition: "The complexity that 95 % of functions do not exceed (nearest rank).",
    },
  ];
}

function outliers(functions: readonly FunctionFact[]): readonly Measure[] {
  const n = functions.length;
  const over = (field: keyof typeof labels) => functions.filter((one) => one[field] > limits[field]).length;
  return [
    {
      key: "complexFunctions",
      label: `Over ${limits.cyclomatic}`,
      value: over("cyclomatic"),
      unit: "functions",
      n,
      definition: `Functions with cyclomatic complexity over ${limits.cyclomatic}.`,
      source: "SEI 1997",
    },
    {
      key: "longFunctions",
      label: `Longer than ${limits.lines} lines`,
      value: over("lines"),
      unit: "functions",
      n,
      definition: "From the first to the last line of the function, both included.",
    },
    {
      key: "deepFunctions",
      label: `Nested over ${limits.nesting}`,
      value: over("nesting"),
      unit: "functions",
      n,
      definition: "Branches, loops and switches inside each other; an `else if` adds no level.",
    },
    {
      key: "wideFunctions",
      label: `Over ${limits.parameters} parameters`,
      value: over("parameters"),
      unit: "functions",
      n,
      definition: "Declared parameters without the receiver.",
    },
  ];
}

function largeSourceFiles(own: readonly FileFact[]): Measure {
  return {
    key: "largeFiles",
    label: `Files over ${formatNumber(limits.fileCode)} code lines`,
    value: own.filter((file) => file.lines.code > limits.fileCode).length,
    unit: "files",
    n: own.length,
    definition: "Own source and test files.",
  };
}

function bandTable(functions: readonly FunctionFact[]): Table {
  return tableOf(
    {
      key: "bands",
      title: "Functions by complexity",
      definition: "Cyclomatic complexity in the customary bands. Source: SEI, C4 Software Technology Reference Guide, 1997.",
      columns: [
        { key: "band", label: "Complexity", kind: "text" },
        { key: "functions", label: "Functions", kind: "number" },
        { key: "share", label: "Share", kind: "share" },
      ],
      sums: [{ column: "functions", measure: "functions" }],
      chart: { kind: "bars", label: "band", value: "functions" },
    },
    bands,
    (band) => {
      const count = functions.filter((one) => one.cyclomatic >= band.from && one.cyclomatic <= band.to).length;
      return [band.label, count, shareOf(count, functions.length)];
    },
  );
}

function functionTable(functions: readonly FunctionFact[]): Table {
  return tableOf(
    {
      key: "functions",
      shown: 40,
      title: "Most complex functions",
      definition: "By cyclomatic complexity. Lines from first to last; nesting is the deepest stack of branches and loops.",
      columns: [
        { key: "place", label: "Place", kind: "path" },
        { key: "name", label: "Function", kind: "text" },
        { key: "cyclomatic", label: "Complexity", kind: "number" },
        { key: "lines", label: "Lines", kind: "number" },
        { key: "nesting", label: "Nesting", kind: "number" },
        { key: "parameters", label: "Parameters", kind: "number" },
      ],
    },
    byLargest(functions, (one) => one.cyclomatic, placeOf),
    (one) => [`${one.file}:${one.line}`, one.name, one.cyclomatic, one.lines, one.nesting, one.parameters],
  );
}

function fileTable(files: readonly FileFact[]): Table {
  return tableOf(
    {
      key: "files",
      shown: 20,
      title: "Largest own source files",
      definition: "By code lines.",
      columns: [
        { key: "file", label: "File", kind: "path" },
        { key: "code", label: "Code lines", kind: "number" },
        { key: "language", label: "Language", kind: "text" },
      ],
      chart: { kind: "bars", label: "file", value: "code" },
    },
    byLargest(
      ownSource(files),
      (file) => file.lines.code,
      (file) => file.path,
    ),
    (file) => [file.path, file.lines.code, file.language],
  );
}

function placeOf(one: FunctionFact): string {
  return `${one.file}:${String(one.line).padStart(7, "0")}:${one.endLine}`;
}

interface OutlierRule {
  readonly rule: string;
  readonly field: "cyclomatic" | "lines" | "nesting" | "parameters";
  readonly unit: string;
  readonly why: string;
  readonly severity: (value: number) => Severity;
}

const rules: readonly OutlierRule[] = [
  {
    rule: "complex-function",
    field: "cyclomatic",
    unit: "paths",
    why: "As many independent paths want as many tests.",
    severity: (value) => (value > 50 ? "high" : "medium"),
  },
  {
    rule: "long-function",
    field: "lines",
    unit: "lines",
    why: "It cannot be read at one sight; parts of it want names.",
    severity: (value) => (value > 300 ? "medium" : "low"),
  },
  {
    rule: "deep-nesting",
    field: "nesting",
    unit: "levels",
    why: "Each level is a condition to keep in mind for every line inside.",
    severity: () => "low",
  },
  {
    rule: "wide-signature",
    field: "parameters",
    unit: "parameters",
    why: "Callers mix up the order; a named structure would not let them.",
    severity: () => "low",
  },
];

const labels = { cyclomatic: "Complexity", lines: "Length", nesting: "Nesting", parameters: "Parameters" };

function findings(functions: readonly FunctionFact[], files: readonly FileFact[]): readonly FindingDraft[] {
  const functionOutliers = rules.flatMap((rule) => {
    const over = byLargest(
      functions.filter((one) => one[rule.field] > limits[rule.field]),
      (one) => one[rule.field],
      placeOf,
    );
    return over.slice(0, maxFindingsPerRule).map((one) => ({
      rule: rule.rule,
      severity: rule.severity(one[rule.field]),
      title: `${labels[rule.field]} ${formatNumber(one[rule.field])}: ${one.name}`,
      detail: `${rule.why} Complexity ${one.cyclomatic}, ${plural(one.lines, "line", "lines")}, nesting ${one.nesting}, ${plural(one.parameters, "parameter", "parameters")}.`,
      citations: [{ file: one.file, line: one.line, endLine: one.endLine }],
      measure: { value: one[rule.field], unit: rule.unit, threshold: limits[rule.field] },
    }));
  });
  const own = ownSource(files);
  const large = byLargest(
    own.filter((file) => file.lines.code > limits.fileCode),
    (file) => file.lines.code,
    (file) => file.path,
  );
  const total = sumOf(own, (file) => file.lines.code);
  return [
    ...functionOutliers,
    ...large.slice(0, maxFindingsPerRule).map((file) => ({
      rule: "large-source-file",
      severity: "low" as const,
      title: `${formatNumber(file.lines.code)} code lines in ${file.path}`,
      detail: `${formatShare(shareOf(file.lines.code, total))} of all own code. Files this long usually hold several concerns.`,
      citations: [{ file: file.path, line: 1, endLine: file.lines.total }],
      measure: { value: file.lines.code, unit: "lines", threshold: limits.fileCode },
    })),
  ];
}
