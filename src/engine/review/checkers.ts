import type { CheckResult } from "../../core/execution/attempt.ts";
import type { Artifact } from "../../core/shared/content.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { ContentStore } from "../ports/content.ts";
import type { AttemptContext, Checker } from "../ports/executor.ts";
import type { Sandbox } from "../ports/sandbox.ts";
import type { Workspace } from "../ports/workspace.ts";
import { readJson } from "../execution/rules-executor.ts";

/** A named pure rule of a division, over parsed outputs. */
export type AcceptanceRule = (evidence: { readonly output: string; readonly outputs: { readonly [name: string]: unknown } }) => { readonly passed: boolean; readonly evidence: string; readonly problems: readonly string[] };

/** Checks a JSON value against a JSON schema; problems as sentences, empty when it fits. */
export type SchemaCheck = (schema: JsonObject, value: Json) => readonly string[];

/** The output is there, not empty, and of the named media type. */
export const outputChecker: Checker = {
  kind: "output",
  async check(_context, outputs, criterion) {
    const { check } = criterion;
    const wanted = check.kind === "output" ? check : { output: "", mediaType: undefined };
    const output = outputs.find((one) => one.name === wanted.output);
    if (output === undefined) return verdict(criterion.id, "output", false, `"${wanted.output}" was not handed in.`, { output: wanted.output });
    if (output.bytes === 0) return verdict(criterion.id, "output", false, `"${output.name}" is empty.`, { sha256: output.sha256 });
    const fits = wanted.mediaType === undefined || output.mediaType.split(";")[0]?.trim() === wanted.mediaType;
    return verdict(criterion.id, "output", fits, fits ? `"${output.name}" is there, ${output.bytes} bytes.` : `"${output.name}" is ${output.mediaType}, not ${wanted.mediaType ?? ""}.`, { sha256: output.sha256, bytes: output.bytes, mediaType: output.mediaType });
  },
};

/** The output is JSON that fits the criterion's schema. */
export const schemaChecker = (content: ContentStore, fits: SchemaCheck): Checker => ({
  kind: "schema",
  async check(_context, outputs, criterion) {
    const { check } = criterion;
    const output = check.kind === "schema" ? outputs.find((one) => one.name === check.output) : undefined;
    if (check.kind !== "schema" || output === undefined) return verdict(criterion.id, "schema", false, "The output to look at was not handed in.", { criterion: criterion.id });
    const problems = fits(check.schema, await readJson(content, output));
    return verdict(criterion.id, "schema", problems.length === 0, problems.length === 0 ? `"${output.name}" fits its schema.` : problems.slice(0, 5).join(" "), { sha256: output.sha256, problems: problems.slice(0, 20) });
  },
});

/** A division's named rule over this task's outputs and those it builds on. */
export const ruleChecker = (content: ContentStore, rules: ReadonlyMap<string, AcceptanceRule>): Checker => ({
  kind: "rule",
  async check(context, outputs, criterion) {
    const { check } = criterion;
    const rule = check.kind === "rule" ? rules.get(check.rule) : undefined;
    if (check.kind !== "rule" || rule === undefined) return verdict(criterion.id, "rule", false, `There is no rule "${check.kind === "rule" ? check.rule : ""}" here.`, { criterion: criterion.id });
    const named = check["output"];
    const output = typeof named === "string" ? named : (outputs[0]?.name ?? "");
    const parsed = await parsedOutputs(content, context, outputs);
    const found = rule({ output, outputs: parsed });
    const detail = found.passed ? found.evidence : found.problems.slice(0, 5).join(" ");
    return verdict(criterion.id, "rule", found.passed, detail, { rule: check.rule, compared: found.evidence, problems: found.problems.slice(0, 20), sha256: outputs.find((one) => one.name === output)?.sha256 ?? null });
  },
});

async function parsedOutputs(content: ContentStore, context: AttemptContext, outputs: readonly Artifact[]): Promise<{ readonly [name: string]: Json }> {
  const all = [...context.upstream.flatMap((one) => one.outputs), ...outputs].filter((one) => one.mediaType === "application/json");
  const entries: (readonly [string, Json])[] = [];
  for (const artifact of all) entries.push([artifact.name, await readJson(content, artifact)]);
  return Object.fromEntries(entries);
}

/** Runs the criterion's command over the outputs, in the sandbox only; exit code 0 passes. */
export const commandChecker = (content: ContentStore, workspace: Workspace, sandbox: Sandbox, place: (directory: string, name: string, bytes: Uint8Array) => Promise<void>): Checker => ({
  kind: "command",
  async check(_context, outputs, criterion, signal) {
    const { check } = criterion;
    if (check.kind !== "command") return verdict(criterion.id, "command", false, "The criterion names no command.", { criterion: criterion.id });
    if (!sandbox.probe.available) return verdict(criterion.id, "command", false, `There is no sandbox here: ${sandbox.probe.reason} A person's verdict may take this check's place.`, { sandbox: false });
    const scratch = await workspace.scratch();
    try {
      for (const output of outputs) await place(scratch.path, output.name, await content.read(output.sha256));
      const result = await sandbox.run({ argv: ["/bin/sh", "-c", check.run], workDirectory: scratch.path, workDirectoryAccess: "read-write", signal, limits: { timeoutMs: 300_000 } });
      const tail = new TextDecoder().decode(result.stderr.length > 0 ? result.stderr : result.stdout).slice(-500);
      return verdict(criterion.id, "command", result.exitCode === 0, result.exitCode === 0 ? `\`${check.run}\` ended with 0.` : `\`${check.run}\` ended with ${result.timedOut ? "a timeout" : String(result.exitCode)}: ${tail}`, { exitCode: result.exitCode, timedOut: result.timedOut, durationMs: Math.round(result.durationMs), output: tail });
    } finally {
      await scratch.remove();
    }
  },
});

const verdict = (criterionId: string, kind: string, pass: boolean, detail: string, evidence: CheckResult["evidence"]): CheckResult => ({ criterionId, kind, verdict: pass ? "pass" : "fail", detail, evidence });
