import { escapeHtml } from "../../core/shared/markup.ts";
import { measureText } from "./report-text.ts";
import { risksHtml, sectionHtml, type GraphPicture } from "./report-sections.ts";
import { reportStyle } from "./report-style.ts";
import type { Assessment, Measure, Section, SectionKey } from "./report-types.ts";
import { dayOf, formatNumber } from "./section-builder.ts";

export interface PageParts {
  readonly graph: GraphPicture | null;
  /** Base64 of the SHA-256 of `reportStyle`: the page's policy allows this style sheet and nothing else. */
  readonly styleHash: string;
}

/** The figures at the top of the page. */
const tiles: readonly (readonly [SectionKey, string])[] = [
  ["inventory", "ownCode"],
  ["module_graph", "modules"],
  ["module_graph", "modulesInCycles"],
  ["duplication", "duplicatedShare"],
  ["complexity", "complexFunctions"],
  ["history", "truckFactor"],
  ["tests", "testRatio"],
  ["dependencies", "floating"],
  ["secrets", "secrets"],
  ["documentation", "deadLinks"],
];

const tileLabels: { readonly [measure: string]: string } = {
  complexFunctions: "Functions over complexity 20",
  testRatio: "Test code per source code",
  floating: "Floating dependencies",
  secrets: "Likely credentials",
};

/** The assessment as one page that needs nothing else: no script, no font, no picture from elsewhere. */
export function assessmentPage(assessment: Assessment, parts: PageParts): string {
  const name = escapeHtml(assessment.repository.name);
  const sections = assessment.sections.filter((section) => section.key !== "risk_summary");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${parts.styleHash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Assessment of ${name}</title>
<style>${reportStyle}</style>
</head>
<body>
<a class="skip" href="#risk_summary">To the risks</a>
<div class="page">
<header>${headerHtml(assessment)}</header>
<nav aria-label="Sections"><ol>${navigation(assessment)}</ol></nav>
<main>${risksHtml(assessment)}${sections.map((section) => sectionHtml(section, section.key === "module_graph" ? parts.graph : null)).join("\n")}</main>
<footer>${footerText(assessment)}</footer>
</div>
</body>
</html>
`;
}

function headerHtml(assessment: Assessment): string {
  const { repository } = assessment;
  const origin =
    repository.commit === null
      ? "Plain folder without history"
      : `Commit <code>${escapeHtml(repository.commit.slice(0, 12))}</code>${repository.committedAtMs === null ? "" : ` of ${dayOf(repository.committedAtMs)}`}`;
  const figures = tiles
    .flatMap(([key, measure]) =>
      tileHtml(
        assessment.sections.find((section) => section.key === key),
        measure,
      ),
    )
    .join("");
  return `<p class="kind">Repository assessment</p><h1>${escapeHtml(repository.name)}</h1><p class="answer">${escapeHtml(assessment.headline)}</p><p class="soft">${origin}. Measured by rules, without a model; nothing in the repository was run and nothing fetched.</p><dl class="tiles">${figures}</dl>`;
}

function tileHtml(section: Section | undefined, key: string): readonly string[] {
  const measure: Measure | undefined = section?.measures.find((candidate) => candidate.key === key);
  if (section === undefined || measure === undefined) return [];
  // A section that does not apply has no figure to show: 0 would read as good news.
  const value = section.state === "not-applicable" ? "–" : measureText(measure.value, measure.unit);
  return [
    `<div><dt>${escapeHtml(tileLabels[key] ?? measure.label)}</dt><dd><a href="#${section.key}">${value}</a><small>n = ${formatNumber(measure.n)}</small></dd></div>`,
  ];
}

function navigation(assessment: Assessment): string {
  const risks = `<li><a href="#risk_summary">Risks <span class="count">${assessment.risks.length}</span></a></li>`;
  const items = assessment.sections
    .filter((section) => section.key !== "risk_summary")
    .map((section) => {
      const urgent = section.counts.high + section.counts.medium;
      const count = section.state === "not-applicable" ? "–" : urgent > 0 ? `${section.counts.high > 0 ? "▲" : "◆"} ${urgent}` : "";
      return `<li><a href="#${section.key}">${escapeHtml(section.title)} <span class="count">${count}</span></a></li>`;
    });
  return risks + items.join("");
}

function footerText(assessment: Assessment): string {
  const { limits } = assessment;
  return `Limits: ${formatNumber(limits.maxFiles)} files; ${formatNumber(limits.maxFileBytes / 1024 / 1024)} MiB a file, ${formatNumber(limits.maxParseBytes / 1024)} KiB to be parsed or scanned; ${formatNumber(limits.maxFileMs / 1000)} s a file; ${formatNumber(limits.maxCommits)} commits. What a limit left out is named in the notes of its section. In the navigation, ▲ and ◆ count findings of high and medium severity.`;
}
