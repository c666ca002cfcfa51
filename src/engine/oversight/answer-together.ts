import { togetherProblem } from "../../core/oversight/answer-together.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { answerCommand } from "../../core/requests/decide-comment.ts";
import { requestKind } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { PersonId } from "../../core/shared/ids.ts";
import type { Engine } from "../engine.ts";
import type { Scope } from "../ports/store.ts";
import { itemProjectId, requestIdsOf } from "./item-place.ts";

/** One answer for several items. */
export interface AnswerTogether {
  readonly scope: Scope;
  readonly personId: PersonId;
  /** Each item's own key is made of it, so that sending it again answers nothing twice. */
  readonly key: string;
  readonly itemIds: readonly string[];
  readonly choice: string;
  readonly reason: string;
}

/** What became of one item. */
export interface AnsweredOne {
  readonly itemId: string;
  readonly done: boolean;
  readonly code: string | null;
  readonly message: string;
}

/**
 * Answers each item by a command of its own, in the order given, and says what became of each.
 *
 * @throws {Failure} `inbox.not-together`, `inbox.not-found` before anything is answered
 */
export async function answerTogether(engine: Engine, asked: AnswerTogether): Promise<readonly AnsweredOne[]> {
  const itemIds = [...new Set(asked.itemIds)];
  const { items, projectOf } = await engine.read(asked.scope, async (reader) => {
    const found = await reader.getMany(inboxItemKind, itemIds);
    const requests = new Map((await reader.getMany(requestKind, requestIdsOf(found))).map((request) => [request.id, request]));
    return { items: found, projectOf: new Map(found.map((item) => [item.id, itemProjectId(item, requests)])) };
  });
  if (items.length < itemIds.length)
    throw new Failure("not-found", "inbox.not-found", { message: "One of these items does not exist, or it is not yours to see." });
  const problem = togetherProblem(items, asked.choice);
  if (problem !== null) throw new Failure("invalid", "inbox.not-together", { message: problem });
  const results: AnsweredOne[] = [];
  for (const itemId of itemIds) {
    const projectId = projectOf.get(itemId);
    const item = items.find(({ id }) => id === itemId);
    if (projectId !== undefined && item !== undefined) results.push(await answerOne(engine, asked, { item, projectId }));
  }
  return results;
}

async function answerOne(
  engine: Engine,
  { scope, personId, key, choice, reason }: AnswerTogether,
  { item, projectId }: { readonly item: InboxItem; readonly projectId: Scope["projectIds"][number] },
): Promise<AnsweredOne> {
  const caller = {
    organizationId: scope.organizationId,
    projectId,
    actor: { kind: "person", id: personId },
    key: `${key}:${item.id}`,
  } as const;
  try {
    await engine.apply(caller, answerCommand(item, { choice, value: null, reason, inputs: [], confirmation: null }));
    return { itemId: item.id, done: true, code: null, message: "Answered." };
  } catch (error) {
    // A refusal is this item's result; a fault of ours ends the whole.
    if (!(error instanceof Failure) || error.kind === "bug") throw error;
    return { itemId: item.id, done: false, code: error.code, message: error.message.slice(0, 1_000) };
  }
}
