import { expect, test } from "vitest";
import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, maxHandOvers } from "../shared/transition.ts";
import type { Channel } from "./channel.ts";
import {
  decideNewNotice,
  decideNoticeLoss,
  decideNoticeReport,
  decideRelease,
  decideReplay,
  decideRetry,
  type FileNotice,
  maxReleased,
  type ReportNotice,
} from "./decide-notice.ts";
import { maxChannelFailures, maxTriesKept, type Notice, retryPausesMs } from "./notice.ts";
import type { Person, Role } from "./person.ts";

let made = 0;
const context: DecideContext = { actor: { kind: "person", id: "a" }, nowMs: 1_000, newId: () => `n${String((made += 1))}` };
const channel = (fields: Partial<Channel> = {}): Channel => ({
  id: "c",
  version: 1,
  eventCount: 1,
  personId: "a",
  kind: "mail",
  state: "active",
  name: "Mail",
  target: {},
  topics: [],
  activeSinceMs: 0,
  linkVersion: 1,
  failures: 0,
  pausedReason: "",
  lastTest: null,
  ...fields,
});
const notice = (fields: Partial<Notice> = {}): Notice => ({
  id: "m",
  version: 1,
  eventCount: 1,
  channelId: "c",
  personId: "a",
  subjectKind: "inbox_item",
  subjectId: "i",
  topic: "needs-you",
  state: "pending",
  epoch: 1,
  handOvers: 0,
  payload: { title: "One" },
  tries: [],
  failedTries: 0,
  filedAtMs: 0,
  heldUntilMs: null,
  ...fields,
});
const person = (roles: readonly Role[], id = "a"): Person => ({
  id,
  version: 1,
  eventCount: 1,
  name: id,
  email: null,
  roles,
  state: "active",
});

/** The refusal's code, or what the decision changed, recorded and enqueued. */
const seen = (decided: Decided) =>
  decided.kind === "refused"
    ? decided.code
    : {
        rows: decided.transition.changes.map(({ kind, after }) => [kind.name, (after as { readonly state?: string }).state]),
        events: decided.transition.events.map(({ kind }) => kind),
        jobs: decided.transition.jobs.map(({ epoch }) => epoch),
      };

test("files a message on its way, or held with one clock for all of its channel", () => {
  const file = (holdUntilMs: number | null, waitsAlready: boolean, to: Channel | undefined = channel()) => {
    const command: FileNotice = {
      kind: "file-notice",
      channelId: "c",
      personId: "a",
      topic: "due",
      subjectKind: "x",
      subjectId: "y",
      payload: {},
      holdUntilMs,
    };
    return seen(decideNewNotice({ channel: to, waitsAlready }, command, context));
  };
  expect(file(null, false)).toEqual({ rows: [["notice", "pending"]], events: ["notice.filed"], jobs: [1] });
  expect(file(9, false)).toEqual({
    rows: [
      ["notice", "pending"],
      ["clock", "set"],
    ],
    events: ["notice.filed"],
    jobs: [],
  });
  expect(file(9, true)).toEqual({ rows: [["notice", "pending"]], events: ["notice.filed"], jobs: [] });
  expect(file(null, false, channel({ state: "paused" }))).toBe("channel.not-active");
  expect(seen(decideNewNotice({ channel: undefined, waitsAlready: false }, {} as FileNotice, context))).toBe("channel.not-active"); // nothing of it is read
});

test("releases what was held as one message, and a single one as it is", () => {
  const release = (held: readonly Notice[]) =>
    decideRelease({ channel: channel(), held }, { kind: "release-notices", channelId: "c" }, context);
  expect(seen(release([]))).toEqual({ rows: [], events: [], jobs: [] });
  expect(seen(release([notice({ heldUntilMs: 5 })]))).toEqual({ rows: [["notice", "pending"]], events: [], jobs: [1] });
  const many = Array.from({ length: 60 }, (_, index) => notice({ id: `m${String(index)}`, heldUntilMs: 5 }));
  const decided = release(many);
  const carrier = decided.kind === "accepted" ? (decided.transition.changes[0]?.after as Notice | undefined) : undefined;
  expect(carrier).toMatchObject({ heldUntilMs: null, payload: { title: "One", bundleCount: 59 } });
  expect(carrier?.payload["bundle"]).toHaveLength(50);
  const full = seen(release(Array.from({ length: maxReleased }, (_, index) => notice({ id: `f${String(index)}` }))));
  expect(typeof full === "string" ? [] : full.rows.at(-1)).toEqual(["clock", "set"]);
});

const report = (fields: Partial<ReportNotice>, row: Partial<Notice> = {}, to: Channel | undefined = channel()) =>
  decideNoticeReport(
    { notice: notice(row), channel: to },
    { kind: "report-notice", noticeId: "m", epoch: 1, outcome: "sent", detail: "", ...fields },
    context,
  );

test("hears only the job of the present epoch, and only while the message is on its way", () => {
  expect(seen(report({ epoch: 2 }))).toBe("notice.already-settled");
  expect(seen(report({}, { state: "sent" }))).toBe("notice.already-settled");
  expect(seen(report({}))).toMatchObject({ rows: [["notice", "sent"]], events: ["notice.sent"] });
  expect(seen(report({}, {}, channel({ failures: 2 })))).toMatchObject({
    rows: [
      ["notice", "sent"],
      ["channel", "active"],
    ],
  });
  expect(
    seen(
      decideNoticeReport(
        { notice: notice(), channel: undefined },
        { kind: "report-notice", noticeId: "m", epoch: 1, outcome: "sent", detail: "" },
        context,
      ),
    ),
  ).toMatchObject({
    rows: [["notice", "sent"]],
  });
  expect(seen(report({ outcome: "dropped" }))).toMatchObject({ rows: [["notice", "dropped"]], events: ["notice.dropped"] });
});

test("tries again while there is a pause left, then gives up, and pauses the channel after enough of that", () => {
  expect(seen(report({ outcome: "retry" }))).toEqual({
    rows: [
      ["notice", "pending"],
      ["clock", "set"],
    ],
    events: [],
    jobs: [],
  });
  expect(seen(report({ outcome: "retry" }, { failedTries: retryPausesMs.length }))).toMatchObject({
    rows: [
      ["notice", "failed"],
      ["channel", "active"],
    ],
  });
  expect(seen(report({ outcome: "failed" }, {}, channel({ failures: maxChannelFailures - 1 })))).toEqual({
    rows: [
      ["notice", "failed"],
      ["channel", "paused"],
    ],
    events: ["notice.failed", "channel.paused"],
    jobs: [],
  });
  expect(seen(report({ outcome: "failed" }, {}, channel({ state: "removed" })))).toMatchObject({ rows: [["notice", "failed"]] });
  expect(
    seen(
      decideNoticeReport(
        { notice: notice(), channel: undefined },
        { kind: "report-notice", noticeId: "m", epoch: 1, outcome: "failed", detail: "" },
        context,
      ),
    ),
  ).toMatchObject({ rows: [["notice", "failed"]] });
  const long = report(
    { outcome: "retry", detail: "y".repeat(999) },
    { tries: Array.from({ length: maxTriesKept }, () => ({ atMs: 0, outcome: "retry", detail: "x" })) },
  );
  const tries = long.kind === "accepted" ? ((long.transition.changes[0]?.after as Notice | undefined)?.tries ?? []) : [];
  expect([tries.length, tries.at(-1)?.detail.length]).toEqual([maxTriesKept, 300]);
});

test("a retry that is due goes out under a new epoch, unless the channel or the message has moved on", () => {
  const retry = (row: Partial<Notice>, to?: Channel) =>
    seen(decideRetry({ notice: notice(row), channel: to }, { kind: "retry-notice", noticeId: "m", epoch: 1 }, context));
  expect(retry({}, channel())).toEqual({ rows: [["notice", "pending"]], events: [], jobs: [2] });
  expect(retry({}, channel({ state: "paused" }))).toEqual({ rows: [["notice", "failed"]], events: ["notice.failed"], jobs: [] });
  expect(retry({})).toMatchObject({ rows: [["notice", "failed"]] });
  expect([retry({ epoch: 2 }, channel()), retry({ state: "sent" }, channel())]).toEqual([
    "notice.already-settled",
    "notice.already-settled",
  ]);
});

test("is sent again by whom it reaches, or an administrator, once it was sent or failed", () => {
  const replay = (row: Partial<Notice>, by: Person | undefined, to: Channel | undefined = channel()) =>
    seen(decideReplay({ notice: notice(row), channel: to, person: by }, { kind: "replay-notice", noticeId: "m" }, context));
  expect(replay({ state: "sent" }, person([]))).toEqual({ rows: [["notice", "pending"]], events: ["notice.replayed"], jobs: [2] });
  expect(replay({ state: "failed" }, person(["administrator"], "z"))).toMatchObject({ jobs: [2] });
  expect(replay({ state: "failed" }, person(["director"], "z"))).toBe("channel.not-yours");
  expect(replay({ state: "failed" }, undefined)).toBe("channel.not-yours");
  expect(replay({ state: "pending" }, person([]))).toBe("notice.not-replayable");
  expect(replay({ state: "failed" }, person([]), channel({ state: "paused" }))).toBe("channel.not-active");
  expect(
    seen(
      decideReplay(
        { notice: notice({ state: "sent" }), channel: undefined, person: person(["administrator"]) },
        { kind: "replay-notice", noticeId: "m" },
        context,
      ),
    ),
  ).toBe("channel.not-active");
});

test("a lost job is handed on, and given up when its workers die again and again", () => {
  const lose = (row: Partial<Notice>) => seen(decideNoticeLoss({ notice: notice(row) }, { epoch: 1 }, context));
  expect(lose({})).toEqual({ rows: [["notice", "pending"]], events: ["lease.lost"], jobs: [2] });
  expect(lose({ handOvers: maxHandOvers })).toEqual({ rows: [["notice", "failed"]], events: ["notice.failed"], jobs: [] });
  expect([lose({ epoch: 2 }), lose({ state: "sent" })]).toEqual(["job.already-settled", "job.already-settled"]);
});
