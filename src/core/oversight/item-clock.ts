/**
 * What time does to an inbox item. The item is its own clock row: `dueAtMs` is when the next step is due, and whatever
 * closes the item ends its clock with it. running -> paused -> running; steps are taken in order, each once.
 */
import type { DecideContext } from "../shared/decide-context.ts";
import type { OpenHours } from "../shared/open-hours.ts";
import { afterWorkingMs, alwaysOpen, workingMsBetween } from "./business-time.ts";
import type { InboxItem } from "./inbox-item.ts";
import type { ClockStep, ItemClock } from "./item-parts.ts";
import { clockRuleFor } from "./ladder.ts";

/** Working hours after which a question that nobody replies to no longer holds the clock. */
export const maxPauseHours = 16;

const hourMs = 3_600_000;

const hoursOf = (context: DecideContext): OpenHours => context.hours ?? alwaysOpen;

/** The clock of a new item by the rules of the house; undefined: it waits without one. */
export function startClock(item: Pick<InboxItem, "kind" | "risk">, context: DecideContext): ItemClock | undefined {
  const rule = clockRuleFor(item);
  if (rule === undefined) return undefined;
  const after = (hours: number): number => afterWorkingMs(hoursOf(context), context.nowMs, hours * hourMs);
  const dueAtMs = after(rule.dueHours);
  return {
    ruleId: rule.id,
    dueAtMs,
    steps: [
      ...rule.remindHours.map((hours) => ({ kind: "remind", atMs: after(hours) }) as const),
      { kind: "expire", atMs: dueAtMs },
      ...rule.ladder.map(({ afterHours, roles }) => ({ kind: "escalate", atMs: after(afterHours), roles }) as const),
    ],
    isOverdue: false,
    pausedAtMs: null,
  };
}

/** When the row is due next: its next step, or the end of a pause. */
export const nextDueAtMs = (clock: ItemClock | undefined): number | null => clock?.steps[0]?.atMs ?? null;

/** What changes on an item whose clock changes. */
export type ClockFields = Pick<InboxItem, "dueAtMs"> & { readonly clock: ItemClock };

export const withClock = (clock: ItemClock): ClockFields => ({ clock, dueAtMs: nextDueAtMs(clock) });

/** Stops a running clock; it goes on by itself after `maxPauseHours` of working time. */
export const pausedClock = (clock: ItemClock, context: DecideContext): ClockFields => ({
  clock: { ...clock, pausedAtMs: context.nowMs },
  dueAtMs: afterWorkingMs(hoursOf(context), context.nowMs, maxPauseHours * hourMs),
});

/** Lets a paused clock go on with the working time that was left when it stopped. */
export function resumedClock(clock: ItemClock, context: DecideContext): ClockFields {
  const { pausedAtMs } = clock;
  if (pausedAtMs === null) return withClock(clock);
  const hours = hoursOf(context);
  const moved = (atMs: number): number => afterWorkingMs(hours, context.nowMs, workingMsBetween(hours, pausedAtMs, atMs));
  return withClock({
    ...clock,
    pausedAtMs: null,
    dueAtMs: clock.isOverdue ? clock.dueAtMs : moved(clock.dueAtMs),
    steps: clock.steps.map((step) => ({ ...step, atMs: moved(step.atMs) })),
  });
}

/** What time has to do with an item now; a step leaves out the reminders that it makes needless. */
export type DueStep = { readonly kind: "resume" } | { readonly kind: "step"; readonly step: ClockStep; readonly after: ItemClock };

/** What is due at this moment; null: nothing. After an outage that is one step, not every reminder that was missed. */
export function dueStep(item: Pick<InboxItem, "state" | "dueAtMs" | "clock">, nowMs: number): DueStep | null {
  const { clock } = item;
  if (clock === undefined || item.dueAtMs === null || item.dueAtMs > nowMs) return null;
  if (clock.pausedAtMs !== null) return { kind: "resume" };
  const due = clock.steps.filter((step) => step.atMs <= nowMs);
  const step = due.find((candidate) => candidate.kind !== "remind") ?? due.at(-1);
  return step === undefined
    ? null
    : {
        kind: "step",
        step,
        after: { ...clock, steps: clock.steps.slice(clock.steps.indexOf(step) + 1), isOverdue: clock.isOverdue || step.kind === "expire" },
      };
}
