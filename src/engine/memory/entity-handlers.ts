import { type AttachContent, type DetachContent, decideAttachment, decideDetachment } from "../../core/memory/decide-attachment.ts";
import { type ChangeEntity, type CreateEntity, decideEntityChange, decideNewEntity, projectIdOf } from "../../core/memory/decide-entity.ts";
import { type HoldEntity, type MoveEntity, decideEntityHold, decideEntityMove } from "../../core/memory/decide-entity-state.ts";
import { type DefineEntityType, decideEntityType } from "../../core/memory/decide-entity-type.ts";
import { type EntityRecord, changedData, entityKindOf } from "../../core/memory/entity.ts";
import { type DataProblem, type EntityType, entityTypeKind } from "../../core/memory/entity-type.ts";
import { type Relation, relationKind } from "../../core/memory/relation.ts";
import { scriptKind, scriptLabel } from "../../core/memory/script.ts";
import { type Tag, tagKind, tagLimits } from "../../core/memory/tag.ts";
import type { Reader, Transaction } from "../ports/store.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";
import { runScript } from "./run-script.ts";

/** Versions of one type that are read to find the latest. */
const maxVersions = 1_000;

/** A version of a type, the latest when none is named. */
export async function typeOf(reader: Reader, key: string, schemaVersion: number | null): Promise<EntityType | undefined> {
  if (schemaVersion !== null) return (await reader.find(entityTypeKind, { where: { key, schemaVersion }, limit: 1 }))[0];
  return latestOf(await reader.find(entityTypeKind, { where: { key }, limit: maxVersions }));
}

/** The highest schema version: ids grow with time, but two installations may share an organization after an import. */
export const latestOf = (versions: readonly EntityType[]): EntityType | undefined =>
  versions.reduce<EntityType | undefined>(
    (best, one) => (best === undefined || one.schemaVersion > best.schemaVersion ? one : best),
    undefined,
  );

/** Texts of one validator that are told. */
const maxTold = 50;

/** What the schema does not allow; where it allows all, what the active validator under the type's key says. A validator that fails lets nothing pass. */
async function problemsOf(
  transaction: Transaction,
  { checkData, scripts }: Pick<LoadContext, "checkData" | "scripts">,
  { type, data }: { readonly type: EntityType; readonly data: JsonObject },
): Promise<readonly DataProblem[]> {
  const bySchema = checkData(type.dataSchema, data);
  if (bySchema.length > 0) return bySchema;
  const [validator] = await transaction.find(scriptKind, { where: { key: type.key, purpose: "validator", state: "active" }, limit: 1 });
  if (validator === undefined) return [];
  const outcome = await runScript(scripts, validator, { data, type: type.key, schemaVersion: type.schemaVersion });
  if (outcome.kind === "failed")
    return [
      {
        path: "",
        message: `The validator ${scriptLabel(validator)} did not judge it (${outcome.fault}): ${outcome.message}`.slice(0, 500),
      },
    ];
  return (outcome.value as readonly string[]).slice(0, maxTold).map((message) => ({ path: "", message: message.slice(0, 500) })); // a validator's answer is a list of texts
}

/** Two who define one version at once meet at its unique key; the second decides again and is told. */
export const defineEntityTypeHandler = handler({
  load: async (transaction, command: DefineEntityType, context) => ({
    person: await loadPerson(transaction, context),
    latest: await typeOf(transaction, command.key, null),
    count: await transaction.count(entityTypeKind, { where: { schemaVersion: 1 } }),
  }),
  decide: decideEntityType,
});

export const createEntityHandler = handler({
  async load(transaction, command: CreateEntity, context) {
    const type = await typeOf(transaction, command.typeKey, command.schemaVersion);
    const { typeKey, key } = command;
    return {
      projectId: projectIdOf(context.caller.projectId),
      type,
      keyTaken: key !== null && (await transaction.count(entityKindOf, { where: { typeKey, key } })) > 0,
      problems: type === undefined ? [] : await problemsOf(transaction, context, { type, data: command.data }),
    };
  },
  decide: decideNewEntity,
});

export const changeEntityHandler = handler({
  async load(transaction, command: ChangeEntity, context) {
    const entity = await lockOne(transaction, entityKindOf, command.entityId);
    const type = await typeOf(transaction, entity.typeKey, command.schemaVersion ?? entity.schemaVersion);
    const data = changedData(entity.data, command);
    return { entity, type, problems: type === undefined ? [] : await problemsOf(transaction, context, { type, data }) };
  },
  decide: decideEntityChange,
});

/** Relations that begin or end at one entity and go with it. */
const maxRelations = 10_000;

export const moveEntityHandler = handler({
  async load(transaction, command: MoveEntity) {
    const entity = await lockOne(transaction, entityKindOf, command.entityId);
    if (command.kind !== "purge-entity") return { entity, tags: [], relations: [] };
    return { entity, tags: await lockTags(transaction, entity), relations: await lockRelations(transaction, entity) };
  },
  decide: decideEntityMove,
});

async function lockTags(transaction: Transaction, { id }: EntityRecord): Promise<readonly Tag[]> {
  const found = await transaction.find(tagKind, { where: { subjectId: id, state: "present" }, limit: tagLimits.perSubject });
  return transaction.lock(
    tagKind,
    found.map((tag) => tag.id),
  );
}

async function lockRelations(transaction: Transaction, { id }: EntityRecord): Promise<readonly Relation[]> {
  const [begins, ends] = await Promise.all([
    transaction.find(relationKind, { where: { fromId: id, state: "present" }, limit: maxRelations }),
    transaction.find(relationKind, { where: { toId: id, state: "present" }, limit: maxRelations }),
  ]);
  return transaction.lock(
    relationKind,
    [...begins, ...ends].map((relation) => relation.id),
  );
}

export const holdEntityHandler = handler({
  load: async (transaction, command: HoldEntity) => ({ entity: await lockOne(transaction, entityKindOf, command.entityId) }),
  decide: decideEntityHold,
});

export const attachContentHandler = handler({
  load: async (transaction, command: AttachContent) => ({ entity: await lockOne(transaction, entityKindOf, command.entityId) }),
  decide: decideAttachment,
});

export const detachContentHandler = handler({
  load: async (transaction, command: DetachContent) => ({ entity: await lockOne(transaction, entityKindOf, command.entityId) }),
  decide: decideDetachment,
});
