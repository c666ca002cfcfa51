import type { Command } from "commander";
import { exitCodes } from "./exit-codes.ts";
import { folder } from "./backup-commands.ts";
import type { GroupContext } from "./group-context.ts";
import { printAnswer } from "./output.ts";

/** `xvc gate`: what tools may do, and how strictly they are let through. */
export function registerGate(group: Command, context: GroupContext): void {
  group
    .command("replay")
    .description("decide recorded questions to the tool policies again, and name every answer that flips; needs no server")
    .argument("<record>", "one question per line, as xvc.gate-question/1", folder)
    .option("--policies <file>", "JSON object of policy id and Cedar text; without it the policies in force", folder)
    .addHelpText("after", "\nExamples:\n  $ xvc gate replay questions.jsonl --policies proposed.json\n")
    .action(
      context.act(async (record: string, options: { readonly policies?: string }) => {
        const { use, flags } = context;
        const policies = options.policies === undefined ? null : use.files.absolute(options.policies);
        const found = await use.system.replayGate({ record: use.files.absolute(record), policies });
        printAnswer(use.streams, flags(), { document: found.document, people: () => found.text });
        return exitCodes.ok;
      }),
    );
}
