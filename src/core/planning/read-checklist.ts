import type { Json, JsonObject } from "../shared/json.ts";
import { planLimits } from "./check-plan.ts";

/** Upper bound of entries that are read: one more than a plan may have, so that a longer list is refused and never cut. */
const maxEntries = planLimits.tasks + 1;

/**
 * Reads a Markdown checklist as plan rows for `readPlan`. One list item is one task. Details stand in brackets at the end of the
 * line, separated by semicolons; brackets that say anything else belong to the title:
 *
 * `- [ ] Design the screens (persona: ux_designer; after: architecture; hours: 8-16-40; makes: ui.md; key: ui)`
 *
 * Without `after`, an item follows the one above it; `after` names keys or titles. Lines that are no list items are left out.
 */
export function readChecklist(markdown: string): readonly JsonObject[] {
  const rows: Row[] = [];
  let previous: string | null = null;
  for (const line of markdown.split(/\r?\n/u)) {
    const item = /^\s{0,40}(?:[-*+]|\d{1,4}[.)])\s+(?:\[[ xX]?\]\s+)?(\S.*)$/u.exec(line)?.[1];
    if (item === undefined || rows.length >= maxEntries) continue;
    const row = readItem(item.trim(), rows.length + 1, previous);
    previous = row["task"];
    rows.push(row);
  }
  return withKeys(rows);
}

/** Puts keys where a dependency is named by the title of exactly one task. A name that is none stays, for the checks to tell. `O(rows)` */
function withKeys<Named extends JsonObject>(rows: readonly Named[]): readonly Named[] {
  const keys = new Set(rows.map((row) => row["task"]));
  const byTitle = new Map<string, string | null>();
  for (const { title, task } of rows)
    if (typeof title === "string" && typeof task === "string") byTitle.set(folded(title), byTitle.has(folded(title)) ? null : task);
  const keyFor = (name: Json): Json => (typeof name !== "string" || keys.has(name) ? name : (byTitle.get(folded(name)) ?? name));
  return rows.map((row) => {
    const { dependencies } = row;
    return Array.isArray(dependencies) ? { ...row, dependencies: dependencies.map((name: Json) => keyFor(name)) } : row;
  });
}

const folded = (title: string): string => title.trim().toLowerCase();

type Row = JsonObject & { readonly task: string };

function readItem(item: string, number: number, previous: string | null): Row {
  const open = item.endsWith(")") ? item.lastIndexOf("(") : -1;
  const details = open < 0 ? null : readDetails(item.slice(open + 1, -1));
  const title = details === null ? item : item.slice(0, open).trim();
  return rowOf(title, details ?? new Map(), { number, previous });
}

const known: ReadonlySet<string> = new Set(["persona", "after", "hours", "makes", "key"]);

/** The details in a pair of brackets; null when they are none. */
function readDetails(inner: string): ReadonlyMap<string, string> | null {
  const details = inner.split(";").map((part) => splitDetail(part));
  return details.every(([name]) => known.has(name)) ? new Map(details) : null;
}

function rowOf(
  title: string,
  details: ReadonlyMap<string, string>,
  place: { readonly number: number; readonly previous: string | null },
): Row {
  const { number, previous } = place;
  const after = details.get("after");
  const makes = details.get("makes");
  const hours = readHours(details.get("hours"));
  const dependencies = after === undefined ? (previous === null ? [] : [previous]) : list(after).filter((key) => key !== "nothing");
  return {
    task: details.get("key") ?? keyOf(title, number),
    title,
    persona: details.get("persona") ?? "contributor",
    dependencies,
    executor: "human",
    ...(makes === undefined ? {} : { outputs: list(makes) }),
    ...(hours === null ? {} : { estimate: hours }),
  };
}

/** Rows of a table a person filled in; the same names as in the checklist's brackets. */
export function readTaskTable(rows: readonly JsonObject[]): readonly JsonObject[] {
  const read = rows.slice(0, maxEntries).map((row, index) => {
    const title = typeof row["title"] === "string" ? row["title"] : "";
    const after = row["after"] ?? row["dependencies"];
    const hours =
      typeof row["hours"] === "number"
        ? readHours(String(row["hours"]))
        : readHours(typeof row["hours"] === "string" ? row["hours"] : undefined);
    return {
      persona: "contributor",
      executor: "human",
      ...row,
      task: typeof row["task"] === "string" && row["task"] !== "" ? row["task"] : keyOf(title, index + 1),
      title,
      dependencies: typeof after === "string" ? list(after) : (after ?? []),
      ...(hours === null ? {} : { estimate: hours }),
    };
  });
  return withKeys(read);
}

const splitDetail = (part: string): readonly [string, string] => {
  const colon = Math.max(0, part.indexOf(":"));
  return [part.slice(0, colon).trim().toLowerCase(), part.slice(colon + 1).trim()];
};

const list = (value: string): readonly string[] =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

function keyOf(title: string, number: number): string {
  const words = title
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[^a-z0-9]+/gu, "_")
    .replaceAll(/^_+|_+$/gu, "")
    .slice(0, 60);
  return words === "" ? `task_${number}` : `${words}_${number}`;
}

function readHours(value: string | undefined): JsonObject | null {
  const numbers = (value ?? "").split("-").map((part) => Number.parseFloat(part));
  const [low, likely, high] = numbers;
  if (numbers.length === 3 && numbers.every((number) => Number.isFinite(number)))
    return { lowHours: low ?? 0, likelyHours: likely ?? 0, highHours: high ?? 0 };
  if (numbers.length === 1 && low !== undefined && Number.isFinite(low))
    return { lowHours: low / 2, likelyHours: low, highHours: low * 2.5 };
  return null;
}
