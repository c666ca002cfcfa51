import type { ImportFact, ImportTarget } from "../../core/shared/repository-facts.ts";
import type { SyntaxFacts } from "./syntax-facts.ts";
import { goResolver } from "./resolve-go.ts";
import { headerResolver } from "./resolve-headers.ts";
import { javaResolver } from "./resolve-java.ts";
import { pythonResolver } from "./resolve-python.ts";
import { rustResolver } from "./resolve-rust.ts";
import { scriptResolver, type ScriptSettings } from "./resolve-scripts.ts";
import type { WrittenImport } from "./written-imports.ts";

/** What resolving needs beyond the sources: every path of the tree, and the few settings that rename modules. */
export interface ResolutionContext {
  readonly paths: ReadonlySet<string>;
  readonly scripts: ScriptSettings;
  /** Go module path by folder of its `go.mod`. */
  readonly goModules: readonly { readonly folder: string; readonly name: string }[];
}

/** Finds what one written import of one file means; several targets where the language takes several modules at once. */
export type ImportResolver = (from: string, written: WrittenImport) => readonly ImportTarget[];

/** Every import with what it means, in order of file and line. Linear in imports times path depth. */
export function resolveImports(files: readonly SyntaxFacts[], context: ResolutionContext): readonly ImportFact[] {
  const resolvers: { readonly [language: string]: ImportResolver } = {
    ...Object.fromEntries(["TypeScript", "JavaScript"].map((language) => [language, scriptResolver(context.paths, context.scripts)])),
    ...Object.fromEntries(["C", "C++"].map((language) => [language, headerResolver(context.paths)])),
    Python: pythonResolver(context.paths),
    Go: goResolver(context.paths, context.goModules),
    Java: javaResolver(files),
    Rust: rustResolver(context.paths),
  };
  const imports: ImportFact[] = [];
  for (const file of files) {
    const resolve = resolvers[file.language];
    if (resolve === undefined) continue;
    for (const written of file.imports) {
      for (const target of resolve(file.path, written)) imports.push({ from: file.path, line: written.line, target, typeOnly: written.typeOnly });
    }
  }
  return imports;
}

/** The folder of a path, empty at the root. */
export function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

/** `folder/relative` with `.` and `..` taken out. Null: it leaves the tree. */
export function joinPath(folder: string, relative: string): string | null {
  const parts = folder === "" ? [] : folder.split("/");
  for (const part of relative.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}
