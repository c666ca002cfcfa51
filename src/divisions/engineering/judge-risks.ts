import type { Finding, Risk, Section, SectionOutput } from "./report-types.ts";
import { buildSection, byLargest, plural, tableOf } from "./section-builder.ts";

export interface RiskData {
  readonly risks: readonly Risk[];
}

interface RiskRule {
  readonly title: string;
  readonly why: string;
  readonly next: string;
}

/** What findings of one rule mean together. A rule without an entry is shown in its section and is no risk by itself. */
const riskRules: { readonly [rule: string]: RiskRule } = {
  secret: {
    title: "Credentials in the tree",
    why: "Whoever can read the tree, or an old clone of it, may use them.",
    next: "Check each, revoke what is real, move it to a secret store, then clean the history.",
  },
  "import-cycle": {
    title: "Modules tied into cycles",
    why: "What is in a cycle changes, builds and breaks together.",
    next: "Break the shortest way round first: move what both sides need below them.",
  },
  "complex-function": {
    title: "Functions too complex to test",
    why: "Paths nobody has run are where defects stay.",
    next: "Split the most complex ones along their outermost decisions, tests first.",
  },
  "long-function": {
    title: "Long functions",
    why: "They are read in pieces and understood in pieces.",
    next: "Name the steps of the longest ones and take them out.",
  },
  "large-source-file": {
    title: "Very large source files",
    why: "Several concerns in one file collide in every merge.",
    next: "Split the largest by who asks for its changes.",
  },
  hotspot: {
    title: "Complex code that changes often",
    why: "Most effort, and most defects, gather where change meets complexity.",
    next: "Simplify these files before others: each gain is used at once.",
  },
  "truck-factor": {
    title: "Knowledge held by one person",
    why: "Their absence stops work on most of the source.",
    next: "Pair on, or hand over, the files with the most changes.",
  },
  clone: {
    title: "Copied code",
    why: "A defect fixed in one copy lives on in the other.",
    next: "Join the largest clones that changed lately.",
  },
  "no-tests": {
    title: "No tests",
    why: "Nothing tells when a change breaks something.",
    next: "Begin with tests around the hottest files.",
  },
  "no-test-command": {
    title: "Tests that nobody knows how to run",
    why: "What is not run does not protect.",
    next: "Add one command that runs them all, and document it.",
  },
  "pipeline-without-tests": {
    title: "A pipeline that runs no tests",
    why: "Changes are merged unproven.",
    next: "Run the tests on every change.",
  },
  "no-pipeline": {
    title: "No pipeline in the tree",
    why: "Whether a change was proven depends on who made it.",
    next: "Run build and tests on every change.",
  },
  "floating-version": {
    title: "Dependencies that change without a commit",
    why: "A build that worked yesterday may fail, or do something else, today.",
    next: "Commit a lock file, or pin the versions.",
  },
  "lock-without-checksum": {
    title: "Locked packages that cannot be verified",
    why: "A changed package under the same version would go unnoticed.",
    next: "Write the lock file again with a version of the tool that records checksums.",
  },
  "restrictive-licence": {
    title: "Dependencies under terms that may bind",
    why: "Distribution may oblige you to publish source, or be forbidden.",
    next: "Ask whoever answers for licences; replace what does not fit.",
  },
  "no-licence": {
    title: "No licence stated",
    why: "Nobody outside may lawfully use or change it.",
    next: "Add a licence file, or say plainly that all rights are reserved.",
  },
  "old-dependency": {
    title: "Old dependencies",
    why: "What is not maintained is not mended either.",
    next: "Look up whether each is still maintained.",
  },
  "dead-command": {
    title: "Documented commands that do not exist",
    why: "The first thing a newcomer copies fails.",
    next: "Correct the documents, or add the command.",
  },
  "dead-link": {
    title: "Dead links in the documentation",
    why: "What they pointed at cannot be found any more.",
    next: "Correct or remove them.",
  },
  "no-readme": {
    title: "No README",
    why: "Everybody has to find out anew what this is and how it runs.",
    next: "Write what it is, how to build, run and test it.",
  },
  "unresolved-import": {
    title: "Imports that lead nowhere",
    why: "They fail, or depend on a build step that the tree does not show.",
    next: "Remove them, or say in the README what makes these files.",
  },
  "large-file": {
    title: "Large files in the repository",
    why: "Every clone and every backup carries them for ever.",
    next: "Move what changes to large-file storage.",
  },
};

const impactOf = { info: 1, low: 2, medium: 3, high: 5 } as const;

/** How far it spreads, from the number of findings. */
function spreadOf(findings: number): number {
  if (findings > 20) return 5;
  if (findings > 5) return 4;
  return findings > 1 ? 3 : 2;
}

/** Risks by priority: findings of one rule together, score = worst severity's impact × spread. Pure and total. */
export function risksOf(sections: readonly Section[]): readonly Risk[] {
  const byRule = new Map<string, Finding[]>();
  for (const finding of sections.flatMap((section) => section.findings)) {
    if (finding.severity === "info" || riskRules[finding.rule] === undefined) continue;
    byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  }
  const risks = [...byRule].flatMap(([rule, findings]) => {
    const meaning = riskRules[rule];
    if (meaning === undefined) return [];
    const impact = Math.max(...findings.map((finding) => impactOf[finding.severity]));
    const likelihood = spreadOf(findings.length);
    return [
      { id: `risk-${rule}`, ...meaning, likelihood, impact, score: impact * likelihood, findings: findings.map((finding) => finding.id) },
    ];
  });
  return byLargest(
    risks,
    (risk) => risk.score * 100 + risk.impact,
    (risk) => risk.id,
  ).map((risk, index) => ({ ...risk, priority: index + 1 }));
}

/** The section that says what to do first. */
export function judgeRisks(sections: readonly Section[]): SectionOutput<RiskData> {
  const risks = risksOf(sections);
  const urgent = risks.filter((risk) => risk.score >= 12);
  const section = buildSection({
    key: "risk_summary",
    title: "Risks",
    headline:
      risks.length === 0
        ? "No risk follows from the findings."
        : `${plural(risks.length, "risk", "risks")}, ${urgent.length === 0 ? "none urgent" : `${urgent.length} urgent`}; first: ${(risks[0]?.title ?? "").toLowerCase()}.`,
    measures: [
      {
        key: "risks",
        label: "Risks",
        value: risks.length,
        unit: "risks",
        n: sections.length,
        definition: "Groups of findings of one rule, information left out.",
      },
      { key: "urgentRisks", label: "Urgent", value: urgent.length, unit: "risks", n: risks.length, definition: "Score 12 or more of 25." },
      {
        key: "findings",
        label: "Findings",
        value: sections.reduce((sum, one) => sum + one.findings.length, 0),
        unit: "findings",
        n: sections.length,
        definition: "Findings listed in all sections; a rule lists at most its 50 worst.",
      },
    ],
    tables: [
      tableOf(
        {
          key: "risks",
          title: "Risks by priority",
          definition:
            "Score = impact × spread. Impact from the worst finding: low 2, medium 3, high 5. Spread from their number: one 2, up to five 3, up to twenty 4, more 5.",
          columns: [
            { key: "priority", label: "Priority", kind: "number" },
            { key: "risk", label: "Risk", kind: "text" },
            { key: "impact", label: "Impact", kind: "number" },
            { key: "spread", label: "Spread", kind: "number" },
            { key: "score", label: "Score", kind: "number" },
            { key: "findings", label: "Findings", kind: "number" },
          ],
        },
        risks,
        (risk) => [risk.priority, risk.title, risk.impact, risk.likelihood, risk.score, risk.findings.length],
      ),
    ],
    findings: [],
    skipped: [],
  });
  return { schema: "xvc.assessment-section/1", section, data: { risks } };
}
