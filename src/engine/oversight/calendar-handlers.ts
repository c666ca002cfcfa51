import { calendarKind } from "../../core/oversight/calendar.ts";
import {
  type CalendarOwner,
  type ImportHolidays,
  type RecordAbsence,
  type RemoveAbsence,
  type SetCalendar,
  decideAbsence,
  decideAbsenceRemoval,
  decideCalendar,
  decideHolidays,
} from "../../core/oversight/decide-calendar.ts";
import {
  type GrantDelegation,
  type RevokeDelegation,
  decideGrant,
  decideRevocation,
  delegationLimits,
} from "../../core/oversight/decide-standing-delegation.ts";
import { delegationKind } from "../../core/oversight/delegation.ts";
import { organizationKindOf, personKind, projectKindOf } from "../../core/oversight/person.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne, shareOne } from "../shared/load-slice.ts";

/** The calendar of a subject, locked. The organization's row is locked first, so that two first calendars cannot both be made. */
async function loadCalendar(transaction: Transaction, context: LoadContext, subjectId: string) {
  const { organizationId } = context.caller;
  await lockOne(transaction, organizationKindOf, organizationId);
  const [known] = await transaction.find(calendarKind, { where: { subjectId }, limit: 1 });
  const [calendar] = known === undefined ? [] : await transaction.lock(calendarKind, [known.id]);
  return { calendar, organizationId, actor: await loadPerson(transaction, context) };
}

const subjectOf = ({ caller }: LoadContext, owner: CalendarOwner): string =>
  owner === "organization" ? caller.organizationId : caller.actor.id;

export const setCalendarHandler = handler({
  load: async (transaction, command: SetCalendar, context) => ({
    ...(await loadCalendar(transaction, context, subjectOf(context, command.owner))),
    isZone: context.calendars.isZone(command.zone),
  }),
  decide: decideCalendar,
});

export const importHolidaysHandler = handler({
  load: (transaction, command: ImportHolidays, context) => loadCalendar(transaction, context, subjectOf(context, command.owner)),
  decide: decideHolidays,
});

async function loadAbsence(transaction: Transaction, context: LoadContext, command: RecordAbsence | RemoveAbsence) {
  const personId = command.personId ?? context.caller.actor.id;
  const slice = await loadCalendar(transaction, context, personId);
  const substituteId = command.kind === "record-absence" ? command.substituteId : null;
  return {
    ...slice,
    person: await transaction.get(personKind, personId),
    substitute: substituteId === null ? undefined : await transaction.get(personKind, substituteId),
  };
}

export const recordAbsenceHandler = handler({
  load: (transaction, command: RecordAbsence, context) => loadAbsence(transaction, context, command),
  decide: decideAbsence,
});

export const removeAbsenceHandler = handler({
  load: (transaction, command: RemoveAbsence, context) => loadAbsence(transaction, context, command),
  decide: decideAbsenceRemoval,
});

export const grantDelegationHandler = handler({
  async load(transaction, command: GrantDelegation, context) {
    await shareOne(transaction, organizationKindOf, context.caller.organizationId);
    const { actor } = context.caller;
    return {
      from: await loadPerson(transaction, context),
      to: await transaction.get(personKind, command.toId),
      granted: await transaction.find(delegationKind, {
        where: { fromId: actor.id, state: "granted" },
        newestFirst: true,
        limit: delegationLimits.granted * 2,
      }),
      project: command.projectId === null ? undefined : await transaction.get(projectKindOf, command.projectId),
    };
  },
  decide: decideGrant,
});

export const revokeDelegationHandler = handler({
  load: async (transaction, command: RevokeDelegation, context) => ({
    delegation: await lockOne(transaction, delegationKind, command.delegationId),
    actor: await loadPerson(transaction, context),
  }),
  decide: decideRevocation,
});
