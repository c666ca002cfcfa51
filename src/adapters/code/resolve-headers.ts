import type { ImportTarget } from "../../core/shared/repository-facts.ts";
import { folderOf, joinPath, type ImportResolver } from "./resolution.ts";

/**
 * `#include` to a file: beside the including file, else the only or nearest file whose path ends with the name. A compiler's
 * include path is not in the tree, so an ambiguous name takes the candidate that shares most folders with the includer.
 */
export function headerResolver(paths: ReadonlySet<string>): ImportResolver {
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [path]);
    else known.push(path);
  }
  return (from, { specifier }) => {
    const system = specifier.startsWith("<");
    const wanted = specifier.replace(/^<|>$/g, "");
    const beside = system ? null : joinPath(folderOf(from), wanted);
    if (beside !== null && paths.has(beside)) return [{ kind: "module", unit: beside }];
    const unit = nearest(from, { wanted, system }, byName.get(wanted.slice(wanted.lastIndexOf("/") + 1)) ?? []);
    if (unit === from) return [];
    if (unit !== null) return [{ kind: "module", unit }];
    return [outside(wanted, system)];
  };
}

function outside(wanted: string, system: boolean): ImportTarget {
  if (!system) return { kind: "unresolved", specifier: wanted };
  return wanted.includes("/") ? { kind: "package", name: wanted.split("/", 1)[0] ?? wanted } : { kind: "builtin", name: wanted };
}

function nearest(
  from: string,
  { wanted, system }: { readonly wanted: string; readonly system: boolean },
  candidates: readonly string[],
): string | null {
  let best: string | null = null;
  let bestShared = -1;
  for (const candidate of candidates.slice(0, 500)) {
    const fits = candidate === wanted || candidate.endsWith(`/${wanted}`);
    // `<x.h>` without a folder is the system's unless the tree keeps it in an include folder.
    if (!fits || (system && !wanted.includes("/") && !/(^|\/)include\//.test(candidate))) continue;
    const shared = sharedFolders(from, candidate);
    if (shared > bestShared) {
      best = candidate;
      bestShared = shared;
    }
  }
  return best;
}

function sharedFolders(left: string, right: string): number {
  const leftParts = left.split("/");
  const rightParts = right.split("/");
  let shared = 0;
  while (shared < leftParts.length && leftParts[shared] === rightParts[shared]) shared += 1;
  return shared;
}
