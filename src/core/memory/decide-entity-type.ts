import { isActive } from "../oversight/authority.ts";
import type { Person } from "../oversight/person.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, type Refusal, beginStep, refuse } from "../shared/transition.ts";
import { schemaProblem } from "./check-schema.ts";
import { type EntityType, entityTypeKind, entityTypeLimits, isPlainKey } from "./entity-type.ts";

/** Defines a type, or a new version of its schema beside the versions before. */
export interface DefineEntityType {
  readonly kind: "define-entity-type";
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly dataSchema: JsonObject;
  /** The latest schema version that the caller read; 0: the type is new. */
  readonly expectedSchemaVersion: number;
}

export interface EntityTypeSlice {
  readonly person: Person | undefined;
  /** The latest version; undefined: there is no such type. */
  readonly latest: EntityType | undefined;
  /** Rows of all types together. */
  readonly count: number;
}

/** Adds a version of a type. Entities keep the version they name until somebody changes them. By those who lead. */
export function decideEntityType(slice: EntityTypeSlice, command: DefineEntityType, context: DecideContext): Decided {
  if (!leads(slice.person))
    return refuse("forbidden", "entity-type.wrong-role", "Types of entities are defined by an administrator, director or lead.");
  const known = slice.latest?.schemaVersion ?? 0;
  if (known !== command.expectedSchemaVersion)
    return refuse(
      "conflict",
      "entity-type.changed",
      known === 0
        ? `There is no type ${command.key.slice(0, 80)} yet; define it as new.`
        : `The type ${command.key.slice(0, 80)} is at version ${known}; read it and define the next one on top of it.`,
      { currentVersion: known, yourVersion: command.expectedSchemaVersion },
    );
  const problem = textProblem(command) ?? roomProblem(slice, known);
  if (problem !== null) return problem;
  const { draft } = beginStep(context);
  const type = draft.create(entityTypeKind, {
    id: context.newId(),
    key: command.key,
    schemaVersion: known + 1,
    title: command.title.trim(),
    description: command.description.trim(),
    dataSchema: command.dataSchema,
    definedBy: context.actor.id,
    definedAtMs: context.nowMs,
  });
  draft.record(entityTypeKind, type, "entity-type.defined", { key: type.key, schemaVersion: type.schemaVersion, title: type.title });
  return draft.accept({ id: type.id, key: type.key, schemaVersion: type.schemaVersion, label: `${type.key}@${type.schemaVersion}` });
}

const leads = (person: Person | undefined): boolean =>
  isActive(person) && person.roles.some((role) => role === "administrator" || role === "director" || role === "lead");

function textProblem({ key, title, description, dataSchema }: DefineEntityType): Refusal | null {
  const { titleLength, descriptionLength } = entityTypeLimits;
  if (!isPlainKey(key))
    return refuse(
      "invalid",
      "entity-type.bad-key",
      "The key of a type is lower case letters, digits, dots and dashes, at most 80: customer.",
    );
  if (title.trim() === "" || title.length > titleLength || description.length > descriptionLength)
    return refuse(
      "invalid",
      "entity-type.bad-title",
      `A type has a title of at most ${titleLength} characters and a description of at most ${descriptionLength}.`,
    );
  const problem = schemaProblem(dataSchema);
  return problem === null ? null : refuse("invalid", "entity-type.bad-schema", problem);
}

function roomProblem({ count }: EntityTypeSlice, known: number): Refusal | null {
  const { types, versions } = entityTypeLimits;
  if (known >= versions)
    return refuse("exhausted", "entity-type.too-many-versions", `A type has at most ${versions} versions; define another type.`);
  return known === 0 && count >= types
    ? refuse(
        "exhausted",
        "entity-type.too-many",
        `There are ${types} types, the most there can be; one type with an optional field may do.`,
      )
    : null;
}
