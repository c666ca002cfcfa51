import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { jsonText, listAt, objectAt, printAnswer, table, textAt } from "./output.ts";
import { count } from "./values.ts";

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });

export const when = "an instant such as 2026-11-02T09:00:00Z, a day such as 2026-11-02, or epoch milliseconds";

/** An instant as the server reads it. @throws {Failure} `usage.instant` */
export function instantOf(context: GroupContext, text: string | undefined): string | undefined {
  if (text === undefined || /^\d{1,16}$/u.test(text)) return text;
  const atMs = context.use.time.parse(text);
  if (atMs === undefined)
    throw new Failure("invalid", "usage.instant", { message: `"${text.slice(0, 60)}" is no instant. Write ${when}.` });
  return String(atMs);
}

/** `xvc memory as-of|history|diff|changes`. */
export function registerInstants(group: Command, context: GroupContext): void {
  const about = (command: Command): Command =>
    command
      .argument("<kind>", "kind of row, such as request, task, decision, policy")
      .argument("<ref>", "its id or label, such as WORK-3, WORK-3/draft, O-2");
  about(group.command("as-of"))
    .description("show a row of any kind whole, as it was recorded at an instant")
    .option("--at <instant>", `${when}; now, when absent`)
    .addHelpText(
      "after",
      "\nExamples:\n  $ xvc memory as-of request WORK-3 --at 2026-11-02\n  $ xvc memory as-of policy plan-approvers --json\n",
    )
    .action(context.act((kind: string, ref: string, options: AsOfOptions) => asOf(context, { kind, ref, ...options })));
  about(group.command("history"))
    .description("list every version of a row, the newest first: when, who, what changed")
    .option("--before <version>", "only versions before this one", count)
    .option("--limit <count>", "how many; 50, when absent", count)
    .addHelpText("after", "\nExamples:\n  $ xvc memory history task WORK-3/draft\n")
    .action(context.act((kind: string, ref: string, options: HistoryOptions) => history(context, { kind, ref, ...options })));
  about(group.command("diff"))
    .description("show what changed of a row between two instants, field by field")
    .requiredOption("--from <instant>", when)
    .option("--to <instant>", `${when}; now, when absent`)
    .addHelpText("after", "\nExamples:\n  $ xvc memory diff request WORK-3 --from 2026-11-02 --to 2026-11-09\n")
    .action(context.act((kind: string, ref: string, options: DiffOptions) => diff(context, { kind, ref, ...options })));
  group
    .command("changes")
    .description("list what was written since, each change once, in the order of commits")
    .option("--since <instant>", `recorded then or later: ${when}`)
    .option("--kind <kinds>", "only rows of these kinds, separated by commas")
    .option("--limit <count>", "how many; 50, when absent", count)
    .option("--cursor <cursor>", "go on after this one, as the answer before gave it")
    .addHelpText("after", "\nExamples:\n  $ xvc memory changes --since 2026-11-02 --kind request,task --jsonl\n")
    .action(context.act((options: ChangesOptions) => changes(context, options)));
}

interface Row {
  readonly kind: string;
  readonly ref: string;
}

interface AsOfOptions {
  readonly at?: string;
}

interface HistoryOptions {
  readonly before?: number;
  readonly limit?: number;
}

interface DiffOptions {
  readonly from: string;
  readonly to?: string;
}

interface ChangesOptions {
  readonly since?: string;
  readonly kind?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** The path with the fields that have a value. */
export function asked(path: string, fields: { readonly [name: string]: string | number | undefined }): string {
  const given = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(Object.fromEntries(given)).toString()}`;
}

const numberAt = (document: JsonObject, name: string): number => Number(document[name] ?? 0);

/** A time as the log prints it. */
const timeOf = (context: GroupContext, document: JsonObject, name: string): string => context.use.time.format(numberAt(document, name));

async function asOf(context: GroupContext, given: Row & AsOfOptions): Promise<number> {
  const { kind, ref, at } = given;
  const document = await (await open(context)).get(asked("/api/memory/as-of", { kind, ref, at: instantOf(context, at) }));
  const head = `${textAt(document, "kind")} ${textAt(document, "id")}, version ${textAt(document, "version")} of ${timeOf(context, document, "recordedAtMs")} by ${textAt(objectAt(document, "actor"), "name")}\n`;
  const rows = Object.entries(objectAt(document, "row")).map(([field, value]) => [field, jsonText(value)] as const);
  printAnswer(context.use.streams, context.flags(), {
    document,
    people: () => `${head}${rows.map(([field, value]) => `  ${field}: ${value}\n`).join("")}`,
  });
  return exitCodes.ok;
}

async function history(context: GroupContext, given: Row & HistoryOptions): Promise<number> {
  const document = await (await open(context)).get(asked("/api/memory/history", { ...given }));
  const rows = listAt(document, "items");
  const next = textAt(document, "nextBefore");
  const told = rows.map((row) => {
    const changed = listAt(row, "changes").map((change) => textAt(change, "path"));
    const what = numberAt(row, "version") === 1 ? "created" : [...changed, ...(numberAt(row, "more") > 0 ? ["…"] : [])].join(", ");
    return [textAt(row, "version"), timeOf(context, row, "recordedAtMs"), textAt(objectAt(row, "actor"), "name"), what];
  });
  printAnswer(context.use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      `${table(context.use.streams, ["VERSION", "RECORDED", "WHO", "CHANGED"], told)}${next === "" ? "" : `More: --before ${next}\n`}`,
  });
  return exitCodes.ok;
}

const signs = { same: " ", added: "+", removed: "-", skipped: "" } as const;

function changeText(change: JsonObject): string {
  const lines = listAt(change, "lines");
  const head = `${textAt(change, "path")} (${textAt(change, "kind")})\n`;
  if (lines.length > 0)
    return `${head}${lines
      .map((line) => {
        const kind = textAt(line, "kind") as keyof typeof signs; // by the contract
        return kind === "skipped"
          ? `  … ${textAt(line, "lines")} lines the same\n`
          : `  ${signs[kind]} ${textAt(line, "text").trimEnd()}\n`;
      })
      .join("")}`;
  const before = textAt(change, "kind") === "added" ? "" : `  - ${jsonText(change["before"] ?? null)}\n`;
  return `${head}${before}${textAt(change, "kind") === "removed" ? "" : `  + ${jsonText(change["after"] ?? null)}\n`}`;
}

async function diff(context: GroupContext, given: Row & DiffOptions): Promise<number> {
  const document = await (
    await open(context)
  ).get(asked("/api/memory/diff", { ...given, from: instantOf(context, given.from), to: instantOf(context, given.to) }));
  const rows = listAt(document, "changes");
  const [from, to] = [objectAt(document, "from"), objectAt(document, "to")];
  const side = (one: JsonObject): string => `version ${textAt(one, "version")} of ${timeOf(context, one, "recordedAtMs")}`;
  const more = numberAt(document, "more");
  printAnswer(context.use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      [
        `From ${side(from)} to ${side(to)}: ${rows.length === 0 ? "nothing changed" : `${String(rows.length + more)} changes`}.\n`,
        ...rows.map(changeText),
        ...(more > 0 ? [`… and ${String(more)} more.\n`] : []),
      ].join(""),
  });
  return exitCodes.ok;
}

async function changes(context: GroupContext, options: ChangesOptions): Promise<number> {
  const document = await (await open(context)).get(asked("/api/memory/changes", { ...options, since: instantOf(context, options.since) }));
  const rows = listAt(document, "items");
  const next = textAt(document, "nextCursor");
  const told = rows.map((row) => [
    timeOf(context, row, "recordedAtMs"),
    textAt(row, "kind"),
    textAt(row, "operation"),
    textAt(row, "title"),
    textAt(row, "state"),
    textAt(objectAt(row, "actor"), "name"),
    textAt(row, "id"),
  ]);
  printAnswer(context.use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      rows.length === 0
        ? "Nothing was written since.\n"
        : `${table(context.use.streams, ["RECORDED", "KIND", "WHAT", "TITLE", "STATE", "WHO", "ID"], told)}On from here: --cursor ${next}\n`,
  });
  return exitCodes.ok;
}
