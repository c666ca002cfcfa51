import type { DecideContext } from "../shared/decide-context.ts";
import { mayMove } from "../shared/moves.ts";
import { type Decided, type Refusal, beginStep, refuse } from "../shared/transition.ts";
import { raceProblem } from "./decide-entity.ts";
import { type EntityRecord, type EntityState, type Mark, entityKindOf, entityLabel, entityLimits, entityMoves } from "./entity.ts";
import { type Relation, relationKind } from "./relation.ts";
import { type Tag, tagKind } from "./tag.ts";

/** Moves an entity to another state, with the reason. */
export interface MoveEntity {
  readonly kind: "archive-entity" | "restore-entity" | "delete-entity" | "purge-entity";
  readonly entityId: string;
  readonly expectedVersion: number;
  readonly reason: string;
}

/** Puts a legal hold on an entity or lifts it, with the reason. */
export interface HoldEntity {
  readonly kind: "hold-entity" | "release-entity";
  readonly entityId: string;
  readonly expectedVersion: number;
  readonly reason: string;
}

export interface EntityMoveSlice {
  readonly entity: EntityRecord;
  /** Tags and relations of the entity that are present: read for a purge alone. */
  readonly tags: readonly Tag[];
  readonly relations: readonly Relation[];
}

const targets: { readonly [kind in MoveEntity["kind"]]: EntityState } = {
  "archive-entity": "archived",
  "restore-entity": "active",
  "delete-entity": "deleted",
  "purge-entity": "purged",
};

/**
 * Archives, restores, deletes or purges. A deletion is soft: restore brings everything back. A purge takes the content out of
 * every version for good; the store does that in the same transaction and leaves a hash for each.
 *
 * Source: docs/decisions/0015-purge-leaves-hashes.md
 */
export function decideEntityMove(slice: EntityMoveSlice, command: MoveEntity, context: DecideContext): Decided {
  const { entity } = slice;
  const to = targets[command.kind];
  const problem = raceProblem(entity, command) ?? reasonProblem(command.reason) ?? moveProblem(entity, to) ?? holdProblem(entity, to);
  if (problem !== null) return problem;
  const { draft } = beginStep(context);
  const stateMark = markOf(command.reason, context);
  const moved = draft.change(entityKindOf, entity, {
    state: to,
    stateMark,
    updatedAtMs: context.nowMs,
    ...(to === "purged" ? { title: "", data: {}, attachments: [] } : {}),
  });
  if (to === "purged") {
    for (const tag of slice.tags) draft.change(tagKind, tag, { state: "removed" });
    for (const relation of slice.relations) draft.change(relationKind, relation, { state: "removed" });
  }
  record(draft, entity, { to, from: entity.state, reason: stateMark.reason });
  return draft.accept({ id: entity.id, state: to, version: moved.version, label: entityLabel(entity) });
}

type Draft = ReturnType<typeof beginStep>["draft"];

function record(
  draft: Draft,
  entity: EntityRecord,
  move: { readonly to: EntityState; readonly from: EntityState; readonly reason: string },
): void {
  const { to, from, reason } = move;
  const data = { typeKey: entity.typeKey, key: entity.key, from, reason };
  if (to === "archived") draft.record(entityKindOf, entity, "entity.archived", data);
  else if (to === "active") draft.record(entityKindOf, entity, "entity.restored", data);
  else if (to === "deleted") draft.record(entityKindOf, entity, "entity.deleted", data);
  else draft.record(entityKindOf, entity, "entity.purged", { ...data, versions: entity.version });
}

/** Sets or lifts a legal hold. It is no state: what is held may be read and changed, and not deleted or purged. */
export function decideEntityHold({ entity }: { readonly entity: EntityRecord }, command: HoldEntity, context: DecideContext): Decided {
  const holds = command.kind === "hold-entity";
  const problem = raceProblem(entity, command) ?? reasonProblem(command.reason) ?? heldAlready(entity, holds);
  if (problem !== null) return problem;
  const { draft } = beginStep(context);
  const mark = markOf(command.reason, context);
  const changed = draft.change(entityKindOf, entity, { legalHold: holds ? mark : null, updatedAtMs: context.nowMs });
  const data = { typeKey: entity.typeKey, key: entity.key, reason: mark.reason };
  if (holds) draft.record(entityKindOf, entity, "entity.held", data);
  else draft.record(entityKindOf, entity, "entity.released", data);
  return draft.accept({ id: entity.id, state: entity.state, version: changed.version, label: entityLabel(entity) });
}

const markOf = (reason: string, context: DecideContext): Mark => ({ reason: reason.trim(), byId: context.actor.id, atMs: context.nowMs });

const reasonProblem = (reason: string): Refusal | null =>
  reason.trim() === "" || reason.length > entityLimits.reasonLength
    ? refuse("invalid", "entity.reason-missing", `Say why, in at most ${entityLimits.reasonLength} characters; it is kept with the entity.`)
    : null;

function moveProblem(entity: EntityRecord, to: EntityState): Refusal | null {
  if (mayMove(entityMoves, entity.state, to)) return null;
  const label = entityLabel(entity);
  if (entity.state === "purged") return refuse("conflict", "entity.purged", `${label} was purged; there is nothing left to move.`);
  if (to === "purged")
    return refuse(
      "conflict",
      "entity.not-deleted",
      `${label} is ${entity.state}; delete it first, so that a purge is never the first step.`,
    );
  return refuse("conflict", "entity.wrong-state", `${label} is ${entity.state} and cannot become ${to} from there.`);
}

const holdProblem = (entity: EntityRecord, to: EntityState): Refusal | null =>
  entity.legalHold !== null && (to === "deleted" || to === "purged")
    ? refuse(
        "conflict",
        "entity.legal-hold",
        `${entityLabel(entity)} is under a legal hold: ${entity.legalHold.reason.slice(0, 300)} An administrator or director lifts it.`,
      )
    : null;

function heldAlready(entity: EntityRecord, holds: boolean): Refusal | null {
  if (entity.state === "purged") return refuse("conflict", "entity.purged", `${entityLabel(entity)} was purged; there is nothing to hold.`);
  if (holds === (entity.legalHold === null)) return null;
  return refuse(
    "conflict",
    "entity.hold-unchanged",
    `${entityLabel(entity)} is ${holds ? "under a legal hold already" : "under no legal hold"}.`,
  );
}
