import { Failure } from "../../src/core/shared/failure.ts";
import type { CliDependencies } from "../../src/surfaces/cli/cli-dependencies.ts";
import { exitCodes, exitOfKind } from "../../src/surfaces/cli/exit-codes.ts";
import { runCli } from "../../src/surfaces/cli/program.ts";
import { heading } from "./sources.ts";

export interface CommandHelp {
  /** Words after `xvc`; empty for the command itself. */
  readonly words: readonly string[];
  readonly help: string;
}

/** Help needs nothing from outside; whoever asks for something else is wrong. */
const refuse = (): never => {
  throw new Failure("bug", "bug.invariant", { message: "help was asked for, and something was called" });
};

async function helpOf(words: readonly string[]): Promise<string> {
  let text = "";
  const use: CliDependencies = {
    streams: { out: (more) => (text += more), err: (more) => (text += more), isTerminal: false, readInput: refuse },
    files: { absolute: refuse, read: refuse, list: refuse, prepareDirectory: refuse, write: refuse },
    system: {
      up: refuse,
      stop: refuse,
      doctor: refuse,
      demo: refuse,
      migrate: refuse,
      backup: refuse,
      listBackups: refuse,
      pruneBackups: refuse,
      restore: refuse,
      exportRecord: refuse,
      importRecord: refuse,
      compareDerived: refuse,
      mcp: refuse,
      logs: refuse,
      evaluate: refuse,
      replayGate: refuse,
      computedTools: refuse,
      computeTool: refuse,
      checkPolicy: refuse,
      settle: refuse,
    },
    connect: refuse,
    time: { parse: refuse, format: refuse },
    version: "0.0.0",
    signal: new AbortController().signal,
  };
  const exit = await runCli(use, [...words, "--help"]);
  if (exit !== exitCodes.ok) throw new Error(`xvc ${words.join(" ")} --help ended with ${exit}: ${text}`);
  return text;
}

/** Words below a command, as its help lists them. */
const namesIn = (help: string): readonly string[] => {
  const listed = /\nCommands:\n((?: {2}.*\n?)+)/.exec(help)?.[1] ?? "";
  return [...listed.matchAll(/^ {2}([a-z][a-z-]*)/gm)].flatMap((match) =>
    match[1] === undefined || match[1] === "help" ? [] : [match[1]],
  );
};

/** The help of the command and of everything below it, as the program itself prints it. */
export async function collectCommands(words: readonly string[] = []): Promise<readonly CommandHelp[]> {
  const help = await helpOf(words);
  const below: CommandHelp[] = [];
  for (const name of namesIn(help)) below.push(...(await collectCommands([...words, name])));
  return [{ words, help }, ...below];
}

const meaningOf: { readonly [name in keyof typeof exitCodes]: string } = {
  ok: "done",
  workFailed: "the work itself failed: rejected, cancelled, a plan with errors, a check that did not hold",
  usage: "the command was not understood, or its input is invalid",
  waitsForPerson: "a person has to act before it goes on (`--wait`)",
  configuration: "a setting or the machine is not fit; also from the launcher",
  interrupted: "interrupted",
};

const exitRows = (): readonly string[] =>
  [
    ...Object.entries(exitCodes).map(([name, code]) => ({ code, means: meaningOf[name as keyof typeof exitCodes] })), // keys of the record itself
    ...Object.entries(exitOfKind)
      .filter(([kind]) => kind !== "invalid")
      .map(([kind, code]) => ({ code, means: `a failure of the kind ${kind}` })),
  ]
    .toSorted((one, other) => one.code - other.code)
    .map(({ code, means }) => `| ${code} | ${means} |`);

/** The reference page. @throws when a command below a group has no example */
export function cliPage(commands: readonly CommandHelp[]): string {
  const bare = commands.filter(({ words, help }) => words.length > 0 && namesIn(help).length === 0 && !help.includes("Examples:"));
  if (bare.length > 0) throw new Error(bare.map(({ words }) => `xvc ${words.join(" ")} has no example in its help`).join("\n"));
  return [
    ...heading(
      "The command",
      "This is what `xvc`, each group and each command print with `--help`. In a clone the command is `./bin/xvc`.",
    ),
    "Data goes to standard output, everything else to standard error. `--json` prints one document, `--jsonl` one per line; each names its `schema`.",
    "",
    "Nothing is printed in colour and nothing ever asks back, with or without a terminal: `--no-color`, `--no-input` and `NO_COLOR` are accepted and change nothing.",
    "",
    "| exit code | means |",
    "|---|---|",
    ...exitRows(),
    "",
    ...commands.flatMap(({ words, help }) => [`## ${["xvc", ...words].join(" ")}`, "", "```text", help.trimEnd(), "```", ""]),
  ].join("\n");
}
