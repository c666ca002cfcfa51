import { expect, test } from "vitest";
import personas from "./personas.json" with { type: "json" };
import assess from "./playbooks/assess-repository.json" with { type: "json" };
import portal from "./playbooks/customer-portal.json" with { type: "json" };
import { sectionKeys } from "./report-types.ts";
import { engineeringRules } from "./section-rules.ts";

interface Task {
  readonly task: string;
  readonly persona: string;
  readonly dependencies: readonly string[];
  readonly skills: readonly string[];
  readonly tools: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly estimate: { readonly lowHours: number; readonly likelyHours: number; readonly highHours: number };
  readonly acceptance: readonly { readonly check: { readonly kind: string; readonly rule?: string; readonly output?: string } }[];
}
interface Playbook {
  readonly name: string;
  readonly inputs: readonly { readonly name: string }[];
  readonly deliverable: readonly string[];
  readonly plan: { readonly decomposition: readonly Task[] };
}

const playbooks: readonly Playbook[] = [assess, portal];
const library: {
  readonly [id: string]: { readonly skills: readonly string[]; readonly tools: readonly string[]; readonly executors: readonly string[] };
} = personas.persona_library;

test.each(playbooks)("$name: tasks depend on earlier ones, and every input is an output of them or of the request", ({ inputs, plan }) => {
  const before = new Map<string, readonly string[]>();
  for (const task of plan.decomposition) {
    const known = [
      ...inputs.map((input) => input.name),
      ...task.dependencies.flatMap((dependency) => before.get(dependency) ?? ["missing"]),
    ];
    expect(task.dependencies.filter((dependency) => !before.has(dependency))).toEqual([]);
    expect(task.inputs.filter((input) => !known.includes(input))).toEqual([]);
    before.set(task.task, task.outputs);
  }
});

test.each(playbooks)("$name: every output is used or delivered", ({ deliverable, plan }) => {
  const used = new Set([...deliverable, ...plan.decomposition.flatMap((task) => task.inputs)]);
  expect(plan.decomposition.flatMap((task) => task.outputs).filter((output) => !used.has(output))).toEqual([]);
});

test.each(playbooks)("$name: personas have the skills and tools, estimates are ordered, checks are known", ({ plan }) => {
  for (const task of plan.decomposition) {
    const persona = library[task.persona];
    expect(task.skills.filter((skill) => persona?.skills.includes(skill) !== true)).toEqual([]);
    expect(task.tools.filter((tool) => persona?.tools.includes(tool) !== true)).toEqual([]);
    expect(task.estimate.lowHours).toBeLessThanOrEqual(task.estimate.likelyHours);
    expect(task.estimate.likelyHours).toBeLessThanOrEqual(task.estimate.highHours);
    const checks = task.acceptance.map(({ check }) => check);
    expect(checks.filter((check) => check.kind === "rule" && !engineeringRules.has(check.rule ?? ""))).toEqual([]);
    expect(checks.filter((check) => check.output !== undefined && !task.outputs.includes(check.output))).toEqual([]);
  }
});

test("the assessment has one task per section and one for the report, all done by rules", () => {
  expect(assess.plan.decomposition.map((task) => task.task)).toEqual([...sectionKeys, "report"]);
  for (const task of assess.plan.decomposition) expect(library[task.persona]?.executors[0]).toBe("rules");
});

test("the portal is the example of the vision, its names kept", () => {
  expect(portal.plan.decomposition.map(({ task, persona, dependencies }) => ({ task, persona, dependencies }))).toEqual([
    { task: "architecture_design", persona: "senior_architect", dependencies: [] },
    { task: "ui_design", persona: "ux_designer", dependencies: ["architecture_design"] },
    { task: "backend_implementation", persona: "backend_engineer", dependencies: ["architecture_design"] },
    { task: "integration_testing", persona: "qa_engineer", dependencies: ["ui_design", "backend_implementation"] },
  ]);
  expect(portal.plan.estimated_timeline).toBe("4_weeks");
  expect(personas.persona_library.senior_architect).toMatchObject({
    worldview: "systems_thinking_performance_focused",
    specializations: ["scalability", "security", "maintainability"],
  });
});
