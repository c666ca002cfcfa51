import { expect, test } from "vitest";
import { openHttpWorld } from "../../../test/support/http-world.ts";
import { channelKind } from "../../core/oversight/channel.ts";
import { clockKind } from "../../core/oversight/clock.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { bundleWindowMs, maxSingleNotices, noticeKind, retryPausesMs } from "../../core/oversight/notice.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Workbench } from "../execution/workbench.ts";
import type { CrashPoint } from "../ports/crash-point.ts";
import type { SendOutcome } from "../ports/messenger.ts";
import type { Command } from "../shared/commands.ts";
import { newsFollower } from "./notice-follower.ts";
import { runNotify } from "./notice-sending.workflow.ts";

/* The whole way from a fact to a message, over the real engine and store in memory; only the last step outside is played. */

class Killed extends Error {}

async function opened() {
  const world = await openHttpWorld();
  const scope = { organizationId: world.organizationId, projectIds: [world.projectId] };
  let outcomes: SendOutcome[] = [];
  let killAt: CrashPoint | null = null;
  const crash = (point: CrashPoint): void => {
    if (point !== killAt) return;
    killAt = null;
    throw new Killed(point);
  };
  const { reach } = world.use;
  const messenger = {
    async send(message: (typeof world.sent)[number]["message"], to: (typeof world.sent)[number]["to"]): Promise<SendOutcome> {
      world.sent.push({ message, to });
      return outcomes.shift() ?? { kind: "sent", detail: "taken" };
    },
  };
  const bench = {
    store: world.store,
    clock: world.clock,
    crash,
    apply: (caller: Parameters<typeof world.engine.apply>[0], command: Command) => world.engine.apply(caller, command),
    reach: { ...reach, reach: { ...reach.reach, messengers: { mail: messenger, chat: messenger, webhook: messenger } } },
  } as unknown as Workbench; // the parts that sending uses
  const refused: string[] = [];
  const follower = () =>
    newsFollower({
      engine: world.engine,
      reachStore: reach.reachStore,
      clock: world.clock,
      crash,
      organizationId: world.organizationId,
      onRefused: (_kind, { code }) => refused.push(code),
    });
  let follow = follower();
  const run = async (): Promise<void> => {
    for (const job of world.jobs.splice(0)) {
      if (job.kind !== "notify") continue;
      await runNotify(bench, job, new AbortController().signal).catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
        world.jobs.push(job);
      });
    }
  };
  /** A request with a question to the person who filed it. */
  const asks = async (text = "Which colour?"): Promise<string> => {
    const made = await world.json(world.asToken("POST", "/api/requests", { body: { text: "Paint it" } }));
    const id = made["id"] as string;
    const request = await world.engine.read(scope, (reader) => reader.get(requestKind, id));
    await world.system({
      kind: "record-brief",
      requestId: id,
      epoch: request?.epoch ?? 0,
      questions: [{ id: "q", title: text, detail: "", ruleId: "test", choices: [{ id: "answer", label: "Answer", needs: "text" }] }],
      brief: {
        interpretation: text,
        goals: [],
        constraints: [],
        unknowns: [],
        options: [],
        approach: "",
        riskClass: "low",
        playbook: null,
      },
    });
    const items = await world.engine.read(scope, (reader) => reader.find(inboxItemKind, { where: { requestId: id }, limit: 5 }));
    return items[0]?.id ?? "";
  };
  return {
    ...world,
    scope,
    refused,
    asks,
    run,
    follow: () => follow(),
    restart: () => void (follow = follower()),
    answerNext: (...next: SendOutcome[]) => void (outcomes = next),
    killNextAt: (point: CrashPoint) => void (killAt = point),
    channel: async (body: JsonObject) => world.json(world.asToken("POST", "/api/channels", { body })),
    notices: () => world.engine.read(scope, (reader) => reader.find(noticeKind, { limit: 1_000 })),
    clocks: () => world.engine.read(scope, (reader) => reader.find(clockKind, { where: { state: "set" }, limit: 1_000 })),
    channels: () => world.engine.read(scope, (reader) => reader.find(channelKind, { limit: 100 })),
  };
}

const mail = { form: "mail", name: "Mail", address: "dana@acme.example" };

test("a question reaches the person by mail, once, with a link that acts only when they choose", async () => {
  const world = await opened();
  await world.channel(mail);
  const itemId = await world.asks();
  expect(await world.follow()).toEqual({ filed: 1, more: false });
  await world.run();
  expect(world.sent.map(({ to }) => to)).toEqual([{ kind: "mail", address: "dana@acme.example" }]);
  expect(await world.follow()).toMatchObject({ filed: 0 });
  expect((await world.notices()).map(({ state, topic, subjectId }) => ({ state, topic, subjectId }))).toEqual([
    { state: "sent", topic: "needs-you", subjectId: itemId },
  ]);
  const link = world.sent[0]?.message.letter.links[0]?.url ?? "";
  const path = `/api${new URL(link).pathname}`;
  const look = async () => world.json(world.call("GET", path));
  for (let times = 0; times < 3; times += 1)
    expect(await look()).toMatchObject({ personName: "Dana", state: "open", signInReason: null, risk: "low" });
  const [choice] = (await look())["choices"] as readonly { readonly id: string }[];
  const answer = () =>
    world.call("POST", path, {
      body: { choice: choice?.id ?? "", value: "blue", reason: "I like it" },
      headers: { origin: `http://${world.host}` },
    });
  expect((await answer()).status).toBe(200);
  expect([(await answer()).status, (await answer()).status]).toEqual([409, 409]);
  const item = await world.engine.read(world.scope, (reader) => reader.get(inboxItemKind, itemId));
  expect(item).toMatchObject({ state: "answered", answer: { by: world.personId } });
  expect(await look()).toMatchObject({ state: "answered", choices: [], detail: "" });
  expect(world.log.some((line) => line.path.includes(path.slice(-20)))).toBe(false);
}, 30_000); // the first answer of a process loads the policy engine

test("a link that is forged, changed, old, of a removed channel, or from another page does nothing", async () => {
  const world = await opened();
  const made = await world.channel(mail);
  await world.asks();
  await world.follow();
  await world.run();
  const path = `/api${new URL(world.sent[0]?.message.letter.links[0]?.url ?? "").pathname}`;
  for (const bad of [
    path.slice(0, -1),
    `${path}A`,
    path.replace(/.$/u, (last) => (last === "A" ? "B" : "A")),
    path.replace(/[0-9a-f]{32}/u, "0".repeat(32)),
    "/api/confirm/x",
  ])
    expect([bad, (await world.call("GET", bad)).status]).toEqual([bad, 404]);
  expect(
    (await world.call("POST", path, { body: { choice: "answer", value: "x" }, headers: { origin: "https://evil.example" } })).status,
  ).toBe(403);
  expect((await world.call("POST", path, { body: { choice: "approve-everything" } })).status).toBe(422);
  const { id } = made["channel"] as { readonly id: string };
  world.clock.advance(7 * 24 * 3_600_000 - 1);
  expect((await world.call("GET", path)).status).toBe(200);
  world.clock.advance(1);
  expect((await world.call("GET", path)).status).toBe(404);
  world.clock.jump(-8 * 24 * 3_600_000);
  await world.asToken("POST", `/api/channels/${id}/remove`);
  expect((await world.call("GET", path)).status).toBe(404);
});

test.each(["notice.after-send", "job.before-report"] as const)(
  "killed at %s, a message is sent again under the same id, and not after its receipt",
  async (point) => {
    const world = await opened();
    await world.channel(mail);
    await world.asks();
    await world.follow();
    const [job] = world.jobs.filter(({ kind }) => kind === "notify");
    world.killNextAt(point);
    await world.run();
    if (job === undefined) throw new Error("no job");
    await world.system({ kind: "lose-lease", jobKind: "notify", subjectId: job.subjectId, epoch: job.epoch });
    await world.run();
    await world.run();
    expect(world.sent.map(({ message }) => message.id)).toEqual([job.subjectId, job.subjectId]);
    expect(await world.notices()).toMatchObject([{ state: "sent", epoch: 2, handOvers: 1 }]);
    await expect(world.system({ kind: "lose-lease", jobKind: "notify", subjectId: job.subjectId, epoch: 2 })).rejects.toMatchObject({
      code: "job.already-settled",
    });
  },
);

test.each(["publish.before", "publish.after"] as const)("a follower killed at %s files every message once", async (point) => {
  const world = await opened();
  await world.channel(mail);
  await world.asks();
  await world.asks();
  world.killNextAt(point);
  await expect(world.follow()).rejects.toThrow(point);
  world.restart();
  await world.follow();
  await world.follow();
  expect(await world.notices()).toHaveLength(2);
});

test("what failed is tried again after growing pauses, then given up; three in a row pause the channel, and it is told elsewhere", async () => {
  const world = await opened();
  await world.channel(mail);
  await world.channel({ form: "webhook", name: "Program", url: "https://hooks.example.org/in" });
  await world.asks();
  await world.follow();
  const [first] = await world.notices();
  world.answerNext(...Array.from({ length: 14 }, () => ({ kind: "retry", detail: "busy" }) as const));
  await world.run();
  for (const pauseMs of retryPausesMs) {
    const due = await world.clocks();
    expect(due.map(({ dueAtMs }) => dueAtMs - world.clock.nowMs())).toEqual([pauseMs, pauseMs]);
    world.clock.advance(pauseMs);
    for (const clock of due) {
      await world.system(clock.command as unknown as Command); // as core made it
      await world.system({ kind: "mark-clock-fired", clockId: clock.id });
    }
    await world.run();
  }
  expect((await world.notices()).map(({ state, failedTries }) => [state, failedTries])).toEqual([
    ["failed", 7],
    ["failed", 7],
  ]);
  expect(new Set(world.sent.map(({ message }) => message.id)).size).toBe(2);
  world.restart();
  for (let times = 0; times < 2; times += 1) {
    await world.asks();
    await world.follow();
    world.answerNext({ kind: "failed", detail: "no such mailbox" }, { kind: "sent", detail: "" });
    await world.run();
  }
  expect((await world.channels()).map(({ name, state, failures }) => [name, state, failures])).toEqual([
    ["Mail", "paused", 3],
    ["Program", "active", 0],
  ]);
  await world.follow();
  await world.run();
  expect(world.sent.at(-1)?.message).toMatchObject({ topic: "channel-paused", letter: { subject: "A channel was paused" } });
  const replay = () => world.asToken("POST", `/api/notices/${first?.id ?? ""}/replay`);
  expect((await replay()).status).toBe(409);
  await world.asToken("POST", "/api/channels/Mail/resume");
  expect((await replay()).status).toBe(200);
  await world.run();
  expect(world.sent.at(-1)?.message.id).toBe(first?.id);
  expect((await replay()).status).toBe(200);
});

test("more than twenty messages in an hour go out together", async () => {
  const world = await opened();
  await world.channel(mail);
  for (let count = 0; count < maxSingleNotices + 5; count += 1) {
    await world.asks(`Question ${String(count)}`);
    await world.follow();
    await world.run();
  }
  expect(world.sent).toHaveLength(maxSingleNotices);
  const [clock, ...others] = await world.clocks();
  expect(others.filter(({ subjectKind }) => subjectKind === "channel")).toEqual([]);
  world.clock.advance(bundleWindowMs);
  await world.system(clock?.command as unknown as Command); // as core made it
  await world.run();
  expect(world.sent).toHaveLength(maxSingleNotices + 1);
  expect(world.sent.at(-1)?.message.letter.subject).toMatch(/^5 things happened: Needs you/u);
  expect(world.sent.at(-1)?.message.letter.others).toHaveLength(4);
  expect((await world.notices()).filter(({ state }) => state === "dropped")).toHaveLength(4);
});

test("what was answered before its message left is not asked again", async () => {
  const world = await opened();
  await world.channel(mail);
  const itemId = await world.asks();
  await world.follow();
  await world.asPerson({ kind: "answer-item", itemId, choice: "answer", value: "blue", reason: "", inputs: [], confirmation: null });
  await world.run();
  expect(world.sent).toEqual([]);
  expect(await world.notices()).toMatchObject([{ state: "dropped" }]);
});

test("without a channel nothing is filed, and a new one hears of nothing from before", async () => {
  const world = await opened();
  await world.asks();
  expect(await world.follow()).toEqual({ filed: 0, more: false });
  world.clock.advance(1);
  await world.channel(mail);
  expect(await world.follow()).toEqual({ filed: 0, more: false });
  world.clock.advance(5_000);
  expect(await world.follow()).toEqual({ filed: 0, more: false });
  await world.asks();
  expect(await world.follow()).toEqual({ filed: 1, more: false });
});

test("a webhook's secret and a chat room's address are in no row, event, answer or line of the log", async () => {
  const world = await opened();
  const url = "https://hooks.example.org/services/T0/B0/sesame-4711";
  const webhook = await world.channel({ form: "webhook", name: "Program", url });
  await world.channel({ form: "chat", name: "Room", url, forOrganization: true });
  const secret = webhook["signingSecret"] as string;
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/u);
  await world.asks();
  await world.follow();
  await world.run();
  expect(world.sent.map(({ to }) => to)).toEqual([
    { kind: "url", url, signingSecret: secret },
    { kind: "url", url, signingSecret: null },
  ]);
  const everything = JSON.stringify([
    await world.channels(),
    await world.notices(),
    await world.engine.read(world.scope, (reader) => reader.events({ limit: 10_000 })),
    await world.json(world.asToken("GET", "/api/channels")),
    await world.json(world.asToken("GET", "/api/notices")),
    world.log,
  ]);
  for (const canary of ["sesame-4711", secret, secret.slice(6, 30)]) expect(everything).not.toContain(canary);
});
