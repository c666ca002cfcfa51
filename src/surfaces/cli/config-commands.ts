import type { Command } from "commander";
import { exitCodes } from "./exit-codes.ts";
import { printAnswer, table } from "./output.ts";
import type { GroupContext } from "./group-context.ts";

export function registerConfig(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list settings: flag, then environment, then project, then user, then default")
    .option("--show-origin", "also show where each comes from")
    .addHelpText("after", "\nExamples:\n  $ xvc config list --show-origin\n")
    .action(
      context.act(async (options: { readonly showOrigin?: boolean }) => {
        const rows = context
          .settled()
          .list.map(({ name, value, origin }) => ({ name, value, ...(options.showOrigin === true ? { origin } : {}) }));
        printAnswer(context.use.streams, context.flags(), {
          document: { schema: "xvc.config/1", items: rows },
          rows,
          people: () =>
            table(
              context.use.streams,
              options.showOrigin === true ? ["NAME", "VALUE", "ORIGIN"] : ["NAME", "VALUE"],
              rows.map((row) => Object.values(row)),
            ),
        });
        return exitCodes.ok;
      }),
    );
}
