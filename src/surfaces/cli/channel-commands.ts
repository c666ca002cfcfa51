import { type Command, Option } from "commander";
import { channelForms, noticeTopics } from "../../core/oversight/channel.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, note, objectAt, oneLine, printAnswer, table, textAt } from "./output.ts";
import { segment } from "./values.ts";

interface AddOptions {
  readonly name?: string;
  readonly to?: string;
  readonly organization?: boolean;
  readonly topics?: string;
}

/** Ways to be reached outside of the page. */
export function registerChannel(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list your channels and the organization's, with their last message")
    .addHelpText("after", "\nExamples:\n  $ xvc channel list\n")
    .action(context.act(() => list(context)));
  group
    .command("add")
    .description("add a channel; what is secret about it is printed this once")
    .argument("<form>", `one of ${channelForms.join(", ")}`)
    .option("--name <name>", "what you call it; the form when you say nothing")
    .option("--to <address>", "an https address for chat and webhook, a mail address for mail")
    .option("--topics <topics>", `some of ${noticeTopics.join(",")}; all when you say nothing`)
    .option("--organization", "of the organization: hears of every project that is open to all")
    .addHelpText(
      "after",
      "\nExamples:\n  $ xvc channel add mail\n  $ xvc channel add chat --name team --to https://hooks.slack.com/services/T/B/x --organization\n  $ xvc channel add webhook --to https://ops.example.org/xvc --topics needs-you,due\n  $ xvc channel add feed\n",
    )
    .action(context.act((form: string, options: AddOptions) => add(context, form, options)));
  group
    .command("test")
    .description("send a message now and say whether it arrived")
    .argument("<channel>", "name or id")
    .addHelpText("after", "\nExamples:\n  $ xvc channel test mail\n")
    .action(context.act((channel: string) => test(context, channel)));
  for (const [verb, what] of [
    ["pause", "stop sending to a channel"],
    ["resume", "send to a channel again, from now on"],
    ["remove", "remove a channel and its secrets"],
  ] as const)
    group
      .command(verb)
      .description(what)
      .argument("<channel>", "name or id")
      .addHelpText("after", `\nExamples:\n  $ xvc channel ${verb} team\n`)
      .action(context.act((channel: string) => control(context, verb, channel)));
}

/** What was sent, and sending it again. */
export function registerNotice(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list messages to your channels, the newest first")
    .addOption(new Option("--state <state>", "only those in this state").choices(["pending", "sent", "failed", "dropped"]))
    .addHelpText("after", "\nExamples:\n  $ xvc notice list\n  $ xvc notice list --state failed --json\n")
    .action(context.act((options: { readonly state?: string }) => listNotices(context, options)));
  group
    .command("replay")
    .description("send a message again, under the same id")
    .argument("<message>", "id")
    .addHelpText("after", "\nExamples:\n  $ xvc notice replay 0190a000-0000-7000-8000-00000000002a\n")
    .action(context.act((message: string) => replay(context, message)));
}

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });

const whenOf = (context: GroupContext, value: unknown): string => (typeof value === "number" ? context.use.time.format(value) : "");

async function list(context: GroupContext): Promise<number> {
  const { use } = context;
  const document = await (await open(context)).get("/api/channels");
  const rows = listAt(document, "items");
  const lastOf = (row: JsonObject): string => {
    const last = row["lastNotice"];
    return last === null || last === undefined
      ? "nothing yet"
      : `${textAt(objectAt(row, "lastNotice"), "state")} ${whenOf(context, objectAt(row, "lastNotice")["atMs"])}`;
  };
  printAnswer(use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      table(
        use.streams,
        ["NAME", "FORM", "OF", "STATE", "LAST", "TO"],
        rows.map((row) => [
          textAt(row, "name"),
          textAt(row, "form"),
          row["personId"] === null ? "organization" : "you",
          [textAt(row, "state"), textAt(row, "pausedReason")].filter((part) => part !== "").join(": "),
          lastOf(row),
          textAt(row, "target"),
        ]),
      ),
  });
  return exitCodes.ok;
}

async function add(context: GroupContext, form: string, { name, to, organization, topics }: AddOptions): Promise<number> {
  const { use } = context;
  if (!channelForms.some((known) => known === form))
    throw new Failure("invalid", "usage.channel-form", {
      message: `"${form.slice(0, 60)}" is no form; choose one of ${channelForms.join(", ")}.`,
    });
  const made = await (
    await open(context)
  ).post("/api/channels", {
    form,
    name: name ?? form,
    ...(to === undefined ? {} : form === "mail" ? { address: to } : { url: to }),
    ...(organization === true ? { forOrganization: true } : {}),
    ...(topics === undefined ? {} : { topics: topics.split(",").map((topic) => topic.trim()) }),
  });
  const secret = textAt(made, "signingSecret") || textAt(made, "feedUrl");
  const called = textAt(objectAt(made, "channel"), "name");
  printAnswer(use.streams, context.flags(), { document: made, people: () => (secret === "" ? `${called} added\n` : `${secret}\n`) });
  if (secret === "") note(use.streams, context.flags(), `Try it: xvc channel test ${called}`);
  else note(use.streams, context.flags(), `Shown this once. xvc channel remove ${called} ends it.`);
  return exitCodes.ok;
}

/** The id behind a name; names are given by people and may hold anything. */
async function idOf(client: Client, channel: string): Promise<string> {
  const named = listAt(await client.get("/api/channels"), "items").find((one) => textAt(one, "name") === channel);
  return named === undefined ? channel : textAt(named, "id");
}

async function test(context: GroupContext, channel: string): Promise<number> {
  const client = await open(context);
  const answer = await client.post(`/api/channels/${segment(await idOf(client, channel))}/test`, {});
  const arrived = answer["ok"] === true;
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${arrived ? "arrived" : "did not arrive"}: ${oneLine(textAt(answer, "detail"))}\n`,
  });
  return arrived ? exitCodes.ok : exitCodes.workFailed;
}

async function control(context: GroupContext, verb: string, channel: string): Promise<number> {
  const client = await open(context);
  const answer = await client.post(`/api/channels/${segment(await idOf(client, channel))}/${verb}`, {});
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "label")} ${textAt(answer, "state")}\n`,
  });
  return exitCodes.ok;
}

async function listNotices(context: GroupContext, { state }: { readonly state?: string }): Promise<number> {
  const { use } = context;
  const query = new URLSearchParams({ limit: "200", ...(state === undefined ? {} : { state }) });
  const document = await (await open(context)).get(`/api/notices?${query.toString()}`);
  const rows = listAt(document, "items");
  printAnswer(use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      table(
        use.streams,
        ["MESSAGE", "STATE", "TRIES", "TO", "TOPIC", "FILED", "ABOUT"],
        rows.map((row) => [
          textAt(row, "id"),
          textAt(row, "state"),
          String(listAt(row, "tries").length),
          textAt(row, "channelName"),
          textAt(row, "topic"),
          whenOf(context, row["filedAtMs"]),
          [textAt(row, "requestLabel"), textAt(row, "title")].filter((part) => part !== "").join(" "),
        ]),
      ),
  });
  return exitCodes.ok;
}

async function replay(context: GroupContext, message: string): Promise<number> {
  const answer = await (await open(context)).post(`/api/notices/${segment(message)}/replay`, {});
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${message} is on its way again\n` });
  return exitCodes.ok;
}
