import { taskKind } from "../../core/execution/task.ts";
import { type Audience, readAudience, withoutAmount } from "../../core/oversight/audience.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { type Project, projectKindOf } from "../../core/oversight/person.ts";
import { performerKey } from "../../core/personas/persona.ts";
import { type RequestState, type WorkRequest, requestKind } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type Looking, type Viewer, authorityOver, readViewer } from "../oversight/viewer.ts";
import type { Filter, Reader } from "../ports/store.ts";
import { type RequestRowView, requestRowView } from "./request-view.ts";

/** A request in a list: with whom it waits for now. */
export interface RequestListRowView extends RequestRowView {
  /** `you`: the viewer may answer one of its open questions; `people`: others may; null: nobody is asked. */
  readonly waitsFor: "you" | "people" | null;
}

export interface RequestPageView {
  readonly schema: "xvc.requests/1";
  readonly items: readonly RequestListRowView[];
  readonly nextCursor: string | null;
}

/** `newest` and `oldest` by filing, `since` by the time in the present state (longest first), `deadline` the nearest first. */
export const requestSorts = ["newest", "oldest", "since", "deadline"] as const;
export type RequestSort = (typeof requestSorts)[number];

/** Everything given has to hold at once. */
export interface RequestQuery {
  readonly states?: readonly RequestState[] | undefined;
  readonly requesterId?: string | undefined;
  readonly urgencies?: readonly string[] | undefined;
  /** A piece of the title, in any case. */
  readonly text?: string | undefined;
  readonly number?: number | undefined;
  /** Only those that have a question the viewer may answer, or a task the viewer holds. */
  readonly waitsForViewer?: boolean | undefined;
  readonly sort?: RequestSort | undefined;
  readonly cursor?: string | undefined;
  /** 1 to 200. */
  readonly limit: number;
}

/** Different questions to the policies for `waitsForViewer`; items with a question beyond it are not found. */
const maxQuestions = 2_000;
/** Open questions looked at for the rows of one page. */
const maxPageItems = 500;
/** Tasks of one person looked at. */
const maxHeld = 200;

const orders: { readonly [sort in RequestSort]: { readonly by: "stateSinceMs" | "deadlineAtMs" | null; readonly newestFirst: boolean } } = {
  newest: { by: null, newestFirst: true },
  oldest: { by: null, newestFirst: false },
  since: { by: "stateSinceMs", newestFirst: false },
  deadline: { by: "deadlineAtMs", newestFirst: false },
};

/** A page of requests: a fixed number of queries, whatever the page's length. */
export async function requestPageView(reader: Reader, query: RequestQuery, looking: Looking): Promise<RequestPageView> {
  const viewer = await readViewer(reader, looking);
  const waiting = query.waitsForViewer === true ? await waitingFor(reader, viewer) : undefined;
  if (waiting?.length === 0) return { schema: "xvc.requests/1", items: [], nextCursor: null };
  const order = orders[query.sort ?? "newest"];
  const rows = await reader.find(requestKind, {
    where: whereOf(query, waiting),
    newestFirst: order.newestFirst,
    limit: query.limit + 1,
    ...(query.text === undefined ? {} : { contains: { field: "title", text: query.text } }),
    ...placeOf(order.by, query.cursor),
  });
  const shown = rows.slice(0, query.limit);
  const [projects, asked] = await Promise.all([
    reader.getMany(projectKindOf, [...new Set(shown.map((request) => request.projectId))]),
    reader.find(inboxItemKind, {
      where: { requestId: shown.map((request) => request.id), state: ["open", "delegated"] },
      limit: maxPageItems,
    }),
  ]);
  const byId = new Map(projects.map((project) => [project.id, project]));
  const last = shown.at(-1);
  return {
    schema: "xvc.requests/1",
    items: shown.map((request) => ({
      ...requestRowView(request, byId.get(request.projectId), viewer.people),
      waitsFor: waitsFor(
        asked.filter((item) => item.requestId === request.id),
        byId.get(request.projectId),
        viewer,
      ),
    })),
    nextCursor: rows.length > query.limit && last !== undefined ? cursorOf(order.by, last) : null,
  };
}

function whereOf(query: RequestQuery, waiting: readonly string[] | undefined): NonNullable<Filter["where"]> {
  const { states, requesterId, urgencies, number } = query;
  return {
    ...(states === undefined ? {} : { state: states }),
    ...(requesterId === undefined ? {} : { requesterId }),
    ...(urgencies === undefined ? {} : { urgency: urgencies }),
    ...(number === undefined ? {} : { number }),
    ...(waiting === undefined ? {} : { id: waiting }),
  };
}

const mayAnswer = (item: Audience, project: Project | undefined, viewer: Viewer): boolean =>
  authorityOver(item, project, viewer).kind !== "denied";

function waitsFor(items: readonly InboxItem[], project: Project | undefined, viewer: Viewer): RequestListRowView["waitsFor"] {
  if (items.length === 0) return null;
  return items.some((item) => mayAnswer(item, project, viewer)) ? "you" : "people";
}

/** Requests that cannot go on without the viewer: read as numbers, judged once for each kind of question and place. */
async function waitingFor(reader: Reader, viewer: Viewer): Promise<readonly string[]> {
  const performer = performerKey({ kind: "person", id: viewer.viewerId });
  const { ids: ignoresIds } = viewer.judge.ignores;
  const fields = ["projectId", "requestId", "audience", ...(ignoresIds ? [] : ["subjectId"])];
  const [open, held] = await Promise.all([
    reader.tally(inboxItemKind, fields, { where: { state: ["open", "delegated"] } }),
    reader.find(taskKind, { where: { performerKey: performer, state: ["assigned", "running"] }, limit: maxHeld }),
  ]);
  const places = [...new Set(open.map(({ values: [projectId = ""] }) => projectId))];
  const projects = new Map<string, Project>((await reader.getMany(projectKindOf, places)).map((row) => [row.id, row]));
  const withAmount = !viewer.judge.ignores.amounts || viewer.standIns.delegations.some((delegation) => delegation.maxAmountMicro !== null);
  const answers = new Map<string, boolean>();
  const isForViewer = ([projectId = "", , audience = "", subjectId = ""]: readonly string[]): boolean => {
    const key = `${projectId} ${subjectId} ${withAmount ? audience : withoutAmount(audience)}`;
    const known = answers.get(key);
    if (known !== undefined || answers.size >= maxQuestions) return known ?? false;
    const may = mayAnswer(readAudience(audience, { subjectId, withAmount }), projects.get(projectId), viewer);
    answers.set(key, may);
    return may;
  };
  const asked = open.filter(({ values }) => isForViewer(values)).map(({ values: [, requestId = ""] }) => requestId);
  return [...new Set([...asked, ...held.map((task) => task.requestId)])];
}

/** An id, or with an order of its own `<number>_<id>`, `-` for a row without the number. */
const cursorOf = (by: "stateSinceMs" | "deadlineAtMs" | null, row: WorkRequest): string =>
  by === null ? row.id : `${row[by] === null ? "-" : String(row[by])}_${row.id}`;

/** @throws {Failure} `store.cursor-invalid` */
function placeOf(by: "stateSinceMs" | "deadlineAtMs" | null, cursor: string | undefined): Pick<Filter, "sort" | "afterId"> {
  if (by === null) return cursor === undefined ? {} : { afterId: cursor };
  if (cursor === undefined) return { sort: { by } };
  const [, value, id] = /^(-|\d{1,16})_([0-9a-f-]{36})$/u.exec(cursor) ?? [];
  if (value === undefined || id === undefined)
    throw new Failure("invalid", "store.cursor-invalid", {
      message: "The page cursor is not one that a page of this order gave. Start from the first page.",
    });
  return { sort: { by, after: { value: value === "-" ? null : Number(value), id } } };
}
