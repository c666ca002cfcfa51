import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, beginStep, beginTransition, refuse } from "../shared/transition.ts";
import { type Authority, isActive } from "./authority.ts";
import { resumeItem } from "./decide-clock-step.ts";
import { type InboxItem, inboxItemKind, isItemClosed } from "./inbox-item.ts";
import { pausedClock } from "./item-clock.ts";
import type { AskBack } from "./item-parts.ts";
import type { Person } from "./person.ts";

/** Asks somebody about an item instead of answering it; its clock stands still until the reply. */
export interface AskBackItem {
  readonly kind: "ask-back";
  readonly itemId: string;
  /** Null: the requester. */
  readonly ofPersonId: string | null;
  readonly question: string;
}

/** Replies to what was asked back; the clock goes on with the working time that was left. */
export interface ReplyItem {
  readonly kind: "reply-item";
  readonly itemId: string;
  readonly reply: string;
}

/** Takes an item out of the actor's own list until then; its clock does not know of it. */
export interface PutOffItem {
  readonly kind: "put-off-item";
  readonly itemId: string;
  /** Null: back at once. */
  readonly untilMs: number | null;
}

/** Questions asked about one item. */
export const maxAskBacks = 10;
/** How long an item is put off at most. */
export const maxPutOffMs = 30 * 24 * 3_600_000;
/** People who have one item put off at the same time. */
export const maxPutOff = 200;

/** The question that waits for a reply. */
export const openAskBack = (item: Pick<InboxItem, "askBacks">): AskBack | undefined =>
  item.askBacks?.find((asked) => asked.settledAtMs === null);

const closed = (item: InboxItem) => refuse("conflict", "inbox.already-closed", `This was already ${item.state}.`);

/** Stops the item's clock with a question to an active member. Only for somebody who may answer, one question at a time. */
export function decideAskBack(
  slice: { readonly item: InboxItem; readonly authority: Authority; readonly of: Person | undefined },
  command: AskBackItem,
  context: DecideContext,
): Decided {
  const { item, authority, of } = slice;
  if (isItemClosed(item)) return closed(item);
  if (authority.kind === "denied") return refuse("forbidden", authority.code, authority.message);
  if (command.question.trim() === "") return refuse("invalid", "inbox.question-missing", "Say what you want to know.");
  if (!isActive(of)) return refuse("not-found", "person.not-found", "There is no active member with this id to ask.");
  if (of.id === context.actor.id)
    return refuse("invalid", "inbox.asks-oneself", "Ask somebody else; you cannot stop the clock by asking yourself.");
  if (openAskBack(item) !== undefined)
    return refuse("conflict", "inbox.already-asked", "A question about this is open; wait for its reply, or answer the item.");
  const askBacks = item.askBacks ?? [];
  if (askBacks.length >= maxAskBacks)
    return refuse("exhausted", "inbox.asked-too-often", `${maxAskBacks} questions were asked about this; decide with what is known.`);
  const asked: AskBack = {
    byId: asId(context.actor.id),
    ofId: asId(of.id),
    question: command.question,
    askedAtMs: context.nowMs,
    reply: null,
    repliedById: null,
    settledAtMs: null,
  };
  const draft = beginTransition();
  draft.change(inboxItemKind, item, {
    askBacks: [...askBacks, asked],
    ...(item.clock === undefined ? {} : pausedClock(item.clock, context)),
  });
  draft.record(inboxItemKind, item, "decision.asked-back", { requestId: item.requestId, by: asked.byId, of: asked.ofId });
  return draft.accept({ id: item.id, state: item.state, of: of.id });
}

/** Takes the reply of the person asked, or of somebody else who may answer the item and knows it. */
export function decideReply(
  slice: { readonly item: InboxItem; readonly authority: Authority; readonly person: Person | undefined },
  command: ReplyItem,
  context: DecideContext,
): Decided {
  const { item, authority, person } = slice;
  if (isItemClosed(item)) return closed(item);
  const asked = openAskBack(item);
  if (asked === undefined) return refuse("conflict", "inbox.nothing-asked", "No question about this is open.");
  if (!isActive(person) || (asked.ofId !== person.id && authority.kind === "denied"))
    return refuse("forbidden", "inbox.not-asked", "Only the person who was asked, or somebody who may answer the item, replies to this.");
  if (command.reply.trim() === "") return refuse("invalid", "inbox.text-missing", "A reply needs a text.");
  const step = beginStep(context);
  resumeItem(step, item, command.reply);
  return step.draft.accept({ id: item.id, state: item.state });
}

/** Notes until when a member keeps the item out of their own list. Nothing else changes. */
export function decidePutOff(
  slice: { readonly item: InboxItem; readonly person: Person | undefined },
  command: PutOffItem,
  context: DecideContext,
): Decided {
  const { item, person } = slice;
  if (isItemClosed(item)) return closed(item);
  if (!isActive(person)) return refuse("forbidden", "authority.not-a-member", "Only an active member has a list of their own.");
  const { untilMs } = command;
  if (untilMs !== null && (untilMs <= context.nowMs || untilMs > context.nowMs + maxPutOffMs))
    return refuse("invalid", "inbox.bad-later", "Put it off until a time within the next 30 days.");
  const others = Object.entries(item.laterUntilMs ?? {}).filter(([id, atMs]) => id !== person.id && atMs > context.nowMs);
  if (untilMs !== null && others.length >= maxPutOff)
    return refuse("exhausted", "inbox.put-off-by-all", `${maxPutOff} people have put this off already; somebody has to look at it.`);
  const draft = beginTransition();
  draft.change(inboxItemKind, item, { laterUntilMs: Object.fromEntries(untilMs === null ? others : [...others, [person.id, untilMs]]) });
  return draft.accept({ id: item.id, state: item.state, untilMs });
}
