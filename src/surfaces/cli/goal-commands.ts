import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { jsonText, listAt, note, objectAt, printAnswer, table, textAt } from "./output.ts";
import { collect, reference, segment } from "./values.ts";

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });

/** Sends an act and prints what it was about. */
async function act(context: GroupContext, path: string, body: JsonObject): Promise<number> {
  const answer = await (await open(context)).post(path, body);
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "label") || textAt(answer, "id")} ${textAt(answer, "state")}`.trimEnd().concat("\n"),
  });
  return exitCodes.ok;
}

/** `40..90 % Answers within a day`: start, target, unit, statement. @throws {Failure} `usage.key-result` */
function keyResult(text: string): JsonObject {
  const [, start, target, unit, statement] = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)\s+(\S+)\s+(\S.*)$/u.exec(text.trim()) ?? [];
  if (start === undefined)
    throw new Failure("invalid", "usage.key-result", {
      message: `"${text.slice(0, 80)}" is no key result; write START..TARGET UNIT STATEMENT, such as "40..90 % Answers within a day".`,
    });
  return { statement: statement ?? "", unit: unit ?? "", startValue: Number(start), targetValue: Number(target) };
}

const percent = (share: unknown): string => (typeof share === "number" ? `${Math.round(share * 100)} %` : "-");

export function registerObjective(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list objectives, newest first")
    .addHelpText("after", "\nExamples:\n  $ xvc objective list\n")
    .action(
      context.act(async () => {
        const document = await (await open(context)).get("/api/objectives");
        const rows = listAt(document, "items");
        printAnswer(context.use.streams, context.flags(), {
          document,
          rows,
          people: () =>
            table(
              context.use.streams,
              ["OBJECTIVE", "STATE", "REACHED", "OWNER", "TITLE"],
              rows.map((row) => [
                textAt(row, "label"),
                textAt(row, "state"),
                percent(row["progress"]),
                textAt(objectAt(row, "owner"), "name"),
                textAt(row, "title"),
              ]),
            ),
        });
        return exitCodes.ok;
      }),
    );
  group
    .command("show")
    .description("show an objective with its key results and the requests that serve it")
    .argument("<objective>", "label or id, such as O-3", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc objective show O-3\n")
    .action(context.act((objective: string) => show(context, objective)));
  group
    .command("add")
    .description("set an objective")
    .argument("<title>", "what is to be reached, in quotes")
    .option("--key-result <text>", "START..TARGET UNIT STATEMENT; may stand several times", collect)
    .option("--due <date>", "when, such as 2031-06-30")
    .option("--owner <id>", "id of a member; you, when absent", reference)
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc objective add "Answer fast" --due 2031-06-30 --key-result "40..90 % Answers within a day"\n',
    )
    .action(
      context.act((title: string, options: { readonly keyResult?: readonly string[]; readonly due?: string; readonly owner?: string }) => {
        const dueAtMs = options.due === undefined ? undefined : context.use.time.parse(options.due);
        if (options.due !== undefined && dueAtMs === undefined)
          throw new Failure("invalid", "usage.deadline", { message: `"${options.due.slice(0, 60)}" is no date; write 2031-06-30.` });
        return act(context, "/api/objectives", {
          title,
          ...(dueAtMs === undefined ? {} : { dueAtMs }),
          ...(options.owner === undefined ? {} : { ownerId: options.owner }),
          ...(options.keyResult === undefined ? {} : { keyResults: options.keyResult.map(keyResult) }),
        });
      }),
    );
  registerMoves(group, context);
}

function registerMoves(group: Command, context: GroupContext): void {
  group
    .command("progress")
    .description("record where a key result stands")
    .argument("<objective>", "label or id, such as O-3", reference)
    .argument("<key-result>", "id of the key result, such as kr1", reference)
    .argument("<value>", "the new value")
    .requiredOption("--reason <text>", "where the value comes from; kept with it")
    .addHelpText("after", '\nExamples:\n  $ xvc objective progress O-3 kr1 65 --reason "counted in May"\n')
    .action(
      context.act((...[objective, keyResultId, value, { reason }]: readonly [string, string, string, { readonly reason: string }]) => {
        if (!/^-?\d+(?:\.\d+)?$/u.test(value))
          throw new Failure("invalid", "usage.value", { message: `"${value.slice(0, 60)}" is no number.` });
        return act(context, `/api/objectives/${segment(objective)}/progress`, { keyResultId, value: Number(value), reason });
      }),
    );
  for (const [word, outcome, summary] of [
    ["reach", "reached", "say that an objective is reached"],
    ["miss", "missed", "say that an objective was missed"],
    ["withdraw", "withdrawn", "say that an objective is not wanted any more"],
  ] as const) {
    group
      .command(word)
      .description(summary)
      .argument("<objective>", "label or id, such as O-3", reference)
      .requiredOption("--reason <text>", "why; kept with it")
      .addHelpText("after", `\nExamples:\n  $ xvc objective ${word} O-3 --reason "the year is over"\n`)
      .action(
        context.act((objective: string, { reason }: { readonly reason: string }) =>
          act(context, `/api/objectives/${segment(objective)}/settle`, { outcome, reason }),
        ),
      );
  }
  group
    .command("link")
    .description("say which objective a request serves")
    .argument("<request>", "label or id, such as ENG-42", reference)
    .argument("<objective>", "label or id, such as O-3; none takes the link away", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc objective link ENG-42 O-3\n  $ xvc objective link ENG-42 none\n")
    .action(
      context.act((request: string, objective: string) =>
        act(context, `/api/requests/${segment(request)}/objective`, { objective: objective === "none" ? null : objective }),
      ),
    );
}

async function show(context: GroupContext, objective: string): Promise<number> {
  const { streams } = context.use;
  const document = await (await open(context)).get(`/api/objectives/${segment(objective)}`);
  const measures = listAt(document, "keyResults");
  const requests = listAt(document, "requests");
  printAnswer(streams, context.flags(), {
    document,
    rows: requests,
    people: () =>
      [
        `${textAt(document, "label")}  ${textAt(document, "title")}  (${textAt(document, "state")})\n`,
        table(
          streams,
          ["KEY RESULT", "START", "NOW", "TARGET", "UNIT", "REACHED", "STATEMENT"],
          measures.map((one) => [
            ...["id", "startValue", "currentValue", "targetValue", "unit"].map((name) => textAt(one, name)),
            percent(one["progress"]),
            textAt(one, "statement"),
          ]),
        ),
        table(
          streams,
          ["REQUEST", "STAGE", "STATE", "TITLE"],
          requests.map((one) => ["label", "stage", "state", "title"].map((name) => textAt(one, name))),
        ),
      ].join("\n"),
  });
  return exitCodes.ok;
}

export function registerPrinciple(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list the organization's principles, earlier wordings among them")
    .addHelpText("after", "\nExamples:\n  $ xvc principle list\n")
    .action(
      context.act(async () => {
        const document = await (await open(context)).get("/api/principles");
        const rows = listAt(document, "items");
        const cells = rows.map((row) => ["label", "state", "statement"].map((name) => textAt(row, name)));
        printAnswer(context.use.streams, context.flags(), {
          document,
          rows,
          people: () => table(context.use.streams, ["PRINCIPLE", "STATE", "STATEMENT"], cells),
        });
        return exitCodes.ok;
      }),
    );
  group
    .command("add")
    .description("write a principle; by an administrator or director")
    .argument("<statement>", "one sentence, in quotes")
    .option("--explanation <text>", "what it means")
    .addHelpText("after", '\nExamples:\n  $ xvc principle add "Say what is not known."\n')
    .action(
      context.act((statement: string, options: { readonly explanation?: string }) =>
        act(context, "/api/principles", { statement, ...options }),
      ),
    );
  group
    .command("revise")
    .description("put a new wording in the place of a principle; the old one stays on record")
    .argument("<principle>", "label or id, such as P-2", reference)
    .argument("<statement>", "one sentence, in quotes")
    .option("--explanation <text>", "what it means")
    .option("--reason <text>", "why; kept with it")
    .addHelpText("after", '\nExamples:\n  $ xvc principle revise P-2 "Say what you do not know." --reason "clearer"\n')
    .action(
      context.act((principle: string, statement: string, options: { readonly explanation?: string; readonly reason?: string }) =>
        act(context, `/api/principles/${segment(principle)}/revise`, { statement, ...options }),
      ),
    );
  group
    .command("withdraw")
    .description("take a principle out of force; it stays on record")
    .argument("<principle>", "label or id, such as P-2", reference)
    .option("--reason <text>", "why; kept with it")
    .addHelpText("after", '\nExamples:\n  $ xvc principle withdraw P-2 --reason "said elsewhere"\n')
    .action(
      context.act((principle: string, options: { readonly reason?: string }) =>
        act(context, `/api/principles/${segment(principle)}/withdraw`, { ...options }),
      ),
    );
}

/** Takes the sample of the first start away. */
export function registerSample(group: Command, context: GroupContext): void {
  group
    .command("remove-sample")
    .description("cancel the sample request and archive projects that hold nothing else; history keeps all of it")
    .addHelpText("after", "\nExamples:\n  $ xvc project remove-sample\n")
    .action(
      context.act(async () => {
        const answer = await (await open(context)).post("/api/sample/remove", {});
        printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${textAt(answer, "cancelled")} removed\n` });
        return exitCodes.ok;
      }),
    );
}

/** Makes a playbook of a plan that proved itself. */
export function registerLearn(group: Command, context: GroupContext): void {
  group
    .command("learn")
    .description("print the playbook that a request's approved plan makes; read it, then add it with xvc playbook add")
    .argument("<request>", "label or id, such as ENG-42", reference)
    .option("--name <name>", "its name; made of the request's title when absent")
    .option("--match <phrase>", "phrase by which a request finds it; may stand several times", collect)
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc playbook learn ENG-42 --name customer-portal --match "customer portal" > portal.json\n  $ xvc playbook add portal.json\n',
    )
    .action(
      context.act(async (request: string, options: { readonly name?: string; readonly match?: readonly string[] }) => {
        const draft = await (
          await open(context)
        ).post(`/api/requests/${segment(request)}/playbook-draft`, {
          ...(options.name === undefined ? {} : { name: options.name }),
          ...(options.match === undefined ? {} : { matches: [...options.match] }),
        });
        const playbook = objectAt(draft, "playbook");
        printAnswer(context.use.streams, context.flags(), { document: playbook, people: () => `${jsonText(playbook, 2)}\n` });
        const problems = draft["problems"];
        for (const problem of Array.isArray(problems) ? problems : []) note(context.use.streams, context.flags(), String(problem));
        if (options.match === undefined) note(context.use.streams, context.flags(), "No phrase finds it yet; --match names one.");
        return exitCodes.ok;
      }),
    );
}
