import fc from "fast-check";
import { expect, test } from "vitest";
import { readLibrary } from "../personas/read-library.ts";
import type { Json } from "../shared/json.ts";
import { checkPlan } from "./check-plan.ts";
import { readPlan } from "./read-plan.ts";
import { readPlaybook } from "./read-playbook.ts";

const vision = {
  request: "Build customer portal",
  decomposition: [
    { task: "architecture_design", persona: "senior_architect", dependencies: [] },
    { task: "ui_design", persona: "ux_designer", dependencies: ["architecture_design"] },
    { task: "backend_implementation", persona: "backend_engineer", dependencies: ["architecture_design"] },
    { task: "integration_testing", persona: "qa_engineer", dependencies: ["ui_design", "backend_implementation"] },
  ],
  estimated_timeline: "4_weeks",
  resource_requirements: {},
};
const library = {
  persona_library: {
    senior_architect: {
      worldview: "systems_thinking_performance_focused",
      specializations: ["scalability", "security", "maintainability"],
      tools: ["diagram_generation", "code_analysis", "performance_modeling"],
    },
    ux_designer: {
      worldview: "user_centric_accessibility_focused",
      specializations: ["user_experience", "interface_design", "accessibility"],
      tools: ["design_tools", "user_research", "prototype_generation"],
    },
  },
};

test("accepts the plan and the persona library of the vision as they stand", () => {
  const read = readPlan(vision, "vision", "EUR");
  expect(read.problems).toEqual([]);
  expect(checkPlan(read.document)).toEqual([]);
  expect(read.document).toMatchObject({
    schema: "xvc.plan/1",
    request: "Build customer portal",
    estimated_timeline: "4_weeks",
    currency: "EUR",
    version: 1,
  });
  expect(read.document.decomposition[1]).toMatchObject({
    title: "ui design",
    outputs: ["ui_design.md"],
    review: "independent",
    maxAttempts: 3,
    risk: "medium",
    origin: "vision",
    estimate: { lowHours: 1, likelyHours: 4, highHours: 16 },
  });
  expect(readPlaybook(vision)).toMatchObject({
    kind: "playbook",
    playbook: { name: "build-customer-portal", playbookVersion: 1, matches: ["Build customer portal"] },
  });
  const personas = readLibrary(library);
  expect(personas.problems).toEqual([]);
  expect(personas.personas.map((persona) => [persona.key, persona.executors, persona.capacity])).toEqual([
    ["senior_architect", ["human", "scripted"], 1],
    ["ux_designer", ["human", "scripted"], 1],
  ]);
});

const problemsOf = (row: Json, more: object = {}) =>
  readPlan({ decomposition: [row], ...more }, "o", "EUR")
    .problems.map((problem) => problem.message)
    .join(" ");

test("keeps what is stated and calls every wrong type a problem", () => {
  const full = {
    task: "a",
    title: "A",
    persona: "p",
    dependencies: [],
    skills: ["s"],
    tools: ["t"],
    inputs: ["i"],
    outputs: ["o"],
    estimate: { lowHours: 1, likelyHours: 2, highHours: 3 },
    costMicro: 5,
    risk: "low",
    origin: "me",
    review: "person",
    executor: "human",
    outputSchema: { type: "object" },
    maxAttempts: 2,
    division: "d",
    acceptance: [
      { id: "x", statement: "s", check: { kind: "schema", output: "o", schema: {} } },
      { check: { kind: "rule", rule: "r" } },
      { check: { kind: "command", run: "r" } },
      { check: { kind: "reviewer", reviewer: "r" } },
      { check: { kind: "person", question: "q" } },
      { check: { kind: "output", output: "o" } },
    ],
  };
  const read = readPlan({ decomposition: [full], deliverable: ["o"], currency: "USD", version: 3 }, "o", "EUR");
  expect(read.problems).toEqual([]);
  expect(read.document).toMatchObject({ currency: "USD", version: 3, deliverable: ["o"] });
  const { acceptance, ...rest } = full;
  expect(read.document.decomposition[0]).toMatchObject(rest);
  expect(read.document.decomposition[0]?.acceptance.map((criterion) => criterion.id)).toEqual(["x", "a2", "a3", "a4", "a5", "a6"]);
  expect(readPlan({ decomposition: [{ task: "a", persona: "p", acceptance }] }, "o", "EUR").document.decomposition[0]?.review).toBe(
    "checks",
  );
  for (const [field, value] of Object.entries({
    dependencies: "x",
    skills: [1],
    tools: 1,
    inputs: {},
    outputs: null,
    title: 1,
    persona: 1,
    origin: [],
    division: 2,
    costMicro: "5",
    maxAttempts: "3",
    risk: "huge",
    review: 1,
    executor: "magic",
    outputSchema: [],
  })) {
    expect(problemsOf({ task: "a", persona: "p", [field]: value })).toContain(`\`${field}\``);
  }
  expect(problemsOf({})).toContain("no `task` name");
  expect(problemsOf("x")).toContain("no object");
  expect(problemsOf({ task: "a", estimate: 3 })).toContain("estimate");
  expect(problemsOf({ task: "a", estimate: { lowHours: 1 } })).toContain("estimate");
  expect(problemsOf({ task: "a", acceptance: 3 })).toContain("no list");
  for (const check of [3, null, { kind: "x" }, { kind: "output" }, { kind: "schema", output: "o" }])
    expect(problemsOf({ task: "a", acceptance: [{ check }] })).toContain("Criterion 1");
  expect(problemsOf({ task: "a", acceptance: [3] })).toContain("Criterion 1");
  expect(readPlan([], "o", "EUR").problems).toHaveLength(2);
});

test("reads any JSON without falling over", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (raw) => {
      const json = raw as Json; // JSON by construction
      expect(readPlan({ decomposition: [json] }, "o", "EUR").document.schema).toBe("xvc.plan/1");
      expect(readPlan(json, "o", "EUR").problems.length).toBeGreaterThanOrEqual(0);
      expect(["playbook", "problems"]).toContain(readPlaybook(json).kind);
      expect(readLibrary({ persona_library: { p: json } }).personas.length).toBeLessThanOrEqual(1);
    }),
  );
});

test("reads playbooks with their inputs, and says what is wrong with the others", () => {
  const plan = { decomposition: vision.decomposition };
  const read = readPlaybook({
    name: "p",
    version: 4,
    division: "d",
    matches: ["m", 3],
    inputs: [{ name: "repo", kind: "folder", required: false }, { name: "x" }, 3],
    deliverable: ["ui_design.md"],
    plan,
  });
  expect(read).toMatchObject({
    kind: "playbook",
    playbook: {
      playbookVersion: 4,
      division: "d",
      matches: ["m"],
      inputs: [
        { name: "repo", kind: "folder", required: false },
        { name: "x", kind: "file", required: true },
      ],
      deliverable: ["ui_design.md"],
    },
  });
  expect(readPlaybook({ name: "p", plan })).toMatchObject({
    kind: "playbook",
    playbook: { playbookVersion: 1, division: "", matches: [] },
  });
  for (const bad of [
    3,
    { name: "P P", plan },
    { name: "p" },
    { plan },
    { decomposition: [] },
    { name: "p", plan: { decomposition: [] } },
    { name: "p", plan, deliverable: ["none"] },
  ])
    expect(readPlaybook(bad as Json).kind).toBe("problems");
});
