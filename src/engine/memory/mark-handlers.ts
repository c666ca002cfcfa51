import { projectIdOf } from "../../core/memory/decide-entity.ts";
import { type Relate, decideRelation } from "../../core/memory/decide-relation.ts";
import { type MarkTag, decideTag } from "../../core/memory/decide-tag.ts";
import { relationKind } from "../../core/memory/relation.ts";
import { tagKind } from "../../core/memory/tag.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import type { Filter, Transaction } from "../ports/store.ts";
import { handler } from "../shared/command-handler.ts";
import { findSubject } from "./subjects.ts";

/** Two who put the same tag on at once meet at its unique key; the second decides again and finds it there. */
export const markTagHandler = handler({
  load: async (transaction, command: MarkTag, context) => {
    const { subject, key, value } = command;
    const where = { subjectId: subject.id, key, value };
    return {
      projectId: projectIdOf(context.caller.projectId),
      tag: await lockFound(transaction, tagKind, where),
      subject: await findSubject(transaction, subject),
      count: await transaction.count(tagKind, { where: { subjectId: subject.id, state: "present" } }),
    };
  },
  decide: decideTag,
});

export const relateHandler = handler({
  load: async (transaction, command: Relate, context) => {
    const { from, role, to } = command;
    return {
      projectId: projectIdOf(context.caller.projectId),
      relation: await lockFound(transaction, relationKind, { fromId: from.id, role, toId: to.id }),
      from: await findSubject(transaction, from),
      to: await findSubject(transaction, to),
      count: await transaction.count(relationKind, { where: { fromId: from.id, state: "present" } }),
    };
  },
  decide: decideRelation,
});

async function lockFound<Row extends Entity>(
  transaction: Transaction,
  kind: EntityKind<Row>,
  where: NonNullable<Filter["where"]>,
): Promise<Row | undefined> {
  const [found] = await transaction.find(kind, { where, limit: 1 });
  return found === undefined ? undefined : (await transaction.lock(kind, [found.id]))[0];
}
