import type { FileReader } from "./file-reader.ts";
import type { ReadableFile } from "./readable-file.ts";
import { grammarLoader, grammarOf } from "./grammars.ts";
import { readSyntax, type SyntaxFacts } from "./syntax-facts.ts";

/** Imports and functions of one file; languages without a grammar give neither. */
export function syntaxReader(): FileReader<"syntax"> {
  const load = grammarLoader();
  return async (file: ReadableFile): Promise<SyntaxFacts> => {
    const language = file.language ?? "";
    const grammar = grammarOf(language, file.path);
    if (grammar === null || file.content !== "text") return { path: file.path, language, imports: [], functions: [], packageName: "" };
    return readSyntax({ path: file.path, language, text: file.text }, await load(grammar));
  };
}
