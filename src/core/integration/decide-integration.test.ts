import { expect, test } from "vitest";
import type { Attempt, CheckResult } from "../execution/attempt.ts";
import type { Authority } from "../oversight/authority.ts";
import { type Clock, clockKind } from "../oversight/clock.ts";
import { decisionKind } from "../oversight/decision.ts";
import { type InboxItem, inboxItemKind } from "../oversight/inbox-item.ts";
import type { Plan } from "../planning/plan.ts";
import { requestKind, type WorkRequest } from "../requests/request.ts";
import { asId } from "../shared/ids.ts";
import type { Decided } from "../shared/transition.ts";
import { decideIntegration, decideIntegrationAnswer } from "./decide-integration.ts";
import { deliverableKind } from "./deliverable.ts";

let ids = 0;
const context = { actor: { kind: "person", id: "p" }, nowMs: 1_000, newId: () => `id-${String((ids += 1))}` } as const;
const request = { id: "r", version: 1, eventCount: 0, state: "integrating", epoch: 3, title: "Report" } as unknown as WorkRequest; // what the decision reads
const plan = { id: "plan", version: 1, eventCount: 0, openSinks: 0 } as unknown as Plan; // as above
const granted = {
  kind: "granted",
  rule: "role:lead",
  soloWaiver: false,
  basis: { request: {}, verdict: { policies: [] }, statements: [], setSha256: "" },
} as unknown as Authority; // as above
const file = { name: "report.md", sha256: asId<"sha256">("a".repeat(64)), mediaType: "text/markdown", bytes: 1 };
const check = (criterionId: string, verdict: "pass" | "fail"): CheckResult => ({
  criterionId,
  kind: "whole",
  verdict,
  detail: criterionId,
  evidence: { files: 1 },
});

const rowsOf = (decided: Decided, kind: string): readonly object[] =>
  decided.kind === "accepted" ? decided.transition.changes.filter((change) => change.kind.name === kind).map((change) => change.after) : [];

function asked(files: readonly (typeof file)[], checks: readonly CheckResult[]): InboxItem {
  const command = { kind: "finish-integration", requestId: "r", epoch: 3, files, checks } as const;
  const [item] = rowsOf(decideIntegration({ request, plan, tasks: [], items: [] }, command, context), inboxItemKind.name);
  return item as InboxItem; // the only new row of this kind
}
const choicesOf = (item: InboxItem): readonly string[] => item.choices.map((choice) => choice.id);

const answered = (item: InboxItem, choice: string, reason: string): Decided =>
  decideIntegrationAnswer(
    { request, plan, tasks: [], attempts: [], clocks: [], reviews: [], items: [item], item, authority: granted },
    { kind: "answer-item", itemId: item.id, choice, value: null, reason, inputs: [], confirmation: null },
    context,
  );

test("what lacks a part that was given up is delivered as it is when a person says so, with why", () => {
  const item = asked([file], [check("complete", "fail"), check("intact", "pass"), check("settled", "pass")]);
  expect(choicesOf(item)).toEqual(["retry", "accept", "cancel"]);
  expect(answered(item, "accept", " ")).toMatchObject({ kind: "refused", code: "inbox.reason-missing" });
  const decided = answered(item, "accept", "The appendix is not needed.");
  expect(rowsOf(decided, deliverableKind.name)).toMatchObject([
    { state: "delivered", files: [file], checks: [{ verdict: "fail" }, {}, {}] },
  ]);
  expect(rowsOf(decided, requestKind.name)).toMatchObject([{ state: "delivered" }]);
  expect(rowsOf(decided, decisionKind.name)).toMatchObject([{ choice: "accept", rationale: "The appendix is not needed." }]);
});

test("nothing at all, damaged parts and open work are never delivered as they are", () => {
  const holds = ["complete", "intact", "settled"].map((id) => check(id, "pass"));
  const failing = (id: string) => holds.map((one) => (one.criterionId === id ? check(id, "fail") : one));
  expect(
    [asked([], failing("complete")), asked([file], failing("intact")), asked([file], failing("settled")), asked([file], [])].map(choicesOf),
  ).toEqual(Array.from({ length: 4 }, () => ["retry", "cancel"]));
});

test("a cancelled request takes the clocks of its attempts back", () => {
  const item = asked([], [check("complete", "fail")]);
  const attempt = { id: "a", version: 1, eventCount: 0, state: "running", requestId: "r" } as unknown as Attempt; // the rest is not looked at
  const clockOf = (id: string, subjectId: string) => ({ id, subjectId, version: 1, eventCount: 0, state: "set" }) as unknown as Clock; // as above
  const slice = {
    request,
    plan: undefined,
    tasks: [],
    attempts: [attempt],
    clocks: [clockOf("c", "a"), clockOf("other", "somewhere else")],
    reviews: [],
    items: [item],
    item,
    authority: granted,
  };
  const command = {
    kind: "answer-item",
    itemId: item.id,
    choice: "cancel",
    value: null,
    reason: "No.",
    inputs: [],
    confirmation: null,
  } as const;
  expect(rowsOf(decideIntegrationAnswer(slice, command, context), clockKind.name)).toMatchObject([{ id: "c", state: "withdrawn" }]);
});
