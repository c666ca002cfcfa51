import type { Assessment, Citation, Column, Finding, Section, SectionKey, SectionOutput, Table } from "./report-types.ts";
import { sectionKeys } from "./report-types.ts";

/** Outputs by name, parsed: the one under review and those of the tasks before it. */
export interface RuleEvidence {
  readonly output: string;
  readonly outputs: { readonly [name: string]: unknown };
}

export interface RuleVerdict {
  readonly passed: boolean;
  /** What was compared, in one line: evidence for a pass as well. */
  readonly evidence: string;
  /** At most 20. */
  readonly problems: readonly string[];
}

export type AcceptanceRule = (evidence: RuleEvidence) => RuleVerdict;

/** The pure checks that criteria of kind `rule` name. */
export const engineeringRules: ReadonlyMap<string, AcceptanceRule> = new Map([
  ["citations-exist", citationsExist],
  ["counts-add-up", countsAddUp],
  ["section-complete", sectionComplete],
]);

interface Reviewed {
  readonly sections: readonly Section[];
  readonly assessment: Assessment | null;
}

function verdict(evidence: string, problems: readonly string[]): RuleVerdict {
  return { passed: problems.length === 0, evidence, problems: problems.slice(0, 20) };
}

function reviewed({ output, outputs }: RuleEvidence): Reviewed | null {
  const value = outputs[output];
  if (isSchema<Assessment>(value, "xvc.assessment/1")) return { sections: value.sections, assessment: value };
  return isSchema<SectionOutput>(value, "xvc.assessment-section/1") ? { sections: [value.section], assessment: null } : null;
}

function isSchema<Document extends { readonly schema: string }>(value: unknown, schema: Document["schema"]): value is Document {
  return typeof value === "object" && value !== null && "schema" in value && value.schema === schema;
}

const unreadable = (output: string) => verdict("nothing to compare", [`${output} is missing or of another schema`]);

/** Every cited file is in the inventory, each line within it; every cited commit was read. A finding without a citation fails. */
export function citationsExist(evidence: RuleEvidence): RuleVerdict {
  const found = reviewed(evidence);
  if (found === null) return unreadable(evidence.output);
  const lines = linesByFile(evidence, found);
  const commits = knownCommits(evidence, found);
  const findings = found.sections.flatMap((section) => section.findings);
  const problems = findings.flatMap((finding) =>
    finding.citations.length === 0
      ? [`${finding.id} cites nothing`]
      : finding.citations.flatMap((citation) => citationProblem(finding, citation, { lines, commits })),
  );
  const cited = findings.reduce((sum, finding) => sum + finding.citations.length, 0);
  return verdict(`${cited} citations of ${findings.length} findings against ${lines.size} files and ${commits.size} commits`, problems);
}

interface Known {
  readonly lines: ReadonlyMap<string, number>;
  readonly commits: ReadonlySet<string>;
}

function citationProblem(finding: Finding, citation: Citation, { lines, commits }: Known): readonly string[] {
  if ("commit" in citation)
    return commits.has(citation.commit) ? [] : [`${finding.id} cites commit ${citation.commit}, which was not read`];
  const count = lines.get(citation.file);
  if (count === undefined) return [`${finding.id} cites ${citation.file}, which is not in the inventory`];
  const first = citation.line ?? 1;
  const last = citation.endLine ?? first;
  const within = citation.line === undefined || (first >= 1 && last >= first && last <= Math.max(1, count));
  return within ? [] : [`${finding.id} cites ${citation.file}:${first}–${last}, which has ${count} lines`];
}

function linesByFile(evidence: RuleEvidence, found: Reviewed): ReadonlyMap<string, number> {
  if (found.assessment !== null) return new Map(found.assessment.files.map((file) => [file.path, file.lines]));
  const inventory = evidence.outputs["inventory.json"];
  if (
    !isSchema<SectionOutput<{ readonly files: readonly { readonly path: string; readonly lines: { readonly total: number } }[] }>>(
      inventory,
      "xvc.assessment-section/1",
    )
  )
    return new Map();
  return new Map(inventory.data.files.map((file) => [file.path, file.lines.total]));
}

function knownCommits(evidence: RuleEvidence, found: Reviewed): ReadonlySet<string> {
  if (found.assessment !== null) return new Set([...found.assessment.commits, found.assessment.repository.commit ?? ""]);
  const known = new Set<string>();
  for (const name of ["inventory.json", "history.json"]) {
    const output = evidence.outputs[name];
    if (
      !isSchema<SectionOutput<{ readonly commit?: string | null; readonly commits?: readonly string[] } | null>>(
        output,
        "xvc.assessment-section/1",
      )
    )
      continue;
    if (typeof output.data?.commit === "string") known.add(output.data.commit);
    for (const commit of output.data?.commits ?? []) known.add(commit);
  }
  return known;
}

/** Severity counts equal the findings, columns that state a total equal it, rows fit their columns, and risks point to findings. */
export function countsAddUp(evidence: RuleEvidence): RuleVerdict {
  const found = reviewed(evidence);
  if (found === null) return unreadable(evidence.output);
  const problems = found.sections.flatMap((section) => [
    ...countProblems(section),
    ...section.tables.flatMap((table) => tableProblems(section, table)),
  ]);
  const ids = new Set(found.sections.flatMap((section) => section.findings.map((finding) => finding.id)));
  for (const risk of found.assessment?.risks ?? []) {
    if (risk.score !== risk.impact * risk.likelihood)
      problems.push(`${risk.id} has score ${risk.score}, not ${risk.impact} × ${risk.likelihood}`);
    for (const id of risk.findings) if (!ids.has(id)) problems.push(`${risk.id} points to ${id}, which does not exist`);
  }
  const tables = found.sections.reduce((sum, section) => sum + section.tables.length, 0);
  return verdict(`${found.sections.length} sections, ${tables} tables, ${ids.size} findings`, problems);
}

function countProblems(section: Section): readonly string[] {
  const problems: string[] = [];
  for (const severity of ["info", "low", "medium", "high"] as const) {
    const listed = section.findings.filter((finding) => finding.severity === severity).length;
    if (listed !== section.counts[severity])
      problems.push(`${section.key} counts ${section.counts[severity]} ${severity} findings and lists ${listed}`);
  }
  if (new Set(section.findings.map((finding) => finding.id)).size !== section.findings.length)
    problems.push(`${section.key} has two findings of one id`);
  return problems;
}

function tableProblems(section: Section, table: Table): readonly string[] {
  const problems: string[] = [];
  if (table.rows.length > table.total) problems.push(`${section.key}/${table.key} shows more rows than there are`);
  if (table.rows.some((row) => row.length !== table.columns.length))
    problems.push(`${section.key}/${table.key} has a row that does not fit its columns`);
  // A table that is cut short cannot be summed; it says so by `total`.
  for (const sum of table.rows.length === table.total ? (table.sums ?? []) : []) {
    const actual = columnSum(table, sum.column);
    const stated = section.measures.find((measure) => measure.key === sum.measure)?.value;
    if (actual !== stated)
      problems.push(`${section.key}/${table.key}.${sum.column} sums to ${actual}, ${sum.measure} says ${stated ?? "nothing"}`);
  }
  return problems;
}

function columnSum(table: Table, key: string): number {
  const place = table.columns.findIndex((column: Column) => column.key === key);
  return table.rows.reduce((sum, row) => sum + (typeof row[place] === "number" ? row[place] : 0), 0);
}

/** What a section must state to count as done. */
const required: { readonly [key in SectionKey]: { readonly measures: readonly string[]; readonly tables: readonly string[] } } = {
  inventory: { measures: ["files", "textFiles", "ownCode", "bytes"], tables: ["languages", "content"] },
  module_graph: { measures: ["modules", "edges", "cycles", "layers", "unresolvedImports"], tables: ["fan", "layers"] },
  duplication: { measures: ["duplicatedShare", "clones", "comparedLines"], tables: ["files"] },
  complexity: { measures: ["functions", "medianComplexity", "complexFunctions", "longFunctions"], tables: ["bands", "functions"] },
  history: { measures: ["commits", "people", "truckFactor"], tables: ["hotspots", "people"] },
  tests: { measures: ["testFiles", "testCases", "testRatio", "testCommands", "pipelines"], tables: ["commands", "pipelines"] },
  dependencies: { measures: ["declared", "pinned", "locked", "floating", "licenceKnown", "ageKnown"], tables: ["manifests", "declared"] },
  secrets: { measures: ["secrets", "scannedFiles", "rules"], tables: ["rules"] },
  documentation: { measures: ["documents", "innerLinks", "deadLinks", "deadCommands"], tables: ["documents"] },
  risk_summary: { measures: ["risks", "findings"], tables: ["risks"] },
};

/** The section states all it must, each figure with definition and n, and a reason where it is not complete; a report has all ten. */
export function sectionComplete(evidence: RuleEvidence): RuleVerdict {
  const found = reviewed(evidence);
  if (found === null) return unreadable(evidence.output);
  const problems = found.sections.flatMap(sectionProblems);
  if (found.assessment !== null) {
    const present = new Set(found.sections.map((section) => section.key));
    for (const key of sectionKeys) if (!present.has(key)) problems.push(`section ${key} is missing`);
  }
  const measures = found.sections.reduce((sum, section) => sum + section.measures.length, 0);
  return verdict(`${found.sections.length} sections with ${measures} measures`, problems);
}

function sectionProblems(section: Section): readonly string[] {
  const { measures, tables } = required[section.key];
  const lacking = [
    ...missing(measures, section.measures).map((key) => `the measure ${key}`),
    ...missing(tables, section.tables).map((key) => `the table ${key}`),
    ...(section.headline === "" ? ["a headline"] : []),
    ...section.measures
      .filter((measure) => measure.definition === "" || !Number.isFinite(measure.n))
      .map((measure) => `the definition or n of ${measure.key}`),
    ...section.tables.filter((table) => table.definition === "").map((table) => `the definition of ${table.key}`),
    ...((section.state === "complete") === (section.reason === "") ? [] : [`a reason that fits its state, ${section.state}`]),
  ];
  return lacking.map((what) => `${section.key} lacks ${what}`);
}

function missing(keys: readonly string[], present: readonly { readonly key: string }[]): readonly string[] {
  return keys.filter((key) => !present.some((one) => one.key === key));
}
