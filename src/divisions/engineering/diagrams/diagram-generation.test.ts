import fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import { loadGraphLayout } from "../../../adapters/code/graph-layout.ts";
import { colourFrom, contrast } from "../colour.ts";
import { type LayOut, generateDiagram } from "./diagram-generation.ts";
import { readSvg } from "./svg-elements.ts";

// Much is computed here; a machine that does much else is slow, and only a failure takes this long.
vi.setConfig({ testTimeout: 60_000 });

let layOut: LayOut;
beforeAll(async () => {
  layOut = await loadGraphLayout();
});

const draw = (language: string, source: string) =>
  generateDiagram({ specification: { language, source, title: "A <title> & more" }, files: [] }, layOut);
function svgOf(language: string, source: string): string {
  const drawn = draw(language, source);
  if (drawn.kind === "refused" || drawn.file === null) throw new Error(JSON.stringify(drawn));
  return drawn.file.text;
}
function refusal(language: string, source: string): string {
  const drawn = draw(language, source);
  return drawn.kind === "refused" ? drawn.problems.map(({ message }) => message).join(" ") : "";
}
const textsOf = (svg: string): readonly string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/gu)].map(([, text = ""]) => text);

test("a flowchart has its nodes, words and groups, and says itself in words", () => {
  const svg = svgOf(
    "mermaid",
    `flowchart LR
  %% a comment
  user([Customer]) -->|HTTPS| lb{{Balancer}}
  subgraph web [Web tier]
    lb --> a[App 1] & b["App <br> 2"]
  end
  a & b -- reads --> db[(Store)]; db -.-> x{Down?} ==> stop[/Stop/]`,
  );
  expect(textsOf(svg)).toEqual(expect.arrayContaining(["Customer", "Balancer", "Web tier", "App 1", "Store", "Down?", "Stop"]));
  expect(textsOf(svg).filter((text) => text.trim() === "reads")).toHaveLength(2);
  expect(svg).toContain("<title>A &lt;title&gt; &amp; more</title>");
  expect(svg).toContain("<desc>7 nodes and 7 connections: Customer to Balancer (HTTPS)");
  expect(svg).toContain("prefers-color-scheme:dark");
});

test("sequences, classes and states are drawn", () => {
  const sequence = svgOf(
    "mermaid",
    "sequenceDiagram\nautonumber\nactor U as Customer\nU->>+S: Order\nalt paid\nS-->>-U: Thanks\nelse not\nS--xU: No\nend\nNote over U,S: Once",
  );
  expect(textsOf(sequence)).toEqual(expect.arrayContaining(["Customer", "S", "1. Order", "2. Thanks", "3. No", "Once"]));
  const classes = svgOf(
    "mermaid",
    'classDiagram\nclass Order {\n<<aggregate>>\n+id: Id\n+total() Money\n}\nOrder "1" *-- "many" Line : holds',
  );
  expect(textsOf(classes)).toEqual(expect.arrayContaining(["«aggregate»", "Order", "+id: Id", "+total() Money", "Line", "1", "many"]));
  const states = svgOf(
    "mermaid",
    'stateDiagram-v2\n[*] --> Draft\nDraft --> R : submit\nstate "In review" as R\nR --> [*]\nstate Inner {\n[*] --> One\n}',
  );
  expect(textsOf(states).map((text) => text.trim())).toEqual(expect.arrayContaining(["Draft", "In review", "submit", "Inner", "One"]));
});

test.each([
  ["flowchart LR\na --> b\nstyle a fill:#f00", 'Line 3: "style" is not read'],
  ["flowchart LR\nclick a callback", "Line 2"],
  ["flowchart LR\na[<img src=x onerror=alert(1)>] --> b", "Line 2: HTML"],
  ["flowchart LR\na[never closed --> b", "does not end with ]"],
  ["flowchart LR\nsubgraph x\na --> b", "A subgraph has no end"],
  ["flowchart LR\nsubgraph x\na\nend\nb --> x", "subgraph x is not read"],
  ["flowchart SIDEWAYS\na --> b", "direction"],
  ["gantt\ntitle x", "Line 1: It begins with none"],
  ["%%{init: {}}%%\nflowchart LR\na", "Line 1: Directives"],
  ["sequenceDiagram\nloop x\nA->>B: y", "has no end"],
  ["sequenceDiagram\nelse x", 'stands only in "alt"'],
  ["sequenceDiagram\nrect rgb(0,0,0)", "Line 2"],
  ["classDiagram\nclass A {", "no closing brace"],
  ['classDiagram\nlink A "http://x"', "Line 2"],
  ["stateDiagram-v2\nA --> B\nnote right of A : x", "Line 3"],
  [`flowchart LR\n${Array.from({ length: 301 }, (_, index) => `n${index}`).join("\n")}`, "More than 300 nodes"],
  [`flowchart LR\na[${"x ".repeat(2_000)}]`, "Line 2: It has more than 2000 characters"],
  ["", "not empty"],
])("%#: what is not read is refused with its line", (source, words) => {
  expect(refusal("mermaid", source)).toContain(words);
});

test("DOT keeps shapes, texts and colours and loses every link, image and script", () => {
  const hostile = `digraph G { a [label="Alpha <x>", URL="javascript:alert(1)", tooltip="t"]; b [image="http://x/y.png", fillcolor="#333333", style=filled];
    c [label=<<table href="http://evil"><tr><td>cell</td></tr></table>>]; a -> b [href="http://evil", label="onload=1"]; b -> c }`;
  const svg = svgOf("dot", hostile);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(["Alpha &lt;x&gt;", "cell"]));
  expect(svg).not.toMatch(/href|javascript:|http:\/\/(?!www\.w3\.org\/2000\/svg)|<script|<image|<a[\s>]|foreignObject/u);
  expect(refusal("dot", "digraph { a -> ")).toContain("Graphviz does not read it: syntax error");
});

test("text stands out from the shape it stands on, in light and dark, whatever colours were chosen", () => {
  const svg = svgOf("dot", 'digraph { a [style=filled, fillcolor=navy, label="Text"] }');
  const light = /<text[^>]* fill="(#[0-9a-f]{6})"/u.exec(svg)?.[1] ?? "";
  expect(contrast(colourFrom(light) ?? [0, 0, 128], [0, 0, 128])).toBeGreaterThan(4.5);
});

test("the same source gives the same bytes, and nothing but the listed elements ever comes out of hostile markup", () => {
  expect(svgOf("mermaid", "graph TD\na-->b")).toBe(svgOf("mermaid", "graph TD\na-->b"));
  const parts = fc.constantFrom(
    "<g>",
    "</g>",
    "<script>",
    "</script>",
    '<a href="javascript:x">',
    "<text>",
    "</text>",
    "x<y",
    '<text onload="a" fill="red">',
    "&#60;script&#62;",
    "<!--",
    "-->",
    "<svg>",
    '<path d="M0,0" style="x"/>',
    '" onclick="',
    "<foreignObject>",
    "]]>",
    "<style>*{}</style>",
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 30 }), (pieces) => {
      const layout = () => `<svg viewBox="0 0 10 10">${pieces.join("")}</svg>`;
      const drawn = generateDiagram({ specification: { language: "dot", source: "digraph {}" }, files: [] }, layout);
      const body = drawn.kind === "done" ? (drawn.file?.text.split("</style>")[1] ?? "") : "";
      expect(body).not.toMatch(/<(?!\/?(?:g|path|polygon|polyline|ellipse|rect|line|text|svg)[\s/>])/u);
      expect(body).not.toMatch(/<[^>]*\s(?:on\w+|href|style)=/u);
    }),
    { numRuns: 300 },
  );
  expect(readSvg("no picture")).toMatchObject({ pieces: [], box: [0, 0, 0, 0] });
});

test("whatever is written as a flowchart is drawn or refused with a line", () => {
  const word = fc.constantFrom(
    "a",
    "b1",
    "[x]",
    "(",
    ")",
    "-->",
    "---",
    "--",
    "|t|",
    "&",
    "subgraph s",
    "end",
    "\n",
    "\n",
    " ",
    "{q}",
    '"',
    ";",
    "-.->",
    "é",
    ":::c",
    "==>",
    "o--o",
    "%%",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 25 }), (words) => {
      const drawn = generateDiagram(
        { specification: { language: "mermaid", source: `flowchart TD\n${words.join(" ")}` }, files: [] },
        () => '<svg viewBox="0 0 1 1"></svg>',
      );
      return drawn.kind === "done" || /^Line \d+: ./u.test(drawn.problems[0]?.message ?? "");
    }),
    { numRuns: 500 },
  );
  expect(refusal("mermaid", "flowchart TD\n-->")).toContain("Line 2: No node");
});
