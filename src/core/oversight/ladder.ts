import type { InboxItem, RiskClass } from "./inbox-item.ts";
import type { Role } from "./person.ts";

/** Who is told when a step of escalation is reached; it widens who hears of it, never who may decide. */
export interface Rung {
  /** Working hours after the question was asked. */
  readonly afterHours: number;
  readonly roles: readonly Role[];
}

/** What time does to one kind of item at one risk. Hours are working hours of the organization's calendar. */
export interface ClockRule {
  readonly id: string;
  readonly kinds: readonly InboxItem["kind"][];
  readonly risk: RiskClass;
  readonly dueHours: number;
  /** In order, all before `dueHours`. */
  readonly remindHours: readonly number[];
  /** In order, none before `dueHours`. */
  readonly ladder: readonly Rung[];
}

const leads: readonly Role[] = ["lead", "director"];
const directors: readonly Role[] = ["director", "administrator"];

/**
 * The rules of the house: eight working hours are a day. The higher the risk, the sooner somebody above hears of it.
 * Kinds without a rule wait without a clock.
 */
export const clockRules: readonly ClockRule[] = [
  {
    id: "clock.decision-low",
    kinds: ["approval", "check", "patch"],
    risk: "low",
    dueHours: 24,
    remindHours: [8, 20],
    ladder: [
      { afterHours: 24, roles: leads },
      { afterHours: 40, roles: directors },
    ],
  },
  {
    id: "clock.decision-medium",
    kinds: ["approval", "check", "patch"],
    risk: "medium",
    dueHours: 16,
    remindHours: [4, 12],
    ladder: [
      { afterHours: 16, roles: leads },
      { afterHours: 24, roles: directors },
    ],
  },
  {
    id: "clock.decision-high",
    kinds: ["approval", "check", "patch"],
    risk: "high",
    dueHours: 8,
    remindHours: [2, 6],
    ladder: [
      { afterHours: 8, roles: leads },
      { afterHours: 12, roles: directors },
    ],
  },
  {
    id: "clock.question-low",
    kinds: ["question"],
    risk: "low",
    dueHours: 24,
    remindHours: [8, 16],
    ladder: [{ afterHours: 40, roles: leads }],
  },
  {
    id: "clock.question-medium",
    kinds: ["question"],
    risk: "medium",
    dueHours: 16,
    remindHours: [8],
    ladder: [{ afterHours: 24, roles: leads }],
  },
  {
    id: "clock.question-high",
    kinds: ["question"],
    risk: "high",
    dueHours: 8,
    remindHours: [4],
    ladder: [
      { afterHours: 8, roles: leads },
      { afterHours: 16, roles: directors },
    ],
  },
  {
    id: "clock.trouble-low",
    kinds: ["escalation", "unknown-effect"],
    risk: "low",
    dueHours: 16,
    remindHours: [4, 12],
    ladder: [{ afterHours: 24, roles: leads }],
  },
  {
    id: "clock.trouble-medium",
    kinds: ["escalation", "unknown-effect"],
    risk: "medium",
    dueHours: 8,
    remindHours: [2, 6],
    ladder: [
      { afterHours: 8, roles: leads },
      { afterHours: 16, roles: directors },
    ],
  },
  {
    id: "clock.trouble-high",
    kinds: ["escalation", "unknown-effect"],
    risk: "high",
    dueHours: 4,
    remindHours: [1, 3],
    ladder: [
      { afterHours: 4, roles: leads },
      { afterHours: 8, roles: directors },
    ],
  },
];

/** The rule for an item; undefined: it waits without a clock. */
export const clockRuleFor = (item: Pick<InboxItem, "kind" | "risk">): ClockRule | undefined =>
  clockRules.find((rule) => rule.risk === item.risk && rule.kinds.includes(item.kind));

/**
 * The roles that hear of a step: those of the rung that may also decide the item; where none of them may, whoever may.
 * A clock never gives anybody an authority that the item did not.
 */
export function toldRoles(item: Pick<InboxItem, "roles">, rung: readonly Role[]): readonly Role[] {
  const both = rung.filter((role) => item.roles.length === 0 || item.roles.includes(role));
  return both.length === 0 ? item.roles : both;
}
