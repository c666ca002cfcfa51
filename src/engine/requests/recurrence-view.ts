import { type Person, projectKindOf } from "../../core/oversight/person.ts";
import { type Recurrence, recurrenceKind } from "../../core/requests/recurrence.ts";
import { requestKind, requestLabel } from "../../core/requests/request.ts";
import { type NamedPerformer, namedPerson, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";

export interface RecurrenceView {
  readonly id: string;
  readonly state: Recurrence["state"];
  readonly title: string;
  readonly owner: NamedPerformer;
  /** The request it repeats. */
  readonly requestId: string;
  readonly requestLabel: string;
  readonly rule: string;
  readonly zone: string;
  readonly startsAt: string;
  readonly nextAtMs: number | null;
  readonly filedCount: number;
  readonly skippedCount: number;
  readonly lastFiledLabel: string | null;
  readonly maySteer: boolean;
}

export interface RecurrencesView {
  readonly schema: "xvc.recurrences/1";
  readonly items: readonly RecurrenceView[];
}

/** Recurrences looked at for one list, ended ones among them. */
const maxListed = 1_000;

/** Recurring requests, newest first; of one request those that repeat it, and the one that filed it. */
export async function recurrencesView(
  reader: Reader,
  query: { readonly viewer: Person; readonly requestId?: string },
): Promise<RecurrencesView> {
  const all = await reader.find(recurrenceKind, { newestFirst: true, limit: maxListed });
  const asked = query.requestId === undefined ? undefined : await reader.get(requestKind, query.requestId);
  const shown = asked === undefined ? all : all.filter((one) => one.requestId === asked.id || one.id === asked.recurrenceId);
  const ids = [...new Set(shown.flatMap((one) => [one.requestId, ...(one.lastFiledId === null ? [] : [one.lastFiledId])]))];
  const [people, requests] = await Promise.all([readPeople(reader), reader.getMany(requestKind, ids)]);
  const projects = await reader.getMany(projectKindOf, [...new Set(requests.map((request) => request.projectId))]);
  const labels = new Map(
    requests.map((request) => [
      request.id,
      requestLabel(projects.find((project) => project.id === request.projectId)?.key ?? "?", request.number),
    ]),
  );
  const { viewer } = query;
  const leads = viewer.roles.some((role) => role === "administrator" || role === "director" || role === "lead");
  return {
    schema: "xvc.recurrences/1",
    items: shown.map(({ id, state, draft, ownerId, requestId, rule, zone, startsAt, nextAtMs, filedCount, skippedCount, lastFiledId }) => ({
      id,
      state,
      requestId,
      rule,
      zone,
      startsAt,
      nextAtMs,
      filedCount,
      skippedCount,
      title: draft.title,
      owner: namedPerson(people, ownerId),
      requestLabel: labels.get(requestId) ?? "?",
      lastFiledLabel: lastFiledId === null ? null : (labels.get(lastFiledId) ?? null),
      maySteer: state !== "ended" && viewer.state === "active" && (leads || ownerId === viewer.id),
    })),
  };
}
