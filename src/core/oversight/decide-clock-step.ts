import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, type Step, beginStep, refuse } from "../shared/transition.ts";
import type { Authority } from "./authority.ts";
import { defaultProblem } from "./expiry-default.ts";
import { type InboxItem, inboxItemKind, isItemClosed } from "./inbox-item.ts";
import { type DueStep, dueStep, resumedClock, withClock } from "./item-clock.ts";
import { toldRoles } from "./ladder.ts";
import type { PolicyQuestion } from "./policy-request.ts";

/** Tells those who are to answer that the item still waits. */
export interface RemindItem {
  readonly kind: "remind-item";
  readonly itemId: string;
}

/** The due time of an item has come: its default is applied, or it is overdue from now on. */
export interface ExpireItem {
  readonly kind: "expire-item";
  readonly itemId: string;
}

/** The next rung of the ladder hears of the item. */
export interface EscalateItem {
  readonly kind: "escalate-item";
  readonly itemId: string;
}

/** Nobody replied to what was asked back; the clock goes on. */
export interface ResumeItem {
  readonly kind: "resume-item";
  readonly itemId: string;
}

/** What the sweeper sends when an item's clock is due. */
export type ClockCommand = RemindItem | ExpireItem | EscalateItem | ResumeItem;

const commandOf = { remind: "remind-item", expire: "expire-item", escalate: "escalate-item" } as const;

const kindOf = (due: DueStep): ClockCommand["kind"] => (due.kind === "resume" ? "resume-item" : commandOf[due.step.kind]);

/** The command that an item's clock asks for at this moment; null: none. */
export function clockCommand(item: InboxItem, nowMs: number): ClockCommand | null {
  const due = isItemClosed(item) ? null : dueStep(item, nowMs);
  return due === null ? null : { kind: kindOf(due), itemId: item.id };
}

/** Whether time answers this item now. Asked again at the moment itself: what was harmless when opened may be held by now. */
export const isAnsweredByClock = (item: InboxItem, nowMs: number): boolean =>
  item.defaultChoice !== null && defaultProblem(item) === null && clockCommand(item, nowMs)?.kind === "expire-item";

/** Takes the step that is due: reminds, marks overdue, climbs the ladder or ends a pause. Time alone approves nothing. */
export function decideClockStep(slice: { readonly item: InboxItem }, command: ClockCommand, context: DecideContext): Decided {
  const { item } = slice;
  if (isItemClosed(item)) return refuse("conflict", "inbox.already-closed", `This was already ${item.state}.`);
  const due = dueStep(item, context.nowMs);
  // Late, early and double firing all end here.
  if (due === null || kindOf(due) !== command.kind)
    return refuse("conflict", "inbox.not-due", "This is not due now: it comes later, or it was done before.");
  const step = beginStep(context);
  if (due.kind === "resume") resumeItem(step, item, null);
  else takeStep(step, item, due);
  return step.draft.accept({ id: item.id, state: item.state });
}

/**
 * What becomes of an item at its due time: its default, where it has one that time may still make; overdue otherwise,
 * and also where the default can no longer be applied because the work has moved on.
 */
export function decideExpiry(
  slice: { readonly item: InboxItem; readonly answer: ((context: DecideContext) => Decided) | undefined },
  command: ExpireItem,
  context: DecideContext,
): Decided {
  if (slice.answer !== undefined && isAnsweredByClock(slice.item, context.nowMs)) {
    const answered = slice.answer(context);
    if (answered.kind === "accepted") return answered;
  }
  return decideClockStep(slice, command, context);
}

/** The authority of time over one item: its own default and nothing else. */
export const clockAuthority = (item: InboxItem, question: PolicyQuestion): Authority => ({
  kind: "granted",
  rule: item.clock?.ruleId ?? "clock",
  soloWaiver: false,
  basis: {
    request: {
      principal: { id: "clock", roles: [] },
      ...question,
      context: { askedRoles: item.roles, handedOver: false, standsInFor: [] },
    },
    verdict: { allowed: true, policies: [], errors: [] },
    setSha256: "",
    statements: ["Nobody answered in time; the default that was shown is applied."],
  },
});

function takeStep({ draft }: Step, item: InboxItem, { step, after }: DueStep & { readonly kind: "step" }): void {
  const { requestId } = item;
  const { dueAtMs } = after;
  draft.change(inboxItemKind, item, withClock(after));
  if (step.kind === "remind") draft.record(inboxItemKind, item, "decision.reminded", { requestId, dueAtMs });
  else if (step.kind === "expire") draft.record(inboxItemKind, item, "decision.overdue", { requestId, dueAtMs });
  else draft.record(inboxItemKind, item, "decision.escalated", { requestId, dueAtMs, roles: [...toldRoles(item, step.roles)] });
}

/** Settles the open question of an item and lets its clock go on with what was left. `reply` null: nobody replied in time. */
export function resumeItem({ draft, context }: Step, item: InboxItem, reply: string | null): void {
  const askBacks = (item.askBacks ?? []).map((asked) =>
    asked.settledAtMs === null
      ? {
          ...asked,
          reply,
          repliedById: reply === null ? null : (context.actor.id as typeof asked.byId), // a reply comes from a person
          settledAtMs: context.nowMs,
        }
      : asked,
  );
  draft.change(inboxItemKind, item, { askBacks, ...(item.clock === undefined ? {} : resumedClock(item.clock, context)) });
  draft.record(inboxItemKind, item, "decision.resumed", { requestId: item.requestId, replied: reply !== null });
}
