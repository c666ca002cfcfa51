import { type Command, Option } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { SystemReport } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { readSheet, type SheetQuery, sheetNames } from "./export-sheets.ts";
import { instantOf, when } from "./instant-commands.ts";
import { note, printable, printAnswer } from "./output.ts";
import { csvText, markdownText } from "./sheet-text.ts";
import { count } from "./values.ts";

interface BackupFlags {
  readonly to?: string;
  readonly keep?: number;
  readonly keepDays?: number;
  readonly keyTo?: string;
  readonly withoutDatabase?: boolean;
}

/** `xvc backup`: copies what this home keeps, while it works. */
export function registerBackup(command: Command, context: GroupContext): void {
  command
    .option("--to <folder>", "make the backup's own folder below this one instead of below `backups` in XVC_HOME", folder)
    .option("--keep <count>", "afterwards remove older backups of this installation there, so that this many whole ones stay", count)
    .option("--keep-days <days>", "afterwards remove whole backups of this installation there that are older", count)
    .option("--key-to <folder>", "put the installation's key there instead of into the backup", folder)
    .option("--without-database", "with DATABASE_URL: content, checkpoints and the key alone")
    .addHelpText(
      "after",
      "\nOn the server's machine, as the account that runs it. A backup holds the keys: keep it as private as the home.\n\nExamples:\n  $ xvc backup\n  $ xvc backup --to /mnt/backups --key-to /mnt/keys --keep-days 35\n  $ xvc backup --to /mnt/backups --keep 14 --json\n",
    )
    .action(
      context.act(async ({ to, keep, keepDays, keyTo, withoutDatabase = false }: BackupFlags) =>
        report(context, await context.use.system.backup({ to, keep, keepDays, keyTo, withoutDatabase })),
      ),
    );
  registerKept(command, context);
}

/** What becomes of backups that were made. The folder is named once, before or behind the word. */
function registerKept(command: Command, context: GroupContext): void {
  const given = (own: BackupFlags): BackupFlags => ({ ...command.opts<BackupFlags>(), ...own });
  command
    .command("list")
    .description("list whole backups of this installation, and how many people erased since each of them still opens")
    .option("--to <folder>", "look there too", folder)
    .addHelpText("after", "\nExamples:\n  $ xvc backup list\n  $ xvc backup list --to /mnt/backups --json\n")
    .action(context.act(async (flags: BackupFlags) => report(context, await context.use.system.listBackups({ to: given(flags).to }))));
  command
    .command("prune")
    .description("remove old whole backups of this installation, never the newest")
    .option("--to <folder>", "the folder they lie in, if not `backups` in XVC_HOME", folder)
    .option("--keep <count>", "so many of the latest stay", count)
    .option("--keep-days <days>", "those that are older go", count)
    .addHelpText("after", "\nExamples:\n  $ xvc backup prune --keep-days 35\n  $ xvc backup prune --to /mnt/backups --keep 14\n")
    .action(
      context.act(async (flags: BackupFlags) => {
        const { to, keep, keepDays } = given(flags);
        if (keep === undefined && keepDays === undefined)
          throw new Failure("invalid", "usage.nothing-to-change", { message: "Say what stays: --keep-days 35, --keep 14, or both." });
        return report(context, await context.use.system.pruneBackups({ to, keep, keepDays }));
      }),
    );
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
      "\nXVC_HOME names the new home, which must be empty. Everything in it is halted until a person lifts the halt.\n\nExamples:\n  $ XVC_HOME=/srv/xvc-again xvc restore /mnt/backups/2026-11-23T083112.204Z\n  $ XVC_HOME=/srv/xvc-again xvc restore /mnt/backups/2026-11-23T083112.204Z --until 2026-11-23T14:00:00Z\n",
    )
    .action(
      context.act(async (from: string, { until, log, content }: RestoreFlags) =>
        report(context, await context.use.system.restore({ from, untilMs: until ?? null, log, content })),
      ),
    );
}

interface ExportFlags {
  readonly out?: string;
  readonly format?: "csv" | "markdown";
  readonly at?: string;
  readonly project?: string;
}

/** `xvc export`: the record of the organization as a folder, or a view of it as a table. */
export function registerExport(command: Command, context: GroupContext): void {
  command
    .argument("[view]", `a table instead of the whole record: ${sheetNames.join(", ")}, entities:<type>`)
    .option("--out <path>", "the whole record: a folder that is not there yet; a table: a file instead of the output", folder)
    .addOption(new Option("--format <format>", "form of the table; csv, when absent").choices(["csv", "markdown"]))
    .option("--at <instant>", `the table as it was: ${when}`)
    .option("--project <key>", "rows of this project only")
    .addHelpText(
      "after",
      "\nThe whole record is made on the server's machine, and the same record gives the same bytes. A table has what you may see.\n\nExamples:\n  $ xvc export --out /mnt/export-2026-11-23\n  $ xvc export requests --format csv > requests.csv\n  $ xvc export entities:customer --at 2026-11-02 --out customers.csv\n  $ xvc export decisions --format markdown --out decisions.md\n",
    )
    .action(context.act((view: string | undefined, flags: ExportFlags) => exportAs(context, view, flags)));
}

async function exportAs(context: GroupContext, view: string | undefined, { out, format, at, project }: ExportFlags): Promise<number> {
  if (view !== undefined) return exportSheet(context, { what: view, project, at: instantOf(context, at) }, { out, format });
  if (out === undefined || format !== undefined || at !== undefined || project !== undefined)
    throw new Failure("invalid", "usage.export", {
      message: `Name a folder for the whole record (xvc export --out FOLDER), or a view for a table: ${sheetNames.join(", ")}.`,
    });
  return report(context, await context.use.system.exportRecord({ to: out }));
}

async function exportSheet(
  context: GroupContext,
  query: Pick<SheetQuery, "what" | "project" | "at">,
  { out, format }: { readonly out: string | undefined; readonly format: ExportFlags["format"] | undefined },
): Promise<number> {
  const { use, flags } = context;
  const client = await use.connect({ start: false, port: flags().port });
  const sheet = await readSheet(client, { ...query, format: (atMs) => use.time.format(atMs) });
  const text = format === "markdown" ? markdownText(sheet) : csvText(sheet);
  if (out === undefined) use.streams.out(use.streams.isTerminal ? printable(text) : text);
  else {
    const file = use.files.absolute(out);
    const cut = file.lastIndexOf("/");
    await use.files.prepareDirectory(file.slice(0, cut) || "/");
    await use.files.write(file.slice(0, cut) || "/", file.slice(cut + 1), {
      bytes: new TextEncoder().encode(text),
      replace: flags().yes === true,
    });
    note(use.streams, flags(), `${sheet.rows.length} rows in ${file}`);
  }
  return exitCodes.ok;
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
