import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { instantOf, when } from "./instant-commands.ts";
import { listAt, objectAt, printAnswer, table, textAt } from "./output.ts";
import { openClient, printChange } from "./print-change.ts";
import { count, reference, segment } from "./values.ts";

/** A day as epoch milliseconds. @throws {Failure} `usage.deadline` */
function dayOf(context: GroupContext, text: string): number {
  const atMs = context.use.time.parse(text);
  if (atMs === undefined)
    throw new Failure("invalid", "usage.deadline", { message: `"${text.slice(0, 60)}" is no date; write 2031-06-30.` });
  return atMs;
}

interface ReadOptions {
  readonly project?: string;
  readonly state?: string;
  readonly at?: string;
}

interface Shown {
  readonly path: string;
  readonly head: readonly string[];
  readonly cells: (row: JsonObject) => readonly string[];
  readonly none: string;
}

async function list(context: GroupContext, { project, state, at }: ReadOptions, shown: Shown): Promise<number> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ project, state, at: instantOf(context, at) }))
    if (value !== undefined) query.set(name, value);
  const document = await (await openClient(context)).get(`${shown.path}?${query.toString()}`);
  const rows = listAt(document, "items");
  printAnswer(context.use.streams, context.flags(), {
    document,
    rows,
    people: () => (rows.length === 0 ? shown.none : table(context.use.streams, shown.head, rows.map(shown.cells))),
  });
  return exitCodes.ok;
}

const readsList = (command: Command): Command =>
  command
    .option("--project <project>", "only in this project", reference)
    .option("--state <states>", "only in these states, separated by commas")
    .option("--at <instant>", `as it was then: ${when}`);

const share = (done: string, all: string): string => `${done} of ${all}`;

/** `xvc epic`: requests that belong together under one goal. */
export function registerEpic(group: Command, context: GroupContext): void {
  readsList(group.command("list"))
    .description("list epics with how far they have come, newest first")
    .addHelpText("after", "\nExamples:\n  $ xvc epic list --state open\n")
    .action(context.act((options: ReadOptions) => list(context, options, epicsShown)));
  group
    .command("show")
    .description("show an epic with its requests")
    .argument("<epic>", "label or id, such as ENG-E3", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc epic show ENG-E3\n")
    .action(context.act((epic: string) => showEpic(context, epic)));
  group
    .command("create")
    .description("open an epic")
    .argument("<title>", "what it is called, in quotes")
    .option("--goal <text>", "what is true when it is done")
    .option("--due <date>", "when, such as 2031-06-30")
    .option("--project <project>", "where; the first real project, when absent", reference)
    .addHelpText("after", '\nExamples:\n  $ xvc epic create "Self service" --goal "Customers need nobody."\n')
    .action(
      context.act(async (title: string, options: { readonly goal?: string; readonly due?: string; readonly project?: string }) => {
        const { due, ...rest } = options;
        const body = { title, ...rest, ...(due === undefined ? {} : { dueAtMs: dayOf(context, due) }) };
        return printChange(context, await (await openClient(context)).post("/api/epics", body));
      }),
    );
  group
    .command("link")
    .description("say which epic a request is part of")
    .argument("<request>", "label or id, such as ENG-42", reference)
    .argument("<epic>", "label or id, such as ENG-E3; none takes it out", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc epic link ENG-42 ENG-E3\n  $ xvc epic link ENG-42 none\n")
    .action(
      context.act(async (request: string, epic: string) =>
        printChange(
          context,
          await (await openClient(context)).post(`/api/requests/${segment(request)}/epic`, { epic: epic === "none" ? null : epic }),
        ),
      ),
    );
  for (const [word, summary] of [
    ["finish", "say that an epic is done"],
    ["cancel", "end an epic without reaching its goal"],
    ["reopen", "open an epic again"],
  ] as const)
    group
      .command(word)
      .description(summary)
      .argument("<epic>", "label or id, such as ENG-E3", reference)
      .requiredOption("--reason <text>", "why; kept with it")
      .option("--expect <version>", "the version you read; the latest, when absent", count)
      .addHelpText("after", `\nExamples:\n  $ xvc epic ${word} ENG-E3 --reason "all of it is delivered"\n`)
      .action(context.act((epic: string, options: MoveOptions) => move(context, `/api/epics/${segment(epic)}`, { word, ...options })));
}

interface MoveOptions {
  readonly reason?: string;
  readonly moveTo?: string;
  readonly expect?: number;
}

/** Moves what stands at a path, at the version named or the one that stands there now. */
async function move(
  context: GroupContext,
  path: string,
  { word, expect, ...body }: MoveOptions & { readonly word: string },
): Promise<number> {
  const client = await openClient(context);
  return printChange(context, await client.post(`${path}/${word}`, { ...body, version: expect ?? (await versionAt(client, path)) }));
}

const versionAt = async (client: Client, path: string): Promise<number> => Number(textAt(await client.get(path), "version"));

const epicsShown: Shown = {
  path: "/api/epics",
  head: ["EPIC", "STATE", "REQUESTS", "TASKS", "OWNER", "TITLE"],
  cells: (row) => {
    const progress = objectAt(row, "progress");
    return [
      textAt(row, "label"),
      textAt(row, "state"),
      share(textAt(progress, "delivered"), textAt(progress, "requests")),
      share(textAt(progress, "doneTasks"), textAt(progress, "tasks")),
      textAt(objectAt(row, "owner"), "name"),
      textAt(row, "title"),
    ];
  },
  none: "There are no epics; xvc epic create opens one.\n",
};

async function showEpic(context: GroupContext, epic: string): Promise<number> {
  const { streams } = context.use;
  const document = await (await openClient(context)).get(`/api/epics/${segment(epic)}`);
  const requests = listAt(document, "requests");
  printAnswer(streams, context.flags(), {
    document,
    rows: requests,
    people: () =>
      `${textAt(document, "label")}  ${textAt(document, "title")}  (${textAt(document, "state")})\n${textAt(document, "goal")}\n${table(
        streams,
        ["REQUEST", "STATE", "TASKS", "TITLE"],
        requests.map((row) => [
          textAt(row, "label"),
          textAt(row, "state"),
          share(textAt(row, "doneTasks"), textAt(row, "tasks")),
          textAt(row, "title"),
        ]),
      )}`,
  });
  return exitCodes.ok;
}

/** `xvc sprint`: boxes of time over tasks. */
export function registerSprint(group: Command, context: GroupContext): void {
  readsList(group.command("list"))
    .description("list sprints with hours planned and done, newest first")
    .addHelpText("after", "\nExamples:\n  $ xvc sprint list --state active\n")
    .action(context.act((options: ReadOptions) => list(context, options, sprintsShown)));
  group
    .command("show")
    .description("show a sprint with its tasks")
    .argument("<sprint>", "label or id, such as ENG-S3", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc sprint show ENG-S3\n")
    .action(context.act((sprint: string) => showSprint(context, sprint)));
  group
    .command("create")
    .description("plan a sprint")
    .argument("<title>", "what it is called, in quotes")
    .requiredOption("--from <date>", "its first day, such as 2031-06-02")
    .requiredOption("--to <date>", "the day it ends, such as 2031-06-16")
    .requiredOption("--hours <hours>", "hours of work that can be given", count)
    .option("--goal <text>", "what is to be reached")
    .option("--project <project>", "where; the first real project, when absent", reference)
    .addHelpText("after", '\nExamples:\n  $ xvc sprint create "Portal" --from 2031-06-02 --to 2031-06-16 --hours 120\n')
    .action(context.act((title: string, options: SprintOptions) => createSprint(context, title, options)));
  group
    .command("plan")
    .description("plan a task for a sprint")
    .argument("<task>", "label or id, such as ENG-42/draft", reference)
    .argument("<sprint>", "label or id, such as ENG-S3; none takes it out", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc sprint plan ENG-42/draft ENG-S3\n  $ xvc sprint plan ENG-42/draft none\n")
    .action(
      context.act(async (task: string, sprint: string) =>
        printChange(
          context,
          await (await openClient(context)).post(`/api/tasks/${segment(task)}/sprint`, { sprint: sprint === "none" ? null : sprint }),
        ),
      ),
    );
  registerSprintMoves(group, context);
}

interface SprintOptions {
  readonly from: string;
  readonly to: string;
  readonly hours: number;
  readonly goal?: string;
  readonly project?: string;
}

async function createSprint(context: GroupContext, title: string, { from, to, hours, ...rest }: SprintOptions): Promise<number> {
  const body = { title, startsAtMs: dayOf(context, from), endsAtMs: dayOf(context, to), capacityHours: hours, ...rest };
  return printChange(context, await (await openClient(context)).post("/api/sprints", body));
}

function registerSprintMoves(group: Command, context: GroupContext): void {
  for (const [word, summary] of [
    ["start", "start a sprint"],
    ["complete", "end a sprint; what is not done moves on or goes back"],
    ["cancel", "call a sprint off"],
  ] as const)
    group
      .command(word)
      .description(summary)
      .argument("<sprint>", "label or id, such as ENG-S3", reference)
      .option("--reason <text>", "why; kept with it, and needed to cancel")
      .option("--move-to <sprint>", "the sprint that takes what is not done", reference)
      .option("--expect <version>", "the version you read; the latest, when absent", count)
      .addHelpText("after", `\nExamples:\n  $ xvc sprint ${word} ENG-S3 --reason "the two weeks are over"\n`)
      .action(
        context.act((sprint: string, options: MoveOptions) => move(context, `/api/sprints/${segment(sprint)}`, { word, ...options })),
      );
}

const hoursText = (row: JsonObject): readonly string[] => ["capacityHours", "plannedHours", "doneHours"].map((name) => textAt(row, name));

const sprintsShown: Shown = {
  path: "/api/sprints",
  head: ["SPRINT", "STATE", "CAPACITY H", "PLANNED H", "DONE H", "TASKS", "TITLE"],
  cells: (row) => [
    textAt(row, "label"),
    textAt(row, "state"),
    ...hoursText(row),
    share(textAt(row, "doneTasks"), textAt(row, "tasks")),
    textAt(row, "title"),
  ],
  none: "There are no sprints; xvc sprint create plans one.\n",
};

async function showSprint(context: GroupContext, sprint: string): Promise<number> {
  const { streams } = context.use;
  const document = await (await openClient(context)).get(`/api/sprints/${segment(sprint)}`);
  const tasks = listAt(document, "taskRows");
  const [capacity = "", planned = "", done = ""] = hoursText(document);
  printAnswer(streams, context.flags(), {
    document,
    rows: tasks,
    people: () =>
      `${textAt(document, "label")}  ${textAt(document, "title")}  (${textAt(document, "state")})\n${capacity} h to give, ${planned} h planned, ${done} h done\n${table(
        streams,
        ["TASK", "STATE", "HOURS", "PERFORMER", "TITLE"],
        tasks.map((row) => [
          textAt(row, "label"),
          textAt(row, "state"),
          textAt(row, "hours"),
          textAt(objectAt(row, "performer"), "name") || "-",
          textAt(row, "title"),
        ]),
      )}`,
  });
  return exitCodes.ok;
}
