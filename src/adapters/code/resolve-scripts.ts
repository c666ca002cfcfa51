import { isBuiltin } from "node:module";
import type { ImportTarget } from "../../core/shared/repository-facts.ts";
import { folderOf, joinPath, type ImportResolver, type ScriptSettings } from "./resolution.ts";

const endings = ["", ".ts", ".tsx", ".mts", ".cts", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".json", ".vue", ".svelte"];
/** A compiled ending in an import may stand for its source. */
const sources: readonly (readonly [string, readonly string[]])[] = [
  [".js", [".ts", ".tsx", ".d.ts"]],
  [".jsx", [".tsx"]],
  [".mjs", [".mts"]],
  [".cjs", [".cts"]],
];

export function scriptResolver(paths: ReadonlySet<string>, settings: ScriptSettings): ImportResolver {
  const byName = new Map(settings.packages.map((one) => [one.name, one]));
  return (from, written) => {
    // A bundler's query or loader says how a file is taken, not which.
    const specifier = written.specifier.split("?", 1)[0] ?? "";
    if (specifier.startsWith(".") || specifier.startsWith("/")) {
      const path = joinPath(specifier.startsWith("/") ? "" : folderOf(from), specifier);
      return [moduleAt(paths, path) ?? packageAt(paths, settings, path) ?? { kind: "unresolved", specifier: written.specifier }];
    }
    return [aliased({ paths, settings }, from, specifier) ?? inWorkspace(paths, byName, specifier) ?? outside(specifier)];
  };
}

function moduleAt(paths: ReadonlySet<string>, path: string | null): ImportTarget | null {
  if (path === null) return null;
  for (const base of path === "" ? ["index"] : [path, `${path}/index`]) {
    for (const ending of endings) {
      if (paths.has(base + ending)) return { kind: "module", unit: base + ending };
    }
  }
  for (const [compiled, written] of sources) {
    if (!path.endsWith(compiled)) continue;
    const found = written.map((ending) => path.slice(0, -compiled.length) + ending).find((candidate) => paths.has(candidate));
    if (found !== undefined) return { kind: "module", unit: found };
  }
  return null;
}

/** A folder with a manifest of its own, taken by path: what the manifest names as its entry. */
function packageAt(paths: ReadonlySet<string>, settings: ScriptSettings, path: string | null): ImportTarget | null {
  const entries = settings.packages.find((one) => one.folder === path)?.entries ?? [];
  for (const entry of entries) {
    const found = moduleAt(paths, joinPath(path ?? "", entry));
    if (found !== null) return found;
  }
  return null;
}

interface Workspace {
  readonly paths: ReadonlySet<string>;
  readonly settings: ScriptSettings;
}

function aliased({ paths, settings }: Workspace, from: string, specifier: string): ImportTarget | null {
  for (const alias of settings.aliases) {
    const middle = alias.folder === "" || from.startsWith(`${alias.folder}/`) ? matchOf(alias.pattern, specifier) : null;
    if (middle === null) continue;
    for (const target of alias.targets) {
      const found = moduleAt(
        paths,
        joinPath(
          alias.folder,
          target.replace("*", () => middle),
        ),
      );
      if (found !== null) return found;
    }
  }
  return null;
}

/** What the pattern's `*` stands for; empty without one; null when it does not fit. */
function matchOf(pattern: string, specifier: string): string | null {
  const [prefix = "", suffix] = pattern.split("*", 2);
  if (suffix === undefined) return specifier === prefix ? "" : null;
  const fits = specifier.length >= prefix.length + suffix.length && specifier.startsWith(prefix) && specifier.endsWith(suffix);
  return fits ? specifier.slice(prefix.length, specifier.length - suffix.length) : null;
}

function inWorkspace(
  paths: ReadonlySet<string>,
  byName: ReadonlyMap<string, ScriptSettings["packages"][number]>,
  specifier: string,
): ImportTarget | null {
  const name = packageName(specifier);
  const owner = byName.get(name);
  if (owner === undefined) return null;
  const rest = specifier.slice(name.length + 1);
  const candidates = rest === "" ? [...owner.entries, "src/index", "index", "lib/index"] : [rest, `src/${rest}`, `lib/${rest}`];
  for (const candidate of candidates) {
    const found = moduleAt(paths, joinPath(owner.folder, candidate));
    if (found !== null) return found;
  }
  return null;
}

function outside(specifier: string): ImportTarget {
  if (isBuiltin(specifier) || specifier.startsWith("node:")) return { kind: "builtin", name: specifier };
  if (specifier === "" || specifier.startsWith("#") || specifier.startsWith("~") || specifier.startsWith("@/"))
    return { kind: "unresolved", specifier };
  return { kind: "package", name: packageName(specifier) };
}

function packageName(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? specifier);
}
