import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import { registerContext } from "./context-command.ts";
import { exitCodes } from "./exit-codes.ts";
import { listAt, objectAt, oneLine, printAnswer, table, textAt } from "./output.ts";
import type { GroupContext } from "./group-context.ts";
import { registerRedirect } from "./redirect-command.ts";
import { registerWorkControl } from "./work-control-commands.ts";
import { collect, minutes, pairs, readText, reference, segment } from "./values.ts";

interface SubmitOptions {
  readonly output?: readonly string[];
  readonly answer?: readonly string[];
  readonly minutes?: number;
  readonly note?: string;
}

export function registerTask(group: Command, context: GroupContext): void {
  const one = (name: string, summary: string, examples: string): Command =>
    group
      .command(name)
      .description(summary)
      .argument("<task>", "label or id, such as ENG-42/backend", reference)
      .addHelpText("after", `\nExamples:\n${examples}`);
  group
    .command("list")
    .description("list tasks, newest first")
    .option("--mine", "only what you work on or could claim")
    .option("--state <state>", "only those in this state, such as ready")
    .option("--request <request>", "only those of this request", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc task list --mine\n  $ xvc task list --request ENG-42 --jsonl\n")
    .action(
      context.act((options: { readonly mine?: boolean; readonly state?: string; readonly request?: string }) => list(context, options)),
    );
  one("show", "show a task with its context, attempts and verdicts", "  $ xvc task show ENG-42/backend\n").action(
    context.act((task: string) => show(context, task)),
  );
  registerContext(group, context);
  registerWorkControl(group, context);
  registerRedirect(group, context);
  for (const act of ["claim", "release"] as const) {
    one(
      act,
      act === "claim" ? "take a task that is offered to people" : "give a claimed task back",
      `  $ xvc task ${act} ENG-42/backend\n`,
    ).action(context.act((task: string) => send(context, task, { act })));
  }
  one("retry", "try a task again that was given up", '  $ xvc task retry ENG-42/backend --reason "the disk was full"\n')
    .option("--reason <text>", "why; kept with the decision")
    .action(
      context.act((task: string, options: { readonly reason?: string }) =>
        send(context, task, { act: "retry", ...(options.reason === undefined ? {} : { body: { reason: options.reason } }) }),
      ),
    );
  one(
    "submit",
    "hand in the outputs of a claimed task",
    '  $ xvc task submit ENG-42/backend --output backend.md=./backend.md --minutes 90\n  $ xvc task submit ENG-42/backend --output backend.md=- < backend.md --answer "r1.1=fixed"\n',
  )
    .option("--output <name=file>", "an output the plan names, and its file (- is standard input); may stand several times", collect)
    .option("--answer <point=text>", "what was done about a point of the review; may stand several times", collect)
    .option("--minutes <n>", "how long it took you", minutes)
    .option("--note <text>", "what the reader should know")
    .action(context.act((task: string, options: SubmitOptions) => submit(context, task, options)));
  one("reassign", "move a task to another performer", '  $ xvc task reassign ENG-42/backend --to qa_engineer --reason "needs a tester"\n')
    .option("--to <persona>", "key of the persona; the next best one when absent")
    .requiredOption("--reason <text>", "why; kept with the task")
    .action(
      context.act((task: string, options: { readonly to?: string; readonly reason: string }) =>
        send(context, task, {
          act: "reassign",
          body: { reason: options.reason, ...(options.to === undefined ? {} : { to: { kind: "persona", id: options.to } }) },
        }),
      ),
    );
}

async function list(
  context: GroupContext,
  options: { readonly mine?: boolean; readonly state?: string; readonly request?: string },
): Promise<number> {
  const { use } = context;
  const client = await use.connect({ start: false, port: context.flags().port });
  const { mine, state, request } = options;
  const query = new URLSearchParams({
    limit: "200",
    ...(mine === true ? { mine: "true" } : {}),
    ...(state === undefined ? {} : { state }),
    ...(request === undefined ? {} : { request }),
  });
  const page = await client.get(`/api/tasks?${query.toString()}`);
  const rows = listAt(page, "items");
  printAnswer(use.streams, context.flags(), {
    document: page,
    rows,
    people: () =>
      table(
        use.streams,
        ["TASK", "STATE", "BY", "TITLE"],
        rows.map((task) => [
          textAt(task, "label"),
          textAt(task, "state"),
          textAt(objectAt(task, "performer"), "name"),
          textAt(task, "title"),
        ]),
      ),
  });
  return exitCodes.ok;
}

async function show(context: GroupContext, task: string): Promise<number> {
  const client = await context.use.connect({ start: false, port: context.flags().port });
  const detail = await client.get(`/api/tasks/${segment(task)}`);
  printAnswer(context.use.streams, context.flags(), { document: detail, people: () => described(detail) });
  return exitCodes.ok;
}

function described(detail: JsonObject): string {
  const expected = detail["expectedOutputs"];
  return [
    `${textAt(detail, "label")}  ${textAt(detail, "title")}`,
    `${textAt(detail, "state")}, round ${textAt(detail, "round")}${textAt(detail, "blockedBy") === "" ? "" : `, ${textAt(detail, "blockedBy")}`}`,
    `wanted: ${oneLine(textAt(detail, "brief"))}`,
    `outputs: ${Array.isArray(expected) ? expected.join(", ") : ""}`,
    ...listAt(detail, "criteria").map((criterion) => `  ${textAt(criterion, "id")}: ${textAt(criterion, "statement")}`),
    ...listAt(detail, "reworkPoints").map((point) => `  to change, ${textAt(point, "id")}: ${textAt(point, "text")}`),
    ...listAt(detail, "attempts").map(
      (attempt) => `attempt ${textAt(attempt, "number")}: ${textAt(attempt, "state")} by ${textAt(objectAt(attempt, "performer"), "name")}`,
    ),
    "",
  ].join("\n");
}

async function send(context: GroupContext, task: string, sent: { readonly act: string; readonly body?: Json }): Promise<number> {
  const { use } = context;
  const client = await use.connect({ start: false, port: context.flags().port });
  const answer = await client.post(`/api/tasks/${segment(task)}/${sent.act}`, sent.body ?? {});
  printAnswer(use.streams, context.flags(), { document: answer, people: () => `${textAt(answer, "label")} ${textAt(answer, "state")}\n` });
  return exitCodes.ok;
}

async function submit(context: GroupContext, task: string, options: SubmitOptions): Promise<number> {
  const files = pairs(options.output ?? [], "--output");
  if (files.size === 0)
    throw new Failure("invalid", "task.output-missing", {
      message: "Nothing is handed in; name each output and its file with --output NAME=FILE.",
    });
  if ([...files.values()].filter((file) => file === "-").length > 1)
    throw new Failure("invalid", "usage.one-input", { message: "Standard input can be one output only." });
  const outputs: Record<string, string> = {};
  for (const [name, file] of files) outputs[name] = await readText(context.use, file);
  const points = pairs(options.answer ?? [], "--answer");
  const body = {
    outputs,
    ...(points.size === 0 ? {} : { pointAnswers: Object.fromEntries(points) }),
    ...(options.minutes === undefined ? {} : { minutesSpent: options.minutes }),
    ...(options.note === undefined ? {} : { interpretation: options.note }),
  };
  return send(context, task, { act: "submit", body });
}
