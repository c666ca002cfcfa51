/** `xvc.assessment/1` as its documentation states it, read without trust. */

export interface Citation {
  readonly findingId: string;
  readonly file?: string;
  readonly line?: number;
  readonly endLine?: number;
  readonly commit?: string;
}

export interface ReportFile {
  readonly path: string;
  readonly language: string | null;
  readonly bytes: number;
  readonly lines: number;
}

export interface ReportFinding {
  readonly id: string;
  readonly severity: string;
}

export interface ReportTable {
  readonly key: string;
  readonly columns: number;
  readonly rows: readonly (readonly unknown[])[];
  readonly total: number;
  readonly columnKeys: readonly string[];
}

export interface ReportSection {
  readonly key: string;
  readonly state: string;
  readonly reason: string;
  readonly findings: readonly ReportFinding[];
  readonly counts: { readonly [severity: string]: number };
  readonly tables: readonly ReportTable[];
  readonly measures: readonly { readonly key: string; readonly value: number | null }[];
}

export interface ReportRisk {
  readonly id: string;
  readonly priority: number;
  readonly likelihood: number;
  readonly impact: number;
  readonly score: number;
  readonly findings: readonly string[];
}

export interface Report {
  readonly schema: string;
  readonly commit: string | null;
  readonly sections: readonly ReportSection[];
  readonly risks: readonly ReportRisk[];
  readonly files: readonly ReportFile[];
  readonly commits: readonly string[];
  readonly modules: readonly string[];
  readonly edges: readonly (readonly number[])[];
  readonly citations: readonly Citation[];
  readonly maxFiles: number;
  readonly maxFileBytes: number;
  readonly maxCommits: number;
}

type Value = { readonly [key: string]: unknown };

const object = (value: unknown): Value => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Value) : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const whole = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);

function citationsOf(findings: readonly Value[]): readonly Citation[] {
  return findings.flatMap((finding) =>
    list(finding["citations"]).map((cited): Citation => {
      const { file, line, endLine, commit } = object(cited);
      return {
        findingId: text(finding["id"]),
        ...(typeof file === "string" ? { file } : {}),
        ...(typeof line === "number" ? { line } : {}),
        ...(typeof endLine === "number" ? { endLine } : {}),
        ...(typeof commit === "string" ? { commit } : {}),
      };
    }),
  );
}

function sectionOf(value: Value): ReportSection {
  const counts = Object.fromEntries(Object.entries(object(value["counts"])).map(([severity, count]) => [severity, whole(count)]));
  return {
    key: text(value["key"]),
    state: text(value["state"]),
    reason: text(value["reason"]),
    findings: list(value["findings"]).map((finding) => ({ id: text(object(finding)["id"]), severity: text(object(finding)["severity"]) })),
    counts,
    tables: list(value["tables"])
      .map(object)
      .map((table) => ({
        key: text(table["key"]),
        columns: list(table["columns"]).length,
        columnKeys: list(table["columns"]).map((column) => text(object(column)["key"])),
        rows: list(table["rows"]).map(list),
        total: whole(table["total"]),
      })),
    measures: list(value["measures"])
      .map(object)
      .map((measure) => ({ key: text(measure["key"]), value: typeof measure["value"] === "number" ? measure["value"] : null })),
  };
}

const riskOf = (value: Value): ReportRisk => ({
  id: text(value["id"]),
  priority: whole(value["priority"]),
  likelihood: whole(value["likelihood"]),
  impact: whole(value["impact"]),
  score: whole(value["score"]),
  findings: list(value["findings"]).map(text),
});

/** Reads a report; what is missing or of another type becomes empty or NaN, so that a check fails on it. */
export function readReport(source: string): Report {
  const value = object(JSON.parse(source) as unknown);
  const sections = list(value["sections"]).map(object);
  const limits = object(value["limits"]);
  const repository = object(value["repository"]);
  return {
    schema: text(value["schema"]),
    commit: typeof repository["commit"] === "string" ? repository["commit"] : null,
    sections: sections.map(sectionOf),
    risks: list(value["risks"]).map(object).map(riskOf),
    files: list(value["files"])
      .map(object)
      .map((file) => ({
        path: text(file["path"]),
        language: typeof file["language"] === "string" ? file["language"] : null,
        bytes: whole(file["bytes"]),
        lines: whole(file["lines"]),
      })),
    commits: list(value["commits"]).map(text),
    modules: list(value["modules"]).map(text),
    edges: list(value["edges"]).map((edge) => list(edge).map(whole)),
    citations: sections.flatMap((section) => citationsOf(list(section["findings"]).map(object))),
    maxFiles: whole(limits["maxFiles"]),
    maxFileBytes: whole(limits["maxFileBytes"]),
    maxCommits: whole(limits["maxCommits"]),
  };
}
