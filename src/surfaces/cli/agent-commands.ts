import { type Command, Option } from "commander";
import { agentForms } from "../../core/gate/agent.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, note, oneLine, printAnswer, table, textAt } from "./output.ts";
import { segment } from "./values.ts";

interface AddOptions {
  readonly form: string;
  readonly provider?: string;
  readonly model?: string;
  readonly stdin?: boolean;
  readonly jsonl?: boolean;
  readonly seconds?: string;
}

/** Coding agents: programs of somebody else's that this installation may start, each in a sandbox. */
export function registerAgent(group: Command, context: GroupContext): void {
  group
    .command("list")
    .description("list connected coding agents, and those found on the server's PATH")
    .addHelpText("after", "\nExamples:\n  $ xvc agent list\n  $ xvc agent list --json\n")
    .action(context.act(() => list(context)));
  group
    .command("add")
    .description("connect a coding agent; it reaches the model provider that you name and nothing else")
    .argument("<name>", "what you call it")
    .argument("[words...]", "for --form command: the program and its words; {prompt}, {outputs} and {worktree} stand for places")
    .addOption(new Option("--form <form>", "which agent it is").choices([...agentForms]).makeOptionMandatory())
    .option("--provider <name>", "the model provider that it may reach; see xvc model list")
    .option("--model <model>", "one of the provider's models; its first one when you say nothing")
    .option("--stdin", "for --form command: the task goes to its standard input")
    .option("--jsonl", "for --form command: its output is lines of JSON")
    .option("--seconds <number>", "for --form command: its time limit", "300")
    .addHelpText(
      "after",
      "\nExamples:\n  $ xvc agent add coder --form opencode --provider ollama\n  $ xvc agent add codex --form codex --provider openai --model gpt-5-codex\n  $ xvc agent add own --form command --provider ollama -- /opt/coder/run --task {prompt}\n\nAgents are not part of xvc: install them on the server's machine. Each attempt of one gets a worktree, a home and a\nsandbox of its own.\n",
    )
    .action(context.act((name: string, words: readonly string[], options: AddOptions) => add(context, { name, words }, options)));
  group
    .command("test")
    .description("start a coding agent without a task and say what was seen")
    .argument("<agent>", "name or id")
    .addHelpText("after", "\nExamples:\n  $ xvc agent test coder\n")
    .action(context.act((agent: string) => test(context, agent)));
  for (const [verb, what] of [
    ["pause", "start a coding agent for nothing for the time being"],
    ["resume", "let a coding agent be started again"],
    ["remove", "remove a coding agent; its program stays where it is"],
  ] as const)
    group
      .command(verb)
      .description(what)
      .argument("<agent>", "name or id")
      .addHelpText("after", `\nExamples:\n  $ xvc agent ${verb} coder\n`)
      .action(context.act((agent: string) => control(context, verb, agent)));
}

const open = (context: GroupContext) => context.use.connect({ start: false, port: context.flags().port });

async function list(context: GroupContext): Promise<number> {
  const { use } = context;
  const document = await (await open(context)).get("/api/agents");
  const rows = listAt(document, "items");
  const found = listAt(document, "found");
  printAnswer(use.streams, context.flags(), {
    document,
    rows,
    people: () =>
      [
        table(
          use.streams,
          ["NAME", "STATE", "FORM", "PROVIDER", "MODEL", "LAST TEST"],
          rows.map((row) => [
            textAt(row, "name"),
            textAt(row, "state"),
            textAt(row, "form"),
            textAt(row, "provider") || "none",
            textAt(row, "model") || "none",
            testOf(row),
          ]),
        ),
        table(
          use.streams,
          ["FOUND ON THE PATH", "PROGRAM", "VERSION"],
          found.map((row) => [
            textAt(row, "title"),
            textAt(row, "program") || `no ${textAt(row, "looksFor")}`,
            textAt(row, "version") || "unknown",
          ]),
        ),
      ].join("\n"),
  });
  const unavailable = textAt(document, "unavailable");
  if (unavailable !== "") note(use.streams, context.flags(), unavailable);
  return exitCodes.ok;
}

function testOf(row: JsonObject): string {
  const last = row["lastTest"];
  if (typeof last !== "object" || last === null || Array.isArray(last)) return "never";
  const test = last as JsonObject; // neither null nor a list
  return `${test["ok"] === true ? "ok" : "failed"}: ${oneLine(textAt(test, "detail"))}`;
}

async function add(
  context: GroupContext,
  { name, words }: { readonly name: string; readonly words: readonly string[] },
  { form, provider, model, stdin, jsonl, seconds }: AddOptions,
): Promise<number> {
  const command = {
    argv: [...words],
    prompt: stdin === true ? "stdin" : "file",
    output: jsonl === true ? "jsonl" : "text",
    timeoutMs: Math.round(Number(seconds) * 1_000),
  };
  const made = await (
    await open(context)
  ).post("/api/agents", {
    name,
    form,
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
    ...(words.length === 0 ? {} : { command }),
  });
  printAnswer(context.use.streams, context.flags(), { document: made, people: () => `${name} connected\n` });
  note(context.use.streams, context.flags(), `Try it: xvc agent test ${name}`);
  return exitCodes.ok;
}

async function test(context: GroupContext, agent: string): Promise<number> {
  const answer = await (await open(context)).post(`/api/agents/${segment(agent)}/test`, {});
  const worked = answer["ok"] === true;
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${worked ? "works" : "does not work"}: ${oneLine(textAt(answer, "detail"))} ${textAt(answer, "version")}\n`,
  });
  return worked ? exitCodes.ok : exitCodes.workFailed;
}

async function control(context: GroupContext, verb: string, agent: string): Promise<number> {
  const answer = await (await open(context)).post(`/api/agents/${segment(agent)}/${verb}`, {});
  printAnswer(context.use.streams, context.flags(), {
    document: answer,
    people: () => `${textAt(answer, "label")} ${textAt(answer, "state")}\n`,
  });
  return exitCodes.ok;
}
