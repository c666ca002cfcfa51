import type { Command } from "commander";
import { findMentioned } from "../../core/oversight/find-mentioned.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, note, objectAt, printAnswer, table, textAt } from "./output.ts";
import { collect, readText, reference, segment } from "./values.ts";

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });

interface CommentOptions {
  readonly mention?: readonly string[];
  readonly task?: string;
  readonly plan?: string;
}

/** Talking about a request, and letting it recur. */
export function registerTalk(group: Command, context: GroupContext): void {
  group
    .command("comment")
    .description("say something about a request, its plan or a task of it")
    .argument("<request>", "label or id, such as ENG-42", reference)
    .argument("<text>", "what you say, in quotes; - is standard input")
    .option("--mention <person>", "name, e-mail address or id of somebody who is told; may stand several times", collect)
    .option("--task <key>", "task of the request that it is about")
    .option("--plan <id>", "plan of the request that it is about")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc request comment ENG-42 "Use the new logo." --mention dana\n  $ xvc request comment ENG-42 "Which database?" --task backend\n',
    )
    .action(context.act((request: string, text: string, options: CommentOptions) => comment(context, { request, text, options })));
  group
    .command("comments")
    .description("read what was said about a request, oldest first")
    .argument("<request>", "label or id, such as ENG-42", reference)
    .option("--task <key>", "task of the request that it is about")
    .option("--plan <id>", "plan of the request that it is about")
    .addHelpText("after", "\nExamples:\n  $ xvc request comments ENG-42\n  $ xvc request comments ENG-42 --task backend --jsonl\n")
    .action(context.act((request: string, options: CommentOptions) => comments(context, request, options)));
  group
    .command("recur")
    .description("file a request again by a calendar rule, with the inputs it has")
    .argument("<request>", "label or id, such as ENG-42", reference)
    .requiredOption("--rule <rule>", "when, as an RFC 5545 rule such as FREQ=MONTHLY;BYDAY=1MO")
    .requiredOption("--start <time>", "first possible time on the wall, such as 2031-01-31T09:00")
    .option("--zone <zone>", "time zone of the wall, such as Europe/Berlin", "UTC")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc request recur ENG-42 --rule "FREQ=WEEKLY;BYDAY=MO" --start 2031-01-06T09:00 --zone Europe/Berlin\n',
    )
    .action(
      context.act(async (request: string, options: { readonly rule: string; readonly start: string; readonly zone: string }) => {
        const body = { rule: options.rule, startsAt: options.start, zone: options.zone };
        const answer = await (await open(context)).post(`/api/requests/${segment(request)}/recur`, body);
        const nextAtMs = objectAt(answer, "details")["nextAtMs"];
        printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${textAt(answer, "id")}\n` });
        if (typeof nextAtMs === "number") note(context.use.streams, context.flags(), `Filed next at ${context.use.time.format(nextAtMs)}.`);
        return exitCodes.ok;
      }),
    );
}

/** What a comment is about, when it is not the request itself. */
async function subjectOf(client: Client, request: string, { task, plan }: CommentOptions) {
  if (plan !== undefined) return { kind: "plan", id: plan } as const;
  if (task === undefined) return undefined;
  const { id } = await client.get(`/api/tasks/${segment(`${request}/${task}`)}`);
  return { kind: "task", id: typeof id === "string" ? id : "" } as const;
}

async function comment(
  context: GroupContext,
  { request, text, options }: { readonly request: string; readonly text: string; readonly options: CommentOptions },
): Promise<number> {
  const said = text === "-" ? await readText(context.use, "-") : text;
  const client = await open(context);
  const about = await subjectOf(client, request, options);
  const body = { text: said, mentions: [...(await mentioned(client, options.mention ?? []))], ...(about === undefined ? {} : { about }) };
  const answer = await client.post(`/api/requests/${segment(request)}/comments`, body);
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${textAt(answer, "id")}\n` });
  return exitCodes.ok;
}

/** Ids of the people that words stand for. @throws {Failure} `usage.no-such-person`, `usage.several-people` */
async function mentioned(client: Client, words: readonly string[]): Promise<readonly string[]> {
  if (words.length === 0) return [];
  const people = listAt(await client.get("/api/people"), "items")
    .filter((person) => person["state"] === "active")
    .map((person) => ({ id: textAt(person, "id"), name: textAt(person, "name"), email: textAt(person, "email") || null }));
  return words.map((word) => {
    const [found, ...others] = findMentioned(people, word);
    if (found === undefined)
      throw new Failure("not-found", "usage.no-such-person", {
        message: `Nobody here is called "${word.slice(0, 80)}". xvc people list shows them.`,
      });
    if (others.length > 0)
      throw new Failure("invalid", "usage.several-people", {
        message: `Several people are called "${word.slice(0, 80)}"; use an e-mail address or id of xvc people list.`,
      });
    return found.id;
  });
}

async function comments(context: GroupContext, request: string, options: CommentOptions): Promise<number> {
  const { use } = context;
  const client = await open(context);
  const about = await subjectOf(client, request, options);
  const query = about === undefined ? "" : `&kind=${about.kind}&subject=${segment(about.id)}`;
  const page = await client.get(`/api/requests/${segment(request)}/comments?limit=200${query}`);
  const rows = listAt(page, "items");
  printAnswer(use.streams, context.flags(), {
    document: page,
    rows,
    people: () =>
      table(
        use.streams,
        ["WHEN", "WHO", "TEXT"],
        rows.map((row) => lineOf(context, row)),
      ),
  });
  return exitCodes.ok;
}

const lineOf = ({ use }: GroupContext, row: JsonObject) => [
  use.time.format(Number(row["postedAtMs"] ?? 0)),
  textAt(objectAt(row, "author"), "name"),
  row["state"] === "removed" ? "(removed)" : textAt(row, "text"),
];

/** Following and steering what recurs. */
export function registerRecurrence(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list recurring requests, newest first")
    .option("--request <request>", "only those of one request", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc recurrence list\n  $ xvc recurrence list --request ENG-42\n")
    .action(
      context.act(async ({ request }: { readonly request?: string }) => {
        const document = await (await open(context)).get(`/api/recurrences${request === undefined ? "" : `?request=${segment(request)}`}`);
        const rows = listAt(document, "items");
        const when = (row: JsonObject) => (typeof row["nextAtMs"] === "number" ? context.use.time.format(row["nextAtMs"]) : null);
        printAnswer(context.use.streams, context.flags(), {
          document,
          rows,
          people: () =>
            table(
              context.use.streams,
              ["ID", "STATE", "OF", "RULE", "NEXT", "FILED", "SKIPPED"],
              rows.map((row) => [
                ...["id", "state", "requestLabel", "rule"].map((name) => textAt(row, name)),
                when(row),
                textAt(row, "filedCount"),
                textAt(row, "skippedCount"),
              ]),
            ),
        });
        return exitCodes.ok;
      }),
    );
  for (const [act, summary] of [
    ["pause", "file nothing more until it is resumed"],
    ["resume", "go on with the next time the rule names"],
    ["end", "file nothing more, for good"],
  ] as const) {
    group
      .command(act)
      .description(summary)
      .argument("<id>", "id of xvc recurrence list", reference)
      .option("--reason <text>", "why; kept with it")
      .addHelpText("after", `\nExamples:\n  $ xvc recurrence ${act} 0190a000-0000-7000-8000-000000000001\n`)
      .action(
        context.act(async (id: string, { reason }: { readonly reason?: string }) => {
          const answer = await (await open(context)).post(`/api/recurrences/${segment(id)}/${act}`, reason === undefined ? {} : { reason });
          printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${textAt(answer, "state")}\n` });
          return exitCodes.ok;
        }),
      );
  }
}
