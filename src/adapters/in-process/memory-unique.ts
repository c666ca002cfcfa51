import type { Entity } from "../../core/shared/entity.ts";
import { Failure } from "../../core/shared/failure.ts";

/** What no two rows of one place may share, by kind: the unique constraints of the migrations, which a conformance case compares. */
const uniqueFields: { readonly [kind: string]: { readonly constraint: string; readonly fields: readonly string[] } } = {
  project: { constraint: "project_key", fields: ["key"] },
  persona: { constraint: "persona_key_version", fields: ["key", "personaVersion"] },
  playbook: { constraint: "playbook_name_version", fields: ["name", "playbookVersion"] },
  request: { constraint: "request_number", fields: ["number"] },
  plan: { constraint: "plan_number", fields: ["requestId", "number"] },
  task: { constraint: "task_key", fields: ["planId", "key"] },
  attempt: { constraint: "attempt_number", fields: ["taskId", "number"] },
  fact: { constraint: "fact_attribute", fields: ["subjectKind", "subjectId", "attribute"] },
  principle: { constraint: "principle_number", fields: ["number"] },
  objective: { constraint: "objective_number", fields: ["number"] },
  entity_type: { constraint: "entity_type_version", fields: ["key", "schemaVersion"] },
  entity: { constraint: "entity_key", fields: ["typeKey", "key"] },
  tag: { constraint: "tag_value", fields: ["subjectId", "key", "value"] },
  relation: { constraint: "relation_ends", fields: ["fromId", "role", "toId"] },
  epic: { constraint: "epic_number", fields: ["number"] },
  sprint: { constraint: "sprint_number", fields: ["number"] },
  turn: { constraint: "turn_number", fields: ["threadId", "number"] },
  effect: { constraint: "effect_key", fields: ["effectKey"] },
  price: { constraint: "price_from", fields: ["provider", "model", "fromMs"] },
  budget: { constraint: "budget_scope", fields: ["scope", "scopeId", "period"] },
};

export interface UniquePlace {
  readonly organizationId: string;
  readonly projectId: string | null;
}

/** The key under which a row is the only one of its place; undefined: its kind has no such key. */
export function uniqueKey(kind: string, place: UniquePlace, row: Entity): string | undefined {
  const unique = uniqueFields[kind];
  if (unique === undefined) return undefined;
  const fields = row as unknown as { readonly [field: string]: unknown }; // the named fields are columns, hence plain values
  return JSON.stringify([kind, place.organizationId, place.projectId, ...unique.fields.map((field) => fields[field] ?? null)]);
}

/** What the database says to the second row of a key. */
export const duplicateRow = (kind: string): Failure =>
  new Failure("conflict", "store.duplicate", {
    message: `Another ${kind} has the same ${uniqueFields[kind]?.fields.join(" and ") ?? "key"}. Choose another one.`,
    constraint: uniqueFields[kind]?.constraint ?? "",
  });
