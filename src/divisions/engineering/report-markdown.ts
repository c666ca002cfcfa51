import type { Assessment, Finding, Section, Table } from "./report-types.ts";
import { visible } from "../../core/shared/markup.ts";
import { cellText, citationText, measureText } from "./report-text.ts";
import { dayOf, formatNumber, plural } from "./section-builder.ts";

const mostRows = 25;
const mostCitations = 5;

/** The assessment as Markdown: the same figures as the page, longer lists cut with a word where the rest is. */
export function assessmentMarkdown(assessment: Assessment): string {
  const { repository } = assessment;
  const commit =
    repository.commit === null
      ? "A plain folder without history."
      : `Commit ${code(repository.commit)}${repository.committedAtMs === null ? "" : ` of ${dayOf(repository.committedAtMs)}`}.`;
  return (
    [
      `# Assessment of ${escape(repository.name)}`,
      `${escape(assessment.headline)}`,
      `${commit} Measured by rules, without a model; nothing in the repository was run and nothing fetched. The whole data is in \`report.json\`.`,
      "## Risks by priority",
      ...riskLines(assessment),
      ...assessment.sections.filter((section) => section.key !== "risk_summary").flatMap(sectionLines),
      "## Limits",
      `At most ${formatNumber(assessment.limits.maxFiles)} files, ${formatNumber(assessment.limits.maxFileBytes)} bytes a file (${formatNumber(assessment.limits.maxParseBytes)} to be parsed), ${formatNumber(assessment.limits.maxFileMs)} ms a file, ${formatNumber(assessment.limits.maxCommits)} commits.`,
    ].join("\n\n") + "\n"
  );
}

function riskLines(assessment: Assessment): readonly string[] {
  if (assessment.risks.length === 0) return ["No risk follows from the findings."];
  const rows = assessment.risks.map(
    (risk) =>
      `| ${risk.priority} | ${escape(risk.title)} | ${risk.impact} × ${risk.likelihood} = ${risk.score} | ${escape(risk.why)} | ${escape(risk.next)} | ${risk.findings.slice(0, 3).join(", ")}${risk.findings.length > 3 ? ` and ${risk.findings.length - 3} more` : ""} |`,
  );
  const definition = assessment.sections.find((section) => section.key === "risk_summary")?.tables[0]?.definition ?? "";
  return [
    escape(definition),
    ["| Priority | Risk | Impact × spread | Why | Next | Findings |", "|---:|---|---:|---|---|---|", ...rows].join("\n"),
  ];
}

function sectionLines(section: Section): readonly string[] {
  const measures = section.measures.map(
    (measure) =>
      `| ${escape(measure.label)} | ${measureText(measure.value, measure.unit)} ${measure.unit === "share" ? "" : escape(measure.unit)} | ${formatNumber(measure.n)} | ${escape(measure.definition)}${measure.source === undefined ? "" : ` Source: ${escape(measure.source)}.`} |`,
  );
  return [
    `## ${escape(section.title)}`,
    escape(section.headline),
    ...(section.reason === "" ? [] : [`*${section.state === "partial" ? "Partial" : "Not applicable"}: ${escape(section.reason)}*`]),
    ["| Figure | Value | n | Definition |", "|---|---:|---:|---|", ...measures].join("\n"),
    ...section.tables.filter((table) => table.rows.length > 0).flatMap(tableLines),
    ...findingLines(section),
    ...(section.notes.length === 0 ? [] : [section.notes.map((note) => `- ${escape(note)}`).join("\n")]),
  ];
}

function tableLines(table: Table): readonly string[] {
  const head = `| ${table.columns.map((column) => escape(column.label)).join(" | ")} |`;
  const rule = `|${table.columns.map((column) => (column.kind === "number" || column.kind === "share" ? "---:" : "---")).join("|")}|`;
  const rows = table.rows.slice(0, mostRows).map(
    (row) =>
      `| ${row
        .map((cell, place) => {
          const column = table.columns[place];
          return column === undefined
            ? ""
            : column.kind === "path" && cell !== null
              ? code(cellText(cell, column))
              : escape(cellText(cell, column));
        })
        .join(" | ")} |`,
  );
  const rest = table.total > rows.length ? [`${plural(table.total - rows.length, "more row", "more rows")}.`] : [];
  return [`### ${escape(table.title)}`, escape(table.definition), [head, rule, ...rows].join("\n"), ...rest];
}

function findingLines(section: Section): readonly string[] {
  if (section.findings.length === 0) return [];
  const { high, medium, low, info } = section.counts;
  return [
    "### Findings",
    `${high} high, ${medium} medium, ${low} low, ${info} for information.`,
    section.findings.map(findingLine).join("\n"),
  ];
}

function findingLine(finding: Finding): string {
  const places = finding.citations.slice(0, mostCitations).map((citation) => code(citationText(citation)));
  const rest = finding.citations.length - places.length;
  return `- **${finding.severity}** ${escape(finding.title)} (${finding.id}). ${escape(finding.detail)} ${places.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** Text that cannot become markup, a link or another cell. */
function escape(text: string): string {
  return visible(text)
    .replace(/[\\`*_[\]<>|#!~&]/g, (mark) => `\\${mark}`)
    .replace(/\b(https?):\/\//gi, "$1\\://");
}

/** A code span that its content cannot end. */
function code(text: string): string {
  const shown = visible(text).replaceAll("|", "\\|");
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}
