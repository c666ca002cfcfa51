import fc from "fast-check";
import { expect, test } from "vitest";
import { asId } from "../shared/ids.ts";
import { type Channel, type ChannelForm, channelForms, noticeTopics } from "./channel.ts";
import { chooseNotices, isNews, type News, type Reachable, waitedFor } from "./choose-notices.ts";
import type { InboxItem } from "./inbox-item.ts";
import type { Person, Project, Role } from "./person.ts";

/* Laws of what reaches whom: nobody outside the audience, the project or the topic; each channel once; rehearsals nobody. */

const roles: readonly Role[] = ["administrator", "director", "lead", "contributor", "agent", "auditor"];
const ids = ["ada", "bea", "cyd", "dan"] as const;
const id = fc.constantFrom(...ids);

const person = (personId: string): fc.Arbitrary<Person> =>
  fc.record({
    id: fc.constant(personId),
    version: fc.constant(1),
    eventCount: fc.constant(1),
    name: fc.constant(personId),
    email: fc.constant(null),
    roles: fc.subarray([...roles]),
    state: fc.constantFrom("active" as const, "removed" as const),
  });

const channel: fc.Arbitrary<Channel> = fc.record({
  id: fc.uuid(),
  version: fc.constant(1),
  eventCount: fc.constant(1),
  personId: fc.option(id),
  kind: fc.constantFrom<ChannelForm>(...channelForms),
  state: fc.constantFrom("active" as const, "paused" as const, "removed" as const),
  name: fc.string(),
  target: fc.constant({}),
  topics: fc.subarray([...noticeTopics]),
  activeSinceMs: fc.nat(100),
  linkVersion: fc.constant(1),
  failures: fc.constant(0),
  pausedReason: fc.constant(""),
  lastTest: fc.constant(null),
});

const item: fc.Arbitrary<InboxItem> = fc.record({
  id: fc.constant("item"),
  version: fc.constant(1),
  eventCount: fc.constant(1),
  kind: fc.constantFrom("question" as const, "approval" as const, "mention" as const),
  state: fc.constantFrom("open" as const, "delegated" as const, "answered" as const),
  requestId: fc.constant(asId<"request">("request")),
  subjectKind: fc.constant("request"),
  subjectId: fc.constant("request"),
  title: fc.string(),
  detail: fc.string(),
  ruleId: fc.constant("rule"),
  choices: fc.constant([]),
  risk: fc.constantFrom("low" as const, "medium" as const, "high" as const),
  roles: fc.subarray([...roles]),
  excludedPersonIds: fc.subarray(ids.map((one) => asId<"person">(one))),
  delegateId: fc.option(id.map((one) => asId<"person">(one))),
  evidence: fc.constant({}),
  askedAtMs: fc.constant(0),
  dueAtMs: fc.option(fc.nat(1_000)),
  defaultChoice: fc.option(fc.constant("yes")),
  answer: fc.constant(null),
});

const project = (mode: "real" | "rehearsal", named: boolean): Project => ({
  id: "project",
  version: 1,
  eventCount: 1,
  key: "ENG",
  name: "Engineering",
  mode,
  clockAtMs: null,
  planApproverRoles: [],
  state: "active",
  access: named ? { kind: "named", personIds: [], teamIds: [] } : { kind: "everyone" },
});

const kinds = [
  "decision.requested",
  "decision.delegated",
  "decision.returned",
  "decision.asked-back",
  "decision.reminded",
  "decision.escalated",
  "decision.overdue",
  "decision.expired",
  "comment.posted",
  "request.delivered",
  "channel.paused",
  "task.started",
  "notice.sent",
] as const;

const world = fc.record({
  news: fc.record({
    kind: fc.constantFrom(...kinds),
    subjectKind: fc.constant("row"),
    subjectId: fc.constant("subject"),
    data: fc.record(
      {
        mentions: fc.array(id),
        of: id,
        personId: fc.option(id),
        roles: fc.subarray([...roles]),
        title: fc.string(),
        reason: fc.string(),
      },
      { requiredKeys: [] },
    ),
    actorId: fc.constantFrom(...ids, "sweeper"),
    recordedAtMs: fc.nat(100),
    project: fc.option(
      fc.tuple(fc.constantFrom("real" as const, "rehearsal" as const), fc.boolean()).map(([mode, named]) => project(mode, named)),
      {
        nil: undefined,
      },
    ),
    item: fc.option(item, { nil: undefined }),
    request: fc.option(fc.record({ id: fc.constant("request"), label: fc.constant("ENG-1"), title: fc.string(), requesterId: id }), {
      nil: undefined,
    }),
  }),
  channels: fc.uniqueArray(channel, { selector: (one) => one.id, maxLength: 12 }),
  members: fc.tuple(...ids.map(person)),
  inside: fc.subarray([...ids]),
});

const asked = ({
  news,
  channels,
  members,
  inside,
}: {
  news: News;
  channels: readonly Channel[];
  members: readonly Person[];
  inside: readonly string[];
}) => {
  const around: Reachable = { channels, members, mayEnter: (one) => inside.some((who) => who === one.id) };
  return { around, chosen: chooseNotices(news, around) };
};

test("each message goes to an active channel that takes its topic, was there before, and belongs to somebody who may know", () => {
  fc.assert(
    fc.property(world, (given) => {
      const { chosen } = asked(given);
      expect(new Set(chosen.map((one) => one.channel.id)).size).toBe(chosen.length);
      for (const { channel: to, topic } of chosen) {
        expect(to).toMatchObject({ state: "active" });
        expect(to.kind).not.toBe("feed");
        expect(to.topics).toContain(topic);
        expect(to.activeSinceMs).toBeLessThanOrEqual(given.news.recordedAtMs);
        const owner = given.members.find((one) => one.id === to.personId);
        const mayKnow =
          to.personId === null
            ? given.news.project?.access?.kind !== "named"
            : owner?.state === "active" && given.inside.some((who) => who === owner.id);
        expect(mayKnow).toBe(true);
      }
    }),
  );
});

test("a rehearsal, a fact that is no news, and the item of a mention reach nobody", () => {
  fc.assert(
    fc.property(world, (given) => {
      const { chosen } = asked(given);
      const quiet = !isNews(given.news.kind) || given.news.project?.mode === "rehearsal" || given.news.item?.kind === "mention";
      expect(quiet && chosen.length > 0).toBe(false);
    }),
  );
});

test("one person more, one channel less or another order changes nothing for the others", () => {
  fc.assert(
    fc.property(world, (given) => {
      const { chosen } = asked(given);
      const turned = asked({ ...given, channels: given.channels.toReversed() }).chosen;
      expect(new Set(turned.map((one) => one.channel.id))).toEqual(new Set(chosen.map((one) => one.channel.id)));
      const [first, ...rest] = given.channels;
      const fewer = asked({ ...given, channels: rest }).chosen;
      expect(fewer).toEqual(chosen.filter((one) => one.channel.id !== first?.id));
    }),
  );
});

test("an open item waits for somebody whenever somebody could answer, and for the own work only when nobody else could", () => {
  fc.assert(
    fc.property(item, fc.tuple(...ids.map(person)), (one, members) => {
      const waits = waitedFor(one, members);
      const isOpen = one.state !== "answered";
      const able = members.filter(
        (member) => member.state === "active" && (one.roles.length > 0 ? one.roles.some((role) => member.roles.includes(role)) : true),
      );
      for (const personId of waits) expect(members.find((member) => member.id === personId)?.state).toBe("active");
      expect(one.delegateId === null || waits.every((personId) => personId === one.delegateId)).toBe(true);
      const excluded = new Set<string>(one.excludedPersonIds);
      const both =
        one.delegateId === null && waits.some((personId) => excluded.has(personId)) && waits.some((personId) => !excluded.has(personId));
      expect(both).toBe(false);
      expect(isOpen && one.delegateId === null && one.roles.length > 0 && able.length > 0 && waits.length === 0).toBe(false);
      expect(!isOpen && waits.length > 0).toBe(false);
    }),
  );
});
