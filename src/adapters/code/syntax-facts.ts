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
  /** Two patterns may capture one node; a decision counts once. */
  readonly seen: Set<number>;
}

/** Parses one text and reads it with the language's query, linear in captures. Broken code gives what can be read of it. */
export function readSyntax(
  file: { readonly path: string; readonly language: string; readonly text: string },
  { parser, query }: LanguageParser,
): SyntaxFacts {
  const of = { path: file.path, language: file.language };
  const tree = parser.parse(file.text);
  if (tree === null) return { ...of, imports: [], functions: [], packageName: "" };
  try {
    const imports: WrittenImport[] = [];
    const functions: FunctionFact[] = [];
    const open: OpenFunction[] = [];
    let packageName = "";
    for (const { name, node } of query.captures(tree.rootNode)) {
      closeBefore(node.startIndex, { open, functions, file });
      if (name === "import") imports.push(...importsIn(node, file.language));
      else if (name === "package") packageName = node.text.replace(/^package\s+|[;\s]/g, "");
      else if (name === "function") open.push({ node, endIndex: node.endIndex, cyclomatic: 1, nesting: 0, blocks: [], seen: new Set() });
      else count(name, node, open.at(-1));
    }
    closeBefore(Number.POSITIVE_INFINITY, { open, functions, file });
    functions.sort((left, right) => left.line - right.line || left.endLine - right.endLine);
    return { ...of, imports, functions, packageName };
  } finally {
    tree.delete();
  }
}

function count(name: string, node: SyntaxNode, inside: OpenFunction | undefined): void {
  if (inside === undefined || !["branch", "flat", "nest"].includes(name) || inside.seen.has(node.id)) return;
  inside.seen.add(node.id);
  if (name !== "nest") inside.cyclomatic += 1;
  if (name !== "flat" && !isElseIf(node)) nest(node, inside);
}

function nest(node: SyntaxNode, inside: OpenFunction): void {
  while (inside.blocks.length > 0 && node.startIndex >= (inside.blocks.at(-1) ?? 0)) inside.blocks.pop();
  inside.blocks.push(node.endIndex);
  inside.nesting = Math.max(inside.nesting, inside.blocks.length);
}

/** `else if` reads as one level, so it is one. */
function isElseIf(node: SyntaxNode): boolean {
  if (!node.type.startsWith("if_")) return false;
  const parent = node.parent;
  return (
    parent !== null &&
    (parent.type === "else_clause" || (parent.type === node.type && parent.childForFieldName("alternative")?.id === node.id))
  );
}

interface Reading {
  readonly open: OpenFunction[];
  readonly functions: FunctionFact[];
  readonly file: { readonly path: string; readonly language: string };
}

/** Functions that end before this offset are done. */
function closeBefore(offset: number, { open, functions, file }: Reading): void {
  for (let last = open.at(-1); last !== undefined && offset >= last.endIndex; last = open.at(-1)) {
    functions.push(factOf(last, file));
    open.pop();
  }
}

function factOf(one: OpenFunction, file: Reading["file"]): FunctionFact {
  const { node } = one;
  const line = node.startPosition.row + 1;
  const endLine = node.endPosition.row + 1;
  return {
    file: file.path,
    line,
    endLine,
    name: nameOf(node).slice(0, 120),
    language: file.language,
    cyclomatic: one.cyclomatic,
    lines: endLine - line + 1,
    nesting: one.nesting,
    parameters: parametersOf(node),
  };
}

const unnamed = "(unnamed)";

function nameOf(node: SyntaxNode): string {
  const own = node.childForFieldName("name");
  if (own !== null) return own.text;
  const declarator = node.type === "function_definition" ? node.childForFieldName("declarator") : null;
  if (declarator !== null) return functionDeclarator(declarator)?.childForFieldName("declarator")?.text ?? unnamed;
  return givenName(node.parent) ?? unnamed;
}

/** The name of what a function without one is assigned to. */
function givenName(parent: SyntaxNode | null): string | null {
  for (const field of parent === null ? [] : ["name", "key", "left"]) {
    const given = parent?.childForFieldName(field);
    if (given !== null && given !== undefined) return given.text;
  }
  return null;
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
  let count = 0;
  for (const child of parameterList(node)?.namedChildren ?? []) {
    if (child === null || !isParameter(child)) continue;
    // Go writes several names before one type.
    count += Math.max(1, child.type === "parameter_declaration" ? child.childrenForFieldName("name").length : 0);
  }
  return count;
}

function parameterList(node: SyntaxNode): SyntaxNode | null {
  const own = node.childForFieldName("parameters");
  const declarator = node.childForFieldName("declarator");
  if (own !== null || declarator === null) return own;
  return (functionDeclarator(declarator) ?? declarator).childForFieldName("parameters");
}

function isParameter(child: SyntaxNode): boolean {
  const other =
    child.type.endsWith("comment") ||
    child.type.endsWith("_separator") ||
    child.type === "self_parameter" ||
    child.type === "attribute_item";
  return !other && !receivers.has(child.text);
}
