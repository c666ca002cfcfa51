import { expect, test } from "vitest";
import { nowMs, progressOf } from "../../../../../test/support/web-scenario.ts";
import { whyOfRequest } from "./request-why.ts";

function whyOf(label: string) {
  const progress = progressOf(label);
  if (progress === undefined) throw new Error(`the scenario has no ${label}`);
  return whyOfRequest(progress, nowMs);
}

test("a request that waits says for whom, under which rule, and what would end it", () => {
  const why = whyOf("ENG-7");
  expect(why.state).toMatch(/^Waits for your approval .* since 2 min\. It waits for you, asked 3 h 40 min ago\.$/u);
  const [rule] = why.because;
  expect([rule?.kind, rule?.id]).toEqual(["rule", "plan.approve:director"]);
  expect(rule?.to).toMatch(/^\/inbox\?item=/u);
  expect(why.change[0]).toMatch(/An answer of you .*Approve and start; Ask for another plan/u);
});

test("a running request names who approved it, and goes on by itself", () => {
  const why = whyOf("ENG-6");
  expect(why.because.some((reason) => reason.kind === "decision" && reason.text.includes("by Dana Ortiz"))).toBe(true);
  expect(why.change.at(-1)).toMatch(/when all have passed/u);
});
