import { expect, test } from "vitest";
import { items } from "../../../../../test/support/web-scenario.ts";
import { batchKey, keyedChoices } from "./item-choices.ts";

const [approval, question] = items;

test("approve and reject get the keys, whatever stands between them", () => {
  const { act, deny } = keyedChoices(approval?.choices ?? []);
  expect([act?.id, deny?.id]).toEqual(["approve", "reject"]);
});

test("only low risk, the same rule and the same choices are answered together", () => {
  if (approval === undefined || question === undefined) throw new Error("the scenario has no items");
  const low = { ...approval, risk: "low", mayAnswer: true } as const;
  expect(batchKey(low)).toBe(batchKey({ ...low, id: question.id }));
  expect(batchKey({ ...low, risk: "medium" })).toBeNull();
  expect(batchKey({ ...low, mayAnswer: false })).toBeNull();
  expect(batchKey({ ...low, ruleId: "another" })).not.toBe(batchKey(low));
  expect(batchKey({ ...low, choices: low.choices.slice(1) })).not.toBe(batchKey(low));
});
