import type { DecideContext } from "../shared/decide-context.ts";
import { type PersonId, asId } from "../shared/ids.ts";
import { type Decided, beginTransition, refuse } from "../shared/transition.ts";
import { isActive } from "./authority.ts";
import { type Clock, clockKind } from "./clock.ts";
import { type InboxItem, inboxItemKind } from "./inbox-item.ts";
import type { Person } from "./person.ts";

/** Hands an item to another person, who may answer it from then on. */
export interface DelegateItem {
  readonly kind: "delegate-item";
  readonly itemId: string;
  readonly personId: string;
  readonly reason: string;
}

/** The clock of an item ran out. */
export interface ExpireItem {
  readonly kind: "expire-item";
  readonly itemId: string;
}

const isClosed = (item: InboxItem): boolean => item.state !== "open" && item.state !== "delegated";

const mayHandOver = (item: InboxItem, from: Person): boolean =>
  item.personIds === undefined &&
  (item.roles.length === 0 || item.delegateId === from.id || item.roles.some((role) => from.roles.includes(role)));

/** Delegates an open item to an active member who is not excluded from it. Whoever could answer before still can. */
export function decideDelegation(
  slice: { readonly item: InboxItem; readonly from: Person | undefined; readonly to: Person | undefined },
  command: DelegateItem,
  context: DecideContext,
): Decided {
  const { item, from, to } = slice;
  if (isClosed(item)) return refuse("conflict", "inbox.already-closed", `This was already ${item.state}.`);
  if (!isActive(from) || !mayHandOver(item, from))
    return refuse("forbidden", "inbox.not-yours", "Only somebody who may answer this can hand it over.");
  if (!isActive(to)) return refuse("not-found", "person.not-found", "There is no active member with this id.");
  if (item.excludedPersonIds.includes(asId<"person">(to.id) satisfies PersonId))
    return refuse("forbidden", "authority.own-work", `${to.name} did this work and cannot decide about it.`);
  const draft = beginTransition();
  draft.change(inboxItemKind, item, { state: "delegated", delegateId: asId(to.id) });
  draft.record(inboxItemKind, item, "decision.delegated", {
    requestId: item.requestId,
    from: context.actor.id,
    to: to.id,
    reason: command.reason,
  });
  return draft.accept({ id: item.id, state: "delegated" });
}

/** Marks an item overdue, once. It stays open: nothing is ever approved by time alone. */
export function decideExpiry(slice: { readonly item: InboxItem }, _command: ExpireItem, context: DecideContext): Decided {
  const { item } = slice;
  if (isClosed(item)) return refuse("conflict", "inbox.already-closed", `This was already ${item.state}.`);
  if (item.dueAtMs === null || item.dueAtMs > context.nowMs) return refuse("conflict", "inbox.not-due", "This is not due yet.");
  const draft = beginTransition();
  draft.change(inboxItemKind, item, { dueAtMs: null });
  draft.record(inboxItemKind, item, "decision.overdue", { requestId: item.requestId, dueAtMs: item.dueAtMs });
  return draft.accept({ id: item.id, state: item.state });
}

/** A clock's command was sent; the clock is done. */
export interface MarkClockFired {
  readonly kind: "mark-clock-fired";
  readonly clockId: string;
}

/** Settles a clock, once. */
export function decideClockFired(slice: { readonly clock: Clock }, _command: MarkClockFired, _context: DecideContext): Decided {
  if (slice.clock.state !== "set") return refuse("conflict", "clock.already-settled", `This clock is ${slice.clock.state}.`);
  const draft = beginTransition();
  draft.change(clockKind, slice.clock, { state: "fired" });
  return draft.accept({ id: slice.clock.id, state: "fired" });
}
