import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { personaLibrary } from "./persona-contract.ts";
import { planInput, planProposalBody } from "./plan-contract.ts";
import { playbookDocument } from "./playbook-contract.ts";
import { itemAnswerBody } from "./inbox-contract.ts";
import { requestDraftBody } from "./request-contract.ts";
import { taskSubmitBody } from "./task-contract.ts";

const division = new URL("../divisions/engineering/", import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, division), "utf8"));

test("the vision's own examples are valid input", () => {
  const plan = {
    request: "Build customer portal",
    decomposition: [{ task: "architecture_design", persona: "senior_architect", dependencies: [] }],
    estimated_timeline: "4_weeks",
    resource_requirements: {},
  };
  expect(planInput.safeParse(plan).success).toBe(true);
  const library = {
    persona_library: { ux_designer: { worldview: "user_centric", specializations: ["interface_design"], tools: ["design_tools"] } },
  };
  expect(personaLibrary.safeParse(library).success).toBe(true);
});

test("what the engineering division brings along is valid input", () => {
  expect(personaLibrary.safeParse(read("personas.json")).error).toBeUndefined();
  expect(playbookDocument.safeParse(read("playbooks/customer-portal.json")).error).toBeUndefined();
  expect(playbookDocument.safeParse(read("playbooks/assess-repository.json")).error).toBeUndefined();
});

test("an unknown property is refused wherever a person's words are taken", () => {
  expect(requestDraftBody.safeParse({ text: "x", admin: true }).success).toBe(false);
  expect(itemAnswerBody.safeParse({ choice: "approve", as: "somebody" }).success).toBe(false);
  expect(taskSubmitBody.safeParse({ outputs: {}, verdict: "pass" }).success).toBe(false);
  expect(planProposalBody.safeParse({ markdown: "- [ ] x", document: { decomposition: [] } }).success).toBe(false);
});

test("a text beyond its limit is refused, one at the limit is not", () => {
  expect(requestDraftBody.safeParse({ text: "x".repeat(100_000) }).success).toBe(true);
  expect(requestDraftBody.safeParse({ text: "x".repeat(100_001) }).success).toBe(false);
  expect(requestDraftBody.safeParse({ text: "  \n " }).success).toBe(false);
});
