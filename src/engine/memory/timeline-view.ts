import { attemptKind } from "../../core/execution/attempt.ts";
import { taskKind } from "../../core/execution/task.ts";
import { reviewKind } from "../../core/review/review.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { type NamedActor, type People, namedActor, readPeople } from "../oversight/people-view.ts";
import type { Reader, StoredEvent } from "../ports/store.ts";
import { requireRequest } from "../requests/request-view.ts";
import { compareCursor } from "./compare-cursor.ts";
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
  const keys = [...new Set(shown.flatMap(({ data }) => (typeof data["taskKey"] === "string" ? [data["taskKey"]] : [])))];
  const tasks = keys.length === 0 ? [] : await reader.find(taskKind, { where: { requestId, key: keys }, limit: maxTitles });
  const titles = new Map(tasks.map((task) => [task.key, task.title]));
  return {
    schema: "xvc.timeline/1",
    items: shown.map((event) => entryOf(event, { people, titles })),
    nextCursor: events.length > page.limit ? (shown.at(-1)?.cursor ?? null) : null,
  };
}

/** Titles that one page of a story is told with; the rest are called by their keys. */
const maxTitles = 1_000;

/** Names that entries are told with. */
interface Names {
  readonly people: People;
  readonly titles: ReadonlyMap<string, string>;
}

function entryOf(event: StoredEvent, { people, titles }: Names): TimelineEntryView {
  const actor = namedActor(people, event.actor);
  const { cursor, atMs, recordedAtMs, kind, subjectKind, subjectId, data } = event;
  const sentence = eventSentence({ kind, data, actorName: actor.name, titles });
  return { cursor, atMs, recordedAtMs, kind, subjectKind, subjectId, actor, sentence, data };
}

/** The latest attempts and reviews whose own facts belong to a task's story. */
const maxParts = 8;
/** The latest facts of each. */
const maxFacts = 60;

/** The story of one task with its latest attempts and reviews, oldest first, in one page. */
export async function taskTimelineView(reader: Reader, taskId: string): Promise<TimelineView> {
  const [people, task, attempts, reviews] = await Promise.all([
    readPeople(reader),
    reader.get(taskKind, taskId),
    reader.find(attemptKind, { where: { taskId }, newestFirst: true, limit: maxParts }),
    reader.find(reviewKind, { where: { taskId }, newestFirst: true, limit: maxParts }),
  ]);
  const titles = new Map(task === undefined ? [] : [[task.key, task.title] as const]);
  const subjects = [taskId, ...attempts.map((attempt) => attempt.id), ...reviews.map((review) => review.id)];
  const events = await Promise.all(subjects.map((subjectId) => reader.events({ subjectId, newestFirst: true, limit: maxFacts })));
  return {
    schema: "xvc.timeline/1",
    items: events
      .flat()
      .toSorted((left, right) => compareCursor(left.cursor, right.cursor))
      .map((event) => entryOf(event, { people, titles })),
    nextCursor: null,
  };
}
