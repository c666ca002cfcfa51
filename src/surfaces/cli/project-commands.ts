import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, objectAt, printAnswer, table, textAt } from "./output.ts";
import { findPerson } from "./find-person.ts";
import { findTeam } from "./team-commands.ts";
import { collect, reference, segment } from "./values.ts";

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });

interface AccessOptions {
  readonly everyone?: boolean;
  readonly person?: readonly string[];
  readonly team?: readonly string[];
}

/** Projects, and who may enter them. */
export function registerProject(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list the projects that you may enter")
    .addHelpText("after", "\nExamples:\n  $ xvc project list\n")
    .action(context.act(() => list(context)));
  group
    .command("add")
    .alias("create")
    .description("open a project")
    .argument("<key>", "prefix of its requests' labels: 2 to 10 capital letters or digits, such as ENG")
    .argument("<name>", "name")
    .option("--rehearsal", "a project that plays with scripted performers, for ever")
    .option("--person <person>", "only this member, by name, e-mail address or id; may be repeated", collect)
    .option("--team <team>", "only this team; may be repeated", collect)
    .addHelpText("after", '\nExamples:\n  $ xvc project add ENG "Engineering"\n  $ xvc project add TRY "Trying out" --rehearsal\n')
    .action(
      context.act((key: string, name: string, options: AccessOptions & { readonly rehearsal?: boolean }) =>
        add(context, [key, name], options),
      ),
    );
  group
    .command("access")
    .description("show who may enter a project, or say so")
    .argument("<project>", "key, such as ENG", reference)
    .option("--everyone", "every member of the organization")
    .option("--person <person>", "only this member, by name, e-mail address or id; may be repeated", collect)
    .option("--team <team>", "only this team; may be repeated", collect)
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc project access ENG\n  $ xvc project access ENG --team Backend --person "Kim Berg"\n  $ xvc project access ENG --everyone\n',
    )
    .action(context.act((project: string, options: AccessOptions) => access(context, project, options)));
  group
    .command("archive")
    .description("put a project away; what is in it stays readable")
    .argument("<project>", "key, such as ENG", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc project archive ENG\n")
    .action(
      context.act(async (project: string) => {
        const answer = await (await open(context)).post(`/api/projects/${segment(project)}/archive`, {});
        printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${textAt(answer, "label")} archived\n` });
        return exitCodes.ok;
      }),
    );
}

const openTo = (row: JsonObject): string => {
  const given = objectAt(row, "access");
  if (textAt(given, "kind") !== "named") return "everyone";
  const count = (name: string): number => (Array.isArray(given[name]) ? given[name].length : 0);
  return `${count("personIds")} people, ${count("teamIds")} teams`;
};

async function list(context: GroupContext): Promise<number> {
  const document = await (await open(context)).get("/api/projects");
  const rows = listAt(document, "items");
  printAnswer(context.use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      table(
        context.use.streams,
        ["KEY", "NAME", "MODE", "STATE", "OPEN TO"],
        rows.map((row) => [textAt(row, "key"), textAt(row, "name"), textAt(row, "mode"), textAt(row, "state"), openTo(row)]),
      ),
  });
  return exitCodes.ok;
}

/** Who is meant; undefined: nobody was named. */
async function accessOf(client: Client, { everyone = false, person = [], team = [] }: AccessOptions): Promise<JsonObject | undefined> {
  if (everyone && person.length + team.length > 0)
    throw new Failure("invalid", "usage.access", { message: "--everyone goes with neither --person nor --team." });
  if (everyone) return { kind: "everyone" };
  if (person.length + team.length === 0) return undefined;
  const [personIds, teamIds]: [string[], string[]] = [[], []];
  for (const who of person) personIds.push(textAt(await findPerson(client, who), "id"));
  for (const which of team) teamIds.push(textAt(await findTeam(client, which), "id"));
  return { kind: "named", personIds, teamIds };
}

async function add(
  context: GroupContext,
  [key, name]: readonly [key: string, name: string],
  options: AccessOptions & { readonly rehearsal?: boolean },
): Promise<number> {
  const client = await open(context);
  const given = await accessOf(client, options);
  const answer = await client.post("/api/projects", {
    key,
    name,
    mode: options.rehearsal === true ? "rehearsal" : "real",
    ...(given === undefined ? {} : { access: given }),
  });
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${textAt(answer, "label")}\n` });
  return exitCodes.ok;
}

async function access(context: GroupContext, project: string, options: AccessOptions): Promise<number> {
  const client = await open(context);
  const given = await accessOf(client, options);
  if (given !== undefined) await client.post(`/api/projects/${segment(project)}`, { access: given });
  const projects = listAt(await client.get("/api/project-access"), "items");
  const row = projects.find((one) => textAt(one, "key") === project.toUpperCase() || textAt(one, "id") === project);
  if (row === undefined)
    throw new Failure("not-found", "project.not-found", { message: `There is no project ${project}. xvc project list shows yours.` });
  const named = objectAt(row, "access");
  const [people, teams] = await Promise.all([client.get("/api/people"), client.get("/api/teams")]);
  const names = new Map([...listAt(people, "items"), ...listAt(teams, "items")].map((one) => [textAt(one, "id"), textAt(one, "name")]));
  const nameOf = (id: unknown): string => names.get(String(id)) ?? String(id);
  const listed = (field: string, word: string): string =>
    (Array.isArray(named[field]) ? named[field] : []).map((id) => `${word} ${nameOf(id)}\n`).join("");
  printAnswer(context.use.streams, context.flags(), {
    document: { schema: "xvc.project/1", project: row },
    people: () => (textAt(named, "kind") === "named" ? `${listed("personIds", "person")}${listed("teamIds", "team")}` : "everyone\n"),
  });
  return exitCodes.ok;
}
