import type { Command } from "commander";
import { readTagText } from "../../core/memory/tag.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, objectAt, textAt } from "./output.ts";
import { entityArgument, openClient, printChange } from "./print-change.ts";
import { registerTransform } from "./transform-command.ts";
import { collect, count, pairs, readJson, reference, segment } from "./values.ts";

/** `xvc entity create|change|attach|tag|relate|archive|...`. */
export function registerEntityWriting(group: Command, context: GroupContext): void {
  registerWriting(group, context);
  registerAttachments(group, context);
  registerMarks(group, context);
  registerTransform(group, context);
  registerMoves(group, context);
}

const send = async (context: GroupContext, path: string, body: Json): Promise<number> =>
  printChange(context, await (await openClient(context)).post(path, body));

interface WriteOptions {
  readonly title?: string;
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
  readonly data?: string;
  readonly project?: string;
  readonly schema?: number;
  readonly expect?: number;
}

function registerWriting(group: Command, context: GroupContext): void {
  group
    .command("create")
    .description("keep a new entity")
    .argument("<entity>", "type and key, such as customer/acme; the type alone makes a key", reference)
    .argument("<title>", "what people call it, in quotes")
    .option("--set <field>", "NAME=VALUE of the data; what reads as JSON is JSON; may stand several times", collect)
    .option("--data <file>", "the data as JSON; - reads standard input")
    .option("--project <project>", "where; the first real project, when absent", reference)
    .option("--schema <version>", "version of the type's schema; the latest, when absent", count)
    .addHelpText("after", '\nExamples:\n  $ xvc entity create customer/acme "Acme Ltd" --set country=DE --set seats=40\n')
    .action(context.act((entity: string, title: string, options: WriteOptions) => create(context, entity, { ...options, title })));
  group
    .command("change")
    .description("change named fields and leave all others as they are")
    .argument("<entity>", entityArgument, reference)
    .option("--set <field>", "NAME=VALUE of the data; what reads as JSON is JSON; may stand several times", collect)
    .option("--unset <field>", "take a field away; may stand several times", collect)
    .option("--title <title>", "what people call it from now on")
    .option("--schema <version>", "version of the type's schema that it keeps to from now on", count)
    .option("--expect <version>", "the version you read; the latest, when absent", count)
    .addHelpText("after", "\nExamples:\n  $ xvc entity change customer/acme --set seats=60 --expect 3\n")
    .action(context.act((entity: string, options: WriteOptions) => change(context, entity, options)));
}

async function create(context: GroupContext, entity: string, options: WriteOptions & { readonly title: string }): Promise<number> {
  const [type = "", key] = entity.split("/");
  const written = options.data === undefined ? {} : await readJson(context.use, options.data);
  return send(context, "/api/entities", {
    type,
    title: options.title,
    data: { ...(written as JsonObject), ...fieldsOf(options.set) }, // the server says what is no object
    ...(key === undefined ? {} : { key }),
    ...(options.project === undefined ? {} : { project: options.project }),
    ...(options.schema === undefined ? {} : { schemaVersion: options.schema }),
  });
}

async function change(context: GroupContext, entity: string, options: WriteOptions): Promise<number> {
  const { title, set, unset, schema } = options;
  if (title === undefined && set === undefined && unset === undefined && schema === undefined)
    throw new Failure("invalid", "usage.nothing-to-change", { message: "Say what changes: --set, --unset, --title or --schema." });
  const client = await openClient(context);
  return printChange(
    context,
    await client.post(`/api/entities/${segment(entity)}/change`, {
      version: options.expect ?? (await versionNow(client, entity)),
      ...(title === undefined ? {} : { title }),
      ...(set === undefined ? {} : { set: fieldsOf(set) }),
      ...(unset === undefined ? {} : { unset: [...unset] }),
      ...(schema === undefined ? {} : { schemaVersion: schema }),
    }),
  );
}

/** What stands there now; whoever wants to be told of a change in between names the version they read. */
const versionNow = async (client: Client, entity: string): Promise<number> =>
  Number(textAt(await client.get(`/api/entities/${segment(entity)}`), "version"));

function fieldsOf(texts: readonly string[] = []): JsonObject {
  return Object.fromEntries([...pairs(texts, "--set")].map(([name, text]) => [name, valueOf(text)]));
}

/** `40`, `true`, `["a"]` and `"text"` are JSON; everything else is text. */
function valueOf(text: string): Json {
  try {
    return JSON.parse(text) as Json; // what JSON gives is JSON
  } catch {
    return text;
  }
}

function registerAttachments(group: Command, context: GroupContext): void {
  group
    .command("attach")
    .description("attach a file of the server's machine; another one under the same name takes its place")
    .argument("<entity>", entityArgument, reference)
    .argument("<file>", "path of the file")
    .option("--name <name>", "another name than the file has")
    .option("--expect <version>", "the version you read; the latest, when absent", count)
    .addHelpText("after", "\nExamples:\n  $ xvc entity attach customer/acme contract.pdf\n")
    .action(context.act((entity: string, file: string, options: AttachOptions) => attach(context, { entity, file, ...options })));
  group
    .command("detach")
    .description("take an attachment off; versions before keep it")
    .argument("<entity>", entityArgument, reference)
    .argument("<name>", "its name")
    .option("--expect <version>", "the version you read; the latest, when absent", count)
    .addHelpText("after", "\nExamples:\n  $ xvc entity detach customer/acme contract.pdf\n")
    .action(
      context.act(async (entity: string, name: string, { expect }: AttachOptions) => {
        const client = await openClient(context);
        const body = { name, version: expect ?? (await versionNow(client, entity)) };
        return printChange(context, await client.post(`/api/entities/${segment(entity)}/detach`, body));
      }),
    );
}

interface AttachOptions {
  readonly name?: string;
  readonly expect?: number;
}

async function attach(
  context: GroupContext,
  { entity, file, name, expect }: AttachOptions & { readonly entity: string; readonly file: string },
): Promise<number> {
  const client = await openClient(context);
  const taken = objectAt(await client.post("/api/inputs", { path: context.use.files.absolute(file) }), "input");
  const [artifact] = listAt(taken, "artifacts");
  if (artifact === undefined || textAt(taken, "kind") !== "file")
    throw new Failure("invalid", "usage.not-a-file", { message: `${file.slice(0, 200)} is no single file; attach files one by one.` });
  return printChange(
    context,
    await client.post(`/api/entities/${segment(entity)}/attach`, {
      version: expect ?? (await versionNow(client, entity)),
      name: name ?? textAt(taken, "name"),
      sha256: textAt(artifact, "sha256"),
      mediaType: textAt(artifact, "mediaType"),
      bytes: Number(textAt(artifact, "bytes")),
    }),
  );
}

function registerMarks(group: Command, context: GroupContext): void {
  for (const [word, path, summary] of [
    ["tag", "/api/tags", "put a tag on an entity, or on a thing of any kind"],
    ["untag", "/api/tags/remove", "take a tag off"],
  ] as const)
    group
      .command(word)
      .description(summary)
      .argument("<thing>", "an entity such as customer/acme, or KIND:REF such as request:ENG-42, task:ENG-42/draft, decision:ID")
      .argument("<tags...>", "such as tier=gold, or a key alone")
      .addHelpText(
        "after",
        `\nExamples:\n  $ xvc entity ${word} customer/acme tier=gold\n  $ xvc entity ${word} request:ENG-42 area=payments\n`,
      )
      .action(context.act((thing: string, tags: readonly string[]) => mark(context, path, { thing, tags })));
  for (const [word, path, summary] of [
    ["relate", "/api/relations", "say that one thing stands in a role to another"],
    ["unrelate", "/api/relations/remove", "take a relation away"],
  ] as const)
    group
      .command(word)
      .description(summary)
      .argument("<from>", "an entity such as vendor/globex, or KIND:REF such as request:ENG-42")
      .argument("<role>", "such as supplies", reference)
      .argument("<to>", "the other thing, written in the same way")
      .addHelpText("after", `\nExamples:\n  $ xvc entity ${word} vendor/globex supplies customer/acme\n`)
      .action(
        context.act((from: string, role: string, to: string) => send(context, path, { from: subjectOf(from), role, to: subjectOf(to) })),
      );
}

async function mark(
  context: GroupContext,
  path: string,
  { thing, tags }: { readonly thing: string; readonly tags: readonly string[] },
): Promise<number> {
  const subject = subjectOf(thing);
  const client = await openClient(context);
  for (const text of tags.slice(0, maxTags)) printChange(context, await client.post(path, { subject, ...readTagText(text) }));
  return exitCodes.ok;
}

/** Tags that one command line puts on. */
const maxTags = 100;

/** `request:ENG-42`; without a kind it is an entity. */
function subjectOf(text: string): JsonObject {
  const at = text.indexOf(":");
  const id = text.slice(at + 1);
  segment(id);
  return at === -1 ? { kind: "entity", id } : { kind: text.slice(0, at), id };
}

function registerMoves(group: Command, context: GroupContext): void {
  for (const [word, summary] of [
    ["archive", "put an entity away; restore brings it back"],
    ["restore", "bring an archived or deleted entity back"],
    ["delete", "delete an entity softly; restore brings it back"],
    ["purge", "take the content of a deleted entity out of every version; hashes stay"],
    ["hold", "put a legal hold on an entity: it is neither deleted nor purged"],
    ["release", "lift a legal hold"],
  ] as const)
    group
      .command(word)
      .description(summary)
      .argument("<entity>", entityArgument, reference)
      .requiredOption("--reason <text>", "why; kept with it")
      .option("--expect <version>", "the version you read; the latest, when absent", count)
      .addHelpText("after", `\nExamples:\n  $ xvc entity ${word} customer/acme --reason "the contract ended"\n`)
      .action(
        context.act(async (entity: string, { reason, expect }: { readonly reason: string; readonly expect?: number }) => {
          const client = await openClient(context);
          const body = { reason, version: expect ?? (await versionNow(client, entity)) };
          return printChange(context, await client.post(`/api/entities/${segment(entity)}/${word}`, body));
        }),
      );
}
