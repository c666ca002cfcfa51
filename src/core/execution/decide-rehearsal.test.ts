import { expect, test } from "vitest";
import type { InboxItem } from "../oversight/inbox-item.ts";
import type { WorkRequest } from "../requests/request.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Decided } from "../shared/transition.ts";
import type { Attempt } from "./attempt.ts";
import { decideScheduledAnswer, decideScheduledEnd, maxScriptedMs } from "./decide-rehearsal.ts";

const context = { actor: { kind: "persona", id: "p" }, nowMs: 1_000, newId: () => "clock" } as const;
const request = { id: "r", rehearsal: true, requesterId: "me" } as WorkRequest; // the rest is not looked at
const attempt = { id: "a", version: 1, eventCount: 1, epoch: 2, state: "running", requestId: "r" } as unknown as Attempt; // as above
const item = { id: "i", version: 1, eventCount: 1, state: "open" } as InboxItem; // as above
const codeOf = (decided: Decided): string => (decided.kind === "refused" ? decided.code : "accepted");

const endOf = (fields: object = {}, over: { readonly request?: WorkRequest; readonly attempt?: Attempt } = {}): Decided =>
  decideScheduledEnd(
    { request, attempt, ...over },
    {
      kind: "schedule-attempt-end",
      attemptId: "a",
      epoch: 2,
      durationMs: 60,
      end: { kind: "finish-attempt", attemptId: "a", epoch: 2 },
      ...fields,
    },
    context,
  );

test("lets only a rehearsal end an attempt by its clock, and only that attempt", () => {
  expect(endOf()).toMatchObject({ transition: { answer: { dueAtMs: 1_060 } } });
  expect(codeOf(endOf({}, { request: { ...request, rehearsal: false } }))).toBe("rehearsal.real-request");
  expect(codeOf(endOf({ epoch: 1 }))).toBe("attempt.stale-epoch");
  expect(codeOf(endOf({}, { attempt: { ...attempt, state: "cancelled" } }))).toBe("attempt.stale-epoch");
  for (const durationMs of [-1, Number.NaN, maxScriptedMs + 1]) expect(codeOf(endOf({ durationMs }))).toBe("attempt.bad-duration");
  const foreign: readonly JsonObject[] = [
    { kind: "decide-plan" },
    { kind: "finish-attempt", attemptId: "b", epoch: 2 },
    { kind: "finish-attempt", attemptId: "a", epoch: 1 },
  ];
  for (const end of foreign) expect(codeOf(endOf({ end }))).toBe("attempt.bad-end");
});

const answerOf = (fields: object = {}, over: { readonly request?: WorkRequest; readonly item?: InboxItem } = {}): Decided =>
  decideScheduledAnswer(
    { request, item, ...over },
    { kind: "schedule-answer", itemId: "i", delayMs: 5, answer: { kind: "answer-item", itemId: "i" }, ...fields },
    context,
  );

test("plays people in rehearsals only, for one open item, and with nothing but its answer", () => {
  expect(answerOf()).toMatchObject({ transition: { changes: [{ after: { actor: { kind: "person", id: "me" }, dueAtMs: 1_005 } }] } });
  expect(codeOf(answerOf({}, { request: { ...request, rehearsal: false } }))).toBe("rehearsal.real-request");
  expect(codeOf(answerOf({}, { item: { ...item, state: "answered" } }))).toBe("inbox.already-closed");
  expect(codeOf(answerOf({ delayMs: -1 }))).toBe("rehearsal.bad-delay");
  for (const answer of [
    { kind: "cancel-request", requestId: "r" },
    { kind: "answer-item", itemId: "other" },
  ])
    expect(codeOf(answerOf({ answer }))).toBe("rehearsal.bad-answer");
});
