import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { CheckResult } from "../core/execution/attempt.ts";
import { Failure } from "../core/shared/failure.ts";
import type { Json, JsonObject } from "../core/shared/json.ts";
import type { Reviewer } from "../engine/ports/executor.ts";
import type { Workspace } from "../engine/ports/workspace.ts";
import type { System } from "./open-system.ts";

const execute = promisify(execFile);

/** Longest recount, milliseconds. */
const recountDeadlineMs = 5 * 60_000;

/**
 * The independent reviewer of repository assessments: a separate program that shares no code with the analysers,
 * recounts by another route and re-reads citations. Its verdicts are the review's.
 */
export const recountReviewer = (use: {
  readonly system: Pick<System, "installation" | "content">;
  readonly workspace: Workspace;
}): Reviewer => ({
  name: "recount",
  async review(context, submission, signal) {
    const criteria = context.task.spec.acceptance
      .filter((criterion) => criterion.check.kind === "reviewer")
      .map((criterion) => criterion.id);
    const report = submission.outputs.find((output) => output.name === "report.json");
    if (report === undefined)
      return criteria.map((criterionId) => failed(criterionId, "There is no report.json to recount.", { missing: "report.json" }));
    const located = Object.values(await use.workspace.locate(context.inputs, signal)).find((input) => input.kind !== "file");
    if (located === undefined)
      return criteria.map((criterionId) => failed(criterionId, "There is no repository to recount.", { missing: "repository" }));
    const scratch = await use.workspace.scratch();
    try {
      await mkdir(scratch.path, { recursive: true });
      const file = path.join(scratch.path, "report.json");
      await writeFile(file, await use.system.content.read(report.sha256));
      const git = located.kind === "git-repository" ? ["--git", located.gitDirectory] : [];
      const program = use.system.installation.recountFile;
      const answer = await run([program, "--tree", located.treeDirectory, ...git, "--report", file], signal);
      return criteria.flatMap((criterionId) => verdictsOf(criterionId, answer, report.sha256));
    } finally {
      await scratch.remove();
    }
  },
});

async function run(words: readonly string[], signal: AbortSignal): Promise<JsonObject> {
  try {
    const { stdout } = await execute(process.execPath, [...words], {
      signal,
      timeout: recountDeadlineMs,
      maxBuffer: 16 * 1024 * 1024,
      env: { PATH: process.env["PATH"] ?? "" },
    });
    return JSON.parse(stdout) as JsonObject; // the program prints one JSON object
  } catch (error) {
    const printed = error instanceof Error && "stdout" in error && typeof error.stdout === "string" ? error.stdout : "";
    // Exit code 1 with a document means that a check failed; anything else means that it could not run.
    if (printed.startsWith("{")) return JSON.parse(printed) as JsonObject;
    signal.throwIfAborted();
    throw new Failure(
      "unavailable",
      "review.recount-failed",
      { message: `The recount could not run: ${error instanceof Error ? error.message.slice(0, 500) : String(error)}` },
      { cause: error },
    );
  }
}

function verdictsOf(criterionId: string, answer: JsonObject, reportSha256: string): readonly CheckResult[] {
  const rows = Array.isArray(answer["checks"]) ? (answer["checks"] as readonly Json[]) : [];
  const checks = rows.filter((row): row is JsonObject => typeof row === "object" && row !== null && !Array.isArray(row));
  if (checks.length === 0) return [failed(criterionId, "The recount gave no verdict.", { answer })];
  return checks.map((check) => ({
    criterionId,
    kind: "recount",
    verdict: check["pass"] === true ? "pass" : "fail",
    detail: typeof check["detail"] === "string" ? check["detail"] : "The recount gave no words.",
    evidence: { check: check["name"] ?? null, reportSha256, evidence: check["evidence"] ?? {} },
  }));
}

const failed = (criterionId: string, detail: string, evidence: JsonObject): CheckResult => ({
  criterionId,
  kind: "recount",
  verdict: "fail",
  detail,
  evidence,
});
