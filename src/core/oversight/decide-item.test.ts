import { expect, test } from "vitest";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import type { Decided } from "../shared/transition.ts";
import type { Clock } from "./clock.ts";
import { decideClockFired, decideDelegation, decideExpiry } from "./decide-item.ts";
import type { InboxItem } from "./inbox-item.ts";
import type { Person, Role } from "./person.ts";

const context: DecideContext = { actor: { kind: "person", id: "a" }, nowMs: 100, newId: () => "n" };
const member = (id: string, roles: readonly Role[] = [], state: Person["state"] = "active"): Person => ({
  id,
  version: 1,
  eventCount: 1,
  name: id,
  email: null,
  roles,
  state,
});
const item = (fields: Partial<InboxItem> = {}): InboxItem => ({
  id: "i",
  version: 1,
  eventCount: 1,
  kind: "check",
  state: "open",
  requestId: asId("r"),
  subjectKind: "attempt",
  subjectId: "s",
  title: "",
  detail: "",
  ruleId: "",
  choices: [],
  risk: "low",
  roles: ["lead"],
  excludedPersonIds: [asId("worker")],
  delegateId: null,
  evidence: {},
  askedAtMs: 0,
  dueAtMs: null,
  defaultChoice: null,
  answer: null,
  ...fields,
});
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");
const command = { kind: "delegate-item", itemId: "i", personId: "b", reason: "" } as const;

test("hands an item on from whoever may answer it, and never to whoever did the work", () => {
  const lead = member("a", ["lead"]);
  expect(codeOf(decideDelegation({ item: item(), from: lead, to: member("b") }, command, context))).toBe("accepted");
  expect(codeOf(decideDelegation({ item: item({ roles: [] }), from: member("a"), to: member("b") }, command, context))).toBe("accepted");
  expect(
    codeOf(
      decideDelegation({ item: item({ state: "delegated", delegateId: asId("a") }), from: member("a"), to: member("b") }, command, context),
    ),
  ).toBe("accepted");
  expect(codeOf(decideDelegation({ item: item({ state: "answered" }), from: lead, to: member("b") }, command, context))).toBe(
    "inbox.already-closed",
  );
  expect(codeOf(decideDelegation({ item: item(), from: member("a"), to: member("b") }, command, context))).toBe("inbox.not-yours");
  expect(codeOf(decideDelegation({ item: item(), from: member("a", ["lead"], "removed"), to: member("b") }, command, context))).toBe(
    "inbox.not-yours",
  );
  expect(codeOf(decideDelegation({ item: item(), from: lead, to: undefined }, command, context))).toBe("person.not-found");
  expect(codeOf(decideDelegation({ item: item(), from: lead, to: member("worker") }, command, context))).toBe("authority.own-work");
});

test("marks an overdue item once and leaves it open", () => {
  const expire = { kind: "expire-item", itemId: "i" } as const;
  expect(decideExpiry({ item: item({ dueAtMs: 100 }) }, expire, context)).toMatchObject({ transition: { answer: { state: "open" } } });
  expect(codeOf(decideExpiry({ item: item({ dueAtMs: 101 }) }, expire, context))).toBe("inbox.not-due");
  expect(codeOf(decideExpiry({ item: item() }, expire, context))).toBe("inbox.not-due");
  expect(codeOf(decideExpiry({ item: item({ state: "withdrawn", dueAtMs: 1 }) }, expire, context))).toBe("inbox.already-closed");
});

test("settles a clock once", () => {
  const clock: Clock = {
    id: "c",
    version: 1,
    eventCount: 0,
    state: "set",
    dueAtMs: 1,
    subjectKind: "attempt",
    subjectId: "s",
    command: {},
    actor: context.actor,
  };
  expect(codeOf(decideClockFired({ clock }, { kind: "mark-clock-fired", clockId: "c" }, context))).toBe("accepted");
  expect(codeOf(decideClockFired({ clock: { ...clock, state: "fired" } }, { kind: "mark-clock-fired", clockId: "c" }, context))).toBe(
    "clock.already-settled",
  );
});
