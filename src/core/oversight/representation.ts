import { type PersonId, asId } from "../shared/ids.ts";
import { isAddressed } from "./addressed.ts";
import type { Calendar } from "./calendar.ts";
import type { Delegation } from "./delegation.ts";
import type { InboxItem, RiskClass } from "./inbox-item.ts";
import type { Person } from "./person.ts";

/** Somebody whom the actor may act for now, and by what right. */
export interface StandIn {
  readonly person: Person;
  /** Goes on record with the decision. */
  readonly rule: `delegated-by:${string}` | `substitute-of:${string}`;
}

/** What is decided: limits of a delegation are held against it. */
export interface StandInMatter extends Pick<InboxItem, "risk" | "roles" | "personIds" | "excludedPersonIds" | "delegateId"> {
  readonly projectId: string | null;
  /** In the organization's currency, micro-units; null: no amount is known. */
  readonly amountMicro: number | null;
}

/** Substitutes followed from one absence to the next. */
export const maxSubstitutes = 10;

const riskRank: { readonly [risk in RiskClass]: number } = { low: 0, medium: 1, high: 2 };

/** Whether a standing delegation holds for this matter at this moment. A limit on the amount is not met by an unknown amount. */
export const delegationCovers = (delegation: Delegation, matter: StandInMatter, nowMs: number): boolean =>
  delegation.state === "granted" &&
  delegation.validFromMs <= nowMs &&
  nowMs < delegation.validToMs &&
  riskRank[matter.risk] <= riskRank[delegation.maxRisk] &&
  (delegation.projectId === null || delegation.projectId === matter.projectId) &&
  (delegation.maxAmountMicro === null || (matter.amountMicro !== null && matter.amountMicro <= delegation.maxAmountMicro));

/** People's calendars by person; only their absences count here. */
export type Absences = ReadonlyMap<string, Pick<Calendar, "absences">>;

const absenceAt = (personId: string, absences: Absences, nowMs: number) =>
  absences.get(personId)?.absences.find((absence) => absence.fromMs <= nowMs && nowMs < absence.toMs);

/** Whether the person is away at this moment. */
export const isAway = (personId: string, absences: Absences, nowMs: number): boolean => absenceAt(personId, absences, nowMs) !== undefined;

/**
 * Who represents an absent person now: their substitute, or that one's substitute when away too. Null: the person is
 * here, or nobody stands in, because the chain ends with somebody away, runs in a circle or is longer than
 * `maxSubstitutes`; then the roles of the ladder are left.
 */
export function representativeOf(personId: string, absences: Absences, nowMs: number): PersonId | null {
  const seen = new Set<string>([personId]);
  let next = absenceAt(personId, absences, nowMs)?.substituteId ?? null;
  while (next !== null && !seen.has(next) && seen.size <= maxSubstitutes) {
    if (!isAway(next, absences, nowMs)) return next;
    seen.add(next);
    next = absenceAt(next, absences, nowMs)?.substituteId ?? null;
  }
  return null;
}

/** What is known about who may act for whom. */
export interface StandInFacts {
  readonly members: readonly Person[];
  /** Granted to the actor, or more. */
  readonly delegations: readonly Delegation[];
  readonly absences: Absences;
}

/**
 * Whom the actor may act for in this matter; undefined: nobody. An absent person lends what they could decide to their
 * representative; a delegation lends the delegator's own roles and no more, so a chain of delegations never forms.
 */
export function standInFor(
  actorId: string,
  facts: StandInFacts,
  about: { readonly matter: StandInMatter; readonly nowMs: number },
): StandIn | undefined {
  const { matter, nowMs } = about;
  const lends = (person: Person): boolean =>
    person.id !== actorId &&
    person.state === "active" &&
    isAddressed(matter, person.id) &&
    !matter.excludedPersonIds.some((id) => id === person.id);
  const hasRole = (person: Person): boolean => matter.roles.some((role) => person.roles.includes(role));
  for (const person of facts.members.filter(lends)) {
    if (
      (hasRole(person) || matter.delegateId === asId<"person">(person.id)) &&
      representativeOf(person.id, facts.absences, nowMs) === actorId
    )
      return { person, rule: `substitute-of:${person.id}` };
    const delegated = facts.delegations.some(
      (delegation) => delegation.fromId === person.id && delegation.toId === actorId && delegationCovers(delegation, matter, nowMs),
    );
    if (delegated && hasRole(person)) return { person, rule: `delegated-by:${person.id}` };
  }
  return undefined;
}
