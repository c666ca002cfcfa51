import type { JsonObject } from "../shared/json.ts";
import { isActive } from "./authority.ts";
import type { Channel, NoticeTopic } from "./channel.ts";
import type { InboxItem } from "./inbox-item.ts";
import type { Person, Project } from "./person.ts";

/** A recorded fact with the rows that tell what it means to people. */
export interface News {
  readonly kind: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly data: JsonObject;
  readonly actorId: string;
  /** When it was stored, the database's clock. */
  readonly recordedAtMs: number;
  /** Where it happened; undefined: in the organization. */
  readonly project: Project | undefined;
  /** The item the fact is about, as it is now. */
  readonly item: InboxItem | undefined;
  readonly request: { readonly id: string; readonly label: string; readonly title: string; readonly requesterId: string } | undefined;
}

/** Who could be reached, and through what. */
export interface Reachable {
  readonly channels: readonly Channel[];
  readonly members: readonly Person[];
  /** Whether a person may enter the project of the news. */
  readonly mayEnter: (person: Person) => boolean;
}

/** One message to one channel. */
export interface ChosenNotice {
  readonly channel: Channel;
  readonly topic: NoticeTopic;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly payload: JsonObject;
}

type Audience = (news: News, around: Reachable) => readonly string[];

/** The people an item waits for: named, handed to, or with the role; own work only where nobody else could. */
export function waitedFor(item: InboxItem, members: readonly Person[]): readonly string[] {
  if (item.state !== "open" && item.state !== "delegated") return [];
  const active = members.filter((member) => isActive(member));
  if (item.delegateId !== null) return active.filter(({ id }) => id === item.delegateId).map(({ id }) => id);
  const able = active.filter(
    ({ id, roles }) =>
      (item.personIds === undefined || item.personIds.some((named) => named === id)) &&
      (item.roles.length === 0
        ? !roles.every((role) => role === "agent" || role === "auditor")
        : item.roles.some((role) => roles.includes(role))),
  );
  const others = able.filter(({ id }) => !item.excludedPersonIds.some((excluded) => excluded === id));
  return (others.length > 0 ? others : able).map(({ id }) => id);
}

const ofItem: Audience = ({ item }, { members }) => (item === undefined ? [] : waitedFor(item, members));

/** An escalation is told to the roles of its step; who may decide stays as it was. */
const ofRung: Audience = (news, around) => {
  const roles = textsOf(news.data["roles"]);
  return roles.length === 0
    ? ofItem(news, around)
    : around.members.filter((one) => one.roles.some((role) => roles.includes(role))).map(({ id }) => id);
};

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : typeof value === "string" ? [value] : [];

/** Facts that reach people, with their topic and whom they are for. Everything else is quiet. */
const rules: { readonly [kind: string]: { readonly topic: NoticeTopic; readonly audience: Audience } } = {
  "decision.requested": { topic: "needs-you", audience: ofItem },
  "decision.delegated": { topic: "needs-you", audience: ofItem },
  "decision.returned": { topic: "needs-you", audience: ofItem },
  "decision.asked-back": { topic: "needs-you", audience: ({ data }) => textsOf(data["of"]) },
  "decision.reminded": { topic: "reminder", audience: ofItem },
  "decision.escalated": { topic: "escalation", audience: ofRung },
  "decision.overdue": { topic: "due", audience: ofItem },
  "decision.expired": { topic: "due", audience: ({ request }) => (request === undefined ? [] : [request.requesterId]) },
  "comment.posted": { topic: "mention", audience: ({ data, actorId }) => textsOf(data["mentions"]).filter((id) => id !== actorId) },
  "request.delivered": { topic: "delivered", audience: ({ request }) => (request === undefined ? [] : [request.requesterId]) },
  "channel.paused": { topic: "channel-paused", audience: pausedAudience },
};

/** A channel that failed is told to its owner elsewhere; whoever paused one knows. */
function pausedAudience({ data, actorId }: News, { members }: Reachable): readonly string[] {
  if (members.some(({ id }) => id === actorId)) return [];
  const owner = textsOf(data["personId"]);
  return owner.length > 0 ? owner : members.filter(({ roles }) => roles.includes("administrator")).map(({ id }) => id);
}

/** Kinds of events that are worth reading further rows for. */
export const isNews = (kind: string): boolean => Object.hasOwn(rules, kind);

/**
 * Every message that a fact makes: for each person it concerns, each of their channels that takes the topic, and the
 * organization's channels. A rehearsal reaches nobody; a project with named members is told to nobody else. Pure, so the
 * same fact with the same rows makes the same messages. `O(people x channels)`.
 */
export function chooseNotices(news: News, around: Reachable): readonly ChosenNotice[] {
  const rule = rules[news.kind];
  if (rule === undefined || news.project?.mode === "rehearsal") return [];
  // A mention makes a comment and an item; the comment is told, once.
  if (news.item?.kind === "mention") return [];
  const concerned = new Set(rule.audience(news, around));
  const reached = around.members.filter((member) => concerned.has(member.id) && isActive(member) && around.mayEnter(member));
  const isOpenToAll = (news.project?.access?.kind ?? "everyone") === "everyone";
  return around.channels
    .filter((channel) => takes(channel, rule.topic, news))
    .filter((channel) =>
      channel.personId === null ? isOpenToAll && concerned.size > 0 : reached.some(({ id }) => id === channel.personId),
    )
    .map((channel) => ({
      channel,
      topic: rule.topic,
      subjectKind: news.item === undefined ? news.subjectKind : "inbox_item",
      subjectId: news.item?.id ?? news.subjectId,
      payload: payloadOf(news),
    }));
}

const takes = (channel: Channel, topic: NoticeTopic, news: News): boolean =>
  channel.state === "active" &&
  channel.kind !== "feed" &&
  channel.topics.includes(topic) &&
  news.recordedAtMs >= channel.activeSinceMs &&
  channel.id !== news.subjectId;

const payloadOf = (news: News): JsonObject => ({
  fact: news.kind,
  title: titleOf(news),
  ...requestPart(news),
  ...itemPart(news),
  ...(typeof news.data["reason"] === "string" ? { reason: news.data["reason"] } : {}),
});

const titleOf = ({ item, request, data: { title } }: News): string =>
  item?.title ?? (typeof title === "string" ? title : (request?.title ?? ""));

const requestPart = ({ request }: News): JsonObject =>
  request === undefined ? {} : { requestId: request.id, requestLabel: request.label, requestTitle: request.title };

const itemPart = ({ item }: News): JsonObject =>
  item === undefined
    ? {}
    : {
        itemId: item.id,
        itemKind: item.kind,
        risk: item.risk,
        dueAtMs: item.clock?.dueAtMs ?? null,
        defaultChoice: item.defaultChoice,
      };
