import type { Command } from "commander";
import type { JsonObject } from "../../core/shared/json.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, note, objectAt, printAnswer, table, textAt } from "./output.ts";
import { entityArgument, openClient, printChange } from "./print-change.ts";
import { reference, segment } from "./values.ts";

/** `xvc entity transform`: what an active transformer would make of an entity, and with `--apply` makes. */
export function registerTransform(group: Command, context: GroupContext): void {
  group
    .command("transform")
    .description("show what a transformer would change; --apply writes it as a change of the version it saw")
    .argument("<entity>", entityArgument, reference)
    .argument("<script>", "an active transformer: its key, or key@version", reference)
    .option("--apply", "write what is shown")
    .addHelpText(
      "after",
      "\nExamples:\n  $ xvc entity transform customer/acme tidy-address\n  $ xvc entity transform customer/acme tidy-address --apply\n",
    )
    .action(
      context.act((entity: string, script: string, { apply }: { readonly apply?: boolean }) =>
        transform(context, { entity, script, apply: apply === true }),
      ),
    );
}

async function transform(
  context: GroupContext,
  { entity, script, apply }: { readonly entity: string; readonly script: string; readonly apply: boolean },
): Promise<number> {
  const client = await openClient(context);
  const document = await client.post(`/api/entities/${segment(entity)}/transform`, { script });
  const rows = listAt(document, "changes");
  if (!apply || rows.length === 0) {
    printAnswer(context.use.streams, context.flags(), {
      document,
      rows,
      people: () =>
        rows.length === 0 ? "Nothing would change.\n" : table(context.use.streams, ["FIELD", "BEFORE", "AFTER"], rows.map(lineOf)),
    });
    return exitCodes.ok;
  }
  note(context.use.streams, context.flags(), `${textAt(document, "script")} changes ${rows.map((row) => textAt(row, "path")).join(", ")}.`);
  const body = { version: Number(textAt(document, "version")), set: objectAt(document, "set"), unset: document["unset"] ?? [] };
  return printChange(context, await client.post(`/api/entities/${segment(entity)}/change`, body));
}

const lineOf = (row: JsonObject): readonly string[] => [
  textAt(row, "path"),
  row["kind"] === "added" ? "" : JSON.stringify(row["before"] ?? null),
  row["kind"] === "removed" ? "" : JSON.stringify(row["after"] ?? null),
];
