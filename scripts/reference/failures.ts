import { readFileSync } from "node:fs";
import path from "node:path";
import { type Node as SyntaxNode, parseSync, Visitor } from "oxc-parser";
import { exitOfKind } from "../../src/surfaces/cli/exit-codes.ts";
import { statusOfKind } from "../../src/surfaces/http/failure-handler.ts";
import { calledName, cell, heading, literalsOf, propertyOf, type SourceText } from "./sources.ts";

export interface ListedFailure {
  /** Undefined where the source does not say it in one place. */
  readonly kind: string | undefined;
  readonly code: string;
  readonly file: string;
}

/** One line per code: its kinds and a sentence. */
export type FailureLines = { readonly [code: string]: readonly [kinds: string, line: string] };

const codeShape = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;

/** Functions of ours that take a kind and a code. */
const withKind = new Set(["refuse", "inputFailure"]);
/** Functions of ours that take a code first and know the kind themselves. */
const withoutKind = new Set(["denied", "refused", "problem", "error", "add", "failed"]);

/** The failures one source can end in, in the order of the text. */
export function failuresIn(file: string, text: string): readonly ListedFailure[] {
  const found: ListedFailure[] = [];
  const note = (kind: SyntaxNode | undefined, codes: SyntaxNode | undefined): void => {
    const [said] = literalsOf(kind);
    for (const code of literalsOf(codes)) if (codeShape.test(code)) found.push({ kind: said, code, file });
  };
  new Visitor({
    NewExpression: (node) => {
      if (node.callee.type === "Identifier" && node.callee.name === "Failure") note(node.arguments[0], node.arguments[1]);
    },
    CallExpression: (node) => {
      const name = calledName(node);
      if (withKind.has(name)) note(node.arguments[0], node.arguments[1]);
      if (withoutKind.has(name)) note(undefined, node.arguments[0]);
    },
    ObjectExpression: (node) => note(propertyOf(node, "failure"), propertyOf(node, "code")),
  }).visit(parseSync(file, text).program);
  return found;
}

/** Every code of the sources, sorted. */
export const collectFailures = (sources: readonly SourceText[]): readonly ListedFailure[] =>
  sources
    .flatMap(({ file, text }) => failuresIn(file, text))
    .toSorted((one, other) => (one.code < other.code ? -1 : one.code > other.code ? 1 : 0));

export const readFailureLines = (): FailureLines =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, "failure-lines.json"), "utf8")) as FailureLines; // our own file, checked below

/** Codes without a line, lines without a code, and kinds that the sources contradict, as sentences. */
export function failureProblems(found: readonly ListedFailure[], lines: FailureLines): readonly string[] {
  const codes = new Set(found.map((failure) => failure.code));
  return [
    ...[...codes].filter((code) => lines[code] === undefined).map((code) => `${code} has no line in failure-lines.json`),
    ...Object.keys(lines)
      .filter((code) => !codes.has(code))
      .map((code) => `${code} stands in failure-lines.json and in no source`),
    ...found
      .filter(({ code, kind }) => kind !== undefined && lines[code] !== undefined && !kindsOf(lines[code]).includes(kind))
      .map(({ code, kind, file }) => `${code} is ${kind ?? ""} in ${file}, and failure-lines.json says ${lines[code]?.[0] ?? ""}`),
  ];
}

const kindsOf = (line: FailureLines[string]): readonly string[] => line[0].split(", ");

/** Kinds that answer a caller; the two others are told inside an answer. */
const isAnswer = (kind: string): kind is keyof typeof exitOfKind => kind in exitOfKind;

const retryRule: { readonly [kind in keyof typeof exitOfKind]: string } = {
  invalid: "never",
  "not-found": "never",
  conflict: "by the caller, after reading again",
  forbidden: "never",
  exhausted: "when the wait it names is over, or a person raises the limit",
  unavailable: "with bounded backoff",
  bug: "never; it stands in the log",
};

const rowsOf = (
  lines: FailureLines,
  belongs: (kind: string) => boolean,
  files: ReadonlyMap<string, readonly string[]>,
): readonly string[] =>
  Object.entries(lines)
    .filter((entry) => kindsOf(entry[1]).some(belongs))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(
      ([code, line]) =>
        `| \`${code}\` | ${kindsOf(line).filter(belongs).join(", ")} | ${cell(line[1])} | ${(files.get(code) ?? []).join(", ")} |`,
    );

/** The reference page. @throws when the lines and the sources disagree */
export function failuresPage(found: readonly ListedFailure[], lines: FailureLines): string {
  const problems = failureProblems(found, lines);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const files = new Map<string, readonly string[]>();
  for (const { code, file } of found) files.set(code, [...new Set([...(files.get(code) ?? []), `\`src/${file}\``])]);
  return [
    ...heading(
      "Failures",
      "A failure has a kind, a stable code and a sentence that says what, why and the next step. The kind decides the rest.",
    ),
    "## Kinds",
    "",
    "| kind | HTTP status | exit code | tried again |",
    "|---|---|---|---|",
    ...Object.entries(exitOfKind).map(
      ([kind, exit]) =>
        `| ${kind} | ${statusOfKind[kind as keyof typeof exitOfKind]} | ${exit} | ${retryRule[kind as keyof typeof exitOfKind]} |`,
    ), // keys of the record itself
    "",
    "## Codes",
    "",
    "| code | kind | what it says | where |",
    "|---|---|---|---|",
    ...rowsOf(lines, isAnswer, files),
    "",
    "## Problems of a plan",
    "",
    "They come in the list of `plan.unsound`, and from `xvc plan check`.",
    "",
    "| code | kind | what it says | where |",
    "|---|---|---|---|",
    ...rowsOf(lines, (kind) => kind === "problem", files),
    "",
    "## How an attempt can end",
    "",
    "Kept in the `failure` of the attempt; shown by `xvc task show`.",
    "",
    "| code | kind | what it says | where |",
    "|---|---|---|---|",
    ...rowsOf(lines, (kind) => kind === "attempt", files),
    "",
  ].join("\n");
}
