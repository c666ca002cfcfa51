import { expect, test } from "vitest";
import type { PlanTaskDocument } from "../../../../contract/plan-contract.ts";
import { addTask, changeTask, difference, editProblems, mergeEdits, removeTask } from "./plan-edit.ts";

const three = ["a", "b", "c"].reduce<readonly PlanTaskDocument[]>((tasks, key, at) => {
  const { tasks: all, key: made } = addTask(tasks, tasks.at(-1)?.task);
  return changeTask(all, made, {
    task: key,
    title: key.toUpperCase(),
    outputs: [`${key}.md`],
    acceptance: [{ id: `a${at}`, statement: "There.", check: { kind: "output", output: `${key}.md` } }],
  });
}, []);
const document = {
  schema: "xvc.plan/1",
  request: "x",
  version: 1,
  decomposition: three,
  estimated_timeline: "",
  resource_requirements: {},
  currency: "EUR",
} as const;
const errors = (tasks: readonly PlanTaskDocument[]) => editProblems(document, tasks).filter((problem) => problem.severity === "error");

test("what is added, renamed and removed stays a plan that core accepts", () => {
  expect(errors(three)).toEqual([]);
  expect(three.map((task) => task.dependencies)).toEqual([[], ["a"], ["b"]]);
  const renamed = changeTask(three, "b", { task: "build" });
  expect(renamed[2]?.dependencies).toEqual(["build"]);
  expect(removeTask(renamed, "build").map((task) => task.dependencies)).toEqual([[], ["a"]]);
  expect(errors(changeTask(three, "a", { dependencies: ["c"] }))).toMatchObject([{ code: "plan.cycle" }]);
  expect(errors(changeTask(three, "a", { dependencies: ["nobody"] })).length).toBeGreaterThan(0);
});

test("two edits of one plan join task by task; where both changed one, mine stands and is named", () => {
  const mine = changeTask(removeTask(three, "c"), "a", { title: "Mine" });
  const theirs = changeTask(changeTask(three, "b", { title: "Theirs" }), "a", { title: "Also theirs" });
  const merged = mergeEdits({ baseSha256: "0", base: three, tasks: mine }, theirs);
  expect(merged.tasks.map((task) => [task.task, task.title])).toEqual([
    ["a", "Mine"],
    ["b", "Theirs"],
  ]);
  expect(merged.contested).toEqual(["a"]);
  expect(difference(theirs, merged.tasks)).toEqual({ added: [], removed: ["c"], changed: [{ task: "a", fields: ["title"] }] });
});
