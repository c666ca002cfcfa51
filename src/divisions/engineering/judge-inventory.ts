import { repositoryLimits, type FileContent, type FileFact, type InventoryFacts } from "../../core/shared/repository-facts.ts";
import type { Measure, SectionOutput, Table } from "./report-types.ts";
import { buildSection, byLargest, formatNumber, plural, sumOf, tableOf, type FindingDraft } from "./section-builder.ts";

/** What every later task starts from. */
export interface InventoryData {
  readonly files: readonly FileFact[];
  readonly commit: string | null;
  readonly committedAtMs: number | null;
}

const largeFileBytes = 1024 * 1024;

/** The section on what the tree holds. */
export function judgeInventory(
  facts: InventoryFacts,
  commit: { readonly sha: string; readonly atMs: number } | null,
): SectionOutput<InventoryData> {
  const { files } = facts;
  const text = files.filter((file) => file.content === "text");
  const own = ownSource(files);
  const code = sumOf(own, (file) => file.lines.code);
  const languages = groupBy(text, (file) => file.language ?? "Other text");
  const section = buildSection({
    key: "inventory",
    title: "Inventory",
    headline: headline(files, own, code),
    gap: gapOf(facts),
    measures: measures(files, { text, own, code }),
    tables: [languageTable(languages), contentTable(files), folderTable(own)],
    findings: [...largeFiles(files), ...oddEntries(files)],
    skipped: facts.skipped,
  });
  return { schema: "xvc.assessment-section/1", section, data: { files, commit: commit?.sha ?? null, committedAtMs: commit?.atMs ?? null } };
}

interface Chosen {
  readonly text: readonly FileFact[];
  readonly own: readonly FileFact[];
  /** Code lines of `own`. */
  readonly code: number;
}

function measures(files: readonly FileFact[], { text, own, code }: Chosen): readonly Measure[] {
  return [
    {
      key: "files",
      label: "Files",
      value: files.length,
      unit: "files",
      n: files.length,
      definition: "Every entry of the tree: files, symbolic links and submodules, without git's own data.",
    },
    {
      key: "textFiles",
      label: "Text files",
      value: text.length,
      unit: "files",
      n: files.length,
      definition: `Files up to ${repositoryLimits.maxFileBytes / 1024 / 1024} MiB without a NUL byte in the first 8,000 bytes.`,
    },
    {
      key: "textLines",
      label: "Lines of text",
      value: sumOf(text, (file) => file.lines.total),
      unit: "lines",
      n: text.length,
      definition: "Line feeds in text files, plus a last line without one.",
    },
    {
      key: "textCode",
      label: "Code lines in all text",
      value: sumOf(text, (file) => file.lines.code),
      unit: "lines",
      n: text.length,
      definition: "Lines of text files that are neither blank nor comment, lock files and documents included.",
    },
    {
      key: "ownCode",
      label: "Own source code",
      value: code,
      unit: "lines",
      n: own.length,
      definition: "Lines that are neither blank nor comment in source and test files that are not generated and not vendored.",
    },
    {
      key: "bytes",
      label: "Size",
      value: sumOf(files, (file) => file.bytes),
      unit: "bytes",
      n: files.length,
      definition: "Sum of the sizes of all entries.",
    },
  ];
}

/** Source and test files that people here write: not generated, not vendored. */
export function ownSource(files: readonly FileFact[]): readonly FileFact[] {
  return files.filter(
    (file) => file.content === "text" && (file.role === "source" || file.role === "test") && !file.generated && !file.vendored,
  );
}

function headline(files: readonly FileFact[], own: readonly FileFact[], code: number): string {
  if (files.length === 0) return "The tree is empty: there is nothing to assess.";
  if (own.length === 0) return `${plural(files.length, "file", "files")}, none of them source code that people here write.`;
  const [largest] = byLargest(
    groupBy(own, (file) => file.language ?? "Other"),
    (group) => sumOf(group.files, (file) => file.lines.code),
    (group) => group.name,
  );
  return `${plural(files.length, "file", "files")} with ${formatNumber(code)} lines of own source code in ${plural(own.length, "file", "files")}, mostly ${largest?.name ?? "unknown"}.`;
}

function gapOf(facts: InventoryFacts) {
  if (facts.truncated)
    return {
      state: "partial" as const,
      reason: `More than ${formatNumber(repositoryLimits.maxFiles)} files: the first in path order were read.`,
    };
  return facts.files.length === 0 ? { state: "not-applicable" as const, reason: "The tree is empty." } : undefined;
}

interface Group {
  readonly name: string;
  readonly files: readonly FileFact[];
}

function groupBy(files: readonly FileFact[], name: (file: FileFact) => string): readonly Group[] {
  const groups = new Map<string, FileFact[]>();
  for (const file of files) {
    const key = name(file);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return [...groups].map(([key, group]) => ({ name: key, files: group }));
}

function languageTable(groups: readonly Group[]): Table {
  const ordered = byLargest(
    groups,
    (group) => sumOf(group.files, (file) => file.lines.code),
    (group) => group.name,
  );
  return tableOf(
    {
      key: "languages",
      title: "Languages",
      definition:
        "Text files by language, told by name, extension or first line. Code, comment and blank lines add up to the lines; a line with code and a comment is code.",
      columns: [
        { key: "language", label: "Language", kind: "text" },
        { key: "files", label: "Files", kind: "number" },
        { key: "lines", label: "Lines", kind: "number" },
        { key: "code", label: "Code", kind: "number" },
        { key: "comment", label: "Comment", kind: "number" },
        { key: "blank", label: "Blank", kind: "number" },
      ],
      sums: [
        { column: "files", measure: "textFiles" },
        { column: "lines", measure: "textLines" },
        { column: "code", measure: "textCode" },
      ],
      chart: { kind: "stacked", label: "language", parts: ["code", "comment", "blank"] },
    },
    ordered,
    ({ name, files }) => [
      name,
      files.length,
      sumOf(files, (file) => file.lines.total),
      sumOf(files, (file) => file.lines.code),
      sumOf(files, (file) => file.lines.comment),
      sumOf(files, (file) => file.lines.blank),
    ],
  );
}

const contentLabels: { readonly [content in FileContent]: string } = {
  text: "Text",
  binary: "Binary",
  "too-large": `Larger than ${repositoryLimits.maxFileBytes / 1024 / 1024} MiB, not read`,
  symlink: "Symbolic link, not followed",
  submodule: "Submodule, not fetched",
  missing: "Tracked but not on disk",
  unreadable: "Could not be read",
};

function contentTable(files: readonly FileFact[]): Table {
  const groups = byLargest(
    groupBy(files, (file) =>
      file.content === "text"
        ? `Text: ${file.vendored ? "vendored" : file.generated ? "generated" : file.role}`
        : contentLabels[file.content],
    ),
    (group) => group.files.length,
    (group) => group.name,
  );
  return tableOf(
    {
      key: "content",
      title: "What the entries are",
      definition:
        "Vendored: in a folder that by convention holds the code of others. Generated: a lock file, a minified file, or one that says so at its top. Both are left out of every judgement of source code.",
      columns: [
        { key: "kind", label: "Kind", kind: "text" },
        { key: "entries", label: "Entries", kind: "number" },
        { key: "bytes", label: "Bytes", kind: "number" },
      ],
      sums: [
        { column: "entries", measure: "files" },
        { column: "bytes", measure: "bytes" },
      ],
    },
    groups,
    (group) => [group.name, group.files.length, sumOf(group.files, (file) => file.bytes)],
  );
}

function folderTable(own: readonly FileFact[]): Table {
  const top = (path: string) =>
    path.includes("/")
      ? path
          .split("/")
          .slice(0, path.split("/").length > 2 ? 2 : 1)
          .join("/")
      : "(root)";
  const groups = byLargest(
    groupBy(own, (file) => top(file.path)),
    (group) => sumOf(group.files, (file) => file.lines.code),
    (group) => group.name,
  );
  return tableOf(
    {
      key: "folders",
      title: "Own source code by folder",
      definition: "Own source and test files by their first two folders.",
      columns: [
        { key: "folder", label: "Folder", kind: "text" },
        { key: "files", label: "Files", kind: "number" },
        { key: "code", label: "Code", kind: "number" },
      ],
      sums: [{ column: "code", measure: "ownCode" }],
      chart: { kind: "bars", label: "folder", value: "code" },
    },
    groups,
    (group) => [group.name, group.files.length, sumOf(group.files, (file) => file.lines.code)],
  );
}

function largeFiles(files: readonly FileFact[]): readonly FindingDraft[] {
  const large = byLargest(
    files.filter((file) => file.bytes > largeFileBytes && !file.vendored && !/lock|\.sum$/.test(file.path)),
    (file) => file.bytes,
    (file) => file.path,
  );
  return large.slice(0, 20).map((file) => ({
    rule: "large-file",
    severity: file.bytes > 20 * largeFileBytes ? "medium" : "low",
    title: `Large file: ${file.path}`,
    detail: `${formatNumber(file.bytes / 1024 / 1024)} MiB are copied with every clone. Files that change and do not diff belong in large-file storage or a release.`,
    citations: [{ file: file.path }],
    measure: { value: file.bytes, unit: "bytes", threshold: largeFileBytes },
  }));
}

function oddEntries(files: readonly FileFact[]): readonly FindingDraft[] {
  const odd = files.filter((file) => /\p{Cc}|%[89A-F][0-9A-F]/u.test(file.path));
  if (odd.length === 0) return [];
  return [
    {
      rule: "odd-name",
      severity: "low",
      title: `${plural(odd.length, "file name", "file names")} with control characters or bytes that are not UTF-8`,
      detail: "Tools that read one name per line, or expect UTF-8, get these wrong.",
      citations: odd.map((file) => ({ file: file.path })),
    },
  ];
}
