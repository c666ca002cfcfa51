import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { CliDependencies, Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, oneLine, printAnswer, textAt } from "./output.ts";
import { findPerson } from "./find-person.ts";
import { reference, segment } from "./values.ts";

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: true, port: context.flags().port });

const isId = (text: string): boolean => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/u.test(text);

/** An item by its id, or by its request when only one thing waits there. @throws {Failure} `inbox.not-found`, `inbox.ambiguous` */
export async function itemId(client: Client, item: string): Promise<string> {
  if (isId(item)) return item;
  const [first, ...others] = listAt(await waitingIn(client, item), "items");
  if (first === undefined) throw new Failure("not-found", "inbox.not-found", { message: `Nothing waits for a person in ${item}.` });
  if (others.length > 0) {
    const all = [first, ...others].map((one) => `${textAt(one, "id")} (${oneLine(textAt(one, "title"))})`).join("; ");
    throw new Failure("invalid", "inbox.ambiguous", { message: `${others.length + 1} things wait in ${item}; name one: ${all}` });
  }
  return textAt(first, "id");
}

/** What is no id stands for a request; a word that is neither names no item. */
async function waitingIn(client: Client, item: string): Promise<JsonObject> {
  try {
    return await client.get(`/api/inbox?limit=200&state=open&request=${segment(item)}`);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== "not-found") throw error;
    throw new Failure(
      "not-found",
      "inbox.not-found",
      { message: `There is no inbox item "${item}": it is no item's id, and no request has that label. xvc inbox list shows what waits.` },
      { cause: error },
    );
  }
}

/** What people do with an item instead of answering it. */
export function registerWaiting(group: Command, context: GroupContext): void {
  group
    .command("ask-back")
    .description("ask somebody about an item; its clock stands still until the reply")
    .argument("<item>", "id, or the label of a request where one thing waits", reference)
    .argument("<question>", "what you want to know")
    .option("--of <person>", "name, e-mail address or id; without it the requester is asked")
    .addHelpText("after", '\nExamples:\n  $ xvc inbox ask-back ENG-42 "Which of the two sites?" --of Lee\n')
    .action(
      context.act((item: string, question: string, options: { readonly of?: string }) => askBack(context, { item, question, ...options })),
    );
  group
    .command("reply")
    .description("reply to what was asked about an item; its clock goes on")
    .argument("<item>", "id, or the label of a request where one thing waits", reference)
    .argument("<text>", "the reply")
    .addHelpText("after", '\nExamples:\n  $ xvc inbox reply ENG-42 "The one in Lisbon."\n')
    .action(context.act((item: string, text: string) => send(context, item, { act: "reply", body: { reply: text }, told: "replied" })));
  group
    .command("later")
    .description("keep an item out of your own list for a while; its clock does not change")
    .argument("<item>", "id, or the label of a request where one thing waits", reference)
    .argument("[until]", "a day or a time, such as 2031-07-01T09:00; without it, it is back at once")
    .addHelpText("after", "\nExamples:\n  $ xvc inbox later ENG-42 2031-07-01T09:00\n")
    .action(context.act((item: string, until: string | undefined) => later(context, item, until)));
}

async function send(
  context: GroupContext,
  item: string,
  { act, body, told }: { readonly act: string; readonly body: JsonObject; readonly told: string },
): Promise<number> {
  const client = await open(context);
  const answered = await client.post(`/api/inbox/${segment(await itemId(client, item))}/${act}`, body);
  printAnswer(context.use.streams, context.flags(), { document: answered, people: () => `${textAt(answered, "label")} ${told}\n` });
  return exitCodes.ok;
}

async function askBack(
  context: GroupContext,
  { item, question, of }: { readonly item: string; readonly question: string; readonly of?: string },
): Promise<number> {
  const person = of === undefined ? undefined : await findPerson(await open(context), of);
  const body = { question, ...(person === undefined ? {} : { personId: textAt(person, "id") }) };
  return send(context, item, { act: "ask-back", body, told: `asked ${person === undefined ? "the requester" : textAt(person, "name")}` });
}

async function later(context: GroupContext, item: string, until: string | undefined): Promise<number> {
  const untilMs = until === undefined ? null : context.use.time.parse(until);
  if (untilMs === undefined)
    throw new Failure("invalid", "usage.deadline", { message: `"${(until ?? "").slice(0, 60)}" is no time; write 2031-07-01T09:00.` });
  return send(context, item, { act: "later", body: { untilMs }, told: untilMs === null ? "is back" : "put off" });
}

/** What time does to an item and who has agreed so far, a line each. */
export function waitingLines(use: CliDependencies, detail: JsonObject): readonly string[] {
  const clock = (detail["clock"] ?? {}) as JsonObject; // an object by the contract
  const agreement = (detail["agreement"] ?? {}) as JsonObject; // likewise
  const { dueAtMs, pausedAtMs } = clock;
  const due =
    typeof dueAtMs === "number"
      ? [`due ${use.time.format(dueAtMs)}${detail["overdue"] === true ? " (overdue)" : ""}. ${textAt(clock, "atExpiry")}`]
      : [];
  const paused = typeof pausedAtMs === "number" ? [`its clock stands still since ${use.time.format(pausedAtMs)}`] : [];
  const ladder = listAt(clock, "ladder").map(
    (step) => `  ${use.time.format(Number(step["atMs"] ?? 0))}: ${(step["who"] as readonly string[]).join(", ") || "nobody"} hears of it`, // names by the contract
  );
  const asked = listAt(detail, "askBacks").map((one) => {
    const reply = one["reply"];
    return `  asked: ${oneLine(textAt(one, "question"))}${typeof reply === "string" ? ` - ${oneLine(reply)}` : " (no reply)"}`;
  });
  return [...due, ...paused, ...ladder, ...asked, ...agreementLines(agreement)];
}

function agreementLines(agreement: JsonObject): readonly string[] {
  const quorum = Number(agreement["quorum"] ?? 1);
  if (quorum <= 1) return [];
  const votes = listAt(agreement, "votes").map((vote) => `  ${textAt(vote, "name")}: ${textAt(vote, "choice")}`);
  const open = listAt(agreement, "stillNeeded").map((person) => textAt(person, "name"));
  return [`${quorum} people have to agree; still open: ${open.join(", ") || "nobody is left"}`, ...votes];
}
