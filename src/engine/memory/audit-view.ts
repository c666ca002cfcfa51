import { projectKindOf } from "../../core/oversight/person.ts";
import { type WorkRequest, requestKind, requestLabel } from "../../core/requests/request.ts";
import type { Actor } from "../../core/shared/actor.ts";
import { type People, namedActor, readPeople } from "../oversight/people-view.ts";
import { entityTables } from "../ports/entity-tables.ts";
import type { EventFilter, Reader, StoredEvent } from "../ports/store.ts";
import { eventSentence } from "./event-sentence.ts";
import type { TimelineEntryView } from "./timeline-view.ts";

export interface AuditEntryView extends TimelineEntryView {
  readonly projectId: string | null;
  readonly requestLabel: string | null;
  readonly number: number;
  readonly cause: string;
}

export interface AuditPageView {
  readonly schema: "xvc.audit/1";
  readonly items: readonly AuditEntryView[];
  readonly nextCursor: string | null;
}

/** What the log is narrowed to. */
export interface AuditQuery {
  readonly kinds?: readonly string[];
  readonly subjectKind?: string;
  readonly subjectId?: string;
  readonly requestId?: string;
  readonly actor?: Actor;
  readonly fromMs?: number;
  readonly toMs?: number;
}

const filterOf = (query: AuditQuery): Omit<EventFilter, "limit"> => ({
  newestFirst: true,
  ...(query.kinds === undefined ? {} : { kinds: query.kinds }),
  ...(query.subjectKind === undefined ? {} : { subjectKind: query.subjectKind }),
  ...(query.subjectId === undefined ? {} : { subjectId: query.subjectId }),
  ...(query.requestId === undefined ? {} : { requestId: query.requestId }),
  ...(query.actor === undefined ? {} : { actor: query.actor }),
  ...(query.fromMs === undefined ? {} : { recordedFromMs: query.fromMs }),
  ...(query.toMs === undefined ? {} : { recordedToMs: query.toMs }),
});

const maxCause = 500;

const requestIdOf = (event: StoredEvent): string | null => {
  const requestId = event.subjectKind === "request" ? event.subjectId : event.data["requestId"];
  return typeof requestId === "string" ? requestId : null;
};

/** Names that entries of one page are told with. */
interface Names {
  readonly people: People;
  readonly labels: ReadonlyMap<string, string>;
}

async function readNames(reader: Reader, events: readonly StoredEvent[]): Promise<Names> {
  const requests: readonly WorkRequest[] = await reader.getMany(requestKind, [
    ...new Set(events.flatMap((event) => requestIdOf(event) ?? [])),
  ]);
  const projects = await reader.getMany(projectKindOf, [...new Set(requests.map((request) => request.projectId))]);
  const keys = new Map<string, string>(projects.map((project) => [project.id, project.key]));
  return {
    people: await readPeople(reader),
    labels: new Map(requests.map((request) => [request.id, requestLabel(keys.get(request.projectId) ?? "?", request.number)])),
  };
}

function entryView(event: StoredEvent, { people, labels }: Names): AuditEntryView {
  const actor = namedActor(people, event.actor);
  const { cursor, atMs, recordedAtMs, kind, subjectKind, subjectId, data, projectId, number } = event;
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
    projectId,
    requestLabel: labels.get(requestIdOf(event) ?? "") ?? null,
    number,
    cause: event.cause.slice(0, maxCause),
  };
}

/** A page of the log, the newest first. Four queries, whatever the log's length. */
export async function auditPageView(
  reader: Reader,
  query: AuditQuery,
  page: { readonly before?: string; readonly limit: number },
): Promise<AuditPageView> {
  const events = await reader.events({
    ...filterOf(query),
    limit: page.limit + 1,
    ...(page.before === undefined ? {} : { beforeCursor: page.before }),
  });
  const shown = events.slice(0, page.limit);
  const names = await readNames(reader, shown);
  return {
    schema: "xvc.audit/1",
    items: shown.map((event) => entryView(event, names)),
    nextCursor: events.length > page.limit ? (shown.at(-1)?.cursor ?? null) : null,
  };
}

/** Raw events of one page of an export; the cursor of the last one asks for the next. */
export const exportEvents = (
  reader: Reader,
  query: AuditQuery,
  page: { readonly before?: string; readonly limit: number },
): Promise<readonly StoredEvent[]> =>
  reader.events({ ...filterOf(query), limit: page.limit, ...(page.before === undefined ? {} : { beforeCursor: page.before }) });

export interface AuditCheckView {
  readonly schema: "xvc.audit-check/1";
  readonly ok: boolean;
  readonly checkedAtMs: number;
  readonly subjects: number;
  readonly events: number;
  readonly problems: readonly string[];
  readonly shows: readonly string[];
  readonly doesNotShow: readonly string[];
}

/** The newest events whose subjects are checked, the subjects, and the events of one of them. */
const checked = { newest: 2_000, subjects: 200, events: 10_000, problems: 100 } as const;

const kinds = new Map(entityTables.map(({ kind }) => [kind.name, kind]));

/**
 * Checks the subjects that changed last: each stream is numbered from 1 without a gap, and the row counts as many events as
 * its stream holds. Says as well what this cannot show.
 */
export async function auditCheckView(reader: Reader, nowMs: number): Promise<AuditCheckView> {
  const newest = await reader.events({ newestFirst: true, limit: checked.newest });
  const subjects = [...new Map(newest.map((event) => [event.subjectId, event.subjectKind]))].slice(0, checked.subjects);
  const problems: string[] = [];
  let events = 0;
  for (const [id, kind] of subjects) {
    const stream = (await reader.events({ subjectId: id, limit: checked.events })).filter((event) => event.subjectKind === kind);
    events += stream.length;
    problems.push(...(await problemsOf(reader, { id, kind, stream })));
  }
  return {
    schema: "xvc.audit-check/1",
    ok: problems.length === 0,
    checkedAtMs: nowMs,
    subjects: subjects.length,
    events,
    problems: problems.slice(0, checked.problems),
    shows: [
      `The streams of the ${subjects.length} subjects that changed last are numbered from 1 without a gap, and each row counts as many events as its stream holds.`,
      "The database refuses to change or delete an event or a version of a row, also to this program; every version of every row is kept by a trigger.",
    ],
    doesNotShow: [
      "That nobody with the rights of a database administrator rewrote the log: that is what the seals below, and xvc memory verify, show.",
      "Subjects that changed earlier. The separate program verify/cli.ts checks a whole database from the outside.",
    ],
  };
}

async function problemsOf(
  reader: Reader,
  subject: { readonly id: string; readonly kind: string; readonly stream: readonly StoredEvent[] },
): Promise<readonly string[]> {
  const { id, kind, stream } = subject;
  const name = `${kind} ${id}`;
  const gap = stream.findIndex((event, at) => event.number !== at + 1);
  const entity = kinds.get(kind);
  const row = entity === undefined ? undefined : await reader.get(entity, id);
  return [
    ...(gap < 0 ? [] : [`${name}: event ${gap + 1} is missing, the next is ${stream[gap]?.number ?? "none"}.`]),
    ...(row === undefined ? [`${name}: its row cannot be read.`] : []),
    // A stream longer than what is read cannot be compared with its count.
    ...(row !== undefined && stream.length < checked.events && row.eventCount !== stream.length
      ? [`${name}: its row counts ${row.eventCount} events, its stream holds ${stream.length}.`]
      : []),
  ];
}
