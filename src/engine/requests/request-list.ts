import { taskKind } from "../../core/execution/task.ts";
import { isTurnOf, waitingKinds } from "../../core/oversight/addressed.ts";
import { type Audience, audienceText, readAudience, withoutAmount } from "../../core/oversight/audience.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { type Project, projectKindOf } from "../../core/oversight/person.ts";
import type { Tag } from "../../core/memory/tag.ts";
import { performerKey } from "../../core/personas/persona.ts";
import { type RequestState, type WorkRequest, requestKind } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type Looking, type Viewer, authorityOver, readViewer } from "../oversight/viewer.ts";
import { taggedRows } from "../memory/tagged-rows.ts";
import type { Filter, NamedBy, Reader, Where } from "../ports/store.ts";
import { type RequestRowView, requestRowView } from "./request-view.ts";

/** A request in a list: with whom it waits for now. */
export interface RequestListRowView extends RequestRowView {
  /** `you`: one of its open questions is for the viewer to answer; `people`: for others; null: nobody is asked. */
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
  /** Only those that have this tag. */
  readonly tag?: Pick<Tag, "key" | "value"> | undefined;
  readonly sort?: RequestSort | undefined;
  readonly cursor?: string | undefined;
  /** 1 to 200. */
  readonly limit: number;
}

/** Different questions to the policies for `waitsForViewer`; items with a question beyond it are not found. */
const maxQuestions = 2_000;
/** Open questions looked at for the rows of one page. */
const maxPageItems = 500;
/** What waits for an answer. */
const isWaiting = { state: ["open", "delegated"], kind: waitingKinds } as const;
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
  if (waiting === "nothing") return { schema: "xvc.requests/1", items: [], nextCursor: null };
  const order = orders[query.sort ?? "newest"];
  const rows = await reader.find(requestKind, {
    where: whereOf(query),
    namedBy: [...(waiting === undefined ? [] : [waiting]), ...(query.tag === undefined ? [] : [taggedRows(requestKind.name, query.tag)])],
    newestFirst: order.newestFirst,
    limit: query.limit + 1,
    ...(query.text === undefined ? {} : { contains: { field: "title", text: query.text } }),
    ...placeOf(order.by, query.cursor),
  });
  const shown = rows.slice(0, query.limit);
  const [projects, asked] = await Promise.all([
    reader.getMany(projectKindOf, [...new Set(shown.map((request) => request.projectId))]),
    reader.pick(inboxItemKind, ["requestId", "subjectId", "audience"], {
      where: { requestId: shown.map((request) => request.id), ...isWaiting },
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
        asked
          .filter(([requestId]) => requestId === request.id)
          .map(([, subjectId, audience]) => readAudience(String(audience), { subjectId: String(subjectId), withAmount: true })),
        byId.get(request.projectId),
        viewer,
      ),
    })),
    nextCursor: rows.length > query.limit && last !== undefined ? cursorOf(order.by, last) : null,
  };
}

function whereOf(query: RequestQuery): Where {
  const { states, requesterId, urgencies, number } = query;
  return {
    ...(states === undefined ? {} : { state: states }),
    ...(requesterId === undefined ? {} : { requesterId }),
    ...(urgencies === undefined ? {} : { urgency: urgencies }),
    ...(number === undefined ? {} : { number }),
  };
}

/** Whether it is the viewer's turn: what they handed on waits for somebody else. */
function isForViewer(item: Audience, project: Project | undefined, viewer: Viewer): boolean {
  const authority = authorityOver(item, project, viewer);
  return authority.kind === "granted" && isTurnOf(item, viewer.viewerId, authority.rule);
}

function waitsFor(items: readonly Audience[], project: Project | undefined, viewer: Viewer): RequestListRowView["waitsFor"] {
  if (items.length === 0) return null;
  return items.some((item) => isForViewer(item, project, viewer)) ? "you" : "people";
}

/** Requests that cannot go on without the viewer. */
async function waitingFor(reader: Reader, viewer: Viewer): Promise<NamedBy | "nothing"> {
  const performer = performerKey({ kind: "person", id: viewer.viewerId });
  const { ids, amounts } = viewer.judge.ignores;
  const withAmount = !amounts || viewer.standIns.delegations.some((delegation) => delegation.maxAmountMicro !== null);
  const [asked, held] = await Promise.all([
    ids && !withAmount ? askedByQuestion(reader, viewer) : askedByItem(reader, viewer, withAmount),
    reader.pick(taskKind, ["requestId"], { where: { performerKey: performer, state: ["assigned", "running"] }, limit: maxHeld }),
  ]);
  const orIds = [...new Set([...asked.ids, ...held.map(([requestId]) => String(requestId))])];
  if (asked.anyOf.length + orIds.length === 0) return "nothing";
  return { kind: inboxItemKind, field: "requestId", anyOf: asked.anyOf, orIds };
}

/** What items the viewer may answer, as conditions on items and as ids of requests. */
interface Asked {
  readonly anyOf: readonly Where[];
  readonly ids: readonly string[];
}

const readProjects = async (reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, Project>> =>
  new Map((await reader.getMany(projectKindOf, [...new Set(ids)])).map((row) => [row.id, row]));

/** Where neither subjects nor amounts count: each kind of question is judged once for each place, by one item of it. */
async function askedByQuestion(reader: Reader, viewer: Viewer): Promise<Asked> {
  const found = await reader.tally(inboxItemKind, ["projectId", "question"], { where: isWaiting, withFirst: true });
  const questions = found.slice(0, maxQuestions);
  const [projects, items] = await Promise.all([
    readProjects(
      reader,
      questions.map(({ values: [projectId = ""] }) => projectId),
    ),
    reader.getMany(
      inboxItemKind,
      questions.map(({ firstId = "" }) => firstId),
    ),
  ]);
  const byId = new Map<string, InboxItem>(items.map((item) => [item.id, item]));
  const mayIn = questions.filter(({ values: [projectId = ""], firstId = "" }) => {
    const item = byId.get(firstId);
    if (item === undefined) return false;
    const audience = readAudience(audienceText(item), { subjectId: "", withAmount: false });
    return isForViewer(audience, projects.get(projectId), viewer);
  });
  const places = Map.groupBy(mayIn, ({ values: [projectId = ""] }) => projectId);
  const questionsOf = (here: typeof mayIn): readonly string[] => here.map(({ values: [, question = ""] }) => question).sort();
  // Projects where the same may be answered are one condition; mostly that is all of them.
  const alike = Map.groupBy(places, ([, here]) => questionsOf(here).join(" "));
  const anyOf = [...alike.values()].map((same) => ({
    ...isWaiting,
    projectId: same.map(([projectId]) => projectId),
    question: questionsOf(same[0]?.[1] ?? []),
  }));
  return { anyOf, ids: [] };
}

/** Where a policy looks at subjects or amounts, or a delegation has a limit: every open item is looked at, equal ones judged once. */
async function askedByItem(reader: Reader, viewer: Viewer, withAmount: boolean): Promise<Asked> {
  const fields = ["projectId", "requestId", "audience", ...(viewer.judge.ignores.ids ? [] : ["subjectId"])];
  const open = await reader.tally(inboxItemKind, fields, { where: isWaiting });
  const projects = await readProjects(
    reader,
    open.map(({ values: [projectId = ""] }) => projectId),
  );
  const answers = new Map<string, boolean>();
  const isTheirs = ([projectId = "", , audience = "", subjectId = ""]: readonly string[]): boolean => {
    const key = `${projectId} ${subjectId} ${withAmount ? audience : withoutAmount(audience)}`;
    const known = answers.get(key);
    if (known !== undefined || answers.size >= maxQuestions) return known ?? false;
    const may = isForViewer(readAudience(audience, { subjectId, withAmount }), projects.get(projectId), viewer);
    answers.set(key, may);
    return may;
  };
  return { anyOf: [], ids: open.filter(({ values }) => isTheirs(values)).map(({ values: [, requestId = ""] }) => requestId) };
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
