import type { ImportTarget } from "../../core/shared/repository-facts.ts";
import { folderOf, type ImportResolver } from "./resolution.ts";

const toolchain = new Set(["std", "core", "alloc", "proc_macro", "test"]);

/** `use` paths to the file of the deepest module they pass. `mod` lines only say where a file belongs and are not imports. */
export function rustResolver(paths: ReadonlySet<string>): ImportResolver {
  return (from, { specifier }) => {
    const parts = specifier.split("::").filter((part) => part !== "");
    const first = parts[0] ?? "";
    if (toolchain.has(first)) return [{ kind: "builtin", name: first }];
    const start = startOf(paths, from, parts);
    if (start === null) return [{ kind: "package", name: first }];
    const unit = deepest(paths, start.folder, start.rest) ?? start.own;
    if (unit === from) return [];
    return [unit === null ? { kind: "unresolved", specifier } : ({ kind: "module", unit } satisfies ImportTarget)];
  };
}

interface Start {
  readonly folder: string;
  readonly rest: readonly string[];
  /** The module `self`, `super` or `crate` itself stands for. */
  readonly own: string | null;
}

function startOf(paths: ReadonlySet<string>, from: string, parts: readonly string[]): Start | null {
  const root = crateRoot(paths, from);
  if (parts[0] === "crate")
    return {
      folder: root,
      rest: parts.slice(1),
      own: ["lib.rs", "main.rs"].map((name) => join(root, name)).find((path) => paths.has(path)) ?? null,
    };
  let folder = moduleFolder(from);
  let at = 0;
  if (parts[0] === "self") at = 1;
  while (parts[at] === "super") {
    folder = folderOf(folder);
    at += 1;
  }
  if (at > 0) return { folder, rest: parts.slice(at), own: moduleFile(paths, folder) };
  const first = parts[0] ?? "";
  return moduleFile(paths, join(folder, first)) === null ? null : { folder, rest: parts, own: null };
}

function deepest(paths: ReadonlySet<string>, folder: string, parts: readonly string[]): string | null {
  let found: string | null = null;
  let at = folder;
  for (const part of parts) {
    at = join(at, part);
    const file = moduleFile(paths, at);
    if (file === null) break;
    found = file;
  }
  return found;
}

function moduleFile(paths: ReadonlySet<string>, folder: string): string | null {
  return [`${folder}.rs`, join(folder, "mod.rs"), join(folder, "lib.rs"), join(folder, "main.rs")].find((path) => paths.has(path)) ?? null;
}

/** The folder in which a file's child modules lie. */
function moduleFolder(from: string): string {
  const name = from.slice(from.lastIndexOf("/") + 1);
  return name === "mod.rs" || name === "lib.rs" || name === "main.rs" ? folderOf(from) : from.replace(/\.rs$/, "");
}

function crateRoot(paths: ReadonlySet<string>, from: string): string {
  let folder = folderOf(from);
  for (;;) {
    if (paths.has(join(folder, "lib.rs")) || paths.has(join(folder, "main.rs"))) return folder;
    if (folder === "") return folderOf(from);
    folder = folderOf(folder);
  }
}

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
