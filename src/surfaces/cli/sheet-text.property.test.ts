import fc from "fast-check";
import { expect, test } from "vitest";
import { csvText, markdownText, type SheetCell } from "./sheet-text.ts";

/** Reads RFC 4180 as a spreadsheet does. */
function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  let cell = "";
  let inQuotes = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? "";
    if (inQuotes) {
      if (character !== '"') cell += character;
      else if (text[index + 1] === '"') {
        cell += '"';
        index++;
      } else inQuotes = false;
    } else if (character === '"') inQuotes = true;
    else if (character === "," || character === "\r") {
      rows.at(-1)?.push(cell);
      cell = "";
      if (character === "\r") {
        index++;
        rows.push([]);
      }
    } else cell += character;
  }
  return rows.slice(0, -1);
}

const hostile = fc.constantFrom(
  "=1+1",
  "+cmd|' /C calc'!A0",
  "-2+3",
  "@SUM(A1)",
  "\t=1",
  " =1",
  "\r\n=1",
  "＝1",
  "\0=1",
  'a"b',
  "a,b",
  "a\nb",
  "",
);
const text = fc.oneof(hostile, fc.string({ unit: "grapheme", maxLength: 12 }));
const cell: fc.Arbitrary<SheetCell> = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));

test("a table is read back cell by cell, and no text in it is a formula", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell), { maxLength: 6 }), (rows) => {
      const read = readCsv(csvText({ title: "t", columns: ["a", "b", "c"], rows }));
      expect(read[0]).toEqual(["a", "b", "c"]);
      expect(read.length).toBe(rows.length + 1);
      for (const [index, row] of rows.entries())
        for (const [column, value] of row.entries()) {
          const found = read[index + 1]?.[column] ?? "";
          const said = value === null ? "" : String(value);
          expect([said, `'${said}`]).toContain(found);
          expect(typeof value === "string" && /^[\s\0]*[=+\-@＝＋－＠]/u.test(found)).toBe(false);
        }
    }),
  );
});

test("negative numbers stay numbers", () => {
  expect(csvText({ title: "t", columns: ["n", "s"], rows: [[-5, "-5"]] })).toBe("n,s\r\n-5,'-5\r\n");
});

test("a Markdown table keeps its form whatever stands in it, and nothing of it is markup", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 6 }), (rows) => {
      const lines = markdownText({ title: "t", columns: ["a", "b"], rows }).split("\n");
      expect(lines.length).toBe(rows.length + 5);
      for (const line of lines.slice(4, -1)) expect(line.match(/(?<!\\)(?:\\\\)*\|/gu)?.length).toBe(3);
    }),
  );
  const hostileCells = [["<img src=x onerror=y>", "![x](https://evil.example/x)", "| a |"]];
  expect(markdownText({ title: "t", columns: ["a", "b", "c"], rows: hostileCells })).toContain(
    "| &lt;img src=x onerror=y> | \\!\\[x\\](https\u200B://evil.example/x) | \\| a \\| |",
  );
});
