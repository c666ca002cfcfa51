import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { CliDependencies, Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import { followRequest } from "./follow-request.ts";
import { listAt, note, objectAt, printAnswer, table, textAt } from "./output.ts";
import type { GroupContext } from "./group-context.ts";
import { saveDeliverable } from "./save-deliverable.ts";
import { amount, collect, count, reference, segment } from "./values.ts";

interface SubmitOptions {
  readonly project?: string;
  readonly title?: string;
  readonly playbook?: string;
  readonly objective?: string;
  readonly input?: readonly string[];
  readonly worktree?: boolean;
  readonly budget?: number;
  readonly deadline?: string;
  readonly approve?: boolean;
  readonly rehearsal?: boolean;
  readonly wait?: boolean;
  readonly out?: string;
}

export function registerRequest(group: Command, context: GroupContext): void {
  group
    .command("submit")
    .description("file a request")
    .argument("<text>", "what you want done, in quotes")
    .option("--project <key>", "project it belongs to")
    .option("--title <title>", "short name; the first line of the text when absent")
    .option("--playbook <name>", "playbook to plan by")
    .option("--objective <label>", "objective it serves, such as O-3", reference)
    .option("--input <path>", "repository, folder or file to work on; may stand several times", collect)
    .option("--worktree", "take uncommitted changes of a repository along, as a patch")
    .option("--budget <amount>", "most it may cost, such as 1200.50", amount)
    .option("--deadline <date>", "when it is needed, such as 2030-01-31")
    .option("--approve", "decide the plan beforehand, if it comes unmodified from a playbook and within the budget")
    .option("--rehearsal", "play it with scripted performers")
    .option("--wait", "follow it to delivery; exit 8 when a person has to act")
    .option("--out <dir>", "save the deliverable there; implies --wait")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc request submit "Assess this repository" --input . --wait\n  $ xvc request submit "Build customer portal" --playbook customer-portal --deadline 2030-01-31\n  $ xvc request submit "Assess this repository" --input ../app --approve --out report\n',
    )
    .action(context.act((text: string, options: SubmitOptions) => submit(context, text, options)));
  registerReading(group, context);
  for (const act of ["cancel", "pause", "resume", "reopen", "close", "repeat"] as const) {
    const command = group
      .command(act)
      .description(actSummaries[act])
      .argument("<request>", "label or id, such as ENG-42", reference)
      .option("--reason <text>", "why; kept with the request");
    if (act === "reopen") command.option("--task <key>", "task to do again; may stand several times", collect);
    command
      .addHelpText(
        "after",
        `\nExamples:\n  $ xvc request ${act} ENG-42\n  $ xvc request ${act} ENG-42 --reason "the customer asked for it"\n`,
      )
      .action(
        context.act((request: string, options: { readonly reason?: string; readonly task?: readonly string[] }) =>
          steer(context, { act, request, ...options }),
        ),
      );
  }
}

const actSummaries = {
  cancel: "end a request; what depends on its work is told",
  pause: "start nothing more until it is resumed",
  resume: "go on where it was paused",
  reopen: "send delivered work back",
  close: "accept what was delivered",
  repeat: "file the same request again",
} as const;

function registerReading(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list requests, newest first")
    .option("--state <state>", "only those in this state, such as active")
    .option("--project <key>", "only those of this project")
    .option("--tag <tag>", "only those with this tag, such as area=payments")
    .option("--limit <n>", "at most this many", count, 50)
    .option("--cursor <cursor>", "go on after a page")
    .addHelpText("after", "\nExamples:\n  $ xvc request list\n  $ xvc request list --state active --jsonl\n")
    .action(context.act((options: Readonly<Record<string, string | number>>) => list(context, options)));
  group
    .command("show")
    .description("show where a request stands; --json is xvc.progress/1")
    .argument("<request>", "label or id, such as ENG-42", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc request show ENG-42\n  $ xvc request show ENG-42 --json\n")
    .action(context.act((request: string) => show(context, request)));
  group
    .command("wait")
    .description("follow a request to delivery; exit 8 when a person has to act")
    .argument("<request>", "label or id, such as ENG-42", reference)
    .option("--out <dir>", "save the deliverable there")
    .addHelpText("after", "\nExamples:\n  $ xvc request wait ENG-42\n  $ xvc request wait ENG-42 --out report\n")
    .action(
      context.act(async (request: string, options: { readonly out?: string }) => {
        if (options.out !== undefined) await context.use.files.prepareDirectory(options.out);
        const client = await context.use.connect({ start: false, port: context.flags().port });
        return followAndSave(context, client, { request, out: options.out });
      }),
    );
}

/** @throws {Failure} `usage.deadline` */
function deadlineOf(use: CliDependencies, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const atMs = use.time.parse(text);
  if (atMs === undefined)
    throw new Failure("invalid", "usage.deadline", {
      message: `"${text.slice(0, 60)}" is no date; write 2030-01-31 or 2030-01-31T17:00Z.`,
    });
  return atMs;
}

/** As the server has it; checked here so that a mistake starts no server. */
const maxTextChars = 100_000;
const maxInputs = 20;

function draftOf(use: CliDependencies, text: string, options: SubmitOptions): JsonObject {
  if (text.trim() === "")
    throw new Failure("invalid", "request.draft-invalid", { message: "The request has no text; say in a sentence what should be done." });
  if (text.length > maxTextChars)
    throw new Failure("invalid", "request.draft-invalid", {
      message: `The text is longer than ${maxTextChars} characters; put it into a file and hand that in with --input.`,
    });
  const paths = options.input ?? [];
  if (paths.length > maxInputs)
    throw new Failure("invalid", "request.draft-invalid", { message: `More than ${maxInputs} inputs; put them into one folder.` });
  const bad = paths.find((path) => path === "" || path.length > 4_096 || path.includes("\0"));
  if (bad !== undefined)
    throw new Failure("invalid", "input.path-invalid", { message: "An input is a path of at most 4096 characters; one of them is not." });
  const deadlineAtMs = deadlineOf(use, options.deadline);
  const given: { readonly [name: string]: Json | undefined } = {
    text,
    project: options.project,
    title: options.title,
    playbook: options.playbook,
    objective: options.objective,
    budgetMicro: options.budget,
    deadlineAtMs,
    approve: options.approve,
    rehearsal: options.rehearsal,
    inputPaths:
      paths.length === 0
        ? undefined
        : paths.map((path) => ({ path: use.files.absolute(path), includeWorktree: options.worktree === true })),
  };
  return Object.fromEntries(Object.entries(given).filter((field): field is [string, Json] => field[1] !== undefined));
}

async function submit(context: GroupContext, text: string, options: SubmitOptions): Promise<number> {
  const { use } = context;
  const flags = context.flags();
  const { project } = context.settled();
  // A rehearsal has projects of its own; the usual one is real.
  const isDefaulted = options.project === undefined && options.rehearsal !== true && project !== null;
  const draft = draftOf(use, text, isDefaulted ? { ...options, project } : options);
  if (options.out !== undefined) await use.files.prepareDirectory(options.out);
  const client = await use.connect({ start: true, port: flags.port });
  const opened = await client.post("/api/requests", draft);
  const label = textAt(opened, "label");
  if (options.wait !== true && options.out === undefined) {
    printAnswer(use.streams, flags, { document: opened, people: () => `${label}\n` });
    note(use.streams, flags, `Filed. xvc request wait ${label} follows it.`);
    return exitCodes.ok;
  }
  note(use.streams, flags, `${label} filed.`);
  return followAndSave(context, client, { request: label, out: options.out });
}

async function followAndSave(
  context: GroupContext,
  client: Client,
  wanted: { readonly request: string; readonly out: string | undefined },
): Promise<number> {
  const { use } = context;
  const flags = context.flags();
  const { exit, progress } = await followRequest(use, client, { request: wanted.request, flags });
  if (exit === exitCodes.ok && wanted.out !== undefined)
    await saveDeliverable(use, client, { request: wanted.request, directory: wanted.out, flags });
  printAnswer(use.streams, flags, { document: progress, people: () => summary(use, progress) });
  return exit;
}

/** What people read about a request: the sentence first, then tasks and what waits. */
function summary(use: CliDependencies, progress: JsonObject): string {
  const head = objectAt(progress, "summary");
  const tasks = listAt(progress, "tasks").map((task) => [
    textAt(task, "task"),
    textAt(task, "status"),
    textAt(objectAt(task, "performer"), "name"),
    waitsFor(task),
    textAt(task, "attempts"),
  ]);
  const inbox = listAt(progress, "inbox").map((item) => [textAt(item, "id"), textAt(item, "kind"), textAt(item, "title")]);
  const files = listAt(objectAt(progress, "deliverable"), "files").map((file) => [
    textAt(file, "name"),
    textAt(file, "mediaType"),
    textAt(file, "bytes"),
  ]);
  return [
    `${textAt(progress, "request")}  ${textAt(head, "title")}${head["rehearsal"] === true ? "  (rehearsal)" : ""}\n${textAt(progress, "stage")}, ${textAt(progress, "state")}: ${textAt(progress, "headline")}\n`,
    tasks.length === 0 ? "" : `\n${table(use.streams, ["TASK", "STATE", "BY", "WAITS FOR", "TRIES"], tasks)}`,
    inbox.length === 0 ? "" : `\n${table(use.streams, ["ITEM", "KIND", "ASKED"], inbox)}`,
    files.length === 0 ? "" : `\n${table(use.streams, ["FILE", "TYPE", "BYTES"], files)}`,
  ].join("");
}

const waitsFor = (task: JsonObject): string => {
  const blocked = task["blocked_by"];
  return Array.isArray(blocked) ? blocked.join(", ") : "";
};

async function list(context: GroupContext, options: Readonly<Record<string, string | number>>): Promise<number> {
  const { use } = context;
  const client = await use.connect({ start: false, port: context.flags().port });
  const query = new URLSearchParams(
    Object.fromEntries(
      Object.entries(options).map(([name, value]) => [name, name === "limit" ? String(Math.min(Number(value), 200)) : String(value)]),
    ),
  );
  const page = await client.get(`/api/requests?${query.toString()}`);
  const rows = listAt(page, "items");
  printAnswer(use.streams, context.flags(), {
    document: page,
    rows,
    people: () =>
      table(
        use.streams,
        ["REQUEST", "STATE", "SINCE", "TITLE"],
        rows.map((row) => [
          textAt(row, "label"),
          textAt(row, "state"),
          use.time.format(Number(row["stateSinceMs"] ?? 0)),
          textAt(row, "title"),
        ]),
      ),
  });
  if (page["nextCursor"] !== null) note(use.streams, context.flags(), `More: --cursor ${textAt(page, "nextCursor")}`);
  return exitCodes.ok;
}

async function show(context: GroupContext, request: string): Promise<number> {
  const client = await context.use.connect({ start: false, port: context.flags().port });
  const progress = await client.get(`/api/requests/${segment(request)}`);
  printAnswer(context.use.streams, context.flags(), {
    document: progress,
    rows: listAt(progress, "tasks"),
    people: () => summary(context.use, progress),
  });
  return exitCodes.ok;
}

async function steer(
  context: GroupContext,
  given: { readonly act: keyof typeof actSummaries; readonly request: string; readonly reason?: string; readonly task?: readonly string[] },
): Promise<number> {
  const { use } = context;
  const client = await use.connect({ start: false, port: context.flags().port });
  const body = {
    ...(given.reason === undefined ? {} : { reason: given.reason }),
    ...(given.task === undefined ? {} : { taskKeys: [...given.task] }),
  };
  const answer = await client.post(`/api/requests/${segment(given.request)}/${given.act}`, body);
  printAnswer(use.streams, context.flags(), { document: answer, people: () => `${textAt(answer, "label")} ${textAt(answer, "state")}\n` });
  return exitCodes.ok;
}
