import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, note, printAnswer, table, textAt } from "./output.ts";
import { segment } from "./values.ts";

/** Halts: stop a scope at once, and let it go on. */
export function registerHalt(group: Command, context: GroupContext): void {
  group
    .command("set", { isDefault: true })
    .description("halt a scope: nothing of it begins any more")
    .argument("[scope]", "everything, project:KEY, persona:KEY, tool:NAME or provider:NAME", "everything")
    .requiredOption("--reason <text>", "why; whoever lifts the halt reads it")
    .addHelpText("after", '\nExamples:\n  $ xvc halt --reason "Wrong prices went out"\n  $ xvc halt tool:mail --reason "Bounces"\n')
    .action(context.act((scope: string, options: { readonly reason: string }) => set(context, scope, options.reason)));
  group
    .command("list")
    .description("list what is halted")
    .option("--all", "also halts that were lifted")
    .addHelpText("after", "\nExamples:\n  $ xvc halt list\n")
    .action(context.act((options: { readonly all?: true }) => list(context, options.all === true)));
  group
    .command("lift")
    .description("let a halted scope go on")
    .argument("<halt>", "the scope as it was halted, or the halt's id")
    .option("--reason <text>", "what was mended; kept with the halt", "")
    .addHelpText("after", '\nExamples:\n  $ xvc halt lift everything --reason "Prices corrected"\n')
    .action(context.act((halt: string, options: { readonly reason: string }) => lift(context, halt, options.reason)));
}

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: true, port: context.flags().port });

/** `tool:mail` as its two parts. @throws {Failure} `halt.bad-scope` */
function scopeOf(text: string): { readonly scope: string; readonly scopeId: string } {
  const [, scope = "", scopeId = ""] = /^(everything|project|persona|tool|provider)(?::(.{1,200}))?$/u.exec(text) ?? [];
  if (scope === "" || (scope === "everything") !== (scopeId === ""))
    throw new Failure("invalid", "halt.bad-scope", {
      message: `"${text.slice(0, 80)}" is no scope; write everything, project:KEY, persona:KEY, tool:NAME or provider:NAME.`,
    });
  return { scope, scopeId };
}

async function set(context: GroupContext, scope: string, reason: string): Promise<number> {
  const answer = await (await open(context)).post("/api/halts", { ...scopeOf(scope), reason });
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${scope} halted\n` });
  note(
    context.use.streams,
    context.flags(),
    "Nothing of it begins, and attempts of personas that run are cancelled; people keep their tasks. An administrator or director lifts it with xvc halt lift.",
  );
  return exitCodes.ok;
}

async function list(context: GroupContext, all: boolean): Promise<number> {
  const { use } = context;
  const document = await (await open(context)).get(`/api/halts${all ? "?all=true" : ""}`);
  const rows = listAt(document, "items");
  printAnswer(use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      table(
        use.streams,
        ["HALTED", "STATE", "SINCE", "REASON", "ID"],
        rows.map((row) => [
          textAt(row, "label"),
          textAt(row, "state"),
          use.time.format(Number(row["setAtMs"])),
          textAt(row, "reason"),
          textAt(row, "id"),
        ]),
      ),
  });
  return exitCodes.ok;
}

async function lift(context: GroupContext, halt: string, reason: string): Promise<number> {
  const client = await open(context);
  const held = listAt(await client.get("/api/halts"), "items");
  const found = held.find((one) => textAt(one, "id") === halt || textAt(one, "label").replace(" ", ":") === halt);
  if (found === undefined)
    throw new Failure("not-found", "halt.not-found", { message: `"${halt.slice(0, 80)}" is not halted. xvc halt list shows what is.` });
  const answer = await client.post(`/api/halts/${segment(textAt(found, "id"))}/lift`, { reason });
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${textAt(found, "label")} goes on\n` });
  return exitCodes.ok;
}
