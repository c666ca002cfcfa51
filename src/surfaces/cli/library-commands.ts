import type { Command } from "commander";
import type { Json } from "../../core/shared/json.ts";
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
