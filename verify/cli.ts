import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { readPostgres } from "./read-postgres.ts";
import { type Evidence, notChecked, verify } from "./verify.ts";
import type { ClientEntry, Finding, ReceiverEntry, World } from "./world.ts";

const usage = `usage: cli.ts --database URL | --world FILE  [--settled] [--receivers FILE] [--clients FILE] [--json]
  --database   a database, read as the role xvc_verify; XVC_VERIFY_URL is used when neither is given
  --world      a world written down as JSON (xvc.world/1)
  --settled    everything has come to rest: what is not finished must wait for a person or a clock
  --receivers  what receivers of outside effects logged themselves, as a JSON list
  --clients    what clients were told, as a JSON list
Exit code 0: nothing was found; 1: something was; 2: it could not be looked at.`;

const readJson = async <Value>(path: string | undefined): Promise<Value | undefined> =>
  path === undefined ? undefined : (JSON.parse(await readFile(path, "utf8")) as Value); // written by the program that ran the test

function describe(finding: Finding): string {
  const prefix = finding.prefix.map(
    (event) =>
      `    ${event.kind} #${String(event.number)} by ${event.actorKind} ${event.actorId} at ${new Date(event.recordedAtMs).toISOString()}`,
  );
  return [`${finding.invariant}  ${finding.message}`, ...finding.rows.map((row) => `  ${row}`), ...prefix].join("\n");
}

async function readWorld(options: Options): Promise<World | undefined> {
  if (options.world !== undefined) return readJson<World>(options.world);
  const url = options.database ?? process.env["XVC_VERIFY_URL"];
  return url === undefined ? undefined : readPostgres(url, options.settled);
}

interface Options {
  readonly database?: string;
  readonly world?: string;
  readonly receivers?: string;
  readonly clients?: string;
  readonly settled: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

const readOptions = (): Options =>
  parseArgs({
    options: {
      database: { type: "string" },
      world: { type: "string" },
      receivers: { type: "string" },
      clients: { type: "string" },
      settled: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  }).values;

async function readEvidence(options: Options): Promise<Evidence> {
  const receivers = await readJson<readonly ReceiverEntry[]>(options.receivers);
  const clientLogs = await readJson<readonly ClientEntry[]>(options.clients);
  return { ...(receivers === undefined ? {} : { receivers }), ...(clientLogs === undefined ? {} : { clientLogs }) };
}

function print(world: World, findings: readonly Finding[], json: boolean): void {
  const looked = {
    rows: world.rows.length,
    versions: world.history.length,
    events: world.events.length,
    commands: world.commands.length,
    jobs: world.engine?.length ?? null,
  };
  if (json) return console.log(JSON.stringify({ schema: "xvc.verify/1", looked, notChecked, findings }));
  for (const finding of findings) console.log(describe(finding));
  console.log(
    `${String(findings.length)} findings in ${String(looked.rows)} rows, ${String(looked.versions)} versions, ${String(looked.events)} events, ${String(looked.commands)} commands.`,
  );
  for (const { invariant, why } of notChecked) console.log(`NOT CHECKED ${invariant}: ${why}.`);
  if (world.engine === null) console.log("NOT CHECKED I7 for jobs: the engine's tables could not be read.");
}

async function main(): Promise<number> {
  const options = readOptions();
  const world = options.help ? undefined : await readWorld(options);
  if (world === undefined) {
    console.error(usage);
    return options.help ? 0 : 2;
  }
  const findings = verify(world, await readEvidence(options));
  print(world, findings, options.json);
  return findings.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`The world could not be looked at: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
