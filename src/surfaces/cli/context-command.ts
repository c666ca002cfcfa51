import type { Command } from "commander";
import type { JsonObject } from "../../core/shared/json.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { instantOf, when } from "./instant-commands.ts";
import { listAt, objectAt, oneLine, printAnswer, printable, textAt } from "./output.ts";
import { count, reference, segment } from "./values.ts";

interface ContextOptions {
  readonly budget?: number;
  readonly at?: string;
  readonly text?: boolean;
}

/** `xvc task context`: what a task's performer is told, and why. */
export function registerContext(group: Command, context: GroupContext): void {
  group
    .command("context")
    .description("show what a task's performer is told within a token budget, and why each piece is in or out")
    .argument("<task>", "label or id, such as ENG-42/backend", reference)
    .option("--budget <tokens>", "how much may be told, in tokens by the estimate of four characters each; 8000, when absent", count)
    .option("--at <instant>", `as it was then: ${when}`)
    .option("--text", "all that is told, as one text")
    .addHelpText(
      "after",
      "\nExamples:\n  $ xvc task context ENG-42/backend\n  $ xvc task context ENG-42/backend --budget 2000 --text\n  $ xvc task context ENG-42/backend --json\n",
    )
    .action(context.act((task: string, options: ContextOptions) => show(context, task, options)));
}

async function show(context: GroupContext, task: string, { budget, at, text }: ContextOptions): Promise<number> {
  const { use } = context;
  const client = await use.connect({ start: false, port: context.flags().port });
  const instant = instantOf(context, at);
  const query = new URLSearchParams({
    ...(budget === undefined ? {} : { budget: String(budget) }),
    ...(instant === undefined ? {} : { at: instant }),
  }).toString();
  const document = await client.get(`/api/tasks/${segment(task)}/context${query === "" ? "" : `?${query}`}`);
  printAnswer(use.streams, context.flags(), {
    document,
    rows: listAt(document, "rows"),
    people: () => (text === true ? toldText(document) : explained(document)),
  });
  return exitCodes.ok;
}

/** As `renderPack` writes it, safe for a terminal. */
const toldText = (document: JsonObject): string =>
  listAt(document, "pieces")
    .map((piece) => `## ${textAt(piece, "kind")}: ${oneLine(textAt(piece, "title"))}\n${printable(textAt(piece, "text"))}\n\n`)
    .join("");

function explained(document: JsonObject): string {
  const rows = listAt(document, "rows");
  const told = rows.filter((row) => textAt(row, "state") !== "left-out");
  const out = rows.filter((row) => textAt(row, "state") === "left-out");
  return [
    `${textAt(document, "label")}: about ${textAt(document, "tokens")} of ${textAt(document, "budgetTokens")} tokens (characters / 4)`,
    ...told.map(rowLine),
    ...(out.length === 0 ? [] : ["", `left out: ${textAt(document, "leftOut")}`, ...out.map(rowLine)]),
    "",
    givenLine(objectAt(document, "given")),
    "",
  ].join("\n");
}

function rowLine(row: JsonObject): string {
  const why = textAt(row, "why");
  const pinned = row["pinned"] === true ? ", always told" : "";
  return `  ${textAt(row, "kind")} "${oneLine(textAt(row, "title"))}" (${textAt(row, "tokens")} tokens${pinned}): ${oneLine(textAt(row, "reason"))}${why === "" ? "" : ` ${oneLine(why)}`}`;
}

function givenLine(given: JsonObject): string {
  if (textAt(given, "attemptId") === "") return "Nothing is kept of what was told when work began.";
  const since = given["same"] === true ? "the same would be told now" : "what would be told now differs";
  return `Attempt ${textAt(given, "number")} was told about ${textAt(given, "tokens")} tokens when it began; ${since}.`;
}
