import { type Command, Option } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, note, objectAt, printAnswer, table, textAt } from "./output.ts";
import { changeLines, inline, openClient, printTold } from "./persona-text.ts";
import { isPlainName } from "./save-deliverable.ts";
import { readText, reference, segment } from "./values.ts";

/** Characters sent in one call; a body may be a megabyte. */
const maxBatchChars = 600_000;
const maxFiles = 1_000;

interface NamedFile {
  readonly path: string;
  readonly text: string;
}

export function registerPersonaImport(group: Command, context: GroupContext): void {
  group
    .command("import")
    .description("propose personas from SKILL.md folders, Markdown files of agents, or xvc.personas/1; nothing works before it is accepted")
    .argument("<path...>", "files or folders")
    .addHelpText("after", "\nExamples:\n  $ xvc persona import ./skills\n  $ xvc persona import agents/reviewer.md personas.json\n")
    .action(context.act((paths: readonly string[]) => importAll(context, paths)));
  group
    .command("proposals")
    .description("list proposed personas, what they would change and the tools they ask for")
    .addHelpText("after", "\nExamples:\n  $ xvc persona proposals\n")
    .action(context.act(() => listProposals(context)));
  group
    .command("accept")
    .description("take a proposed persona into the library")
    .argument("<persona>", "key of the persona, or id of the proposal", reference)
    .option("--tools <names>", "tools it keeps, with commas; none unless they are named")
    .option("--all-tools", "it keeps every tool it asks for")
    .option("--reason <text>", "why; kept with the version")
    .addHelpText("after", "\nExamples:\n  $ xvc persona accept pdf-reader --tools files.read,document.read\n")
    .action(context.act((which: string, options: Accepting) => accept(context, which, options)));
  group
    .command("reject")
    .description("reject a proposed persona")
    .argument("<persona>", "key of the persona, or id of the proposal", reference)
    .requiredOption("--reason <text>", "why; kept with the proposal")
    .addHelpText("after", '\nExamples:\n  $ xvc persona reject pdf-reader --reason "we have one"\n')
    .action(
      context.act(async (which: string, options: { readonly reason: string }) => {
        const client = await openClient(context);
        const proposal = await findProposal(client, which);
        return printTold(
          context,
          await client.post(`/api/persona-proposals/${segment(textAt(proposal, "id"))}/reject`, { reason: options.reason }),
        );
      }),
    );
  group
    .command("export")
    .description("write a persona as xvc.personas/1, as a folder with SKILL.md, or as an agent's Markdown file")
    .argument("<persona>", "key, such as senior_architect", reference)
    .addOption(new Option("--form <form>", "the form").choices(["json", "skill", "agent"]).default("json"))
    .option("--out <directory>", "where to write it; standard output unless it is said")
    .addHelpText(
      "after",
      "\nExamples:\n  $ xvc persona export senior_architect\n  $ xvc persona export senior_architect --form skill --out ./skills\n",
    )
    .action(context.act((key: string, options: { readonly form: string; readonly out?: string }) => exportOne(context, key, options)));
}

interface Accepting {
  readonly tools?: string;
  readonly allTools?: boolean;
  readonly reason?: string;
}

/** Files under the paths that are given, as the server reads them: what is no text of a persona goes by its name alone. */
async function gather(context: GroupContext, paths: readonly string[]): Promise<readonly NamedFile[]> {
  const files: NamedFile[] = [];
  for (const path of paths) {
    const found = await context.use.files.list(path, maxFiles);
    if (found === null) files.push({ path: path.split(/[\\/]/u).at(-1) ?? path, text: await readText(context.use, path) });
    else
      for (const name of found) {
        const isText = /\.(?:md|json)$/u.test(name);
        files.push({ path: name, text: isText ? await readText(context.use, `${path}/${name}`) : "" });
      }
  }
  return files;
}

function batches(files: readonly NamedFile[]): readonly (readonly NamedFile[])[] {
  const all: NamedFile[][] = [];
  let size = 0;
  for (const file of files) {
    size += file.text.length + file.path.length;
    const last = all.at(-1);
    if (last === undefined || size > maxBatchChars || last.length >= maxFiles) {
      all.push([file]);
      size = file.text.length + file.path.length;
    } else last.push(file);
  }
  return all;
}

async function importAll(context: GroupContext, paths: readonly string[]): Promise<number> {
  const client = await openClient(context);
  const answers: JsonObject[] = [];
  for (const files of batches(await gather(context, paths)))
    answers.push(await client.post("/api/persona-imports", { files: files.map(({ path, text }) => ({ path, text })) }));
  const proposed = answers.flatMap((answer) => listAt(answer, "proposed"));
  const refused = answers.flatMap((answer) => listAt(answer, "refused"));
  printAnswer(context.use.streams, context.flags(), {
    document: { schema: "xvc.persona-import/1", proposed, refused },
    rows: proposed,
    people: () =>
      [
        `${proposed.length} proposed, ${refused.length} refused. Nothing of it works before a person accepts it: xvc persona proposals shows them.`,
        ...proposed.map((one) => `  ${textAt(one, "key")}  from ${textAt(one, "path")}`),
        ...refused.map((one) => `  refused ${textAt(one, "path")}: ${textAt(one, "reason")}`),
        "",
      ].join("\n"),
  });
  return proposed.length === 0 && refused.length > 0 ? exitCodes.workFailed : exitCodes.ok;
}

async function listProposals(context: GroupContext): Promise<number> {
  const document = await (await openClient(context)).get("/api/persona-proposals");
  const rows = listAt(document, "items");
  printAnswer(context.use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      rows.length === 0
        ? "No persona is proposed.\n"
        : `${table(
            context.use.streams,
            ["PERSONA", "FROM", "INSTEAD OF", "ASKS FOR"],
            rows.map((one) => [
              textAt(one, "key"),
              textAt(one, "name"),
              textAt(one, "currentVersion") === "" ? "new" : `version ${textAt(one, "currentVersion")}`,
              inline(objectAt(one, "persona")["tools"]),
            ]),
          )}${rows.map((one) => ["", textAt(one, "key"), ...changeLines(listAt(one, "changes")), ...lines(one["notices"])].join("\n")).join("\n")}\n`,
  });
  return exitCodes.ok;
}

const lines = (value: JsonObject[string] | undefined): readonly string[] =>
  Array.isArray(value) ? (value as readonly Json[]).map((one) => `  note: ${inline(one)}`) : [];

async function findProposal(client: Client, which: string): Promise<JsonObject> {
  const items = listAt(await client.get("/api/persona-proposals"), "items");
  const found = items.filter((one) => textAt(one, "id") === which || textAt(one, "key") === which);
  const [proposal] = found;
  if (proposal === undefined || found.length > 1)
    throw new Failure("not-found", "persona.proposal-not-found", {
      message:
        proposal === undefined
          ? `Nothing is proposed for ${which}. xvc persona proposals shows what is.`
          : `${found.length} proposals are for ${which}; name one by its id: ${found.map((one) => textAt(one, "id")).join(", ")}.`,
    });
  return proposal;
}

async function accept(context: GroupContext, which: string, { tools, allTools, reason = "" }: Accepting): Promise<number> {
  const client = await openClient(context);
  const proposal = await findProposal(client, which);
  const asked = objectAt(proposal, "persona")["tools"];
  const named = (tools ?? "")
    .split(",")
    .map((tool) => tool.trim())
    .filter((tool) => tool !== "");
  const kept = allTools === true && Array.isArray(asked) ? asked : named;
  return printTold(context, await client.post(`/api/persona-proposals/${segment(textAt(proposal, "id"))}/accept`, { tools: kept, reason }));
}

async function exportOne(context: GroupContext, key: string, options: { readonly form: string; readonly out?: string }): Promise<number> {
  const { use } = context;
  const document = await (await openClient(context)).get(`/api/personas/${segment(key)}/export?form=${options.form}`);
  const files = listAt(document, "files");
  if (options.out === undefined) {
    printAnswer(use.streams, context.flags(), { document, rows: files, people: () => files.map((file) => textAt(file, "text")).join("") });
    return exitCodes.ok;
  }
  for (const file of files) {
    const parts = textAt(file, "path").split("/");
    if (!parts.every(isPlainName))
      throw new Failure("invalid", "deliverable.name-unsafe", { message: "The name of the file would leave the directory." });
    const directory = [options.out, ...parts.slice(0, -1)].join("/");
    await use.files.prepareDirectory(directory);
    const bytes = new TextEncoder().encode(textAt(file, "text"));
    const saved = await use.files.write(directory, parts.at(-1) ?? "", { bytes, replace: context.flags().yes === true });
    note(use.streams, context.flags(), `saved ${saved}`);
  }
  return exitCodes.ok;
}
