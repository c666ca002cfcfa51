import { linesOf } from "./line-reader.ts";
import { maxDependencies, type LockedPackage, type WrittenDependency, type WrittenManifest } from "./manifest-file.ts";

export function goModuleName(text: string): string | null {
  return /^module\s+"?([^\s"]+)/m.exec(text)?.[1] ?? null;
}

/** The `require` lines of a `go.mod`. Go selects exactly the written minimum, so every version is pinned. */
export function goManifest(text: string): WrittenManifest {
  const dependencies: WrittenDependency[] = [];
  let inside = false;
  for (const [index, line] of linesOf(text).slice(0, maxDependencies).entries()) {
    if (/^require\s*\(/.test(line)) inside = true;
    else if (line.startsWith(")")) inside = false;
    const match = /^\s*(?:require\s+)?([\w.-]+\.[\w.-]+\/?\S*)\s+(v\S+)(\s*\/\/\s*indirect)?/.exec(line);
    const [, name, range, indirect] = match ?? [];
    if (name === undefined || range === undefined || !(inside || line.startsWith("require"))) continue;
    dependencies.push({ name, range, scope: indirect === undefined ? "runtime" : "optional", line: index + 1, pinned: true });
  }
  return { name: goModuleName(text), licence: null, dependencies };
}

/** `go.sum`; a pseudo-version carries the time of its commit. */
export function goLock(text: string): readonly LockedPackage[] {
  const found = new Map<string, LockedPackage>();
  for (const line of linesOf(text).slice(0, maxDependencies * 2)) {
    const [name, whole] = line.split(" ");
    const version = whole?.replace(/\/go\.mod$/, "");
    if (name === undefined || version === undefined || !version.startsWith("v")) continue;
    found.set(`${name}@${version}`, { name, version, licence: null, publishedAtMs: pseudoVersionAt(version), hasIntegrity: true });
  }
  return [...found.values()];
}

function pseudoVersionAt(version: string): number | null {
  const stamp = /[.-](\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})-[0-9a-f]{12}/.exec(version);
  if (stamp === null) return null;
  const [, year, month, day, hour, minute, second] = stamp;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? null : at;
}
