import { linesOf } from "./line-reader.ts";
import { maxDependencies, type WrittenDependency, type WrittenManifest } from "./manifest-file.ts";

/** The `[requires]` parts of a `conanfile.txt`. */
export function conanManifest(text: string): WrittenManifest {
  const dependencies: WrittenDependency[] = [];
  let part = "";
  for (const [index, line] of linesOf(text).slice(0, maxDependencies).entries()) {
    part = /^\s*\[(\w+)\]/.exec(line)?.[1] ?? part;
    const [, name, range] = /^\s*([\w.+-]+)\/([^@#\s]+)/.exec(line) ?? [];
    if (name === undefined || range === undefined || !part.endsWith("requires")) continue;
    dependencies.push({ name, range, scope: part === "requires" ? "runtime" : "build", line: index + 1, pinned: !/[[\]<>~*]/.test(range) });
  }
  return { name: null, licence: null, dependencies };
}

/** `find_package` and `FetchContent_Declare` of a `CMakeLists.txt`, where they are written on few lines. */
export function cmakeManifest(text: string): WrittenManifest {
  const lines = linesOf(text).slice(0, maxDependencies);
  const dependencies = lines.flatMap((line, index) => foundPackage(line, index) ?? fetchedContent(lines, index) ?? []);
  return { name: /^\s*project\s*\(\s*([\w.+-]+)/im.exec(text.slice(0, 100_000))?.[1] ?? null, licence: null, dependencies };
}

function foundPackage(line: string, index: number): WrittenDependency | null {
  const [, name, version] = /^\s*find_package\s*\(\s*([\w.+-]+)(?:\s+(\d[\w.]*))?/i.exec(line) ?? [];
  return name === undefined ? null : { name, range: version ?? "", scope: "build", line: index + 1, pinned: /\bEXACT\b/.test(line) };
}

function fetchedContent(lines: readonly string[], index: number): WrittenDependency | null {
  if (!/^\s*FetchContent_Declare\s*\(/i.test(lines[index] ?? "")) return null;
  const block =
    lines
      .slice(index, index + 12)
      .join(" ")
      .split(")", 1)[0] ?? "";
  const name = /FetchContent_Declare\s*\(\s*(\S+)/i.exec(block)?.[1] ?? "unnamed";
  const range = /GIT_TAG\s+(\S+)/.exec(block)?.[1] ?? "";
  return { name, range, scope: "build", line: index + 1, pinned: /^[0-9a-f]{40}$/.test(range) || block.includes("URL_HASH") };
}
