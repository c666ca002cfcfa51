import { expect, test } from "vitest";
import type { WorkRequest } from "../requests/request.ts";
import { asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import { draftBrief } from "./draft-brief.ts";
import { makePlan, writtenPlan } from "./make-plan.ts";
import { matchPlaybooks } from "./match-playbook.ts";
import type { Playbook } from "./plan.ts";
import { readChecklist, readTaskTable } from "./read-checklist.ts";

const request = (fields: Partial<WorkRequest> = {}): WorkRequest => ({
  id: "r",
  version: 1,
  eventCount: 1,
  number: 1,
  projectId: asId("p"),
  title: "Assess it",
  text: "Please assess the repository.",
  state: "analysing",
  pausedFrom: null,
  requesterId: asId("me"),
  urgency: "normal",
  budgetMicro: null,
  deadlineAtMs: null,
  playbook: null,
  inputs: [],
  approveBeforehand: false,
  rehearsal: false,
  script: null,
  brief: null,
  answers: {},
  planId: null,
  planCount: 0,
  epoch: 1,
  handOvers: 0,
  deliverableId: null,
  openedAtMs: 0,
  stateSinceMs: 0,
  deliveredAtMs: null,
  ...fields,
});
const playbook = (name: string, matches: readonly string[], fields: Partial<Playbook> = {}): Playbook => ({
  id: name,
  version: 1,
  eventCount: 1,
  name,
  playbookVersion: 2,
  division: "",
  matches,
  inputs: [],
  deliverable: [],
  plan: { decomposition: [{ task: "t", persona: "p", dependencies: [] }] },
  ...fields,
});
const how = (choice: string, value: JsonObject[string] = null): JsonObject => ({ how: { choice, value, by: "me" } });

test("matches whole words, longest phrase first, and nothing else", () => {
  const books = [
    playbook("b", ["assess the repository"]),
    playbook("a", ["assess", ""]),
    playbook("c", ["sess"]),
    playbook("d", ["assess the repository"]),
  ];
  expect(matchPlaybooks("Please ASSESS the repository!", books).map((match) => match.playbook.name)).toEqual(["b", "d", "a"]);
  expect(matchPlaybooks("", books)).toEqual([]);
});

test("takes the named or best fitting playbook and asks otherwise", () => {
  const fits = playbook("fits", ["assess"]);
  expect(draftBrief(request(), [fits])).toMatchObject({ questions: [], brief: { playbook: "fits", riskClass: "medium" } });
  expect(draftBrief(request({ playbook: "fits" }), [fits]).brief.approach).toContain("It was named.");
  expect(draftBrief(request(), []).questions[0]?.ruleId).toBe("planning.no-playbook");
  expect(draftBrief(request({ playbook: "gone" }), [fits]).questions[0]?.detail).toContain('no playbook called "gone"');
  expect(draftBrief(request(), [fits, playbook("other", ["assess"])]).questions[0]?.ruleId).toBe("planning.several-playbooks");
  expect(draftBrief(request({ answers: how("tasks") }), []).brief.approach).toContain("a person wrote");
  expect(
    draftBrief(
      request({
        answers: how("one-task"),
        budgetMicro: 1,
        deadlineAtMs: 2,
        inputs: [{ name: "x", kind: "file", origin: "", artifacts: [], facts: {} }],
      }),
      [],
    ).brief.constraints,
  ).toHaveLength(3);
  expect(draftBrief(request({ answers: { how: 3 } }), [fits]).brief.playbook).toBe("fits");
  expect(draftBrief(request({ answers: { how: { choice: 3 } } }), [fits]).brief.playbook).toBe("fits");
});

test("asks for inputs the playbook needs and the request lacks, ten at most", () => {
  const inputs = [
    { name: "repository", kind: "git-repository|folder", required: true },
    { name: "notes", kind: "file", required: false },
  ];
  const needy = playbook("needy", ["assess"], { inputs });
  expect(draftBrief(request(), [needy]).questions.map((question) => question.id)).toEqual(["input:repository"]);
  expect(
    draftBrief(request({ inputs: [{ name: "any", kind: "folder", origin: "", artifacts: [], facts: {} }] }), [needy]).questions,
  ).toEqual([]);
  expect(
    draftBrief(request({ inputs: [{ name: "repository", kind: "file", origin: "", artifacts: [], facts: {} }] }), [needy]).questions,
  ).toEqual([]);
  const many = playbook("many", ["assess"], {
    inputs: Array.from({ length: 30 }, (_, at) => ({ name: `i${at}`, kind: "file", required: true })),
  });
  expect(draftBrief(request(), [many]).questions).toHaveLength(10);
});

test("rates a playbook by its riskiest task", () => {
  const riskOf = (decomposition: JsonObject[string]) =>
    draftBrief(request({ playbook: "p" }), [playbook("p", [], { plan: { decomposition } })]).brief.riskClass;
  expect(riskOf([{ risk: "low" }, { risk: "high" }])).toBe("high");
  expect(riskOf([{ risk: "low" }])).toBe("low");
  expect(riskOf([{ risk: "low" }, { risk: "medium" }])).toBe("medium");
  expect(riskOf("none")).toBe("medium");
});

test("makes the plan of the brief's playbook or of what a person wrote, and asks when there is neither", () => {
  const brief = draftBrief(request({ playbook: "p" }), [playbook("p", [])]).brief;
  expect(makePlan(request({ brief }), [playbook("p", [], { deliverable: ["t.md"] })], "EUR")).toMatchObject({
    kind: "plan",
    origin: { kind: "playbook", name: "p@2", edited: false },
    document: { request: "Assess it", version: 1, deliverable: ["t.md"] },
  });
  expect(makePlan(request({ brief }), [playbook("p", [])], "EUR").kind).toBe("plan");
  expect(makePlan(request(), [], "EUR").kind).toBe("question");
  for (const answers of [{ how: 3 }, { how: [] }, { how: { choice: 1, by: 2 } }, { how: { choice: "playbook", by: "me" } }] as const)
    expect(makePlan(request({ answers }), [], "EUR").kind).toBe("question");
  expect(makePlan(request({ answers: how("tasks", "- one\n- two") }), [], "EUR")).toMatchObject({
    origin: { kind: "person", authorId: "me", edited: true },
    document: { decomposition: [{ title: "one" }, { title: "two" }] },
  });
  const titles = (value: JsonObject[string]) => {
    const made = makePlan(request({ answers: how("one-task", value) }), [], "EUR");
    return made.kind === "plan" ? made.document.decomposition.map((task) => [task.title, task.persona, task.executor]) : [];
  };
  expect(titles(null)).toEqual([["Assess it", "contributor", "human"]]);
  expect(titles("Look")).toEqual([["Look", "contributor", "human"]]);
  expect(titles({ title: "See", persona: "editor" })).toEqual([["See", "editor", "human"]]);
});

test("reads a plan in every form a person may write it", () => {
  expect(writtenPlan("- a")).toMatchObject({ decomposition: [{ title: "a" }] });
  expect(writtenPlan(' [{ "title": "a" }]')).toMatchObject({ decomposition: [{ title: "a" }] });
  expect(writtenPlan('{ "decomposition": [] }')).toEqual({ decomposition: [] });
  expect(writtenPlan("[a] comes first\n- a")).toMatchObject({ decomposition: [{ title: "a" }] });
  expect(writtenPlan({ markdown: "- a" })).toMatchObject({ decomposition: [{ title: "a" }] });
  expect(writtenPlan([{ title: "a" }, 3])).toMatchObject({ decomposition: [{ title: "a" }] });
  expect(writtenPlan({ table: [{ title: "a" }, null] })).toMatchObject({ decomposition: [{ title: "a" }] });
  expect(writtenPlan({ document: { decomposition: [] } })).toEqual({ decomposition: [] });
  expect(writtenPlan({ decomposition: [] })).toEqual({ decomposition: [] });
  expect(writtenPlan(null)).toBeNull();
});

test("reads checklists: an item follows the one above unless it says otherwise", () => {
  const rows = readChecklist(
    "# Plan\n- [ ] Ask around\n* [x] Draw (persona: ux; after: nothing; hours: 8-16-40; makes: ui.md, ui.png; key: ui)\n1. Build (by hand)\n2) Test (after: ui; hours: 4)\n- Ship (hours: soon)\n- ★\nno item",
  );
  expect(rows.map((row) => [row["task"], row["title"], row["dependencies"]])).toEqual([
    ["ask_around_1", "Ask around", []],
    ["ui", "Draw", []],
    ["build_by_hand_3", "Build (by hand)", ["ui"]],
    ["test_4", "Test", ["ui"]],
    ["ship_5", "Ship", ["test_4"]],
    ["task_6", "★", ["ship_5"]],
  ]);
  expect(rows[1]).toMatchObject({ persona: "ux", outputs: ["ui.md", "ui.png"], estimate: { lowHours: 8, likelyHours: 16, highHours: 40 } });
  expect(rows[3]).toMatchObject({ estimate: { lowHours: 2, likelyHours: 4, highHours: 10 } });
  expect(rows[4]).not.toHaveProperty("estimate");
  expect(readChecklist("- Fix (note: keep)")[0]).toMatchObject({ title: "Fix (note: keep)" });
});

test("cuts no long list short: one entry more than a plan may have is read, so that it is refused", () => {
  expect(readChecklist("- x\n".repeat(10_050))).toHaveLength(10_001);
});

test("reads tables with the same names", () => {
  expect(
    readTaskTable([{ title: "A", hours: 2, after: "x, y" }, { task: "b", title: 3, hours: "1-2-3", dependencies: ["a"] }, { task: "" }]),
  ).toMatchObject([
    { task: "a_1", dependencies: ["x", "y"], estimate: { likelyHours: 2 } },
    { task: "b", title: "", dependencies: ["a_1"], estimate: { lowHours: 1 } },
    { task: "task_3", dependencies: [] },
  ]);
});
