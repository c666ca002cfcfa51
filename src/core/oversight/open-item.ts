import type { DecideContext } from "../shared/decide-context.ts";
import { type ItemId, type RequestId, asId } from "../shared/ids.ts";
import type { Json } from "../shared/json.ts";
import type { TransitionDraft } from "../shared/transition.ts";
import { type InboxItem, inboxItemKind } from "./inbox-item.ts";

/** What a caller says about a new item; the rest has defaults. */
export type NewItem = Pick<InboxItem, "kind" | "subjectKind" | "subjectId" | "title" | "detail" | "ruleId" | "choices"> &
  Partial<Pick<InboxItem, "risk" | "roles" | "excludedPersonIds" | "evidence" | "dueAtMs" | "defaultChoice">> & { readonly requestId: RequestId };

/** Puts one thing before people, as a row that waits without cost. */
export function openItem(draft: TransitionDraft, context: DecideContext, item: NewItem): InboxItem {
  const created = draft.create(inboxItemKind, {
    risk: "low",
    roles: [],
    excludedPersonIds: [],
    evidence: {},
    dueAtMs: null,
    defaultChoice: null,
    ...item,
    id: asId<"item">(context.newId()) satisfies ItemId,
    state: "open",
    delegateId: null,
    askedAtMs: context.nowMs,
    answer: null,
  });
  return draft.record(inboxItemKind, created, "decision.requested", {
    requestId: item.requestId,
    itemKind: item.kind,
    subjectKind: item.subjectKind,
    subjectId: item.subjectId,
    title: item.title,
    ruleId: item.ruleId,
  });
}

/** Closes open items that no longer make sense, because what they asked about has moved on. */
export function withdrawItems(draft: TransitionDraft, items: readonly InboxItem[], reason: string): void {
  for (const item of items) {
    const now = draft.current(inboxItemKind, item);
    if (now.state !== "open" && now.state !== "delegated") continue;
    draft.change(inboxItemKind, now, { state: "withdrawn" });
    draft.record(inboxItemKind, now, "decision.withdrawn", { requestId: item.requestId, reason });
  }
}

/** Marks an item answered by the context's actor. */
export function closeItem(
  draft: TransitionDraft,
  context: DecideContext,
  item: InboxItem,
  answer: { readonly choice: string; readonly value: Json; readonly reason: string; readonly soloWaiver: boolean },
): void {
  draft.change(inboxItemKind, item, { state: "answered", answer: { ...answer, by: context.actor.id, atMs: context.nowMs } });
  draft.record(inboxItemKind, item, "decision.answered", {
    requestId: item.requestId,
    choice: answer.choice,
    by: context.actor.id,
    soloWaiver: answer.soloWaiver,
    msWaited: context.nowMs - item.askedAtMs,
  });
}
