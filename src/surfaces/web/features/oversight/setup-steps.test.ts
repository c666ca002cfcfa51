import { expect, test } from "vitest";
import { isFresh, nextStep, setupSteps, stepOf } from "./setup-steps.ts";

const me = (name: string, roles: readonly "administrator"[]) => ({
  organization: { id: "o", name, currency: "EUR" },
  person: { id: "p", name: "Dana", email: null, roles, state: "active" as const },
});

test("only an administrator of an organization without a name of its own is led to the set-up", () => {
  expect(isFresh(me("My organization", ["administrator"]))).toBe(true);
  expect(isFresh(me("Acme", ["administrator"]))).toBe(false);
  expect(isFresh(me("My organization", []))).toBe(false);
});

test("the steps lead from the first to the end, and a word that is none begins at the first", () => {
  let step: ReturnType<typeof nextStep> = stepOf("no such step");
  const seen: string[] = [];
  while (step !== null) {
    seen.push(step);
    step = nextStep(step);
  }
  expect(seen).toEqual([...setupSteps]);
});
