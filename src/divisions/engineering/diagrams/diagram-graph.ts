/** A diagram of things and what joins them, before it is laid out. */
export interface DiagramGraph {
  readonly direction: "TB" | "BT" | "LR" | "RL";
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly groups: readonly { readonly id: string; readonly label: string; readonly parent: string | null }[];
}

export type NodeShape =
  | "box"
  | "rounded"
  | "stadium"
  | "subroutine"
  | "cylinder"
  | "circle"
  | "diamond"
  | "hexagon"
  | "slanted"
  | "flag"
  | "begin"
  | "end"
  | "bar"
  | "compartments";

export interface GraphNode {
  readonly id: string;
  /** Of `compartments`: a line each. */
  readonly label: string;
  readonly shape: NodeShape;
  readonly group: string | null;
  /** Lists below the name; `compartments` only. */
  readonly lists?: readonly (readonly string[])[];
}

export type EdgeEnd = "none" | "arrow" | "open-arrow" | "triangle" | "diamond" | "filled-diamond" | "dot" | "cross";

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly line: "solid" | "dashed" | "bold";
  readonly tail: EdgeEnd;
  readonly head: EdgeEnd;
  readonly tailLabel?: string;
  readonly headLabel?: string;
}

/** Bounds of one diagram: beyond them a picture says nothing. */
export const diagramLimits = {
  sourceChars: 100_000,
  lines: 2_000,
  lineChars: 2_000,
  nodes: 300,
  edges: 900,
  groups: 60,
  labelChars: 400,
} as const;

/** A line that is outside of what is read. */
export class UnreadLine extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const shapes: { readonly [shape in NodeShape]: string } = {
  box: "shape=box",
  rounded: 'shape=box, style="rounded,filled"',
  stadium: 'shape=box, style="rounded,filled", margin="0.25,0.08"',
  subroutine: "shape=box, peripheries=2",
  cylinder: "shape=cylinder",
  circle: "shape=circle",
  diamond: "shape=diamond",
  hexagon: "shape=hexagon",
  slanted: "shape=parallelogram",
  flag: "shape=cds",
  begin: 'shape=circle, width=0.2, fixedsize=true, fillcolor="#5a5d66", label=""',
  end: 'shape=doublecircle, width=0.16, fixedsize=true, fillcolor="#5a5d66", label=""',
  bar: 'shape=box, height=0.08, width=1.2, fixedsize=true, fillcolor="#5a5d66", label=""',
  compartments: "shape=record",
};

const ends: { readonly [end in EdgeEnd]: string } = {
  none: "none",
  arrow: "normal",
  "open-arrow": "vee",
  triangle: "onormal",
  diamond: "odiamond",
  "filled-diamond": "diamond",
  dot: "dot",
  cross: "tee",
};

/** The graph in the DOT language, with every text quoted and every id one of ours. */
export function dotOf({ direction, nodes, edges, groups }: DiagramGraph): string {
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const own = (group: string | null): readonly string[] => [
    ...nodes.filter((node) => node.group === group).map((node) => `${ids.get(node.id) ?? ""} [${nodeText(node)}];`),
    ...groups.flatMap((inner, index) =>
      inner.parent === group
        ? [
            `subgraph cluster_${index} { label=${quoted(inner.label)}; style="rounded"; color="#8b8fa3"; fontsize=12;`,
            ...own(inner.id),
            "}",
          ]
        : [],
    ),
  ];
  return [
    `digraph { rankdir=${direction}; compound=true; nodesep=0.35; ranksep=0.5; fontname="Helvetica";`,
    'node [style="filled", fillcolor="white", color="#5a5d66", fontname="Helvetica", fontsize=13, margin="0.16,0.08"];',
    'edge [color="#5a5d66", fontname="Helvetica", fontsize=11, arrowsize=0.8, labeldistance=2.2, labelangle=35];',
    ...own(null),
    ...edges.map((edge) => `${ids.get(edge.from) ?? ""} -> ${ids.get(edge.to) ?? ""} [${edgeText(edge)}];`),
    "}",
  ].join("\n");
}

const nodeText = (node: GraphNode): string =>
  node.shape === "compartments"
    ? `${shapes.compartments}, label=${recordText(node)}`
    : `label=${quoted(node.label)}, ${shapes[node.shape]}`;

const recordText = ({ label, lists = [] }: GraphNode): string => {
  const field = (lines: readonly string[], end: string): string => lines.map((one) => `${recordSafe(one)}${end}`).join("");
  return `"{${field(label.split("\n"), "\\n")}${lists.map((lines) => `|${field(lines, "\\l")}`).join("")}}"`;
};

const recordSafe = (text: string): string => text.replaceAll(/[\\{}|<>" ]/gu, (sign) => `\\${sign}`);

const edgeText = ({ label, line, tail, head, tailLabel, headLabel }: GraphEdge): string =>
  [
    `dir=both, arrowtail=${ends[tail]}, arrowhead=${ends[head]}`,
    ...(label === "" ? [] : [`label=${quoted(` ${label} `)}`]),
    ...(tailLabel === undefined || tailLabel === "" ? [] : [`taillabel=${quoted(tailLabel)}`]),
    ...(headLabel === undefined || headLabel === "" ? [] : [`headlabel=${quoted(headLabel)}`]),
    ...(tailLabel || headLabel ? ["minlen=2"] : []),
    ...(line === "solid" ? [] : [line === "dashed" ? "style=dashed" : "penwidth=2.4"]),
  ].join(", ");

const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
