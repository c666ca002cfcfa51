import type { Command } from "commander";
import { exitCodes } from "./exit-codes.ts";
import { folder } from "./backup-commands.ts";
import type { GroupContext } from "./group-context.ts";
import { jsonText, note, printAnswer } from "./output.ts";

/** `xvc eval`: measures a capability of this very program on a folder of cases. It needs no server and no key. */
export function registerEval(command: Command, context: GroupContext): void {
  command
    .argument("<suite>", "tool-gate")
    .argument("<dir>", "the folder with the cases", folder)
    .option("--out <file>", "write one prediction per line into this file", folder)
    .addHelpText(
      "after",
      "\nExit code 1 when something that must hold does not. A folder that lacks the suite's files is reported NOT RUN.\n\nExamples:\n  $ xvc eval tool-gate cases/security --out predictions.jsonl --json\n",
    )
    .action(context.act((suite: string, dir: string, options: { readonly out?: string }) => run(context, { suite, dir, ...options })));
}

interface Asked {
  readonly suite: string;
  readonly dir: string;
  readonly out?: string;
}

async function run(context: GroupContext, { suite, dir, out }: Asked): Promise<number> {
  const { use, flags } = context;
  const found = await use.system.evaluate({ suite, folder: use.files.absolute(dir), note: (text) => note(use.streams, flags(), text) });
  if (out !== undefined) {
    const file = use.files.absolute(out);
    const cut = file.lastIndexOf("/");
    await use.files.prepareDirectory(file.slice(0, cut) || "/");
    const text = found.predictions.map((one) => `${jsonText(one)}\n`).join("");
    await use.files.write(file.slice(0, cut) || "/", file.slice(cut + 1), {
      bytes: new TextEncoder().encode(text),
      replace: flags().yes === true,
    });
    note(use.streams, flags(), `${found.predictions.length} predictions in ${file}`);
  }
  printAnswer(use.streams, flags(), { document: found.document, people: () => found.text });
  return found.ok ? exitCodes.ok : exitCodes.workFailed;
}
