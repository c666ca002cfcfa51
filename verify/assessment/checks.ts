import { countCommits, knownCommits, listCommits, listTree, type TreeEntry } from "./git-facts.ts";
import type { Citation, Report, ReportSection } from "./report.ts";
import { countLines, listFolder, placeOf } from "./tree-facts.ts";

export interface Verdict {
  readonly name: string;
  readonly pass: boolean;
  readonly detail: string;
  readonly evidence: { readonly [key: string]: unknown };
}

export interface Material {
  readonly report: Report;
  readonly tree: string;
  /** Null: the input is a folder without history. */
  readonly gitDirectory: string | null;
  readonly seed: number;
}

/** Entries of a list of complaints that are shown. */
const shown = 10;

const verdict = (
  name: string,
  complaints: readonly string[],
  holds: { readonly good: string; readonly evidence: Verdict["evidence"] },
): Verdict => ({
  name,
  pass: complaints.length === 0,
  detail: complaints.length === 0 ? holds.good : `${String(complaints.length)} wrong: ${complaints.slice(0, shown).join("; ")}`,
  evidence: { ...holds.evidence, wrong: complaints.length },
});

const sectionKeys = [
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
];

/** The report has the shape it claims. */
export function checkShape({ report }: Material): Verdict {
  const complaints = [
    ...(report.schema === "xvc.assessment/1" ? [] : [`the schema is "${report.schema}"`]),
    ...(report.sections.map((section) => section.key).join() === sectionKeys.join()
      ? []
      : [`the sections are ${report.sections.map((section) => section.key).join(", ")}`]),
    ...report.sections
      .filter((section) => section.state !== "complete" && section.reason === "")
      .map((section) => `${section.key} is ${section.state} without a reason`),
  ];
  return verdict("shape", complaints, {
    good: `The report has its ${String(sectionKeys.length)} sections.`,
    evidence: { sections: report.sections.length },
  });
}

async function entriesOf({ report, tree, gitDirectory }: Material): Promise<readonly TreeEntry[]> {
  if (gitDirectory === null) return listFolder(tree);
  return report.commit === null ? [] : listTree(gitDirectory, report.commit);
}

/** The report lists exactly the files that the commit's tree has, with their sizes. */
export async function checkFiles(material: Material): Promise<Verdict> {
  const { report } = material;
  const entries = await entriesOf(material);
  const listed = new Map(entries.map((entry) => [entry.path, entry]));
  const reported = new Map(report.files.map((file) => [file.path, file]));
  const capped = entries.length > report.maxFiles;
  const extra = report.files.filter((file) => !listed.has(file.path)).map((file) => `${file.path} is not in the tree`);
  const missing = capped
    ? []
    : entries.filter((entry) => entry.kind === "file" && !reported.has(entry.path)).map((entry) => `${entry.path} is not in the report`);
  const twice = report.files.length === reported.size ? [] : [`${String(report.files.length - reported.size)} files are listed twice`];
  const sizes = report.files.flatMap((file) => {
    const entry = listed.get(file.path);
    return entry?.kind !== "file" || entry.bytes === null || entry.bytes === file.bytes
      ? []
      : [`${file.path} has ${String(entry.bytes)} bytes, not ${String(file.bytes)}`];
  });
  const few =
    capped && report.files.length < report.maxFiles
      ? [`only ${String(report.files.length)} of ${String(entries.length)} files are listed`]
      : [];
  return verdict("files", [...extra, ...missing, ...twice, ...sizes, ...few], {
    good: `${String(report.files.length)} files, as the tree has them.`,
    evidence: { listed: entries.length, reported: report.files.length },
  });
}

/** Total lines of each file, counted again byte by byte. */
export async function checkLines(material: Material): Promise<Verdict> {
  const complaints: string[] = [];
  let [counted, skipped, lines] = [0, 0, 0];
  for (const file of material.report.files) {
    const place = placeOf(material.tree, file.path);
    const own = place === undefined || file.bytes > material.report.maxFileBytes ? undefined : await countLines(place);
    if (own === undefined || own.binary) {
      skipped += 1;
      continue;
    }
    counted += 1;
    lines += own.lines;
    // what is no UTF-8 is no text to the analysers and stands with no lines
    if (own.lines !== file.lines && (own.readable || file.lines !== 0))
      complaints.push(`${file.path} has ${String(own.lines)} lines, not ${String(file.lines)}`);
  }
  return verdict("lines", complaints, {
    good: `${String(lines)} lines in ${String(counted)} text files.`,
    evidence: { counted, skipped, lines },
  });
}

/** Endings that leave no doubt about the language. */
const certain: { readonly [ending: string]: string } = {
  py: "Python",
  go: "Go",
  java: "Java",
  rs: "Rust",
  ts: "TypeScript",
  js: "JavaScript",
  rb: "Ruby",
  css: "CSS",
  md: "Markdown",
};

const folded = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]/gu, "");

/** Files per language, counted again by the endings of their names. */
export function checkLanguages({ report }: Material): Verdict {
  const complaints: string[] = [];
  const counts: { [language: string]: number } = {};
  for (const [ending, language] of Object.entries(certain)) {
    const files = report.files.filter((file) => file.path.toLowerCase().endsWith(`.${ending}`));
    const other = files.filter((file) => file.language === null || !folded(file.language).startsWith(folded(language)));
    counts[language] = (counts[language] ?? 0) + files.length;
    complaints.push(...other.map((file) => `${file.path} stands as ${file.language ?? "nothing"}`));
  }
  return verdict("languages", [...complaints, ...languageTable(report)], {
    good: "Files stand under the language their ending names.",
    evidence: {
      byEnding: counts,
    },
  });
}

/** The inventory's own table of languages, where it has one, against the files listed. */
function languageTable(report: Report): readonly string[] {
  const table = report.sections
    .find((section) => section.key === "inventory")
    ?.tables.find((one) => one.columnKeys.includes("language") && one.columnKeys.includes("files"));
  if (table === undefined) return [];
  const [languageAt, filesAt] = [table.columnKeys.indexOf("language"), table.columnKeys.indexOf("files")];
  return table.rows.flatMap((row) => {
    const [language, files] = [row[languageAt], row[filesAt]];
    const counted = report.files.filter((file) => file.language === language).length;
    return typeof language !== "string" || typeof files !== "number" || counted === 0 || counted === files
      ? []
      : [`the inventory counts ${String(files)} files of ${language}, the list has ${String(counted)}`];
  });
}

/** Commits, counted by git itself. */
export async function checkCommits({ report, gitDirectory }: Material): Promise<Verdict> {
  if (gitDirectory === null || report.commit === null) {
    return verdict("commits", report.commits.length === 0 ? [] : ["commits are listed, and there is no history"], {
      good: "There is no history.",
      evidence: {
        commits: 0,
      },
    });
  }
  const counted = await countCommits(gitDirectory, report.commit);
  const expected = Math.min(counted, report.maxCommits);
  const real = await listCommits(gitDirectory, report.commit, report.maxCommits);
  const foreign = report.commits.filter((commit) => !real.has(commit)).map((commit) => `${commit} is not in the history`);
  const count =
    report.commits.length === expected ? [] : [`${String(report.commits.length)} commits are listed, git counts ${String(counted)}`];
  const twice = new Set(report.commits).size === report.commits.length ? [] : ["a commit is listed twice"];
  return verdict("commits", [...count, ...foreign, ...twice], {
    good: `${String(counted)} commits, as git counts them.`,
    evidence: {
      counted,
      listed: report.commits.length,
    },
  });
}

function sectionProblems(section: ReportSection): readonly string[] {
  const severities = new Set([...Object.keys(section.counts), ...section.findings.map((finding) => finding.severity)]);
  const counts = [...severities].flatMap((severity) => {
    const counted = section.findings.filter((finding) => finding.severity === severity).length;
    return counted === (section.counts[severity] ?? 0)
      ? []
      : [`${section.key} counts ${String(section.counts[severity] ?? 0)} findings of severity ${severity} and lists ${String(counted)}`];
  });
  const tables = section.tables.flatMap((table) => [
    ...(table.total >= table.rows.length ? [] : [`table ${table.key} of ${section.key} lists more rows than it has`]),
    ...(table.rows.every((row) => row.length === table.columns) ? [] : [`table ${table.key} of ${section.key} has a row of another width`]),
  ]);
  return [...counts, ...tables];
}

/** Counts are those of what is listed, risks rest on findings that exist, edges on modules that exist. */
export function checkSums({ report }: Material): Verdict {
  const ids = report.sections.flatMap((section) => section.findings.map((finding) => finding.id));
  const known = new Set(ids);
  const complaints = [
    ...(known.size === ids.length ? [] : ["two findings have one id"]),
    ...report.sections.flatMap(sectionProblems),
    ...report.risks.flatMap((risk) => [
      ...risk.findings.filter((id) => !known.has(id)).map((id) => `risk ${risk.id} rests on ${id}, which is no finding`),
      ...(risk.score === risk.likelihood * risk.impact ? [] : [`risk ${risk.id} has the score ${String(risk.score)}`]),
      ...(risk.findings.length > 0 ? [] : [`risk ${risk.id} rests on nothing`]),
    ]),
    ...(report.risks.every((risk, place) => risk.priority === place + 1) ? [] : ["risks are not numbered from 1"]),
    ...report.edges
      .filter((edge) => edge.length !== 2 || edge.some((end) => !(Number.isInteger(end) && end >= 0 && end < report.modules.length)))
      .map((edge) => `the edge ${edge.join("-")} names no modules`),
  ];
  return verdict("sums", complaints, {
    good: `${String(ids.length)} findings and ${String(report.risks.length)} risks add up.`,
    evidence: {
      findings: ids.length,
      risks: report.risks.length,
      edges: report.edges.length,
    },
  });
}

/** At least this many citations are read again; fewer only when there are no more. */
const citationsRead = 20;
/** A large report is sampled, a small one read whole. */
const sampleSize = 200;

/** A fixed choice by seed. Source: Knuth, TAOCP 2, 3.4.2, algorithm P, with the generator of Lehmer (modulus 2^31 - 1, multiplier 48271). */
export function chooseBySeed<Item>(items: readonly Item[], count: number, seed: number): readonly Item[] {
  const chosen = [...items];
  let state = (Math.abs(Math.trunc(seed)) % 2_147_483_646) + 1;
  for (let place = chosen.length - 1; place > 0; place -= 1) {
    state = (state * 48_271) % 2_147_483_647;
    const other = state % (place + 1);
    [chosen[place], chosen[other]] = [chosen[other] as Item, chosen[place] as Item]; // both places are inside the list
  }
  return chosen.slice(0, Math.max(citationsRead, count));
}

async function citationProblem(material: Material, citation: Citation, commits: ReadonlySet<string>): Promise<string | null> {
  const { findingId, file, commit } = citation;
  if (commit !== undefined) return commits.has(commit) ? null : `${findingId} cites the commit ${commit}, which is not there`;
  return file === undefined ? `${findingId} cites nothing` : fileProblem(material, citation, file);
}

async function fileProblem(material: Material, { findingId, line, endLine }: Citation, file: string): Promise<string | null> {
  const place = placeOf(material.tree, file);
  const own = place === undefined ? undefined : await countLines(place);
  if (own === undefined && line === undefined && material.report.files.some((one) => one.path === file)) return null; // a link or the like, cited as a whole
  if (own === undefined) return `${findingId} cites ${file}, which is not there`;
  if (line === undefined || isInside(line, endLine ?? line, own.lines)) return null;
  return `${findingId} cites ${file}:${String(line)}${endLine === undefined ? "" : `-${String(endLine)}`}, which has ${String(own.lines)} lines`;
}

const isInside = (line: number, last: number, lines: number): boolean =>
  Number.isInteger(line) && Number.isInteger(last) && line >= 1 && line <= last && last <= lines;

/** Citations read again: the file is there, the line is in it, the commit exists. */
export async function checkCitations(material: Material): Promise<Verdict> {
  const { report, gitDirectory } = material;
  const chosen = chooseBySeed(report.citations, sampleSize, material.seed);
  const named = chosen.flatMap((citation) => citation.commit ?? []);
  const commits = gitDirectory === null ? new Set<string>() : await knownCommits(gitDirectory, [...new Set(named)]);
  const problems: string[] = [];
  for (const citation of chosen) {
    const problem = await citationProblem(material, citation, commits);
    if (problem !== null) problems.push(problem);
  }
  const bare = report.sections
    .flatMap((section) => section.findings)
    .filter((finding) => !report.citations.some((citation) => citation.findingId === finding.id))
    .map((finding) => `${finding.id} cites nothing`);
  return verdict("citations", [...problems, ...bare], {
    good: `${String(chosen.length)} of ${String(report.citations.length)} citations were read again.`,
    evidence: { citations: report.citations.length, read: chosen.length, seed: material.seed },
  });
}
