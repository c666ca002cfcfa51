import { invariant } from "../shared/failure.ts";
import { type ItemId, type RequestId, asId } from "../shared/ids.ts";
import type { Json } from "../shared/json.ts";
import type { Step } from "../shared/transition.ts";
import { defaultFor, defaultProblem } from "./expiry-default.ts";
import { type InboxItem, inboxItemKind } from "./inbox-item.ts";
import type { Vote } from "./item-parts.ts";
import { startClock, withClock } from "./item-clock.ts";

/** What a caller says about a new item; the rest has defaults. */
export type NewItem = Pick<InboxItem, "kind" | "subjectKind" | "subjectId" | "title" | "detail" | "ruleId" | "choices"> &
  Partial<
    Pick<
      InboxItem,
      | "risk"
      | "roles"
      | "personIds"
      | "excludedPersonIds"
      | "evidence"
      | "divisions"
      | "amountMicro"
      | "effectKind"
      | "alwaysReview"
      | "defaultChoice"
      | "hold"
      | "quorum"
      | "proposed"
      | "projectId"
    >
  > & { readonly requestId: RequestId | null };

/**
 * Puts one thing before people, as a row that waits without cost; its clock starts by the rules of the house.
 *
 * @throws {Failure} `bug.invariant` for a default that time may not make
 */
export function openItem({ draft, context }: Step, item: NewItem): InboxItem {
  const asked = { risk: "low", roles: [], excludedPersonIds: [], evidence: {}, ...item } as const;
  const matter = { ...asked, defaultChoice: item.defaultChoice ?? null };
  const settled = { ...matter, defaultChoice: defaultFor(matter) };
  const problem = defaultProblem(settled);
  invariant(problem === null, `The default of "${item.ruleId}" is none: ${problem ?? ""}`);
  const clock = startClock(settled, context);
  const created = draft.create(inboxItemKind, {
    ...settled,
    ...(clock === undefined ? { dueAtMs: null } : withClock(clock)),
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

/**
 * Closes open items that no longer make sense, because what they asked about has moved on. Unknown effects stay:
 * what happened outside has to be found out, whatever became of the work.
 */
export function withdrawItems({ draft }: Step, items: readonly InboxItem[], reason: string): void {
  for (const item of items) {
    const now = draft.current(inboxItemKind, item);
    if ((now.state !== "open" && now.state !== "delegated") || outlivesWork(now)) continue;
    withdrawItem(draft, now, reason);
  }
}

/** What happened outside, what somebody said to somebody, what a calendar rule asks and how a decision turned out do not end with the work. */
const outlivesWork = (item: InboxItem): boolean =>
  item.kind === "unknown-effect" || item.kind === "mention" || item.subjectKind === "recurrence" || item.subjectKind === "decision";

/** Takes back one open item, whatever its kind. */
export function withdrawItem(draft: Step["draft"], item: InboxItem, reason: string): void {
  draft.change(inboxItemKind, item, { state: "withdrawn" });
  draft.record(inboxItemKind, item, "decision.withdrawn", { requestId: item.requestId, reason });
}

/** What was said, and whether one person stood in for two. */
export interface TakenAnswer {
  readonly choice: string;
  readonly value: Json;
  readonly reason: string;
  readonly soloWaiver: boolean;
}

const lastVote = (context: Step["context"], said: Pick<Vote, "choice" | "reason">): Vote => ({
  ...said,
  personId: asId<"person">(context.actor.id),
  inPlaceOfId: null,
  atMs: context.nowMs,
});

/** Marks an item answered by the context's actor; expired, when the actor is the clock and not a person. */
export function closeItem({ draft, context }: Step, item: InboxItem, { choice, value, reason, soloWaiver }: TakenAnswer): void {
  const byClock = context.actor.kind === "system";
  draft.change(inboxItemKind, item, {
    state: byClock ? "expired" : "answered",
    answer: { choice, value, reason, soloWaiver, by: context.actor.id, atMs: context.nowMs },
    ...((item.quorum ?? 1) > 1 && !byClock ? { votes: [...(item.votes ?? []), lastVote(context, { choice, reason })] } : {}),
  });
  draft.record(inboxItemKind, item, byClock ? "decision.expired" : "decision.answered", {
    requestId: item.requestId,
    choice,
    by: context.actor.id,
    soloWaiver,
    msWaited: context.nowMs - item.askedAtMs,
  });
}
