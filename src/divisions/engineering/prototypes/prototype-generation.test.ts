import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../core/shared/json.ts";
import { contrast } from "../colour.ts";
import { accents } from "./prototype-page.ts";
import { generatePrototype } from "./prototype-generation.ts";

const make = (specification: JsonObject) => generatePrototype({ specification, files: [] });
const refusal = (specification: JsonObject): string => {
  const made = make(specification);
  return made.kind === "refused" ? made.problems.map(({ path, message }) => `${path}: ${message}`).join("\n") : "";
};
const screen = (id: string, elements: readonly Json[], more: JsonObject = {}): Json => ({ id, title: id, elements, ...more });
const link = (to: string): Json => ({ kind: "link", text: "On", to });

test.each([
  [{ title: "T" }, "screens: It needs at least 1 entry"],
  [{ title: "T", screens: [screen("a", [link("b")])] }, 'leads to "b", and there is no such screen'],
  [{ title: "T", screens: [screen("a", []), screen("b", [])] }, 'Nothing leads to "b" from "a"'],
  [{ title: "T", screens: [screen("a", []), screen("a", [])] }, "one id"],
  [{ title: "T", screens: [screen("A b", [])] }, "screens[0].id"],
  [{ title: "T", screens: [screen("a", [{ kind: "input" }])] }, "label: It is missing"],
  [{ title: "T", screens: [screen("a", [{ kind: "image" }])] }, "alt: It is missing"],
  [{ title: "T", screens: [screen("a", [{ kind: "heading", level: 3, text: "x" }])] }, "no level may be left out"],
  [{ title: "T", screens: [screen("a", [{ kind: "script", text: "x" }])] }, "kind: It must be one of"],
  [{ title: "T", screens: [screen("a", [{ kind: "text", text: "x", onclick: "y" }])] }, "onclick: It is not known"],
  [{ title: "T", screens: [screen("a", [{ kind: "table", caption: "c", columns: ["a", "b"], rows: [["x"]] }])] }, "1 cells for 2 columns"],
  [{ title: "T", accent: "url(x)", screens: [screen("a", [])] }, "accent"],
] as const)("%# is refused, saying where", (specification, words) => {
  expect(refusal(specification as unknown as JsonObject)).toContain(words);
});

test("text of whoever wrote the specification never becomes markup", () => {
  const hostile = fc.constantFrom(
    "</style><script>alert(1)</script>",
    '" onload="x',
    "<img src=x onerror=y>",
    "'>&",
    "javascript:x",
    "\u2028é🙂",
    "a",
  );
  fc.assert(
    fc.property(hostile, hostile, (one, other) => {
      const made = make({
        title: one,
        screens: [
          screen("a", [
            { kind: "text", text: other },
            { kind: "heading", level: 2, text: one },
            { kind: "image", alt: one, caption: other },
            { kind: "input", label: one, hint: other, value: one, error: other },
            { kind: "input", input: "select", label: other, options: [one] },
            { kind: "table", caption: one, columns: [other], rows: [[one]] },
            { kind: "group", title: other, elements: [{ kind: "notice", text: one }] },
            { kind: "navigation", label: one, items: [{ text: other, to: "a" }] },
          ]),
        ],
      });
      const text = made.kind === "done" ? (made.file?.text ?? "") : "";
      expect(text).not.toMatch(/<script|<img|\son\w+="|href="(?!#[a-z])/u);
      expect(text.match(/<style>/gu)).toHaveLength(1);
    }),
  );
});

test("any accent is shown so that text in it and on it can be read, in both themes", () => {
  const channel = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.tuple(channel, channel, channel), (accent) => {
      const { light, dark } = accents(accent);
      expect(contrast(light, [255, 255, 255])).toBeGreaterThanOrEqual(4.5);
      expect(contrast(dark, [22, 24, 29])).toBeGreaterThanOrEqual(4.5);
    }),
  );
});
