import { expect, test } from "vitest";
import type { DecideContext } from "../shared/decide-context.ts";
import type { Decided } from "../shared/transition.ts";
import { type Channel, maxChannels, noticeTopics } from "./channel.ts";
import {
  type AddChannel,
  decideChannelControl,
  decideChannelTopics,
  decideNewChannel,
  decideTestBegin,
  decideTestEnd,
  testPauseMs,
} from "./decide-channel.ts";
import type { Person, Role } from "./person.ts";

const context: DecideContext = { actor: { kind: "person", id: "a" }, nowMs: 50_000, newId: () => "n" };
const member = (roles: readonly Role[] = ["contributor"], fields: Partial<Person> = {}): Person => ({
  id: "a",
  version: 1,
  eventCount: 1,
  name: "Ada",
  email: "ada@acme.example",
  roles,
  state: "active",
  ...fields,
});
const channel = (fields: Partial<Channel> = {}): Channel => ({
  id: "c",
  version: 1,
  eventCount: 1,
  personId: "a",
  kind: "mail",
  state: "active",
  name: "Mail",
  target: {},
  topics: [...noticeTopics],
  activeSinceMs: 0,
  linkVersion: 1,
  failures: 0,
  pausedReason: "",
  lastTest: null,
  ...fields,
});
const add = (fields: Partial<AddChannel> = {}): AddChannel => ({
  kind: "add-channel",
  form: "feed",
  name: "Due",
  personId: "a",
  target: {},
  topics: [],
  ...fields,
});
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const added = (person: Person | undefined, fields: Partial<AddChannel> = {}, held: readonly Channel[] = []): string =>
  codeOf(decideNewChannel({ person, held }, add(fields), context));

test("a person opens channels for themselves, an administrator also for the organization, nobody for others", () => {
  expect(added(member())).toBe("accepted");
  expect(added(undefined)).toBe("channel.not-a-member");
  expect(added(member(["agent"]))).toBe("channel.not-a-member");
  expect(added(member(["contributor"], { state: "removed" }))).toBe("channel.not-a-member");
  expect(added(member(), { personId: null })).toBe("channel.not-yours");
  expect(added(member(["administrator"]), { personId: null })).toBe("accepted");
  expect(added(member(["administrator"]), { personId: "b" })).toBe("channel.not-yours");
  expect(added(member(), { topics: ["gossip"] })).toBe("channel.unknown-topic");
  expect(added(member(), {}, [channel({ name: "Due" })])).toBe("channel.name-taken");
  expect(
    added(
      member(),
      {},
      Array.from({ length: maxChannels }, () => channel()),
    ),
  ).toBe("channel.too-many");
});

test("mail goes to the address on record; only an administrator names another", () => {
  const mail = (address: unknown): Partial<AddChannel> => ({ form: "mail", target: { address: address as string } });
  expect(added(member(), mail("ADA@acme.example"))).toBe("accepted");
  expect(added(member(), mail("eve@evil.example"))).toBe("channel.address-not-yours");
  expect(added(member(), mail(7))).toBe("channel.address-not-yours");
  expect(added(member(["contributor"], { email: null }), mail("ada@acme.example"))).toBe("channel.address-not-yours");
  expect(added(member(["administrator"]), mail("team@acme.example"))).toBe("accepted");
});

test("said topics are kept once each, and none means all", () => {
  const topicsOf = (topics: readonly string[]) => {
    const decided = decideNewChannel({ person: member(), held: [] }, add({ topics }), context);
    return decided.kind === "accepted" ? (decided.transition.changes[0]?.after as Channel | undefined)?.topics : [];
  };
  expect(topicsOf([])).toEqual([...noticeTopics]);
  expect(topicsOf(["due", "due"])).toEqual(["due"]);
});

test.each([
  ["pause-channel", "active", "mail", "paused"],
  ["pause-channel", "paused", "mail", "channel.wrong-state"],
  ["resume-channel", "paused", "mail", "active"],
  ["resume-channel", "active", "mail", "channel.wrong-state"],
  ["remove-channel", "paused", "mail", "removed"],
  ["remove-channel", "removed", "mail", "channel.wrong-state"],
  ["renew-channel", "active", "feed", "active"],
  ["renew-channel", "active", "mail", "channel.not-a-feed"],
] as const)("%s of a channel that is %s (%s) gives %s", (kind, state, form, outcome) => {
  const decided = decideChannelControl(
    { channel: channel({ state, kind: form, failures: 2 }), person: member() },
    { kind, channelId: "c" },
    context,
  );
  expect(decided.kind === "accepted" ? decided.transition.answer["state"] : decided.code).toBe(outcome);
});

test("what is another's is left alone, except by an administrator", () => {
  const theirs = channel({ personId: "b" });
  const pause = { kind: "pause-channel", channelId: "c" } as const;
  const topics = { kind: "set-channel-topics", channelId: "c", topics: ["due"] } as const;
  const begin = { kind: "begin-channel-test", channelId: "c" } as const;
  for (const decide of [
    (person: Person) => decideChannelControl({ channel: theirs, person }, pause, context),
    (person: Person) => decideChannelTopics({ channel: theirs, person }, topics, context),
    (person: Person) => decideTestBegin({ channel: theirs, person }, begin, context),
  ]) {
    expect(codeOf(decide(member()))).toBe("channel.not-yours");
    expect(codeOf(decide(member(["administrator"])))).toBe("accepted");
  }
});

test("topics change while a channel is there", () => {
  const set = (state: Channel["state"], topics: readonly string[]) =>
    codeOf(
      decideChannelTopics(
        { channel: channel({ state }), person: member() },
        { kind: "set-channel-topics", channelId: "c", topics },
        context,
      ),
    );
  expect(set("paused", [])).toBe("accepted");
  expect(set("active", ["gossip"])).toBe("channel.unknown-topic");
  expect(set("removed", ["due"])).toBe("channel.wrong-state");
});

test("a channel is tried by one at a time, and its result belongs to a test that was begun", () => {
  const begin = (fields: Partial<Channel>) =>
    codeOf(decideTestBegin({ channel: channel(fields), person: member() }, { kind: "begin-channel-test", channelId: "c" }, context));
  expect(begin({})).toBe("accepted");
  expect(begin({ lastTest: { atMs: context.nowMs - testPauseMs, ok: true, detail: "" } })).toBe("accepted");
  expect(begin({ lastTest: { atMs: context.nowMs - testPauseMs + 1, ok: true, detail: "" } })).toBe("channel.tested-just-now");
  expect(begin({ state: "removed" })).toBe("channel.wrong-state");
  const end = (detail: string | null) =>
    codeOf(
      decideTestEnd(
        { channel: channel({ lastTest: detail === null ? null : { atMs: 0, ok: false, detail } }), person: member() },
        { kind: "end-channel-test", channelId: "c", ok: true, detail: "x".repeat(999) },
        context,
      ),
    );
  expect([end("being tried"), end("taken"), end(null)]).toEqual(["accepted", "channel.not-tried", "channel.not-tried"]);
});
