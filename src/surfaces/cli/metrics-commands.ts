import { type Command, Option } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { asked, instantOf, when } from "./instant-commands.ts";
import { listAt, note, printAnswer, table, textAt } from "./output.ts";

interface MetricsOptions {
  readonly days?: string;
  readonly project?: string;
  readonly at?: string;
}

const windows = ["7", "30", "90"] as const;

function narrowed(command: Command): Command {
  return command
    .addOption(new Option("--days <days>", "the window, in days before now or before --at").choices([...windows]).default("30"))
    .option("--project <key>", "only this project; rehearsals are never counted")
    .option("--at <instant>", `as it was recorded at this instant: ${when}`);
}

/** `xvc metrics`: how the work flows, counted from events. */
export function registerMetrics(group: Command, context: GroupContext): void {
  narrowed(group.command("list", { isDefault: true }).description("list metrics with value, n, interval and the window before"))
    .addHelpText(
      "after",
      "\nExamples:\n  $ xvc metrics list\n  $ xvc metrics list --days 90 --project ENG --json\n  $ xvc metrics list --at 2026-11-02\n",
    )
    .action(context.act((options: MetricsOptions) => list(context, options)));
  narrowed(
    group
      .command("show")
      .description("show one metric with its definition, n, interval and the events it counts")
      .argument("<metric>", "key, as the list has it"),
  )
    .addHelpText("after", "\nExamples:\n  $ xvc metrics show delivered\n  $ xvc metrics show delivered --at 2026-11-02T09:00:00Z --json\n")
    .action(context.act((key: string, options: MetricsOptions) => show(context, key, options)));
}

const parts = ["flow", "people", "stages"] as const;

async function read(context: GroupContext, { at, ...plain }: MetricsOptions): Promise<JsonObject> {
  const client = await context.use.connect({ start: false, port: context.flags().port });
  return client.get(asked("/api/metrics", { ...plain, at: instantOf(context, at) }));
}

const metricsIn = (document: JsonObject): readonly JsonObject[] => parts.flatMap((part) => listAt(document, part));

const hourMs = 3_600_000;
const numberText = (value: number): string => String(Number(value.toPrecision(3)));

/** A number with its unit; a metric without enough data has none. */
function valueText(value: unknown, unit: string): string {
  if (typeof value !== "number") return "-";
  if (unit === "share") return `${numberText(100 * value)} %`;
  if (unit === "per-week") return `${numberText(value)} a week`;
  return unit === "ms" ? `${numberText(value / hourMs)} h` : numberText(value);
}

const countText = (value: unknown): string => (typeof value === "number" ? String(value) : "-");

const objectIn = (row: JsonObject, field: string): JsonObject | null => {
  const value = row[field];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null; // an object of the contract
};

function intervalText(row: JsonObject): string {
  const interval = objectIn(row, "interval");
  const unit = textAt(row, "unit");
  return interval === null ? "-" : `${valueText(interval["low"], unit)} to ${valueText(interval["high"], unit)}`;
}

async function list(context: GroupContext, options: MetricsOptions): Promise<number> {
  const document = await read(context, options);
  const rows = metricsIn(document);
  const { streams } = context.use;
  printAnswer(streams, context.flags(), {
    document,
    rows,
    people: () =>
      table(
        streams,
        ["METRIC", "WHAT", "VALUE", "N", "INTERVAL", "BEFORE"],
        rows.map((row) => [
          textAt(row, "key"),
          textAt(row, "label"),
          valueText(row["value"], textAt(row, "unit")),
          countText(row["n"]),
          intervalText(row),
          valueText(objectIn(row, "before")?.["value"], textAt(row, "unit")),
        ]),
      ),
  });
  note(
    streams,
    context.flags(),
    `Over ${countText(document["days"])} days. A dash: too few observations. xvc metrics show METRIC says how it is counted.`,
  );
  return exitCodes.ok;
}

async function show(context: GroupContext, key: string, options: MetricsOptions): Promise<number> {
  const document = await read(context, options);
  const metrics = metricsIn(document);
  const metric = metrics.find((row) => textAt(row, "key") === key);
  if (metric === undefined)
    throw new Failure("not-found", "metric.not-found", {
      message: `There is no metric ${key.slice(0, 50)}. Known: ${metrics.map((row) => textAt(row, "key")).join(", ")}.`,
    });
  const { days, fromMs, toMs, projects } = document;
  printAnswer(context.use.streams, context.flags(), {
    document: { schema: "xvc.metric/1", days: days ?? null, fromMs: fromMs ?? null, toMs: toMs ?? null, projects: projects ?? [], metric },
    people: () => told(metric),
  });
  return exitCodes.ok;
}

function told(metric: JsonObject): string {
  const unit = textAt(metric, "unit");
  const before = objectIn(metric, "before");
  const kinds = objectIn(metric, "rows")?.["kinds"];
  const lines = [
    `${textAt(metric, "label")}: ${valueText(metric["value"], unit)}`,
    `n ${countText(metric["n"])}${metric["value"] === null ? `, too few: ${countText(metric["fewest"])} are needed` : ""}`,
    `${textAt(metric, "intervalMeans")}: ${intervalText(metric)}`,
    `the window before: ${before === null ? "not enough data" : `${valueText(before["value"], unit)}, n ${countText(before["n"])}`}`,
    textAt(metric, "definition"),
    `counted from ${Array.isArray(kinds) ? kinds.join(", ") : "events"}`,
  ];
  return `${lines.join("\n")}\n`;
}
