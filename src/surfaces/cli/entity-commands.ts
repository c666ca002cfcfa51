import type { Command } from "commander";
import type { JsonObject } from "../../core/shared/json.ts";
import { registerEntityWriting } from "./entity-write-commands.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { instantOf, when } from "./instant-commands.ts";
import { jsonText, listAt, objectAt, printAnswer, table, textAt } from "./output.ts";
import { entityArgument, openClient, printChange } from "./print-change.ts";
import { collect, count, readJson, reference, segment } from "./values.ts";

/** `xvc entity`: typed documents beside requests. */
export function registerEntity(group: Command, context: GroupContext): void {
  registerTypes(group, context);
  registerReading(group, context);
  registerEntityWriting(group, context);
}

function registerTypes(group: Command, context: GroupContext): void {
  group
    .command("types")
    .description("list the types of entities, or show one with its schema")
    .argument("[type]", "key of the type, such as customer", reference)
    .addHelpText("after", "\nExamples:\n  $ xvc entity types\n  $ xvc entity types customer --json\n")
    .action(context.act((type?: string) => (type === undefined ? types(context) : showType(context, type))));
  group
    .command("define")
    .description("define a type, or the next version of its schema; the versions before stay")
    .argument("<type>", "key of the type, such as customer", reference)
    .argument("<file>", "JSON Schema of an entity's data; - reads standard input")
    .option("--title <title>", "what people call it; the key or the title before, when absent")
    .option("--description <text>", "what such entities are for")
    .addHelpText("after", '\nExamples:\n  $ xvc entity define customer customer.schema.json --title "Customer"\n')
    .action(context.act((type: string, file: string, options: TypeOptions) => define(context, { type, file, ...options })));
}

interface TypeOptions {
  readonly title?: string;
  readonly description?: string;
}

async function types(context: GroupContext): Promise<number> {
  const document = await (await openClient(context)).get("/api/entity-types");
  const rows = listAt(document, "items");
  printAnswer(context.use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      rows.length === 0
        ? "There are no types yet; xvc entity define makes one.\n"
        : table(
            context.use.streams,
            ["TYPE", "VERSION", "IN USE", "TITLE"],
            rows.map((row) => [textAt(row, "key"), textAt(row, "schemaVersion"), textAt(row, "count"), textAt(row, "title")]),
          ),
  });
  return exitCodes.ok;
}

async function showType(context: GroupContext, type: string): Promise<number> {
  const document = await (await openClient(context)).get(`/api/entity-types/${segment(type)}`);
  const [latest = {}] = listAt(document, "versions");
  printAnswer(context.use.streams, context.flags(), {
    document,
    people: () =>
      `${textAt(document, "key")}@${textAt(document, "schemaVersion")}  ${textAt(document, "title")}\n${jsonText(objectAt(latest, "dataSchema"), 2)}\n`,
  });
  return exitCodes.ok;
}

async function define(
  context: GroupContext,
  { type, file, title, description }: TypeOptions & { readonly type: string; readonly file: string },
): Promise<number> {
  const dataSchema = await readJson(context.use, file);
  const client = await openClient(context);
  const known = listAt(await client.get("/api/entity-types"), "items").find((row) => textAt(row, "key") === type);
  const before = known ?? {};
  return printChange(
    context,
    await client.post("/api/entity-types", {
      key: type,
      title: title ?? (textAt(before, "title") || type),
      description: description ?? textAt(before, "description"),
      dataSchema,
      expectedSchemaVersion: Number(textAt(before, "schemaVersion") || "0"),
    }),
  );
}

interface ListOptions {
  readonly type?: string;
  readonly project?: string;
  readonly state?: string;
  readonly tag?: readonly string[];
  readonly field?: readonly string[];
  readonly related?: string;
  readonly role?: string;
  readonly text?: string;
  readonly sort?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly at?: string;
}

function registerReading(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list entities; everything given has to hold at once")
    .option("--type <type>", "only of this type", reference)
    .option("--project <project>", "only in this project", reference)
    .option("--state <states>", "active, archived, deleted, purged, separated by commas; active, when absent")
    .option("--tag <tag>", "only with this tag, such as tier=gold; may stand several times", collect)
    .option(
      "--field <field>",
      "only with this field of the data, such as country=DE or address.city=Berlin; may stand several times",
      collect,
    )
    .option("--related <id>", "only those related with the thing of this id", reference)
    .option("--role <role>", "the role in which they are related", reference)
    .option("--text <text>", "a piece of the title or of a text in the data, in any case")
    .option("--sort <order>", "newest, oldest or updated; newest, when absent")
    .option("--limit <count>", "how many; 50, when absent", count)
    .option("--cursor <cursor>", "go on after this one, as the answer before gave it")
    .option("--at <instant>", `as it was then: ${when}`)
    .addHelpText(
      "after",
      "\nExamples:\n  $ xvc entity list --type customer --tag tier=gold --field country=DE\n  $ xvc entity list --type customer --at 2026-11-02 --json\n",
    )
    .action(context.act((options: ListOptions) => list(context, options)));
  group
    .command("show")
    .description("show an entity with its data, tags, relations and attachments")
    .argument("<entity>", entityArgument, reference)
    .option("--at <instant>", `as it was then: ${when}`)
    .addHelpText("after", "\nExamples:\n  $ xvc entity show customer/acme\n  $ xvc entity show customer/acme --at 2026-11-02\n")
    .action(context.act((entity: string, { at }: { readonly at?: string }) => show(context, entity, at)));
}

async function list(context: GroupContext, options: ListOptions): Promise<number> {
  const { tag, field, limit, at, ...plain } = options;
  const query = new URLSearchParams();
  const given = {
    ...plain,
    tag: tag?.join(","),
    field: field?.join(","),
    limit: limit === undefined ? undefined : String(limit),
    at: instantOf(context, at),
  };
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.set(name, value);
  const document = await (await openClient(context)).get(`/api/entities?${query.toString()}`);
  const rows = listAt(document, "items");
  printAnswer(context.use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      rows.length === 0
        ? "Nothing was found.\n"
        : table(
            context.use.streams,
            ["ENTITY", "STATE", "VERSION", "TAGS", "TITLE"],
            rows.map((row) => [textAt(row, "label"), textAt(row, "state"), textAt(row, "version"), tagsText(row), textAt(row, "title")]),
          ),
  });
  return exitCodes.ok;
}

const tagsText = (row: JsonObject): string =>
  listAt(row, "tags")
    .map((tag) => (textAt(tag, "value") === "" ? textAt(tag, "key") : `${textAt(tag, "key")}=${textAt(tag, "value")}`))
    .join(" ");

async function show(context: GroupContext, entity: string, at: string | undefined): Promise<number> {
  const instant = instantOf(context, at);
  const document = await (
    await openClient(context)
  ).get(`/api/entities/${segment(entity)}${instant === undefined ? "" : `?at=${encodeURIComponent(instant)}`}`);
  printAnswer(context.use.streams, context.flags(), {
    document,
    people: () =>
      [
        `${textAt(document, "label")}  ${textAt(document, "title")}  (${textAt(document, "state")}, version ${textAt(document, "version")})`,
        `id: ${textAt(document, "id")}`,
        `type: ${textAt(document, "typeKey")}@${textAt(document, "schemaVersion")}`,
        ...(document["legalHold"] === null ? [] : [`legal hold: ${textAt(objectAt(document, "legalHold"), "reason")}`]),
        ...(document["contentSha256"] === null ? [] : [`purged; the version had SHA-256 ${textAt(document, "contentSha256")}`]),
        `tags: ${tagsText(document)}`,
        ...listAt(document, "relations").map(relationLine),
        ...listAt(document, "attachments").map((one) => `attachment: ${textAt(one, "name")} (${textAt(one, "bytes")} bytes)`),
        jsonText(objectAt(document, "data"), 2),
        "",
      ].join("\n"),
  });
  return exitCodes.ok;
}

function relationLine(relation: JsonObject): string {
  const other = objectAt(relation, "other");
  const named = `${textAt(other, "kind")} "${textAt(other, "title")}"`;
  return textAt(relation, "direction") === "from" ? `${textAt(relation, "role")}: ${named}` : `${named}: ${textAt(relation, "role")} this`;
}
