import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { CliStreams } from "./cli-dependencies.ts";

/** Global flags, as they stand on any command. */
export interface GlobalFlags {
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly quiet?: boolean;
  readonly yes?: boolean;
  readonly port?: string;
}

/** Escape sequences, other control characters and those that turn the direction of writing. */
const unsafe =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]{0,4096}(?:\u0007|\u001B\\)|[@-Z\\-_])|[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/** Text from outside as a terminal may show it: what could move the cursor, rename the window or hide words is gone. */
export const printable = (text: string): string => text.replaceAll(unsafe, "");

/** One line of it, for a table. */
export const oneLine = (text: string): string => printable(text).replaceAll(/\s+/gu, " ").trim();

/** JSON whose text is safe on a terminal; JSON's own escapes say the same. */
export const jsonText = (value: Json, indent?: number): string =>
  JSON.stringify(value, null, indent).replaceAll(
    /[\u007F-\u009F\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

export type Cell = string | number | null;

const maxCell = 80;

/** Rows with their columns aligned; on a pipe, fields separated by tabs. */
export function table(streams: Pick<CliStreams, "isTerminal">, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) => row.map((cell) => (cell === null ? "-" : oneLine(String(cell)))));
  if (!streams.isTerminal) return cells.map((row) => `${row.join("\t")}\n`).join("");
  const shown = [head, ...cells.map((row) => row.map((cell) => (cell.length > maxCell ? `${cell.slice(0, maxCell - 1)}…` : cell)))];
  const widths = head.map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)));
  return shown
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** Prints the answer of a command: as JSON, as lines of JSON, or for people. */
export function printAnswer(
  streams: CliStreams,
  flags: GlobalFlags,
  answer: { readonly document: JsonObject; readonly rows?: readonly Json[]; readonly people: () => string },
): void {
  if (flags.jsonl === true) {
    const schema = answer.document["schema"] ?? null;
    for (const row of answer.rows ?? [answer.document]) streams.out(`${jsonText(isObject(row) ? { schema, ...row } : row)}\n`);
  } else if (flags.json === true) streams.out(`${jsonText(answer.document, 2)}\n`);
  else streams.out(printable(answer.people()));
}

const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** Says something beside the data; silent under `-q`. */
export function note(streams: CliStreams, flags: GlobalFlags, text: string): void {
  if (flags.quiet !== true) streams.err(`${printable(text)}\n`);
}

/** Fields of a document from outside, looked at rather than trusted. */
export const textAt = (document: JsonObject, name: string): string => {
  const value = document[name];
  return typeof value === "string" ? value : typeof value === "number" || typeof value === "boolean" ? String(value) : "";
};

export const listAt = (document: JsonObject, name: string): readonly JsonObject[] => {
  const value = document[name];
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
};

export const objectAt = (document: JsonObject, name: string): JsonObject => {
  const value = document[name];
  return value !== undefined && isObject(value) ? value : {};
};
