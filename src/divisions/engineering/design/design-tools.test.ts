import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../core/shared/json.ts";
import { type Colour, colourFrom, contrast, readableOn } from "../colour.ts";
import { checkDesign } from "./design-tools.ts";
import type { DesignFinding } from "./judge-components.ts";

interface Checked {
  readonly holdsAA: boolean;
  readonly findings: readonly DesignFinding[];
}

const check = (specification: JsonObject): Checked => {
  const answer = checkDesign({ specification, files: [] });
  if (answer.kind === "refused") throw new Error(JSON.stringify(answer.problems));
  return answer.result as unknown as Checked; // the shape under test
};
const refusal = (specification: JsonObject): string => {
  const answer = checkDesign({ specification, files: [] });
  return answer.kind === "refused" ? answer.problems.map(({ path: place, message }) => `${place}: ${message}`).join("\n") : "";
};
const rules = (specification: JsonObject): readonly string[] =>
  check(specification).findings.map(({ rule, level, path: place }) => `${level} ${rule} ${place}`);

test.each([
  // Pairs whose ratio is published: WCAG's own limits and widely quoted greys.
  ["#000000", "#ffffff", 21],
  ["#ffffff", "#ffffff", 1],
  ["#767676", "#ffffff", 4.54],
  ["#777777", "#ffffff", 4.48],
  ["#949494", "#ffffff", 3.03],
  ["#ff0000", "#ffffff", 4],
  ["#0000ff", "#ffffff", 8.59],
] as const)("the contrast of %s on %s is %d", (one, other, ratio) => {
  expect(contrast(colourFrom(one) ?? [0, 0, 0], colourFrom(other) ?? [0, 0, 0])).toBeCloseTo(ratio, 2);
});

test("contrast is the same both ways, between 1 and 21, and a colour can always be made readable", () => {
  const channel = fc.integer({ min: 0, max: 255 });
  const colour: fc.Arbitrary<Colour> = fc.tuple(channel, channel, channel);
  fc.assert(
    fc.property(colour, colour, (one, other) => {
      expect(contrast(one, other)).toBeCloseTo(contrast(other, one), 12);
      expect(contrast(one, other)).toBeGreaterThanOrEqual(1);
      expect(contrast(one, other)).toBeLessThanOrEqual(21);
      expect(contrast(readableOn(one, other, 4.5), other)).toBeGreaterThanOrEqual(4.5);
    }),
  );
});

const example = JSON.parse(readFileSync(path.join(import.meta.dirname, "../../../../examples/tools/design.json"), "utf8")) as JsonObject; // our own example

test("the example's faults are found, each at its place", () => {
  expect(rules(example)).toEqual([
    "AA non-text-contrast components[1].boundary",
    "AA text-contrast components[2].text",
    "AA colour-alone components[2].meaningBy",
    "AA focus-visible components[3].focus",
    "AA label components[4].label",
    "AA alt components[5].alt",
    "AA overlap layouts[0].boxes[3]",
    "AA overflow layouts[0].boxes[2]",
    "AAA focus-size components[4].focus.widthPx",
    "AAA target-size-enhanced layouts[0].boxes[0]",
    "advice states components[3].states",
  ]);
});

const button = {
  name: "go",
  role: "button",
  label: "Go",
  focus: { colour: "black", around: "white", widthPx: 2 },
  states: ["default", "hover", "focus", "disabled"],
};
const text = (sizePx: number, bold: boolean, colour = "#8a8a8a"): JsonObject => ({
  components: [{ name: "t", role: "text", text: { colour, background: "#ffffff", sizePx, bold } }],
});

test("large text needs less: from 24 px on, or bold from 18.66 px on", () => {
  const holds = (sizePx: number, bold: boolean) => check(text(sizePx, bold)).holdsAA; // 3.45 to 1
  expect([holds(23.9, false), holds(24, false), holds(18.6, true), holds(18.66, true), holds(18.66, false)]).toEqual([
    false,
    true,
    false,
    true,
    false,
  ]);
});

test("a colour of each theme is judged in each theme", () => {
  const colours = { ink: { light: "#000000", dark: "#333333" }, paper: { light: "#ffffff", dark: "#000000" } };
  const found = check({ colours, components: [{ name: "t", role: "text", text: { colour: "ink", background: "paper" } }] }).findings;
  expect(found.map(({ message }) => message)).toEqual([expect.stringContaining("in the dark theme")]);
});

test("small targets hold with enough room around them, and not without (2.5.8)", () => {
  const at = (x: number) => ({ component: "go", x, y: 10, width: 16, height: 16 });
  const levels = (gap: number) =>
    rules({ components: [button], layouts: [{ widthPx: 320, boxes: [at(10), at(10 + 16 + gap)] }] }).filter((rule) =>
      rule.includes("AA target-size "),
    ).length;
  // Circles of 24 px around the middles touch when these are 24 px apart.
  expect([levels(7), levels(8)]).toEqual([2, 0]);
  const inline = { ...at(10), inline: true };
  expect(
    rules({ components: [button], layouts: [{ widthPx: 320, boxes: [inline, { ...inline, x: 28 }] }] }).filter((rule) =>
      rule.includes("target-size"),
    ),
  ).toEqual([]);
});

test("a part may lie on its whole, and on another layer; headings go down one level at a time", () => {
  const heading = (level: number) => ({ name: `h${level}`, role: "heading", level });
  const design = {
    components: [button, { name: "card", role: "region" }, heading(1), heading(3)],
    layouts: [
      {
        widthPx: 320,
        boxes: [
          { id: "card", component: "card", x: 0, y: 0, width: 300, height: 200 },
          { component: "go", x: 10, y: 10, width: 100, height: 44, parent: "card" },
          { component: "go", x: 20, y: 20, width: 100, height: 44, layer: 1 },
          { component: "h1", x: 0, y: 300, width: 100, height: 30 },
          { component: "h3", x: 0, y: 400, width: 100, height: 30 },
        ],
      },
    ],
  };
  expect(rules(design)).toEqual(["advice heading-order layouts[0].boxes[4]"]);
});

test.each([
  [{}, "components: It needs at least 1 entry"],
  [{ components: [{ name: "a", role: "blink" }] }, "role: It must be one of"],
  [
    { components: [{ name: "a", role: "text", text: { colour: "rgba(0,0,0,.5)", background: "white" } }] },
    "neither one of the colours nor a colour",
  ],
  [
    {
      components: [{ name: "a", role: "text" }],
      layouts: [{ widthPx: 320, boxes: [{ component: "b", x: 0, y: 0, width: 1, height: 1 }] }],
    },
    "no component of this name",
  ],
  [
    {
      components: [{ name: "a", role: "text" }],
      layouts: [{ widthPx: 320, boxes: [{ component: "a", x: 0, y: 0, width: 1, height: 1, parent: "x" }] }],
    },
    "no box of this id",
  ],
  [{ components: [{ name: "a", role: "text", colour: "red" }] }, "colour: It is not known here"],
] as const)("%# is refused, saying where", (specification, words) => {
  expect(refusal(specification as unknown as JsonObject)).toContain(words);
});

test("the wireframe names every box, and marks those with findings", () => {
  const answer = checkDesign({ specification: example, files: [] });
  const svg = answer.kind === "done" ? (answer.file?.text ?? "") : "";
  expect(svg).toContain("mail field [1, 8]");
  expect(svg).toContain("<title>Wireframe of Sign-in</title>");
  expect(svg).not.toMatch(/<script|href|foreignObject/u);
});
