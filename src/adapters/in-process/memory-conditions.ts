import type { Entity } from "../../core/shared/entity.ts";
import type { Json } from "../../core/shared/json.ts";
import type { Filter } from "../../engine/ports/store.ts";

const fieldOf = (row: Entity, field: string): Json | undefined => (row as unknown as { readonly [name: string]: Json })[field]; // rows are JSON

/** The column's value holds the text in any case, or a text inside of the JSON field does. */
export function isContaining(row: Entity, value: unknown, { text, leavesOf }: NonNullable<Filter["contains"]>): boolean {
  if (holdsText(value, text)) return true;
  return leavesOf !== undefined && someLeaf(fieldOf(row, leavesOf) ?? null, (leaf) => holdsText(leaf, text));
}

const holdsText = (value: unknown, text: string): boolean => typeof value === "string" && value.toLowerCase().includes(text.toLowerCase());

function someLeaf(value: Json, holds: (leaf: Json) => boolean): boolean {
  if (value === null || typeof value !== "object") return holds(value);
  const parts: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : Object.values(value); // an array of JSON holds JSON
  return parts.some((part) => someLeaf(part, holds));
}

/** Containment as `jsonb @>` has it below the top: objects by named fields, lists by members, all else by equality. */
export function isHolding(row: Entity, { field, part }: NonNullable<Filter["holds"]>): boolean {
  const value = fieldOf(row, field);
  return value !== undefined && holdsPart(value, part);
}

function holdsPart(value: Json, part: Json): boolean {
  if (part === null || typeof part !== "object") return value === part;
  if (value === null || typeof value !== "object" || Array.isArray(value) !== Array.isArray(part)) return false;
  if (Array.isArray(part)) {
    const members = value as readonly Json[]; // a list, as `part` is
    return (part as readonly Json[]).every((wanted) => members.some((member) => holdsPart(member, wanted)));
  }
  const fields = value as { readonly [name: string]: Json }; // an object, as `part` is
  return Object.entries(part).every(([name, wanted]) => Object.hasOwn(fields, name) && holdsPart(fields[name] ?? null, wanted));
}
