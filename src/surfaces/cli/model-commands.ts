import { type Command, Option } from "commander";
import { modelVendors } from "../../core/gate/provider.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { registerEmbeddings } from "./embedding-commands.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { registerModelChain } from "./model-chain-command.ts";
import { registerModelWindow } from "./model-window-command.ts";
import { listAt, note, oneLine, printAnswer, table, textAt } from "./output.ts";
import { segment } from "./values.ts";

interface AddOptions {
  readonly url?: string;
  readonly model: readonly string[];
  readonly local?: boolean;
  readonly keyStdin?: boolean;
}

interface AllowOptions {
  readonly reason: string;
  readonly yes?: boolean;
}

const maxKeyBytes = 2_000;
const collected = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Model providers. A key is read from standard input or from the server's environment, never from a flag. */
export function registerModel(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list model providers in the order in which they are asked")
    .addHelpText("after", "\nExamples:\n  $ xvc model list\n  $ xvc model list --json\n")
    .action(context.act(() => list(context)));
  registerModelChain(group, context);
  registerModelWindow(group, context);
  group
    .command("add")
    .description("connect a provider; its key comes from standard input or from the server's environment")
    .argument("<name>", "what you call it")
    .addOption(new Option("--vendor <vendor>", "whose interface it speaks").choices([...modelVendors]).default("openai-compatible"))
    .requiredOption("--model <model>", "a model's name; the first one is asked", collected, [])
    .option("--url <address>", "where it answers; a vendor's own address when you say nothing")
    .option("--local", "what is sent there stays in the house; it may be on the server's machine")
    .option("--key-stdin", "read the key from standard input")
    .addHelpText(
      "after",
      "\nExamples:\n  $ xvc model add ollama --url http://127.0.0.1:11434/v1 --model qwen3:8b --local\n  $ xvc model add anthropic --vendor anthropic --model claude-sonnet-4-5 --key-stdin < key.txt\n\nWithout --key-stdin a hosted vendor's key is read by the server from ANTHROPIC_API_KEY, OPENAI_API_KEY or\nGOOGLE_GENERATIVE_AI_API_KEY, or from the file that the same name with _FILE names.\n",
    )
    .action(context.act((name: string, options: AddOptions & { readonly vendor: string }) => add(context, name, options)));
  group
    .command("test")
    .description("ask a provider one tiny thing now and say what came of it")
    .argument("<provider>", "name or id")
    .addHelpText("after", "\nExamples:\n  $ xvc model test ollama\n")
    .action(context.act((provider: string) => test(context, provider)));
  group
    .command("allow")
    .description("let a project's contexts go to a hosted provider; prints what leaves")
    .argument("<provider>", "name or id")
    .argument("<project>", "key of a project")
    .requiredOption("--reason <text>", "why; it goes on record with the decision")
    .option("--yes", "you have read what leaves")
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc model allow anthropic ENG --reason "Public code only"\n  $ xvc model allow anthropic ENG --reason "Public code only" --yes\n',
    )
    .action(context.act((provider: string, project: string, options: AllowOptions) => allow(context, { provider, project }, options)));
  for (const [verb, what] of [
    ["pause", "ask a provider nothing for the time being"],
    ["resume", "ask a provider again"],
    ["remove", "remove a provider and its key"],
  ] as const)
    group
      .command(verb)
      .description(what)
      .argument("<provider>", "name or id")
      .addHelpText("after", `\nExamples:\n  $ xvc model ${verb} ollama\n`)
      .action(context.act((provider: string) => control(context, verb, provider)));
  registerEmbeddings(group, context);
}

const open = (context: GroupContext) => context.use.connect({ start: false, port: context.flags().port });

const projectsOf = (row: JsonObject): string => {
  if (row["local"] === true) return "all (local)";
  const projects = row["projects"];
  return Array.isArray(projects) && projects.length > 0 ? projects.join(", ") : "none";
};

async function list(context: GroupContext): Promise<number> {
  const { use } = context;
  const document = await (await open(context)).get("/api/providers");
  const rows = listAt(document, "items");
  printAnswer(use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      table(
        use.streams,
        ["NAME", "STATE", "VENDOR", "MODELS", "KEY", "PROJECTS", "LAST TEST"],
        rows.map((row) => [
          textAt(row, "name"),
          textAt(row, "state"),
          textAt(row, "vendor"),
          (Array.isArray(row["models"]) ? row["models"] : []).join(", "),
          textAt(row, "key"),
          projectsOf(row),
          testOf(row),
        ]),
      ),
  });
  return exitCodes.ok;
}

function testOf(row: JsonObject): string {
  const last = row["lastTest"];
  if (typeof last !== "object" || last === null || Array.isArray(last)) return "never";
  const test = last as JsonObject; // neither null nor a list
  return `${test["ok"] === true ? "ok" : "failed"}: ${oneLine(textAt(test, "detail"))}`;
}

async function add(context: GroupContext, name: string, options: AddOptions & { readonly vendor: string }): Promise<number> {
  const { use } = context;
  const { vendor, url, model, local, keyStdin } = options;
  const key = keyStdin === true ? (await use.streams.readInput(maxKeyBytes)).trim() : null;
  if (key === "")
    throw new Failure("invalid", "usage.key-missing", {
      message: "Standard input holds no key. Try: xvc model add ... --key-stdin < key.txt",
    });
  const made = await (
    await open(context)
  ).post("/api/providers", {
    name,
    vendor,
    models: [...model],
    ...(url === undefined ? {} : { baseUrl: url }),
    ...(local === true ? { local: true } : {}),
    ...(key === null ? {} : { key }),
  });
  printAnswer(use.streams, context.flags(), { document: made, people: () => `${name} added\n` });
  note(use.streams, context.flags(), `Try it: xvc model test ${name}`);
  if (local !== true) note(use.streams, context.flags(), `No project uses it yet: xvc model allow ${name} PROJECT --reason "..."`);
  return exitCodes.ok;
}

async function test(context: GroupContext, provider: string): Promise<number> {
  const answer = await (await open(context)).post(`/api/providers/${segment(provider)}/test`, {});
  const worked = answer["ok"] === true;
  const number = (name: string): string => (typeof answer[name] === "number" ? String(answer[name]) : "unknown");
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () =>
      `${worked ? "works" : "does not work"}: ${oneLine(textAt(answer, "detail"))}\n${worked ? `${textAt(answer, "answeredBy")}, ${number("latencyMs")} ms, tokens in ${number("inputTokens")}, out ${number("outputTokens")}\n` : ""}`,
  });
  return worked ? exitCodes.ok : exitCodes.workFailed;
}

async function allow(
  context: GroupContext,
  at: { readonly provider: string; readonly project: string },
  { reason, yes }: AllowOptions,
): Promise<number> {
  const { use } = context;
  const client = await open(context);
  const { leaves } = await client.get("/api/providers");
  const shown = Array.isArray(leaves) ? leaves.map(String) : [];
  if (yes !== true) {
    note(
      use.streams,
      context.flags(),
      `What goes to ${at.provider} with each turn of a model in ${at.project}:\n${shown.map((line) => `  - ${line}`).join("\n")}`,
    );
    throw new Failure("invalid", "usage.not-confirmed", { message: "Nothing was decided. Say it again with --yes when this may leave." });
  }
  const answer = await client.post(`/api/providers/${segment(at.provider)}/allow`, { project: at.project, reason, shown });
  printAnswer(use.streams, context.flags(), {
    document: answer,
    people: () => `${at.project} may be sent to ${textAt(answer, "label")}\n`,
  });
  return exitCodes.ok;
}

async function control(context: GroupContext, verb: string, provider: string): Promise<number> {
  const answer = await (await open(context)).post(`/api/providers/${segment(provider)}/${verb}`, {});
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "label")} ${textAt(answer, "state")}\n`,
  });
  return exitCodes.ok;
}
