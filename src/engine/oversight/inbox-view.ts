import { attemptKind } from "../../core/execution/attempt.ts";
import { isAddressed, isTurnOf } from "../../core/oversight/addressed.ts";
import { openAskBack } from "../../core/oversight/decide-ask-back.ts";
import { type InboxItem, inboxItemKind, isItemClosed } from "../../core/oversight/inbox-item.ts";
import { type Project, projectKindOf } from "../../core/oversight/person.ts";
import { maySpeak } from "../../core/requests/decide-comment.ts";
import { type WorkRequest, requestKind, requestLabel } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json } from "../../core/shared/json.ts";
import { detailWithChecks } from "../personas/persona-rules.ts";
import type { Reader } from "../ports/store.ts";
import {
  type EarlierDecisionView,
  type ItemContextView,
  asksPerson,
  earlierDecisions,
  itemContextView,
  laterUntil,
} from "./item-detail-view.ts";
import { type NamedPerformer, type People, namedPerson } from "./people-view.ts";
import { type Looking, type Viewer, authorityOver, readViewer } from "./viewer.ts";
import { itemProjectId, requestIdsOf } from "./item-place.ts";

/** One inbox row as its reader sees it. */
export interface InboxItemView {
  readonly id: string;
  readonly kind: InboxItem["kind"];
  readonly state: InboxItem["state"];
  readonly requestId: string | null;
  /** Of an item without a request: key and name of its project. */
  readonly requestLabel: string;
  readonly requestTitle: string;
  readonly projectId: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly title: string;
  readonly risk: InboxItem["risk"];
  readonly ruleId: string;
  readonly roles: InboxItem["roles"];
  readonly delegate: NamedPerformer | null;
  readonly askedAtMs: number;
  readonly dueAtMs: number | null;
  readonly defaultChoice: string | null;
  readonly paused: boolean;
  readonly overdue: boolean;
  /** The viewer is the one to act. */
  readonly mine: boolean;
  readonly asksMe: boolean;
  readonly choices: InboxItem["choices"];
  readonly mayAnswer: boolean;
  readonly whyNot: string | null;
  readonly rehearsal: boolean;
}

export interface InboxItemDetailView extends InboxItemView, ItemContextView {
  readonly schema: "xvc.inbox-item/1";
  readonly detail: string;
  readonly earlier: readonly EarlierDecisionView[];
  readonly may: {
    readonly answer: boolean;
    readonly delegate: boolean;
    readonly askBack: boolean;
    readonly reply: boolean;
    readonly reason: string | null;
  };
  readonly evidence: InboxItem["evidence"];
  readonly answer: {
    readonly choice: string;
    readonly value: Json;
    readonly reason: string;
    readonly by: NamedPerformer;
    readonly atMs: number;
    readonly soloWaiver: boolean;
  } | null;
  /** What a lone person types to confirm; null: nobody has to. */
  readonly confirm: string | null;
  readonly taskId: string | null;
  readonly planId: string | null;
}

export interface InboxPageView {
  readonly schema: "xvc.inbox/1";
  readonly items: readonly InboxItemView[];
  readonly nextCursor: string | null;
}

/** Rows around inbox items, read once for a whole page. */
export interface ItemSurroundings {
  readonly viewer: Viewer;
  readonly requests: ReadonlyMap<string, WorkRequest>;
  readonly projects: ReadonlyMap<string, Project>;
}

/** What a lone person types to confirm: the request's label, or the start of the item's id for an effect. The handlers ask for the same. */
export const confirmationOf = (item: InboxItem, label: string): string => (item.kind === "unknown-effect" ? item.id.slice(0, 8) : label);

export function itemView(item: InboxItem, around: ItemSurroundings): InboxItemView {
  return {
    id: item.id,
    kind: item.kind,
    state: item.state,
    requestId: item.requestId,
    ...requestPart(item, around),
    subjectKind: item.subjectKind,
    subjectId: item.subjectId,
    title: titleOf(item, around.viewer.people),
    risk: item.risk,
    ruleId: item.ruleId,
    roles: item.roles,
    delegate: item.delegateId === null ? null : namedPerson(around.viewer.people, item.delegateId),
    askedAtMs: item.askedAtMs,
    ...clockPart(item),
    defaultChoice: item.defaultChoice,
    choices: choicesFor(item, around.viewer),
    ...answerPart(item, around),
  };
}

/** An auditor marks a mention seen and says nothing. */
/** Who mentioned somebody is named here and not in the row, where the name would outlive its erasure. */
function titleOf({ kind, title, evidence }: InboxItem, people: People): string {
  const { authorId } = evidence;
  const author = kind === "mention" && typeof authorId === "string" ? people.get(authorId) : undefined;
  return author === undefined ? title : title.replace(/^You were mentioned/u, () => `${author.name} mentioned you`);
}

const choicesFor = (item: InboxItem, { people, viewerId }: Viewer): InboxItem["choices"] =>
  item.kind !== "mention" || maySpeak(people.get(viewerId)) ? item.choices : item.choices.filter(({ id }) => id !== "reply");

function requestPart(
  item: InboxItem,
  around: ItemSurroundings,
): Pick<InboxItemView, "requestLabel" | "requestTitle" | "projectId" | "rehearsal"> {
  const request = around.requests.get(item.requestId ?? "");
  if (request === undefined) return projectPart(projectOf(item, around));
  const key = around.projects.get(request.projectId)?.key ?? "?";
  return {
    requestLabel: requestLabel(key, request.number),
    requestTitle: request.title,
    projectId: request.projectId,
    rehearsal: request.rehearsal,
  };
}

const projectPart = (project: Project | undefined): Pick<InboxItemView, "requestLabel" | "requestTitle" | "projectId" | "rehearsal"> => ({
  requestLabel: project?.key ?? "",
  requestTitle: project?.name ?? "",
  projectId: project?.id ?? "",
  rehearsal: project?.mode === "rehearsal",
});

const clockPart = ({ clock, ...item }: InboxItem): Pick<InboxItemView, "dueAtMs" | "paused" | "overdue"> =>
  clock === undefined || isItemClosed(item)
    ? { dueAtMs: null, paused: false, overdue: false }
    : {
        dueAtMs: clock.pausedAtMs === null ? clock.dueAtMs : null,
        paused: clock.pausedAtMs !== null,
        overdue: clock.isOverdue,
      };

function answerPart(item: InboxItem, around: ItemSurroundings): Pick<InboxItemView, "mayAnswer" | "whyNot" | "mine" | "asksMe"> {
  const asksMe = asksPerson(item, around.viewer.viewerId);
  if (isItemClosed(item)) return { mayAnswer: false, whyNot: `This was already ${item.state}.`, mine: false, asksMe };
  const authority = authorityOver(item, projectOf(item, around), around.viewer);
  if (authority.kind === "denied") return { mayAnswer: false, whyNot: authority.message, mine: asksMe, asksMe };
  const isPutOff = laterUntil(item, viewerOf(item, around)) !== null;
  return { mayAnswer: true, whyNot: null, mine: asksMe || (!isPutOff && isTurnOf(item, around.viewer.viewerId, authority.rule)), asksMe };
}

/** The viewer at the time that counts for the item: the project's own in a rehearsal. */
function viewerOf(item: InboxItem, around: ItemSurroundings): { readonly id: string; readonly nowMs: number } {
  const { viewerId, nowMs } = around.viewer;
  const project = projectOf(item, around);
  return { id: viewerId, nowMs: project?.mode === "rehearsal" ? (project.clockAtMs ?? nowMs) : nowMs };
}

const projectOf = (item: InboxItem, around: ItemSurroundings): Project | undefined =>
  around.projects.get(itemProjectId(item, around.requests) ?? "");

/** Reads what a page of items is shown with: three queries, whatever the page's length. */
export async function readItemSurroundings(reader: Reader, items: readonly InboxItem[], looking: Looking): Promise<ItemSurroundings> {
  return surroundingsOf(reader, items, readViewer(reader, looking));
}

async function surroundingsOf(reader: Reader, items: readonly InboxItem[], looks: Viewer | Promise<Viewer>): Promise<ItemSurroundings> {
  const [viewer, requests] = await Promise.all([looks, reader.getMany(requestKind, requestIdsOf(items))]);
  const projectIds = [...requests.map((request) => request.projectId), ...items.flatMap(({ projectId }) => projectId ?? [])];
  const projects = await reader.getMany(projectKindOf, [...new Set(projectIds)]);
  return {
    viewer,
    requests: new Map(requests.map((row) => [row.id, row])),
    projects: new Map(projects.map((row) => [row.id, row])),
  };
}

export interface InboxQuery {
  /** Only what is for the viewer. */
  readonly forViewer?: boolean;
  readonly state?: InboxItem["state"];
  readonly requestId?: string;
  readonly cursor?: string;
  /** 1 to 200. */
  readonly limit: number;
}

/** Rows looked at for one page of what is for one person; the cursor goes on behind them. */
const maxScanned = 2_000;
const scanSize = 200;

/** A page of the inbox, newest first. `open` includes what was handed over; a mention is listed for those whom it names. */
export async function inboxPageView(reader: Reader, query: InboxQuery, looking: Looking): Promise<InboxPageView> {
  const items: InboxItemView[] = [];
  let { cursor } = query;
  const viewer = await readViewer(reader, looking);
  for (let scanned = 0; scanned < maxScanned;) {
    // The first page is often full at once; who has to look further looks at more in one go.
    const size = scanned === 0 ? query.limit : Math.max(query.limit, scanSize);
    const { views, seen, isLast } = await nextViews(reader, query, { viewer, cursor, size });
    const kept = views.filter((view) => query.forViewer !== true || view.mine).slice(0, query.limit - items.length);
    items.push(...kept);
    const isFull = items.length === query.limit;
    const seenLast = seen.at(-1)?.id;
    cursor = isFull ? kept.at(-1)?.id : seenLast;
    if (isLast && cursor === seenLast) return pageOf(items, undefined);
    if (isFull) break;
    scanned += seen.length;
  }
  return pageOf(items, cursor);
}

const pageOf = (items: readonly InboxItemView[], cursor: string | undefined): InboxPageView => ({
  schema: "xvc.inbox/1",
  items,
  nextCursor: cursor ?? null,
});

const statesOf = (state: InboxQuery["state"]) => (state === "open" ? ["open", "delegated"] : [state ?? ""]);

async function nextViews(
  reader: Reader,
  query: InboxQuery,
  { viewer, cursor, size }: { readonly viewer: Viewer; readonly cursor: string | undefined; readonly size: number },
): Promise<{ readonly views: readonly InboxItemView[]; readonly seen: readonly InboxItem[]; readonly isLast: boolean }> {
  const rows = await reader.find(inboxItemKind, {
    where: {
      ...(query.state === undefined ? {} : { state: statesOf(query.state) }),
      ...(query.requestId === undefined ? {} : { requestId: query.requestId }),
    },
    newestFirst: true,
    limit: size + 1,
    ...(cursor === undefined ? {} : { afterId: cursor }),
  });
  const seen = rows.slice(0, size);
  const shown = seen.filter((item) => item.kind !== "mention" || item.delegateId === viewer.viewerId || isAddressed(item, viewer.viewerId));
  const around = await surroundingsOf(reader, shown, viewer);
  return { views: shown.map((item) => itemView(item, around)), seen, isLast: rows.length <= size };
}

/** One item with everything a person needs to decide it. @throws {Failure} `inbox.not-found` */
export async function inboxItemDetailView(reader: Reader, id: string, looking: Looking): Promise<InboxItemDetailView> {
  const item = await reader.get(inboxItemKind, id);
  if (item === undefined)
    throw new Failure("not-found", "inbox.not-found", {
      message: "There is no such item in the inbox, or it is not yours to see. xvc inbox list shows what waits.",
    });
  const around = await readItemSurroundings(reader, [item], looking);
  const authority = authorityOver(item, projectOf(item, around), around.viewer);
  const view = itemView(item, around);
  return {
    ...view,
    ...itemContextView(item, around.viewer.people, viewerOf(item, around)),
    schema: "xvc.inbox-item/1",
    detail: await detailWithChecks(reader, item),
    earlier: await earlierDecisions(reader, item, around.viewer.people),
    may: mayOf(item, view),
    evidence: item.evidence,
    answer: item.answer === null ? null : { ...item.answer, by: namedPerson(around.viewer.people, item.answer.by) },
    confirm: authority.kind === "granted" && authority.soloWaiver ? confirmationOf(item, view.requestLabel) : null,
    taskId: await taskOf(reader, item),
    planId: item.subjectKind === "plan" ? item.subjectId : null,
  };
}

function mayOf(item: InboxItem, view: InboxItemView): InboxItemDetailView["may"] {
  const isOpen = !isItemClosed(item);
  return {
    answer: view.mayAnswer,
    delegate: isOpen && view.mayAnswer && item.kind !== "mention",
    askBack: view.mayAnswer && !view.paused && item.kind !== "mention",
    reply: isOpen && openAskBack(item) !== undefined && (view.asksMe || view.mayAnswer),
    reason: view.whyNot,
  };
}

async function taskOf(reader: Reader, item: InboxItem): Promise<string | null> {
  if (item.subjectKind === "task") return item.subjectId;
  return item.subjectKind === "attempt" ? ((await reader.get(attemptKind, item.subjectId))?.taskId ?? null) : null;
}
