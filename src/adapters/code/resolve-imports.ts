import type { ImportFact } from "../../core/shared/repository-facts.ts";
import type { SyntaxFacts } from "./syntax-facts.ts";
import { goResolver } from "./resolve-go.ts";
import { headerResolver } from "./resolve-headers.ts";
import { javaResolver } from "./resolve-java.ts";
import { pythonResolver } from "./resolve-python.ts";
import { rustResolver } from "./resolve-rust.ts";
import type { ImportResolver, ResolutionContext } from "./resolution.ts";
import { scriptResolver } from "./resolve-scripts.ts";

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
      for (const target of resolve(file.path, written))
        imports.push({ from: file.path, line: written.line, target, typeOnly: written.typeOnly });
    }
  }
  return imports;
}
