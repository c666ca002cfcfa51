import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { SystemReport } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { note, printAnswer } from "./output.ts";

/** `xvc backup`: copies what this home keeps, while it works. */
export function registerBackup(command: Command, context: GroupContext): void {
  command
    .option("--to <folder>", "make the backup's own folder below this one instead of below `backups` in XVC_HOME", folder)
    .addHelpText(
      "after",
      "\nOn the server's machine, as the account that runs it. A backup holds the keys: keep it as private as the home.\n\nExamples:\n  $ xvc backup\n  $ xvc backup --to /mnt/backups --json\n",
    )
    .action(context.act(async ({ to }: { readonly to?: string }) => report(context, await context.use.system.backup({ to }))));
}

interface RestoreFlags {
  readonly until?: number;
  readonly log?: string;
  readonly content?: string;
}

/** `xvc restore`: puts a backup back into an empty home. */
export function registerRestore(command: Command, context: GroupContext): void {
  const { time } = context.use;
  const instant = (text: string): number => {
    const atMs = time.parse(text);
    if (atMs === undefined)
      throw new Failure("invalid", "usage.instant", {
        message: `"${text.slice(0, 60)}" is no instant. Write 2026-11-23T08:30:00Z, or with another offset.`,
      });
    return atMs;
  };
  command
    .argument("<backup>", "the folder that xvc backup made", folder)
    .option("--until <instant>", "carry it on to this instant; needs the log kept by XVC_WAL_ARCHIVE", instant)
    .option("--log <folder>", "where that log lies, if not where it lay", folder)
    .option("--content <folder>", "where content written after the backup lies, if not where it lay", folder)
    .addHelpText(
      "after",
      "\nXVC_HOME names the new home, which must be empty. Everything in it is halted until a person lifts the halt.\n\nExamples:\n  $ XVC_HOME=/srv/xvc-again xvc restore /mnt/backups/2026-11-23T083112Z\n  $ XVC_HOME=/srv/xvc-again xvc restore /mnt/backups/2026-11-23T083112Z --until 2026-11-23T14:00:00Z\n",
    )
    .action(
      context.act(async (from: string, { until, log, content }: RestoreFlags) =>
        report(context, await context.use.system.restore({ from, untilMs: until ?? null, log, content })),
      ),
    );
}

/** `xvc export`: the record of the organization as a folder. */
export function registerExport(command: Command, context: GroupContext): void {
  command
    .requiredOption("--out <folder>", "a folder that is not there yet: record.jsonl, and content by hash", folder)
    .addHelpText("after", "\nThe same record gives the same bytes.\n\nExamples:\n  $ xvc export --out /mnt/export-2026-11-23\n")
    .action(context.act(async ({ out }: { readonly out: string }) => report(context, await context.use.system.exportRecord({ to: out }))));
}

/** `xvc import`: an exported record into an empty installation. */
export function registerImport(command: Command, context: GroupContext): void {
  command
    .argument("<export>", "the folder that xvc export made", folder)
    .addHelpText(
      "after",
      "\nXVC_HOME names a new home, or DATABASE_URL an empty database. All of it comes in, or nothing.\n\nExamples:\n  $ XVC_HOME=/srv/xvc-again xvc import /mnt/export-2026-11-23\n",
    )
    .action(context.act(async (from: string) => report(context, await context.use.system.importRecord({ from }))));
}

/** The name of a file or folder as somebody typed it. @throws {Failure} `file.name-invalid` */
export function folder(text: string): string {
  if (text.trim() === "" || /\p{Cc}/u.test(text) || text.length > 4_096)
    throw new Failure("invalid", "file.name-invalid", { message: "A file name is missing or not possible." });
  return text;
}

/** Prints what was done; what a person has to know beside goes to the error stream. */
export function report({ use, flags }: GroupContext, { document, text, notes }: SystemReport): number {
  printAnswer(use.streams, flags(), { document, people: () => text });
  for (const one of notes) note(use.streams, flags(), one);
  return exitCodes.ok;
}
