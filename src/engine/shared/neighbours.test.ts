import { expect, test } from "vitest";
import { attemptKind } from "../../core/execution/attempt.ts";
import { taskKind } from "../../core/execution/task.ts";
import { asId } from "../../core/shared/ids.ts";
import type { Change } from "../../core/shared/transition.ts";
import { neighbourShelf } from "./neighbours.ts";

const here = { organizationId: asId<"organization">("o"), projectId: asId<"project">("p") };
const near = { requestId: "r", taskId: "t" };
const made = (kind: Change["kind"], before?: Change["before"]): Change => ({
  kind,
  before,
  after: { id: "a", version: 1, eventCount: 0, ...near } as Change["after"],
});

test("remembers attempts that were made, for their own project alone", () => {
  const shelf = neighbourShelf();
  shelf.made(here, [made(attemptKind)]);
  expect(shelf.of(here, "a")).toEqual(near);
  expect(shelf.of({ ...here, projectId: asId<"project">("q") }, "a")).toBeUndefined();
  expect(shelf.of({ ...here, organizationId: asId<"organization">("x") }, "a")).toBeUndefined();
});

test("leaves what it knows alone when a row is changed, and takes no note of other kinds", () => {
  const shelf = neighbourShelf();
  shelf.remember(here, "a", { ...near, task: { planId: asId("plan"), dependents: [] } });
  shelf.made(here, [made(attemptKind, made(attemptKind).after), made(taskKind)]);
  expect(shelf.of(here, "a")?.task).toEqual({ planId: "plan", dependents: [] });
});

test("forgets the oldest beyond its bound", () => {
  const shelf = neighbourShelf();
  for (let at = 0; at <= 5_000; at += 1) shelf.remember(here, String(at), near);
  expect(shelf.of(here, "0")).toBeUndefined();
  expect(shelf.of(here, "1")).toEqual(near);
});
