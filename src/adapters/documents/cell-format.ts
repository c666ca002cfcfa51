/** How a workbook shows numbers, as far as it is known here. */
export interface NumberShape {
  readonly isDate: boolean;
  readonly isDay: boolean;
  readonly isTime: boolean;
  readonly code: string;
}

/** Number formats that are not written in the file. Source: ECMA-376 part 1, 18.8.30. */
const builtIn: { readonly [id: string]: string } = {
  1: "0",
  2: "0.00",
  3: "#,##0",
  4: "#,##0.00",
  9: "0%",
  10: "0.00%",
  14: "yyyy-mm-dd",
  15: "yyyy-mm-dd",
  16: "yyyy-mm-dd",
  17: "yyyy-mm-dd",
  18: "hh:mm",
  19: "hh:mm:ss",
  20: "hh:mm",
  21: "hh:mm:ss",
  22: "yyyy-mm-dd hh:mm",
  37: "#,##0",
  38: "#,##0",
  39: "#,##0.00",
  40: "#,##0.00",
  45: "mm:ss",
  46: "hh:mm:ss",
  47: "mm:ss",
};

export function shapeOf(formatId: number, custom: ReadonlyMap<number, string>): NumberShape {
  const code = (custom.get(formatId) ?? builtIn[String(formatId)] ?? "").slice(0, 200);
  // Without texts, colours and conditions: what is left of a date are its letters.
  const letters = code.replaceAll(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/giu, "").toLowerCase();
  const isDate = /[ymdhs]/u.test(letters.replaceAll("general", ""));
  return { isDate, isDay: isDate && /[yd]|m(?![ms:]*[:s])/u.test(letters), isTime: isDate && /[hs]/u.test(letters), code };
}

/** Day 0 of the two calendars that workbooks count in. */
const epochMs = { from1900: Date.UTC(1899, 11, 30), from1904: Date.UTC(1904, 0, 1) } as const;
const lastSerial = 2_958_465;

/** A date or time of day as ISO text; null: the number is none. The 1900 calendar is one day off before March 1900, as in the program it comes from. */
export function dateText(serial: number, shape: NumberShape, is1904: boolean): string | null {
  if (!Number.isFinite(serial) || serial < 0 || serial > lastSerial + 1) return null;
  const moment = new Date((is1904 ? epochMs.from1904 : epochMs.from1900) + Math.round(serial * 86_400) * 1_000);
  const iso = moment.toISOString();
  const time = iso.slice(11, 19);
  if (!shape.isDay && serial < 1) return time;
  return shape.isTime || serial % 1 !== 0 ? `${iso.slice(0, 10)} ${time}` : iso.slice(0, 10);
}

/** A number by the plain formats: digits after the point, groups of thousands, percent, and what stands before and after. */
export function numberText(value: number, { code }: NumberShape): string {
  const [section = ""] = code.split(";");
  const form = /^([^0#?]*)(#,##0|#|0)(\.0+)?(%?)([^0#?%]*)$/u.exec(section);
  if (form === null || Math.abs(value) >= 1e15) return String(Number(value.toPrecision(15)));
  const [, before = "", whole = "", point = "", percent = "", after = ""] = form;
  const shown = digitsOf(percent === "" ? value : value * 100, { decimals: Math.max(0, point.length - 1), isGrouped: whole.includes(",") });
  return `${shown.sign}${literal(before)}${shown.digits}${percent}${literal(after)}`;
}

function digitsOf(
  value: number,
  form: { readonly decimals: number; readonly isGrouped: boolean },
): { readonly sign: string; readonly digits: string } {
  const digits = Math.abs(value).toFixed(Math.min(20, form.decimals));
  const [units = "", rest] = digits.split(".");
  const grouped = form.isGrouped ? units.replaceAll(/\B(?=(?:\d{3})+$)/gu, ",") : units;
  return { sign: value < 0 && /[1-9]/u.test(digits) ? "-" : "", digits: rest === undefined ? grouped : `${grouped}.${rest}` };
}

/** Texts of a format; widths, fillings and colours show nothing. */
const literal = (text: string): string =>
  text
    .replaceAll(/_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]/gu, "$1")
    .replaceAll(/"([^"]*)"|\\(.)/gu, "$1$2")
    .replaceAll(/[()]/gu, "");
