import type { FunctionFact } from "../../core/shared/repository-facts.ts";
import type { LanguageParser, SyntaxNode } from "./grammars.ts";
import { importsIn, type WrittenImport } from "./written-imports.ts";

/** What one source file says about itself, before any name is resolved. */
export interface SyntaxFacts {
  readonly path: string;
  readonly language: string;
  readonly imports: readonly WrittenImport[];
  readonly functions: readonly FunctionFact[];
  /** Java's own package; empty elsewhere. */
  readonly packageName: string;
}

interface OpenFunction {
  readonly node: SyntaxNode;
  readonly endIndex: number;
  cyclomatic: number;
  nesting: number;
  /** End offsets of the nesting blocks open here. */
  readonly blocks: number[];
}

/** Parses one text and reads it with the language's query, linear in captures. Broken code gives what can be read of it. */
export function readSyntax(file: { readonly path: string; readonly language: string; readonly text: string }, { parser, query }: LanguageParser): SyntaxFacts {
  const of = { path: file.path, language: file.language };
  const tree = parser.parse(file.text);
  if (tree === null) return { ...of, imports: [], functions: [], packageName: "" };
  try {
    const imports: WrittenImport[] = [];
    const functions: FunctionFact[] = [];
    const open: OpenFunction[] = [];
    let packageName = "";
    const seen = new Set<number>();
    for (const { name, node } of query.captures(tree.rootNode)) {
      while (open.length > 0 && node.startIndex >= (open.at(-1)?.endIndex ?? 0)) close(open, functions, file);
      if (name === "import") imports.push(...importsIn(node, file.language));
      else if (name === "package") packageName = node.text.replace(/^package\s+|[;\s]/g, "");
      else if (name === "function") open.push({ node, endIndex: node.endIndex, cyclomatic: 1, nesting: 0, blocks: [] });
      else count(name, node, open.at(-1), seen);
    }
    while (open.length > 0) close(open, functions, file);
    functions.sort((left, right) => left.line - right.line || left.endLine - right.endLine);
    return { ...of, imports, functions, packageName };
  } finally {
    tree.delete();
  }
}

function count(name: string, node: SyntaxNode, inside: OpenFunction | undefined, seen: Set<number>): void {
  // Two patterns may capture one node; a decision counts once.
  if (inside === undefined || seen.has(node.id) || (name !== "branch" && name !== "flat" && name !== "nest")) return;
  seen.add(node.id);
  if (name !== "nest") inside.cyclomatic += 1;
  if (name === "flat" || isElseIf(node)) return;
  while (inside.blocks.length > 0 && node.startIndex >= (inside.blocks.at(-1) ?? 0)) inside.blocks.pop();
  inside.blocks.push(node.endIndex);
  inside.nesting = Math.max(inside.nesting, inside.blocks.length);
}

/** `else if` reads as one level, so it is one. */
function isElseIf(node: SyntaxNode): boolean {
  if (!node.type.startsWith("if_")) return false;
  const parent = node.parent;
  return parent !== null && (parent.type === "else_clause" || (parent.type === node.type && parent.childForFieldName("alternative")?.id === node.id));
}

function close(open: OpenFunction[], functions: FunctionFact[], file: { readonly path: string; readonly language: string }): void {
  const done = open.pop();
  if (done === undefined) return;
  const line = done.node.startPosition.row + 1;
  const endLine = done.node.endPosition.row + 1;
  functions.push({
    file: file.path,
    line,
    endLine,
    name: nameOf(done.node).slice(0, 120),
    language: file.language,
    cyclomatic: done.cyclomatic,
    lines: endLine - line + 1,
    nesting: done.nesting,
    parameters: parametersOf(done.node),
  });
}

function nameOf(node: SyntaxNode): string {
  const own = node.childForFieldName("name");
  if (own !== null) return own.text;
  const declarator = node.childForFieldName("declarator");
  if (declarator !== null && node.type === "function_definition") return functionDeclarator(declarator)?.childForFieldName("declarator")?.text ?? "(unnamed)";
  const parent = node.parent;
  const given = parent?.childForFieldName("name") ?? parent?.childForFieldName("key") ?? parent?.childForFieldName("left");
  return given === null || given === undefined ? "(unnamed)" : given.text;
}

function functionDeclarator(declarator: SyntaxNode): SyntaxNode | null {
  let node: SyntaxNode | null = declarator;
  // A declarator nests once per `*` or `&`: 16 is beyond any real code.
  for (let depth = 0; depth < 16 && node !== null; depth += 1) {
    if (node.type === "function_declarator") return node;
    node = node.childForFieldName("declarator") ?? node.namedChildren.find((child) => child?.type.endsWith("declarator")) ?? null;
  }
  return null;
}

const receivers = new Set(["self", "cls", "this", "&self", "&mut self", "mut self", "void"]);

function parametersOf(node: SyntaxNode): number {
  if (node.childForFieldName("parameter") !== null) return 1;
  const declarator = node.childForFieldName("declarator");
  const list = node.childForFieldName("parameters") ?? (declarator === null ? null : (functionDeclarator(declarator) ?? declarator).childForFieldName("parameters"));
  if (list === null) return 0;
  let count = 0;
  for (const child of list.namedChildren) {
    if (child === null || child.type.endsWith("comment") || child.type === "self_parameter" || child.type === "attribute_item" || child.type.endsWith("_separator")) continue;
    if (receivers.has(child.text)) continue;
    // Go writes several names before one type.
    const names = child.type === "parameter_declaration" ? child.childrenForFieldName("name").length : 0;
    count += Math.max(1, names);
  }
  return count;
}
