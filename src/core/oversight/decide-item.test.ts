import { expect, test } from "vitest";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import type { Decided } from "../shared/transition.ts";
import type { Clock } from "./clock.ts";
import { decideClockFired, decideDelegation } from "./decide-item.ts";
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

test("a hand-over never comes back in a circle and ends after ten", () => {
  const [lead, second] = [member("a", ["lead"]), member("b", ["lead"])];
  const handed = (fields: Partial<InboxItem>) => decideDelegation({ item: item(fields), from: lead, to: second }, command, context);
  const over = (fromId: string) => ({ fromId: asId<"person">(fromId), toId: asId<"person">("x"), reason: "", atMs: 1 });
  expect(handed({})).toMatchObject({ transition: { changes: [{ after: { delegateId: "b", handOvers: [{ fromId: "a", toId: "b" }] } }] } });
  expect(codeOf(handed({ handOvers: [over("b")] }))).toBe("inbox.delegation-loop");
  expect(codeOf(handed({ state: "delegated", delegateId: asId("b") }))).toBe("inbox.delegation-loop");
  expect(codeOf(decideDelegation({ item: item(), from: lead, to: lead }, command, context))).toBe("inbox.delegation-loop");
  const many = Array.from({ length: 10 }, (_, index) => over(`p${index}`));
  expect(codeOf(handed({ handOvers: many }))).toBe("inbox.handed-over-too-often");
  expect(codeOf(handed({ personIds: [asId("a")] }))).toBe("inbox.not-yours");
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
