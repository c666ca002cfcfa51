import type { Computation, Material } from "../../../core/gate/computation.ts";
import { at, complain, fieldsOf, placeOf, refusedAt, refusedFor, textOf, wordOf } from "../specification.ts";
import { type DiagramGraph, UnreadLine, diagramLimits, dotOf } from "./diagram-graph.ts";
import { readClasses } from "./mermaid-class.ts";
import { readFlowchart } from "./mermaid-flowchart.ts";
import { readSequence } from "./mermaid-sequence.ts";
import { readStates } from "./mermaid-state.ts";
import { type SourceLine, saidLines } from "./mermaid-text.ts";
import { paint } from "./picture.ts";
import { drawSequence } from "./sequence-picture.ts";
import { type ReadSvg, readSvg } from "./svg-elements.ts";

/** Lays a graph of the DOT language out as SVG. @throws what the layout says of a text that it cannot read */
export type LayOut = (dot: string) => string;

interface Asked {
  readonly language: "dot" | "mermaid";
  readonly source: string;
  readonly title: string;
  readonly description: string;
}

/** Draws a diagram that is written in DOT or in the stated part of Mermaid as one SVG without scripts, links or foreign parts. */
export function generateDiagram(material: Material, layOut: LayOut): Computation {
  const asked = askedFor(material);
  if ("kind" in asked) return asked;
  try {
    return asked.language === "dot" ? drawDot(asked, layOut) : drawMermaid(asked, layOut);
  } catch (error) {
    if (error instanceof UnreadLine) return refusedAt("source", `Line ${error.line}: ${error.message}`);
    if (error instanceof Error && asked.language === "dot")
      return refusedAt("source", `Graphviz does not read it: ${error.message.slice(0, 300)}`);
    throw error;
  }
}

function askedFor({ specification, files }: Material): Asked | Computation {
  const root = fieldsOf(placeOf(specification), ["language", "source", "title", "description"]);
  const [file] = files;
  const given = at(root, "source");
  if (files.length > 1 || (file !== undefined && given.value !== undefined))
    complain(given, "One source is drawn: in the specification or in one file.");
  const source = file === undefined ? textOf(given, { most: diagramLimits.sourceChars }) : file.text;
  if (source.length > diagramLimits.sourceChars) complain(given, `It is longer than ${diagramLimits.sourceChars} characters.`);
  const title = textOf(at(root, "title"), { most: 200, otherwise: "Diagram" });
  const description = textOf(at(root, "description"), { most: 2_000, otherwise: "" });
  const language = wordOf(at(root, "language"), ["dot", "mermaid"], file === undefined ? undefined : languageOf(file.name));
  return root.problems.length > 0 ? refusedFor(root.problems) : { language, source, title, description };
}

const languageOf = (name: string): Asked["language"] => (/\.(?:dot|gv)$/iu.test(name) ? "dot" : "mermaid");

function drawDot(asked: Asked, layOut: LayOut): Computation {
  const svg = layOut(asked.source);
  const count = (kind: string): number => svg.split(`class="${kind}"`).length - 1;
  const [nodes, edges] = [count("node"), count("edge")];
  if (nodes > diagramLimits.nodes || edges > diagramLimits.edges)
    return refusedAt(
      "source",
      `It has ${nodes} nodes and ${edges} edges; at most ${diagramLimits.nodes} and ${diagramLimits.edges} are drawn.`,
    );
  return pictured(asked, readSvg(svg), { form: "graph", summary: `A graph of ${nodes} nodes and ${edges} edges.`, nodes, edges });
}

type Told = { readonly form: string; readonly summary: string; readonly nodes: number; readonly edges: number };

function drawMermaid(asked: Asked, layOut: LayOut): Computation {
  const [head, ...lines] = saidLines(asked.source);
  if (head === undefined) return refusedAt("source", "It holds no line to read.");
  if (head.text === "sequenceDiagram") {
    const sequence = readSequence(lines);
    const { pieces, box } = drawSequence(sequence);
    const messages = sequence.steps.filter(({ kind }) => kind === "message").length;
    const names = sequence.participants.map(({ label }) => label.replaceAll("\n", " ")).join(", ");
    const summary = `A sequence of ${messages} messages between ${names}.`;
    return pictured(
      asked,
      { pieces, box, dropped: [] },
      { form: "sequence", summary, nodes: sequence.participants.length, edges: messages },
    );
  }
  const graph = graphOf(head, lines);
  if (graph.nodes.length === 0) throw new UnreadLine(head.number, "The diagram is empty.");
  const summary = `${graph.nodes.length} nodes and ${graph.edges.length} connections: ${spoken(graph)}`;
  const form = head.text.split(/\s/u)[0] ?? "";
  return pictured(asked, readSvg(layOut(dotOf(graph))), { form, summary, nodes: graph.nodes.length, edges: graph.edges.length });
}

function graphOf(head: SourceLine, lines: readonly SourceLine[]): DiagramGraph {
  if (/^(?:flowchart|graph)\b/u.test(head.text)) return readFlowchart(head, lines);
  if (head.text === "classDiagram") return readClasses(lines);
  if (/^stateDiagram(?:-v2)?$/u.test(head.text)) return readStates(lines);
  throw new UnreadLine(head.number, "It begins with none of flowchart, graph, sequenceDiagram, classDiagram, stateDiagram-v2.");
}

/** The connections in words, for whoever does not see them; the first forty. */
function spoken({ nodes, edges }: DiagramGraph): string {
  const labels = new Map(nodes.map(({ id, label, shape }) => [id, (label || shape).replaceAll("\n", " ")]));
  const said = edges
    .slice(0, 40)
    .map(
      ({ from, to, label }) =>
        `${labels.get(from) ?? from} to ${labels.get(to) ?? to}${label === "" ? "" : ` (${label.replaceAll("\n", " ")})`}`,
    );
  return `${said.join("; ")}${edges.length > 40 ? `; and ${edges.length - 40} more` : ""}.`;
}

/** A picture that nobody could look at is none. */
const mostPixels = 20_000;

function pictured({ title, description }: Asked, { pieces, box, dropped }: ReadSvg, { form, summary, nodes, edges }: Told): Computation {
  const [, , width, height] = box;
  if (!(width > 0 && height > 0 && width <= mostPixels && height <= mostPixels))
    return refusedAt(
      "source",
      `The picture would be ${Math.round(width)} by ${Math.round(height)} pixels; at most ${mostPixels} each way are drawn.`,
    );
  const text = paint({ title, description: description === "" ? summary : description, box, pieces });
  return {
    kind: "done",
    result: {
      schema: "xvc.diagram/1",
      form,
      title,
      nodes,
      edges,
      widthPx: Math.round(width),
      heightPx: Math.round(height),
      leftOut: [...dropped],
    },
    file: { mediaType: "image/svg+xml", text },
  };
}
