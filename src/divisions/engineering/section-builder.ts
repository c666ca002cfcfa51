import type { SkippedFact } from "../../core/shared/repository-facts.ts";
import type { Citation, Finding, Measure, Section, SectionKey, Severity, Table } from "./report-types.ts";

export const severities: readonly Severity[] = ["high", "medium", "low", "info"];

/** Findings of one rule that are written out; the measures still count all of them. */
export const maxFindingsPerRule = 50;

export const maxCitations = 20;

/** A finding before it has its place in the section. */
export type FindingDraft = Omit<Finding, "id" | "section">;

export interface SectionDraft {
  readonly key: SectionKey;
  readonly title: string;
  readonly headline: string;
  /** Set: the section could not be filled, or not wholly. */
  readonly gap?: { readonly state: "partial" | "not-applicable"; readonly reason: string } | undefined;
  readonly measures: readonly Measure[];
  readonly tables: readonly Table[];
  readonly findings: readonly FindingDraft[];
  readonly skipped: readonly SkippedFact[];
}

/** Orders findings by severity, then as given, numbers them, and counts them. Files that were skipped become notes and make the section partial. */
export function buildSection(draft: SectionDraft): Section {
  const ordered = severities.flatMap((severity) => draft.findings.filter((finding) => finding.severity === severity));
  const findings = ordered.map((finding, index): Finding => ({
    ...finding,
    citations: finding.citations.slice(0, maxCitations),
    id: `${draft.key}-${index + 1}`,
    section: draft.key,
  }));
  const counts = { info: 0, low: 0, medium: 0, high: 0 };
  for (const finding of findings) counts[finding.severity] += 1;
  const notes = skipNotes(draft.skipped);
  const gap =
    draft.gap ??
    (notes.length > 0
      ? {
          state: "partial" as const,
          reason: `${plural(draft.skipped.length, "file or folder", "files or folders")} could not be read; the notes say which and why.`,
        }
      : null);
  return {
    key: draft.key,
    title: draft.title,
    state: gap?.state ?? "complete",
    reason: gap?.reason ?? "",
    headline: draft.headline,
    measures: draft.measures,
    tables: draft.tables,
    findings,
    counts,
    notes,
  };
}

const maxNotes = 20;

function skipNotes(skipped: readonly SkippedFact[]): readonly string[] {
  const notes = skipped.slice(0, maxNotes).map(({ path, reason }) => `Not read: ${path === "" ? "the root folder" : path} (${reason}).`);
  return skipped.length > maxNotes ? [...notes, `Not read: ${skipped.length - maxNotes} more.`] : notes;
}

/** A table before its rows; `shown` is how many of them are written out. */
export type TableDraft = Omit<Table, "rows" | "total"> & { readonly shown?: number };

const maxRows = 100;

/** The first rows of a table, in the given order. */
export function tableOf<Item>({ shown, ...table }: TableDraft, items: readonly Item[], row: (item: Item) => Table["rows"][number]): Table {
  return { ...table, rows: items.slice(0, shown ?? maxRows).map(row), total: items.length };
}

export function plural(count: number, one: string, many: string): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** Thousands apart, at most two decimals, the same in every locale. */
export function formatNumber(value: number): string {
  const [whole = "0", fraction] = String(Math.round(value * 100) / 100).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

export function formatShare(value: number | null): string {
  return value === null ? "unknown" : `${formatNumber(value * 100)} %`;
}

export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

export function sumOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  let sum = 0;
  for (const item of items) sum += value(item);
  return sum;
}

/** Largest first; equal ones by name, so that the order is the same everywhere. */
export function byLargest<Item>(items: readonly Item[], value: (item: Item) => number, name: (item: Item) => string): readonly Item[] {
  return [...items].sort((left, right) => value(right) - value(left) || (name(left) < name(right) ? -1 : name(left) > name(right) ? 1 : 0));
}

/** The value below which `share` of the sorted values lie: nearest rank. Null when there are none. */
export function quantile(sorted: readonly number[], share: number): number | null {
  return sorted.length === 0 ? null : (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null);
}

/** What a finding about something missing points at: the commit read, or the tree's first file. */
export type TreeAnchor = Citation | null;

/** The day an instant lies on in UTC, `YYYY-MM-DD`. Source: Hinnant, chrono-Compatible Low-Level Date Algorithms. */
export function dayOf(atMs: number): string {
  const days = Math.floor(atMs / 86_400_000) + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}
