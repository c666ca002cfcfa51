import { taskKind } from "../../core/execution/task.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { type Person, personKind } from "../../core/oversight/person.ts";
import { planKind } from "../../core/planning/plan.ts";
import { commentKind, commentLimits } from "../../core/requests/comment.ts";
import {
  type ChangeSlice,
  type EditComment,
  type PostComment,
  type RemoveComment,
  decideComment,
  decideCommentEdit,
  decideCommentRemoval,
} from "../../core/requests/decide-comment.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne, readOne, whoMayEnter } from "../shared/load-slice.ts";

/** Holds the request while its comments are counted, so that the limit is exact. */
export const postCommentHandler = handler({
  async load(transaction, command: PostComment, context) {
    const request = await lockOne(transaction, requestKind, command.requestId);
    return {
      request,
      count: await transaction.count(commentKind, { where: { subjectId: command.subjectId } }),
      person: await loadPerson(transaction, context),
      subjectIsThere: await isThere(transaction, command),
      mentioned: await readMentioned(transaction, context, command.mentions),
    };
  },
  decide: decideComment,
});

export const editCommentHandler = handler({
  load: (transaction, command: EditComment, context) => loadChange(transaction, context, command),
  decide: decideCommentEdit,
});

export const removeCommentHandler = handler({
  load: (transaction, command: RemoveComment, context) => loadChange(transaction, context, { ...command, mentions: [] }),
  decide: decideCommentRemoval,
});

/** Mentions of one comment: each edit may add some, so the bound is above that of one text. */
const maxItems = 1_000;

async function loadChange(
  transaction: Transaction,
  context: LoadContext,
  command: { readonly commentId: string; readonly mentions: readonly string[] },
): Promise<ChangeSlice> {
  const comment = await lockOne(transaction, commentKind, command.commentId);
  const found = await transaction.find(inboxItemKind, { where: { subjectId: comment.id }, limit: maxItems });
  return {
    comment,
    request: await readOne(transaction, requestKind, comment.requestId),
    items: await transaction.lock(
      inboxItemKind,
      found.map((item) => item.id),
    ),
    person: await loadPerson(transaction, context),
    mentioned: await readMentioned(transaction, context, command.mentions),
  };
}

/** Those of the mentioned who could read what is said here; one more than allowed is enough to refuse. */
export const readMentioned = async (transaction: Transaction, context: LoadContext, ids: readonly string[]): Promise<readonly Person[]> =>
  whoMayEnter(transaction, context, await transaction.getMany(personKind, [...new Set(ids)].slice(0, commentLimits.mentions + 1)));

async function isThere(transaction: Transaction, { requestId, subjectKind, subjectId }: PostComment): Promise<boolean> {
  if (subjectKind === "request") return subjectId === requestId;
  const row = subjectKind === "plan" ? await transaction.get(planKind, subjectId) : await transaction.get(taskKind, subjectId);
  return row?.requestId === requestId;
}
