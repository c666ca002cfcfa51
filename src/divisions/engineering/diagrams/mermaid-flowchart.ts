import {
  type DiagramGraph,
  type EdgeEnd,
  type GraphEdge,
  type GraphNode,
  type NodeShape,
  UnreadLine,
  diagramLimits,
} from "./diagram-graph.ts";
import { type SourceLine, partOf, shownText } from "./mermaid-text.ts";

/*
 * What is read of a flowchart: a direction, nodes in the shapes below, arrows with or without words, chains, `&`, and subgraphs.
 * Everything else is refused with its line: styles, classes and clicks change how a picture looks or acts, not what it says.
 */

const brackets: readonly (readonly [open: string, close: string, shape: NodeShape])[] = [
  ["([", "])", "stadium"],
  ["[[", "]]", "subroutine"],
  ["[(", ")]", "cylinder"],
  ["((", "))", "circle"],
  ["{{", "}}", "hexagon"],
  ["[/", "/]", "slanted"],
  ["[\\", "\\]", "slanted"],
  ["[", "]", "box"],
  ["(", ")", "rounded"],
  ["{", "}", "diamond"],
  [">", "]", "flag"],
];

interface Reading {
  readonly nodes: Map<string, GraphNode>;
  readonly edges: GraphEdge[];
  readonly groups: { readonly id: string; readonly label: string; readonly parent: string | null }[];
  /** Subgraphs that are open, the innermost last. */
  readonly inside: string[];
}

interface Cursor {
  readonly line: SourceLine;
  readonly text: string;
  at: number;
}

const directions: { readonly [word: string]: DiagramGraph["direction"] } = { TB: "TB", TD: "TB", BT: "BT", LR: "LR", RL: "RL" };

export function readFlowchart(head: SourceLine, lines: readonly SourceLine[]): DiagramGraph {
  const direction = directions[/^(?:flowchart|graph)(?:\s+(.+))?$/u.exec(head.text)?.[1] ?? "TB"];
  if (direction === undefined) throw new UnreadLine(head.number, "The direction is none of TB, TD, BT, LR, RL.");
  const reading: Reading = { nodes: new Map(), edges: [], groups: [], inside: [] };
  for (const line of lines) readLine(reading, line);
  const last = lines.at(-1);
  if (reading.inside.length > 0) throw new UnreadLine(last?.number ?? head.number, "A subgraph has no end.");
  const groupIds = new Set(reading.groups.map(({ id }) => id));
  const tied = reading.edges.find(({ from, to }) => groupIds.has(from) || groupIds.has(to));
  if (tied !== undefined)
    throw new UnreadLine(
      head.number,
      `An arrow to or from the subgraph ${groupIds.has(tied.from) ? tied.from : tied.to} is not read; name a node inside it.`,
    );
  return { direction, nodes: [...reading.nodes.values()], edges: reading.edges, groups: reading.groups };
}

const notRead = /^(?:style|classDef|class|click|linkStyle|accTitle|accDescr|direction)\b/u;

function readLine(reading: Reading, line: SourceLine): void {
  const group = /^subgraph\s+([^\s[\]"]+)(?:\s*\[(.+)\])?$|^subgraph\s+"?([^"[\]]+)"?$/u.exec(line.text);
  if (group !== null) return openGroup(reading, line, group);
  if (line.text === "end") {
    if (reading.inside.pop() === undefined) throw new UnreadLine(line.number, "There is no subgraph to end.");
    return;
  }
  const word = notRead.exec(line.text)?.[0];
  if (word !== undefined) throw new UnreadLine(line.number, `"${word}" is not read; remove the line.`);
  const cursor: Cursor = { line, text: line.text, at: 0 };
  let from = readNodes(reading, cursor);
  while (cursor.at < cursor.text.length) {
    const arrow = readArrow(cursor);
    const to = readNodes(reading, cursor);
    for (const one of from) for (const other of to) reading.edges.push({ from: one, to: other, ...arrow });
    if (reading.edges.length > diagramLimits.edges) throw new UnreadLine(line.number, `More than ${diagramLimits.edges} arrows.`);
    from = to;
  }
}

function openGroup(reading: Reading, line: SourceLine, [, id, label, title]: RegExpExecArray): void {
  const name = (id ?? title ?? "").trim();
  if (reading.groups.length >= diagramLimits.groups) throw new UnreadLine(line.number, `More than ${diagramLimits.groups} subgraphs.`);
  if (reading.groups.some((one) => one.id === name)) throw new UnreadLine(line.number, `The subgraph ${name} is there already.`);
  reading.groups.push({ id: name, label: shownText(line, label ?? title ?? name), parent: reading.inside.at(-1) ?? null });
  reading.inside.push(name);
}

function skipSpace(cursor: Cursor): void {
  while (/\s/u.test(cursor.text.charAt(cursor.at))) cursor.at += 1;
}

/** One node or several joined by `&`. */
function readNodes(reading: Reading, cursor: Cursor): readonly string[] {
  const ids: string[] = [];
  for (;;) {
    ids.push(readNode(reading, cursor));
    skipSpace(cursor);
    if (cursor.text.charAt(cursor.at) !== "&") return ids;
    cursor.at += 1;
  }
}

function readNode(reading: Reading, cursor: Cursor): string {
  skipSpace(cursor);
  // An id may hold hyphens, but not where an arrow begins.
  const id = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.]|-(?=[\p{L}\p{N}_]))*/u.exec(cursor.text.slice(cursor.at))?.[0];
  if (id === undefined)
    throw new UnreadLine(cursor.line.number, `No node can be read at ${JSON.stringify(cursor.text.slice(cursor.at, cursor.at + 20))}.`);
  cursor.at += id.length;
  if (cursor.text.startsWith(":::", cursor.at)) throw new UnreadLine(cursor.line.number, "Classes of nodes are not read; remove :::.");
  const shape = brackets.find(([open]) => cursor.text.startsWith(open, cursor.at));
  const label = shape === undefined ? null : readLabel(cursor, shape);
  keepNode(reading, cursor.line, { id, label, shape: shape?.[2] ?? null });
  return id;
}

function readLabel(cursor: Cursor, [open, close]: readonly [string, string, NodeShape]): string {
  const from = cursor.at + open.length;
  const isQuoted = cursor.text.charAt(from) === '"';
  const end = isQuoted ? cursor.text.indexOf(`"${close}`, from + 1) + 1 : cursor.text.indexOf(close, from);
  if (end < from) throw new UnreadLine(cursor.line.number, `The text that begins with ${open} does not end with ${close}.`);
  cursor.at = end + close.length;
  return shownText(cursor.line, cursor.text.slice(from, end));
}

interface Seen {
  readonly id: string;
  readonly label: string | null;
  readonly shape: NodeShape | null;
}

function keepNode({ nodes, inside }: Reading, line: SourceLine, { id, label, shape }: Seen): void {
  const known: GraphNode = nodes.get(id) ?? { id, label: id, shape: "box", group: null };
  // It belongs to the first subgraph that names it, also when it was named outside before.
  const group = known.group ?? inside.at(-1) ?? null;
  nodes.set(id, { ...known, group, ...(label === null ? {} : { label }), ...(shape === null ? {} : { shape }) });
  if (nodes.size > diagramLimits.nodes) throw new UnreadLine(line.number, `More than ${diagramLimits.nodes} nodes.`);
}

type Arrow = Omit<GraphEdge, "from" | "to">;

/** `-->`, `---`, `-.->`, `==>`, with `o`, `x` or `<` at the ends, and words between bars or inside. */
const plainArrow = /^\s*([<ox])?(--+|-\.+-|==+)([>ox-]|=)?(?:\s*\|([^|]*)\|)?(?=\s|[\p{L}\p{N}_"])/u;
const wordyArrow = /^\s*([<ox])?(--|-\.|==)\s+([^|]*?\S)\s+(--+|\.-+|==+)([>ox])?(?=\s|[\p{L}\p{N}_"])/u;

function readArrow(cursor: Cursor): Arrow {
  const rest = cursor.text.slice(cursor.at);
  const plain = plainArrow.exec(rest);
  const wordy = wordyArrow.exec(rest);
  // What is between two arrows of a chain is a node, not words: words are read only where the arrow does not stand alone.
  const isPlain = plain !== null && (wordy === null || plain[3] !== undefined || plain[4] !== undefined);
  const found = isPlain ? plain : wordy;
  if (found === null) throw new UnreadLine(cursor.line.number, `No arrow can be read at ${JSON.stringify(rest.slice(0, 20))}.`);
  cursor.at += found[0].length;
  const stroke = partOf(found, 2);
  return {
    label: shownText(cursor.line, partOf(found, isPlain ? 4 : 3)),
    line: stroke.includes(".") ? "dashed" : stroke.includes("=") ? "bold" : "solid",
    tail: endOf(partOf(found, 1)),
    head: endOf(partOf(found, isPlain ? 3 : 5)),
  };
}

const endOf = (sign: string): EdgeEnd => (sign === "o" ? "dot" : sign === "x" ? "cross" : sign === ">" || sign === "<" ? "arrow" : "none");
