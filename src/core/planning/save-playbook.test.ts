import { expect, test } from "vitest";
import { documentOf } from "../../../test/support/core-world.ts";
import type { WorkRequest } from "../requests/request.ts";
import type { Plan } from "./plan.ts";
import { readPlaybook } from "./read-playbook.ts";
import { type PlannedWork, savePlaybook, suggestedName } from "./save-playbook.ts";

const request = {
  title: "Assess /srv/shop at 0123abc!",
  inputs: [{ name: "repository", kind: "git-repository", origin: "/srv/shop", artifacts: [], facts: { commit: "0123abcd" } }],
} as unknown as WorkRequest; // the fields that are looked at

const document = documentOf([
  { task: "look", title: "Look at /srv/shop", estimate: { lowHours: 1, likelyHours: 2, highHours: 4 }, division: "engineering" },
  { task: "extra", title: "Only this once" },
  {
    task: "write",
    title: "Write the report of 0123abcd",
    dependencies: ["look", "extra"],
    acceptance: [{ id: "a1", statement: "It names /srv/shop.", check: { kind: "person", question: "Is /srv/shop described?" } }],
  },
]);

const work = (more: Partial<PlannedWork> = {}): PlannedWork => ({
  request,
  plan: { state: "approved" } as Plan, // the field that is looked at
  document,
  dropped: new Set(["extra"]),
  knownVersion: 2,
  ...more,
});

test("keeps tasks, estimates and acceptance, leaves out what was given up, and puts placeholders for inputs", () => {
  const saved = savePlaybook(work(), { name: "assess", matches: ["assess the shop"] });
  if (saved.kind === "refused") throw new Error(saved.refusal.code);
  expect(saved.problems).toEqual([]);
  expect(saved.document).toMatchObject({
    name: "assess",
    version: 3,
    division: "engineering",
    matches: ["assess the shop"],
    inputs: [{ name: "repository", kind: "git-repository", required: true }],
    plan: {
      decomposition: [
        { task: "look", title: "Look at {repository}", estimate: { likelyHours: 2 } },
        {
          task: "write",
          dependencies: ["look"],
          acceptance: [{ statement: "It names {repository}.", check: { question: "Is {repository} described?" } }],
        },
      ],
    },
  });
  const text = JSON.stringify(saved.document);
  expect([text.includes("/srv/shop"), text.includes("0123abcd"), text.includes("origin")]).toEqual([false, false, false]);
  expect(readPlaybook(saved.document)).toMatchObject({ kind: "playbook", playbook: { playbookVersion: 3 } });
});

test("only a plan that people approved is kept", () => {
  for (const state of ["proposed", "rejected", "superseded"] as const)
    expect(savePlaybook(work({ plan: { state } as Plan }), { name: "p", matches: [] })).toMatchObject({
      refusal: { code: "playbook.plan-not-approved" },
    });
});

test.each([
  ["Build customer portal", "build-customer-portal"],
  ["Größe prüfen!", "gro-e-pru-fen"],
  ["???", "playbook"],
])("%s is suggested as %s", (title, name) => {
  expect(suggestedName(title)).toBe(name);
});
