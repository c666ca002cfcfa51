import type { ImportTarget } from "../../core/shared/repository-facts.ts";
import type { WrittenImport } from "./written-imports.ts";

/** `package.json` and `tsconfig.json` settings that decide what a bare name means. */
export interface ScriptSettings {
  readonly packages: readonly { readonly folder: string; readonly name: string; readonly entries: readonly string[] }[];
  readonly aliases: readonly { readonly folder: string; readonly pattern: string; readonly targets: readonly string[] }[];
}

/** What resolving needs beyond the sources: every path of the tree, and the few settings that rename modules. */
export interface ResolutionContext {
  readonly paths: ReadonlySet<string>;
  readonly scripts: ScriptSettings;
  /** Go module path by folder of its `go.mod`. */
  readonly goModules: readonly { readonly folder: string; readonly name: string }[];
}

/** Finds what one written import of one file means; several targets where the language takes several modules at once. */
export type ImportResolver = (from: string, written: WrittenImport) => readonly ImportTarget[];

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
