import fc from "fast-check";
import { expect, test } from "vitest";
import { planLimits, checkPlan, planProblems } from "./check-plan.ts";
import type { PlanDocument, PlanTask } from "./plan-document.ts";
import { orderTasks } from "./plan-graph.ts";
import { readPlan } from "./read-plan.ts";

const plan = (rows: readonly Partial<PlanTask>[], more: Partial<PlanDocument> = {}): PlanDocument => {
  const read = readPlan(
    { decomposition: rows.map((_, index) => ({ task: `t${index}`, persona: "p", dependencies: [] })) },
    "test",
    "EUR",
  ).document;
  return { ...read, decomposition: read.decomposition.map((task, index) => ({ ...task, ...rows[index] })), ...more };
};
const codes = (document: PlanDocument, around = {}): readonly string[] => planProblems(document, around).map((problem) => problem.code);

const acyclic = fc.integer({ min: 1, max: 25 }).chain((size) =>
  fc.array(fc.boolean(), { minLength: size * size, maxLength: size * size }).map((edges) =>
    Array.from({ length: size }, (_, at) => ({
      task: `t${at}`,
      dependencies: Array.from({ length: at }, (__, before) => before)
        .filter((before) => edges[at * size + before] === true)
        .map((before) => `t${before}`),
    })),
  ),
);

test("orders every task after what it depends on, whatever the plan's own order", () => {
  fc.assert(
    fc.property(acyclic, fc.boolean(), (tasks, turned) => {
      const order = orderTasks(turned ? tasks.toReversed() : tasks);
      expect(order.kind).toBe("ordered");
      const place = new Map((order.kind === "ordered" ? order.keys : []).map((key, at) => [key, at]));
      expect(place.size).toBe(tasks.length);
      for (const { task, dependencies } of tasks)
        for (const key of dependencies) expect(place.get(key)).toBeLessThan(place.get(task) ?? -1);
    }),
  );
});

test("finds a real cycle wherever one is closed", () => {
  fc.assert(
    fc.property(acyclic, fc.nat(), (tasks, seed) => {
      const last = tasks[seed % tasks.length];
      const first = tasks.find((task) => task === last || last?.dependencies.includes(task.task));
      const closed = tasks.map((task) => (task === first ? { ...task, dependencies: [...task.dependencies, last?.task ?? ""] } : task));
      const order = orderTasks(closed);
      expect(order.kind).toBe("cyclic");
      if (order.kind !== "cyclic") return;
      const needs = new Map(closed.map((task) => [task.task, task.dependencies]));
      order.cycle.forEach((key, at) => expect(needs.get(key)).toContain(order.cycle[(at + 1) % order.cycle.length]));
      expect(codes(plan(closed))).toContain("plan.cycle");
    }),
  );
});

const criterion = (id: string, check: PlanTask["acceptance"][number]["check"]) => ({ id, statement: "", check });
const defects: readonly { readonly code: string; readonly fields: Partial<PlanTask>; readonly around?: object }[] = [
  { code: "plan.bad-key", fields: { task: " " } },
  { code: "plan.bad-key", fields: { task: "x".repeat(planLimits.keyLength + 1) } },
  { code: "plan.too-many-dependencies", fields: { dependencies: Array.from({ length: planLimits.dependenciesPerTask + 1 }, () => "t1") } },
  { code: "plan.repeated-dependency", fields: { dependencies: ["t1", "t1"] } },
  { code: "plan.unknown-dependency", fields: { dependencies: ["ghost"] } },
  { code: "plan.cycle", fields: { dependencies: ["t0"] } },
  { code: "plan.duplicate-task", fields: { task: "t1" } },
  { code: "plan.uncheckable", fields: { acceptance: [] } },
  {
    code: "plan.too-many-criteria",
    fields: {
      acceptance: Array.from({ length: planLimits.criteriaPerTask + 1 }, (_, at) => criterion(`c${at}`, { kind: "person", question: "?" })),
    },
  },
  {
    code: "plan.repeated-criterion",
    fields: { acceptance: [criterion("a", { kind: "person", question: "?" }), criterion("a", { kind: "person", question: "?" })] },
  },
  { code: "plan.repeated-output", fields: { outputs: ["t0.md", "t0.md"] } },
  { code: "plan.bad-estimate", fields: { estimate: { lowHours: 2, likelyHours: 1, highHours: 3 } } },
  { code: "plan.bad-estimate", fields: { estimate: { lowHours: Number.NaN, likelyHours: 1, highHours: 3 } } },
  { code: "plan.bad-estimate", fields: { estimate: { lowHours: 1, likelyHours: 1, highHours: Number.POSITIVE_INFINITY } } },
  { code: "plan.bad-cost", fields: { costMicro: -1 } },
  { code: "plan.bad-cost", fields: { costMicro: 0.5 } },
  { code: "plan.bad-attempts", fields: { maxAttempts: 0 } },
  { code: "plan.bad-attempts", fields: { maxAttempts: 21 } },
  { code: "plan.bad-attempts", fields: { maxAttempts: 1.5 } },
  { code: "plan.no-persona", fields: { persona: "" } },
  { code: "plan.unknown-persona", fields: { persona: "q" }, around: { personas: new Set(["p"]) } },
  { code: "plan.unknown-input", fields: { inputs: ["x"] }, around: { inputs: new Set(["y"]) } },
  { code: "plan.criterion-unmade", fields: { acceptance: [criterion("a", { kind: "output", output: "other" })] } },
  { code: "plan.criterion-unmade", fields: { acceptance: [criterion("a", { kind: "schema", output: "other", schema: {} })] } },
  {
    code: "plan.no-sandbox",
    fields: { acceptance: [criterion("a", { kind: "command", run: "x" })] },
    around: { sandbox: { ok: false, reason: "none." } },
  },
];

test("finds each planted defect and nothing in the sound plan", () => {
  expect(checkPlan(plan([{}, {}]))).toEqual([]);
  for (const { code, fields, around } of defects) expect(codes(plan([fields, {}]), around ?? {})).toContain(code);
  expect(codes(plan([]))).toEqual(["plan.empty"]);
  expect(
    codes({ ...plan([{}]), decomposition: Array.from({ length: planLimits.tasks + 1 }, () => plan([{}]).decomposition[0] as PlanTask) }),
  ).toEqual(["plan.too-large"]);
  expect(codes(plan([{}], { deliverable: ["nowhere"] }))).toContain("plan.deliverable-unmade");
  const sandboxed = { acceptance: [criterion("a", { kind: "command", run: "x" })], inputs: ["t1.md", "given"] } as const;
  expect(codes(plan([sandboxed, {}]), { sandbox: { ok: true, reason: "" }, personas: new Set(["p"]), inputs: new Set(["given"]) })).toEqual(
    [],
  );
});

test("warns of outputs that nobody uses, and refuses nothing for it", () => {
  const chained = plan([{}, { dependencies: ["t0"] }]);
  expect(codes(chained)).toEqual(["plan.unused-output"]);
  expect(checkPlan(chained)).toEqual([]);
  expect(codes(plan([{}, { dependencies: ["t0"], inputs: ["t0.md"] }]))).toEqual([]);
  expect(codes(plan([{}, { dependencies: ["t0"] }], { deliverable: ["t0.md", "t1.md"] }))).toEqual([]);
});
