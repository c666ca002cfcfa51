import { expect, test } from "vitest";
import { openCoreWorld, person, personaOf, worker } from "../../../test/support/core-world.ts";
import { systemText } from "../../core/execution/model-protocol.ts";
import { packLimits } from "../../core/memory/context-pack.ts";
import { candidacyKind } from "../../core/personas/candidacy.ts";
import { contextRulesOf, personaOfAttempt, worldviewChecks } from "./persona-rules.ts";

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

test("an attempt is told by the version that was drawn for it, and by the present one when that version has ended", async () => {
  const world = await openCoreWorld();
  const founder = person(world.people[0] ?? "");
  const fields = { ...personaOf("writer", { executors: ["model"] }), personaVersion: 2, worldview: "brief" };
  expect(await world.tell(founder, { kind: "start-candidacy", fields, share: 0.5, reason: "shorter" })).toMatchObject({ kind: "ok" });
  const [candidacy] = await world.rows(candidacyKind);
  const toldAs = (personaVersion: number | undefined, id = "writer") =>
    world.engine.read(world.scope, async (reader) => {
      const performer = { kind: "persona", id } as const;
      const persona = await personaOfAttempt(reader, personaVersion === undefined ? { performer } : { performer, personaVersion });
      return persona?.worldview;
    });
  expect([await toldAs(1), await toldAs(2), await toldAs(undefined), await toldAs(1, "nobody")]).toEqual([
    "plain",
    "brief",
    "plain",
    undefined,
  ]);
  await world.tell(founder, { kind: "withdraw-candidacy", candidacyId: candidacy?.id ?? "", reason: "no" });
  expect(await toldAs(2)).toBe("plain");
});
