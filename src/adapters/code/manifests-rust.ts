import { parse } from "smol-toml";
import type { DependencyFact } from "../../core/shared/repository-facts.ts";
import { linesOf } from "./line-reader.ts";
import {
  keyLine,
  lineWith,
  listOf,
  maxDependencies,
  recordOf,
  textOf,
  type LockedPackage,
  type WrittenDependency,
  type WrittenManifest,
} from "./manifest-file.ts";

const groups: readonly (readonly [string, DependencyFact["scope"]])[] = [
  ["dependencies", "runtime"],
  ["dev-dependencies", "development"],
  ["build-dependencies", "build"],
];

export function cargoManifest(text: string): WrittenManifest {
  const document = recordOf(parse(text));
  const lines = linesOf(text);
  const owners = [document, recordOf(document["workspace"]), ...Object.values(recordOf(document["target"])).map(recordOf)];
  const dependencies: WrittenDependency[] = [];
  for (const owner of owners) {
    for (const [group, scope] of groups) {
      const start = lineWith(lines, group) - 1;
      for (const [name, entry] of Object.entries(recordOf(owner[group])).slice(0, maxDependencies))
        dependencies.push({ name, line: keyLine(lines, name, start), ...written(entry, scope) });
    }
  }
  const own = recordOf(document["package"]);
  return { name: textOf(own["name"]), licence: textOf(own["license"]), dependencies };
}

function written(entry: unknown, scope: DependencyFact["scope"]): Pick<WrittenDependency, "range" | "scope" | "pinned"> {
  const details = recordOf(entry);
  const inside = details["path"] !== undefined || details["workspace"] === true;
  const range = textOf(entry) ?? textOf(details["version"]) ?? textOf(details["rev"]) ?? (inside ? "in this tree" : "");
  return {
    range,
    scope: details["optional"] === true ? "optional" : scope,
    pinned: inside || /^=\s*\d/.test(range) || /^[0-9a-f]{40}$/.test(range),
  };
}

export function cargoLock(text: string): readonly LockedPackage[] {
  return listOf(recordOf(parse(text))["package"]).flatMap((value) => {
    const entry = recordOf(value);
    const name = textOf(entry["name"]);
    const version = textOf(entry["version"]);
    // Crates of the workspace itself have no source and no checksum.
    if (name === null || version === null || entry["source"] === undefined) return [];
    return [{ name, version, licence: null, publishedAtMs: null, hasIntegrity: typeof entry["checksum"] === "string" }];
  });
}
