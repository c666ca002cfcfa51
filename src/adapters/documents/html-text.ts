import { parse } from "parse5";
import { documentLimits } from "../../engine/ports/documents.ts";
import { type HidingRules, type HtmlElement, type HtmlNode, attributeOf, hiddenAs, hidingRules, isElement } from "./html-hidden.ts";
import { overLimit } from "./refuse-document.ts";

export interface HtmlText {
  readonly title: string;
  readonly text: string;
  /** By what it is; everything here is left out of the text. */
  readonly hidden: ReadonlyMap<string, number>;
}

const blocks = new Set(
  "address article aside blockquote body caption dd details dialog div dl dt fieldset figcaption figure footer form header hr html legend main nav p section summary".split(
    " ",
  ),
);

interface Writing {
  readonly rules: HidingRules;
  readonly hidden: Map<string, number>;
  readonly lines: string[];
  line: string;
  /** Of lists inside of lists. */
  level: number;
}

/** What a page shows: headings, paragraphs, lists, tables and where links lead. Nothing of it is run or fetched. @throws {Failure} `tool.document-limit` */
export function htmlText(html: string): HtmlText {
  const document = parse(html);
  const found = survey(document.childNodes);
  const writing: Writing = { rules: hidingRules(found.sheets), hidden: new Map(), lines: [], line: "", level: 0 };
  for (const node of document.childNodes) write(writing, node);
  endLine(writing);
  const text = writing.lines
    .join("\n")
    .replaceAll(/\n{3,}/gu, "\n\n")
    .trim();
  return { title: found.title, text, hidden: writing.hidden };
}

/** One walk without recursion, before anything walks with it. */
function survey(nodes: readonly HtmlNode[]): { readonly sheets: readonly string[]; readonly title: string } {
  const sheets: string[] = [];
  let title = "";
  const open: { readonly node: HtmlNode; readonly depth: number }[] = nodes.map((node) => ({ node, depth: 1 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (depth > documentLimits.depth) throw overLimit(`it is nested deeper than ${documentLimits.depth} elements.`);
    if (!isElement(node)) continue;
    if (node.tagName === "style") sheets.push(wordsOf(node));
    if (node.tagName === "title" && title === "") title = wordsOf(node).trim().slice(0, 300);
    for (const child of node.childNodes) open.push({ node: child, depth: depth + 1 });
  }
  return { sheets, title };
}

const wordsOf = (element: HtmlElement): string =>
  element.childNodes.map((child) => (child.nodeName === "#text" && "value" in child ? child.value : "")).join("");

function endLine(writing: Writing): void {
  const line = writing.line.trimEnd();
  if (line !== "") writing.lines.push(line);
  writing.line = "";
}

function gap(writing: Writing): void {
  endLine(writing);
  if (writing.lines.at(-1) !== "") writing.lines.push("");
}

function say(writing: Writing, text: string): void {
  const flat = text.replaceAll(/[ \t\n\r\f]+/gu, " ");
  writing.line += writing.line === "" || writing.line.endsWith(" ") ? flat.trimStart() : flat;
}

const count = ({ hidden }: Writing, what: string): void => {
  if (what !== "") hidden.set(what, (hidden.get(what) ?? 0) + 1);
};

function write(writing: Writing, node: HtmlNode): void {
  if (node.nodeName === "#text" && "value" in node) return say(writing, node.value);
  if (node.nodeName === "#comment") return count(writing, "comments of the page's code");
  if (!isElement(node)) return;
  const hidden = hiddenAs(node, writing.rules);
  if (hidden === null) writeElement(writing, node);
  else count(writing, hidden);
}

const within = (writing: Writing, { childNodes }: HtmlElement): void => childNodes.forEach((child) => write(writing, child));

/** Elements that are more than their content on lines of its own. */
const special: { readonly [tag: string]: (writing: Writing, element: HtmlElement) => void } = {
  br: endLine,
  ul: list,
  ol: list,
  menu: list,
  table,
  pre,
  a: link,
  img: (writing, element) => say(writing, `[image: ${(attributeOf(element, "alt") ?? "").slice(0, 500) || "without a description"}]`),
};

function writeElement(writing: Writing, element: HtmlElement): void {
  const own = Object.hasOwn(special, element.tagName) ? special[element.tagName] : undefined;
  if (own !== undefined) return own(writing, element);
  const heading = /^h([1-6])$/u.exec(element.tagName)?.[1];
  if (heading === undefined && !blocks.has(element.tagName)) return within(writing, element);
  if (heading === undefined) endLine(writing);
  else {
    gap(writing);
    writing.line = `${"#".repeat(Number(heading))} `;
  }
  within(writing, element);
  if (heading !== undefined || element.tagName === "p") gap(writing);
  else endLine(writing);
}

function list(writing: Writing, element: HtmlElement): void {
  if (writing.level === 0) gap(writing);
  else endLine(writing);
  writing.level += 1;
  let number = Number.parseInt(attributeOf(element, "start") ?? "1", 10) || 1;
  for (const child of element.childNodes) {
    if (!isElement(child) || child.tagName !== "li" || hiddenAs(child, writing.rules) !== null) {
      write(writing, child);
      continue;
    }
    endLine(writing);
    const mark = element.tagName === "ol" ? `${number++}.` : "-";
    writing.line = `${"  ".repeat(Math.min(writing.level, 20) - 1)}${mark} `;
    within(writing, child);
    endLine(writing);
  }
  writing.level -= 1;
  if (writing.level === 0) gap(writing);
}

/** Rows of a table; its cells are one line each, tables inside of cells included. */
function table(writing: Writing, element: HtmlElement): void {
  gap(writing);
  const gathered: string[][] = [];
  gather(writing, element, gathered);
  const rows = gathered.filter((row) => row.length > 0);
  for (const [index, row] of rows.entries()) {
    writing.lines.push(`| ${row.join(" | ")} |`);
    if (index === 0 && rows.length > 1) writing.lines.push(`|${" --- |".repeat(row.length)}`);
  }
  gap(writing);
}

function gather(writing: Writing, element: HtmlElement, rows: string[][]): void {
  for (const child of element.childNodes) {
    if (isElement(child)) gatherElement(writing, child, rows);
    else if (child.nodeName === "#comment") write(writing, child);
  }
}

function gatherElement(writing: Writing, element: HtmlElement, rows: string[][]): void {
  const hidden = hiddenAs(element, writing.rules);
  if (hidden !== null) return count(writing, hidden);
  if (element.tagName === "caption") return write(writing, element);
  if (element.tagName === "tr" || rows.length === 0) rows.push([]);
  if (element.tagName === "td" || element.tagName === "th") rows.at(-1)?.push(cellText(writing, element));
  else gather(writing, element, rows);
}

function cellText(writing: Writing, element: HtmlElement): string {
  const cell: Writing = { ...writing, lines: [], line: "", level: 0 };
  within(cell, element);
  endLine(cell);
  return cell.lines
    .filter((line) => line !== "")
    .join(" / ")
    .replaceAll("|", "\\|");
}

function pre(writing: Writing, element: HtmlElement): void {
  gap(writing);
  const inner: Writing = { ...writing, lines: [], line: "", level: 0 };
  const raw = (nodes: readonly HtmlNode[]): string =>
    nodes
      .map((node) => {
        if (node.nodeName === "#text" && "value" in node) return node.value;
        if (!isElement(node)) return "";
        const hidden = hiddenAs(node, inner.rules);
        if (hidden !== null) count(inner, hidden);
        return hidden === null ? raw(node.childNodes) : "";
      })
      .join("");
  writing.lines.push("```", raw(element.childNodes).replace(/^\n|\n$/gu, ""), "```", "");
}

function link(writing: Writing, element: HtmlElement): void {
  const from = writing.line.length;
  within(writing, element);
  const href = (attributeOf(element, "href") ?? "").trim().slice(0, 2_000);
  const said = writing.line.slice(from).trim();
  if (/^(?:https?|mailto|tel):/iu.test(href) && said !== href) say(writing, ` (${href})`);
}

/** The counts as a list, the same order each time. */
export const countsOf = (hidden: ReadonlyMap<string, number>): readonly { readonly what: string; readonly count: number }[] =>
  [...hidden].map(([what, times]) => ({ what, count: times }));
