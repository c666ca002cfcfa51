import { checkPlan } from "../../../../core/planning/check-plan.ts";
import { readChecklist, readTaskTable } from "../../../../core/planning/read-checklist.ts";
import { readPlan } from "../../../../core/planning/read-plan.ts";
import type { Json, JsonObject } from "../../../../core/shared/json.ts";

/** One line of the table editor; `after` names other lines by number. */
export interface TaskRow extends JsonObject {
  readonly title: string;
  readonly after: string;
  readonly hours: string;
}

export const emptyRow: TaskRow = { title: "", after: "", hours: "" };

/** Lines of the table; more are written as a checklist. */
const maxRows = 200;

/** What was written, as the server will read it. */
export interface Written {
  /** The body that proposes it: `{table}`, `{markdown}` or `{document}`. */
  readonly value: JsonObject;
  readonly titles: readonly string[];
  readonly problems: readonly string[];
}

/** The table's lines from its draft; one empty line when there is none. */
export function readRows(text: string): readonly TaskRow[] {
  const kept = parse(text);
  if (!Array.isArray(kept) || kept.length === 0) return [emptyRow];
  return kept
    .slice(0, maxRows)
    .map((row: unknown) => ({ title: textOf(row, "title"), after: textOf(row, "after"), hours: textOf(row, "hours") }));
}

function textOf(row: unknown, name: string): string {
  const value = typeof row === "object" && row !== null ? (row as { readonly [key: string]: unknown })[name] : undefined;
  return typeof value === "string" ? value : "";
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json; // JSON is what it returns
  } catch {
    // Half-typed JSON is told as a problem by the caller.
    return undefined;
  }
}

/** Lines as the server's table: keys made from the titles, numbers turned into keys. */
function tableOf(rows: readonly TaskRow[]): readonly JsonObject[] {
  const filled = rows.map((row, at) => ({ ...row, key: keyOf(row.title, at + 1) }));
  return filled
    .filter((row) => row.title.trim() !== "")
    .map((row) => ({
      task: row.key,
      title: row.title.trim(),
      dependencies: row.after
        .split(/[\s,;]+/u)
        .filter((part) => part !== "")
        .map((part) => filled[Number(part) - 1]?.key ?? part),
      ...(row.hours.trim() === "" ? {} : { hours: row.hours.trim() }),
    }));
}

function keyOf(title: string, number: number): string {
  const words = title
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[^a-z0-9]+/gu, "_")
    .replaceAll(/^_+|_+$/gu, "")
    .slice(0, 60);
  return words === "" ? `task_${number}` : words;
}

/** Reads what a person wrote with the server's own rules. */
export function writtenTasks(way: "table" | "markdown" | "json", text: string): Written {
  if (way === "table") {
    const table = tableOf(readRows(text));
    return judged({ table }, { decomposition: readTaskTable(table) });
  }
  if (way === "markdown") return judged({ markdown: text }, { decomposition: readChecklist(text) });
  const document = parse(text);
  if (typeof document !== "object" || document === null || Array.isArray(document))
    return { value: {}, titles: [], problems: text.trim() === "" ? [] : ["This is not a JSON object yet."] };
  return judged({ document }, document);
}

function judged(value: JsonObject, raw: Json): Written {
  const { document, problems } = readPlan(raw, "person", "EUR");
  if (document.decomposition.length === 0) return { value, titles: [], problems: [] };
  const all = [...problems, ...(problems.length === 0 ? checkPlan(document) : [])];
  return { value, titles: document.decomposition.map((task) => task.title), problems: [...new Set(all.map((problem) => problem.message))] };
}
