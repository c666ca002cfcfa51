import type { Authority } from "../../core/oversight/authority.ts";
import { clockAuthority } from "../../core/oversight/decide-clock-step.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import { questionOf } from "../../core/oversight/policy-request.ts";
import type { AnswerItem } from "../../core/requests/decide-request-answer.ts";
import { requestLabel, type WorkRequest } from "../../core/requests/request.ts";
import type { DecideContext } from "../../core/shared/decide-context.ts";
import type { Decided } from "../../core/shared/transition.ts";
import type { Transaction } from "../ports/store.ts";
import type { LoadContext } from "../shared/command-handler.ts";
import { loadAuthority, lockOne, readOne } from "../shared/load-slice.ts";

/** A slice with the decision that belongs to it; what an item is about chooses both. */
export interface Answering {
  /** Absent for a plan, whose own decision counts the votes, whichever way it came in. */
  readonly voted?: { readonly item: InboxItem; readonly authority: Authority };
  readonly decide: (command: AnswerItem, context: DecideContext) => Decided;
}

/** An answer on its way, with the item as it was when it came in. */
export interface Asked {
  /** The due time has come and the item's default is applied; no person answers. */
  readonly byClock: boolean;
  readonly transaction: Transaction;
  readonly command: AnswerItem;
  readonly context: LoadContext;
  readonly known: InboxItem;
}

/** Locks the item last, with the authority of whoever answers. `request` absent: the item's own id is typed to confirm. */
export const lockAnswered = (asked: Asked, request?: WorkRequest): Promise<ItemWithAuthority> =>
  lockWithAuthority(asked.transaction, asked.context, asked.command.itemId, {
    byClock: asked.byClock,
    confirmation: asked.command.confirmation,
    request,
  });

interface ItemWithAuthority {
  readonly item: InboxItem;
  readonly authority: Authority;
}

/** How an authority is asked for: by a person who may have typed something, or by time. */
interface AskedHow {
  readonly byClock: boolean;
  readonly confirmation: string | null;
  readonly request: WorkRequest | undefined;
}

/** An item, locked, and whether the caller may answer it. */
export async function lockWithAuthority(
  transaction: Transaction,
  context: LoadContext,
  ...[itemId, how = { byClock: false, confirmation: null, request: undefined }]: readonly [itemId: string, how?: AskedHow]
): Promise<ItemWithAuthority> {
  const item = await lockOne(transaction, inboxItemKind, itemId);
  const project = await readOne(transaction, projectKindOf, context.caller.projectId ?? "");
  const question = questionOf(item, project);
  if (how.byClock) return { item, authority: clockAuthority(item, question) };
  const shortId = how.request === undefined ? item.id.slice(0, 8) : requestLabel(project.key, how.request.number);
  const { roles, excludedPersonIds, delegateId } = item;
  const asking = { question, roles, excludedPersonIds, delegateId, confirmation: how.confirmation, shortId };
  return { item, authority: await loadAuthority(transaction, context, asking) };
}
