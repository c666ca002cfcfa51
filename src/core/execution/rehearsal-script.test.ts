import { expect, test } from "vitest";
import type { InboxItem } from "../oversight/inbox-item.ts";
import type { JsonObject } from "../shared/json.ts";
import { readScript, scriptedAnswer } from "./rehearsal-script.ts";

test("no script plays everything right at once", () => {
  expect(readScript(null)).toEqual({ seed: 1, quality: 1, costPerHourMicro: 90_000_000, tasks: {}, people: null });
});

test("a script says how tasks and people behave", () => {
  const task = { failedReviews: 2, failedAttempts: 1, question: "Which?" };
  const raw = { seed: 7, quality: 0.5, costPerHourMicro: 5, tasks: { design: task }, people: { delayMinutes: 2, answer: "Both." } };
  expect(readScript(raw)).toEqual({ ...raw, people: { delayMs: 120_000, answer: "Both." } });
});

test("what is absent, of another type or out of range takes its default", () => {
  const odd: readonly [JsonObject, object][] = [
    [
      { seed: "7", quality: 3, costPerHourMicro: -1 },
      { seed: 1, quality: 1, costPerHourMicro: 0 },
    ],
    [
      { quality: -1, tasks: ["a"], people: null },
      { quality: 0, tasks: {}, people: null },
    ],
    [
      { tasks: "a", people: "me" },
      { tasks: {}, people: { delayMs: 3_600_000, answer: "Go on as you think best." } },
    ],
    [
      { tasks: { a: null, b: { question: "", failedReviews: "2" } }, people: { delayMinutes: -5, answer: "" } },
      {
        tasks: {
          a: { failedReviews: null, failedAttempts: 0, question: null },
          b: { failedReviews: null, failedAttempts: 0, question: null },
        },
        people: { delayMs: 0, answer: "Go on as you think best." },
      },
    ],
  ];
  for (const [raw, read] of odd) expect(readScript(raw)).toMatchObject(read);
});

test("a scripted person takes the way on, answers in words where words are asked for, and otherwise the first choice", () => {
  const choose = (...ids: readonly string[]) =>
    scriptedAnswer({ id: "i", choices: ids.map((id) => ({ id, label: id })) } as unknown as InboxItem, { delayMs: 0, answer: "Both." }); // the rest is not looked at
  expect(choose("reject", "approve")).toMatchObject({ choice: "approve", value: null });
  expect(choose("answer", "cancel")).toMatchObject({ choice: "answer", value: "Both." });
  expect(choose("this", "that")).toMatchObject({ choice: "this", value: null });
  expect(choose()).toMatchObject({ choice: "" });
});
