import { type DiagramGraph, type GraphEdge, type GraphNode, UnreadLine, diagramLimits } from "./diagram-graph.ts";
import { type SourceLine, partOf, shownText } from "./mermaid-text.ts";

interface StateReading {
  readonly states: Map<string, GraphNode>;
  readonly edges: GraphEdge[];
  readonly groups: { readonly id: string; readonly label: string; readonly parent: string | null }[];
  readonly inside: string[];
  direction: DiagramGraph["direction"];
}

const state = "[\\p{L}\\p{N}_]+";
const move = new RegExp(`^(\\[\\*\\]|${state})\\s*-->\\s*(\\[\\*\\]|${state})\\s*(?::\\s*(.+))?$`, "u");
const named = new RegExp(`^state\\s+"([^"]+)"\\s+as\\s+(${state})\\s*(\\{)?$`, "u");
const marked = new RegExp(`^state\\s+(${state})\\s+<<(choice|fork|join)>>$`, "u");
const opened = new RegExp(`^state\\s+(${state})\\s*\\{$`, "u");
const told = new RegExp(`^(${state})\\s*:\\s*(.+)$`, "u");

/** What is read of a state diagram: states, moves with words, `[*]`, states inside states, choice, fork and join. */
export function readStates(lines: readonly SourceLine[]): DiagramGraph {
  const reading: StateReading = { states: new Map(), edges: [], groups: [], inside: [], direction: "TB" };
  for (const line of lines) {
    readStateLine(reading, line);
    if (reading.states.size > diagramLimits.nodes) throw new UnreadLine(line.number, `More than ${diagramLimits.nodes} states.`);
    if (reading.edges.length > diagramLimits.edges) throw new UnreadLine(line.number, `More than ${diagramLimits.edges} moves.`);
  }
  const open = reading.inside.at(-1);
  if (open !== undefined) throw new UnreadLine(lines.at(-1)?.number ?? 1, `The state ${open} has no closing brace.`);
  const groups = new Set(reading.groups.map(({ id }) => id));
  const tied = reading.edges.flatMap(({ from, to }) => [from, to]).find((id) => groups.has(id));
  if (tied !== undefined)
    throw new UnreadLine(lines[0]?.number ?? 1, `A move to or from the outside of ${tied} is not read; name a state inside it.`);
  const nodes = [...reading.states.values()].filter(({ id }) => !groups.has(id));
  return { direction: reading.direction, nodes, edges: reading.edges, groups: reading.groups };
}

function keep(reading: StateReading, id: string, more: Partial<Pick<GraphNode, "label" | "shape">> = {}): string {
  const known = reading.states.get(id) ?? { id, label: id, shape: "rounded", group: null };
  reading.states.set(id, { ...known, group: known.group ?? reading.inside.at(-1) ?? null, ...more });
  return id;
}

/** Where a move from or to `[*]` begins or ends, one of each in every state that holds states. */
const border = (reading: StateReading, side: "begin" | "end"): string =>
  keep(reading, `[*] ${side} ${reading.inside.at(-1) ?? ""}`, { label: "", shape: side });

type StateForm = (reading: StateReading, found: RegExpExecArray, line: SourceLine) => void;

/** What a line may be, in this order. */
const forms: readonly (readonly [RegExp, StateForm])[] = [
  [move, addMove],
  [named, nameState],
  [marked, (reading, found) => keep(reading, partOf(found, 1), { label: "", shape: found[2] === "choice" ? "diamond" : "bar" })],
  [opened, (reading, found, line) => openState(reading, line, { id: partOf(found, 1), label: partOf(found, 1) })],
  [told, (reading, found, line) => keep(reading, partOf(found, 1), { label: `${partOf(found, 1)}\n${shownText(line, partOf(found, 2))}` })],
  [/^direction\s+(TB|BT|LR|RL)$/u, turn],
  [/^(?:state\s+)?([\p{L}\p{N}_]+)$/u, (reading, found) => keep(reading, partOf(found, 1))],
  [/^\}$/u, (reading, _found, line) => endState(reading, line)],
];

function readStateLine(reading: StateReading, line: SourceLine): void {
  for (const [form, take] of forms) {
    const found = form.exec(line.text);
    if (found !== null) return take(reading, found, line);
  }
  throw new UnreadLine(line.number, `${JSON.stringify(line.text.slice(0, 40))} is not read in a state diagram.`);
}

function nameState(reading: StateReading, found: RegExpExecArray, line: SourceLine): void {
  const [label, id] = [shownText(line, partOf(found, 1)), partOf(found, 2)];
  if (found[3] === undefined) keep(reading, id, { label });
  else openState(reading, line, { id, label });
}

function turn(reading: StateReading, found: RegExpExecArray, line: SourceLine): void {
  if (reading.inside.length > 0) throw new UnreadLine(line.number, "A direction inside a state is not read; remove the line.");
  reading.direction = partOf(found, 1) as DiagramGraph["direction"]; // one of the four
}

function endState({ inside }: StateReading, line: SourceLine): void {
  if (inside.pop() === undefined) throw new UnreadLine(line.number, "There is no state to close.");
}

function openState(reading: StateReading, line: SourceLine, { id, label }: { readonly id: string; readonly label: string }): void {
  if (reading.groups.length >= diagramLimits.groups)
    throw new UnreadLine(line.number, `More than ${diagramLimits.groups} states hold states.`);
  reading.groups.push({ id, label, parent: reading.inside.at(-1) ?? null });
  reading.inside.push(id);
}

function addMove(reading: StateReading, found: RegExpExecArray, line: SourceLine): void {
  const [from, to] = [partOf(found, 1), partOf(found, 2)];
  reading.edges.push({
    from: from === "[*]" ? border(reading, "begin") : keep(reading, from),
    to: to === "[*]" ? border(reading, "end") : keep(reading, to),
    label: shownText(line, partOf(found, 3)),
    line: "solid",
    tail: "none",
    head: "arrow",
  });
}
