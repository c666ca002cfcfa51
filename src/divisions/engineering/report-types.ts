import type { RepositoryLimits } from "../../core/shared/repository-facts.ts";

/** The order sections stand in; also the task keys of the playbook `assess-repository`. */
export const sectionKeys = [
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
] as const;

export type SectionKey = (typeof sectionKeys)[number];

export type Severity = "info" | "low" | "medium" | "high";

/** What a finding rests on. A file without a line means the file as a whole. */
export type Citation = { readonly file: string; readonly line?: number; readonly endLine?: number } | { readonly commit: string };

export interface Finding {
  /** `<section>-<n>`, stable for the same tree. */
  readonly id: string;
  readonly section: SectionKey;
  /** What sort of finding; risks group by it. */
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly detail: string;
  /** 1 to 20; the number beyond is in `detail`. */
  readonly citations: readonly Citation[];
  readonly measure?: { readonly value: number; readonly unit: string; readonly threshold?: number };
}

/** A figure with what it means and how many things it was taken from. */
export interface Measure {
  readonly key: string;
  readonly label: string;
  /** Null: cannot be said; `definition` says why. */
  readonly value: number | null;
  readonly unit: string;
  readonly n: number;
  readonly definition: string;
  readonly source?: string;
}

export type Cell = string | number | null;

export interface Column {
  readonly key: string;
  readonly label: string;
  readonly kind: "text" | "path" | "number" | "share" | "date" | "commit";
}

export type Chart =
  | { readonly kind: "bars"; readonly label: string; readonly value: string }
  /** Side by side, the last row first: time runs to the right where the newest row comes first. */
  | { readonly kind: "columns"; readonly label: string; readonly value: string }
  | { readonly kind: "stacked"; readonly label: string; readonly parts: readonly string[] }
  | { readonly kind: "scatter"; readonly label: string; readonly x: string; readonly y: string; readonly size: string };

export interface Table {
  readonly key: string;
  readonly title: string;
  readonly definition: string;
  readonly columns: readonly Column[];
  /** One cell per column. */
  readonly rows: readonly (readonly Cell[])[];
  /** Rows there are; `rows` holds the first of them in the stated order. */
  readonly total: number;
  /** Number columns whose sum over all rows is a measure of the section; checked when every row is shown. */
  readonly sums?: readonly { readonly column: string; readonly measure: string }[];
  readonly chart?: Chart;
}

export interface Section {
  readonly key: SectionKey;
  readonly title: string;
  readonly state: "complete" | "partial" | "not-applicable";
  /** Why it is not complete. Empty when it is. */
  readonly reason: string;
  /** The answer in one sentence, built from the measures. */
  readonly headline: string;
  readonly measures: readonly Measure[];
  readonly tables: readonly Table[];
  readonly findings: readonly Finding[];
  readonly counts: { readonly [severity in Severity]: number };
  /** What was not read, and why. */
  readonly notes: readonly string[];
}

/** What one task of the assessment hands on: its section, and the facts later tasks need. */
export interface SectionOutput<Data = unknown> {
  readonly schema: "xvc.assessment-section/1";
  readonly section: Section;
  readonly data: Data;
}

export interface Risk {
  readonly id: string;
  /** 1 is the most urgent. */
  readonly priority: number;
  readonly title: string;
  readonly why: string;
  readonly next: string;
  /** 1–5 each. */
  readonly likelihood: number;
  readonly impact: number;
  /** `likelihood × impact`, 1–25. */
  readonly score: number;
  readonly findings: readonly string[];
}

/** `report.json`. Fields are only ever added within `/1`. */
export interface Assessment {
  readonly schema: "xvc.assessment/1";
  readonly repository: {
    readonly name: string;
    readonly kind: "git-repository" | "folder";
    readonly commit: string | null;
    readonly committedAtMs: number | null;
  };
  readonly headline: string;
  readonly sections: readonly Section[];
  readonly risks: readonly Risk[];
  readonly files: readonly {
    readonly path: string;
    readonly language: string | null;
    readonly role: string;
    readonly bytes: number;
    readonly lines: number;
    readonly code: number;
  }[];
  readonly modules: readonly string[];
  /** Pairs of indexes into `modules`, importer first. */
  readonly edges: readonly (readonly [number, number])[];
  /** Commits that were read, newest first. */
  readonly commits: readonly string[];
  readonly limits: RepositoryLimits;
}
