import { expect, test } from "vitest";
import { openCoreWorld, personaOf, worker } from "../../../test/support/core-world.ts";
import { systemText } from "../../core/execution/model-protocol.ts";
import { packLimits } from "../../core/memory/context-pack.ts";
import { contextRulesOf, worldviewChecks } from "./persona-rules.ts";

const checks = [{ id: "aloud", kind: "rule", statement: "It was read aloud." }] as const;

test("a persona's rules say how much it is told, and its worldview what whoever judges goes through; others have the usual", async () => {
  const world = await openCoreWorld();
  const persona = personaOf("draughtsman", { checks, context: { budgetTokens: 500, leaveOut: ["similar"] } });
  await world.tell(worker, { kind: "add-persona", persona });
  const performer = { kind: "persona", id: "draughtsman" } as const;
  const usual = { budgetTokens: packLimits.defaultTokens, leaveOut: [] };
  await world.engine.read(world.scope, async (reader) => {
    expect(await contextRulesOf(reader, performer)).toEqual({ budgetTokens: 500, leaveOut: ["similar"] });
    expect(await worldviewChecks(reader, performer)).toEqual(checks);
    for (const other of [{ kind: "persona", id: "nobody" } as const, { kind: "person", id: world.people[0] ?? "" } as const]) {
      expect(await contextRulesOf(reader, other)).toEqual(usual);
      expect(await worldviewChecks(reader, other)).toEqual([]);
    }
    expect(await worldviewChecks(reader, null)).toEqual([]);
  });
});

test("a model is told the worldview in its own words, the skills, the language and the checks; a bare persona by its name", () => {
  const bare = { key: "p", worldview: "calm", specializations: ["a"] };
  expect(systemText(bare)).toContain("You work as p. calm\nYou know: a.");
  const full = systemText({ ...bare, worldviewText: "You breathe.", skills: ["writing", "own"], languages: ["en"], checks });
  expect(full).toContain("You work as p. You breathe.\nYou know: a, Writing.\nWrite in the language en unless");
  expect(full).toContain("- It was read aloud.");
  expect(systemText({ ...bare, languages: ["en", "de"] })).toContain("in the language en, or in de where");
  expect(systemText(undefined)).not.toContain("You work as");
});
