import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { Client } from "pg";
import { type EvidenceReport, type SealedLine, verifyEvidence } from "./evidence.ts";

const usage = `usage: evidence-cli.ts --against FILE [--database URL] [--json]
  --against    the exported checkpoints of one organization, <organization>.jsonl; the key named in its first line is trusted
  --key        trust this key instead: Ed25519, base64
  --database   a database, read as the role xvc_verify; XVC_VERIFY_URL is used when it is not given
Exit code 0: nothing was found; 1: something was; 2: it could not be looked at.`;

const readOptions = () =>
  parseArgs({
    options: {
      against: { type: "string" },
      key: { type: "string" },
      database: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  }).values;

/** The lines of a second place; what they say is looked at by `verifyEvidence`. */
async function readExported(file: string): Promise<readonly [SealedLine, ...SealedLine[]]> {
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
  const [first, ...rest] = lines.map((line) => JSON.parse(line) as SealedLine); // every field is looked at
  if (first === undefined) throw new Error(`${file} has no line`);
  return [first, ...rest];
}

function describe({ problems, checkpoints, events, versions, unsealed, purged }: EvidenceReport): string {
  const told = problems.map(
    ({ checkpoint, message }) => `${checkpoint === null ? "record" : `checkpoint ${String(checkpoint)}`}: ${message}`,
  );
  const sum = `${String(problems.length)} problems in ${String(checkpoints)} checkpoints over ${String(events)} events and ${String(versions)} versions`;
  const rest = `${String(unsealed.events)} events and ${String(unsealed.versions)} versions are not sealed yet, ${String(purged)} versions were purged.`;
  return [...told, `${sum}; ${rest}`].join("\n");
}

async function look(url: string, against: string, key: string | undefined): Promise<EvidenceReport> {
  const exported = await readExported(against);
  const { organizationId } = JSON.parse(exported[0].text) as { readonly organizationId: string }; // a text without it finds no row
  const client = new Client({ connectionString: url, application_name: "xvc verify" });
  await client.connect();
  try {
    return await verifyEvidence(client, { organizationId, publicKey: key ?? exported[0].publicKey ?? "", exported });
  } finally {
    await client.end();
  }
}

async function main(): Promise<number> {
  const { help, against, key, json, database } = readOptions();
  const url = database ?? process.env["XVC_VERIFY_URL"];
  if (help || against === undefined || url === undefined) {
    console.error(usage);
    return help ? 0 : 2;
  }
  const report = await look(url, against, key);
  console.log(json ? JSON.stringify({ schema: "xvc.evidence-report/1", ...report }) : describe(report));
  return report.problems.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`The evidence could not be looked at: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
