import { readFile } from "node:fs/promises";
import { z } from "zod";
import { cedarAuthorizer } from "../adapters/cedar/cedar-authorizer.ts";
import { type ToolPolicyRequest, toolPolicies } from "../core/gate/tool-policy.ts";
import { Failure } from "../core/shared/failure.ts";
import type { JsonObject } from "../core/shared/json.ts";
import { toolJudge } from "../engine/gate/tool-judge.ts";
import type { SystemReport } from "../surfaces/cli/cli-dependencies.ts";

const maxBytes = 64 * 1024 * 1024;

const factNames = [
  ...(["capable", "pinned", "halted", "provisional", "targetHuman", "contentHuman", "readersCover", "approved", "granted"] as const),
  "tightened",
] as const;

const line = z.object({
  id: z.string(),
  allowed: z.boolean(),
  request: z.object({
    persona: z.string(),
    action: z.string(),
    tool: z.object({ name: z.string(), origin: z.string(), delivery: z.string(), group: z.string() }),
    context: z.record(z.enum(factNames), z.boolean()),
  }),
});

/**
 * Decides recorded questions to the tool policies again, under the shipped policies or others: every answer that flips is named.
 * `record` holds one question per line, as `xvc.gate-question/1`; `policies` is a JSON object of id and text.
 *
 * @throws {Failure} `gate.bad-record` when a file cannot be read as what it should be
 */
export async function replayGate(record: string, policies: string | null): Promise<SystemReport> {
  const set = policies === null ? toolPolicies : read(z.record(z.string(), z.string()), await text(policies), policies);
  const judge = toolJudge(cedarAuthorizer(), set);
  const rows = (await text(record))
    .split("\n")
    .flatMap((one, index) => (one.trim() === "" ? [] : [read(line, one, `${record}:${index + 1}`)]));
  const decided = rows.map((row) => ({ row, verdict: judge(row.request as ToolPolicyRequest) })); // an unknown kind or group is denied by the schema
  const flips = decided.flatMap(({ row, verdict }) =>
    verdict.allowed === row.allowed
      ? []
      : [{ id: row.id, before: row.allowed, after: verdict.allowed, policies: [...verdict.policies], errors: [...verdict.errors] }],
  );
  const document: JsonObject = { schema: "xvc.gate-replay/1", questions: rows.length, flips };
  const lines = flips.map(
    (flip) => `${flip.id}: ${word(flip.before)} -> ${word(flip.after)} ${[...flip.policies, ...flip.errors].join("; ")}\n`,
  );
  return { document, text: `${rows.length} questions decided again, ${flips.length} flips\n${lines.join("")}`, notes: [] };
}

const word = (allowed: boolean): string => (allowed ? "allowed" : "denied");

async function text(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw bad(file, "cannot be read", cause);
  });
  if (bytes.byteLength > maxBytes) throw bad(file, "is larger than 64 MB", undefined);
  return bytes.toString("utf8");
}

function read<Value>(schema: z.ZodType<Value>, source: string, place: string): Value {
  try {
    return schema.parse(JSON.parse(source));
  } catch (cause) {
    throw bad(place, "is not what it should be", cause);
  }
}

const bad = (place: string, what: string, cause: unknown): Failure =>
  new Failure("invalid", "gate.bad-record", { message: `${place.slice(0, 200)} ${what}.` }, { cause });
