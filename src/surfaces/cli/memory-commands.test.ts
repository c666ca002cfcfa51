import { expect, test } from "vitest";
import type { JsonObject } from "../../core/shared/json.ts";
import { openCliWorld } from "../../../test/support/cli-world.ts";

const plan = {
  decomposition: [
    {
      task: "draft",
      title: "Draft it",
      persona: "contributor",
      dependencies: [],
      outputs: ["draft.md"],
      executor: "human",
      acceptance: [{ id: "a1", statement: "It is there.", check: { kind: "output", output: "draft.md" } }],
    },
  ],
};

test("a decision is listed, shown whole and found by its words", async () => {
  const { run, world } = await openCliWorld({ files: { "/plan.json": JSON.stringify(plan) } });
  expect((await run("memory", "decisions")).out).toBe("Nothing was decided yet.\n");
  const { label } = await world.filed("Write the page");
  await run("plan", "propose", label, "/plan.json");
  await run("inbox", "answer", label, "approve", "--confirm", label);
  const listed = JSON.parse((await run("memory", "decisions", "--request", label, "--json")).out) as JsonObject;
  const [first] = listed["items"] as readonly (JsonObject & { readonly id: string })[]; // rows by their contract
  expect(first).toMatchObject({ choice: "approve", requestLabel: label, decider: { name: "Dana" } });
  const shown = await run("memory", "decision", first?.id ?? "");
  expect(shown.out).toContain("choice: approve\n");
  expect(shown.out).toContain("by: Dana\n");
  expect((await run("memory", "search", "WRITE THE")).out).toMatch(new RegExp(`request\\s+${label}\\s+Write the page`, "u"));
  expect((await run("memory", "search", "nowhere to be found")).out).toBe("Nothing was found.\n");
  expect((await run("memory", "decision", "0190f3a2-0000-7000-8000-000000000001")).exit).toBe(3);
});
