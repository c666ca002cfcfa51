import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { instantOf, when } from "./instant-commands.ts";
import { listAt, objectAt, printAnswer, table, textAt } from "./output.ts";
import { reference, segment } from "./values.ts";

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });

/** `xvc memory facts|fact|learn|correct|beliefs`. */
export function registerFacts(group: Command, context: GroupContext): void {
  registerReading(group, context);
  registerRecording(group, context);
  registerBeliefs(group, context);
}

interface ReadOptions {
  readonly valid?: string;
  readonly project?: string;
}

function registerReading(group: Command, context: GroupContext): void {
  group
    .command("facts")
    .description("list facts with the value that holds now, or on a day")
    .argument("[words]", "a part of what they are about or of the attribute")
    .option("--valid <instant>", `for what held then, ${when}; now, when absent`)
    .option("--project <key>", "only those of a project")
    .addHelpText("after", '\nExamples:\n  $ xvc memory facts\n  $ xvc memory facts "acme" --valid 2031-06-30\n')
    .action(context.act((...[words, options]: readonly [string | undefined, ReadOptions]) => facts(context, words, options)));
  group
    .command("fact")
    .description("show one fact with every period it is known for")
    .argument("<fact>", "id of the fact", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc memory fact 0190f3a2-0000-7000-8000-000000000001\n")
    .action(context.act((id: string) => fact(context, id)));
}

interface SayOptions {
  readonly source: string;
  readonly address?: string;
  readonly from?: string;
  readonly to?: string;
  readonly project?: string;
}

function registerRecording(group: Command, context: GroupContext): void {
  group
    .command("learn")
    .description("put on record that something has a value from a day on; the value before ends there")
    .argument("<subject>", 'what it is about, such as "Acme"')
    .argument("<attribute>", 'such as "price per seat"')
    .argument("<value>", "a text, a number, yes, no, or unknown")
    .requiredOption("--source <text>", "where it comes from; kept with it")
    .option("--address <url>", "the page it comes from")
    .option("--from <date>", "from when it holds; from now, when absent")
    .option("--project <key>", "the project it belongs to")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc memory learn "Acme" "price per seat" 12.50 --from 2031-06-01 --source "their price list of May"\n',
    )
    .action(
      context.act((...[subject, attribute, value, options]: readonly [string, string, string, SayOptions]) =>
        learn(context, { subject, attribute, value }, options),
      ),
    );
  group
    .command("correct")
    .description("correct what was believed for a time; what surrounds it stays")
    .argument("<fact>", "id of the fact", reference)
    .argument("<value>", "a text, a number, yes, no, or unknown")
    .requiredOption("--from <date>", "from when the value holds")
    .requiredOption("--source <text>", "where it comes from; kept with it")
    .option("--to <date>", "until when, that day excluded; without an end, when absent")
    .option("--address <url>", "the page it comes from")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc memory correct 0190f3a2-0000-7000-8000-000000000001 11 --from 2031-03-01 --to 2031-04-01 --source "the signed offer"\n',
    )
    .action(context.act((...[id, value, options]: readonly [string, string, SayOptions]) => correct(context, { id, value }, options)));
}

interface BeliefOptions {
  readonly at?: string;
  readonly valid?: string;
  readonly project?: string;
}

function registerBeliefs(group: Command, context: GroupContext): void {
  group
    .command("beliefs")
    .description("show what was believed and decided about something on a date, and what changed since")
    .argument("<about>", "words, or a row by its kind and label, such as request:WORK-3")
    .option("--at <instant>", `as the record was then, ${when}; as it is now, when absent`)
    .option("--valid <instant>", `for what held then, ${when}; the same as --at, when absent`)
    .option("--project <key>", "only in a project")
    .addHelpText(
      "after",
      "\nExamples:\n  $ xvc memory beliefs database --at 2031-03-01\n  $ xvc memory beliefs request:WORK-3 --at 2031-03-01T09:00Z --valid 2031-06-30\n",
    )
    .action(context.act((...[about, options]: readonly [string, BeliefOptions]) => beliefs(context, about, options)));
}

/** A date or instant; undefined for none. @throws {Failure} `usage.deadline` */
function instant(context: GroupContext, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const atMs = context.use.time.parse(text);
  if (atMs !== undefined) return atMs;
  throw new Failure("invalid", "usage.deadline", { message: `"${text.slice(0, 60)}" is no date; write 2031-06-30 or 2031-06-30T17:00Z.` });
}

/** `12.50`, `yes`, `unknown`, or a text. */
function valueOf(text: string): Json {
  const named: { readonly [word: string]: Json | undefined } = { yes: true, no: false };
  if (text.toLowerCase() === "unknown") return null;
  return named[text.toLowerCase()] ?? (/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?$/u.test(text) ? Number(text) : text);
}

const valueText = (value: Json | undefined): string =>
  value === null || value === undefined
    ? "not known"
    : typeof value === "boolean"
      ? value
        ? "yes"
        : "no"
      : String(value as string | number); // facts hold these alone

const given = (fields: { readonly [name: string]: string | number | undefined }): string => {
  const asked = Object.entries(fields).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]]));
  return asked.length === 0 ? "" : `?${new URLSearchParams(asked).toString()}`;
};

async function facts(context: GroupContext, words: string | undefined, { valid, project }: ReadOptions): Promise<number> {
  const page = await (await open(context)).get(`/api/facts${given({ q: words, valid: instantOf(context, valid), project })}`);
  const rows = listAt(page, "items");
  printAnswer(context.use.streams, context.flags(), {
    document: page,
    rows,
    people: () =>
      rows.length === 0
        ? "No fact is on record.\n"
        : table(
            context.use.streams,
            ["ABOUT", "ATTRIBUTE", "VALUE", "SINCE", "SOURCE", "ID"],
            rows.map((row) => {
              const period = objectAt(row, "period");
              return [
                textAt(row, "subjectName"),
                textAt(row, "attribute"),
                valueText(period["value"]),
                dayOf(context, period["fromMs"]),
                textAt(objectAt(period, "source"), "text"),
                textAt(row, "id"),
              ];
            }),
          ),
  });
  return exitCodes.ok;
}

const dayOf = ({ use: { time } }: GroupContext, atMs: Json | undefined): string => (typeof atMs === "number" ? time.format(atMs) : "-");

async function fact(context: GroupContext, id: string): Promise<number> {
  const found = await (await open(context)).get(`/api/facts/${segment(id)}`);
  printAnswer(context.use.streams, context.flags(), {
    document: found,
    people: () => {
      const head = `${textAt(found, "attribute")} of ${textAt(found, "subjectName")}\n`;
      const rows = listAt(found, "periods").map((period) => [
        dayOf(context, period["fromMs"]),
        dayOf(context, period["toMs"]),
        valueText(period["value"]),
        textAt(objectAt(period, "source"), "text"),
        textAt(objectAt(period, "by"), "name"),
      ]);
      return head + table(context.use.streams, ["FROM", "TO", "VALUE", "SOURCE", "BY"], rows);
    },
  });
  return exitCodes.ok;
}

/** Reads what is known first, for its version: what changes in between is refused. */
async function learn(
  context: GroupContext,
  said: { readonly subject: string; readonly attribute: string; readonly value: string },
  { source, address, from, project }: SayOptions,
): Promise<number> {
  const client = await open(context);
  const { subject, attribute, value } = said;
  const [known] = listAt(await client.get(`/api/facts${given({ subject, attribute, project })}`), "items");
  const fromMs = instant(context, from);
  const body = { subject, attribute, value: valueOf(value), source };
  return printSaid(
    context,
    await client.post("/api/facts", {
      ...body,
      ...(address === undefined ? {} : { address }),
      ...(fromMs === undefined ? {} : { fromMs }),
      ...(project === undefined ? {} : { project }),
      ...(known === undefined ? {} : { version: known["version"] ?? 0 }),
    }),
  );
}

async function correct(context: GroupContext, said: { readonly id: string; readonly value: string }, options: SayOptions): Promise<number> {
  const client = await open(context);
  const path = `/api/facts/${segment(said.id)}`;
  const { version = 0 } = await client.get(path);
  const { source, address } = options;
  const range = { fromMs: instant(context, options.from) ?? null, toMs: instant(context, options.to) ?? null };
  const answer = await client.post(`${path}/correct`, {
    version,
    value: valueOf(said.value),
    source,
    ...range,
    ...(address === undefined ? {} : { address }),
  });
  return printSaid(context, answer);
}

function printSaid(context: GroupContext, answer: JsonObject): number {
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${textAt(answer, "id")}\n` });
  return exitCodes.ok;
}

async function beliefs(context: GroupContext, about: string, { at, valid, project }: BeliefOptions): Promise<number> {
  const [, kind, ref] = /^([a-z][a-z_-]*):(\S+)$/u.exec(about) ?? [];
  const what = kind === undefined || ref === undefined ? { q: about } : { kind, ref };
  const query = given({ ...what, recorded: instantOf(context, at), valid: instantOf(context, valid), project });
  const found = await (await open(context)).get(`/api/beliefs${query}`);
  printAnswer(context.use.streams, context.flags(), { document: found, people: () => beliefsText(context, found) });
  return exitCodes.ok;
}

const changeText: { readonly [change: string]: string } = {
  recorded: "recorded since",
  made: "made since",
  superseded: "superseded since",
  outcome: "outcome known since",
  "outcome-corrected": "outcome corrected since",
  "review-moved": "review moved since",
  same: "",
  corrected: "corrected since",
  learned: "learned since",
};

function beliefsText(context: GroupContext, found: JsonObject): string {
  const { streams } = context.use;
  const [facts, decisions] = [listAt(found, "facts"), listAt(found, "decisions")];
  const head = `About ${textAt(found, "about")}, as recorded on ${dayOf(context, found["recordedMs"])}, for ${dayOf(context, found["validMs"])}.\n`;
  if (facts.length === 0 && decisions.length === 0) return `${head}Nothing is on record about it.\n`;
  const period = (fact: JsonObject, name: string): string => (fact[name] === null ? "-" : valueText(objectAt(fact, name)["value"]));
  const factRows = facts.map((fact) => [
    `${textAt(fact, "subjectName")}: ${textAt(fact, "attribute")}`,
    period(fact, "believed"),
    period(fact, "known"),
    period(fact, "today"),
    changeText[textAt(fact, "change")] ?? "",
  ]);
  const decisionRows = decisions.map((row) => {
    const decision = objectAt(row, "decision");
    const changes = Array.isArray(row["changes"])
      ? (row["changes"] as readonly string[]).map((change) => changeText[change] ?? change)
      : []; // texts by the contract
    return [
      textAt(decision, "question"),
      textAt(decision, "choice") || "-",
      textAt(row, "stood"),
      textAt(row, "stands"),
      changes.join(", "),
    ];
  });
  return [
    head,
    ...(facts.length === 0 ? [] : ["\n", table(streams, ["FACT", "BELIEVED THEN", "KNOWN NOW", "TODAY", "CHANGE"], factRows)]),
    ...(decisions.length === 0 ? [] : ["\n", table(streams, ["DECISION", "CHOICE", "STOOD", "STANDS NOW", "CHANGE"], decisionRows)]),
    ...(Array.isArray(found["similar"]) && found["similar"].length > 0
      ? [`\nFound by words like these: ${found["similar"].join(", ")}.\n`]
      : []),
    ...(found["more"] === true ? ["\nMore match; say it more closely.\n"] : []),
  ].join("");
}
