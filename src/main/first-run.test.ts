import { expect, test } from "vitest";
import { openHttpWorld } from "../../test/support/http-world.ts";
import { personaProposalKind } from "../core/personas/persona-proposal.ts";
import { type Persona, personaKind } from "../core/personas/persona.ts";
import { ensureHome, ensurePersonas, firstOrganizationId } from "./first-run.ts";

test("the library comes in once; a newer one is proposed, and what people made of a persona or retired stays", async () => {
  const { engine, store } = await openHttpWorld();
  const system = { engine, store };
  await ensureHome(system);
  const scope = { organizationId: firstOrganizationId, projectIds: [] };
  const personas = (): Promise<readonly Persona[]> => store.read(scope, (reader) => reader.find(personaKind, { limit: 1_000 }));
  const proposals = () => store.read(scope, (reader) => reader.find(personaProposalKind, { limit: 1_000 }));
  const first = await personas();
  expect(first.length).toBeGreaterThanOrEqual(30);
  expect(new Set(first.map(({ division }) => division)).size).toBe(6);
  expect(first.filter(({ libraryVersion, personaVersion }) => libraryVersion !== personaVersion)).toEqual([]);

  const one = first.find(({ key }) => key === "forecaster");
  expect(one).toBeDefined();
  if (one === undefined) return;
  const steward = { organizationId: firstOrganizationId, projectId: null, actor: { kind: "system", id: "test" } } as const;
  const ours = { ...one, worldview: "ours" };
  const revise = { kind: "revise-persona", key: one.key, baseVersion: 1, persona: ours, reason: "House style." } as const;
  await engine.apply({ ...steward, key: "revise" }, revise);
  await engine.apply({ ...steward, key: "retire" }, { kind: "retire-persona", key: "estimator", reason: "No work." });
  await ensureHome(system);
  expect(await proposals()).toEqual([]);

  const { id: _id, version: _version, eventCount: _count, ...fields } = one;
  const newer = { ...fields, personaVersion: 2, worldview: "theirs" };
  const fresh = { ...fields, key: "newcomer" };
  await ensurePersonas(system, [newer, fresh]);
  await ensurePersonas(system, [newer, fresh]);
  expect((await proposals()).map(({ key, source, state }) => [key, source, state])).toEqual([["forecaster", "library", "proposed"]]);
  const now = await personas();
  expect(now.find(({ key }) => key === "forecaster")).toMatchObject({ worldview: "ours", personaVersion: 2, libraryVersion: 1 });
  expect(now.find(({ key }) => key === "estimator")?.retired).toBe(true);
  expect(now.find(({ key }) => key === "newcomer")).toMatchObject({ libraryVersion: 1 });
});
