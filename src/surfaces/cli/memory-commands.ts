import type { Command } from "commander";
import { searchKinds } from "../../contract/search-contract.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { registerDecisions } from "./decision-commands.ts";
import { registerEvidence } from "./evidence-commands.ts";
import { exitCodes } from "./exit-codes.ts";
import { registerFacts } from "./fact-commands.ts";
import type { GroupContext } from "./group-context.ts";
import { asked, instantOf, registerInstants, when } from "./instant-commands.ts";
import { listAt, objectAt, printAnswer, table, textAt } from "./output.ts";
import { registerRebuild } from "./rebuild-command.ts";
import { count } from "./values.ts";

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });

/** `xvc memory`: what was decided, and finding things again. */
export function registerMemory(group: Command, context: GroupContext): void {
  registerDecisions(group, context);
  registerFacts(group, context);
  registerInstants(group, context);
  registerEvidence(group, context);
  registerRebuild(group, context);
  group
    .command("search")
    .description("find anything by its words or label: work, decisions, comments, entities, facts, people, the best first")
    .argument("<words>", "words in any case and form; misspelled ones find what looks like them")
    .option("--kind <kinds>", `only these kinds, separated by commas: ${searchKinds.join(", ")}`)
    .option("--project <key>", "only this project")
    .option("--person <id>", "only what this member asked for, wrote or has; `me` is you")
    .option("--since <instant>", `written then or later: ${when}`)
    .option("--until <instant>", "written before then")
    .option("--at <instant>", "as it was recorded at this instant")
    .option("--limit <count>", "how many; 20, when absent", count)
    .option("--cursor <cursor>", "go on after this one, as the answer before gave it")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc memory search "supplier review"\n  $ xvc memory search invoice --kind decision,fact --at 2026-11-02\n',
    )
    .action(context.act((words: string, options: SearchOptions) => search(context, words, options)));
}

interface SearchOptions {
  readonly kind?: string;
  readonly project?: string;
  readonly person?: string;
  readonly since?: string;
  readonly until?: string;
  readonly at?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

async function search(context: GroupContext, words: string, options: SearchOptions): Promise<number> {
  const { since, until, at, ...plain } = options;
  const found = await (
    await open(context)
  ).get(
    asked("/api/memory", {
      q: words,
      ...plain,
      fromMs: instantOf(context, since),
      toMs: instantOf(context, until),
      at: instantOf(context, at),
    }),
  );
  const rows = listAt(found, "items");
  const textOf = (row: JsonObject, field: string): string => (row[field] === null ? "" : textAt(objectAt(row, field), "text"));
  printAnswer(context.use.streams, context.flags(), {
    document: found,
    rows,
    people: () =>
      rows.length === 0
        ? "Nothing was found.\n"
        : `${table(
            context.use.streams,
            ["KIND", "LABEL", "TITLE", "FOUND"],
            rows.map((row) => [textAt(row, "kind"), textAt(row, "label"), textOf(row, "title"), textOf(row, "found")]),
          )}${typeof found["nextCursor"] === "string" ? `More: --cursor ${found["nextCursor"]}\n` : ""}`,
  });
  return exitCodes.ok;
}
