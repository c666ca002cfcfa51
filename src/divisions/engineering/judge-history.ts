import type { CommitFact, FileFact, HistoryFacts } from "../../core/shared/repository-facts.ts";
import type { ComplexityData } from "./judge-complexity.ts";
import { ownSource } from "./judge-inventory.ts";
import { authorOf, fileHistories, truckFactor, type FileHistory, type TruckFactor } from "./ownership.ts";
import type { Measure, SectionOutput, Table } from "./report-types.ts";
import {
  buildSection,
  byLargest,
  dayOf,
  formatNumber,
  formatShare,
  plural,
  quantile,
  shareOf,
  sumOf,
  tableOf,
  type FindingDraft,
} from "./section-builder.ts";

export interface HistoryData {
  /** Commits that were read, newest first. */
  readonly commits: readonly string[];
}

interface Hotspot {
  readonly history: FileHistory;
  readonly complexity: number;
  readonly score: number;
}

interface Reading {
  readonly facts: HistoryFacts;
  readonly names: ReadonlyMap<string, string>;
  readonly histories: readonly FileHistory[];
  readonly hotspots: readonly Hotspot[];
  readonly truck: TruckFactor;
}

/** The section on how the tree came about: hotspots and who knows what. `facts` is null for a plain folder. */
export function judgeHistory(
  facts: HistoryFacts | null,
  files: readonly FileFact[],
  complexity: ComplexityData,
): SectionOutput<HistoryData> {
  const read = readingOf(facts ?? { commits: [], truncated: false, shallow: false }, files, complexity);
  const section = buildSection({
    key: "history",
    title: "History and ownership",
    headline: headline(read, facts === null),
    gap: gapOf(facts),
    measures: measures(read),
    tables: [hotspotTable(read), ownerTable(read), monthTable(read.facts.commits)],
    findings: [...hotspotFindings(read), ...ownershipFindings(read)],
    skipped: [],
  });
  return { schema: "xvc.assessment-section/1", section, data: { commits: read.facts.commits.map((commit) => commit.sha) } };
}

function readingOf(facts: HistoryFacts, files: readonly FileFact[], complexity: ComplexityData): Reading {
  const names = new Map<string, string>();
  for (const commit of facts.commits) if (!names.has(authorOf(commit))) names.set(authorOf(commit), commit.authorName);
  const histories = fileHistories(facts.commits, new Set(ownSource(files).map((file) => file.path)));
  const weights = new Map(complexity.files.map((file) => [file.file, file.cyclomatic]));
  const scored = histories.map((history) => ({
    history,
    complexity: weights.get(history.file) ?? 0,
    score: history.changes * (weights.get(history.file) ?? 0),
  }));
  return {
    facts,
    names,
    histories,
    hotspots: byLargest(
      scored.filter((one) => one.score > 0),
      (one) => one.score,
      (one) => one.history.file,
    ),
    truck: truckFactor(histories),
  };
}

function gapOf(facts: HistoryFacts | null) {
  if (facts === null) return { state: "not-applicable" as const, reason: "No history: the input is a plain folder, not a git repository." };
  if (facts.commits.length === 0) return { state: "not-applicable" as const, reason: "No history: the repository has no commits." };
  if (facts.shallow)
    return {
      state: "partial" as const,
      reason: `A shallow clone: only ${plural(facts.commits.length, "commit", "commits")} came with it. Figures hold for these alone.`,
    };
  return facts.truncated
    ? {
        state: "partial" as const,
        reason: `Only the newest ${formatNumber(facts.commits.length)} commits were read. Figures hold for these alone.`,
      }
    : undefined;
}

function headline(read: Reading, folder: boolean): string {
  if (read.facts.commits.length === 0)
    return folder ? "No history: the input is a plain folder." : "No history: the repository has no commits.";
  const [top] = read.hotspots;
  const people = `${plural(read.facts.commits.length, "commit", "commits")} by ${plural(read.names.size, "person", "people")}`;
  const truck =
    read.histories.length === 0
      ? ""
      : `; losing ${plural(read.truck.people.length, "person", "people")} would leave more than half of the source files without anyone who knows them`;
  return `${people}${truck}${top === undefined ? "" : `. The hottest spot is ${top.history.file}`}.`;
}

function measures(read: Reading): readonly Measure[] {
  const { commits } = read.facts;
  // Clocks differ and anybody can write any time into a commit, so the order of commits is not the order of their times.
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { atMs } of commits) {
    first = Math.min(first, atMs);
    last = Math.max(last, atMs);
  }
  const days = commits.length === 0 ? null : Math.round((last - first) / 86_400_000);
  return [
    {
      key: "commits",
      label: "Commits",
      value: commits.length,
      unit: "commits",
      n: commits.length,
      definition: "Commits reachable from the one assessed that were read.",
    },
    {
      key: "people",
      label: "People",
      value: read.names.size,
      unit: "people",
      n: commits.length,
      definition: "Distinct author e-mail addresses, upper and lower case alike.",
    },
    {
      key: "days",
      label: "Days",
      value: days,
      unit: "days",
      n: commits.length,
      definition: "From the earliest to the latest author time of these commits.",
    },
    {
      key: "truckFactor",
      label: "Truck factor",
      value: read.histories.length === 0 ? null : read.truck.people.length,
      unit: "people",
      n: read.histories.length,
      definition:
        "The fewest people whose loss leaves more than half of the own source files without anyone who knows them; who knows a file follows from who began it and who changed it how often.",
      source: "Avelino et al., ICPC 2016",
    },
    {
      key: "changedFiles",
      label: "Source files with changes",
      value: read.histories.length,
      unit: "files",
      n: read.histories.length,
      definition: "Own source files of today that at least one of these commits touched under their present name.",
    },
  ];
}

function hotspotTable(read: Reading): Table {
  return tableOf(
    {
      key: "hotspots",
      shown: 60,
      title: "Hotspots",
      definition:
        "Score = commits that touched the file × summed cyclomatic complexity of its functions. What is both complex and often changed costs most. Source: Tornhill, Your Code as a Crime Scene, 2015.",
      columns: [
        { key: "file", label: "File", kind: "path" },
        { key: "changes", label: "Commits", kind: "number" },
        { key: "complexity", label: "Complexity", kind: "number" },
        { key: "score", label: "Score", kind: "number" },
        { key: "people", label: "People", kind: "number" },
        { key: "last", label: "Last change", kind: "date" },
      ],
      chart: { kind: "scatter", label: "file", x: "changes", y: "complexity", size: "score" },
    },
    read.hotspots,
    ({ history, complexity, score }) => [history.file, history.changes, complexity, score, history.byAuthor.size, dayOf(history.lastAtMs)],
  );
}

function ownerTable(read: Reading): Table {
  const commitsBy = new Map<string, number>();
  for (const commit of read.facts.commits) commitsBy.set(authorOf(commit), (commitsBy.get(authorOf(commit)) ?? 0) + 1);
  return tableOf(
    {
      key: "people",
      shown: 40,
      title: "Who knows what",
      definition:
        "Files known: own source files for which the person's degree of authorship is at least 3.293 and above 75 % of the highest. Sums to more than the files where several know one.",
      columns: [
        { key: "person", label: "Person", kind: "text" },
        { key: "commits", label: "Commits", kind: "number" },
        { key: "known", label: "Files known", kind: "number" },
        { key: "share", label: "Share of files", kind: "share" },
      ],
      sums: [{ column: "commits", measure: "commits" }],
      chart: { kind: "bars", label: "person", value: "known" },
    },
    byLargest(
      [...commitsBy],
      ([person]) => read.truck.filesByPerson.get(person) ?? 0,
      ([person]) => person,
    ),
    ([person, commits]) => [
      read.names.get(person) ?? person,
      commits,
      read.truck.filesByPerson.get(person) ?? 0,
      shareOf(read.truck.filesByPerson.get(person) ?? 0, read.histories.length),
    ],
  );
}

function monthTable(commits: readonly CommitFact[]): Table {
  const months = new Map<string, number>();
  for (const commit of commits) {
    const month = dayOf(commit.atMs).slice(0, 7);
    months.set(month, (months.get(month) ?? 0) + 1);
  }
  return tableOf(
    {
      key: "months",
      shown: 60,
      title: "Commits by month",
      definition: "By author time in UTC, newest month first.",
      columns: [
        { key: "month", label: "Month", kind: "text" },
        { key: "commits", label: "Commits", kind: "number" },
      ],
      sums: [{ column: "commits", measure: "commits" }],
      chart: { kind: "columns", label: "month", value: "commits" },
    },
    [...months].sort(([left], [right]) => (left < right ? 1 : -1)),
    ([month, count]) => [month, count],
  );
}

const hotspotRule = { leastFiles: 20, share: 0.9, most: 10 };

function hotspotFindings(read: Reading): readonly FindingDraft[] {
  if (read.hotspots.length < hotspotRule.leastFiles) return [];
  const bar = (values: readonly number[]) =>
    quantile(
      [...values].sort((left, right) => left - right),
      hotspotRule.share,
    ) ?? 0;
  const changes = bar(read.hotspots.map((one) => one.history.changes));
  const complexity = bar(read.hotspots.map((one) => one.complexity));
  const hot = read.hotspots.filter((one) => one.history.changes >= changes && one.complexity >= complexity && one.history.changes > 2);
  return hot.slice(0, hotspotRule.most).map(({ history, complexity: weight, score }) => ({
    rule: "hotspot",
    severity: "medium",
    title: `Hotspot: ${history.file}`,
    detail: `${plural(history.changes, "commit", "commits")} by ${plural(history.byAuthor.size, "person", "people")} on summed complexity ${formatNumber(weight)}: in the top tenth of ${plural(read.hotspots.length, "file", "files")} by both. The latest commits are cited.`,
    citations: [{ file: history.file, line: 1 }, ...history.latest.map((commit) => ({ commit }))],
    measure: { value: score, unit: "commits × complexity" },
  }));
}

function ownershipFindings(read: Reading): readonly FindingDraft[] {
  const newest = read.facts.commits[0];
  if (newest === undefined || read.histories.length < 10 || read.truck.people.length !== 1) return [];
  const [person = ""] = read.truck.people;
  const known = read.truck.filesByPerson.get(person) ?? 0;
  const theirs = read.facts.commits.filter((commit) => authorOf(commit) === person);
  return [
    {
      rule: "truck-factor",
      severity: read.names.size > 1 ? "medium" : "low",
      title: "One person holds the knowledge",
      detail: `${read.names.get(person) ?? person} knows ${formatShare(shareOf(known, read.histories.length))} of ${plural(read.histories.length, "source file", "source files")} (${plural(
        sumOf(theirs, () => 1),
        "commit",
        "commits",
      )}); without them more than half would have nobody who knows them.`,
      citations: theirs.slice(0, 3).map((commit) => ({ commit: commit.sha })),
      measure: { value: 1, unit: "people", threshold: 1 },
    },
  ];
}
