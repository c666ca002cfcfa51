import { expect, test } from "vitest";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import { type Decided, beginStep } from "../shared/transition.ts";
import type { Authority } from "./authority.ts";
import { decideAskBack, decidePutOff, decideReply, maxAskBacks, maxPutOff, maxPutOffMs } from "./decide-ask-back.ts";
import { clockAuthority, clockCommand, decideClockStep, decideExpiry } from "./decide-clock-step.ts";
import { defaultFor, defaultProblem } from "./expiry-default.ts";
import type { InboxItem } from "./inbox-item.ts";
import { resumedClock } from "./item-clock.ts";
import { clockRules, toldRoles } from "./ladder.ts";
import { type NewItem, openItem } from "./open-item.ts";
import type { Person } from "./person.ts";
import { questionOf } from "./policy-request.ts";
import { countedVotes, decideVote, representedPerson } from "./quorum.ts";
import { ruleTextOf } from "./rule-texts.ts";

const hourMs = 3_600_000;
const at = (nowMs: number, id = "a"): DecideContext => ({ actor: { kind: "person", id }, nowMs, newId: () => "n" });
const draft: NewItem = {
  kind: "approval",
  requestId: asId("r"),
  subjectKind: "task",
  subjectId: "s",
  title: "",
  detail: "",
  ruleId: "x",
  risk: "medium",
  roles: ["lead"],
  choices: [
    { id: "approve", label: "Approve", needs: "nothing" },
    { id: "deny", label: "Deny", needs: "reason" },
    { id: "text", label: "Say", needs: "text" },
  ],
};
const opened = (fields: Partial<NewItem> = {}): InboxItem => openItem(beginStep(at(0)), { ...draft, ...fields });
const member = (id: string, state: Person["state"] = "active"): Person => ({
  id,
  version: 1,
  eventCount: 0,
  name: id,
  email: null,
  roles: [],
  state,
});
const codeOf = (decided: Decided | null): string => (decided === null ? "decides" : decided.kind === "refused" ? decided.code : "accepted");
const after = (decided: Decided | null): InboxItem => {
  if (decided?.kind !== "accepted") throw new Error(`refused: ${codeOf(decided)}`);
  return decided.transition.changes[0]?.after as InboxItem; // the only row these decisions change
};
const granted = (rule = "role:lead"): Authority & { readonly kind: "granted" } => {
  const one = clockAuthority(opened(), questionOf(opened(), { key: "K", mode: "real" }));
  if (one.kind === "denied") throw new Error("the clock's authority is granted");
  return { ...one, rule };
};
const denied: Authority = { kind: "denied", code: "authority.wrong-role", message: "no" };

test("every rule reminds before it is due and tells nobody above before", () => {
  expect(new Set(clockRules.map((rule) => rule.id)).size).toBe(clockRules.length);
  for (const rule of clockRules) {
    expect(rule.remindHours.every((hours, index) => hours > (rule.remindHours[index - 1] ?? 0) && hours < rule.dueHours)).toBe(true);
    expect(rule.ladder.every(({ afterHours }, index) => afterHours >= (rule.ladder[index - 1]?.afterHours ?? rule.dueHours))).toBe(true);
    expect(rule.ladder.length).toBeGreaterThan(0);
  }
});

test("reminds, is overdue and climbs, each at its hour; after an outage one step stands for those missed", () => {
  const item = opened();
  expect(item).toMatchObject({ dueAtMs: 4 * hourMs, clock: { ruleId: "clock.decision-medium", dueAtMs: 16 * hourMs, isOverdue: false } });
  const seen: string[] = [];
  let now = item;
  for (let hours = 0; hours < 40; hours += 1)
    for (let command = clockCommand(now, hours * hourMs); command !== null; command = clockCommand(now, hours * hourMs)) {
      seen.push(`${hours} ${command.kind}`);
      now = after(decideClockStep({ item: now }, command, at(hours * hourMs)));
    }
  expect(seen).toEqual(["4 remind-item", "12 remind-item", "16 expire-item", "16 escalate-item", "24 escalate-item"]);
  expect(now).toMatchObject({ state: "open", dueAtMs: null, clock: { isOverdue: true, steps: [] } });
  expect(clockCommand(item, 13 * hourMs)?.kind).toBe("remind-item");
  expect(after(decideClockStep({ item }, { kind: "remind-item", itemId: "n" }, at(13 * hourMs))).clock?.steps[0]?.kind).toBe("expire");
  expect(clockCommand(item, 99 * hourMs)?.kind).toBe("expire-item");
  expect(opened({ kind: "mention" })).toMatchObject({ dueAtMs: null });
  expect(codeOf(decideClockStep({ item: opened({ kind: "mention" }) }, { kind: "remind-item", itemId: "n" }, at(1)))).toBe("inbox.not-due");
  const spent = {
    ...item,
    dueAtMs: 1,
    clock: { ...(item.clock ?? { ruleId: "", dueAtMs: 1, pausedAtMs: null, isOverdue: true }), steps: [] },
  };
  expect(clockCommand(spent, 5)).toBeNull();
  expect(granted("x").basis.statements).toHaveLength(1);
  expect(
    clockAuthority({ ...opened({ kind: "mention" }), subjectKind: "comment" }, questionOf(item, { key: "K", mode: "real" })),
  ).toMatchObject({ rule: "clock" });
  expect(codeOf(decideClockStep({ item: { ...item, state: "answered" } }, { kind: "remind-item", itemId: "n" }, at(4 * hourMs)))).toBe(
    "inbox.already-closed",
  );
});

test("an escalation tells those of the rung who may decide, and whoever may where none of them does", () => {
  expect(toldRoles({ roles: ["lead", "director"] }, ["director", "administrator"])).toEqual(["director"]);
  expect(toldRoles({ roles: [] }, ["director"])).toEqual(["director"]);
  expect(toldRoles({ roles: ["contributor"] }, ["director"])).toEqual(["contributor"]);
});

test("a default is time's to make only where nothing is at risk", () => {
  const low = { ...opened({ risk: "low" }), defaultChoice: "approve" };
  expect(defaultProblem({ ...low, defaultChoice: null })).toBeNull();
  expect(defaultProblem(low)).toBeNull();
  expect(defaultProblem({ ...low, risk: "high", defaultChoice: "deny" })).toBeNull();
  for (const held of [
    { risk: "medium" as const },
    { risk: "high" as const },
    { hold: "orange" as const },
    { hold: "red" as const },
    { alwaysReview: ["legal"] },
    { quorum: 2 },
    { kind: "check" as const },
    { kind: "unknown-effect" as const },
    { subjectKind: "effect" },
    { subjectKind: "plan" },
    { defaultChoice: "text" },
    { defaultChoice: "nothing-of-it" },
  ])
    expect(defaultProblem({ ...low, ...held })).toEqual(expect.any(String));
  expect(() => opened({ defaultChoice: "approve" })).toThrow(/never goes ahead/u);
  expect(defaultFor({ ...low, subjectKind: "effect", defaultChoice: "approve" })).toBe("deny");
  expect(defaultFor({ ...low, subjectKind: "effect", choices: [] })).toBeNull();
  expect(opened({ subjectKind: "effect", risk: "high" }).defaultChoice).toBe("deny");
});

test("applies a default at the due time, and is overdue where it no longer can be", () => {
  const item = opened({ risk: "low", defaultChoice: "deny" });
  const expire = { kind: "expire-item", itemId: "n" } as const;
  const step = beginStep(at(24 * hourMs));
  const accepted = step.draft.accept({ applied: true });
  expect(decideExpiry({ item, answer: () => accepted }, expire, at(24 * hourMs))).toBe(accepted);
  expect(codeOf(decideExpiry({ item, answer: () => accepted }, expire, at(23 * hourMs)))).toBe("inbox.not-due");
  const movedOn = () => ({ kind: "refused", failure: "conflict", code: "inbox.moved-on", details: {} }) as const;
  expect(after(decideExpiry({ item, answer: movedOn }, expire, at(24 * hourMs))).clock?.isOverdue).toBe(true);
  expect(after(decideExpiry({ item, answer: undefined }, expire, at(24 * hourMs))).clock?.isOverdue).toBe(true);
});

test("asking back stops the clock, the reply or the end of patience lets it go on", () => {
  const item = opened();
  const ask = (fields: Partial<InboxItem> = {}, slice: object = {}, question = "Why?") =>
    decideAskBack(
      { item: { ...item, ...fields }, authority: granted(), of: member("b"), ...slice },
      { kind: "ask-back", itemId: "n", ofPersonId: "b", question },
      at(2 * hourMs),
    );
  const paused = after(ask());
  expect(paused).toMatchObject({
    dueAtMs: 18 * hourMs,
    clock: { pausedAtMs: 2 * hourMs },
    askBacks: [{ byId: "a", ofId: "b", settledAtMs: null }],
  });
  expect(codeOf(ask({ state: "answered" }))).toBe("inbox.already-closed");
  expect(codeOf(ask({}, { authority: denied }))).toBe("authority.wrong-role");
  expect(codeOf(ask({}, {}, " "))).toBe("inbox.question-missing");
  expect(codeOf(ask({}, { of: undefined }))).toBe("person.not-found");
  expect(codeOf(ask({}, { of: member("a") }))).toBe("inbox.asks-oneself");
  expect(codeOf(ask({ askBacks: paused.askBacks ?? [] }))).toBe("inbox.already-asked");
  const settled = (paused.askBacks ?? []).map((one) => ({ ...one, settledAtMs: 1 }));
  expect(codeOf(ask({ askBacks: Array.from({ length: maxAskBacks }, () => settled).flat() }))).toBe("inbox.asked-too-often");

  const reply = (fields: Partial<InboxItem> = {}, slice: object = {}, text = "Because.") =>
    decideReply(
      { item: { ...paused, ...fields }, authority: denied, person: member("b"), ...slice },
      { kind: "reply-item", itemId: "n", reply: text },
      at(10 * hourMs, "b"),
    );
  expect(after(reply())).toMatchObject({
    dueAtMs: 12 * hourMs,
    clock: { pausedAtMs: null, dueAtMs: 24 * hourMs },
    askBacks: [{ reply: "Because.", repliedById: "b" }],
  });
  expect(codeOf(reply({}, { person: member("c"), authority: granted() }))).toBe("accepted");
  expect(codeOf(reply({}, { person: member("c") }))).toBe("inbox.not-asked");
  expect(codeOf(reply({}, { person: undefined }))).toBe("inbox.not-asked");
  expect(codeOf(reply({}, {}, ""))).toBe("inbox.text-missing");
  expect(codeOf(reply({ askBacks: settled }))).toBe("inbox.nothing-asked");
  expect(codeOf(reply({ state: "withdrawn" }))).toBe("inbox.already-closed");
  expect(clockCommand(paused, 17 * hourMs)).toBeNull();
  const resumed = after(decideClockStep({ item: paused }, { kind: "resume-item", itemId: "n" }, at(18 * hourMs)));
  expect(resumed).toMatchObject({
    clock: { pausedAtMs: null, dueAtMs: 32 * hourMs },
    askBacks: [{ reply: null, repliedById: null, settledAtMs: 18 * hourMs }],
  });
  const overdue = { ...(paused.clock ?? { ruleId: "", steps: [] }), dueAtMs: 7, isOverdue: true, pausedAtMs: 1 };
  expect(resumedClock(overdue, at(5)).clock.dueAtMs).toBe(7);
  expect(resumedClock({ ...overdue, pausedAtMs: null }, at(5)).clock).toMatchObject({ dueAtMs: 7 });
  const { clock: _none, ...unclocked } = opened({ kind: "mention" });
  expect(
    codeOf(
      decideAskBack(
        { item: unclocked, authority: granted(), of: member("b") },
        { kind: "ask-back", itemId: "n", ofPersonId: "b", question: "?" },
        at(1),
      ),
    ),
  ).toBe("accepted");
  expect(
    codeOf(
      decideReply(
        { item: { ...unclocked, askBacks: paused.askBacks ?? [] }, authority: granted(), person: member("b") },
        { kind: "reply-item", itemId: "n", reply: "!" },
        at(1),
      ),
    ),
  ).toBe("accepted");
});

test("putting off hides an item from one person's list and changes nothing else", () => {
  const item = opened();
  const later = (untilMs: number | null, fields: Partial<InboxItem> = {}, person: Person | undefined = member("a")) =>
    decidePutOff({ item: { ...item, ...fields }, person }, { kind: "put-off-item", itemId: "n", untilMs }, at(10));
  expect(after(later(20))).toEqual({ ...item, version: item.version + 1, laterUntilMs: { a: 20 } });
  expect(after(later(null, { laterUntilMs: { a: 20, b: 30, gone: 5 } })).laterUntilMs).toEqual({ b: 30 });
  for (const bad of [10, 10 + maxPutOffMs + 1]) expect(codeOf(later(bad))).toBe("inbox.bad-later");
  expect(codeOf(later(20, { state: "expired" }))).toBe("inbox.already-closed");
  expect(codeOf(later(20, {}, member("a", "removed")))).toBe("authority.not-a-member");
  const all = Object.fromEntries(Array.from({ length: maxPutOff }, (_, index) => [`p${index}`, 99]));
  expect(codeOf(later(20, { laterUntilMs: all }))).toBe("inbox.put-off-by-all");
});

test("a quorum counts different people who agree; one no is enough, one voice is one", () => {
  const item = opened({ quorum: 2 });
  const say = (id: string, choice: string, more: { readonly item?: InboxItem; readonly authority?: Authority } = {}) =>
    decideVote(
      { item: more.item ?? item, authority: more.authority ?? granted() },
      { choice, value: null, reason: "so", inputs: [] },
      at(5, id),
    );
  const first = after(say("a", "approve"));
  expect(first).toMatchObject({ state: "open", votes: [{ personId: "a", inPlaceOfId: null, choice: "approve" }] });
  expect(codeOf(say("a", "approve", { item: first }))).toBe("inbox.already-voted");
  expect(codeOf(say("b", "approve", { item: first, authority: granted("substitute-of:a, by p@1") }))).toBe("inbox.already-voted");
  expect(codeOf(say("b", "approve", { item: first }))).toBe("decides");
  expect(codeOf(say("b", "deny", { item: first }))).toBe("decides");
  expect(codeOf(say("b", "approve", { authority: denied }))).toBe("decides");
  expect(codeOf(say("b", "approve", { item: opened() }))).toBe("decides");
  expect(codeOf(say("b", "approve", { item: { ...first, state: "answered" } }))).toBe("decides");
  expect(countedVotes({ ...first, excludedPersonIds: [asId("a")] }, "approve")).toEqual([]);
  expect(countedVotes(opened(), "approve")).toEqual([]);
  expect(representedPerson(denied)).toBeNull();
  expect(representedPerson(granted("delegated-by:b, by p@1"))).toBe("b");
});

test("says a rule in a sentence, or by its name", () => {
  expect(ruleTextOf("plan.approval-required")).toContain("approved");
  expect(ruleTextOf("some.rule")).toBe("some.rule");
});
