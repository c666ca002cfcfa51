import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { readLibrary } from "../../src/core/personas/read-library.ts";
import { checkPlan } from "../../src/core/planning/check-plan.ts";
import { orderTasks } from "../../src/core/planning/plan-graph.ts";
import { readChecklist } from "../../src/core/planning/read-checklist.ts";
import { readPlan } from "../../src/core/planning/read-plan.ts";
import { readPlaybook } from "../../src/core/planning/read-playbook.ts";
import { forecastPlan } from "../../src/core/scheduling/forecast-plan.ts";
import type { Json } from "../../src/core/shared/json.ts";
import { openCliWorld } from "../support/cli-world.ts";
import { filesUnder, root } from "./source-tree.ts";

const textOf = (file: string): string => readFileSync(path.join(root, "examples", file), "utf8");
/** A folder of attacks; the suite that measures the gate has its own test over it. */
const corpus = "examples/tool-gate/";
const toolFolder = "examples/tools/";
const examples = filesUnder("examples", /./).filter((file) => !file.startsWith(corpus) && !file.startsWith(toolFolder));
const jsonOf = (file: string): Json => JSON.parse(textOf(file)) as Json; // JSON.parse gives JSON

test("the plan is read, sound, and forecast", () => {
  const { document, problems } = readPlan(jsonOf("plan.json"), "person:example", "EUR");
  expect([...problems, ...checkPlan(document)]).toEqual([]);
  expect(orderTasks(document.decomposition)).toMatchObject({ kind: "ordered" });
  expect(document.decomposition.map((task) => [task.task, task.dependencies.length])).toEqual([
    ["architecture_design", 0],
    ["ui_design", 1],
    ["backend_implementation", 1],
    ["integration_testing", 2],
  ]);
  expect(forecastPlan(document, new Map())?.criticalPath).toEqual(["architecture_design", "ui_design", "integration_testing"]);
});

test("the plan alone is a playbook, named after its request", () => {
  expect(readPlaybook(jsonOf("plan.json"))).toMatchObject({ kind: "playbook", playbook: { name: "build-customer-portal" } });
});

test("the persona library is read, and has who the playbook needs", () => {
  const { personas, problems } = readLibrary(jsonOf("personas.json"));
  expect(problems).toEqual([]);
  const read = readPlaybook(jsonOf("playbook.json"));
  if (read.kind === "problems") throw new Error(read.problems.join(" "));
  const plan = readPlan(read.playbook.plan, "playbook:example", "EUR").document;
  const around = { personas: new Set(personas.map((persona) => persona.key)), inputs: new Set(["changes"]) };
  expect(checkPlan({ ...plan, deliverable: read.playbook.deliverable }, around)).toEqual([]);
});

test("the checklist gives the tasks, their order and their hours", () => {
  const rows = readChecklist(textOf("tasks.md"));
  const { document, problems } = readPlan({ request: "Release notes", decomposition: rows }, "person:example", "EUR");
  expect([...problems, ...checkPlan(document)]).toEqual([]);
  expect(document.decomposition.map((task) => [task.task, task.dependencies, task.estimate.likelyHours])).toEqual([
    ["list", [], 2],
    ["try", ["list"], 1],
    ["pictures", [], 3],
    ["write", ["try", "pictures"], 4],
  ]);
});

test("the command finds every example sound, and the server takes personas and playbook", async () => {
  const names = examples.map((file) => path.basename(file));
  const world = await openCliWorld({ files: Object.fromEntries(names.map((name) => [name, textOf(name)])) });
  try {
    for (const name of ["plan.json", "playbook.json", "tasks.md"]) {
      const { exit, out } = await world.run("plan", "check", name);
      expect([name, exit, out.trimEnd().split("\n").at(-1)?.split(":")[0]]).toEqual([name, 0, "sound"]);
    }
    for (const [group, name] of [
      ["persona", "personas.json"],
      ["playbook", "playbook.json"],
      ["playbook", "plan.json"],
    ] as const) {
      expect(await world.run(group, "add", name)).toMatchObject({ exit: 0, err: "" });
    }
  } finally {
    await world.close();
  }
});

const toolExamples = [
  ["design_tools", "--input", "design.json", '"holdsAA": false'],
  ["user_research", "--input", "interviews.json", '"The invoice upload is slow."'],
  ["performance_modeling", "--input", "load.json", '"servers": 11'],
  ["prototype_generation", "--input", "prototype.json", '"screensReached": 4'],
  ["diagram_generation", "--with", "shop.mmd", '"edges": 4'],
] as const;

test("tools that only compute answer for their examples", async () => {
  const world = await openCliWorld({ files: Object.fromEntries(toolExamples.map(([, , name]) => [name, textOf(`tools/${name}`)])) });
  try {
    for (const [tool, option, name, words] of toolExamples) {
      const { exit, out } = await world.run("tool", "run", tool, option, name, "--json");
      expect([tool, exit, out.includes(words)]).toEqual([tool, 0, true]);
    }
  } finally {
    await world.close();
  }
});

test("no example is left out of these tests", () => {
  expect(filesUnder("examples", /./).filter((file) => file.startsWith(toolFolder))).toEqual(
    toolExamples.map(([, , name]) => toolFolder + name),
  );
  expect(examples).toEqual(["examples/personas.json", "examples/plan.json", "examples/playbook.json", "examples/tasks.md"]);
  const corpusFiles = ["README.md", "attack_goals.jsonl", "benign_tasks.jsonl", "tools.jsonl"];
  expect(filesUnder("examples", /./).filter((file) => file.startsWith(corpus))).toEqual(corpusFiles.map((name) => corpus + name));
});
