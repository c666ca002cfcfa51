import type { FileFact, SecretFact, SecretFacts } from "../../core/shared/repository-facts.ts";
import type { Measure, SectionOutput } from "./report-types.ts";
import { buildSection, byLargest, plural, tableOf, type FindingDraft } from "./section-builder.ts";

const maxSecrets = 200;

/** The section on credentials in the tree. Carries places and rules, never a secret. */
export function judgeSecrets(facts: SecretFacts, files: readonly FileFact[]): SectionOutput<null> {
  const tests = new Set(files.filter((file) => file.role === "test").map((file) => file.path));
  const byRule = new Map<string, number>();
  for (const secret of facts.secrets) byRule.set(secret.rule, (byRule.get(secret.rule) ?? 0) + 1);
  const section = buildSection({
    key: "secrets",
    title: "Secrets",
    headline:
      facts.scannedFiles === 0
        ? "No text files to scan."
        : facts.secrets.length === 0
          ? `No credential was recognized in ${plural(facts.scannedFiles, "text file", "text files")}.`
          : `${plural(facts.secrets.length, "place looks", "places look")} like a credential, in ${plural(new Set(facts.secrets.map((one) => one.file)).size, "file", "files")}.`,
    gap: facts.scannedFiles === 0 ? { state: "not-applicable", reason: "No text files." } : undefined,
    measures: measures(facts),
    tables: [
      tableOf(
        {
          key: "rules",
          title: "Matches by rule",
          definition: "One row per rule that matched.",
          columns: [
            { key: "rule", label: "Rule", kind: "text" },
            { key: "places", label: "Places", kind: "number" },
          ],
          sums: [{ column: "places", measure: "secrets" }],
        },
        byLargest(
          [...byRule],
          ([, count]) => count,
          ([rule]) => rule,
        ),
        ([rule, count]) => [rule, count],
      ),
    ],
    findings: facts.secrets.slice(0, maxSecrets).map((secret) => finding(secret, isExample(secret.file, tests))),
    skipped: facts.skipped,
  });
  return { schema: "xvc.assessment-section/1", section, data: null };
}

function measures(facts: SecretFacts): readonly Measure[] {
  return [
    {
      key: "secrets",
      label: "Matches",
      value: facts.secrets.length,
      unit: "places",
      n: facts.scannedFiles,
      definition:
        "Places that match a rule for a known kind of credential. Whether one is live was not tried; comments that switch rules off were ignored.",
    },
    {
      key: "scannedFiles",
      label: "Files scanned",
      value: facts.scannedFiles,
      unit: "files",
      n: facts.scannedFiles,
      definition: "Text files of today's tree up to 512 KiB, vendored folders and lock files left out. Older commits were not scanned.",
    },
    {
      key: "rules",
      label: "Rules",
      value: facts.rules.length,
      unit: "rules",
      n: facts.rules.length,
      definition: `Kinds of credentials looked for: ${facts.rules.join(", ")}.`,
      source: "secretlint 13, recommended preset",
    },
  ];
}

function isExample(path: string, tests: ReadonlySet<string>): boolean {
  return (
    tests.has(path) || /(^|\/)(examples?|fixtures?|samples?|testdata|mocks?)\//i.test(path) || /\.(example|sample|template)$/i.test(path)
  );
}

function finding(secret: SecretFact, example: boolean): FindingDraft {
  return {
    rule: "secret",
    severity: example ? "medium" : "high",
    title: `Looks like a credential: ${secret.rule}`,
    detail: `${secret.masked}.${example ? " In a test or example, so it may be made up." : ""} If it is real: revoke it first, then remove it; it stays in the history.`,
    citations: [{ file: secret.file, line: secret.line }],
  };
}
