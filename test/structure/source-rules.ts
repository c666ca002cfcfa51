import { parseSync, Visitor } from "oxc-parser";
import type { SourceFile } from "./source-tree.ts";
import { isTest } from "./source-tree.ts";

/*
 * Bans that oxlint has no rule for, read from the syntax tree. Each breach names file, line and rule.
 */

export interface Breach {
  readonly rule: string;
  readonly where: string;
}

interface Node {
  readonly start: number;
}

/** What this file does that house style forbids. A file that does not parse is one breach. */
export function breachesOf(source: SourceFile): readonly Breach[] {
  const parsed = parseSync(source.file, source.text);
  const breaches: Breach[] = [];
  const report = (rule: string, node: Node): void => {
    breaches.push({ rule, where: `${source.file}:${source.text.slice(0, node.start).split("\n").length}` });
  };
  if (parsed.errors.length > 0) report("does-not-parse", { start: 0 });
  visitor(source.file, report).visit(parsed.program);
  for (const comment of parsed.comments) {
    if (/\b(?:TODO|FIXME|XXX)\b(?!.*#\d)/.test(comment.value)) report("todo-without-issue", comment);
    if (/(?:oxlint|eslint)-disable/.test(comment.value) && !/-- \S/.test(comment.value)) report("lint-off-without-reason", comment);
    if (/@ts-(?:ignore|nocheck|expect-error)/.test(comment.value)) report("types-off", comment);
  }
  return breaches;
}

function visitor(file: string, report: (rule: string, node: Node) => void): Visitor {
  const pure = /^src\/(?:core|divisions)\//.test(file) && !isTest(file);
  const asynchronous = (node: Node & { readonly async?: boolean | undefined }): void => {
    if (pure && node.async === true) report("async-in-pure-code", node);
  };
  const waiting = (node: Node): void => {
    if (pure) report("async-in-pure-code", node);
  };
  return new Visitor({
    FunctionDeclaration: asynchronous,
    FunctionExpression: asynchronous,
    ArrowFunctionExpression: asynchronous,
    AwaitExpression: waiting,
    ForOfStatement: (node) => {
      if (pure && node.await) report("async-in-pure-code", node);
    },
    ImportExpression: waiting,
    TSEnumDeclaration: (node) => report("enum", node),
    TSModuleDeclaration: (node) => {
      // `declare module "x"` adds to the types of a package; it is the one form that is no namespace.
      if (node.id.type !== "Literal") report("namespace", node);
    },
    TSParameterProperty: (node) => report("parameter-property", node),
    Decorator: (node) => report("decorator", node),
    ExportAllDeclaration: (node) => {
      if (!/^src\/divisions\/[^/]+\/index\.ts$/.test(file)) report("barrel", node);
    },
    MemberExpression: (node) => {
      const called =
        node.object.type === "Identifier" && node.property.type === "Identifier" ? `${node.object.name}.${node.property.name}` : "";
      if (["vi.mock", "vi.doMock", "vi.stubGlobal", "vi.useFakeTimers"].includes(called)) report("mocked-module", node);
      if (/^(?:test|it|describe|suite)\.(?:only|skip|todo|fails)$/.test(called)) report("switched-off-test", node);
    },
  });
}
