import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
import type { DocumentFact, LinkFact, ShellLineFact } from "../../core/shared/repository-facts.ts";
import type { ReadableFile } from "./readable-file.ts";

/** The parts of a Markdown tree that are read here. */
interface MarkdownNode {
  readonly type: string;
  readonly url?: string;
  readonly value?: string;
  readonly lang?: string | null;
  readonly depth?: number;
  readonly children?: readonly MarkdownNode[];
  readonly position?: { readonly start: { readonly line: number } };
}

const parser = unified().use(remarkParse).use(remarkGfm);

const most = { links: 5_000, anchors: 5_000, shellLines: 2_000, depth: 200 };

interface Reading {
  readonly anchors: string[];
  readonly links: LinkFact[];
  readonly shellLines: ShellLineFact[];
  readonly slugs: Map<string, number>;
  title: string | null;
  words: number;
}

/** Title, anchors, inner links and shell lines of one Markdown file. Links with a scheme or a host are left out. */
export function readDocument(file: ReadableFile): DocumentFact {
  const reading: Reading = { anchors: [], links: [], shellLines: [], slugs: new Map(), title: null, words: 0 };
  // The parser's tree is wider than what is read here; every field read is optional.
  if (file.content === "text") visit(parser.parse(file.text) as MarkdownNode, reading, 0);
  return {
    path: file.path,
    title: reading.title,
    words: reading.words,
    anchors: reading.anchors.slice(0, most.anchors),
    links: reading.links.slice(0, most.links),
    shellLines: reading.shellLines.slice(0, most.shellLines),
  };
}

function visit(node: MarkdownNode, reading: Reading, depth: number): void {
  if (depth > most.depth) return;
  const line = node.position?.start.line ?? 1;
  readNode(node, line, reading);
  if (node.url !== undefined) addLink(node.url, line, reading);
  for (const child of node.children ?? []) visit(child, reading, depth + 1);
}

function readNode(node: MarkdownNode, line: number, reading: Reading): void {
  const value = node.value ?? "";
  if (node.type === "heading") addHeading(node, reading);
  else if (node.type === "html") readHtml(value, line, reading);
  else if (node.type === "code") readShell(node, line, reading);
  else if (node.type === "text") reading.words += value.match(/\S+/g)?.length ?? 0;
}

function addHeading(node: MarkdownNode, reading: Reading): void {
  const text = textIn(node, 0);
  if (node.depth === 1) reading.title ??= text.slice(0, 200);
  const slug = anchorOf(text);
  const before = reading.slugs.get(slug);
  reading.slugs.set(slug, (before ?? -1) + 1);
  reading.anchors.push(before === undefined ? slug : `${slug}-${before + 1}`);
}

function textIn(node: MarkdownNode, depth: number): string {
  if (depth > most.depth) return "";
  return node.value ?? (node.children ?? []).map((child) => textIn(child, depth + 1)).join("");
}

/** The anchor a forge gives a heading: lower case, only letters, digits, `-` and `_`, spaces as `-`. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}

function addLink(url: string, line: number, reading: Reading): void {
  const outside = /^[a-z][a-z0-9+.-]*:/i.test(url) || url.startsWith("//");
  if (!outside && url !== "") reading.links.push({ line, target: url });
}

function readHtml(html: string, line: number, reading: Reading): void {
  for (const [, kind, value] of html.slice(0, 100_000).matchAll(/\s(href|src|id|name)\s*=\s*"([^"\n]{1,500})"/gi)) {
    if (value === undefined) continue;
    if (kind?.toLowerCase() === "href" || kind?.toLowerCase() === "src") addLink(value, line, reading);
    else reading.anchors.push(value.toLowerCase());
  }
}

const shells = new Set(["sh", "bash", "shell", "zsh", "console", "shell-session", "shellsession", "terminal"]);

function readShell(node: MarkdownNode, line: number, reading: Reading): void {
  const language = (node.lang ?? "").toLowerCase();
  if (!shells.has(language)) return;
  const lines = (node.value ?? "").split("\n");
  const prompted = lines.some((text) => /^\s*[$%>]\s/.test(text));
  for (const [index, text] of lines.entries()) {
    // In a transcript only prompted lines are commands; the rest is what they printed.
    if (prompted && !/^\s*[$%>]\s/.test(text)) continue;
    const command = text.replace(/^\s*[$%>]\s+/, "").trim();
    if (command !== "" && !command.startsWith("#")) reading.shellLines.push({ line: line + 1 + index, text: command.slice(0, 500) });
  }
}
