import { readFileSync } from "node:fs";
import path from "node:path";
import type { CliDependencies, SystemCommands } from "../surfaces/cli/cli-dependencies.ts";
import { runCli } from "../surfaces/cli/program.ts";
import { diskFiles, processStreams } from "./cli-host.ts";

/*
 * The command. Everything that is not needed to understand the words is imported when a command needs it, so that
 * help and computing commands start at once.
 */

const streams = processStreams();
const interrupt = new AbortController();
const note = (text: string): void => streams.err(`${text}\n`);

/** As settings files complete it, from the first action on. */
let environment = process.env;

const system: SystemCommands = {
  async settle(flags) {
    const settled = await (await import("./settings.ts")).settle({ environment: process.env, directory: process.cwd(), flags });
    environment = settled.environment;
    return settled;
  },
  async up({ port, server, worker }) {
    const { portFrom, up } = await import("./up.ts");
    // The server stops by its own signals: it drains first.
    process.removeAllListeners("SIGINT");
    return up({
      environment,
      port: portFrom(port, environment),
      server,
      worker,
      onNote: note,
      onReady: (ready) => {
        if (ready.url === "") note("The worker runs. Ctrl-C stops it.");
        else note(`xVC runs at ${ready.url}\nSign in once with ${ready.signInLink}\nData in ${ready.home}. Ctrl-C or xvc stop stops it.`);
      },
    });
  },
  stop: async () => ((await (await import("./stop.ts")).stopSystem(environment)) === "stopped" ? "Stopped." : "Nothing was running here."),
  doctor: async () => (await import("./doctor.ts")).examine(environment),
  async demo(host) {
    const { demoText, playDemo } = await import("./demo.ts");
    const result = await playDemo(host);
    return { document: JSON.parse(JSON.stringify(result)) as Record<string, string>, text: demoText(result) }; // a plain document by its type
  },
  async migrate() {
    await (await import("./migrate-database.ts")).migrateDatabase(environment);
    return "The database is up to date.";
  },
  evaluate: async (options) => (await import("./evaluate.ts")).evaluate(options),
  replayGate: async ({ record, policies }) => (await import("./replay-gate.ts")).replayGate(record, policies),
  computedTools: async () => (await import("../divisions/engineering/vision-tools.ts")).visionTools,
  computeTool: async (tool, material, signal) => (await import("./compute-by-hand.ts")).computeByHand(tool, material, signal),
  checkPolicy: async (text) => (await import("../adapters/cedar/check-policy.ts")).problemsOf(text),
  backup: async (options) => (await import("./backup-report.ts")).reportBackup(environment, options),
  listBackups: async (options) => (await import("./list-backups.ts")).reportBackups(environment, options),
  pruneBackups: async (options) => (await import("./list-backups.ts")).reportPruned(environment, options),
  restore: async (options) => (await import("./backup-report.ts")).reportRestore({ environment, ...options }),
  exportRecord: async (options) => (await import("./backup-report.ts")).reportExport(environment, options),
  importRecord: async (options) => (await import("./backup-report.ts")).reportImport(environment, options),
  compareDerived: async () => (await import("./rebuild-report.ts")).reportDerived(environment),
  mcp: async (client, signal) => (await import("./mcp.ts")).speakMcp(client, signal),
  logs: async ({ lines }) => (await import("./read-log.ts")).lastLines(environment, lines),
};

const dependencies: CliDependencies = {
  streams,
  files: diskFiles,
  system,
  connect: async (options) => (await import("./connect-client.ts")).connectClient(environment, { ...options, note }),
  time: { parse: parseInstant, format: (atMs) => new Date(atMs).toISOString().replace(/\.\d{3}Z$/u, "Z") },
  version: (JSON.parse(readFileSync(path.join(import.meta.dirname, "..", "..", "package.json"), "utf8")) as { readonly version: string })
    .version, // our own file
  signal: interrupt.signal,
};

/** A date (its end, UTC) or an instant; nothing else that `Date` would guess at. */
function parseInstant(text: string): number | undefined {
  const day = /^\d{4}-\d{2}-\d{2}$/u.test(text);
  if (!day && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})$/u.test(text)) return undefined;
  const atMs = Date.parse(day ? `${text}T23:59:59Z` : text);
  return Number.isNaN(atMs) || (day && new Date(atMs).toISOString().slice(0, 10) !== text) ? undefined : atMs;
}

process.on("SIGINT", () => {
  if (interrupt.signal.aborted) process.exit(130);
  interrupt.abort();
});

process.exitCode = await runCli(dependencies, process.argv.slice(2));
// Open keep-alive connections would hold the process for seconds after the answer.
process.stdout.write("", () => process.exit());
