import { type DiagramGraph, type EdgeEnd, type GraphEdge, UnreadLine, diagramLimits } from "./diagram-graph.ts";
import { type SourceLine, partOf, shownText } from "./mermaid-text.ts";

interface ClassReading {
  readonly classes: Map<string, { readonly marks: string[]; readonly fields: string[]; readonly methods: string[] }>;
  readonly edges: GraphEdge[];
  open: string | null;
}

const relation =
  /^([\p{L}\p{N}_]+)\s*(?:"([^"]*)")?\s*(<\||\*|o|<)?(--|\.\.)(\|>|\*|o|>)?\s*(?:"([^"]*)")?\s*([\p{L}\p{N}_]+)\s*(?::\s*(.+))?$/u;

const ends: { readonly [sign: string]: EdgeEnd } = {
  "<|": "triangle",
  "|>": "triangle",
  "*": "filled-diamond",
  o: "diamond",
  "<": "open-arrow",
  ">": "open-arrow",
};

/** What is read of a class diagram: classes with fields, methods and `<<marks>>`, and relations with how many and a word. */
export function readClasses(lines: readonly SourceLine[]): DiagramGraph {
  const reading: ClassReading = { classes: new Map(), edges: [], open: null };
  for (const line of lines) {
    readClassLine(reading, line);
    if (reading.classes.size > diagramLimits.nodes) throw new UnreadLine(line.number, `More than ${diagramLimits.nodes} classes.`);
  }
  if (reading.open !== null) throw new UnreadLine(lines.at(-1)?.number ?? 1, `The class ${reading.open} has no closing brace.`);
  return {
    direction: "TB",
    groups: [],
    edges: reading.edges,
    nodes: [...reading.classes].map(([id, { marks, fields, methods }]) => ({
      id,
      label: [...marks.map((mark) => `«${mark}»`), id].join("\n"),
      shape: "compartments",
      group: null,
      lists: [fields, methods],
    })),
  };
}

function classNamed({ classes }: ClassReading, id: string) {
  const known = classes.get(id) ?? { marks: [], fields: [], methods: [] };
  classes.set(id, known);
  return known;
}

function readClassLine(reading: ClassReading, line: SourceLine): void {
  const { text } = line;
  if (reading.open !== null) {
    if (text === "}") reading.open = null;
    else addMember(reading, line, { id: reading.open, text });
    return;
  }
  const read = [readDeclared, readMark, readRelation, readMember].some((form) => form(reading, line));
  if (!read) throw new UnreadLine(line.number, `${JSON.stringify(text.slice(0, 40))} is not read in a class diagram.`);
}

function readDeclared(reading: ClassReading, { text }: SourceLine): boolean {
  const found = /^class\s+([\p{L}\p{N}_]+)\s*(\{)?$/u.exec(text);
  if (found === null) return false;
  classNamed(reading, partOf(found, 1));
  if (found[2] !== undefined) reading.open = partOf(found, 1);
  return true;
}

function readMark(reading: ClassReading, { text }: SourceLine): boolean {
  const found = /^<<([^<>]+)>>\s+([\p{L}\p{N}_]+)$/u.exec(text);
  if (found === null) return false;
  classNamed(reading, partOf(found, 2)).marks.push(partOf(found, 1).trim());
  return true;
}

function readRelation(reading: ClassReading, line: SourceLine): boolean {
  const found = relation.exec(line.text);
  if (found !== null) addRelation(reading, line, found);
  return found !== null;
}

function readMember(reading: ClassReading, line: SourceLine): boolean {
  const found = /^([\p{L}\p{N}_]+)\s*:\s*(.+)$/u.exec(line.text);
  if (found !== null) addMember(reading, line, { id: partOf(found, 1), text: partOf(found, 2) });
  return found !== null;
}

function addMember(reading: ClassReading, line: SourceLine, { id, text }: { readonly id: string; readonly text: string }): void {
  const { marks, fields, methods } = classNamed(reading, id);
  const mark = /^<<([^<>]+)>>$/u.exec(text)?.[1];
  if (mark !== undefined) marks.push(mark.trim());
  else if (fields.length + methods.length >= 60) throw new UnreadLine(line.number, `The class ${id} has more than 60 members.`);
  else (text.includes("(") ? methods : fields).push(shownText(line, text));
}

function addRelation(reading: ClassReading, line: SourceLine, found: RegExpExecArray): void {
  const [from, to] = [partOf(found, 1), partOf(found, 7)];
  classNamed(reading, from);
  classNamed(reading, to);
  if (reading.edges.length >= diagramLimits.edges) throw new UnreadLine(line.number, `More than ${diagramLimits.edges} relations.`);
  reading.edges.push({
    from,
    to,
    label: shownText(line, partOf(found, 8)),
    line: found[4] === ".." ? "dashed" : "solid",
    tail: ends[partOf(found, 3)] ?? "none",
    head: ends[partOf(found, 5)] ?? "none",
    tailLabel: shownText(line, partOf(found, 2)),
    headLabel: shownText(line, partOf(found, 6)),
  });
}
