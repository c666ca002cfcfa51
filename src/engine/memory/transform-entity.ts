import { type FieldChange, fieldDiff, pathText } from "../../core/memory/diff-fields.ts";
import { type EntityRecord, entityLabel } from "../../core/memory/entity.ts";
import { type Script, readTransformed, scriptLabel } from "../../core/memory/script.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json, JsonObject } from "../../core/shared/json.ts";
import type { ScriptRunner } from "../ports/script-runner.ts";
import { runScript } from "./run-script.ts";

export interface TransformedChange {
  readonly path: string;
  readonly kind: FieldChange["kind"];
  readonly before: Json;
  readonly after: Json;
}

/** What a transformer would make of an entity. Nothing is written; `set` and `unset` are the change that writes it. */
export interface TransformedView {
  readonly schema: "xvc.transformed/1";
  readonly script: string;
  readonly entity: string;
  /** The version that the script saw; the change names it. */
  readonly version: number;
  readonly changes: readonly TransformedChange[];
  /** Changes beyond those that are listed. */
  readonly more: number;
  readonly set: JsonObject;
  readonly unset: readonly string[];
}

/** Changes listed. */
const maxListed = 200;

/**
 * Runs a transformer on an entity as it is and says what would change. The answer is the whole of the new data: what it leaves out goes.
 *
 * @throws {Failure} `script.not-a-transformer`, `script.not-active`, `script.failed`, `entity.not-active`
 */
export async function transformEntity(runner: ScriptRunner, script: Script, entity: EntityRecord): Promise<TransformedView> {
  const label = scriptLabel(script);
  if (script.purpose !== "transformer")
    throw new Failure("invalid", "script.not-a-transformer", {
      message: `${label} is a ${script.purpose}; an entity is changed by a transformer.`,
    });
  if (script.state !== "active")
    throw new Failure("conflict", "script.not-active", { message: `${label} is ${script.state}; a version is used once it is active.` });
  if (entity.state !== "active")
    throw new Failure("conflict", "entity.not-active", { message: `This entity is ${entity.state}; restore it before it is changed.` });
  const { typeKey, key, title, data, schemaVersion } = entity;
  const outcome = await runScript(runner, script, { type: typeKey, schemaVersion, key, title, data });
  if (outcome.kind === "failed")
    throw new Failure("conflict", "script.failed", {
      message: `${label} gave no answer (${outcome.fault}): ${outcome.message}`.slice(0, 1_000),
      fault: outcome.fault,
    });
  const transformed = readTransformed(data, outcome.value);
  if (transformed === undefined)
    throw new Failure("conflict", "script.failed", {
      message: `${label} answered with something that is no object; on an entity a transformer answers with the whole of its new data.`,
      fault: "answer",
    });
  const changes = fieldDiff(data, transformed.data);
  return {
    schema: "xvc.transformed/1",
    script: label,
    entity: entityLabel(entity),
    version: entity.version,
    changes: changes.slice(0, maxListed).map(listed),
    more: Math.max(0, changes.length - maxListed),
    set: transformed.set,
    unset: transformed.unset,
  };
}

const listed = (change: FieldChange): TransformedChange => ({
  path: pathText(change.path),
  kind: change.kind,
  before: change.kind === "added" ? null : change.before,
  after: change.kind === "removed" ? null : change.after,
});
