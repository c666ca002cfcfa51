import type { Ecosystem } from "../../core/shared/repository-facts.ts";
import type { ReadableFile } from "./readable-file.ts";
import { linesOf } from "./line-reader.ts";
import { licenceOf } from "./licence-text.ts";
import type { LockedPackage, ManifestFileFacts, WrittenManifest } from "./manifest-file.ts";
import { conanManifest, cmakeManifest } from "./manifests-c.ts";
import { goLock, goManifest, goModuleName } from "./manifests-go.ts";
import { gradleLock, gradleManifest, pomManifest } from "./manifests-java.ts";
import { npmLock, packageManifest, packageScripts, packageSettings, pnpmLock, tsconfigSettings, yarnLock } from "./manifests-npm.ts";
import { pipfileLock, pipfileManifest, pyprojectManifest, pythonLock, requirementsManifest } from "./manifests-python.ts";
import { cargoLock, cargoManifest } from "./manifests-rust.ts";
import { folderOf } from "./resolution.ts";

interface Format {
  readonly name: RegExp;
  readonly ecosystem: Ecosystem;
  readonly manifest?: (text: string) => WrittenManifest;
  readonly lock?: (text: string) => readonly LockedPackage[];
}

const formats: readonly Format[] = [
  { name: /^package\.json$/, ecosystem: "npm", manifest: packageManifest },
  { name: /^(package-lock|npm-shrinkwrap)\.json$/, ecosystem: "npm", lock: npmLock },
  { name: /^yarn\.lock$/, ecosystem: "npm", lock: yarnLock },
  { name: /^pnpm-lock\.yaml$/, ecosystem: "npm", lock: pnpmLock },
  { name: /^pyproject\.toml$/, ecosystem: "pypi", manifest: pyprojectManifest },
  { name: /^requirements[\w.-]*\.(txt|in)$/, ecosystem: "pypi", manifest: requirementsManifest },
  { name: /^Pipfile$/, ecosystem: "pypi", manifest: pipfileManifest },
  { name: /^Pipfile\.lock$/, ecosystem: "pypi", lock: pipfileLock },
  { name: /^(poetry|uv|pdm)\.lock$/, ecosystem: "pypi", lock: pythonLock },
  { name: /^go\.mod$/, ecosystem: "go", manifest: goManifest },
  { name: /^go\.sum$/, ecosystem: "go", lock: goLock },
  { name: /^pom\.xml$/, ecosystem: "maven", manifest: pomManifest },
  { name: /^build\.gradle(\.kts)?$/, ecosystem: "maven", manifest: gradleManifest },
  { name: /^gradle\.lockfile$/, ecosystem: "maven", lock: gradleLock },
  { name: /^Cargo\.toml$/, ecosystem: "cargo", manifest: cargoManifest },
  { name: /^Cargo\.lock$/, ecosystem: "cargo", lock: cargoLock },
  { name: /^conanfile\.txt$/, ecosystem: "conan", manifest: conanManifest },
  { name: /^CMakeLists\.txt$/, ecosystem: "cmake", manifest: cmakeManifest },
];

const licenceName = /^(licen[cs]e|copying|unlicense)(-\w+)?(\.(md|txt|rst))?$/i;
const makeName = /^(GNU)?[Mm]akefile$/;
const tsconfigName = /^(ts|js)config(\.\w+)?\.json$/;

/** Whether the file is one this reader knows. */
export function isManifestFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return formats.some((format) => format.name.test(name)) || licenceName.test(name) || makeName.test(name) || tsconfigName.test(name);
}

/** What one such file says. A file that does not parse throws, and is reported as skipped with the parser's reason. */
export function readManifestFile(file: ReadableFile): ManifestFileFacts {
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  const text = file.content === "text" ? file.text : "";
  const format = formats.find((candidate) => candidate.name.test(name));
  return {
    path: file.path,
    ecosystem: format?.ecosystem ?? null,
    ...partsOf(format, text),
    licenceFile: licenceName.test(name) ? { licence: licenceOf(text) } : null,
    goModule: name === "go.mod" ? goModuleName(text) : null,
    ...namesIn(file.path, name, text),
  };
}

function partsOf(format: Format | undefined, text: string): Pick<ManifestFileFacts, "manifest" | "locked"> {
  return { manifest: format?.manifest?.(text) ?? null, locked: format?.lock?.(text) ?? null };
}

/** What the file makes known to others: packages and aliases for imports, scripts and targets for documents. */
function namesIn(path: string, name: string, text: string): Pick<ManifestFileFacts, "scripts" | "runnables"> {
  const folder = folderOf(path);
  if (name === "package.json") return { scripts: packageSettings(text, folder), runnables: packageScripts(text, path) };
  if (tsconfigName.test(name)) return { scripts: tsconfigSettings(text, folder), runnables: [] };
  return { scripts: { packages: [], aliases: [] }, runnables: makeName.test(name) ? makeTargets(text, path) : [] };
}

function makeTargets(text: string, path: string): ManifestFileFacts["runnables"] {
  const targets = new Map<string, number>();
  for (const [index, line] of linesOf(text).slice(0, 20_000).entries()) {
    const match = /^([\w.%/ -]{1,200}?)\s*::?(?!=)/.exec(line);
    for (const name of match?.[1]?.split(/\s+/) ?? []) {
      if (name !== "" && !targets.has(name)) targets.set(name, index + 1);
    }
  }
  return [...targets].map(([name, line]) => ({ kind: "make-target", file: path, line, name }));
}
