import { folderOf, type ImportResolver } from "./resolution.ts";

/** Import paths below a `go.mod`'s module path to the folder they name: in Go the folder is the module. */
export function goResolver(
  paths: ReadonlySet<string>,
  modules: readonly { readonly folder: string; readonly name: string }[],
): ImportResolver {
  const folders = new Set([...paths].filter((path) => path.endsWith(".go")).map((path) => folderOf(path)));
  const longestFirst = [...modules].sort((left, right) => right.name.length - left.name.length);
  return (_from, { specifier }) => {
    const owner = longestFirst.find((module) => specifier === module.name || specifier.startsWith(`${module.name}/`));
    if (owner !== undefined) {
      const folder = [owner.folder, specifier.slice(owner.name.length + 1)].filter((part) => part !== "").join("/");
      return [folders.has(folder) ? { kind: "module", unit: goUnit(folder) } : { kind: "unresolved", specifier }];
    }
    const first = specifier.split("/", 1)[0] ?? "";
    // The standard library's paths have no dot in their first part; nobody else's may lack one.
    return [
      first.includes(".") ? { kind: "package", name: specifier.split("/").slice(0, 3).join("/") } : { kind: "builtin", name: specifier },
    ];
  };
}

/** A Go package's unit: its folder, `.` at the root. */
export function goUnit(folder: string): string {
  return folder === "" ? "." : folder;
}
