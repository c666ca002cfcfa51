import type { Command } from "commander";
import { readCheckpoint } from "../../core/memory/checkpoint.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { exitCodes } from "./exit-codes.ts";
import type { GroupContext } from "./group-context.ts";
import { listAt, note, objectAt, printAnswer, textAt } from "./output.ts";

/** About 70,000 checkpoints: more than a month of one a minute. */
const maxExportBytes = 50_000_000;

interface VerifyOptions {
  readonly against?: string;
}

/** `xvc memory verify`: whether the record is what was sealed. */
export function registerEvidence(group: Command, context: GroupContext): void {
  group
    .command("verify")
    .description("read everything that was sealed again: signatures, chain, counts and roots; exit code 1 when something does not hold")
    .option("--against <file>", "also compare with checkpoints that were exported, <organization>.jsonl")
    .addHelpText(
      "after",
      "\nExamples:\n  $ xvc memory verify\n  $ xvc memory verify --against /mnt/evidence/0190f3a2-0000-7000-8000-000000000001.jsonl\n",
    )
    .action(context.act((options: VerifyOptions) => verify(context, options)));
}

interface Problem {
  readonly number: number;
  readonly message: string;
}

async function verify(context: GroupContext, { against }: VerifyOptions): Promise<number> {
  // Read before anything is asked: a file that is not there costs no minute of checking.
  const exported =
    against === undefined ? null : readExported(new TextDecoder().decode(await context.use.files.read(against, maxExportBytes)), against);
  const client = await context.use.connect({ start: false, port: context.flags().port });
  const counts = { checkpoints: 0, events: 0, versions: 0 };
  const problems: Problem[] = [];
  let unsealed: JsonObject = {};
  for (let after: number | null = 0; after !== null;) {
    const part: JsonObject = await client.get(`/api/evidence/check?after=${after}&limit=20`);
    for (const name of ["checkpoints", "events", "versions"] as const) counts[name] += numberAt(part, name);
    problems.push(...(listAt(part, "problems") as unknown as readonly Problem[])); // by the contract
    unsealed = objectAt(part, "unsealed");
    after = typeof part["nextAfter"] === "number" ? part["nextAfter"] : null;
    if (after !== null) note(context.use.streams, context.flags(), `${counts.checkpoints} checkpoints checked`);
  }
  if (exported !== null) problems.push(...(await compare(client, exported)));
  const document = {
    schema: "xvc.memory-verify/1",
    ok: problems.length === 0,
    ...counts,
    unsealed,
    compared: exported?.length ?? null,
    problems,
  };
  printAnswer(context.use.streams, context.flags(), {
    document: document as unknown as JsonObject, // plain texts and numbers
    people: () =>
      [
        ...problems.map(({ number, message }) => `checkpoint ${number}: ${message}`),
        `${problems.length === 0 ? "Nothing is wrong" : `${problems.length} problems`} in ${counts.checkpoints} checkpoints over ${counts.events} events and ${counts.versions} versions.`,
        `Not sealed yet: ${numberAt(unsealed, "events")} events, ${numberAt(unsealed, "versions")} versions.`,
        exported === null
          ? "Not compared with a second place: with --against FILE a checkpoint that is gone or was made anew is found too.\n"
          : `Compared with ${exported.length} exported checkpoints.\n`,
      ].join("\n"),
  });
  return problems.length === 0 ? exitCodes.ok : exitCodes.workFailed;
}

const numberAt = (document: JsonObject, name: string): number => (typeof document[name] === "number" ? document[name] : 0);

interface Exported {
  readonly number: number;
  readonly text: string;
  readonly publicKey: string;
}

/** @throws {Failure} `evidence.not-exported` */
function readExported(text: string, file: string): readonly Exported[] {
  const lines = text.split("\n").filter((line) => line !== "");
  const read = lines.map((line): Exported | null => {
    try {
      const found = JSON.parse(line) as Partial<Exported>; // every field is looked at
      const isWhole = typeof found.number === "number" && typeof found.text === "string" && typeof found.publicKey === "string";
      return isWhole && readCheckpoint(found.text)?.number === found.number ? (found as Exported) : null;
    } catch {
      return null;
    }
  });
  const bad = read.indexOf(null);
  if (bad >= 0 || lines.length === 0)
    throw new Failure("invalid", "evidence.not-exported", {
      message:
        lines.length === 0
          ? `${file} is empty. Name a file that the second place holds, <organization>.jsonl.`
          : `Line ${bad + 1} of ${file} is no checkpoint as they are exported. Name a file of the second place, <organization>.jsonl.`,
    });
  return read as readonly Exported[]; // none is null
}

/** What the second place has must be here letter for letter, under the same key. */
async function compare(client: Client, exported: readonly Exported[]): Promise<readonly Problem[]> {
  const here = new Map<number, string>();
  let publicKey = "";
  for (let after: number | null = 0; after !== null;) {
    const page: JsonObject = await client.get(`/api/evidence/checkpoints?after=${after}&limit=100`);
    publicKey = textAt(page, "publicKey");
    for (const item of listAt(page, "items")) here.set(numberAt(item, "number"), textAt(item, "text"));
    after = typeof page["nextAfter"] === "number" ? page["nextAfter"] : null;
  }
  return exported.flatMap(({ number, text, publicKey: theirs }): readonly Problem[] => {
    if (theirs !== publicKey) return [{ number, message: "It was exported under another key than this installation's." }];
    const found = here.get(number);
    if (found === undefined) return [{ number, message: "It was exported, and is not here." }];
    return found === text ? [] : [{ number, message: "What was exported says something else than what is here." }];
  });
}
