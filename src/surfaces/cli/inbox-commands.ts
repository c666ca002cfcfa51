import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { CliDependencies, Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import { listAt, printAnswer, table, textAt } from "./output.ts";
import type { GroupContext } from "./group-context.ts";
import { itemId, registerWaiting, waitingLines } from "./inbox-waiting.ts";
import { findPerson } from "./find-person.ts";
import { readText, reference, segment } from "./values.ts";

interface ListOptions {
  readonly state: string;
  readonly request?: string;
  readonly mine?: boolean;
}

interface AnswerOptions {
  readonly value?: string;
  readonly file?: string;
  readonly input?: string;
  readonly reason?: string;
  readonly confirm?: string;
}

export function registerInbox(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list what waits for people")
    .option("--state <state>", "open, answered, expired or withdrawn", "open")
    .option("--request <request>", "only those of this request", reference)
    .option("--mine", "only those that are for you")
    .addHelpText("after", "\nExamples:\n  $ xvc inbox list --mine\n  $ xvc inbox list --request ENG-42 --json\n")
    .action(context.act((options: ListOptions) => list(context, options)));
  group
    .command("show")
    .description("show one item with its evidence and choices")
    .argument("<item>", "id, or the label of a request where one thing waits", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc inbox show ENG-42\n")
    .action(context.act((item: string) => show(context, item)));
  group
    .command("answer")
    .description("answer an item")
    .argument("<item>", "id, or the label of a request where one thing waits", reference)
    .argument("<choice>", "one of the item's choices, such as approve")
    .option("--value <text>", "what the choice asks for: a text, a playbook's name")
    .option("--file <path>", "a file with that text, such as a checklist or a plan; - is standard input")
    .option("--input <path>", "a repository, folder or file that the choice asks for")
    .option("--reason <text>", "why; kept with the decision")
    .option("--confirm <label>", "deciding about your own work alone: type what the item asks you to type")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc inbox answer ENG-42 approve\n  $ xvc inbox answer ENG-42 playbook --value customer-portal\n  $ xvc inbox answer ENG-42 tasks --file tasks.md\n  $ xvc inbox answer ENG-42 pass --reason "read it, all there"\n',
    )
    .action(context.act((item: string, choice: string, options: AnswerOptions) => answer(context, { item, choice, ...options })));
  group
    .command("delegate")
    .description("hand an item to another person")
    .argument("<item>", "id, or the label of a request where one thing waits", reference)
    .argument("<person>", "name or id")
    .option("--reason <text>", "why; kept with the item")
    .addHelpText("after", "\nExamples:\n  $ xvc inbox delegate ENG-42 Lee\n")
    .action(
      context.act((item: string, person: string, options: { readonly reason?: string }) => delegate(context, { item, person, ...options })),
    );
  registerWaiting(group, context);
}

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: true, port: context.flags().port });

async function list(context: GroupContext, options: ListOptions): Promise<number> {
  const { use } = context;
  const client = await open(context);
  const query = new URLSearchParams({
    limit: "200",
    state: options.state,
    ...(options.request === undefined ? {} : { request: options.request }),
    ...(options.mine === true ? { for: "me" } : {}),
  });
  const page = await client.get(`/api/inbox?${query.toString()}`);
  const rows = listAt(page, "items");
  printAnswer(use.streams, context.flags(), {
    document: page,
    rows,
    people: () =>
      table(
        use.streams,
        ["ITEM", "REQUEST", "KIND", "RISK", "DUE", "CHOICES", "ASKED"],
        rows.map((item) => [
          textAt(item, "id"),
          textAt(item, "requestLabel"),
          textAt(item, "kind"),
          textAt(item, "risk"),
          dueOf(use, item),
          choicesOf(item),
          textAt(item, "title"),
        ]),
      ),
  });
  return exitCodes.ok;
}

const dueOf = (use: CliDependencies, item: JsonObject): string => {
  const { dueAtMs } = item;
  if (item["paused"] === true) return "paused";
  if (typeof dueAtMs !== "number") return "";
  return `${item["overdue"] === true ? "overdue since " : ""}${use.time.format(dueAtMs)}`;
};

const choicesOf = (item: JsonObject): string =>
  listAt(item, "choices")
    .map((choice) => textAt(choice, "id"))
    .join("|");

async function show(context: GroupContext, item: string): Promise<number> {
  const client = await open(context);
  const detail = await client.get(`/api/inbox/${segment(await itemId(client, item))}`);
  const confirm = textAt(detail, "confirm");
  printAnswer(context.use.streams, context.flags(), {
    document: detail,
    people: () =>
      [
        `${textAt(detail, "requestLabel")}  ${textAt(detail, "title")}`,
        textAt(detail, "detail"),
        `rule ${textAt(detail, "ruleId")}, risk ${textAt(detail, "risk")}, ${textAt(detail, "state")}`,
        ...waitingLines(context.use, detail),
        ...listAt(detail, "choices").map(
          (choice) =>
            `  ${textAt(choice, "id")}: ${textAt(choice, "label")}${textAt(choice, "needs") === "nothing" ? "" : ` (needs ${textAt(choice, "needs")})`}`,
        ),
        ...(confirm === "" ? [] : [`This is your own work: confirm with --confirm ${confirm}`]),
        ...(detail["mayAnswer"] === true ? [] : [textAt(detail, "whyNot")]),
        "",
      ].join("\n"),
  });
  return exitCodes.ok;
}

async function answer(context: GroupContext, given: AnswerOptions & { readonly item: string; readonly choice: string }): Promise<number> {
  const { use } = context;
  if (given.choice.trim() === "" || given.choice.length > 100)
    throw new Failure("invalid", "inbox.unknown-choice", { message: "The choice is one of those xvc inbox show lists, such as approve." });
  if ([given.value, given.file, given.input].filter((one) => one !== undefined).length > 1)
    throw new Failure("invalid", "usage.two-values", { message: "Give one of --value, --file and --input." });
  const text = given.file === undefined ? given.value : await readText(use, given.file);
  const client = await open(context);
  const id = await itemId(client, given.item);
  const value: Json | undefined = given.input === undefined ? text : use.files.absolute(given.input);
  const body = {
    choice: given.choice,
    ...(value === undefined ? {} : { value }),
    ...(given.reason === undefined ? {} : { reason: given.reason }),
    ...(given.confirm === undefined ? {} : { confirm: given.confirm }),
  };
  const answered = await client.post(`/api/inbox/${segment(id)}/answer`, body);
  printAnswer(use.streams, context.flags(), { document: answered, people: () => `${textAt(answered, "label")} ${given.choice}\n` });
  return exitCodes.ok;
}

async function delegate(
  context: GroupContext,
  given: { readonly item: string; readonly person: string; readonly reason?: string },
): Promise<number> {
  const { use } = context;
  const client = await open(context);
  const id = await itemId(client, given.item);
  const person = await findPerson(client, given.person);
  const answered = await client.post(`/api/inbox/${segment(id)}/delegate`, {
    personId: textAt(person, "id"),
    ...(given.reason === undefined ? {} : { reason: given.reason }),
  });
  printAnswer(use.streams, context.flags(), {
    document: answered,
    people: () => `${textAt(answered, "label")} delegated to ${textAt(person, "name")}\n`,
  });
  return exitCodes.ok;
}
