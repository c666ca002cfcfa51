import type { DecideContext } from "../shared/decide-context.ts";
import { type PersonId, asId } from "../shared/ids.ts";
import { type Decided, type Refusal, beginTransition, refuse } from "../shared/transition.ts";
import { isActive } from "./authority.ts";
import { type Clock, clockKind } from "./clock.ts";
import type { HandOver } from "./item-parts.ts";
import { type InboxItem, inboxItemKind, isItemClosed } from "./inbox-item.ts";
import type { Person } from "./person.ts";

/** Hands an item to another person, who may answer it from then on. */
export interface DelegateItem {
  readonly kind: "delegate-item";
  readonly itemId: string;
  readonly personId: string;
  readonly reason: string;
}

/** Hand-overs of one item. */
export const maxHandOvers = 10;

const mayHandOver = (item: InboxItem, from: Person): boolean =>
  item.personIds === undefined &&
  (item.roles.length === 0 || item.delegateId === from.id || item.roles.some((role) => from.roles.includes(role)));

/** Why the item does not go from one to the other: it is the receiver's own work, or it would go in a circle or on for ever. */
function chainProblem(item: InboxItem, from: Person, to: Person): Refusal | null {
  if (item.excludedPersonIds.includes(asId<"person">(to.id) satisfies PersonId))
    return refuse("forbidden", "authority.own-work", "They did this work and cannot decide about it.");
  const chain = item.handOvers ?? [];
  if (to.id === from.id || item.delegateId === to.id || chain.some((one) => one.fromId === to.id))
    return refuse(
      "conflict",
      "inbox.delegation-loop",
      "They have, or have already handed on, this item; it does not come back in a circle.",
    );
  return chain.length < maxHandOvers
    ? null
    : refuse("exhausted", "inbox.handed-over-too-often", `This was handed over ${maxHandOvers} times; whoever may answer it should now.`);
}

/** Delegates an open item to an active member who is not excluded from it. Whoever could answer before still can. */
export function decideDelegation(
  slice: { readonly item: InboxItem; readonly from: Person | undefined; readonly to: Person | undefined },
  command: DelegateItem,
  context: DecideContext,
): Decided {
  const { item, from, to } = slice;
  if (isItemClosed(item)) return refuse("conflict", "inbox.already-closed", `This was already ${item.state}.`);
  if (!isActive(from) || !mayHandOver(item, from))
    return refuse("forbidden", "inbox.not-yours", "Only somebody who may answer this can hand it over.");
  if (!isActive(to)) return refuse("not-found", "person.not-found", "There is no active member with this id.");
  const problem = chainProblem(item, from, to);
  if (problem !== null) return problem;
  const chain = item.handOvers ?? [];
  const handOver: HandOver = { fromId: asId(from.id), toId: asId(to.id), reason: command.reason, atMs: context.nowMs };
  const draft = beginTransition();
  draft.change(inboxItemKind, item, { state: "delegated", delegateId: asId(to.id), handOvers: [...chain, handOver] });
  draft.record(inboxItemKind, item, "decision.delegated", {
    requestId: item.requestId,
    from: context.actor.id,
    to: to.id,
    reason: command.reason,
  });
  return draft.accept({ id: item.id, state: "delegated" });
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
