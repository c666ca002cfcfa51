import type { Command } from "commander";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import { folder } from "./backup-commands.ts";
import { registerGrants } from "./gate-grant-commands.ts";
import type { GroupContext } from "./group-context.ts";
import { jsonText, listAt, note, objectAt, printAnswer, table, textAt } from "./output.ts";

/** `xvc gate`: what tools may do, and how strictly they are let through. */
export function registerGate(group: Command, context: GroupContext): void {
  group
    .command("list", { isDefault: true })
    .description("list tools with what they do to the world and how they are let through")
    .addHelpText("after", "\nExamples:\n  $ xvc gate list\n")
    .action(context.act(() => list(context)));
  group
    .command("show")
    .description("one tool whole: what it declares, who may call it, and its calls of late")
    .argument("<tool>", "the tool's name")
    .addHelpText("after", "\nExamples:\n  $ xvc gate show http.fetch\n")
    .action(context.act((tool: string) => show(context, tool)));
  group
    .command("servers")
    .description("list servers outside with the tools they offer, allowed or not")
    .addHelpText("after", "\nExamples:\n  $ xvc gate servers\n")
    .action(context.act(() => servers(context)));
  registerModes(group, context);
  registerGrants(group, context);
  registerRecord(group, context);
}

const modes = [
  ["tighten", "tightened", "ask a person at each call of a tool, whatever else would let it through"],
  ["suspend", "suspended", "let nothing of a tool through any more"],
  ["resume", "open", "let a tool through by the rules again"],
] as const;

function registerModes(group: Command, context: GroupContext): void {
  for (const [verb, mode, description] of modes)
    group
      .command(verb)
      .description(description)
      .argument("<tool>", "the tool's name")
      .requiredOption("--reason <text>", "why; it is shown with the tool")
      .addHelpText("after", `\nExamples:\n  $ xvc gate ${verb} http.fetch --reason "Looked into it"\n`)
      .action(
        context.act((tool: string, options: { readonly reason: string }) =>
          setMode(context, { tool, mode, definitionSha256: null, reason: options.reason }),
        ),
      );
  group
    .command("agree")
    .description("agree to the definition of a tool that is not part of this program, and open it")
    .argument("<tool>", "the tool's name")
    .requiredOption("--definition <sha256>", "the hash of the definition that you looked at, as xvc gate show names it")
    .requiredOption("--reason <text>", "why; it is shown with the tool")
    .addHelpText(
      "after",
      `\nExamples:\n  $ xvc gate agree office.mail --definition ${"3f".repeat(32)} --reason "Read its text and its arguments"\n`,
    )
    .action(
      context.act((tool: string, options: { readonly definition: string; readonly reason: string }) =>
        setMode(context, { tool, mode: "open", definitionSha256: options.definition, reason: options.reason }),
      ),
    );
}

function registerRecord(group: Command, context: GroupContext): void {
  group
    .command("record")
    .description("print what the tool policies were asked, one question per line, for xvc gate replay")
    .option("--tool <name>", "only of this tool")
    .addHelpText("after", "\nExamples:\n  $ xvc gate record > questions.jsonl\n  $ xvc gate record --tool http.fetch > questions.jsonl\n")
    .action(context.act((options: { readonly tool?: string }) => record(context, options.tool)));
  group
    .command("replay")
    .description("decide recorded questions to the tool policies again, and name every answer that flips; needs no server")
    .argument("<record>", "one question per line, as xvc gate record prints them", folder)
    .option("--policies <file>", "JSON object of policy id and Cedar text; without it the policies in force", folder)
    .addHelpText("after", "\nExamples:\n  $ xvc gate replay questions.jsonl --policies proposed.json\n")
    .action(
      context.act(async (file: string, options: { readonly policies?: string }) => {
        const { use, flags } = context;
        const policies = options.policies === undefined ? null : use.files.absolute(options.policies);
        const found = await use.system.replayGate({ record: use.files.absolute(file), policies });
        printAnswer(use.streams, flags(), { document: found.document, people: () => found.text });
        return exitCodes.ok;
      }),
    );
}

const open = (context: GroupContext): Promise<Client> => context.use.connect({ start: true, port: context.flags().port });

const money = (row: JsonObject): string => {
  const costMicro = row["costMicro"];
  return typeof costMicro === "number" && costMicro > 0 ? (costMicro / 1_000_000).toFixed(2) : "-";
};

async function list(context: GroupContext): Promise<number> {
  const { use } = context;
  const document = await (await open(context)).get("/api/tools");
  const rows = listAt(document, "items");
  printAnswer(use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      table(
        use.streams,
        ["TOOL", "GROUP", "EFFECT", "REPEATS", "STANDS", "COST", "FROM", "MAY CALL"],
        rows.map((row) => [
          ...["name", "group", "effectKind", "deliveryClass", "standing"].map((field) => textAt(row, field)),
          money(row),
          textAt(row, "origin"),
          whoMay(row),
        ]),
      ),
  });
  return exitCodes.ok;
}

async function servers(context: GroupContext): Promise<number> {
  const { use } = context;
  const document = await (await open(context)).get("/api/tool-servers");
  const rows = listAt(document, "items");
  printAnswer(use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      table(
        use.streams,
        ["SERVER", "TOOL", "STANDS", "EFFECT", "REPEATS", "LAST LOOK"],
        rows.flatMap((server) => {
          const look = textAt(objectAt(server, "lastLook"), "detail");
          const tools = listAt(server, "tools");
          if (tools.length === 0) return [[textAt(server, "name"), null, null, null, null, look]];
          return tools.map((tool) => {
            const said = objectAt(tool, "said");
            return [
              textAt(server, "name"),
              textAt(tool, "name"),
              textAt(tool, "state"),
              textAt(said, "effectKind"),
              textAt(said, "deliveryClass"),
              look,
            ];
          });
        }),
      ),
  });
  return exitCodes.ok;
}

function whoMay(row: JsonObject): string {
  const may = objectAt(row, "mayCall");
  if (may["everyone"] === true) return "every persona, in its task";
  const names = Array.isArray(may["personas"]) ? may["personas"].filter((name) => typeof name === "string") : [];
  return names.length === 0 ? "nobody yet" : `${names.slice(0, 3).join(", ")}${names.length > 3 ? " and more" : ""}`;
}

async function show(context: GroupContext, name: string): Promise<number> {
  const { use } = context;
  const client = await open(context);
  const tool = listAt(await client.get("/api/tools"), "items").find((row) => textAt(row, "name") === name);
  if (tool === undefined)
    throw new Failure("not-found", "tool.unknown", {
      message: `There is no tool "${name.slice(0, 100)}". xvc gate list names those there are.`,
    });
  const calls = listAt(await client.get(`/api/tool-calls?tool=${encodeURIComponent(name)}`), "items");
  const facts = ["description", "origin", "effectKind", "group", "deliveryClass", "standing", "definitionSha256", "agreedSha256"] as const;
  printAnswer(use.streams, context.flags(), {
    document: { schema: "xvc.tool/1", ...tool, calls },
    people: () =>
      [
        `${textAt(tool, "name")}\n`,
        ...facts.map((field) => `  ${field}: ${textAt(tool, field) || "-"}\n`),
        `  targets: ${jsonText(tool["targets"] ?? [])}\n  arguments: ${jsonText(tool["parameters"] ?? {})}\n  may call: ${whoMay(tool)}\n`,
        `\n${callTable(context, calls.slice(0, 20))}`,
      ].join(""),
  });
  return exitCodes.ok;
}

const callTable = (context: GroupContext, calls: readonly JsonObject[]): string =>
  table(
    context.use.streams,
    ["WHEN", "STATE", "PERSONA", "TASK", "WHY"],
    calls.map((row) => [
      context.use.time.format(Number(row["atMs"])),
      ...["state", "persona", "task", "reason"].map((field) => textAt(row, field)),
    ]),
  );

interface ModeWanted {
  readonly tool: string;
  readonly mode: string;
  readonly definitionSha256: string | null;
  readonly reason: string;
}

async function setMode(context: GroupContext, wanted: ModeWanted): Promise<number> {
  const answer = await (await open(context)).post("/api/tools/mode", { ...wanted });
  printAnswer(context.use.streams, context.flags(), { document: answer, people: () => `${wanted.tool} ${wanted.mode}\n` });
  return exitCodes.ok;
}

/** Pages of a record; beyond them the record says where it was cut. */
const maxPages = 20;

async function record(context: GroupContext, tool: string | undefined): Promise<number> {
  const client = await open(context);
  let cursor: string | null = null;
  let [lines, without] = [0, 0];
  for (let page = 0; page < maxPages; page += 1) {
    const query = new URLSearchParams({ ...(tool === undefined ? {} : { tool }), ...(cursor === null ? {} : { cursor }) });
    const document: JsonObject = await client.get(`/api/tool-calls/questions?${query.toString()}`);
    for (const row of listAt(document, "items")) context.use.streams.out(`${jsonText(row)}\n`);
    lines += listAt(document, "items").length;
    without += Number(document["without"] ?? 0);
    cursor = textAt(document, "nextCursor") || null;
    if (cursor === null) break;
  }
  note(
    context.use.streams,
    context.flags(),
    `${lines} questions; ${without} calls were refused before any policy was asked${cursor === null ? "" : "; older calls are left out"}.`,
  );
  return exitCodes.ok;
}
