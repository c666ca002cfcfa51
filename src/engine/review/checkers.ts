import type { CheckResult } from "../../core/execution/attempt.ts";
import type { Criterion } from "../../core/planning/plan-document.ts";
import type { Artifact } from "../../core/shared/content.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import { readJson } from "../execution/rules-executor.ts";
import type { ContentStore } from "../ports/content.ts";
import type { AttemptContext, Checker } from "../ports/executor.ts";
import type { CommandResult, Sandbox } from "../ports/sandbox.ts";
import { type CheckedPlaces, checkedPlace } from "./checked-place.ts";

/** A named pure rule of a division, over parsed outputs. */
export type AcceptanceRule = (evidence: { readonly output: string; readonly outputs: { readonly [name: string]: unknown } }) => {
  readonly passed: boolean;
  readonly evidence: string;
  readonly problems: readonly string[];
};

/** Checks a JSON value against a JSON schema; problems as sentences, empty when it fits. */
export type SchemaCheck = (schema: JsonObject, value: Json) => readonly string[];

/** The output is there, not empty, and of the named media type. */
export const outputChecker: Checker = {
  kind: "output",
  check: (_context, { outputs, criterion }) => Promise.resolve(checkOutput(outputs, criterion)),
};

function checkOutput(outputs: readonly Artifact[], criterion: Criterion): CheckResult {
  const { check } = criterion;
  if (check.kind !== "output") return misplaced(criterion);
  const output = outputs.find((one) => one.name === check.output);
  if (output === undefined) return failed(criterion, `"${check.output}" was not handed in.`, { output: check.output });
  if (output.bytes === 0) return failed(criterion, `"${output.name}" is empty.`, { sha256: output.sha256 });
  const evidence = { sha256: output.sha256, bytes: output.bytes, mediaType: output.mediaType };
  const fits = check.mediaType === undefined || output.mediaType.split(";")[0]?.trim() === check.mediaType;
  if (!fits) return failed(criterion, `"${output.name}" is ${output.mediaType}, not ${check.mediaType ?? ""}.`, evidence);
  return passed(criterion, `"${output.name}" is there, ${output.bytes} bytes.`, evidence);
}

/** The output is JSON that fits the criterion's schema. */
export const schemaChecker = (content: ContentStore, fits: SchemaCheck): Checker => ({
  kind: "schema",
  async check(_context, { outputs, criterion }) {
    const { check } = criterion;
    if (check.kind !== "schema") return misplaced(criterion);
    const output = outputs.find((one) => one.name === check.output);
    if (output === undefined) return failed(criterion, `"${check.output}" was not handed in.`, { output: check.output });
    const problems = fits(check.schema, await readJson(content, output));
    const evidence = { sha256: output.sha256, problems: problems.slice(0, 20) };
    return problems.length === 0
      ? passed(criterion, `"${output.name}" fits its schema.`, evidence)
      : failed(criterion, problems.slice(0, 5).join(" "), evidence);
  },
});

/** A division's named rule over this task's outputs and those it builds on. */
export const ruleChecker = (content: ContentStore, rules: ReadonlyMap<string, AcceptanceRule>): Checker => ({
  kind: "rule",
  async check(context, { outputs, criterion }) {
    const { check } = criterion;
    if (check.kind !== "rule") return misplaced(criterion);
    const rule = rules.get(check.rule);
    if (rule === undefined) return failed(criterion, `There is no rule "${check.rule}" here.`, { rule: check.rule });
    const named = check["output"];
    const output = typeof named === "string" ? named : (outputs[0]?.name ?? "");
    const found = rule({ output, outputs: await parsedOutputs(content, context, outputs) });
    const sha256 = outputs.find((one) => one.name === output)?.sha256 ?? null;
    const evidence = { rule: check.rule, compared: found.evidence, problems: found.problems.slice(0, 20), sha256 };
    return found.passed ? passed(criterion, found.evidence, evidence) : failed(criterion, found.problems.slice(0, 5).join(" "), evidence);
  },
});

async function parsedOutputs(
  content: ContentStore,
  context: AttemptContext,
  outputs: readonly Artifact[],
): Promise<{ readonly [name: string]: Json }> {
  const all = [...context.upstream.flatMap((one) => one.outputs), ...outputs].filter((one) => one.mediaType === "application/json");
  const entries: (readonly [string, Json])[] = [];
  for (const artifact of all) entries.push([artifact.name, await readJson(content, artifact)]);
  return Object.fromEntries(entries);
}

/** What running a criterion's command needs. */
export interface CommandCheckDependencies extends CheckedPlaces {
  readonly sandbox: Sandbox;
  /** Puts an output into the command's directory; a name that leaves it is refused. */
  readonly place: (directory: string, name: string, bytes: Uint8Array) => Promise<void>;
}

const commandLimitMs = 300_000;

/** Runs the criterion's command over the outputs, in the sandbox only; exit code 0 passes. */
export const commandChecker = (use: CommandCheckDependencies): Checker => ({
  kind: "command",
  async check(context, { outputs, criterion }, signal) {
    const { check } = criterion;
    if (check.kind !== "command") return misplaced(criterion);
    const { probe } = use.sandbox;
    if (!probe.available)
      return failed(criterion, `There is no sandbox here: ${probe.reason} A person's verdict may take this check's place.`, {
        sandbox: false,
      });
    const scratch = await checkedPlace(use, { context, outputs }, signal);
    try {
      for (const output of outputs) await use.place(scratch.outputs, output.name, await use.content.read(output.sha256));
      const result = await use.sandbox.run({
        argv: ["/bin/sh", "-c", check.run],
        workDirectory: scratch.path,
        workDirectoryAccess: "read-write",
        readOnlyPaths: scratch.readOnlyPaths,
        signal,
        limits: { timeoutMs: commandLimitMs },
      });
      return commandVerdict(criterion, check.run, result);
    } finally {
      await scratch.remove();
    }
  },
});

function commandVerdict(criterion: Criterion, command: string, result: CommandResult): CheckResult {
  const output = new TextDecoder().decode(result.stderr.length > 0 ? result.stderr : result.stdout).slice(-500);
  const evidence = { exitCode: result.exitCode, timedOut: result.timedOut, durationMs: Math.round(result.durationMs), output };
  if (result.exitCode === 0) return passed(criterion, `\`${command}\` ended with 0.`, evidence);
  return failed(criterion, `\`${command}\` ended with ${result.timedOut ? "a timeout" : String(result.exitCode)}: ${output}`, evidence);
}

type Evidence = CheckResult["evidence"];
const passed = ({ id, check }: Criterion, detail: string, evidence: Evidence): CheckResult => ({
  criterionId: id,
  kind: check.kind,
  verdict: "pass",
  detail,
  evidence,
});
const failed = ({ id, check }: Criterion, detail: string, evidence: Evidence): CheckResult => ({
  criterionId: id,
  kind: check.kind,
  verdict: "fail",
  detail,
  evidence,
});
const misplaced = (criterion: Criterion): CheckResult =>
  failed(criterion, `A check of kind "${criterion.check.kind}" came to another kind's checker.`, { criterion: criterion.id });
