/**
 * A typed document that people keep beside requests: a customer, a contract, a system. Nothing about it expires.
 *
 * active -> archived (put away, unchanged) | deleted (soft); archived -> active | deleted; deleted -> active | purged
 * purged: its content is gone from every version and only hashes are left; it ends there
 */
import type { Artifact } from "../shared/content.ts";
import { type Entity, projectKind } from "../shared/entity.ts";
import type { ProjectId } from "../shared/ids.ts";
import { type Json, type JsonObject, canonicalJson } from "../shared/json.ts";
import type { Moves } from "../shared/moves.ts";

export type EntityState = "active" | "archived" | "deleted" | "purged";

export const entityMoves: Moves<EntityState> = {
  active: ["archived", "deleted"],
  archived: ["active", "deleted"],
  deleted: ["active", "purged"],
  purged: [],
};

/** Somebody's word, with who and when. */
export interface Mark {
  readonly reason: string;
  readonly byId: string;
  readonly atMs: number;
}

/** An entity of a type that the organization defined. */
export interface EntityRecord extends Entity {
  readonly projectId: ProjectId;
  readonly typeKey: string;
  /** Version of the type's schema that its data keeps to. */
  readonly schemaVersion: number;
  /** Unique among the entities of its type in the project; stays when the entity is purged. */
  readonly key: string;
  readonly title: string;
  readonly state: EntityState;
  readonly data: JsonObject;
  readonly attachments: readonly Artifact[];
  /** While it is set, the entity is neither deleted nor purged. */
  readonly legalHold: Mark | null;
  /** The last move between states; null: it was created so. */
  readonly stateMark: Mark | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** SHA-256 of a version whose content was purged, as history kept it; absent: this version has its content. */
  readonly contentSha256?: string;
}

export const entityKindOf = projectKind<EntityRecord>("entity");

/** Upper bounds; what exceeds them is refused, never cut. */
export const entityLimits = {
  titleLength: 300,
  reasonLength: 4_000,
  dataLength: 65_536,
  dataDepth: 16,
  attachments: 100,
  attachmentNameLength: 200,
} as const;

/** What a person reads as the name of one: `customer/acme`. */
export const entityLabel = ({ typeKey, key }: Pick<EntityRecord, "typeKey" | "key">): string => `${typeKey}/${key}`;

/** A change of named fields: what is not named stays as it is. */
export interface DataChange {
  readonly set: JsonObject;
  readonly unset: readonly string[];
}

/** The data with the named fields changed and all others untouched. */
export function changedData(data: JsonObject, { set, unset }: DataChange): JsonObject {
  const gone = new Set(unset);
  return { ...Object.fromEntries(Object.entries(data).filter(([name]) => !gone.has(name))), ...set };
}

/** Names of top-level fields that differ, sorted. */
export const differingFields = (before: JsonObject, after: JsonObject): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => textOf(before[name]) !== textOf(after[name]))
    .toSorted((one, other) => (one < other ? -1 : 1));

const textOf = (value: Json | undefined): string => (value === undefined ? "" : canonicalJson(value));

/** How deep JSON is nested: 0 for a plain value. */
export function depthOf(value: Json): number {
  if (value === null || typeof value !== "object") return 0;
  const parts: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : Object.values(value); // an array of JSON holds JSON
  let deepest = 0;
  for (const part of parts) deepest = Math.max(deepest, depthOf(part));
  return deepest + 1;
}
