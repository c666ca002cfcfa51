import type { DependencyFact, DependencyFacts, ManifestFact } from "../../core/shared/repository-facts.ts";
import type { Table } from "./report-types.ts";
import { byLargest, dayOf, tableOf } from "./section-builder.ts";

/** A dependency with the manifest that declares it. */
export interface Declared extends DependencyFact {
  readonly manifest: ManifestFact;
}

/** The tables of the section on dependencies. */
export function declaredTables(facts: DependencyFacts, declared: readonly Declared[]): readonly Table[] {
  return [manifestTable(facts), lockTable(facts), licenceTable(declared), dependencyTable(declared)];
}

function manifestTable(facts: DependencyFacts): Table {
  return tableOf(
    {
      key: "manifests",
      title: "Manifests",
      definition: "Files that declare dependencies, with how many are pinned there and how many a lock file fixes.",
      columns: [
        { key: "manifest", label: "Manifest", kind: "path" },
        { key: "ecosystem", label: "Ecosystem", kind: "text" },
        { key: "licence", label: "Licence", kind: "text" },
        { key: "declared", label: "Declared", kind: "number" },
        { key: "pinned", label: "Pinned", kind: "number" },
        { key: "locked", label: "Locked", kind: "number" },
      ],
      sums: [
        { column: "declared", measure: "declared" },
        { column: "pinned", measure: "pinned" },
        { column: "locked", measure: "locked" },
      ],
    },
    facts.manifests,
    (one) => [
      one.path,
      one.ecosystem,
      one.licence,
      one.dependencies.length,
      one.dependencies.filter((entry) => entry.pinned).length,
      one.dependencies.filter((entry) => entry.lockedVersion !== null).length,
    ],
  );
}

function lockTable(facts: DependencyFacts): Table {
  return tableOf(
    {
      key: "lockfiles",
      title: "Lock files",
      definition: "Without checksum: entries whose content an installer cannot verify from this file.",
      columns: [
        { key: "file", label: "Lock file", kind: "path" },
        { key: "entries", label: "Packages", kind: "number" },
        { key: "unchecked", label: "Without checksum", kind: "number" },
      ],
      sums: [{ column: "entries", measure: "lockedPackages" }],
    },
    facts.lockfiles,
    (one) => [one.path, one.entries, one.withoutIntegrity],
  );
}

function licenceTable(declared: readonly Declared[]): Table {
  const counts = new Map<string, number>();
  for (const one of declared) counts.set(one.licence ?? "not told", (counts.get(one.licence ?? "not told") ?? 0) + 1);
  return tableOf(
    {
      key: "licences",
      title: "Licences of declared dependencies",
      definition: "As lock files state them.",
      columns: [
        { key: "licence", label: "Licence", kind: "text" },
        { key: "dependencies", label: "Dependencies", kind: "number" },
      ],
      sums: [{ column: "dependencies", measure: "declared" }],
    },
    byLargest(
      [...counts],
      ([, count]) => count,
      ([name]) => name,
    ),
    ([name, count]) => [name, count],
  );
}

function dependencyTable(declared: readonly Declared[]): Table {
  return tableOf(
    {
      key: "declared",
      shown: 200,
      title: "Declared dependencies",
      definition: "In the order of the manifests. Age only where a lock file tells.",
      columns: [
        { key: "name", label: "Dependency", kind: "text" },
        { key: "range", label: "Range", kind: "text" },
        { key: "locked", label: "Locked", kind: "text" },
        { key: "scope", label: "Scope", kind: "text" },
        { key: "licence", label: "Licence", kind: "text" },
        { key: "published", label: "Published", kind: "date" },
        { key: "place", label: "Place", kind: "path" },
      ],
    },
    declared,
    (one) => [
      one.name,
      one.range === "" ? "any" : one.range,
      one.lockedVersion ?? "not locked",
      one.scope,
      one.licence,
      one.publishedAtMs === null ? null : dayOf(one.publishedAtMs),
      `${one.manifest.path}:${one.line}`,
    ],
  );
}
