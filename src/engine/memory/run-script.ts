import type { ScriptTestResult } from "../../core/memory/decide-script.ts";
import { type Script, answerProblem, sameJson } from "../../core/memory/script.ts";
import type { Json } from "../../core/shared/json.ts";
import type { ScriptOutcome, ScriptRunner } from "../ports/script-runner.ts";

const maxSaid = 300;

/** One run as people read it: the answer, or what went wrong. An answer that does not fit the purpose is a fault like any other. */
export async function runScript(runner: ScriptRunner, script: Pick<Script, "source" | "purpose">, input: Json): Promise<ScriptOutcome> {
  const outcome = await runner.run(script.source, input);
  const problem = outcome.kind === "answered" ? answerProblem(script.purpose, outcome.value) : null;
  return problem === null ? outcome : { kind: "failed", fault: "answer", message: problem };
}

/** Runs every test of a version, one after another. */
export async function testScript(
  runner: ScriptRunner,
  script: Pick<Script, "source" | "purpose" | "tests">,
): Promise<readonly ScriptTestResult[]> {
  const results: ScriptTestResult[] = [];
  for (const { name, input, expected } of script.tests) {
    const outcome = await runScript(runner, script, input);
    results.push({ name, problem: testProblem(outcome, expected) });
  }
  return results;
}

function testProblem(outcome: ScriptOutcome, expected: Json): string | null {
  if (outcome.kind === "failed") return `${outcome.fault}: ${outcome.message}`.slice(0, maxSaid);
  return sameJson(outcome.value, expected) ? null : `answered ${JSON.stringify(outcome.value).slice(0, maxSaid)}`;
}
