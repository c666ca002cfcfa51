import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import { report } from "./backup-commands.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";

/** `xvc memory rebuild --check`. */
export function registerRebuild(group: Command, context: GroupContext): void {
  group
    .command("rebuild")
    .description("make present rows and the search index anew from the history and compare them with what is kept")
    .option("--check", "compare only and change nothing; the only way there is")
    .addHelpText(
      "after",
      "\nOn the server's machine, while the system works; it reads the whole history in one snapshot. Exit 1 when anything differs.\n\nExamples:\n  $ xvc memory rebuild --check\n  $ xvc memory rebuild --check --json\n",
    )
    .action(
      context.act(async ({ check }: { readonly check?: boolean }) => {
        if (check !== true)
          throw new Failure("invalid", "usage.rebuild", {
            message:
              "Nothing is rebuilt in place: triggers keep what is derived in the transaction of the change. Compare with --check; if something differs, restore a backup (xvc restore).",
          });
        const compared = await context.use.system.compareDerived();
        report(context, compared);
        return compared.document["ok"] === true ? exitCodes.ok : exitCodes.workFailed;
      }),
    );
}
