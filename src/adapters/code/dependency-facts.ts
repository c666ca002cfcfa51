import type {
  DependencyFact,
  DependencyFacts,
  Ecosystem,
  LockfileFact,
  ManifestFact,
  SkippedFact,
} from "../../core/shared/repository-facts.ts";
import type { LockedPackage, ManifestFileFacts, WrittenDependency } from "./manifest-file.ts";
import { folderOf } from "./resolution.ts";

interface Lock {
  readonly path: string;
  readonly folder: string;
  readonly ecosystem: Ecosystem;
  readonly byName: ReadonlyMap<string, LockedPackage>;
}

/** Joins manifests with the lock files of their own folder or the nearest one above. */
export function joinDependencies(files: readonly ManifestFileFacts[], skipped: readonly SkippedFact[]): DependencyFacts {
  const locks = files.flatMap((file): readonly Lock[] =>
    file.locked === null || file.ecosystem === null
      ? []
      : [{ path: file.path, folder: folderOf(file.path), ecosystem: file.ecosystem, byName: firstByName(file.locked, file.ecosystem) }],
  );
  const manifests = files.flatMap((file): readonly ManifestFact[] => {
    if (file.manifest === null || file.ecosystem === null) return [];
    const lock = nearestLock(locks, file.ecosystem, folderOf(file.path));
    const ecosystem = file.ecosystem;
    const dependencies = file.manifest.dependencies.map((dependency) => joined(dependency, lock, ecosystem));
    return [{ path: file.path, ecosystem, name: file.manifest.name, licence: file.manifest.licence, dependencies }];
  });
  const lockfiles = files.flatMap((file): readonly LockfileFact[] =>
    file.locked === null || file.ecosystem === null
      ? []
      : [
          {
            path: file.path,
            ecosystem: file.ecosystem,
            entries: file.locked.length,
            withoutIntegrity: file.locked.filter((entry) => !entry.hasIntegrity).length,
          },
        ],
  );
  const licenceFiles = files.flatMap((file) => (file.licenceFile === null ? [] : [{ path: file.path, licence: file.licenceFile.licence }]));
  return { manifests, lockfiles, licenceFiles, skipped };
}

function joined(dependency: WrittenDependency, lock: Lock | null, ecosystem: Ecosystem): DependencyFact {
  const locked =
    lock?.byName.get(key(dependency.name, dependency.range, ecosystem)) ?? lock?.byName.get(key(dependency.name, "", ecosystem));
  if (lock === null || locked === undefined)
    return { ...dependency, lockedVersion: null, lockedIn: null, licence: null, publishedAtMs: null };
  return {
    ...dependency,
    lockedVersion: locked.version,
    lockedIn: lock.path,
    licence: locked.licence,
    publishedAtMs: locked.publishedAtMs,
  };
}

function firstByName(locked: readonly LockedPackage[], ecosystem: Ecosystem): ReadonlyMap<string, LockedPackage> {
  const byName = new Map<string, LockedPackage>();
  for (const entry of locked) {
    const name = key(entry.name, "", ecosystem);
    if (!byName.has(name)) byName.set(name, entry);
    // Go's sum file lists every version it ever looked at; only the required one counts.
    byName.set(key(entry.name, entry.version, ecosystem), entry);
  }
  return byName;
}

/** Source: PEP 503 for Python names. */
function key(name: string, version: string, ecosystem: Ecosystem): string {
  const normal = ecosystem === "pypi" ? name.toLowerCase().replace(/[-_.]+/g, "-") : name;
  return version === "" ? normal : `${normal}@${version}`;
}

function nearestLock(locks: readonly Lock[], ecosystem: Ecosystem, folder: string): Lock | null {
  let best: Lock | null = null;
  for (const lock of locks) {
    const above = lock.folder === "" || lock.folder === folder || folder.startsWith(`${lock.folder}/`);
    if (above && lock.ecosystem === ecosystem && (best === null || lock.folder.length > best.folder.length)) best = lock;
  }
  return best;
}
