import { type Command, Option } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, note, objectAt, printAnswer, table, textAt } from "./output.ts";
import { collect, segment } from "./values.ts";

interface CreateOptions {
  readonly scope: string;
  readonly expires?: string;
  readonly project: readonly string[];
}

/** Keys for programs: `XVC_URL` and `XVC_API_KEY` elsewhere. */
export function registerKey(group: Command, context: GroupContext): void {
  group
    .command("create")
    .description("make a key for a program; it is printed this once")
    .argument("<name>", "what it is for")
    .addOption(new Option("--scope <scope>", "what it may do in your name").choices(["read", "write"]).default("read"))
    .option("--expires <date>", "the last day it works, such as 2030-01-31")
    .option("--project <key>", "opens this project alone; may be repeated", collect, [])
    .addHelpText(
      "after",
      "\nExamples:\n  $ xvc key create dashboard\n  $ xvc key create ci --scope write --expires 2030-01-31\n  $ xvc key create board --project ENG --project OPS\n",
    )
    .action(context.act((name: string, options: CreateOptions) => create(context, name, options)));
  group
    .command("list")
    .description("list your keys")
    .addHelpText("after", "\nExamples:\n  $ xvc key list\n")
    .action(context.act(() => list(context)));
  group
    .command("revoke")
    .description("revoke a key at once")
    .argument("<key>", "name or id")
    .addHelpText("after", "\nExamples:\n  $ xvc key revoke ci\n")
    .action(context.act((key: string) => revoke(context, key)));
}

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });

async function create(context: GroupContext, name: string, { scope, expires, project }: CreateOptions): Promise<number> {
  const { use } = context;
  const expiresAtMs = expires === undefined ? undefined : use.time.parse(expires);
  if (expires !== undefined && expiresAtMs === undefined)
    throw new Failure("invalid", "usage.deadline", { message: `"${expires.slice(0, 60)}" is no date; write 2030-01-31.` });
  const client = await open(context);
  const made = await client.post("/api/keys", {
    name,
    scope,
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    ...(project.length === 0 ? {} : { projects: project }),
  });
  printAnswer(use.streams, context.flags(), { document: made, people: () => `${textAt(made, "secret")}\n` });
  note(
    use.streams,
    context.flags(),
    `Shown this once. Set it as XVC_API_KEY, with XVC_URL; xvc key revoke ${textAt(objectAt(made, "key"), "id")} ends it.`,
  );
  return exitCodes.ok;
}

async function list(context: GroupContext): Promise<number> {
  const { use } = context;
  const document = await (await open(context)).get("/api/keys");
  const rows = listAt(document, "items");
  const opens = (projects: unknown): string => (Array.isArray(projects) ? projects.join(", ") || "none" : "all");
  const day = (value: unknown): string => (typeof value === "number" ? use.time.format(value) : "never");
  printAnswer(use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      table(
        use.streams,
        ["NAME", "SCOPE", "PROJECTS", "MADE", "EXPIRES", "ID"],
        rows.map((row) => [
          textAt(row, "name"),
          textAt(row, "scope"),
          opens(row["projects"]),
          day(row["createdAtMs"]),
          day(row["expiresAtMs"]),
          textAt(row, "id"),
        ]),
      ),
  });
  return exitCodes.ok;
}

async function revoke(context: GroupContext, key: string): Promise<number> {
  const client = await open(context);
  const held = listAt(await client.get("/api/keys"), "items");
  const named = held.find((one) => textAt(one, "name") === key);
  const id = named === undefined ? key : textAt(named, "id");
  const answer = await client.post(`/api/keys/${segment(id)}/revoke`, {});
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${textAt(answer, "label")} revoked\n` });
  return exitCodes.ok;
}
