import type { JsonObject } from "../../core/shared/json.ts";
import { type NamedActor, namedActor, readPeople } from "../oversight/people-view.ts";
import type { Reader, StoredEvent } from "../ports/store.ts";
import { requireRequest } from "../requests/request-view.ts";
import { eventSentence } from "./event-sentence.ts";

export interface TimelineEntryView {
  readonly cursor: string;
  readonly atMs: number;
  readonly recordedAtMs: number;
  readonly kind: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly actor: NamedActor;
  readonly sentence: string;
  readonly data: JsonObject;
}

export interface TimelineView {
  readonly schema: "xvc.timeline/1";
  readonly items: readonly TimelineEntryView[];
  readonly nextCursor: string | null;
}

/** The story of a request, oldest first. @throws {Failure} `request.not-found` */
export async function timelineView(
  reader: Reader,
  requestId: string,
  page: { readonly after?: string; readonly limit: number },
): Promise<TimelineView> {
  await requireRequest(reader, requestId);
  const [people, events] = await Promise.all([
    readPeople(reader),
    reader.events({ requestId, limit: page.limit + 1, ...(page.after === undefined ? {} : { afterCursor: page.after }) }),
  ]);
  const shown = events.slice(0, page.limit);
  const entry = (event: StoredEvent): TimelineEntryView => {
    const actor = namedActor(people, event.actor);
    const { cursor, atMs, recordedAtMs, kind, subjectKind, subjectId, data } = event;
    return {
      cursor,
      atMs,
      recordedAtMs,
      kind,
      subjectKind,
      subjectId,
      actor,
      sentence: eventSentence({ kind, data, actorName: actor.name }),
      data,
    };
  };
  return {
    schema: "xvc.timeline/1",
    items: shown.map(entry),
    nextCursor: events.length > page.limit ? (shown.at(-1)?.cursor ?? null) : null,
  };
}
