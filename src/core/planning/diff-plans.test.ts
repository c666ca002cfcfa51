import { expect, test } from "vitest";
import { diffPlans, isSamePlan } from "./diff-plans.ts";
import { readPlan } from "./read-plan.ts";

const plan = (...tasks: readonly object[]) =>
  readPlan({ decomposition: tasks.map((task) => ({ persona: "contributor", dependencies: [], ...task })) } as never, "person", "EUR")
    .document.decomposition;

test("tells what came, what went and which fields are not the same", () => {
  const before = plan({ task: "a", title: "A" }, { task: "b", title: "B" });
  const after = plan({ task: "c", title: "C" }, { task: "a", title: "A, longer", dependencies: ["c"] });
  expect(diffPlans(before, after)).toEqual({
    added: ["c"],
    removed: ["b"],
    changed: [{ task: "a", fields: ["title", "dependencies"] }],
  });
});

test("neither the order of tasks nor of names makes a difference; a field that is absent on one side does", () => {
  const [a, b] = plan({ task: "a" }, { task: "b" });
  if (a === undefined || b === undefined) throw new Error("two tasks were written");
  const turned = Object.fromEntries(Object.entries(a).toReversed()) as unknown as typeof a; // the same fields
  expect(isSamePlan(diffPlans([a, b], [b, turned]))).toBe(true);
  expect(diffPlans([a], [{ ...a, division: "legal" }]).changed).toEqual([{ task: "a", fields: ["division"] }]);
});
