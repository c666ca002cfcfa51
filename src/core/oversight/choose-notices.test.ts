import { expect, test } from "vitest";
import { asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Channel, noticeTopics } from "./channel.ts";
import { chooseNotices, type News } from "./choose-notices.ts";
import type { InboxItem } from "./inbox-item.ts";
import type { Person, Role } from "./person.ts";

const member = (id: string, roles: readonly Role[]): Person => ({
  id,
  version: 1,
  eventCount: 1,
  name: id,
  email: null,
  roles,
  state: "active",
});
const members = [
  member("ada", ["administrator", "director"]),
  member("bea", ["lead"]),
  member("cyd", ["contributor"]),
  member("eve", ["auditor"]),
];
const channelOf = (personId: string | null): Channel => ({
  id: `to-${personId ?? "room"}`,
  version: 1,
  eventCount: 1,
  personId,
  kind: "chat",
  state: "active",
  name: "",
  target: {},
  topics: [...noticeTopics],
  activeSinceMs: 0,
  linkVersion: 1,
  failures: 0,
  pausedReason: "",
  lastTest: null,
});
const channels = [...members.map(({ id }) => channelOf(id)), channelOf(null)];
const item = (fields: Partial<InboxItem> = {}): InboxItem => ({
  id: "item",
  version: 1,
  eventCount: 1,
  kind: "question",
  state: "open",
  requestId: asId("request"),
  subjectKind: "request",
  subjectId: "request",
  title: "Which colour?",
  detail: "",
  ruleId: "",
  choices: [],
  risk: "low",
  roles: ["lead"],
  excludedPersonIds: [],
  delegateId: null,
  evidence: {},
  askedAtMs: 0,
  dueAtMs: 5,
  defaultChoice: null,
  answer: null,
  ...fields,
});
const request = { id: "request", label: "ENG-1", title: "Paint it", requesterId: "cyd" };
const told = (kind: string, fields: Partial<News> = {}) => {
  const news: News = {
    kind,
    subjectKind: "row",
    subjectId: "s",
    data: {},
    actorId: "sweeper",
    recordedAtMs: 1,
    project: undefined,
    item: undefined,
    request: undefined,
    ...fields,
  };
  return chooseNotices(news, { channels, members, mayEnter: () => true });
};
const reached = (kind: string, fields: Partial<News> = {}): readonly string[] =>
  told(kind, fields).map(({ channel }) => channel.id.slice(3));
const facts = (data: JsonObject, more: Partial<News> = {}): Partial<News> => ({ data, ...more });

test.each([
  ["what waits, by role", "decision.requested", { item: item() }, ["bea", "room"]],
  ["what waits for anybody who decides", "decision.requested", { item: item({ roles: [] }) }, ["ada", "bea", "cyd", "room"]],
  ["what waits for somebody named", "decision.requested", { item: item({ roles: [], personIds: [asId("cyd")] }) }, ["cyd", "room"]],
  ["what was handed over", "decision.delegated", { item: item({ state: "delegated", delegateId: asId("cyd") }) }, ["cyd", "room"]],
  [
    "own work while others could decide",
    "decision.requested",
    { item: item({ roles: ["lead", "director"], excludedPersonIds: [asId("bea")] }) },
    ["ada", "room"],
  ],
  ["own work when nobody else could", "decision.requested", { item: item({ excludedPersonIds: [asId("bea")] }) }, ["bea", "room"]],
  ["what is closed", "decision.reminded", { item: item({ state: "answered" }) }, []],
  ["a fact whose item is not there", "decision.requested", {}, []],
  ["what was asked back", "decision.asked-back", facts({ of: "cyd" }, { item: item() }), ["cyd", "room"]],
  ["an escalation, to the roles of its step", "decision.escalated", facts({ roles: ["director"] }, { item: item() }), ["ada", "room"]],
  ["an escalation without roles", "decision.escalated", { item: item() }, ["bea", "room"]],
  ["an answer by default, to who filed it", "decision.expired", { item: item(), request }, ["cyd", "room"]],
  ["an answer by default without its request", "decision.expired", { item: item() }, []],
  ["a mention, but not of oneself", "comment.posted", facts({ mentions: ["bea", "cyd", 7] }, { actorId: "cyd" }), ["bea", "room"]],
  ["a comment that names nobody", "comment.posted", {}, []],
  ["the item of a mention, which the comment told", "decision.requested", { item: item({ kind: "mention" }) }, []],
  ["a delivery, to who filed it", "request.delivered", { request }, ["cyd", "room"]],
  ["a delivery without its request", "request.delivered", {}, []],
  ["a channel that failed, to its owner", "channel.paused", facts({ personId: "bea", reason: "x" }), ["bea", "room"]],
  ["a channel of the organization that failed", "channel.paused", facts({ personId: null }), ["ada", "room"]],
  ["a channel that its owner paused", "channel.paused", facts({ personId: "bea" }, { actorId: "bea" }), []],
  ["anything else", "task.started", {}, []],
] as const)("tells %s", (_what, kind, fields, expected) => {
  expect(reached(kind, fields as Partial<News>)).toEqual(expected); // rows of a table are read-only all the way down
});

test("a message holds what it is about as far as it is known", () => {
  const clock = { ruleId: "r", dueAtMs: 9, steps: [], isOverdue: false, pausedAtMs: null };
  const [full] = told("decision.requested", facts({ reason: "late" }, { item: item({ clock }), request }));
  expect(full).toMatchObject({
    subjectKind: "inbox_item",
    subjectId: "item",
    payload: { title: "Which colour?", requestLabel: "ENG-1", itemId: "item", risk: "low", dueAtMs: 9, reason: "late" },
  });
  expect(told("request.delivered", { request })[0]).toMatchObject({ subjectKind: "row", subjectId: "s", payload: { title: "Paint it" } });
  expect(told("channel.paused", facts({ personId: "bea" }))[0]?.payload).toEqual({ fact: "channel.paused", title: "" });
  expect(told("channel.paused", facts({ personId: "bea", title: "Mail" }))[0]?.payload["title"]).toBe("Mail");
});
