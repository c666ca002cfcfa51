import type { Computation, Material } from "../../../core/gate/computation.ts";
import type { JsonObject } from "../../../core/shared/json.ts";
import { paint } from "../diagrams/picture.ts";
import type { SvgPiece } from "../diagrams/svg-elements.ts";
import { placeOf, refusedAt, refusedFor } from "../specification.ts";
import { type DesignLayout, type DesignSpecification, readDesign } from "./design-specification.ts";
import { type DesignFinding, judgeComponent } from "./judge-components.ts";
import { judgeLayout } from "./judge-layout.ts";

const mostTold = 300;
const levels = ["AA", "AAA", "advice"] as const;

/** Checks a specification of components and layouts against WCAG 2.2 as far as it can be computed, and draws its boxes. */
export function checkDesign({ specification, files }: Material): Computation {
  if (files.length > 0) return refusedAt("", "It takes a specification, and no files beside it.");
  const root = placeOf(specification);
  const design = readDesign(root);
  if (root.problems.length > 0) return refusedFor(root.problems);
  const { components, layouts, hasDark, name } = design;
  const all = [...components.flatMap((one) => judgeComponent(one, hasDark)), ...layouts.flatMap(judgeLayout), ...widthAdvice(layouts)];
  const findings = levels.flatMap((level) => all.filter((finding) => finding.level === level));
  const counts = Object.fromEntries(levels.map((level) => [level, findings.filter((one) => one.level === level).length]));
  return {
    kind: "done",
    result: {
      schema: "xvc.design-check/1",
      name,
      holdsAA: counts["AA"] === 0,
      counts,
      checked: {
        components: components.length,
        widthsPx: layouts.map(({ widthPx }) => widthPx),
        themes: hasDark ? ["light", "dark"] : ["light"],
      },
      findings: findings.slice(0, mostTold).map((finding): JsonObject => ({ ...finding })),
      notTold: Math.max(0, findings.length - mostTold),
      notChecked: "What only a person or the built page can show: meaning of texts, reading order of code, keyboard, zoom, motion.",
      specification,
    },
    file: layouts.length === 0 ? null : { mediaType: "image/svg+xml", text: wireframe(design, findings) },
  };
}

/** 1280 px at 400 % are 320 px. */
const widthAdvice = (layouts: readonly DesignLayout[]): readonly DesignFinding[] =>
  layouts.length === 0 || layouts.some(({ widthPx }) => widthPx <= 320)
    ? []
    : [
        {
          rule: "narrow-layout",
          level: "advice",
          path: "layouts",
          message: "No layout is 320 px wide or less, so that nothing is known of zoom to 400 %.",
          measured: Math.min(...layouts.map(({ widthPx }) => widthPx)),
          needed: 320,
          source: "WCAG 2.2, 1.4.10",
        },
      ];

const font = { "font-family": "Helvetica, Arial, sans-serif", "font-size": "12" };
const gap = 40;

/** The boxes of every width side by side; what a finding of AA names is dashed and numbered. */
function wireframe({ name, layouts }: DesignSpecification, findings: readonly DesignFinding[]): string {
  let left = 0;
  let bottom = 0;
  const pieces = layouts.flatMap((layout) => {
    const from = left;
    const height = Math.max(100, ...layout.boxes.map((box) => box.y + box.height));
    left += layout.widthPx + gap;
    bottom = Math.max(bottom, height);
    return layoutPieces(layout, { from, height, findings });
  });
  const faults = findings.filter(({ level }) => level === "AA").length;
  const widths = layouts.map(({ widthPx }) => `${widthPx} px`).join(", ");
  const description = `Boxes of ${name} at ${widths}. ${faults === 0 ? "No finding of AA." : `${faults} findings of AA; their boxes are dashed and marked with a number.`}`;
  return paint({ title: `Wireframe of ${name}`, description, box: [-20, -40, left - gap + 40, bottom + 60], pieces });
}

function layoutPieces(
  layout: DesignLayout,
  { from, height, findings }: { readonly from: number; readonly height: number; readonly findings: readonly DesignFinding[] },
): readonly SvgPiece[] {
  const frame = piece("rect", { x: from, y: 0, width: layout.widthPx, height, fill: "none", stroke: "#8b8fa3" });
  const title = piece("text", { x: from, y: -12, "text-anchor": "start", ...font, "font-weight": "bold" }, `${layout.widthPx} px`);
  const boxes = layout.boxes.toSorted((one, other) => one.layer - other.layer || other.width * other.height - one.width * one.height);
  return [
    title,
    frame,
    ...boxes.flatMap((box) => {
      const numbers = findings.flatMap(({ path, level }, index) =>
        level === "AA" && (path === box.path || path.startsWith(`${box.component.path}.`)) ? [index + 1] : [],
      );
      const bad = numbers.length > 0;
      const style = bad ? { stroke: "#a3182a", "stroke-width": "2", "stroke-dasharray": "6 3" } : { stroke: "#5a5d66" };
      const label = `${box.component.name}${bad ? ` [${numbers.slice(0, 5).join(", ")}]` : ""}`;
      return [
        piece("rect", { x: from + box.x, y: box.y, width: box.width, height: box.height, rx: 3, fill: "none", ...style }),
        piece(
          "text",
          { x: from + box.x + 4, y: box.y + Math.min(15, box.height - 2), "text-anchor": "start", ...font },
          label.slice(0, Math.max(3, Math.floor(box.width / 6))),
        ),
      ];
    }),
  ];
}

const piece = (name: SvgPiece["name"], attributes: { readonly [name: string]: string | number }, text = ""): SvgPiece => ({
  name,
  attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)])),
  text,
  children: [],
});
