/** Functions that compute and do nothing else: none fetches, calls, or depends on anything outside of the workbook. */
const functions = new Set(
  (
    "ABS AND AVERAGE AVERAGEIF AVERAGEIFS CEILING CONCATENATE COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS DATE DAY DAYS EDATE EOMONTH EXP " +
    "FALSE FIND FLOOR IF IFERROR INDEX INT IRR ISBLANK ISERROR ISNUMBER ISTEXT LARGE LEFT LEN LN LOG LOG10 LOWER MATCH MAX MEDIAN MID MIN " +
    "MOD MONTH NETWORKDAYS NOT NPV OR PERCENTILE PI PMT POWER PRODUCT QUARTILE RANK RIGHT ROUND ROUNDDOWN ROUNDUP SMALL SQRT STDEV STDEVP " +
    "SUBSTITUTE SUM SUMIF SUMIFS SUMPRODUCT TEXT TRIM TRUE UPPER VALUE VAR VARP VLOOKUP WEEKDAY WORKDAY YEAR"
  ).split(" "),
);

const maxFormulaChars = 2_000;

/** Why a formula may not be written into a workbook; null: it may. Texts in it and names of sheets are looked through, not into. */
export function formulaProblem(formula: string): string | null {
  if (formula.trim() === "" || formula.length > maxFormulaChars) return `A formula has 1 to ${maxFormulaChars} characters.`;
  const code = formula.replaceAll(/"(?:[^"]|"")*"/gu, " ").replaceAll(/'[^'[\]|\\\p{Cc}]{1,31}'!/gu, " ");
  // Other workbooks stand in brackets, other programs behind a bar; a quote that is left is one that never closes.
  if (/[[\]|\\{}"'#]|\p{Cc}/u.test(code)) return "A formula refers to cells of its own workbook only.";
  const called = Array.from(code.matchAll(/([\p{L}_][\p{L}\p{N}_.]*)\s*\(/gu), ([, name = ""]) => name.toUpperCase());
  const unknown = called.find((name) => !functions.has(name));
  return unknown === undefined ? null : `${unknown.slice(0, 40)} is none of the functions that are written here.`;
}

/** Column 28 is `AB`. */
export function columnName(column: number): string {
  let name = "";
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return name;
}

/** `AB3` is row 3 of column 28; undefined: it names no cell of a sheet. */
export function cellPlace(reference: string): { readonly column: number; readonly row: number } | undefined {
  const [, letters = "", digits = ""] = /^([A-Z]{1,3})([1-9]\d{0,6})$/u.exec(reference) ?? [];
  if (letters === "") return undefined;
  const column = Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
  return column <= 16_384 && Number(digits) <= 1_048_576 ? { column, row: Number(digits) } : undefined;
}
