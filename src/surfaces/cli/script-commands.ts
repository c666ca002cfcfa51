import type { Command } from "commander";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { jsonText, listAt, printAnswer, table, textAt } from "./output.ts";
import { readJson, readText, reference, segment } from "./values.ts";

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });

interface AddOptions {
  readonly purpose: string;
  readonly title: string;
  readonly tests: string;
  readonly after?: string;
}

/** `xvc script`: JavaScript that people store, tested before use and run in a sandbox. */
export function registerScript(group: Command, context: GroupContext): void {
  registerReading(group, context);
  registerRunning(group, context);
  group
    .command("add")
    .description("store a script, or its next version, as a draft with its tests")
    .argument("<key>", "such as net-margin")
    .argument("<file>", "JavaScript module: export default (input) => ...; - is standard input")
    .requiredOption("--purpose <purpose>", "validator, transformer or metric")
    .requiredOption("--title <title>", "what it is for")
    .requiredOption("--tests <file>", 'JSON object: { "tests": [{ "name", "input", "expected" }] }')
    .option("--after <version>", "the latest version that you read, for a next one")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc script add net-margin margin.js --purpose metric --title "Net margin" --tests margin.tests.json\n',
    )
    .action(context.act((key: string, file: string, options: AddOptions) => add(context, { key, file, options })));
  group
    .command("activate")
    .description("run a version's tests and, when all hold, put it in the place of the active one")
    .argument("<script>", "key, key@version or id", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc script activate net-margin@2\n")
    .action(context.act((script: string) => move(context, script, { act: "activate", body: {} })));
  group
    .command("retire")
    .description("take a version out of use; it stays on record")
    .argument("<script>", "key, key@version or id", reference)
    .option("--reason <reason>", "why")
    .addHelpText("after", '\nExamples:\n  $ xvc script retire net-margin --reason "not looked at"\n')
    .action(
      context.act((script: string, options: { readonly reason?: string }) =>
        move(context, script, { act: "retire", body: { ...options } }),
      ),
    );
}

function registerReading(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list scripts, all versions, the newest first")
    .addHelpText("after", "\nExamples:\n  $ xvc script list\n")
    .action(context.act(() => list(context)));
  group
    .command("show")
    .description("show a version with its source and tests")
    .argument("<script>", "key, key@version or id", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc script show net-margin@1\n")
    .action(
      context.act(async (script: string) => {
        const found = await (await open(context)).get(`/api/scripts/${segment(script)}`);
        const heads = ["label", "state", "purpose", "title"].map((name) => `${name}: ${textAt(found, name)}\n`).join("");
        printAnswer(context.use.streams, context.flags(), {
          document: found,
          people: () => `${heads}\n${textAt(found, "source")}\n\ntests: ${jsonText(listAt(found, "tests"), 2)}\n`,
        });
        return exitCodes.ok;
      }),
    );
}

function registerRunning(group: Command, context: GroupContext): void {
  group
    .command("run")
    .description("run a version on an input and print what it answers; exit code 1 when it fails")
    .argument("<script>", "key, key@version or id", reference)
    .requiredOption("--input <file>", "JSON object; - is standard input")
    .addHelpText("after", "\nExamples:\n  $ xvc script run net-margin --input figures.json\n")
    .action(context.act((script: string, options: { readonly input: string }) => run(context, script, options.input)));
  group
    .command("test")
    .description("run the tests of a version; exit code 1 when one does not hold")
    .argument("<script>", "key, key@version or id", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc script test net-margin@2\n")
    .action(context.act((script: string) => test(context, script)));
}

async function list(context: GroupContext): Promise<number> {
  const document = await (await open(context)).get("/api/scripts");
  const rows = listAt(document, "items");
  const { streams } = context.use;
  printAnswer(streams, context.flags(), {
    document,
    rows,
    people: () =>
      rows.length === 0
        ? "No script is stored yet.\n"
        : table(
            streams,
            ["SCRIPT", "STATE", "PURPOSE", "TITLE"],
            rows.map((row) => [textAt(row, "label"), textAt(row, "state"), textAt(row, "purpose"), textAt(row, "title")]),
          ),
  });
  return exitCodes.ok;
}

async function add(
  context: GroupContext,
  given: { readonly key: string; readonly file: string; readonly options: AddOptions },
): Promise<number> {
  const { purpose, title, tests, after } = given.options;
  const answer = await (
    await open(context)
  ).post("/api/scripts", {
    key: given.key,
    purpose,
    title,
    source: await readText(context.use, given.file),
    tests: (await readJson(context.use, tests))["tests"] ?? [],
    ...(after === undefined ? {} : { after: Number(after) }),
  });
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "label")} ${textAt(answer, "state")}\n`,
  });
  return exitCodes.ok;
}

/** Acts on the version as it is read here: whoever changes it in between is not overwritten. */
async function move(
  context: GroupContext,
  script: string,
  { act, body }: { readonly act: "activate" | "retire"; readonly body: JsonObject },
): Promise<number> {
  const client = await open(context);
  const found = await client.get(`/api/scripts/${segment(script)}`);
  const answer = await client.post(`/api/scripts/${segment(textAt(found, "id"))}/${act}`, { ...body, version: found["version"] as Json }); // a count, by the contract
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "label")} ${textAt(answer, "state")}\n`,
  });
  return exitCodes.ok;
}

async function run(context: GroupContext, script: string, file: string): Promise<number> {
  const input = await readJson(context.use, file);
  const found = await (await open(context)).post(`/api/scripts/${segment(script)}/run`, { input });
  printAnswer(context.use.streams, context.flags(), {
    document: found,
    people: () =>
      found["ok"] === true ? `${jsonText(found["value"] ?? null, 2)}\n` : `${textAt(found, "fault")}: ${textAt(found, "message")}\n`,
  });
  return found["ok"] === true ? exitCodes.ok : exitCodes.workFailed;
}

async function test(context: GroupContext, script: string): Promise<number> {
  const found = await (await open(context)).post(`/api/scripts/${segment(script)}/test`, {});
  const rows = listAt(found, "results");
  printAnswer(context.use.streams, context.flags(), {
    document: found,
    rows,
    people: () => rows.map((row) => `${textAt(row, "name")}: ${textAt(row, "problem") || "holds"}\n`).join(""),
  });
  return found["ok"] === true ? exitCodes.ok : exitCodes.workFailed;
}
