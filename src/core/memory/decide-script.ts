import { isActive } from "../oversight/authority.ts";
import type { Person } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Refusal, beginStep, refuse } from "../shared/transition.ts";
import { isPlainKey } from "./entity-type.ts";
import { type Script, type ScriptPurpose, type ScriptTest, scriptBounds, scriptKind, scriptLabel } from "./script.ts";

/** Stores a script, or a new version of it beside the versions before. */
export interface AddScript {
  readonly kind: "add-script";
  readonly key: string;
  readonly purpose: ScriptPurpose;
  readonly title: string;
  readonly source: string;
  readonly tests: readonly ScriptTest[];
  /** The latest version that the caller read; 0: the script is new. */
  readonly expectedScriptVersion: number;
}

/** What a test of a version gave; the engine ran it just before. */
export interface ScriptTestResult {
  readonly name: string;
  /** Null: it holds. */
  readonly problem: string | null;
}

/** Puts a version in the place of the active one, on the strength of its tests. */
export interface ActivateScript {
  readonly kind: "activate-script";
  readonly scriptId: string;
  /** The row version that the caller saw. */
  readonly expectedVersion: number;
  readonly results: readonly ScriptTestResult[];
}

export interface RetireScript {
  readonly kind: "retire-script";
  readonly scriptId: string;
  readonly expectedVersion: number;
  readonly reason: string;
}

export interface NewScriptSlice {
  readonly person: Person | undefined;
  readonly latest: Script | undefined;
  /** Rows of all scripts together. */
  readonly count: number;
}

export interface ScriptSlice {
  readonly person: Person | undefined;
  readonly script: Script;
  /** The version that is active now, if there is another. */
  readonly active: Script | undefined;
}

/** A new version is a draft: nothing uses it until its tests have passed and somebody who leads has made it active. */
export function decideNewScript(slice: NewScriptSlice, command: AddScript, context: DecideContext): Decided {
  const known = slice.latest?.scriptVersion ?? 0;
  const problem = stewardProblem(slice.person) ?? textProblem(command) ?? testsProblem(command.tests) ?? placeProblem(slice, command);
  if (problem !== null) return problem;
  const { draft } = beginStep(context);
  const script = draft.create(scriptKind, {
    id: context.newId(),
    key: command.key,
    scriptVersion: known + 1,
    purpose: command.purpose,
    state: "draft",
    title: command.title.trim(),
    source: command.source,
    tests: command.tests,
    authorId: context.actor.id,
    addedAtMs: context.nowMs,
    activatedAtMs: null,
  });
  draft.record(scriptKind, script, "script.added", { key: script.key, scriptVersion: script.scriptVersion, purpose: script.purpose });
  return draft.accept({ id: script.id, state: script.state, label: scriptLabel(script) });
}

export function decideScriptActivation({ person, script, active }: ScriptSlice, command: ActivateScript, context: DecideContext): Decided {
  const problem = stewardProblem(person) ?? seenProblem(script, command.expectedVersion) ?? resultsProblem(script, command.results);
  if (problem !== null) return problem;
  if (script.state === "active") return refuse("conflict", "script.active-already", `${scriptLabel(script)} is active already.`);
  const { draft } = beginStep(context);
  if (active !== undefined) {
    draft.change(scriptKind, active, { state: "retired" });
    draft.record(scriptKind, active, "script.retired", {
      key: active.key,
      scriptVersion: active.scriptVersion,
      reason: `${scriptLabel(script)} takes its place.`,
    });
  }
  draft.change(scriptKind, script, { state: "active", activatedAtMs: context.nowMs });
  draft.record(scriptKind, script, "script.activated", {
    key: script.key,
    scriptVersion: script.scriptVersion,
    tests: command.results.length,
    by: context.actor.id,
  });
  return draft.accept({ id: script.id, state: "active", label: scriptLabel(script) });
}

export function decideScriptRetirement({ person, script }: ScriptSlice, command: RetireScript, context: DecideContext): Decided {
  const problem = stewardProblem(person) ?? seenProblem(script, command.expectedVersion);
  if (problem !== null) return problem;
  if (script.state === "retired") return refuse("conflict", "script.retired-already", `${scriptLabel(script)} is retired already.`);
  const { draft } = beginStep(context);
  draft.change(scriptKind, script, { state: "retired" });
  draft.record(scriptKind, script, "script.retired", { key: script.key, scriptVersion: script.scriptVersion, reason: command.reason });
  return draft.accept({ id: script.id, state: "retired", label: scriptLabel(script) });
}

const stewardProblem = (person: Person | undefined): Refusal | null =>
  isActive(person) && person.roles.some((role) => role === "administrator" || role === "director")
    ? null
    : refuse("forbidden", "script.wrong-role", "Scripts are stored, made active and retired by an administrator or director.");

const seenProblem = (script: Script, expectedVersion: number): Refusal | null =>
  script.version === expectedVersion
    ? null
    : refuse("conflict", "script.changed", `${scriptLabel(script)} changed since you read it; look at it again.`, {
        currentVersion: script.version,
        yourVersion: expectedVersion,
      });

function textProblem({ key, title, source }: AddScript): Refusal | null {
  if (!isPlainKey(key))
    return refuse(
      "invalid",
      "script.bad-key",
      "The key of a script is lower case letters, digits, dots and dashes, at most 80: net-margin.",
    );
  if (title.trim() === "" || title.length > scriptBounds.titleLength)
    return refuse("invalid", "script.bad-title", `A script has a title of at most ${scriptBounds.titleLength} characters.`);
  if (source.trim() === "" || source.length > scriptBounds.sourceLength)
    return refuse(
      "invalid",
      "script.bad-source",
      `A script is a module such as "export default (input) => input", at most ${scriptBounds.sourceLength} characters.`,
    );
  return null;
}

function testsProblem(tests: readonly ScriptTest[]): Refusal | null {
  const names = new Set(tests.map(({ name }) => name));
  const fits = tests.every((one) => one.name.trim() !== "" && JSON.stringify(one).length <= scriptBounds.testLength);
  if (tests.length > 0 && tests.length <= scriptBounds.tests && names.size === tests.length && fits) return null;
  return refuse(
    "invalid",
    "script.bad-tests",
    `A script has 1 to ${scriptBounds.tests} tests, each with a name of its own, an input and what is expected, at most ${scriptBounds.testLength} characters of JSON each.`,
  );
}

function placeProblem({ latest, count }: NewScriptSlice, { key, purpose, expectedScriptVersion }: AddScript): Refusal | null {
  const known = latest?.scriptVersion ?? 0;
  if (known !== expectedScriptVersion)
    return refuse("conflict", "script.changed", `The script ${key} is at version ${known}; read it and store the next one on top of it.`, {
      currentVersion: known,
      yourVersion: expectedScriptVersion,
    });
  if (latest !== undefined && latest.purpose !== purpose)
    return refuse("invalid", "script.other-purpose", `${key} is a ${latest.purpose}; a ${purpose} needs a key of its own.`);
  if (known >= scriptBounds.versions || count >= scriptBounds.scripts * scriptBounds.versions)
    return refuse("exhausted", "script.too-many", `A script has at most ${scriptBounds.versions} versions.`);
  return null;
}

/** Every test of the version ran, and held. */
function resultsProblem(script: Script, results: readonly ScriptTestResult[]): Refusal | null {
  const byName = new Map(results.map((result) => [result.name, result]));
  const failed = script.tests.flatMap(({ name }) => {
    const result = byName.get(name);
    return result === undefined ? [`"${name}" did not run`] : result.problem === null ? [] : [`"${name}": ${result.problem}`];
  });
  return failed.length === 0
    ? null
    : refuse("conflict", "script.tests-failed", `${scriptLabel(script)} stays as it is: ${failed.join("; ").slice(0, 2_000)}`, {
        failed: failed.length,
      });
}
