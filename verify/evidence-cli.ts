import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { Client } from "pg";
import { type SealedLine, verifyEvidence } from "./evidence.ts";

const usage = `usage: evidence-cli.ts --against FILE [--database URL] [--json]
  --against    the exported checkpoints of one organization, <organization>.jsonl; the key named in its first line is trusted
  --key        trust this key instead: Ed25519, base64
  --database   a database, read as the role xvc_verify; XVC_VERIFY_URL is used when it is not given
Exit code 0: nothing was found; 1: something was; 2: it could not be looked at.`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      against: { type: "string" },
      key: { type: "string" },
      database: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const url = values.database ?? process.env["XVC_VERIFY_URL"];
  if (values.help || values.against === undefined || url === undefined) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const exported = (await readFile(values.against, "utf8"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as SealedLine); // written by the program that is checked; every field is looked at
  const [first] = exported;
  if (first === undefined) throw new Error(`${values.against} has no line`);
  const { organizationId } = JSON.parse(first.text) as { readonly organizationId: string };
  const client = new Client({ connectionString: url, application_name: "xvc verify" });
  await client.connect();
  try {
    const report = await verifyEvidence(client, { organizationId, publicKey: values.key ?? first.publicKey ?? "", exported });
    if (values.json) console.log(JSON.stringify({ schema: "xvc.evidence-report/1", ...report }));
    else {
      for (const { checkpoint, message } of report.problems)
        console.log(`${checkpoint === null ? "record" : `checkpoint ${String(checkpoint)}`}: ${message}`);
      console.log(
        `${String(report.problems.length)} problems in ${String(report.checkpoints)} checkpoints over ${String(report.events)} events and ${String(report.versions)} versions; ${String(report.unsealed.events)} events and ${String(report.unsealed.versions)} versions are not sealed yet, ${String(report.purged)} versions were purged.`,
      );
    }
    return report.problems.length === 0 ? 0 : 1;
  } finally {
    await client.end();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`The evidence could not be looked at: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
