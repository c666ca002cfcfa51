import type { Command } from "commander";
import type { Client } from "./cli-dependencies.ts";
import { registerDecisions } from "./decision-commands.ts";
import { registerEvidence } from "./evidence-commands.ts";
import { exitCodes } from "./exit-codes.ts";
import { registerFacts } from "./fact-commands.ts";
import type { GroupContext } from "./group-context.ts";
import { registerInstants } from "./instant-commands.ts";
import { listAt, printAnswer, table, textAt } from "./output.ts";

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });

/** `xvc memory`: what was decided, and finding things again. */
export function registerMemory(group: Command, context: GroupContext): void {
  registerDecisions(group, context);
  registerFacts(group, context);
  registerInstants(group, context);
  registerEvidence(group, context);
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
