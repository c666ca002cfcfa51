import type { DependencyFacts } from "../../core/shared/repository-facts.ts";
import type { Measure, SectionOutput } from "./report-types.ts";
import { declaredTables, type Declared } from "./dependency-tables.ts";
import {
  buildSection,
  byLargest,
  dayOf,
  formatNumber,
  maxFindingsPerRule,
  plural,
  sumOf,
  type FindingDraft,
  type TreeAnchor,
} from "./section-builder.ts";

const yearMs = 365.25 * 86_400_000;
const oldYears = 3;

/** The section on what the tree builds on. Ages are counted back from the assessed commit; null: no date to count from. */
export function judgeDependencies(facts: DependencyFacts, asOfMs: number | null, anchor: TreeAnchor): SectionOutput<null> {
  const declared = facts.manifests.flatMap((manifest) =>
    manifest.dependencies.map((dependency): Declared => ({ ...dependency, manifest })),
  );
  const fixed = declared.filter((one) => one.pinned || one.lockedVersion !== null);
  const section = buildSection({
    key: "dependencies",
    title: "Dependencies",
    headline:
      facts.manifests.length === 0
        ? "No manifest in a format that is read."
        : `${plural(declared.length, "dependency", "dependencies")} declared in ${plural(facts.manifests.length, "manifest", "manifests")}; ${declared.length === fixed.length ? "every version is fixed" : `${formatNumber(declared.length - fixed.length)} may change without a commit`}.`,
    gap:
      facts.manifests.length === 0
        ? { state: "not-applicable", reason: "No manifest in a format that is read (npm, Python, Go, Maven, Gradle, Cargo, Conan, CMake)." }
        : undefined,
    measures: measures(facts, declared, fixed.length),
    tables: declaredTables(facts, declared),
    findings: [
      ...floatingFindings(facts, declared),
      ...lockFindings(facts),
      ...licenceFindings(facts, declared, anchor),
      ...ageFindings(declared, asOfMs),
    ],
    skipped: facts.skipped,
  });
  return { schema: "xvc.assessment-section/1", section, data: null };
}

function measures(facts: DependencyFacts, declared: readonly Declared[], fixed: number): readonly Measure[] {
  return [
    {
      key: "declared",
      label: "Declared",
      value: declared.length,
      unit: "dependencies",
      n: facts.manifests.length,
      definition: "Entries of dependency lists in manifests, one per manifest and name.",
    },
    {
      key: "pinned",
      label: "Pinned in the manifest",
      value: declared.filter((one) => one.pinned).length,
      unit: "dependencies",
      n: declared.length,
      definition: "The range itself admits exactly one version, commit or place in the tree.",
    },
    {
      key: "locked",
      label: "Found in a lock file",
      value: declared.filter((one) => one.lockedVersion !== null).length,
      unit: "dependencies",
      n: declared.length,
      definition: "A lock file in the manifest's folder or above names the version.",
    },
    {
      key: "floating",
      label: "Neither",
      value: declared.length - fixed,
      unit: "dependencies",
      n: declared.length,
      definition: "Neither pinned nor locked: tomorrow's install may differ from today's.",
    },
    {
      key: "lockedPackages",
      label: "Packages locked in all",
      value: sumOf(facts.lockfiles, (lock) => lock.entries),
      unit: "packages",
      n: facts.lockfiles.length,
      definition: "Entries of lock files, indirect ones included.",
    },
    {
      key: "licenceKnown",
      label: "Licence told",
      value: declared.filter((one) => one.licence !== null).length,
      unit: "dependencies",
      n: declared.length,
      definition: "A lock file of the tree states the licence. For the rest it is unknown; nothing was fetched.",
    },
    {
      key: "ageKnown",
      label: "Age told",
      value: declared.filter((one) => one.publishedAtMs !== null).length,
      unit: "dependencies",
      n: declared.length,
      definition: "A lock file of the tree tells when the version was published. For the rest it is unknown; nothing was fetched.",
    },
  ];
}

function floatingFindings(facts: DependencyFacts, declared: readonly Declared[]): readonly FindingDraft[] {
  return facts.manifests
    .flatMap((manifest): readonly FindingDraft[] => {
      // Build-only and peer ranges are meant to be wide.
      const floating = declared.filter(
        (one) => one.manifest === manifest && !one.pinned && one.lockedVersion === null && one.scope !== "peer" && one.scope !== "build",
      );
      if (floating.length === 0) return [];
      const locked = facts.lockfiles.some((lock) => lock.ecosystem === manifest.ecosystem);
      return [
        {
          rule: "floating-version",
          severity: floating.some((one) => one.scope === "runtime") ? "medium" : "low",
          title: `${plural(floating.length, "dependency", "dependencies")} of ${manifest.path} may change without a commit`,
          detail: `${floating
            .slice(0, 8)
            .map((one) => `${one.name} ${one.range === "" ? "(any)" : one.range}`)
            .join(
              ", ",
            )}${floating.length > 8 ? ` and ${formatNumber(floating.length - 8)} more` : ""}. ${locked ? "The lock file does not name them." : "There is no lock file."}`,
          citations: floating.map((one) => ({ file: manifest.path, line: one.line })),
          measure: { value: floating.length, unit: "dependencies", threshold: 0 },
        },
      ];
    })
    .slice(0, maxFindingsPerRule);
}

function lockFindings(facts: DependencyFacts): readonly FindingDraft[] {
  return facts.lockfiles
    .filter((lock) => lock.withoutIntegrity > 0)
    .slice(0, maxFindingsPerRule)
    .map((lock) => ({
      rule: "lock-without-checksum",
      severity: "low",
      title: `${plural(lock.withoutIntegrity, "package", "packages")} without checksum in ${lock.path}`,
      detail: "An installer takes whatever the source serves under that version.",
      citations: [{ file: lock.path, line: 1 }],
      measure: { value: lock.withoutIntegrity, unit: "packages", threshold: 0 },
    }));
}

const copyleft = /\b(A?GPL|SSPL|OSL|EUPL|CC-BY-NC|BUSL)/i;

function licenceFindings(facts: DependencyFacts, declared: readonly Declared[], anchor: TreeAnchor): readonly FindingDraft[] {
  const strict = declared.filter(
    (one) => one.scope === "runtime" && one.licence !== null && copyleft.test(one.licence) && !/\bOR\b/.test(one.licence),
  );
  const found: FindingDraft[] = strict.slice(0, maxFindingsPerRule).map((one) => ({
    rule: "restrictive-licence",
    severity: "medium",
    title: `${one.name} is under ${one.licence ?? ""}`,
    detail: "A runtime dependency under terms that may bind what is distributed with it. Whether they do is a lawyer's question.",
    citations: [{ file: one.manifest.path, line: one.line }],
  }));
  const own = facts.licenceFiles.length === 0 && facts.manifests.every((manifest) => manifest.licence === null);
  if (own && anchor !== null && facts.manifests.length > 0) {
    found.push({
      rule: "no-licence",
      severity: "medium",
      title: "The tree does not state its own licence",
      detail: "No licence file and no licence in a manifest: by default nobody else may use it.",
      citations: [anchor],
    });
  }
  return found;
}

function ageFindings(declared: readonly Declared[], asOfMs: number | null): readonly FindingDraft[] {
  if (asOfMs === null) return [];
  const age = (one: Declared) => (asOfMs - (one.publishedAtMs ?? asOfMs)) / yearMs;
  return byLargest(
    declared.filter((one) => one.scope !== "optional" && age(one) > oldYears),
    age,
    (one) => one.name,
  )
    .slice(0, maxFindingsPerRule)
    .map((one) => ({
      rule: "old-dependency",
      severity: "low",
      title: `${one.name} ${one.lockedVersion ?? ""} was ${formatNumber(Math.round(age(one) * 10) / 10)} years old at this commit`,
      detail: `Published ${dayOf(one.publishedAtMs ?? asOfMs)}. It may be finished, or abandoned; the lock file does not tell which.`,
      citations: [{ file: one.manifest.path, line: one.line }],
      measure: { value: Math.round(age(one) * 10) / 10, unit: "years", threshold: oldYears },
    }));
}
