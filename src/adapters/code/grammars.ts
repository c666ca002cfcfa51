import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as TreeSitterModule from "@vscode/tree-sitter-wasm";
import type { Language as Grammar, Node, Parser, Query } from "@vscode/tree-sitter-wasm";
import { syntaxQueries } from "./syntax-queries.ts";

const require = createRequire(import.meta.url);

type TreeSitter = typeof TreeSitterModule;

/** A parser with the one query that finds imports, functions and branches of its language. */
export interface LanguageParser {
  readonly parser: Parser;
  readonly query: Query;
}

export type SyntaxNode = Node;

/** The grammar that reads a file of this language. C goes through the C++ grammar, which accepts it but for old corners. */
export function grammarOf(language: string, path: string): string | null {
  if (language === "TypeScript") return path.endsWith(".tsx") ? "tsx" : "typescript";
  return { JavaScript: "javascript", Python: "python", Go: "go", Java: "java", Rust: "rust", C: "cpp", "C++": "cpp" }[language] ?? null;
}

/** Languages whose imports and functions are read. */
export const parsedLanguages = ["TypeScript", "JavaScript", "Python", "Go", "Java", "Rust", "C", "C++"] as const;

/** Loads each grammar once, on first need. The WebAssembly heap is the worker's and dies with it. */
export function grammarLoader(): (grammar: string) => Promise<LanguageParser> {
  const loaded = new Map<string, Promise<LanguageParser>>();
  let started: Promise<TreeSitter> | undefined;
  const directory = dirname(require.resolve("@vscode/tree-sitter-wasm"));
  return (grammar) => {
    const known = loaded.get(grammar);
    if (known !== undefined) return known;
    started ??= start(directory);
    const parser = started.then((treeSitter) => load(treeSitter, directory, grammar));
    loaded.set(grammar, parser);
    return parser;
  };
}

async function start(directory: string): Promise<TreeSitter> {
  const treeSitter = require("@vscode/tree-sitter-wasm") as TreeSitter;
  await treeSitter.Parser.init({ locateFile: (file) => join(directory, file) });
  return treeSitter;
}

async function load(treeSitter: TreeSitter, directory: string, grammar: string): Promise<LanguageParser> {
  const language: Grammar = await treeSitter.Language.load(new Uint8Array(await readFile(join(directory, `tree-sitter-${grammar}.wasm`))));
  const parser = new treeSitter.Parser();
  parser.setLanguage(language);
  return { parser, query: new treeSitter.Query(language, syntaxQueries[grammar] ?? "") };
}
