import { clockKind } from "../../core/oversight/clock.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { personKind, projectKindOf } from "../../core/oversight/person.ts";
import {
  type CreateRecurrence,
  type FileRecurrence,
  type FilingSlice,
  type SteerRecurrence,
  type SteeringSlice,
  decideNewRecurrence,
  decideRecurrenceFiling,
  decideRecurrenceSteering,
} from "../../core/requests/decide-recurrence.ts";
import { readSeries } from "../../core/requests/read-series.ts";
import { maxRecurrences, recurrenceKind } from "../../core/requests/recurrence.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { Transaction } from "../ports/store.ts";
import { utcOnly } from "../ports/zone-time.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne, readOne } from "../shared/load-slice.ts";
import { objectiveIsOpen } from "./serving.ts";

export const createRecurrenceHandler = handler({
  async load(transaction, command: CreateRecurrence, context) {
    const request = await lockOne(transaction, requestKind, command.requestId);
    return {
      request,
      project: await readOne(transaction, projectKindOf, request.projectId),
      person: await loadPerson(transaction, context),
      known: await transaction.count(recurrenceKind, { where: { state: ["active", "paused"] } }),
      read: readSeries(command, zonesOf(context)),
    };
  },
  decide: decideNewRecurrence,
});

export const fileRecurrenceHandler = handler({
  async load(transaction, command: FileRecurrence, context): Promise<FilingSlice> {
    const recurrence = await lockOne(transaction, recurrenceKind, command.recurrenceId);
    const [project, requester, number] = await Promise.all([
      readOne(transaction, projectKindOf, context.caller.projectId ?? ""),
      transaction.get(personKind, recurrence.ownerId),
      transaction.nextNumber(),
    ]);
    return {
      recurrence,
      project,
      requester,
      number,
      objectiveIsOpen: await objectiveIsOpen(transaction, recurrence.draft.objectiveId),
      read: readSeries(recurrence, zonesOf(context)),
    };
  },
  decide: decideRecurrenceFiling,
});

export const steerRecurrenceHandler = handler({
  load: (transaction, command: SteerRecurrence, context) => loadSteering(transaction, context, command.recurrenceId),
  decide: decideRecurrenceSteering,
});

const zonesOf =
  ({ capabilities: { zones = utcOnly } }: LoadContext) =>
  (wallMs: number, zone: string) =>
    zones.instantOf(wallMs, zone);

/** Clocks and items of one recurrence: one of each waits at a time, a few more after early firings. */
const maxAround = maxRecurrences;

/** A recurrence with everything that waits on it, locked. */
export async function loadSteering(transaction: Transaction, context: LoadContext, recurrenceId: string): Promise<SteeringSlice> {
  const recurrence = await lockOne(transaction, recurrenceKind, recurrenceId);
  const clocks = await transaction.find(clockKind, { where: { subjectId: recurrenceId, state: "set" }, limit: maxAround });
  const items = await transaction.find(inboxItemKind, {
    where: { subjectId: recurrenceId, state: ["open", "delegated"] },
    limit: maxAround,
  });
  return {
    recurrence,
    clocks: await transaction.lock(
      clockKind,
      clocks.map((clock) => clock.id),
    ),
    items: await transaction.lock(
      inboxItemKind,
      items.map((item) => item.id),
    ),
    person: await loadPerson(transaction, context),
    owner: await transaction.get(personKind, recurrence.ownerId),
    read: readSeries(recurrence, zonesOf(context)),
  };
}
