import type { Command } from "commander";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";

/** `xvc mcp`: tools for a program that starts this command. */
export function registerMcp(command: Command, context: GroupContext): void {
  command
    .addHelpText(
      "after",
      "\nA client of the server like every other command: XVC_URL and XVC_API_KEY name another one, with what the key may do. The same tools are at /mcp over HTTP.\n\nExamples:\n  $ xvc mcp\n  $ XVC_URL=https://xvc.example.org XVC_API_KEY=... xvc mcp\n",
    )
    .action(
      context.act(async () => {
        const client = await context.use.connect({ start: false, port: context.flags().port });
        await context.use.system.mcp(client, context.use.signal);
        return exitCodes.ok;
      }),
    );
}
