import { isAddressed } from "../../core/oversight/addressed.ts";
import { type Authority, decideAuthority, otherDeciders } from "../../core/oversight/authority.ts";
import { attemptKind } from "../../core/execution/attempt.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { type Project, projectKindOf } from "../../core/oversight/person.ts";
import { type WorkRequest, requestKind, requestLabel } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Json } from "../../core/shared/json.ts";
import type { Reader } from "../ports/store.ts";
import { type NamedPerformer, type People, namedPerson, readPeople } from "./people-view.ts";

/** One inbox row as its reader sees it. */
export interface InboxItemView {
  readonly id: string;
  readonly kind: InboxItem["kind"];
  readonly state: InboxItem["state"];
  readonly requestId: string;
  readonly requestLabel: string;
  readonly requestTitle: string;
  readonly projectId: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly title: string;
  readonly risk: InboxItem["risk"];
  readonly roles: InboxItem["roles"];
  readonly delegate: NamedPerformer | null;
  readonly askedAtMs: number;
  readonly dueAtMs: number | null;
  readonly defaultChoice: string | null;
  readonly choices: InboxItem["choices"];
  readonly mayAnswer: boolean;
  readonly whyNot: string | null;
  readonly rehearsal: boolean;
}

export interface InboxItemDetailView extends InboxItemView {
  readonly schema: "xvc.inbox-item/1";
  readonly detail: string;
  readonly ruleId: string;
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
  readonly viewerId: string;
  readonly people: People;
  readonly requests: ReadonlyMap<string, WorkRequest>;
  readonly projects: ReadonlyMap<string, Project>;
}

/** What a lone person types to confirm: the request's label, or the start of the item's id for an effect. The handlers ask for the same. */
export const confirmationOf = (item: InboxItem, label: string): string => (item.kind === "unknown-effect" ? item.id.slice(0, 8) : label);

/** Whether the viewer may answer, by the rule that the command will apply; what is confirmed by typing counts as typed. */
export function authorityOver(item: InboxItem, viewerId: string, people: People): Authority {
  if (!isAddressed(item, viewerId)) return { kind: "denied", code: "inbox.not-yours", message: "This is for somebody else." };
  return decideAuthority(item.roles, {
    actor: { kind: "person", id: viewerId },
    person: people.get(viewerId),
    otherDeciders: otherDeciders(item, people.values(), viewerId),
    isOwnWork: item.excludedPersonIds.some((id) => id === viewerId),
    isDelegate: item.delegateId === viewerId,
    confirmation: "",
    shortId: "",
  });
}

export function itemView(item: InboxItem, around: ItemSurroundings): InboxItemView {
  return {
    id: item.id,
    kind: item.kind,
    state: item.state,
    requestId: item.requestId,
    ...requestPart(item, around),
    subjectKind: item.subjectKind,
    subjectId: item.subjectId,
    title: item.title,
    risk: item.risk,
    roles: item.roles,
    delegate: item.delegateId === null ? null : namedPerson(around.people, item.delegateId),
    askedAtMs: item.askedAtMs,
    dueAtMs: item.dueAtMs,
    defaultChoice: item.defaultChoice,
    choices: item.choices,
    ...answerPart(item, around),
  };
}

function requestPart(
  item: InboxItem,
  around: ItemSurroundings,
): Pick<InboxItemView, "requestLabel" | "requestTitle" | "projectId" | "rehearsal"> {
  const request = around.requests.get(item.requestId);
  if (request === undefined) return { requestLabel: "", requestTitle: "", projectId: "", rehearsal: false };
  const key = around.projects.get(request.projectId)?.key ?? "?";
  return {
    requestLabel: requestLabel(key, request.number),
    requestTitle: request.title,
    projectId: request.projectId,
    rehearsal: request.rehearsal,
  };
}

function answerPart(item: InboxItem, around: ItemSurroundings): Pick<InboxItemView, "mayAnswer" | "whyNot"> {
  if (item.state !== "open" && item.state !== "delegated") return { mayAnswer: false, whyNot: `This was already ${item.state}.` };
  const authority = authorityOver(item, around.viewerId, around.people);
  return authority.kind === "denied" ? { mayAnswer: false, whyNot: authority.message } : { mayAnswer: true, whyNot: null };
}

/** Reads what a page of items is shown with: three queries, whatever the page's length. */
export async function readItemSurroundings(reader: Reader, items: readonly InboxItem[], viewerId: string): Promise<ItemSurroundings> {
  const [people, requests] = await Promise.all([
    readPeople(reader),
    reader.getMany(requestKind, [...new Set(items.map((item) => item.requestId))]),
  ]);
  const projects = await reader.getMany(projectKindOf, [...new Set(requests.map((request) => request.projectId))]);
  return {
    viewerId,
    people,
    requests: new Map(requests.map((row) => [row.id, row])),
    projects: new Map(projects.map((row) => [row.id, row])),
  };
}

export interface InboxQuery {
  readonly state?: InboxItem["state"];
  readonly requestId?: string;
  readonly cursor?: string;
  /** 1 to 200. */
  readonly limit: number;
}

/** A page of the inbox, newest first. `open` includes what was handed over. */
export async function inboxPageView(reader: Reader, query: InboxQuery, viewerId: string): Promise<InboxPageView> {
  const states = query.state === undefined ? undefined : query.state === "open" ? ["open", "delegated"] : [query.state];
  const rows = await reader.find(inboxItemKind, {
    where: { ...(states === undefined ? {} : { state: states }), ...(query.requestId === undefined ? {} : { requestId: query.requestId }) },
    newestFirst: true,
    limit: query.limit + 1,
    ...(query.cursor === undefined ? {} : { afterId: query.cursor }),
  });
  // What is said to somebody else is no business of this reader; a page may therefore be shorter than asked.
  const page = rows.slice(0, query.limit);
  const shown = page.filter((item) => isAddressed(item, viewerId));
  const around = await readItemSurroundings(reader, shown, viewerId);
  return {
    schema: "xvc.inbox/1",
    items: shown.map((item) => itemView(item, around)),
    nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** One item with everything a person needs to decide it. @throws {Failure} `inbox.not-found` */
export async function inboxItemDetailView(reader: Reader, id: string, viewerId: string): Promise<InboxItemDetailView> {
  const item = await reader.get(inboxItemKind, id);
  if (item === undefined)
    throw new Failure("not-found", "inbox.not-found", {
      message: "There is no such item in the inbox, or it is not yours to see. xvc inbox list shows what waits.",
    });
  const around = await readItemSurroundings(reader, [item], viewerId);
  const authority = authorityOver(item, viewerId, around.people);
  const view = itemView(item, around);
  return {
    ...view,
    schema: "xvc.inbox-item/1",
    detail: item.detail,
    ruleId: item.ruleId,
    evidence: item.evidence,
    answer: item.answer === null ? null : { ...item.answer, by: namedPerson(around.people, item.answer.by) },
    confirm: authority.kind === "granted" && authority.soloWaiver ? confirmationOf(item, view.requestLabel) : null,
    taskId: await taskOf(reader, item),
    planId: item.subjectKind === "plan" ? item.subjectId : null,
  };
}

async function taskOf(reader: Reader, item: InboxItem): Promise<string | null> {
  if (item.subjectKind === "task") return item.subjectId;
  return item.subjectKind === "attempt" ? ((await reader.get(attemptKind, item.subjectId))?.taskId ?? null) : null;
}
