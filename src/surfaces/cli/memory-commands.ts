import type { Command } from "commander";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, objectAt, printAnswer, table, textAt } from "./output.ts";
import { reference, segment } from "./values.ts";

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });

interface DecisionsOptions {
  readonly request?: string;
  readonly project?: string;
}

/** `xvc memory`: what was decided, and finding things again. */
export function registerMemory(group: Command, context: GroupContext): void {
  group
    .command("decisions")
    .description("list the newest decisions: question, choice, who, by which authority")
    .option("--request <request>", "only those about a request, such as WORK-3", reference)
    .option("--project <key>", "only those of a project")
    .addHelpText("after", "\nExamples:\n  $ xvc memory decisions\n  $ xvc memory decisions --request WORK-3 --json\n")
    .action(context.act((options: DecisionsOptions) => decisions(context, options)));
  group
    .command("decision")
    .description("show one decision with its options, reason and evidence")
    .argument("<decision>", "id of the decision", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc memory decision 0190f3a2-0000-7000-8000-000000000001\n")
    .action(context.act((id: string) => decision(context, id)));
  group
    .command("search")
    .description("find requests, tasks, decisions, people and personas by their words")
    .argument("<words>", "a piece of text, in any case")
    .addHelpText("after", '\nExamples:\n  $ xvc memory search "supplier review"\n')
    .action(context.act((words: string) => search(context, words)));
}

const asked = (fields: { readonly [name: string]: string | undefined }): string => {
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
};

async function decisions(context: GroupContext, { request, project }: DecisionsOptions): Promise<number> {
  const page = await (await open(context)).get(`/api/decisions${asked({ request, project })}`);
  const rows = listAt(page, "items");
  const { streams, time } = context.use;
  const when = (row: JsonObject): string => (typeof row["madeAtMs"] === "number" ? time.format(row["madeAtMs"]) : "open");
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
  const options = listAt(found, "options").map((option) => textAt(option, "label"));
  const facts: readonly (readonly [string, string])[] = [
    ["question", textAt(found, "question")],
    ["options", options.join(" | ")],
    ["choice", textAt(found, "choice")],
    ["reason", textAt(found, "rationale")],
    ["by", textAt(objectAt(found, "decider"), "name")],
    ["authority", textAt(found, "authority")],
    ["request", textAt(found, "requestLabel")],
    ["evidence", JSON.stringify(objectAt(found, "evidence"))],
  ];
  printAnswer(context.use.streams, context.flags(), {
    document: found,
    people: () => facts.map(([name, value]) => `${name}: ${value === "" ? "-" : value}\n`).join(""),
  });
  return exitCodes.ok;
}

async function search(context: GroupContext, words: string): Promise<number> {
  const found = await (await open(context)).get(`/api/memory${asked({ q: words })}`);
  const rows = listAt(found, "items");
  printAnswer(context.use.streams, context.flags(), {
    document: found,
    rows,
    people: () =>
      rows.length === 0
        ? "Nothing was found.\n"
        : table(
            context.use.streams,
            ["KIND", "LABEL", "TITLE", "FOUND"],
            rows.map((row) => [textAt(row, "kind"), textAt(row, "label"), textAt(row, "title"), textAt(row, "found")]),
          ),
  });
  return exitCodes.ok;
}
