import { chartOf } from "./report-charts.ts";
import { escapeHtml } from "../../core/shared/markup.ts";
import { cellText, citationText, measureText } from "./report-text.ts";
import type { Assessment, Finding, Measure, Risk, Section, Severity, Table } from "./report-types.ts";
import { formatNumber, plural } from "./section-builder.ts";

const openFindings = 8;
const shownCitations = 4;
const openRows = 12;

/** A picture of the module graph with what its nodes stand for. */
export interface GraphPicture {
  /** Trusted: drawn by us from escaped names. */
  readonly svg: string;
  readonly caption: string;
}

// A word and a shape beside the colour: the colour alone tells nobody who cannot see it.
const marks: { readonly [severity in Severity]: string } = { high: "▲ high", medium: "◆ medium", low: "● low", info: "○ info" };

/** One section of the page. */
export function sectionHtml(section: Section, graph: GraphPicture | null): string {
  const state =
    section.reason === ""
      ? ""
      : `<p class="state"><strong>${section.state === "partial" ? "Partial." : "Not applicable."}</strong> ${escapeHtml(section.reason)}</p>`;
  const notes =
    section.notes.length === 0
      ? ""
      : `<details><summary>${plural(section.notes.length, "note", "notes")} on what was not read</summary><ul class="notes">${section.notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("")}</ul></details>`;
  return `<section id="${section.key}" aria-labelledby="${section.key}-title"><h2 id="${section.key}-title">${escapeHtml(section.title)}</h2><p class="answer">${escapeHtml(section.headline)}</p>${state}${figures(section.measures)}${graph === null ? "" : graphHtml(graph)}${section.tables
    .filter((table) => table.rows.length > 0)
    .map((table) => tableHtml(section, table))
    .join("")}${findingsHtml(section)}${notes}</section>`;
}

function figures(measures: readonly Measure[]): string {
  const rows = measures.map(
    (measure) =>
      `<tr><td>${escapeHtml(measure.label)}</td><td class="number">${measureText(measure.value, measure.unit)}</td><td class="number">${formatNumber(measure.n)}</td><td>${escapeHtml(measure.definition)}${measure.source === undefined ? "" : ` Source: ${escapeHtml(measure.source)}.`}</td></tr>`,
  );
  return `<div class="scroll"><table class="figures"><thead><tr><th scope="col">Figure</th><th scope="col" class="number">Value</th><th scope="col" class="number">n</th><th scope="col">Definition</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function graphHtml(graph: GraphPicture): string {
  return `<h3>Module graph</h3><figure><div class="graph scroll" tabindex="0" role="group" aria-label="Module graph, scrollable">${graph.svg}</div><figcaption>${escapeHtml(graph.caption)} The tables below hold the figures; every edge is in report.json.</figcaption></figure>`;
}

function tableHtml(section: Section, table: Table): string {
  const chart = chartOf(table);
  const shown =
    table.rows.length < table.total
      ? `the first ${formatNumber(table.rows.length)} of ${formatNumber(table.total)} rows`
      : plural(table.total, "row", "rows");
  const open = chart === "" ? table.rows.slice(0, openRows) : [];
  const rest = `<details><summary>Table: ${shown}</summary>${plainTable(table, table.rows)}</details>`;
  const held = `${open.length === 0 ? "" : plainTable(table, open)}${open.length === table.rows.length ? "" : rest}`;
  return `<h3 id="${section.key}-${escapeHtml(table.key)}">${escapeHtml(table.title)}</h3><p class="definition">${escapeHtml(table.definition)}</p>${chart === "" ? "" : `<figure>${chart}</figure>`}${held}`;
}

function plainTable(table: Table, shown: Table["rows"]): string {
  const kindOf = (kind: string) => (kind === "number" || kind === "share" ? "number" : kind === "path" ? "path" : "");
  const head = table.columns.map((column) => `<th scope="col" class="${kindOf(column.kind)}">${escapeHtml(column.label)}</th>`).join("");
  const rows = shown.map(
    (row) =>
      `<tr>${table.columns.map((column, place) => `<td class="${kindOf(column.kind)}">${escapeHtml(cellText(row[place] ?? null, column))}</td>`).join("")}</tr>`,
  );
  return `<div class="scroll"><table class="plain"><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function findingsHtml(section: Section): string {
  if (section.findings.length === 0) return "";
  const { high, medium, low, info } = section.counts;
  const head = `<thead><tr><th scope="col">Severity</th><th scope="col">Finding</th><th scope="col">Where</th></tr></thead>`;
  const table = (findings: readonly Finding[]) =>
    `<div class="scroll"><table class="findings">${head}<tbody>${findings.map(findingHtml).join("")}</tbody></table></div>`;
  const rest = section.findings.slice(openFindings);
  const more =
    rest.length === 0 ? "" : `<details><summary>${plural(rest.length, "more finding", "more findings")}</summary>${table(rest)}</details>`;
  return `<h3 id="${section.key}-findings">Findings</h3><p class="definition">${high} high, ${medium} medium, ${low} low, ${info} for information; of each kind at most the 50 worst are listed.</p>${table(section.findings.slice(0, openFindings))}${more}`;
}

function findingHtml(finding: Finding): string {
  const places = finding.citations.slice(0, shownCitations).map((citation) => escapeHtml(citationText(citation)));
  const rest = finding.citations.length - places.length;
  return `<tr id="${escapeHtml(finding.id)}"><td>${severityHtml(finding.severity)}<br><span class="id">${escapeHtml(finding.id)}</span></td><td><div class="title">${escapeHtml(finding.title)}</div><div class="detail">${escapeHtml(finding.detail)}</div></td><td class="places">${places.join("<br>")}${rest > 0 ? `<br>and ${rest} more` : ""}</td></tr>`;
}

function severityHtml(severity: Severity): string {
  return `<span class="severity ${severity}">${marks[severity]}</span>`;
}

/** The risks as the first thing after the answer. */
export function risksHtml(assessment: Assessment): string {
  const section = assessment.sections.find((candidate) => candidate.key === "risk_summary");
  const definition = section?.tables[0]?.definition ?? "";
  if (assessment.risks.length === 0)
    return `<section id="risk_summary" aria-labelledby="risk_summary-title"><h2 id="risk_summary-title">Risks by priority</h2><p class="answer">No risk follows from the findings.</p></section>`;
  const head = `<thead><tr><th scope="col" class="number">#</th><th scope="col">Score</th><th scope="col">Risk</th><th scope="col">What to do next</th><th scope="col">Findings</th></tr></thead>`;
  return `<section id="risk_summary" aria-labelledby="risk_summary-title"><h2 id="risk_summary-title">Risks by priority</h2><p class="definition">${escapeHtml(definition)}</p><div class="scroll"><table>${head}<tbody>${assessment.risks.map(riskHtml).join("")}</tbody></table></div></section>`;
}

function riskHtml(risk: Risk): string {
  const links = risk.findings.slice(0, 3).map((id) => `<a href="#${escapeHtml(id)}">${escapeHtml(id)}</a>`);
  const rest = risk.findings.length - links.length;
  const severity = risk.impact >= 5 ? "high" : risk.impact >= 3 ? "medium" : "low";
  return `<tr><td class="number">${risk.priority}</td><td class="scored"><span class="score ${severity}">${risk.score}</span> <span class="soft">${risk.impact} × ${risk.likelihood}</span></td><td><strong>${escapeHtml(risk.title)}</strong><div class="soft">${escapeHtml(risk.why)}</div></td><td>${escapeHtml(risk.next)}</td><td class="soft links">${links.join("<br>")}${rest > 0 ? `<br>and ${rest} more` : ""}</td></tr>`;
}
