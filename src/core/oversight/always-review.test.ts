import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { type ClassifiedTask, alwaysReviewClasses, alwaysReviewOf } from "./always-review.ts";

const task = (over: Partial<ClassifiedTask>): ClassifiedTask => ({
  task: "t",
  title: "Write the newsletter",
  skills: ["writing"],
  tools: ["text_editing"],
  inputs: [],
  outputs: ["newsletter.md"],
  ...over,
});

test("a task that states everything and names nothing of a class is outside", () => {
  expect(alwaysReviewOf([task({})])).toEqual([]);
});

test("each class is found by title, skill, tool, output, criterion and path", () => {
  const hits = {
    architecture: {
      title: "Design the data model",
      skills: ["systems_design"],
      tools: ["database_migration"],
      outputs: ["openapi.yaml"],
      paths: ["db/migrations/4.sql"],
    },
    integration: {
      title: "Integrate the billing vendor",
      skills: ["third-party"],
      tools: ["webhook_setup"],
      outputs: ["package.json"],
      paths: ["Cargo.lock"],
    },
    quality: {
      title: "Quick fix for the import",
      skills: ["workarounds"],
      tools: ["temporaryPatch"],
      outputs: ["disable-tests.txt"],
      paths: ["a/b.skip.ts"],
    },
    security: {
      title: "Let people log in",
      skills: ["encryption"],
      tools: ["credential_store"],
      outputs: ["permissions.json"],
      paths: ["src/auth/check.ts"],
    },
  } as const;
  for (const name of alwaysReviewClasses) {
    const { title, skills, tools, outputs, paths } = hits[name];
    for (const over of [{ title }, { skills }, { tools }, { outputs }, { paths }, { acceptance: [{ statement: title }] }])
      expect([name, over, alwaysReviewOf([task(over)])]).toEqual([name, over, expect.arrayContaining([name])]);
  }
});

test("look-alike letters, joints, soft hyphens and capitals hide nothing", () => {
  for (const title of ["ＬＯＧＩＮ page", "pass\u00adword form", "LogIn page", "log_in page", "sign-in page", "auth\u200b page"])
    expect([title, alwaysReviewOf([task({ title })])]).toEqual([title, expect.arrayContaining(["security"])]);
});

test("what is not said counts as inside every class", () => {
  for (const over of [{ tools: [] }, { skills: [] }, { outputs: [] }, { title: " " }])
    expect(alwaysReviewOf([task(over)])).toEqual(alwaysReviewClasses);
});

test("a word adds a class and takes none away, also from work that only reads", () => {
  expect(alwaysReviewOf([task({ alwaysReview: ["security"] })])).toEqual(["security"]);
  expect(alwaysReviewOf([task({ title: "Design the data model", alwaysReview: [] })])).toEqual(["architecture"]);
  expect(alwaysReviewOf([task({ tools: ["source_reading"], alwaysReview: ["quality", "nonsense"] })])).toEqual(["quality"]);
});

test("reading is outside whatever it reads about; one other tool, a touched path or an unknown input ends that", () => {
  const reads = task({ title: "Audit the encryption", tools: ["source_reading", "history_reading"], outputs: ["audit.json"] });
  expect(alwaysReviewOf([reads])).toEqual([]);
  expect(alwaysReviewOf([{ ...reads, tools: ["source_reading", "shell"] }])).toContain("security");
  expect(alwaysReviewOf([{ ...reads, paths: ["src/auth/a.ts"] }])).toContain("security");
  const sums = task({ task: "s", title: "Order the risks", tools: [], inputs: ["audit.json"], outputs: ["risks.json"] });
  expect(alwaysReviewOf([reads, sums])).toEqual([]);
  expect(alwaysReviewOf([reads, { ...sums, inputs: ["audit.json", "other.json"] }])).toEqual(alwaysReviewClasses);
  expect(alwaysReviewOf([{ ...reads, tools: ["shell"], title: "x", outputs: ["audit.json"] }, sums])).toEqual(alwaysReviewClasses);
});

test("the shipped assessment only reads, the shipped portal builds", () => {
  const folder = path.join(import.meta.dirname, "../../divisions/engineering/playbooks");
  const tasksOf = (name: string): readonly ClassifiedTask[] =>
    (JSON.parse(readFileSync(path.join(folder, name), "utf8")) as { readonly plan: { readonly decomposition: readonly ClassifiedTask[] } })
      .plan.decomposition;
  expect(alwaysReviewOf(tasksOf("assess-repository.json"))).toEqual([]);
  expect(alwaysReviewOf(tasksOf("customer-portal.json"))).toEqual(expect.arrayContaining(["architecture", "integration"]));
});
