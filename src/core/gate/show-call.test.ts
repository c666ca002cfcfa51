import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../shared/json.ts";
import { shownLines } from "./show-call.ts";
import { markedRuns, visibleText } from "./show-text.ts";

const hostile = [
  "a\u202eb",
  "pa\u0443pal",
  "x\u200by",
  "\u3164",
  "\ufe0f",
  "a\u0000b",
  "<img src=x onerror=alert(1)>",
  "![x](https://evil.example/?q=1)",
  "\u{e0041}",
  "\uff41",
  "раураl",
  "ОРЕ",
];
const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...hostile));

const lines = (given: JsonObject, more: Partial<Parameters<typeof shownLines>[0]> = {}) =>
  shownLines({ arguments: given, named: [], declared: null, label: { integrity: "external", readers: [] }, ...more });

test("what is shown decodes to what is hashed, and nothing in it is hidden", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const [line] = lines({ text });
      expect(JSON.parse(line?.json ?? "")).toBe(text);
      expect(line?.json).toMatch(/^[\x20-\x7e]*$/u);
      expect(visibleText(text)).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
    { numRuns: 500 },
  );
  expect(lines({ to: "pa\u0443pal" })[0]?.warnings).toHaveLength(1);
  expect(lines({ to: "paypal" })[0]?.warnings).toEqual([]);
});

test("the pieces of a text are the text, none of them hides anything, and a value of a megabyte is shown whole", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const runs = markedRuns(text);
      expect(runs.map(({ raw }) => raw).join("")).toBe(text);
      expect(runs.map((run) => run.text).join("")).toBe(visibleText(text));
      for (const { mark, raw } of runs) expect(mark === "hidden").toBe(visibleText(raw) !== raw);
    }),
    { numRuns: 500 },
  );
  const long = `${"word ".repeat(200_000)}\u202e`;
  expect(markedRuns(long)).toHaveLength(2);
});

test("letters are marked where one could be taken for another, and left alone in a language's own words", () => {
  const marked = (text: string) =>
    markedRuns(text)
      .filter(({ mark }) => mark === "lookalike")
      .map(({ raw }) => raw);
  expect(marked("pa\u0443pal.com")).toEqual(["\u0443"]);
  expect(marked("at раураl now")).toEqual(["раура"]);
  expect(marked("\u0420\u0410\u0423")).toEqual(["\u0420\u0410\u0423"]);
  expect(marked("Привет, мир")).toEqual([]);
  expect(marked("Ελλάδα and English")).toEqual([]);
  expect(marked("ｐaypal")).toEqual(["ｐ"]);
  expect(marked("naïve Zürich 2,50 €")).toEqual([]);
});

test("each argument says where it came from and whether it is whom it reaches", () => {
  const declared = { origin: "office", deliveryClass: "once", targets: ["to"], amountArgument: null, timeLimitMs: 1 } as const;
  expect(lines({ to: "a", text: "b" }, { named: ["to"], declared })).toMatchObject([
    { argument: "to", part: "target", source: "human" },
    { argument: "text", part: "content", source: "external" },
  ]);
  // Without declared targets every argument may say whom it reaches.
  expect(lines({ text: "b" })).toMatchObject([{ part: "target", source: "external" }]);
});
