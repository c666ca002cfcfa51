import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, printAnswer, table, textAt } from "./output.ts";
import { findPerson } from "./find-person.ts";
import { collect, segment } from "./values.ts";

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });

interface TeamOptions {
  readonly member?: readonly string[];
  readonly lead?: string;
  readonly name?: string;
}

/** Teams: people who work together, and who see the projects that name the team. */
export function registerTeam(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list the teams")
    .addHelpText("after", "\nExamples:\n  $ xvc team list\n")
    .action(context.act(() => list(context)));
  group
    .command("create")
    .description("make a team")
    .argument("<name>", "name")
    .option("--member <person>", "name, e-mail address or id of a member; may be repeated", collect)
    .option("--lead <person>", "who leads it; a member as well")
    .addHelpText("after", '\nExamples:\n  $ xvc team create Backend --member "Kim Berg" --member Ola --lead Ola\n')
    .action(context.act((name: string, options: TeamOptions) => create(context, name, options)));
  group
    .command("set")
    .description("say who is in a team from now on; whoever is not named is out")
    .argument("<team>", "name or id")
    .option("--name <name>", "the new name")
    .option("--member <person>", "name, e-mail address or id of a member; may be repeated", collect)
    .option("--lead <person>", "who leads it; a member as well")
    .addHelpText("after", "\nExamples:\n  $ xvc team set Backend --member Ola --lead Ola\n")
    .action(context.act((team: string, options: TeamOptions) => change(context, team, options)));
  group
    .command("remove")
    .description("remove a team; its members stay members")
    .argument("<team>", "name or id")
    .addHelpText("after", "\nExamples:\n  $ xvc team remove Backend\n")
    .action(context.act((team: string) => remove(context, team)));
}

async function list(context: GroupContext): Promise<number> {
  const client = await open(context);
  const [document, people] = await Promise.all([client.get("/api/teams"), client.get("/api/people")]);
  const names = new Map(listAt(people, "items").map((person) => [textAt(person, "id"), textAt(person, "name")]));
  const rows = listAt(document, "items");
  printAnswer(context.use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      table(
        context.use.streams,
        ["TEAM", "LEAD", "MEMBERS", "ID"],
        rows.map((row) => [
          textAt(row, "name"),
          names.get(textAt(row, "leadId")) ?? "",
          (Array.isArray(row["memberIds"]) ? row["memberIds"] : []).map((id) => names.get(String(id)) ?? String(id)).join(", "),
          textAt(row, "id"),
        ]),
      ),
  });
  return exitCodes.ok;
}

async function namedIn(client: Client, { member = [], lead }: TeamOptions): Promise<JsonObject> {
  const memberIds: string[] = [];
  for (const who of member) memberIds.push(textAt(await findPerson(client, who), "id"));
  return { memberIds, leadId: lead === undefined ? null : textAt(await findPerson(client, lead), "id") };
}

async function create(context: GroupContext, name: string, options: TeamOptions): Promise<number> {
  const client = await open(context);
  return said(context, await client.post("/api/teams", { name, ...(await namedIn(client, options)) }));
}

async function change(context: GroupContext, wanted: string, options: TeamOptions): Promise<number> {
  const client = await open(context);
  const team = await findTeam(client, wanted);
  const body = { name: options.name ?? textAt(team, "name"), ...(await namedIn(client, options)) };
  return said(context, await client.post(`/api/teams/${segment(textAt(team, "id"))}`, body));
}

async function remove(context: GroupContext, wanted: string): Promise<number> {
  const client = await open(context);
  const team = await findTeam(client, wanted);
  return said(context, await client.post(`/api/teams/${segment(textAt(team, "id"))}/remove`, {}));
}

function said(context: GroupContext, answer: JsonObject): number {
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${`${textAt(answer, "label")} ${textAt(answer, "state")}`.trimEnd()}\n`,
  });
  return exitCodes.ok;
}

/** The one team of that name or id. @throws {Failure} `team.not-found` */
export async function findTeam(client: Client, wanted: string): Promise<JsonObject> {
  const found = listAt(await client.get("/api/teams"), "items").find(
    (team) => textAt(team, "id") === wanted || textAt(team, "name").toLowerCase() === wanted.trim().toLowerCase(),
  );
  if (found === undefined)
    throw new Failure("not-found", "team.not-found", { message: `There is no team ${wanted.slice(0, 200)}. xvc team list shows them.` });
  return found;
}
