import { expect, test } from "vitest";
import type { TimelineEntry } from "../contract/event-contract.ts";
import { steadyStory } from "./demo-story.ts";

const fact = (cursor: string, sentence: string, taskKey: string | null, atMs = 5): TimelineEntry => ({
  cursor,
  atMs,
  recordedAtMs: 1,
  kind: "task.started",
  subjectKind: "task",
  subjectId: "t",
  actor: { kind: "system", id: "sweep", name: "sweep" },
  sentence,
  data: taskKey === null ? {} : { taskKey },
});

const told = (...story: readonly TimelineEntry[]): string =>
  steadyStory(story, ["design", "build", "test"])
    .map((entry) => entry.sentence)
    .join(" ");

test("at one instant, commits about different tasks stand in the order of the plan, whoever was faster", () => {
  const build = [fact("1-1", "build-leased", "build"), fact("1-2", "build-began", "build")];
  const design = [fact("2-3", "design-leased", "design"), fact("2-4", "design-began", "design")];
  expect(told(...build, ...design)).toBe("design-leased design-began build-leased build-began");
  expect(told(...design, ...build)).toBe(told(...build, ...design));
});

test("what concerns the same task, several tasks or none of them keeps its place", () => {
  expect(told(fact("1-1", "build-passed", "build"), fact("1-2", "design-ready", "design"), fact("2-3", "design-began", "design"))).toBe(
    "build-passed design-ready design-began",
  );
  expect(told(fact("1-1", "build-passed", "build"), fact("2-2", "delivered", null), fact("3-3", "design-began", "design"))).toBe(
    "build-passed delivered design-began",
  );
});

test("another instant is another line, even with an unknown task", () => {
  expect(
    told(fact("1-1", "build-passed", "build", 4), fact("2-2", "design-began", "design", 5), fact("3-3", "other-began", "other", 5)),
  ).toBe("build-passed design-began other-began");
});
