import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, objectAt, printAnswer, table, textAt } from "./output.ts";
import { collect, readJson, reference, segment } from "./values.ts";

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });

/** `xvc memory decisions|decision|record|decide|outcome|review`. */
export function registerDecisions(group: Command, context: GroupContext): void {
  registerReading(group, context);
  registerRecording(group, context);
  registerSettling(group, context);
}

interface ListOptions {
  readonly request?: string;
  readonly project?: string;
}

function registerReading(group: Command, context: GroupContext): void {
  group
    .command("decisions")
    .description("list the newest decisions: question, choice, who, by which authority")
    .option("--request <request>", "only those about a request, such as WORK-3", reference)
    .option("--project <key>", "only those of a project")
    .addHelpText("after", "\nExamples:\n  $ xvc memory decisions\n  $ xvc memory decisions --request WORK-3 --json\n")
    .action(context.act((options: ListOptions) => decisions(context, options)));
  group
    .command("decision")
    .description("show one decision with its options, reason, confidence, evidence and outcome")
    .argument("<decision>", "id of the decision", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc memory decision 0190f3a2-0000-7000-8000-000000000001\n")
    .action(context.act((id: string) => decision(context, id)));
}

interface RecordOptions extends ListOptions {
  readonly topic?: string;
  readonly option?: readonly string[];
  readonly choice?: string;
  readonly reason?: string;
  readonly confidence?: string;
  readonly wrongIf?: string;
  readonly link?: readonly string[];
  readonly review?: string;
  readonly from?: string;
  readonly supersedes?: string;
  readonly file?: string;
}

const recordHelp = `
An option is its label, followed by what speaks for it (+) and against it (-), separated by |.
Without --choice the decision is only proposed; \`xvc memory decide\` makes it.

Examples:
  $ xvc memory record "Which database keeps the orders?" --topic database \\
      --option "PostgreSQL | + transactions | - one more server" --option "Files | - no transactions" \\
      --choice PostgreSQL --reason "Orders must not be lost." \\
      --confidence 0.8 --wrong-if "It is down more than an hour a month." --request WORK-3 --review 2031-06-30
  $ xvc memory record --file decision.json
`;

function registerRecording(group: Command, context: GroupContext): void {
  group
    .command("record")
    .description("put a decision on record, or propose one")
    .argument("[question]", "what was decided, as a question, in quotes")
    .option("--option <text>", "what was considered; stands once for each", collect)
    .option("--choice <option>", "the option that was chosen, by its label")
    .option("--reason <text>", "why")
    .option("--topic <words>", "what it is about in a few words")
    .option("--confidence <probability>", "from 0 to 1, that what is expected comes")
    .option("--wrong-if <text>", "what would prove it wrong")
    .option("--link <label=address>", "evidence; may stand several times", collect)
    .option("--review <date>", "when to ask how it turned out, such as 2031-06-30")
    .option("--from <date>", "in force from; from now, when absent")
    .option("--supersedes <decision>", "id of the decision whose place it takes", reference)
    .option("--request <request>", "the request it belongs to, such as WORK-3", reference)
    .option("--project <key>", "the project it belongs to")
    .option("--file <path>", "the whole decision as JSON, as the HTTP interface takes it; - for standard input")
    .addHelpText("after", recordHelp)
    .action(context.act((...[question, options]: readonly [string | undefined, RecordOptions]) => record(context, question, options)));
}

function registerSettling(group: Command, context: GroupContext): void {
  group
    .command("decide")
    .description("make a proposed decision")
    .argument("<decision>", "id of the decision", reference)
    .argument("<option>", "the option that is chosen, by its label or id")
    .requiredOption("--reason <text>", "why; kept with it")
    .option("--from <date>", "in force from; from now, when absent")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc memory decide 0190f3a2-0000-7000-8000-000000000001 PostgreSQL --reason "Tried for a week."\n',
    )
    .action(
      context.act((...[id, choice, { reason, from }]: readonly [string, string, { readonly reason: string; readonly from?: string }]) =>
        settle(context, { id, act: "make" }, { choice, rationale: reason, ...dated(context, "validFromMs", from) }),
      ),
    );
  group
    .command("outcome")
    .description("record how a decision turned out")
    .argument("<decision>", "id of the decision", reference)
    .argument("<verdict>", "held, mixed or failed")
    .requiredOption("--reason <text>", "what was seen; kept with it")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc memory outcome 0190f3a2-0000-7000-8000-000000000001 held --reason "No order was lost in six months."\n',
    )
    .action(
      context.act((...[id, verdict, { reason }]: readonly [string, string, { readonly reason: string }]) =>
        settle(context, { id, act: "outcome" }, { verdict, text: reason }),
      ),
    );
  group
    .command("review")
    .description("set when a decision is looked at again")
    .argument("<decision>", "id of the decision", reference)
    .argument("<date>", "such as 2031-06-30, or none")
    .addHelpText("after", "\nExamples:\n  $ xvc memory review 0190f3a2-0000-7000-8000-000000000001 2031-06-30\n")
    .action(
      context.act((...[id, date]: readonly [string, string]) =>
        settle(context, { id, act: "review" }, date === "none" ? { reviewAtMs: null } : dated(context, "reviewAtMs", date)),
      ),
    );
}

/** A date as a field of a body; nothing for none. @throws {Failure} `usage.deadline` */
function dated(context: GroupContext, field: string, text: string | undefined): JsonObject {
  if (text === undefined) return {};
  const atMs = context.use.time.parse(text);
  if (atMs === undefined)
    throw new Failure("invalid", "usage.deadline", {
      message: `"${text.slice(0, 60)}" is no date; write 2031-06-30 or 2031-06-30T17:00Z.`,
    });
  return { [field]: atMs };
}

/** `PostgreSQL | + transactions | - one more server`. */
function optionOf(text: string): JsonObject {
  const [label = "", ...points] = text.split("|").map((part) => part.trim());
  const side = (sign: string): readonly string[] => points.filter((point) => point.startsWith(sign)).map((point) => point.slice(1).trim());
  const stray = points.find((point) => !point.startsWith("+") && !point.startsWith("-"));
  if (label !== "" && stray === undefined) return { label, pros: side("+"), cons: side("-") };
  throw new Failure("invalid", "usage.option", {
    message: `"${text.slice(0, 80)}" is no option; write its label, then "| + what speaks for it" and "| - what speaks against it".`,
  });
}

/** `the comparison=https://example.org/comparison`. */
function linkOf(text: string): JsonObject {
  const at = text.indexOf("=");
  return at < 1
    ? { kind: "address", label: text.slice(0, 200), address: text }
    : { kind: "address", label: text.slice(0, at).trim(), address: text.slice(at + 1).trim() };
}

function confidenceOf({ confidence, wrongIf }: RecordOptions): JsonObject {
  if (confidence === undefined && wrongIf === undefined) return {};
  if (confidence === undefined || wrongIf === undefined || !/^(?:0?\.\d+|[01](?:\.\d+)?)$/u.test(confidence))
    throw new Failure("invalid", "usage.confidence", {
      message: "Confidence is a probability from 0 to 1 together with what would prove it wrong: --confidence 0.8 --wrong-if TEXT.",
    });
  return { confidence: { probability: Number(confidence), wouldProveWrong: wrongIf } };
}

const given = (fields: { readonly [name: string]: Json | undefined }): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter((field): field is [string, Json] => field[1] !== undefined));

async function record(context: GroupContext, question: string | undefined, options: RecordOptions): Promise<number> {
  const client = await open(context);
  const written = options.file === undefined ? {} : await readJson(context.use, options.file);
  const { request, project, topic, choice, reason, supersedes } = options;
  const before = supersedes === undefined ? undefined : await client.get(`/api/decisions/${segment(supersedes)}`);
  const body = {
    ...written,
    ...given({ question, request, project, topic, choice, rationale: reason }),
    ...given({ options: options.option?.map(optionOf), links: options.link?.map(linkOf) }),
    ...confidenceOf(options),
    ...dated(context, "reviewAtMs", options.review),
    ...dated(context, "validFromMs", options.from),
    ...(before === undefined ? {} : { supersedes: { id: textAt(before, "id"), version: before["version"] ?? 0 } }),
  };
  return printSettled(context, await client.post("/api/decisions", body));
}

/** Reads the decision first, for its version: what changes in between is refused. */
async function settle(context: GroupContext, on: { readonly id: string; readonly act: string }, fields: JsonObject): Promise<number> {
  const client = await open(context);
  const path = `/api/decisions/${segment(on.id)}`;
  const { version = 0 } = await client.get(path);
  return printSettled(context, await client.post(`${path}/${on.act}`, { version, ...fields }));
}

function printSettled(context: GroupContext, answer: JsonObject): number {
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "id")} ${textAt(answer, "state")}\n`,
  });
  return exitCodes.ok;
}

async function decisions(context: GroupContext, { request, project }: ListOptions): Promise<number> {
  const asked = new URLSearchParams(given({ request, project }) as Record<string, string>).toString(); // texts alone
  const page = await (await open(context)).get(`/api/decisions${asked === "" ? "" : `?${asked}`}`);
  const rows = listAt(page, "items");
  const { streams, time } = context.use;
  const when = (row: JsonObject): string => (typeof row["madeAtMs"] === "number" ? time.format(row["madeAtMs"]) : textAt(row, "state"));
  printAnswer(streams, context.flags(), {
    document: page,
    rows,
    people: () =>
      rows.length === 0
        ? "Nothing was decided yet.\n"
        : table(
            streams,
            ["MADE", "REQUEST", "QUESTION", "CHOICE", "BY", "AUTHORITY"],
            rows.map((row) => [
              when(row),
              textAt(row, "requestLabel"),
              textAt(row, "question"),
              textAt(row, "choice"),
              textAt(objectAt(row, "decider"), "name"),
              textAt(row, "authority"),
            ]),
          ),
  });
  return exitCodes.ok;
}

async function decision(context: GroupContext, id: string): Promise<number> {
  const found = await (await open(context)).get(`/api/decisions/${segment(id)}`);
  printAnswer(context.use.streams, context.flags(), {
    document: found,
    people: () =>
      factsOf(context, found)
        .map(([name, value]) => `${name}: ${value === "" ? "-" : value}\n`)
        .join(""),
  });
  return exitCodes.ok;
}

function factsOf({ use: { time } }: GroupContext, found: JsonObject): readonly (readonly [string, string])[] {
  const day = (field: string): string => (typeof found[field] === "number" ? time.format(found[field]) : "");
  const confidence = objectAt(found, "confidence");
  const outcome = objectAt(found, "outcome");
  const probability = typeof confidence["probability"] === "number" ? `${Math.round(confidence["probability"] * 100)} %` : "";
  return [
    ["question", textAt(found, "question")],
    ["topic", textAt(found, "topic")],
    ["state", textAt(found, "state")],
    [
      "options",
      listAt(found, "options")
        .map((option) => textAt(option, "label"))
        .join(" | "),
    ],
    ["choice", textAt(found, "choice")],
    ["reason", textAt(found, "rationale")],
    ["confidence", probability === "" ? "" : `${probability}; wrong if: ${textAt(confidence, "wouldProveWrong")}`],
    ["by", textAt(objectAt(found, "decider"), "name")],
    ["authority", textAt(found, "authority")],
    ["request", textAt(found, "requestLabel")],
    ["in force", `${day("validFromMs")}${day("validToMs") === "" ? "" : ` until ${day("validToMs")}`}`],
    ["looked at again", day("reviewAtMs")],
    ["outcome", textAt(outcome, "verdict") === "" ? "" : `${textAt(outcome, "verdict")}: ${textAt(outcome, "text")}`],
    ["supersedes", textAt(found, "supersedesId")],
    ["superseded by", textAt(found, "supersededById")],
    [
      "links",
      listAt(found, "links")
        .map((link) => `${textAt(link, "label")} ${textAt(link, "address") || textAt(link, "subjectId")}`)
        .join(" | "),
    ],
    ["evidence", JSON.stringify(objectAt(found, "evidence"))],
  ];
}
