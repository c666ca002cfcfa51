import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import { listAt, objectAt, printAnswer, table, textAt } from "./output.ts";
import type { GroupContext } from "./group-context.ts";
import { readJson, reference, segment } from "./values.ts";

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: false, port: context.flags().port });
const names = (value: Json | undefined): string => (Array.isArray(value) ? value.join(",") : "");

/** Adds the document in a file and says what was added. */
async function add(context: GroupContext, path: string, file: string): Promise<number> {
  const document = await readJson(context.use, file);
  const answer = await (await open(context)).post(path, document);
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "label") || textAt(answer, "message")}\n`,
  });
  return exitCodes.ok;
}

const fileArgument = "file as JSON; - is standard input";

export function registerPersona(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list the persona library")
    .addHelpText("after", "\nExamples:\n  $ xvc persona list\n  $ xvc persona list --json > personas.json\n")
    .action(
      context.act(async () => {
        const library = await (await open(context)).get("/api/personas");
        const rows = personasOf(library);
        printAnswer(context.use.streams, context.flags(), {
          document: library,
          rows,
          people: () =>
            table(
              context.use.streams,
              ["PERSONA", "VERSION", "DIVISION", "DONE BY", "SKILLS"],
              rows.map((one) => [
                textAt(one, "key"),
                textAt(one, "version"),
                textAt(one, "division"),
                names(one["executors"]),
                names(one["skills"]),
              ]),
            ),
        });
        return exitCodes.ok;
      }),
    );
  group
    .command("show")
    .description("show one persona")
    .argument("<persona>", "key, such as senior_architect", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc persona show senior_architect\n")
    .action(
      context.act(async (key: string) => {
        const library = objectAt(await (await open(context)).get("/api/personas"), "persona_library");
        const persona = Object.hasOwn(library, key) ? objectAt(library, key) : undefined;
        if (persona === undefined)
          throw new Failure("not-found", "persona.not-found", { message: `There is no persona ${key}. xvc persona list shows them.` });
        printAnswer(context.use.streams, context.flags(), {
          document: { schema: "xvc.personas/1", persona_library: { [key]: persona } },
          people: () =>
            Object.entries(persona)
              .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(", ") : textAt(persona, name)}\n`)
              .join(""),
        });
        return exitCodes.ok;
      }),
    );
  group
    .command("add")
    .description("add personas, or new versions of them (xvc.personas/1)")
    .argument("<file>", fileArgument)
    .addHelpText("after", "\nExamples:\n  $ xvc persona add personas.json\n")
    .action(context.act((file: string) => add(context, "/api/personas", file)));
}

const personasOf = (library: JsonObject): readonly JsonObject[] => {
  const all = objectAt(library, "persona_library");
  return Object.keys(all).map((key) => ({ key, ...objectAt(all, key) }));
};

export function registerPlaybook(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list playbooks")
    .addHelpText("after", "\nExamples:\n  $ xvc playbook list\n")
    .action(context.act(() => listing(context, "/api/playbooks", ["name", "version", "division", "taskCount"])));
  group
    .command("show")
    .description("show one playbook with its plan")
    .argument("<playbook>", "name, such as customer-portal", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc playbook show customer-portal --json\n")
    .action(
      context.act(async (name: string) => {
        const playbook = await (await open(context)).get(`/api/playbooks/${segment(name)}`);
        const tasks = listAt(objectAt(playbook, "plan"), "decomposition");
        printAnswer(context.use.streams, context.flags(), {
          document: playbook,
          rows: tasks,
          people: () =>
            `${textAt(playbook, "name")}@${textAt(playbook, "version")}\n${table(
              context.use.streams,
              ["TASK", "PERSONA", "AFTER"],
              tasks.map((task) => [textAt(task, "task"), textAt(task, "persona"), names(task["dependencies"])]),
            )}`,
        });
        return exitCodes.ok;
      }),
    );
  group
    .command("add")
    .description("add a version of a playbook (xvc.playbook/1)")
    .argument("<file>", fileArgument)
    .addHelpText("after", "\nExamples:\n  $ xvc playbook add playbook.json\n")
    .action(context.act((file: string) => add(context, "/api/playbooks", file)));
}

async function listing(context: GroupContext, path: string, columns: readonly string[]): Promise<number> {
  const document = await (await open(context)).get(path);
  const rows = listAt(document, "items");
  printAnswer(context.use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      table(
        context.use.streams,
        columns.map((column) => column.toUpperCase()),
        rows.map((row) => columns.map((column) => (Array.isArray(row[column]) ? names(row[column]) : textAt(row, column)))),
      ),
  });
  return exitCodes.ok;
}
