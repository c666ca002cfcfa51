/** What a kind of entity looks like: one row for each version of its schema, the new beside the old. */
import { type Entity, organizationKind } from "../shared/entity.ts";
import type { JsonObject } from "../shared/json.ts";

export interface EntityType extends Entity {
  /** Such as `customer`; with `schemaVersion` it names the row. */
  readonly key: string;
  /** 1 for the first. */
  readonly schemaVersion: number;
  readonly title: string;
  readonly description: string;
  /** JSON Schema of an entity's data, in the dialect of `schemaProblem`. */
  readonly dataSchema: JsonObject;
  readonly definedBy: string;
  readonly definedAtMs: number;
}

export const entityTypeKind = organizationKind<EntityType>("entity_type");

/** Something in an entity's data that its schema does not allow. */
export interface DataProblem {
  /** Where, such as `/address/city`; empty: the whole. */
  readonly path: string;
  readonly message: string;
}

/** Upper bounds; what exceeds them is refused. */
export const entityTypeLimits = { types: 200, versions: 1_000, titleLength: 200, descriptionLength: 2_000, schemaLength: 32_768 } as const;

/** Keys of types and entities: they stand in addresses, so they are plain. */
export const isPlainKey = (text: string): boolean => /^[a-z0-9][a-z0-9._-]{0,79}$/u.test(text);
