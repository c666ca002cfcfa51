import { describe, expect, test } from "vitest";
import type { Authority } from "../oversight/authority.ts";
import type { InboxItem } from "../oversight/inbox-item.ts";
import type { Person } from "../oversight/person.ts";
import type { Decided } from "../shared/transition.ts";
import { asId } from "../shared/ids.ts";
import { type Budget, budgetLabel, dayMs, maxBudgets, newBudget, noAmounts, noCaps, tighter } from "./budget.ts";
import { amountText } from "./budget-text.ts";
import { hasRoom, readAmount, waitText } from "./budget-wait.ts";
import { dayOf, inSlot, rolled, turnsAtMs } from "./budget-window.ts";
import { type BudgetSlice, decideBudget, decideWithdrawal, type SetBudget } from "./decide-budget.ts";
import { decideBudgetAnswer } from "./decide-budget-answer.ts";
import { decidePrice, type PriceSlice, type SetPrice } from "./decide-price.ts";
import { capsOf } from "./decide-reservation.ts";
import { maxPrices } from "./price-table.ts";
import { forecastSpend, forecastText } from "./spend-forecast.ts";

const nowMs = 20_000 * dayMs + 6 * 3_600_000;
const context = { actor: { kind: "person", id: "d" } as const, nowMs, newId: () => "new" };

const person = (roles: Person["roles"], state: Person["state"] = "active"): Person => ({
  id: "d",
  version: 1,
  eventCount: 0,
  name: "D",
  email: null,
  roles,
  state,
});

const row = (fields: Partial<Budget> = {}): Budget => ({
  ...newBudget({ id: "b", scope: "organization", scopeId: "", period: "total", caps: { ...noCaps, costMicro: 1_000 } }),
  ...fields,
  version: 1,
  eventCount: 0,
});

const slice = (fields: Partial<BudgetSlice> = {}): BudgetSlice => ({
  person: person(["director"]),
  budget: undefined,
  scopeExists: true,
  count: 0,
  midnightsMs: [],
  ...fields,
});

const set = (fields: Partial<SetBudget> = {}): SetBudget => ({
  kind: "set-budget",
  scope: "organization",
  scopeId: "",
  period: "day",
  windowMs: null,
  caps: { ...noCaps, costMicro: 5 },
  thresholds: null,
  reason: "So.",
  ...fields,
});

const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const afterOf = (decided: Decided): unknown => (decided.kind === "accepted" ? decided.transition.changes[0]?.after : decided);

describe("setting a budget", () => {
  test.each([
    ["a director", {}, {}, "accepted"],
    ["an administrator", { person: person(["administrator"]) }, {}, "accepted"],
    ["a lead", { person: person(["lead"]) }, {}, "budget.wrong-role"],
    ["a removed director", { person: person(["director"], "removed") }, {}, "budget.wrong-role"],
    ["nobody", { person: undefined }, {}, "budget.wrong-role"],
    ["no reason", {}, { reason: " " }, "budget.reason-missing"],
    ["a novel", {}, { reason: "x".repeat(2_001) }, "budget.reason-missing"],
    ["no such scope", {}, { scope: "moon" as never }, "budget.bad-scope"],
    ["no such period", {}, { period: "year" as never }, "budget.bad-scope"],
    ["the organization, named", {}, { scopeId: "x" }, "budget.bad-scope"],
    ["a project, not named", {}, { scope: "project" }, "budget.bad-scope"],
    ["a project that is not there", { scopeExists: false }, { scope: "project", scopeId: "p" }, "budget.scope-not-found"],
    ["each request", {}, { scope: "request", period: "total" }, "accepted"],
    ["a request by day", {}, { scope: "request", scopeId: "r" }, "budget.bad-period"],
    ["a window without a length", {}, { period: "window" }, "budget.bad-period"],
    ["a day with one", {}, { windowMs: 60_000 }, "budget.bad-period"],
    ["too short a window", {}, { period: "window", windowMs: 59_999 }, "budget.bad-period"],
    ["too long a window", {}, { period: "window", windowMs: 32 * dayMs }, "budget.bad-period"],
    ["a window", {}, { period: "window", windowMs: 60_000 }, "accepted"],
    ["one too many", { count: maxBudgets }, {}, "budget.too-many"],
    ["one of as many as there can be", { count: maxBudgets, budget: row() }, {}, "accepted"],
    ["no caps, of the organization", {}, { caps: null }, "budget.bad-cap"],
    ["no caps, of each request", {}, { scope: "request", period: "total", caps: null }, "budget.bad-cap"],
    ["no caps of its own, of one request", {}, { scope: "request", scopeId: "r", period: "total", caps: null }, "accepted"],
    ["half a millionth", {}, { caps: { ...noCaps, tokens: 0.5 } }, "budget.bad-cap"],
    ["less than nothing", {}, { caps: { ...noCaps, runs: -1 } }, "budget.bad-cap"],
    ["no limit at all", {}, { caps: noCaps }, "accepted"],
    ["thresholds", {}, { thresholds: { warnAt: 1, holdAt: 0.5 } }, "accepted"],
    ["no part that holds", {}, { thresholds: { warnAt: 1, holdAt: null } }, "accepted"],
    ["a part of nothing", {}, { thresholds: { warnAt: 0, holdAt: null } }, "budget.bad-threshold"],
    ["more than all", {}, { thresholds: { warnAt: 0.5, holdAt: 1.1 } }, "budget.bad-threshold"],
  ] as const)("%s", (_name, known, said, code) => {
    expect(codeOf(decideBudget(slice(known), set(said), context))).toBe(code);
  });

  test("a cap below what is spent stops and is no breach", () => {
    const budget = row({ booked: { ...noAmounts, costMicro: 900 }, warnedAtMs: 1, highCaps: { ...noCaps, costMicro: 500 } });
    expect(afterOf(decideBudget(slice({ budget }), set({ period: "total" }), context))).toMatchObject({
      caps: { costMicro: 5 },
      highCaps: { costMicro: 900, tokens: null },
      warnedAtMs: null,
      setBy: "d",
    });
    const request = row({ scope: "request", scopeId: "r", booked: { ...noAmounts, tokens: 7 }, highCaps: { ...noCaps, tokens: 5 } });
    const follows = set({ scope: "request", scopeId: "r", period: "total", caps: null });
    expect(afterOf(decideBudget(slice({ budget: request }), follows, context))).toMatchObject({ caps: null, highCaps: { tokens: 7 } });
  });

  test("a request that follows what was said for each keeps what no limit held", () => {
    const request = row({ scope: "request", scopeId: "r", highCaps: noCaps, booked: { ...noAmounts, costMicro: 9 } });
    const own = set({ scope: "request", scopeId: "r", period: "total" });
    expect(afterOf(decideBudget(slice({ budget: request }), own, context))).toMatchObject({ highCaps: { costMicro: 9, tokens: null } });
  });

  test("what a person added is withdrawn, and what is always there is not", () => {
    const withdraw = (budget: Budget, by = person(["director"])) =>
      codeOf(decideWithdrawal({ person: by, budget }, { kind: "withdraw-budget", budgetId: "b", reason: "So." }, context));
    expect(withdraw(row())).toBe("accepted");
    expect(withdraw(row({ state: "withdrawn" }))).toBe("budget.withdrawn");
    expect(withdraw(row({ period: "day" }))).toBe("budget.always-there");
    expect(withdraw(row({ scope: "request" }))).toBe("budget.always-there");
    expect(withdraw(row(), person(["auditor"]))).toBe("budget.wrong-role");
  });
});

describe("windows", () => {
  test("a day is the one between two midnights, and that of universal time without them", () => {
    expect(dayOf([nowMs - 5, nowMs + 5], nowMs)).toEqual({ startMs: nowMs - 5, endMs: nowMs + 5 });
    expect(dayOf([nowMs + 5], nowMs)).toEqual({ startMs: 20_000 * dayMs, endMs: 20_001 * dayMs });
    expect(dayOf([], nowMs).startMs).toBe(20_000 * dayMs);
  });

  test("a window slides, and tells when it turns", () => {
    const window = row({ period: "window", windowMs: 24_000, booked: { ...noAmounts, tokens: 9 }, overrun: { ...noAmounts, tokens: 9 } });
    const slotted = { ...window, slots: inSlot(window, 5_500, { ...noAmounts, tokens: 9 }) };
    expect(slotted.slots).toEqual([{ atMs: 5_000, amounts: { ...noAmounts, tokens: 9 } }]);
    expect(turnsAtMs(slotted)).toBe(30_000);
    expect(rolled(slotted, 29_999, [])).toBe(slotted);
    expect(rolled(slotted, 30_000, [])).toMatchObject({ slots: [], booked: noAmounts, overrun: noAmounts });
    expect([turnsAtMs(window), turnsAtMs(row()), turnsAtMs({ ...slotted, windowMs: null })]).toEqual([null, null, null]);
    expect(rolled({ ...slotted, windowMs: null }, 99_999, [])).toMatchObject({ booked: { tokens: 9 } });
    const two = { ...slotted, slots: [...slotted.slots, { atMs: 1_000, amounts: noAmounts }, { atMs: 90_000, amounts: noAmounts }] };
    expect(inSlot(two, 5_900, { ...noAmounts, tokens: 1 }).map(({ amounts }) => amounts.tokens)).toEqual([10, 0, 0]);
    expect(inSlot(two, 3_000, noAmounts).map(({ atMs }) => atMs)).toEqual([1_000, 3_000, 5_000, 90_000]);
    const followed = row({ period: "day", caps: null, highCaps: { ...noCaps, runs: 3 } });
    expect(rolled(followed, nowMs, [])).toMatchObject({ highCaps: { runs: 3 } });
    expect(turnsAtMs(row({ period: "day", windowEndMs: 7 }))).toBe(7);
    expect(inSlot(row({ period: "window" }), 3, noAmounts)).toHaveLength(1);
  });

  test("a request follows what was said for each, and is never wider than it was filed", () => {
    const request = row({ scope: "request", scopeId: "r", caps: null });
    const each = row({ scope: "request", caps: { ...noCaps, costMicro: 3, tokens: 4 } });
    const cap = (eachRequest: Budget | undefined, requestBudgetMicro: number | null) =>
      capsOf(request, { eachRequest, requestBudgetMicro });
    expect(cap(each, 2)).toMatchObject({ costMicro: 2, tokens: 4 });
    expect(cap({ ...each, state: "withdrawn" }, 9)).toMatchObject({ costMicro: 9, tokens: null });
    expect(cap({ ...each, caps: null }, null)).toMatchObject({ costMicro: 2_000_000 });
    expect(tighter(noCaps, each.caps ?? noCaps)).toMatchObject({ costMicro: 3 });
  });

  test("budgets and amounts have words", () => {
    expect(
      [row(), row({ period: "day" }), row({ scope: "request", period: "window" }), row({ scope: "model", scopeId: "a/b" })].map(
        budgetLabel,
      ),
    ).toEqual(["the organization", "the organization, a day", "each request, a window", "model a/b"]);
    expect(amountText("wallMs", 90_000, "EUR")).toBe("90 s");
    expect(amountText("runs", 2, "EUR")).toBe("2 runs");
    expect(amountText("tokens", 2, "EUR")).toBe("2 tokens");
    expect(amountText("costMicro", 1_234_500, "EUR")).toBe("1.2345 EUR");
  });
});

describe("waiting", () => {
  const wait = { budgetId: "b", measure: "costMicro", needed: 100, sinceMs: 0 } as const;
  const seen = (budget: Budget, caps = budget.caps ?? noCaps) => ({ budget, caps, midnightsMs: [] });

  test.each([
    ["it fits", { booked: { ...noAmounts, costMicro: 900 } }, true],
    ["one too many", { booked: { ...noAmounts, costMicro: 901 } }, false],
    ["withdrawn", { state: "withdrawn", booked: { ...noAmounts, costMicro: 1_000 } }, true],
    ["held", { booked: { ...noAmounts, costMicro: 500 }, thresholds: { warnAt: 0.4, holdAt: 0.5 } }, false],
    ["not yet held", { booked: { ...noAmounts, costMicro: 499 }, thresholds: { warnAt: 0.4, holdAt: 0.5 } }, true],
  ] as const)("%s", (_name, fields, fits) => {
    expect(hasRoom(seen(row(fields)), wait, nowMs)).toBe(fits);
    expect(hasRoom(seen(row(fields), noCaps), wait, nowMs)).toBe(true);
  });

  test("people read what stands still and how it goes on", () => {
    const about = { task: "Draft", currency: "EUR" };
    expect(waitText(seen(row()), wait, about)).toContain("It does not turn by itself.");
    expect(waitText(seen(row({ period: "day", windowEndMs: 9 }), noCaps), wait, about)).toMatch(/without a limit.*when the window turns/u);
    expect(["2.5", " 3 ", "x", "-1", "1.2345678"].map((text) => readAmount("costMicro", text))).toEqual([
      2_500_000,
      3_000_000,
      null,
      null,
      null,
    ]);
    expect(["25", "2.5"].map((text) => readAmount("tokens", text))).toEqual([25, null]);
  });

  test("an answer raises the cap that was asked about, and nothing else", () => {
    const item = {
      id: "i",
      version: 1,
      eventCount: 1,
      kind: "escalation",
      state: "open",
      requestId: asId<"request">("r"),
      subjectKind: "budget",
      subjectId: "b",
      title: "t",
      detail: "d",
      ruleId: "gate.budget-request",
      choices: [
        { id: "raise", label: "Raise", needs: "text" },
        { id: "leave", label: "Leave", needs: "reason" },
      ],
      risk: "medium",
      roles: ["director"],
      excludedPersonIds: [],
      delegateId: null,
      evidence: { measure: "tokens" },
      askedAtMs: 0,
      dueAtMs: null,
      defaultChoice: null,
      answer: null,
    } as const satisfies InboxItem;
    const basis = { request: {}, verdict: { allowed: true, policies: [], errors: [] }, setSha256: "", statements: [] };
    const granted = { kind: "granted", rule: "r", soloWaiver: false, basis } as unknown as Authority; // the decision reads its rule and basis only
    const caps = { ...noCaps, tokens: 100, costMicro: 1_000 };
    const answer = (
      fields: object,
      known: { readonly item?: InboxItem; readonly authority?: Authority; readonly caps?: typeof noCaps } = {},
    ) =>
      decideBudgetAnswer(
        { item, budget: row({ caps }), caps, currency: "EUR", authority: granted, ...known },
        { choice: "raise", value: "200", reason: "", inputs: [], confirmation: null, ...fields } as Parameters<
          typeof decideBudgetAnswer
        >[1], // all of an answer
        context,
      );
    const raised = answer({});
    expect(raised.kind === "accepted" ? raised.transition.changes.map(({ after }) => after) : raised).toMatchObject(
      expect.arrayContaining([expect.objectContaining({ caps: { ...caps, tokens: 200 }, reason: "raised from the inbox" })]) as never,
    );
    expect(readAmount("tokens", null)).toBeNull();
    for (const value of ["100", "x"]) expect(codeOf(answer({ value }))).toBe("budget.not-raised");
    expect(codeOf(answer({ value: "1.00" }, { item: { ...item, evidence: {} } }))).toBe("accepted");
    expect(codeOf(answer({ value: "0.0001" }, { item: { ...item, evidence: {} } }))).toBe("budget.not-raised");
    expect(codeOf(answer({}, { caps: noCaps }))).toBe("budget.not-raised");
    expect(codeOf(answer({ choice: "leave", reason: "Enough" }))).toBe("accepted");
    expect(codeOf(answer({ reason: "Worth it" }))).toBe("accepted");
    expect(answer({}, { item: { ...item, state: "answered" } }).kind).toBe("refused");
    expect(codeOf(answer({}, { authority: { kind: "denied", code: "authority.forbidden", message: "No." } }))).toBe("authority.forbidden");
  });
});

describe("forecasts", () => {
  const spent = (atMs: number, costMicro: number) => ({ atMs, amounts: { ...noAmounts, costMicro } });
  const seen = (fields: Partial<Budget>, caps = { ...noCaps, costMicro: 1_000 }) => ({ budget: row(fields), caps });

  test("the rate is of the last days with spend, and n is how many", () => {
    const days = [spent(nowMs - 20 * dayMs, 999), spent(nowMs - 2 * dayMs, 300), spent(nowMs - dayMs, 100)];
    const booked = { ...noAmounts, costMicro: 400 };
    expect(forecastSpend(seen({ days, booked }), nowMs)).toEqual({ perDayMicro: 200, days: 2, exhaustedAtMs: nowMs + 3 * dayMs });
    expect(forecastSpend(seen({ days, booked: { ...noAmounts, costMicro: 1_000 } }), nowMs)).toMatchObject({ exhaustedAtMs: nowMs });
    expect(forecastSpend(seen({ days: [spent(nowMs - 3 * dayMs, 1)] }), nowMs)).toMatchObject({ perDayMicro: 0, exhaustedAtMs: null });
    expect(forecastSpend(seen({ days: [] }), nowMs)).toBeNull();
    expect(forecastSpend(seen({ days }, { ...noCaps, costMicro: null as never }), nowMs)).toBeNull();
    expect(forecastText(seen({ days, booked }), { nowMs, currency: "EUR" })).toMatch(/n = 2 days/u);
    expect(forecastText(seen({ days: [spent(nowMs, 5)] }), { nowMs, currency: "EUR" })).toMatch(/n = 1 day\)/u);
    expect(forecastText(seen({ days: [] }), { nowMs, currency: "EUR" })).toBe("");
  });

  test("a day is asked about itself, once an hour of it has passed", () => {
    const day = (fields: Partial<Budget>) =>
      seen({ period: "day", windowStartMs: nowMs - 6 * 3_600_000, windowEndMs: nowMs + 18 * 3_600_000, ...fields });
    const used = (costMicro: number) => ({ booked: { ...noAmounts, costMicro } });
    expect(forecastSpend(day(used(500)), nowMs)).toEqual({ perDayMicro: 2_000, days: 1, exhaustedAtMs: nowMs + 6 * 3_600_000 });
    expect(forecastSpend(day(used(100)), nowMs)).toMatchObject({ exhaustedAtMs: null });
    expect(forecastSpend(day(used(1_000)), nowMs)).toMatchObject({ exhaustedAtMs: nowMs });
    expect(forecastSpend(day(used(0)), nowMs)).toBeNull();
    expect(forecastSpend(day({ ...used(1), windowStartMs: nowMs - 1 }), nowMs)).toBeNull();
    expect(forecastSpend(day({ ...used(1), windowEndMs: null }), nowMs)).toBeNull();
    expect(forecastSpend(day({ ...used(1), windowEndMs: nowMs }), nowMs)).toBeNull();
  });
});

describe("setting a price", () => {
  const known: PriceSlice = { person: person(["administrator"]), currency: "EUR", same: undefined, count: 0 };
  const said: SetPrice = {
    kind: "set-price",
    provider: "one",
    model: "m",
    fromMs: 0,
    currency: "USD",
    inputMicro: 1,
    outputMicro: 1,
    cachedMicro: 1,
    callMicro: 0,
    rateMicro: 900_000,
    source: "s",
  };

  test.each([
    ["an administrator", {}, {}, "accepted"],
    ["a contributor", { person: person(["contributor"]) }, {}, "price.wrong-role"],
    ["nobody", { person: undefined }, {}, "price.wrong-role"],
    ["no provider", {}, { provider: " " }, "price.bad-name"],
    ["too long a model", {}, { model: "x".repeat(201) }, "price.bad-name"],
    ["no source", {}, { source: "" }, "price.bad-name"],
    ["a long source", {}, { source: "x".repeat(2_001) }, "price.bad-name"],
    ["no currency", {}, { currency: "usd" }, "price.bad-currency"],
    ["a negative price", {}, { outputMicro: -1 }, "price.bad-amount"],
    ["half a price", {}, { cachedMicro: 0.5 }, "price.bad-amount"],
    ["no rate", {}, { rateMicro: 0 }, "price.bad-rate"],
    ["half a rate", {}, { rateMicro: 0.5 }, "price.bad-rate"],
    ["a rate of its own currency", {}, { currency: "EUR" }, "price.bad-rate"],
    ["its own currency", {}, { currency: "EUR", rateMicro: 1_000_000, cachedMicro: null }, "accepted"],
    ["one too many", { count: maxPrices }, {}, "price.too-many"],
  ] as const)("%s", (_name, slice, command, code) => {
    expect(codeOf(decidePrice({ ...known, ...slice }, { ...said, ...command }, context))).toBe(code);
  });

  test("the same instant is corrected", () => {
    const { kind: _kind, ...fields } = said;
    const same = { ...fields, id: "p", version: 1, eventCount: 1, rateAtMs: 0, setBy: "x", setAtMs: 0 };
    expect(afterOf(decidePrice({ ...known, same, count: maxPrices }, { ...said, inputMicro: 7 }, context))).toMatchObject({
      id: "p",
      inputMicro: 7,
    });
  });
});
