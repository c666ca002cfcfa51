import type { DependencyFact, RunnableFact } from "../../core/shared/repository-facts.ts";
import { syntaxOf } from "./languages.ts";
import { linesOf, readLines } from "./line-reader.ts";
import {
  lineWith,
  listOf,
  maxDependencies,
  recordOf,
  textOf,
  type LockedPackage,
  type WrittenDependency,
  type WrittenManifest,
} from "./manifest-file.ts";
import type { ScriptSettings } from "./resolution.ts";

const groups: readonly (readonly [string, DependencyFact["scope"]])[] = [
  ["dependencies", "runtime"],
  ["optionalDependencies", "optional"],
  ["peerDependencies", "peer"],
  ["devDependencies", "development"],
];

export function packageManifest(text: string): WrittenManifest {
  const manifest = recordOf(JSON.parse(text));
  const lines = linesOf(text);
  const dependencies: WrittenDependency[] = [];
  for (const [group, scope] of groups) {
    const start = lineWith(lines, `"${group}"`) - 1;
    for (const [name, range] of Object.entries(recordOf(manifest[group])).slice(0, maxDependencies)) {
      const written = typeof range === "string" ? range : "";
      dependencies.push({ name, range: written, scope, line: lineWith(lines, `"${name}"`, start), pinned: isExact(written) });
    }
  }
  return {
    name: textOf(manifest["name"]),
    licence: textOf(manifest["license"]) ?? textOf(recordOf(manifest["license"])["type"]),
    dependencies,
  };
}

/** A full version, a commit of 40 hex digits, or a place inside the tree. */
function isExact(range: string): boolean {
  return (
    /^=?v?\d+\.\d+\.\d+([-+][\w.+-]+)?$/.test(range) ||
    /^npm:.+@\d+\.\d+\.\d+$/.test(range) ||
    /#[0-9a-f]{40}$/.test(range) ||
    /^(file|workspace|link|portal):/.test(range)
  );
}

export function packageScripts(text: string, path: string): readonly RunnableFact[] {
  const lines = linesOf(text);
  const start = lineWith(lines, '"scripts"') - 1;
  return Object.keys(recordOf(recordOf(JSON.parse(text))["scripts"]))
    .slice(0, 1_000)
    .map((name) => ({ kind: "npm-script", file: path, line: lineWith(lines, `"${name}"`, start), name }));
}

export function packageSettings(text: string, folder: string): ScriptSettings {
  const manifest = recordOf(JSON.parse(text));
  const name = textOf(manifest["name"]);
  const entries = [
    ...entriesOf(recordOf(manifest["exports"])["."] ?? manifest["exports"], 0),
    textOf(manifest["module"]),
    textOf(manifest["main"]),
    textOf(manifest["types"]),
  ];
  const aliases = Object.entries(recordOf(manifest["imports"])).map(([pattern, target]) => ({
    folder,
    pattern,
    targets: entriesOf(target, 0),
  }));
  return { packages: name === null ? [] : [{ folder, name, entries: entries.filter((entry) => entry !== null) }], aliases };
}

function entriesOf(value: unknown, depth: number): readonly string[] {
  if (typeof value === "string") return [value];
  return depth > 4 ? [] : Object.values(recordOf(value)).flatMap((inner) => entriesOf(inner, depth + 1));
}

/** `paths` and `baseUrl` of a `tsconfig.json`; `extends` is not followed. */
export function tsconfigSettings(text: string, folder: string): ScriptSettings {
  const bare = readLines(text, syntaxOf("JSON"))
    .code.join("\n")
    .replace(/,(\s*[}\]])/g, "$1");
  const options = recordOf(recordOf(JSON.parse(bare === "" ? "{}" : bare))["compilerOptions"]);
  const base = textOf(options["baseUrl"]);
  const within = [folder, (base ?? "").replace(/^\.\/?|\/$/g, "")].filter((part) => part !== "").join("/");
  const aliases = Object.entries(recordOf(options["paths"])).map(([pattern, targets]) => ({
    folder: within,
    pattern,
    targets: listOf(targets).filter((target) => typeof target === "string"),
  }));
  return { packages: [], aliases: base === null ? aliases : [...aliases, { folder: within, pattern: "*", targets: ["*"] }] };
}

export function npmLock(text: string): readonly LockedPackage[] {
  const lock = recordOf(JSON.parse(text));
  const places = Object.entries(recordOf(lock["packages"]));
  const found = places.length > 0 ? places.filter(([place]) => place.includes("node_modules/")) : nested(lock, 0);
  // The outermost copy is the one the manifest's own code gets: it comes first.
  return found
    .slice(0, maxDependencies)
    .sort(([left], [right]) => depthOf(left) - depthOf(right))
    .flatMap(([place, value]) => npmEntry(place, recordOf(value)));
}

function npmEntry(place: string, entry: { readonly [key: string]: unknown }): readonly LockedPackage[] {
  const version = textOf(entry["version"]);
  if (version === null || entry["link"] === true) return [];
  const name = place.slice(place.lastIndexOf("node_modules/") < 0 ? 0 : place.lastIndexOf("node_modules/") + "node_modules/".length);
  // What is bundled was checked with the package that carries it.
  return [
    {
      name,
      version,
      licence: textOf(entry["license"]),
      publishedAtMs: null,
      hasIntegrity: typeof entry["integrity"] === "string" || entry["inBundle"] === true,
    },
  ];
}

function depthOf(place: string): number {
  return place.split("node_modules/").length;
}

function nested(lock: { readonly [key: string]: unknown }, depth: number): readonly (readonly [string, unknown])[] {
  if (depth > 20) return [];
  return Object.entries(recordOf(lock["dependencies"])).flatMap(([name, value]) => [
    [name, value] as const,
    ...nested(recordOf(value), depth + 1),
  ]);
}

/** Both forms of `yarn.lock`, line by line: a head that ends in `:`, then `version` and `integrity` or `checksum`. */
export function yarnLock(text: string): readonly LockedPackage[] {
  const found = lockedLines();
  let name: string | null = null;
  for (const line of linesOf(text)) {
    if (/^\S.*:$/.test(line)) name = /^"?(@?[^@"]+)@/.exec(line)?.[1] ?? null;
    found.add(name ?? undefined, /^ {2}version:? "?([^"\s]+)"?/.exec(line)?.[1]);
    if (/^ {2}(integrity|checksum)/.test(line)) found.verify();
  }
  return found.packages;
}

/** The `packages:` keys of a `pnpm-lock.yaml`, line by line: no YAML parser meets a stranger's aliases. */
export function pnpmLock(text: string): readonly LockedPackage[] {
  const found = lockedLines();
  let inside = false;
  for (const line of linesOf(text)) {
    if (/^\S/.test(line)) inside = line.startsWith("packages:");
    if (!inside) continue;
    const [, name, version] = /^ {2}['"]?\/?(@?[^@'"]+)@([^:('"]+)/.exec(line) ?? [];
    found.add(name, version);
    if (line.includes("integrity:")) found.verify();
  }
  return found.packages;
}

interface LockedLines {
  readonly packages: readonly LockedPackage[];
  readonly add: (name: string | undefined, version: string | undefined) => void;
  /** The package added last has a checksum. */
  readonly verify: () => void;
}

function lockedLines(): LockedLines {
  const packages: LockedPackage[] = [];
  return {
    packages,
    add(name, version) {
      if (name === undefined || version === undefined || packages.length >= maxDependencies) return;
      packages.push({ name, version, licence: null, publishedAtMs: null, hasIntegrity: false });
    },
    verify() {
      const last = packages.pop();
      if (last !== undefined) packages.push({ ...last, hasIntegrity: true });
    },
  };
}
