import { type Command, Option } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, printAnswer, table, textAt } from "./output.ts";

interface ChainOptions {
  readonly project?: string;
  readonly persona?: string;
  readonly reason?: string;
  readonly clear?: boolean;
}

/** `xvc model chain`: which models are asked, in order; without models it lists what was said. */
export function registerModelChain(group: Command, context: GroupContext): void {
  group
    .command("chain")
    .description("list or set which models are asked, in order, and when the next one is")
    .argument("[models...]", "provider/model, the first one asked first")
    .addOption(new Option("--project <key>", "for the work of one project").conflicts("persona"))
    .option("--persona <key>", "for the work of one persona")
    .option("--clear", "say nothing here, so that what is said more widely holds")
    .option("--reason <text>", "why; it goes on record")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc model chain\n  $ xvc model chain anthropic/claude-sonnet-4-5 ollama/qwen3:8b --reason "Local when the vendor is away"\n  $ xvc model chain ollama/qwen3:8b --project ENG --reason "Nothing of it leaves the house"\n  $ xvc model chain --clear --project ENG --reason "As everywhere else"\n\nThe chain of the persona holds, else that of the project, else that of the organization.\nNo chain lets a project be sent to a provider that was not allowed for it.\n',
    )
    .action(context.act((models: readonly string[], options: ChainOptions) => chain(context, models, options)));
}

async function chain(context: GroupContext, models: readonly string[], options: ChainOptions): Promise<number> {
  const { use } = context;
  const client = await use.connect({ start: false, port: context.flags().port });
  const { project, persona, reason, clear } = options;
  if (models.length === 0 && clear !== true) {
    const document = await client.get("/api/model-chains");
    const rows = listAt(document, "items");
    printAnswer(use.streams, context.flags(), {
      document,
      rows,
      people: () =>
        [
          table(
            use.streams,
            ["FOR", "OF", "MODELS, THE FIRST ONE ASKED FIRST"],
            rows.map((row) => [textAt(row, "scope"), textAt(row, "key"), (Array.isArray(row["links"]) ? row["links"] : []).join(", ")]),
          ),
          "The next one is asked by these rules:",
          ...listAt(document, "rules").map((row) => `  ${textAt(row, "rule")}: ${textAt(row, "says")}`),
          "",
        ].join("\n"),
    });
    return exitCodes.ok;
  }
  if (reason === undefined) throw new Failure("invalid", "chain.reason-missing", { message: "Say why with --reason; it goes on record." });
  const scope = project !== undefined ? "project" : persona !== undefined ? "persona" : "organization";
  const of = project ?? persona;
  const body = { scope, links: clear === true ? [] : [...models], reason, ...(of === undefined ? {} : { of }) };
  const answer = await client.post("/api/model-chains", body);
  printAnswer(use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "label")}: ${clear === true ? "nothing said" : models.join(", ")}\n`,
  });
  return exitCodes.ok;
}
