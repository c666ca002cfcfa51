import type { SyntaxNode } from "./grammars.ts";

/** An import as the source writes it. `names`: what is taken from it, where that decides which file is meant. */
export interface WrittenImport {
  readonly line: number;
  readonly specifier: string;
  readonly names: readonly string[];
  readonly typeOnly: boolean;
}

/** The imports one captured node stands for: several in `import a, b` or `use a::{b, c}`. */
export function importsIn(node: SyntaxNode, language: string): readonly WrittenImport[] {
  const line = node.startPosition.row + 1;
  switch (language) {
    case "Python":
      return pythonImports(node, line);
    case "Java":
      return [
        {
          line,
          specifier: node.text.replace(/^import\s+(static\s+)?|[;\s]/g, ""),
          names: node.text.includes("static ") ? ["static"] : [],
          typeOnly: false,
        },
      ];
    case "Rust":
      return rustPaths(node.text).map((specifier) => ({ line, specifier, names: [], typeOnly: false }));
    case "C":
    case "C++":
      // The bracket stays: it decides where the header is looked for.
      return [{ line, specifier: node.text.startsWith("<") ? node.text : unquoted(node.text), names: [], typeOnly: false }];
    case "Go":
      return [{ line, specifier: unquoted(node.text), names: [], typeOnly: false }];
    default:
      return [{ line, specifier: unquoted(node.text), names: [], typeOnly: isTypeOnly(node) }];
  }
}

function unquoted(text: string): string {
  return text.replace(/^["'`]|["'`]$/g, "");
}

function isTypeOnly(node: SyntaxNode): boolean {
  const statement = node.parent;
  if (statement === null || (statement.type !== "import_statement" && statement.type !== "export_statement")) return false;
  return /^(import|export)\s+type\b/.test(statement.text.slice(0, 40));
}

function pythonImports(node: SyntaxNode, line: number): readonly WrittenImport[] {
  const dotted = (child: SyntaxNode | null) =>
    child?.type === "aliased_import" ? (child.childForFieldName("name")?.text ?? "") : (child?.text ?? "");
  const names = node.childrenForFieldName("name").map(dotted);
  if (node.type === "import_statement") return names.map((specifier) => ({ line, specifier, names: [], typeOnly: false }));
  const specifier = (node.childForFieldName("module_name")?.text ?? "").replace(/\s/g, "");
  return [{ line, specifier, names, typeOnly: false }];
}

/** `a::{b, c::d}` as `a::b`, `a::c::d`. At most 200 paths of one statement. */
export function rustPaths(text: string): readonly string[] {
  const paths: string[] = [];
  const prefixes: string[] = [];
  let current = "";
  const end = () => {
    const path = current.replace(/\s+as\s+\w+$/, "").replace(/\s/g, "");
    if (path !== "" && paths.length < 200) paths.push((prefixes.at(-1) ?? "") + path);
    current = "";
  };
  for (const character of text.slice(0, 20_000)) {
    if (character === "{") {
      prefixes.push((prefixes.at(-1) ?? "") + current.replace(/\s/g, ""));
      current = "";
    } else if (character === "}") {
      end();
      prefixes.pop();
    } else if (character === ",") end();
    else current += character;
  }
  end();
  return paths.map((path) => path.replace(/::(self|\*)$/, ""));
}
