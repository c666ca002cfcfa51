import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, objectAt, printAnswer, table, textAt } from "./output.ts";
import { changeLines, inline, openClient, printTold } from "./persona-text.ts";
import { registerPersonaImport } from "./persona-import-commands.ts";
import { registerTrust } from "./trust-commands.ts";
import { count, readJson, reference, segment } from "./values.ts";

const personaArgument = ["<persona>", "key, such as senior_architect", reference] as const;

export function registerPersona(group: Command, context: GroupContext): void {
  registerLooking(group, context);
  group
    .command("add")
    .description("add personas of your own, or new versions of them (xvc.personas/1)")
    .argument("<file>", "file as JSON; - is standard input")
    .addHelpText("after", "\nExamples:\n  $ xvc persona add personas.json\n")
    .action(
      context.act(async (file: string) => {
        const document = await readJson(context.use, file);
        return printTold(context, await (await openClient(context)).post("/api/personas", document));
      }),
    );
  registerVersions(group, context);
  registerPersonaImport(group, context);
  registerTrust(group, context);
}

function registerLooking(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list the persona library")
    .addHelpText("after", "\nExamples:\n  $ xvc persona list\n  $ xvc persona list --json > personas.json\n")
    .action(
      context.act(async () => {
        const library = await (await openClient(context)).get("/api/personas");
        const all = objectAt(library, "persona_library");
        const rows = Object.keys(all).map((key) => ({ key, ...objectAt(all, key) }));
        const columns = ["key", "version", "division", "executors", "skills"];
        printAnswer(context.use.streams, context.flags(), {
          document: library,
          rows,
          people: () =>
            table(
              context.use.streams,
              ["PERSONA", "VERSION", "DIVISION", "DONE BY", "SKILLS"],
              rows.map((one: JsonObject) => columns.map((column) => inline(one[column]).replaceAll(", ", ","))),
            ),
        });
        return exitCodes.ok;
      }),
    );
  group
    .command("show")
    .description("show one persona with its versions")
    .argument(...personaArgument)
    .addHelpText("after", "\nExamples:\n  $ xvc persona show senior_architect\n")
    .action(
      context.act(async (key: string) => {
        const shown = await (await openClient(context)).get(`/api/personas/${segment(key)}`);
        const document = objectAt(shown, "document");
        printAnswer(context.use.streams, context.flags(), {
          document: { schema: "xvc.personas/1", persona_library: { [key]: document } },
          people: () =>
            [
              ...(shown["retired"] === true ? ["retired: it gets no new work"] : []),
              ...Object.entries(document).map(([name, value]) => `${name}: ${inline(value)}`),
              ...meaningLines(shown),
              ...listAt(shown, "versions").map(
                (one) =>
                  `version ${textAt(one, "version")}: ${inline(one["changed"]).replace(/^none$/u, "added")}, by ${textAt(one, "by")}`,
              ),
              "",
            ].join("\n"),
        });
        return exitCodes.ok;
      }),
    );
  group
    .command("diff")
    .description("show in which fields two versions differ; the latest two without versions")
    .argument(...personaArgument)
    .option("--from <version>", "the earlier version", count)
    .option("--to <version>", "the later version", count)
    .addHelpText("after", "\nExamples:\n  $ xvc persona diff senior_architect\n  $ xvc persona diff senior_architect --from 1 --to 3\n")
    .action(context.act((key: string, options: { readonly from?: number; readonly to?: number }) => diff(context, key, options)));
}

function meaningLines(shown: JsonObject): readonly string[] {
  const named = listAt(shown, "meanings").flatMap((one) =>
    listAt(one, "elements").map((element) => `${textAt(element, "name")} (${textAt(element, "id")})`),
  );
  return named.length === 0 ? [] : [`in O*NET's words: ${[...new Set(named)].join(", ")}`];
}

async function diff(context: GroupContext, key: string, asked: { readonly from?: number; readonly to?: number }): Promise<number> {
  const query = (["from", "to"] as const).flatMap((name) => (asked[name] === undefined ? [] : [`${name}=${asked[name]}`])).join("&");
  const found = await (await openClient(context)).get(`/api/personas/${segment(key)}/diff${query === "" ? "" : `?${query}`}`);
  const changes = listAt(found, "changes");
  printAnswer(context.use.streams, context.flags(), {
    document: found,
    rows: changes,
    people: () =>
      [
        `${key}, version ${textAt(found, "from")} to ${textAt(found, "to")}${changes.length === 0 ? ": nothing differs" : ""}`,
        ...changeLines(changes),
        "",
      ].join("\n"),
  });
  return exitCodes.ok;
}

interface Reasoned {
  readonly reason: string;
}

const reasonOption = ["--reason <text>", "why; kept with the version"] as const;

function registerVersions(group: Command, context: GroupContext): void {
  const post = async (key: string, act: string, body: JsonObject): Promise<number> =>
    printTold(context, await (await openClient(context)).post(`/api/personas/${segment(key)}/${act}`, body));
  group
    .command("edit")
    .description("write the next version of a persona from its document")
    .argument(...personaArgument)
    .argument("<file>", "its fields as JSON, or a library that holds it; - is standard input")
    .requiredOption(...reasonOption)
    .option("--base <version>", "the version that the change was made to; the present one unless it is said", count)
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc persona show legal_researcher --json > researcher.json\n  $ xvc persona edit legal_researcher researcher.json --reason "names the court"\n',
    )
    .action(
      context.act(async (key: string, file: string, options: Reasoned & { readonly base?: number }) => {
        const client = await openClient(context);
        const read = await readJson(context.use, file);
        const library = objectAt(read, "persona_library");
        const persona = read["persona_library"] === undefined ? read : objectAt(library, key);
        if (Object.keys(persona).length === 0)
          throw new Failure("invalid", "persona.document-unreadable", { message: `The file has no persona ${key}.` });
        const baseVersion = options.base ?? Number(textAt(await client.get(`/api/personas/${segment(key)}`), "version"));
        return post(key, "revise", { baseVersion, persona, reason: options.reason });
      }),
    );
  group
    .command("rollback")
    .description("make what an earlier version said the next version")
    .argument(...personaArgument)
    .argument("<version>", "the version to go back to", count)
    .requiredOption(...reasonOption)
    .addHelpText("after", '\nExamples:\n  $ xvc persona rollback legal_researcher 1 --reason "the new one misses cases"\n')
    .action(
      context.act((key: string, toVersion: number, options: Reasoned) => post(key, "roll-back", { toVersion, reason: options.reason })),
    );
  for (const [act, summary] of [
    ["retire", "give a persona no new work and nothing to judge"],
    ["restore", "let a retired persona work again"],
  ] as const)
    group
      .command(act)
      .description(summary)
      .argument(...personaArgument)
      .requiredOption(...reasonOption)
      .addHelpText("after", `\nExamples:\n  $ xvc persona ${act} forecaster --reason "no such work this year"\n`)
      .action(context.act((key: string, options: Reasoned) => post(key, act, { reason: options.reason })));
}
