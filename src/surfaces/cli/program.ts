import { Command, CommanderError, Option } from "commander";
import type { CliDependencies, SettledSettings } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { type GlobalFlags, printable } from "./output.ts";
import { reportFailure } from "./report-failure.ts";

type Register = (parent: Command, context: GroupContext) => void;

interface Group {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Register>;
}

/** A group whose words stand in two files. */
async function both(group: "playbook" | "project"): Promise<Register> {
  const goals = await import("./goal-commands.ts");
  const [first, second] =
    group === "playbook"
      ? [(await import("./library-commands.ts")).registerPlaybook, goals.registerLearn]
      : [(await import("./project-commands.ts")).registerProject, goals.registerSample];
  return (parent, context) => {
    first(parent, context);
    second(parent, context);
  };
}

/** One file per group, loaded when its word is typed. */
const groups: readonly Group[] = [
  ...(["up", "server", "worker", "stop", "status", "doctor", "demo", "migrate", "logs", "login"] as const).map((name) => ({
    name,
    summary: {
      up: "run server, worker and page",
      server: "run the server alone",
      worker: "run a worker alone",
      stop: "stop the running server",
      status: "show health by real probes",
      doctor: "explain what is wrong and how to mend it",
      demo: "play one request end to end in rehearsal",
      migrate: "bring the database up to date",
      logs: "show the last lines of the log",
      login: "print a fresh one-time sign-in link",
    }[name],
    load: async () => (await import("./system-commands.ts")).registerSystem(name),
  })),
  { name: "backup", summary: "copy all that is kept here", load: async () => (await import("./backup-commands.ts")).registerBackup },
  {
    name: "export",
    summary: "write the whole record as lines of JSON",
    load: async () => (await import("./backup-commands.ts")).registerExport,
  },
  {
    name: "import",
    summary: "fill an empty installation from an export",
    load: async () => (await import("./backup-commands.ts")).registerImport,
  },
  { name: "restore", summary: "put a backup back", load: async () => (await import("./backup-commands.ts")).registerRestore },
  {
    name: "request",
    summary: "file, follow and steer requests",
    load: async () => {
      const { registerRequest } = await import("./request-commands.ts");
      const { registerTalk } = await import("./collaboration-commands.ts");
      return (group, context) => {
        registerRequest(group, context);
        registerTalk(group, context);
      };
    },
  },
  {
    name: "objective",
    summary: "goals, how one sees that they are reached, and what serves them",
    load: async () => (await import("./goal-commands.ts")).registerObjective,
  },
  {
    name: "principle",
    summary: "what the organization stands for",
    load: async () => (await import("./goal-commands.ts")).registerPrinciple,
  },
  {
    name: "recurrence",
    summary: "requests that are filed again by a calendar rule",
    load: async () => (await import("./collaboration-commands.ts")).registerRecurrence,
  },
  {
    name: "deliverable",
    summary: "see and save what a request returned",
    load: async () => (await import("./deliverable-commands.ts")).registerDeliverable,
  },
  { name: "plan", summary: "see, check and decide plans", load: async () => (await import("./plan-commands.ts")).registerPlan },
  { name: "inbox", summary: "answer what waits for you", load: async () => (await import("./inbox-commands.ts")).registerInbox },
  { name: "task", summary: "claim and hand in tasks", load: async () => (await import("./task-commands.ts")).registerTask },
  { name: "persona", summary: "the persona library", load: async () => (await import("./persona-commands.ts")).registerPersona },
  {
    name: "memory",
    summary: "what was decided, and finding things again",
    load: async () => (await import("./memory-commands.ts")).registerMemory,
  },
  {
    name: "script",
    summary: "validators, transformers and metric formulas that run in a sandbox",
    load: async () => (await import("./script-commands.ts")).registerScript,
  },
  {
    name: "entity",
    summary: "customers, contracts, systems: typed documents with tags and relations",
    load: async () => (await import("./entity-commands.ts")).registerEntity,
  },
  {
    name: "epic",
    summary: "requests that belong together under one goal",
    load: async () => (await import("./work-commands.ts")).registerEpic,
  },
  { name: "sprint", summary: "boxes of time over tasks", load: async () => (await import("./work-commands.ts")).registerSprint },
  { name: "playbook", summary: "plans kept for reuse", load: () => both("playbook") },
  { name: "people", summary: "members of the organization", load: async () => (await import("./people-commands.ts")).registerPeople },
  { name: "team", summary: "people who work together", load: async () => (await import("./team-commands.ts")).registerTeam },
  { name: "key", summary: "keys with which programs act in your name", load: async () => (await import("./key-commands.ts")).registerKey },
  {
    name: "agent",
    summary: "coding agents that may do work, each in a sandbox",
    load: async () => (await import("./agent-commands.ts")).registerAgent,
  },
  { name: "model", summary: "models that may do work, and where", load: async () => (await import("./model-commands.ts")).registerModel },
  {
    name: "channel",
    summary: "ways to be reached outside the page",
    load: async () => (await import("./channel-commands.ts")).registerChannel,
  },
  {
    name: "notice",
    summary: "what was sent to you, and sending it again",
    load: async () => (await import("./channel-commands.ts")).registerNotice,
  },
  { name: "project", summary: "projects", load: () => both("project") },
  {
    name: "policy",
    summary: "who may decide what, and how that changes",
    load: async () => (await import("./policy-commands.ts")).registerPolicy,
  },
  {
    name: "calendar",
    summary: "working hours, holidays and absences",
    load: async () => (await import("./calendar-commands.ts")).registerCalendar,
  },
  {
    name: "delegation",
    summary: "who decides in whose place",
    load: async () => (await import("./calendar-commands.ts")).registerDelegation,
  },
  {
    name: "metrics",
    summary: "how the work flows, in numbers with their definition",
    load: async () => (await import("./metrics-commands.ts")).registerMetrics,
  },
  {
    name: "budget",
    summary: "what may be spent, what is spent, and what models cost",
    load: async () => (await import("./budget-commands.ts")).registerBudget,
  },
  { name: "halt", summary: "stop a scope at once, and let it go on", load: async () => (await import("./halt-commands.ts")).registerHalt },
  {
    name: "gate",
    summary: "what tools may do, and how strictly they are let through",
    load: async () => (await import("./gate-commands.ts")).registerGate,
  },
  {
    name: "tool",
    summary: "tools that only compute, run by hand",
    load: async () => (await import("./tool-commands.ts")).registerTool,
  },
  {
    name: "eval",
    summary: "measure a capability on a folder of cases",
    load: async () => (await import("./eval-commands.ts")).registerEval,
  },
  {
    name: "mcp",
    summary: "let a program use xVC as tools, over its streams",
    load: async () => (await import("./mcp-command.ts")).registerMcp,
  },
  { name: "config", summary: "settings and where they come from", load: async () => (await import("./config-commands.ts")).registerConfig },
];

/** Words of the global flags that take a value. */
const withValue = new Set(["--port"]);

/** The word that chooses the group. */
function groupWord(argv: readonly string[]): string | undefined {
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? "";
    if (word === "--") return undefined;
    if (!word.startsWith("-")) return word === "help" ? argv[index + 1] : word;
    if (withValue.has(word)) index++;
  }
  return undefined;
}

/** Runs one command line. Never throws and never exits: @returns the exit code. */
export async function runCli(use: CliDependencies, argv: readonly string[]): Promise<number> {
  let exit: number = exitCodes.ok;
  const root = rootCommand(use);
  let settled: SettledSettings = { list: [], project: null };
  // Before an action and not before help: broken settings must not hide how to mend them.
  root.hook("preAction", async () => {
    settled = await use.system.settle(root.opts<GlobalFlags>());
  });
  const context: GroupContext = {
    use,
    flags: () => root.opts<GlobalFlags>(),
    settled: () => settled,
    act:
      (run) =>
      async (...given) => {
        exit = await run(...given);
      },
  };
  try {
    const wanted = groupWord(argv);
    for (const group of groups) {
      const register = group.name === wanted ? await group.load() : undefined;
      const command = root.command(group.name).description(group.summary);
      quieten(command, use);
      register?.(command, context);
      for (const child of command.commands) quieten(child, use);
    }
    if (argv.length === 0) {
      root.outputHelp();
      return exitCodes.ok;
    }
    await root.parseAsync([...argv], { from: "user" });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return usageExit(error);
    return reportFailure(use.streams, error, { json: root.opts<GlobalFlags>().json === true, interrupted: use.signal.aborted });
  }
}

/** Help and version were asked for; everything else is a command that was not understood, told by `quieten`. */
const usageExit = (error: CommanderError): number => (error.exitCode === 0 ? exitCodes.ok : exitCodes.usage);

function rootCommand(use: CliDependencies): Command {
  const root = new Command("xvc")
    .description("Runs the work of an organization: a request becomes a plan, people approve it, performers do it, reviewers check it.")
    .version(use.version, "-V, --version")
    .option("--json", "print one JSON document")
    .addOption(new Option("--jsonl", "print one JSON document per line").conflicts("json"))
    .option("-q, --quiet", "print data only")
    .option("--yes", "replace files without asking")
    // Nothing is printed in colour and nothing asks back; scripts that say so for any program are not turned away.
    .addOption(new Option("--no-color").hideHelp())
    .addOption(new Option("--no-input").hideHelp())
    .option("--port <port>", "port of the server")
    .showHelpAfterError(false)
    .showSuggestionAfterError(true)
    .addHelpText(
      "after",
      '\nExamples:\n  $ xvc up\n  $ xvc demo\n  $ xvc request submit "Assess this repository" --input . --wait\n  $ xvc inbox list\n',
    );
  return quieten(root, use);
}

/** The longest word of somebody that is repeated in an error. */
const maxQuoted = 300;

function quieten(command: Command, use: CliDependencies): Command {
  return command.exitOverride().configureOutput({
    writeOut: (text) => use.streams.out(text),
    writeErr: (text) => use.streams.err(text),
    outputError: (text) => {
      const said = printable(text.replace(/^error: /u, "").trim());
      const cut = said.length > maxQuoted ? `${said.slice(0, maxQuoted)}…` : said;
      use.streams.err(`xvc: ${cut}\n  why: usage\n  next: xvc ${pathOf(command)}--help shows the form and examples\n`);
    },
  });
}

function pathOf(command: Command): string {
  const words: string[] = [];
  for (let current: Command | null = command; current !== null && current.parent !== null; current = current.parent)
    words.unshift(current.name());
  return words.length === 0 ? "" : `${words.join(" ")} `;
}
