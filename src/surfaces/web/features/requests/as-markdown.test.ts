import { expect, test } from "vitest";
import { assessPlan, progressOf, tasks } from "../../../../../test/support/web-scenario.ts";
import { line, planMarkdown, requestMarkdown, taskMarkdown } from "./as-markdown.ts";

test("text of people stays text", () => {
  expect(line("a\n# [b](javascript:x) <i> `c` *d* _e_ | !f")).toBe("a \\# \\[b\\](javascript:x) \\<i\\> \\`c\\` \\*d\\* \\_e\\_ \\| \\!f");
});

test("a request, a plan and a task say what they are and how far they have come", () => {
  const request = progressOf("ENG-6");
  const text = request === undefined ? "" : requestMarkdown(request);
  expect(text).toMatch(/^# ENG-6 Build customer portal\n/u);
  expect(text).toContain("- [x] ");
  expect(planMarkdown("ENG-7", assessPlan)).toMatch(/- \[ \] List every file .*\(key: inventory; persona: code\\_analyst; hours: /u);
  const [task] = tasks;
  expect(task === undefined ? "" : taskMarkdown(task)).toContain("## Must fulfil");
});
