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

export function pyprojectManifest(text: string): WrittenManifest {
  const document = recordOf(parse(text));
  const project = recordOf(document["project"]);
  const poetry = recordOf(recordOf(document["tool"])["poetry"]);
  const lines = linesOf(text);
  const dependencies = [
    ...requirements(project["dependencies"], "runtime", lines),
    ...Object.values(recordOf(project["optional-dependencies"])).flatMap((group) => requirements(group, "optional", lines)),
    ...Object.values(recordOf(document["dependency-groups"])).flatMap((group) => requirements(group, "development", lines)),
    ...requirements(recordOf(document["build-system"])["requires"], "build", lines),
    ...table(poetry["dependencies"], "runtime", lines),
    ...table(poetry["dev-dependencies"], "development", lines),
    ...Object.values(recordOf(poetry["group"])).flatMap((group) => table(recordOf(group)["dependencies"], "development", lines)),
  ];
  const licence = textOf(project["license"]) ?? textOf(recordOf(project["license"])["text"]) ?? textOf(poetry["license"]);
  return { name: textOf(project["name"]) ?? textOf(poetry["name"]), licence, dependencies: dependencies.slice(0, maxDependencies) };
}

export function pipfileManifest(text: string): WrittenManifest {
  const document = recordOf(parse(text));
  const lines = linesOf(text);
  return {
    name: null,
    licence: null,
    dependencies: [...table(document["packages"], "runtime", lines), ...table(document["dev-packages"], "development", lines)],
  };
}

/** Lines of a requirements file. Options, nested files and bare URLs are left out. */
export function requirementsManifest(text: string): WrittenManifest {
  const dependencies: WrittenDependency[] = [];
  for (const [index, line] of linesOf(text).slice(0, maxDependencies).entries()) {
    const bare = line.replace(/(^|\s)#.*$/, "").trim();
    if (bare === "" || bare.startsWith("-")) continue;
    const read = requirement(bare, "runtime", index + 1);
    if (read !== null) dependencies.push(read);
  }
  return { name: null, licence: null, dependencies };
}

function requirements(value: unknown, scope: DependencyFact["scope"], lines: readonly string[]): readonly WrittenDependency[] {
  return listOf(value).flatMap((entry) => {
    const read = typeof entry === "string" ? requirement(entry, scope, lineWith(lines, entry)) : null;
    return read === null ? [] : [read];
  });
}

/** Source: PEP 508, without markers and extras. */
function requirement(written: string, scope: DependencyFact["scope"], line: number): WrittenDependency | null {
  const match = /^([A-Za-z0-9][\w.-]*)\s*(\[[^\]]{0,200}\])?\s*([^;]{0,300})/.exec(written);
  const name = match?.[1];
  if (name === undefined) return null;
  const range = (match?.[3] ?? "")
    .replace(/\s--hash.*$/, "")
    .replace(/\\$/, "")
    .trim();
  return { name, range, scope, line, pinned: isExact(range) };
}

function isExact(range: string): boolean {
  return /^={2,3}\s*[\w.+!-]+$/.test(range) || /^@.+[@#][0-9a-f]{40}/.test(range);
}

function table(value: unknown, scope: DependencyFact["scope"], lines: readonly string[]): readonly WrittenDependency[] {
  return Object.entries(recordOf(value))
    .filter(([name]) => name !== "python")
    .slice(0, maxDependencies)
    .map(([name, entry]) => {
      const range = textOf(entry) ?? textOf(recordOf(entry)["version"]) ?? textOf(recordOf(entry)["rev"]) ?? "";
      const pinned = isExact(range) || /^\d+(\.\d+)+$/.test(range) || /^[0-9a-f]{40}$/.test(range);
      return { name, range: range === "*" ? "" : range, scope, line: keyLine(lines, name), pinned };
    });
}

/** `poetry.lock`, `uv.lock` and `pdm.lock`. `uv` also tells when a file was uploaded: the only age any of them gives. */
export function pythonLock(text: string): readonly LockedPackage[] {
  return listOf(recordOf(parse(text))["package"]).flatMap((value) => {
    const entry = recordOf(value);
    const name = textOf(entry["name"]);
    const version = textOf(entry["version"]);
    if (name === null || version === null) return [];
    const files = [...listOf(entry["files"]), ...listOf(entry["wheels"]), ...(entry["sdist"] === undefined ? [] : [entry["sdist"]])].map(
      recordOf,
    );
    const uploads = files.map((file) => Date.parse(textOf(file["upload-time"]) ?? "")).filter((at) => !Number.isNaN(at));
    return [
      {
        name,
        version,
        licence: null,
        publishedAtMs: uploads.length === 0 ? null : Math.min(...uploads),
        hasIntegrity: files.some((file) => typeof file["hash"] === "string"),
      },
    ];
  });
}

export function pipfileLock(text: string): readonly LockedPackage[] {
  const lock = recordOf(JSON.parse(text));
  return ["default", "develop"].flatMap((group) =>
    Object.entries(recordOf(lock[group]))
      .slice(0, maxDependencies)
      .map(([name, entry]) => ({
        name,
        version: (textOf(recordOf(entry)["version"]) ?? "").replace(/^==/, ""),
        licence: null,
        publishedAtMs: null,
        hasIntegrity: listOf(recordOf(entry)["hashes"]).length > 0,
      })),
  );
}
