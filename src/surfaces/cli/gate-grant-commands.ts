import { type Command, Option } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { jsonText, listAt, printAnswer, table, textAt } from "./output.ts";
import { amount, collect, count, pairs, segment } from "./values.ts";

interface GrantFlags {
  readonly target: readonly string[];
  readonly content: string;
  readonly calls: number;
  readonly until: string;
  readonly cap?: number;
  readonly persona?: string;
  readonly project: string;
  readonly reason: string;
}

/** Standing grants: a yes beforehand, and taking it back. */
export function registerGrants(group: Command, context: GroupContext): void {
  group
    .command("grant")
    .description("say yes beforehand to calls of one tool, for the targets named")
    .argument("<tool>", "the tool's name")
    .requiredOption("--project <project>", "the project it is for")
    .requiredOption("--target <argument=value>", "a value that a target may have; stands once for each", collect)
    .addOption(
      new Option("--content <rule>", "whose words the rest may be: a person's own, written here, or anything")
        .choices(["human", "inside", "any"])
        .default("human"),
    )
    .requiredOption("--calls <count>", "for how many calls", count)
    .requiredOption("--until <date>", "until when, such as 2030-01-31; 90 days at most")
    .option("--cap <amount>", "most money over all calls, for a tool that moves money", amount)
    .option("--persona <key>", "only for this persona")
    .requiredOption("--reason <text>", "why; it is shown with the grant")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc gate grant mail --project ENG --target to=team@example.org --content inside --calls 20 --until 2030-01-31 --reason "The weekly note"\n',
    )
    .action(context.act((tool: string, flags: GrantFlags) => grant(context, tool, flags)));
  group
    .command("grants")
    .description("list standing grants, and what personas may call at all")
    .option("--all", "also grants that were revoked")
    .addHelpText("after", "\nExamples:\n  $ xvc gate grants\n")
    .action(context.act((options: { readonly all?: true }) => list(context, options.all === true)));
  group
    .command("revoke")
    .description("take a standing grant back; from then on it covers nothing")
    .argument("<grant>", "the grant's id")
    .option("--reason <text>", "why; it stays on record", "")
    .addHelpText("after", '\nExamples:\n  $ xvc gate revoke 0198c2a4-7e55-7c3f-9a10-000000000042 --reason "Not needed any more"\n')
    .action(context.act((id: string, options: { readonly reason: string }) => revoke(context, id, options.reason)));
}

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: true, port: context.flags().port });

/** A value as JSON where it is a number, true or false; otherwise the text itself. */
const valueOf = (text: string): Json => (/^(?:-?\d{1,15}|true|false)$/u.test(text) ? (JSON.parse(text) as Json) : text);

/** Several values for one argument stand in several options. @throws {Failure} `usage.not-a-pair` */
function targetsOf(texts: readonly string[]): { readonly [argument: string]: readonly Json[] } {
  const targets: { [argument: string]: Json[] } = {};
  for (const text of texts)
    for (const [argument, value] of pairs([text], "--target")) targets[argument] = [...(targets[argument] ?? []), valueOf(value)];
  return targets;
}

async function grant(context: GroupContext, tool: string, flags: GrantFlags): Promise<number> {
  const { project, content, calls, until, cap, persona, reason } = flags;
  const expiresAtMs = context.use.time.parse(until);
  if (expiresAtMs === undefined)
    throw new Failure("invalid", "usage.deadline", {
      message: `"${until.slice(0, 60)}" is no date; write 2030-01-31 or 2030-01-31T17:00Z.`,
    });
  const body = {
    project,
    tool,
    content,
    reason,
    persona: persona ?? null,
    targets: targetsOf(flags.target),
    maxCalls: calls,
    capMicro: cap ?? null,
    expiresAtMs,
  };
  const answer = await (await open(context)).post("/api/grants", body);
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${textAt(answer, "id")}\n` });
  return exitCodes.ok;
}

async function list(context: GroupContext, all: boolean): Promise<number> {
  const { use } = context;
  const document = await (await open(context)).get(`/api/grants${all ? "?all=true" : ""}`);
  const [grants, capabilities] = [listAt(document, "grants"), listAt(document, "capabilities")];
  printAnswer(use.streams, context.flags(), {
    document,
    rows: grants,
    people: () =>
      `${table(
        use.streams,
        ["TOOL", "PROJECT", "PERSONA", "TARGETS", "CONTENT", "CALLS", "UNTIL", "STATE", "ID"],
        grants.map((row) => [
          textAt(row, "tool"),
          textAt(row, "project"),
          textAt(row, "persona") || "every persona",
          jsonText(row["targets"] ?? {}),
          textAt(row, "content"),
          usedOf(row),
          use.time.format(Number(row["expiresAtMs"])),
          textAt(row, "state"),
          textAt(row, "id"),
        ]),
      )}\n${table(
        use.streams,
        ["MAY CALL", "PERSONA", "TASK", "CALLS", "UNTIL", "GIVEN BY"],
        capabilities.map((row) => [
          textAt(row, "tool"),
          textAt(row, "persona"),
          textAt(row, "task") || `any of ${textAt(row, "project")}`,
          usedOf(row),
          use.time.format(Number(row["expiresAtMs"])),
          textAt(row, "givenBy"),
        ]),
      )}`,
  });
  return exitCodes.ok;
}

const usedOf = (row: JsonObject): string => `${textAt(row, "usedCalls")} of ${textAt(row, "maxCalls")}`;

async function revoke(context: GroupContext, id: string, reason: string): Promise<number> {
  if (id === "") throw new Failure("not-found", "grant.not-found", { message: "Name the grant by its id; xvc gate grants lists them." });
  const answer = await (await open(context)).post(`/api/grants/${segment(id)}/revoke`, { reason });
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${id} revoked\n` });
  return exitCodes.ok;
}
