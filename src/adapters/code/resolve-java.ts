import type { ImportResolver } from "./resolution.ts";
import type { SyntaxFacts } from "./syntax-facts.ts";

/** Class names to files by each file's own `package` line; a nested class or static member leads to its outer class. */
export function javaResolver(files: readonly SyntaxFacts[]): ImportResolver {
  const classes = new Map<string, string>();
  const packages = new Set<string>();
  for (const file of files) {
    if (file.language !== "Java") continue;
    const name = file.path.slice(file.path.lastIndexOf("/") + 1).replace(/\.java$/, "");
    const owner = file.packageName;
    classes.set(owner === "" ? name : `${owner}.${name}`, file.path);
    packages.add(owner);
  }
  return (_from, { specifier }) => {
    const wanted = specifier.replace(/\.\*$/, "");
    const parts = wanted.split(".");
    for (let length = parts.length; length > 0; length -= 1) {
      const unit = classes.get(parts.slice(0, length).join("."));
      if (unit !== undefined) return [{ kind: "module", unit }];
    }
    // `import a.b.*` names a package of ours: every class of it may be meant, so none is claimed.
    if (packages.has(wanted)) return [];
    if (/^(java|javax|jdk|sun)\./.test(specifier)) return [{ kind: "builtin", name: parts.slice(0, 2).join(".") }];
    return [{ kind: "package", name: parts.slice(0, 3).join(".") }];
  };
}
