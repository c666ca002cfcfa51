import type { DecideContext } from "../shared/decide-context.ts";
import { type ProjectId, asId } from "../shared/ids.ts";
import { type JsonObject, canonicalJson } from "../shared/json.ts";
import { type Decided, type Refusal, beginStep, refuse } from "../shared/transition.ts";
import {
  type DataChange,
  type EntityRecord,
  changedData,
  depthOf,
  differingFields,
  entityKindOf,
  entityLabel,
  entityLimits,
} from "./entity.ts";
import { type DataProblem, type EntityType, isPlainKey } from "./entity-type.ts";

export interface CreateEntity {
  readonly kind: "create-entity";
  readonly typeKey: string;
  /** Null: the type's latest. */
  readonly schemaVersion: number | null;
  /** Null: made of the entity's id. */
  readonly key: string | null;
  readonly title: string;
  readonly data: JsonObject;
}

/** Changes named fields of the data and leaves all others as they are. */
export interface ChangeEntity {
  readonly kind: "change-entity";
  readonly entityId: string;
  /** The version that the caller read. */
  readonly expectedVersion: number;
  /** Null: stays. */
  readonly title: string | null;
  /** Top-level fields of the data with their new values. */
  readonly set: JsonObject;
  /** Top-level fields to take away. */
  readonly unset: readonly string[];
  /** Version of the schema that the data keeps to from now on; null: stays. */
  readonly schemaVersion: number | null;
}

export interface NewEntitySlice {
  readonly projectId: ProjectId;
  /** The version of the type that is asked for; undefined: there is none. */
  readonly type: EntityType | undefined;
  /** Another entity of the type has the key. */
  readonly keyTaken: boolean;
  /** What the schema says about the data. */
  readonly problems: readonly DataProblem[];
}

export interface EntityChangeSlice {
  readonly entity: EntityRecord;
  readonly type: EntityType | undefined;
  /** What the schema says about the data as it would be. */
  readonly problems: readonly DataProblem[];
}

/** Keeps a new entity. Its data fits the schema version it names, or nothing is kept. */
export function decideNewEntity(slice: NewEntitySlice, command: CreateEntity, context: DecideContext): Decided {
  const { type } = slice;
  if (type === undefined) return noType(command);
  const problem = newProblem(slice, command) ?? dataProblem(command.data, slice.problems);
  if (problem !== null) return problem;
  const { draft } = beginStep(context);
  const id = context.newId();
  const entity = draft.create(entityKindOf, {
    id,
    projectId: slice.projectId,
    typeKey: type.key,
    schemaVersion: type.schemaVersion,
    key: command.key ?? id,
    title: command.title.trim(),
    state: "active",
    data: command.data,
    attachments: [],
    legalHold: null,
    stateMark: null,
    createdAtMs: context.nowMs,
    updatedAtMs: context.nowMs,
  });
  // Without title and data: what an event repeats could not be purged any more.
  draft.record(entityKindOf, entity, "entity.created", { typeKey: type.key, schemaVersion: type.schemaVersion, key: entity.key });
  return accepted(draft, entity);
}

/** Changes an entity by somebody who read its latest version. A change that changes nothing is no version. */
export function decideEntityChange(slice: EntityChangeSlice, command: ChangeEntity, context: DecideContext): Decided {
  const { entity, type } = slice;
  const early = raceProblem(entity, command) ?? liveProblem(entity);
  if (early !== null) return early;
  if (type === undefined) return noType({ typeKey: entity.typeKey, schemaVersion: command.schemaVersion });
  const after = {
    title: command.title?.trim() ?? entity.title,
    data: changedData(entity.data, command),
    schemaVersion: type.schemaVersion,
  };
  const problem = changeProblem(command) ?? titleProblem(after.title) ?? dataProblem(after.data, slice.problems);
  return problem ?? settleChange(entity, after, context);
}

function settleChange(
  entity: EntityRecord,
  after: Pick<EntityRecord, "title" | "data" | "schemaVersion">,
  context: DecideContext,
): Decided {
  const { draft } = beginStep(context);
  const { schemaVersion } = after;
  const titleChanged = after.title !== entity.title;
  const fields = differingFields(entity.data, after.data);
  if (fields.length === 0 && !titleChanged && schemaVersion === entity.schemaVersion) return accepted(draft, entity);
  const changed = draft.change(entityKindOf, entity, { ...after, updatedAtMs: context.nowMs });
  const { typeKey, key } = entity;
  draft.record(entityKindOf, entity, "entity.changed", { fields: fields.slice(0, maxNamed), titleChanged, schemaVersion, typeKey, key });
  return accepted(draft, changed);
}

/** Names of fields that one event holds. */
const maxNamed = 100;

const accepted = (draft: ReturnType<typeof beginStep>["draft"], entity: EntityRecord): Decided =>
  draft.accept({ id: entity.id, state: entity.state, version: entity.version, key: entity.key, label: entityLabel(entity) });

const noType = ({ typeKey, schemaVersion }: Pick<CreateEntity, "typeKey" | "schemaVersion">): Refusal =>
  refuse(
    "not-found",
    "entity.no-such-type",
    `There is no type ${typeKey.slice(0, 80)}${schemaVersion === null ? "" : ` in version ${schemaVersion}`}. xvc entity types lists those there are.`,
  );

/** A lost race shows what stands there now, so that both can be compared. */
export function raceProblem(entity: EntityRecord, { expectedVersion }: { readonly expectedVersion: number }): Refusal | null {
  if (entity.version === expectedVersion) return null;
  return refuse("conflict", "entity.changed-since", "This entity was changed since you read it. Compare the two and send again.", {
    current: { title: entity.title, data: entity.data, schemaVersion: entity.schemaVersion, state: entity.state, version: entity.version },
    yourVersion: expectedVersion,
  });
}

/** Only what is in use changes. */
export const liveProblem = (entity: EntityRecord): Refusal | null =>
  entity.state === "active"
    ? null
    : refuse("conflict", "entity.not-active", `${entityLabel(entity)} is ${entity.state}; restore it before you change it.`);

function newProblem({ keyTaken }: NewEntitySlice, { key, title, typeKey }: CreateEntity): Refusal | null {
  if (key !== null && !isPlainKey(key))
    return refuse("invalid", "entity.bad-key", "The key of an entity is lower case letters, digits, dots and dashes, at most 80: acme.");
  if (keyTaken)
    return refuse(
      "conflict",
      "entity.key-taken",
      `There is a ${typeKey} with the key ${key ?? ""} already; change that one, or choose another key.`,
    );
  return titleProblem(title);
}

const titleProblem = (title: string): Refusal | null =>
  title.trim() === "" || title.length > entityLimits.titleLength
    ? refuse("invalid", "entity.bad-title", `An entity has a title of at most ${entityLimits.titleLength} characters.`)
    : null;

function changeProblem({ set, unset }: DataChange): Refusal | null {
  const both = unset.find((name) => Object.hasOwn(set, name));
  return both === undefined
    ? null
    : refuse("invalid", "entity.set-and-unset", `The field ${both.slice(0, 80)} is both set and taken away; say one of them.`);
}

function dataProblem(data: JsonObject, problems: readonly DataProblem[]): Refusal | null {
  const { dataLength, dataDepth } = entityLimits;
  if (depthOf(data) > dataDepth || canonicalJson(data).length > dataLength)
    return refuse(
      "invalid",
      "entity.too-large",
      `The data of an entity is at most ${dataLength} characters of JSON, nested at most ${dataDepth} deep; attach what is larger as a file.`,
    );
  const [first] = problems;
  if (first === undefined) return null;
  return refuse("invalid", "entity.bad-data", `${first.path === "" ? "The data" : first.path}: ${first.message}`, {
    problems: problems.slice(0, maxProblems).map(({ path, message }) => ({ path, message })),
  });
}

/** Problems that one refusal lists. */
const maxProblems = 20;

/** The project that a command is in. */
export const projectIdOf = (projectId: string | null): ProjectId => asId<"project">(projectId ?? "");
