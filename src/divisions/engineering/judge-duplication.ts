import type { DuplicationFacts } from "../../core/shared/repository-facts.ts";
import type { Measure, SectionOutput, Table } from "./report-types.ts";
import {
  buildSection,
  byLargest,
  formatNumber,
  formatShare,
  maxFindingsPerRule,
  plural,
  shareOf,
  sumOf,
  tableOf,
  type FindingDraft,
} from "./section-builder.ts";

/** The section on code that stands more than once. */
export function judgeDuplication(facts: DuplicationFacts): SectionOutput<null> {
  const duplicated = sumOf(facts.duplicatedLines, (file) => file.lines);
  const share = shareOf(duplicated, facts.scannedLines);
  const section = buildSection({
    key: "duplication",
    title: "Duplication",
    headline:
      facts.scannedLines === 0
        ? "No own source code to compare."
        : facts.clones.length === 0
          ? `No repeated code in ${plural(facts.scannedFiles, "file", "files")}.`
          : `${formatShare(share)} of the own code stands more than once, in ${plural(facts.clones.length, "clone", "clones")}.`,
    gap:
      facts.scannedLines === 0
        ? { state: "not-applicable", reason: "No own source code." }
        : facts.truncated
          ? { state: "partial", reason: "A limit on lines or clones was reached; what lies beyond was not compared." }
          : undefined,
    measures: measures(facts, duplicated),
    tables: [fileTable(facts)],
    findings: cloneFindings(facts),
    skipped: facts.skipped,
  });
  return { schema: "xvc.assessment-section/1", section, data: null };
}

function measures(facts: DuplicationFacts, duplicated: number): readonly Measure[] {
  return [
    {
      key: "duplicatedShare",
      label: "Duplicated share",
      value: shareOf(duplicated, facts.scannedLines),
      unit: "share",
      n: facts.scannedLines,
      definition: "Code lines that belong to at least one clone / code lines compared.",
    },
    {
      key: "duplicatedLines",
      label: "Duplicated lines",
      value: duplicated,
      unit: "lines",
      n: facts.scannedLines,
      definition: "Code lines that belong to at least one clone, originals included.",
    },
    {
      key: "clones",
      label: "Clones",
      value: facts.clones.length,
      unit: "clones",
      n: facts.scannedFiles,
      definition:
        "Pairs of ranges in one language with at least 5 equal code lines in a row and 50 tokens. Spacing, blank lines, comments and import lines do not count.",
      source: "Rabin-Karp over lines, after Baker, WCRE 1995",
    },
    {
      key: "comparedLines",
      label: "Code lines compared",
      value: facts.scannedLines,
      unit: "lines",
      n: facts.scannedFiles,
      definition: "Code lines of own source and test files, import lines left out.",
    },
  ];
}

function fileTable(facts: DuplicationFacts): Table {
  return tableOf(
    {
      key: "files",
      shown: 40,
      title: "Files with repeated code",
      definition: "Code lines of the file that belong to at least one clone.",
      columns: [
        { key: "file", label: "File", kind: "path" },
        { key: "lines", label: "Duplicated lines", kind: "number" },
        { key: "share", label: "Share of the file", kind: "share" },
      ],
      sums: [{ column: "lines", measure: "duplicatedLines" }],
      chart: { kind: "bars", label: "file", value: "lines" },
    },
    byLargest(
      facts.duplicatedLines,
      (file) => file.lines,
      (file) => file.file,
    ),
    (file) => [file.file, file.lines, shareOf(file.lines, file.codeLines)],
  );
}

function cloneFindings(facts: DuplicationFacts): readonly FindingDraft[] {
  const ordered = byLargest(
    facts.clones,
    (clone) => clone.codeLines,
    (clone) => `${clone.second.file}:${String(clone.second.line).padStart(7, "0")}`,
  );
  return ordered.slice(0, maxFindingsPerRule).map((clone) => ({
    rule: "clone",
    severity: clone.codeLines >= 100 ? "medium" : clone.codeLines >= 20 ? "low" : "info",
    title: `${formatNumber(clone.codeLines)} equal lines in ${clone.first.file === clone.second.file ? clone.first.file : `${clone.first.file} and ${clone.second.file}`}`,
    detail: `${clone.first.file}:${clone.first.line}–${clone.first.endLine} and ${clone.second.file}:${clone.second.line}–${clone.second.endLine}, ${formatNumber(clone.tokens)} tokens. A fix in one place is easily forgotten in the other.`,
    citations: [clone.first, clone.second].map(({ file, line, endLine }) => ({ file, line, endLine })),
    measure: { value: clone.codeLines, unit: "lines", threshold: 5 },
  }));
}
