import type { Command } from "commander";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { registerErasure } from "./erasure-commands.ts";
import { findPerson } from "./find-person.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, note, objectAt, printAnswer, table, textAt } from "./output.ts";
import { collect, segment } from "./values.ts";

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });
const roleNames = "administrator, director, lead, contributor, agent or auditor; may be repeated";
const whoArgument = "name, e-mail address or id";

/** Members: inviting, changing and removing them. */
export function registerPeople(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list the members of the organization")
    .addHelpText("after", "\nExamples:\n  $ xvc people list\n  $ xvc people list --json\n")
    .action(context.act(() => list(context)));
  group
    .command("invite")
    .description("invite somebody; the link is printed this once")
    .argument("<name>", "name")
    .requiredOption("--role <role>", roleNames, collect)
    .option("--email <address>", "where they get mail; without one they come in by the link alone")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc people invite "Kim Berg" --role contributor\n  $ xvc people invite Ola --role lead --email ola@example.org\n',
    )
    .action(context.act((name: string, options: InviteOptions) => invite(context, { name, as: "invited" }, options)));
  group
    .command("add")
    .description("add a member at once, without a link, such as the account of a program")
    .argument("<name>", "name")
    .requiredOption("--role <role>", roleNames, collect)
    .addHelpText("after", '\nExamples:\n  $ xvc people add "Build agent" --role agent\n')
    .action(context.act((name: string, options: InviteOptions) => invite(context, { name, as: "added" }, options)));
  registerPerson(group, context);
  registerErasure(group, context);
}

function registerPerson(group: Command, context: GroupContext): void {
  group
    .command("link")
    .description("make a fresh invitation for somebody who has not come in yet")
    .argument("<person>", whoArgument)
    .addHelpText("after", '\nExamples:\n  $ xvc people link "Kim Berg"\n')
    .action(context.act((who: string) => relink(context, who)));
  group
    .command("role")
    .description("say what somebody may do from now on")
    .argument("<person>", whoArgument)
    .argument("<roles...>", "administrator, director, lead, contributor, agent, auditor")
    .addHelpText("after", '\nExamples:\n  $ xvc people role "Kim Berg" lead\n  $ xvc people role Ola administrator director\n')
    .action(
      context.act((who: string, roles: readonly string[]) => act(context, who, { path: "roles", body: () => ({ roles: [...roles] }) })),
    );
  group
    .command("rename")
    .description("change a name, and with --email the address")
    .argument("<person>", whoArgument)
    .argument("<name>", "the new name")
    .option("--email <address>", "the new address; an empty one removes it")
    .addHelpText("after", '\nExamples:\n  $ xvc people rename Kim "Kim Berg" --email kim@example.org\n')
    .action(
      context.act((who: string, name: string, options: { readonly email?: string }) =>
        act(context, who, { path: "profile", body: (person) => ({ name, email: options.email ?? (textAt(person, "email") || null) }) }),
      ),
    );
  group
    .command("remove")
    .description("end a membership: sessions, keys and links end, work goes back")
    .argument("<person>", whoArgument)
    .option("--reason <text>", "why; it is recorded")
    .addHelpText("after", '\nExamples:\n  $ xvc people remove "Kim Berg" --reason "left the company"\n')
    .action(
      context.act((who: string, options: { readonly reason?: string }) =>
        act(context, who, { path: "remove", body: () => (options.reason === undefined ? {} : { reason: options.reason }) }),
      ),
    );
}

interface InviteOptions {
  readonly role: readonly string[];
  readonly email?: string;
}

async function list(context: GroupContext): Promise<number> {
  const { use } = context;
  const document = await (await open(context)).get("/api/people");
  const rows = listAt(document, "items");
  printAnswer(use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      table(
        use.streams,
        ["NAME", "E-MAIL", "ROLES", "TEAMS", "STATE", "LAST SEEN", "ID"],
        rows.map((row) => [
          textAt(row, "name"),
          textAt(row, "email"),
          words(row, "roles"),
          listAt(row, "teams")
            .map((team) => textAt(team, "name"))
            .join(","),
          textAt(row, "state"),
          typeof row["lastSeenAtMs"] === "number" ? use.time.format(row["lastSeenAtMs"]) : "",
          textAt(row, "id"),
        ]),
      ),
  });
  return exitCodes.ok;
}

const words = (row: JsonObject, name: string): string => (Array.isArray(row[name]) ? row[name].join(",") : "");

async function invite(
  context: GroupContext,
  who: { readonly name: string; readonly as: "invited" | "added" },
  { role, email }: InviteOptions,
): Promise<number> {
  const made = await (await open(context)).post("/api/people", { ...who, roles: [...role], ...(email === undefined ? {} : { email }) });
  return printInvitation(context, made);
}

function printInvitation(context: GroupContext, made: JsonObject): number {
  const { use } = context;
  const url = textAt(made, "url");
  printAnswer(use.streams, context.flags(), {
    document: made,
    people: () => `${url === "" ? textAt(objectAt(made, "person"), "id") : url}\n`,
  });
  if (url !== "")
    note(
      use.streams,
      context.flags(),
      `Give them this link; it is shown this once and works once, until ${use.time.format(Number(made["expiresAtMs"] ?? 0))}.`,
    );
  return exitCodes.ok;
}

async function relink(context: GroupContext, who: string): Promise<number> {
  const client = await open(context);
  const person = await findPerson(client, who);
  return printInvitation(context, await client.post(`/api/people/${segment(textAt(person, "id"))}/invitation`, {}));
}

async function act(
  context: GroupContext,
  who: string,
  sent: { readonly path: string; readonly body: (person: JsonObject) => JsonObject },
): Promise<number> {
  const client = await open(context);
  const person = await findPerson(client, who);
  const answer = await client.post(`/api/people/${segment(textAt(person, "id"))}/${sent.path}`, sent.body(person));
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "label")} ${textAt(answer, "state")}`.trimEnd() + "\n",
  });
  return exitCodes.ok;
}
