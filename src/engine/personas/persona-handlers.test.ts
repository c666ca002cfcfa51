import { expect, test } from "vitest";
import { type CoreWorld, type Told, openCoreWorld, person, personaOf, worker } from "../../../test/support/core-world.ts";
import { mayShape } from "../../core/oversight/decide-persona.ts";
import { type Persona, personaKind } from "../../core/personas/persona.ts";
import { personaProposalKind } from "../../core/personas/persona-proposal.ts";
import type { PersonaFields } from "../../core/personas/read-library.ts";

const lead = async (): Promise<{ readonly world: CoreWorld; readonly leadId: string; readonly otherId: string }> => {
  const world = await openCoreWorld([["lead"], ["contributor"]]);
  return { world, leadId: world.people[1] ?? "", otherId: world.people[2] ?? "" };
};

const first = async (world: CoreWorld, key = "draughtsman"): Promise<Persona | undefined> =>
  (await world.rows(personaKind)).find((one) => one.key === key);
const codeOf = (told: Told): string => (told.kind === "refused" ? told.code : told.kind);
const checks = [{ id: "aloud", kind: "rule", statement: "It was read aloud." }] as const;

test("a person's change is the next version, what they leave out is gone, and an earlier version can come back as a new one", async () => {
  const { world, leadId } = await lead();
  await world.tell(worker, { kind: "add-persona", persona: personaOf("draughtsman", { checks, languages: ["en"], libraryVersion: 1 }) });
  const revise = (persona: PersonaFields, over: object = {}) =>
    world.tell(person(leadId), { kind: "revise-persona", key: "draughtsman", baseVersion: 1, persona, reason: "Clearer.", ...over });
  expect(codeOf(await revise(personaOf("draughtsman", { worldview: "kind" }), { reason: " " }))).toBe("persona.no-reason");
  expect(codeOf(await revise(personaOf("draughtsman", { checks, languages: ["en"] })))).toBe("persona.nothing-changed");
  expect(await revise(personaOf("other", { worldview: "kind", libraryVersion: 9, retired: true }))).toMatchObject({
    kind: "ok",
    answer: { key: "draughtsman", personaVersion: 2 },
  });
  const second = await first(world);
  expect([second?.worldview, second?.checks, second?.languages, second?.libraryVersion, second?.retired]).toEqual([
    "kind",
    undefined,
    undefined,
    1,
    undefined,
  ]);
  expect(codeOf(await revise(personaOf("draughtsman", { worldview: "curt" })))).toBe("persona.changed-meanwhile");
  const back = (toVersion: number) =>
    world.tell(person(leadId), { kind: "roll-back-persona", key: "draughtsman", toVersion, reason: "It was better." });
  expect(codeOf(await back(2))).toBe("persona.nothing-changed");
  expect(codeOf(await back(7))).toBe("persona.version-not-found");
  expect(await back(1)).toMatchObject({ kind: "ok", answer: { personaVersion: 3 } });
  expect(await first(world)).toMatchObject({ personaVersion: 3, worldview: "plain", checks, languages: ["en"], libraryVersion: 1 });
  expect(world.findings()).toEqual([]);
});

test("who answers for work shapes personas, and no program's account", async () => {
  const { world, leadId, otherId } = await lead();
  await world.tell(worker, { kind: "add-persona", persona: personaOf("draughtsman") });
  const retire = (id: string) => world.tell(person(id), { kind: "retire-persona", key: "draughtsman", reason: "No work for it." });
  expect(codeOf(await retire(otherId))).toBe("permission.wrong-role");
  const agent = { id: "a", version: 1, eventCount: 0, name: "A", email: null, roles: ["lead", "agent"], state: "active" } as const;
  expect([agent, { ...agent, roles: ["lead"] as const }].map((one) => mayShape({ person: one, bySystem: false }))).toEqual([false, true]);
  expect(await retire(leadId)).toMatchObject({ kind: "ok", answer: { state: "retired" } });
  expect(codeOf(await retire(leadId))).toBe("persona.already");
  expect((await first(world))?.retired).toBe(true);
  const restore = { kind: "restore-persona", key: "draughtsman", reason: "Work came." } as const;
  expect(await world.tell(person(leadId), restore)).toMatchObject({ kind: "ok", answer: { state: "active" } });
  expect(codeOf(await world.tell(person(leadId), { ...restore, key: "nobody" }))).toBe("persona.not-found");
});

test("what comes from outside has no effect until a person accepts it, with the tools that they leave it", async () => {
  const { world, leadId } = await lead();
  const persona = personaOf("draughtsman", { tools: ["files.read", "shell.run"], qualifiedWith: [], libraryVersion: 5 });
  const proposed = await world.tell(person(leadId), {
    kind: "propose-persona",
    source: "skill",
    name: "draughtsman/SKILL.md",
    persona,
    notices: ["n"],
  });
  expect(proposed.kind).toBe("ok");
  expect(await first(world)).toBeUndefined();
  const [proposal] = await world.rows(personaProposalKind);
  expect(proposal?.persona).not.toHaveProperty("libraryVersion");
  const again = { kind: "propose-persona", source: "skill", name: "e", persona, notices: [] } as const;
  expect(codeOf(await world.tell(person(leadId), again))).toBe("persona.proposed-already");
  const accept = (tools: readonly string[], by = person(leadId)) =>
    world.tell(by, { kind: "accept-persona", proposalId: proposal?.id ?? "", tools, reason: "" });
  expect(codeOf(await accept([], worker))).toBe("persona.wrong-role");
  expect(codeOf(await accept(["http.fetch"]))).toBe("persona.tool-not-asked");
  expect(await accept(["files.read"])).toMatchObject({ kind: "ok", answer: { state: "accepted", personaVersion: 1 } });
  expect((await first(world))?.tools).toEqual(["files.read"]);
  expect(codeOf(await accept([]))).toBe("persona.proposal-settled");
  expect(world.findings()).toEqual([]);
});

test("a newer library is a proposal that leaves alone what people made of a persona; of two the newer one waits", async () => {
  const { world, leadId } = await lead();
  await world.tell(worker, { kind: "add-persona", persona: personaOf("draughtsman", { libraryVersion: 1 }) });
  await world.tell(person(leadId), {
    kind: "revise-persona",
    key: "draughtsman",
    baseVersion: 1,
    persona: personaOf("draughtsman", { worldview: "ours" }),
    reason: "House style.",
  });
  const offer = (version: number) =>
    world.tell(worker, {
      kind: "propose-persona",
      source: "library",
      name: `library, version ${version}`,
      persona: personaOf("draughtsman", { personaVersion: version, worldview: `theirs ${version}` }),
      notices: [],
    });
  expect(codeOf(await offer(1))).toBe("persona.old-version");
  await offer(2);
  await offer(3);
  expect((await first(world))?.worldview).toBe("ours");
  const waiting = (await world.rows(personaProposalKind)).filter(({ state }) => state === "proposed");
  expect(waiting.map(({ name }) => name)).toEqual(["library, version 3"]);
  const accept = { kind: "accept-persona", proposalId: waiting[0]?.id ?? "", tools: [], reason: "Better." } as const;
  expect(await world.tell(person(leadId), accept)).toMatchObject({ kind: "ok", answer: { personaVersion: 3 } });
  expect(await first(world)).toMatchObject({ worldview: "theirs 3", libraryVersion: 3 });
  expect(codeOf(await offer(3))).toBe("persona.nothing-changed");
  await offer(4);
  const last = (await world.rows(personaProposalKind)).find(({ state }) => state === "proposed");
  const reject = { kind: "reject-persona", proposalId: last?.id ?? "", reason: "We keep ours." } as const;
  expect(codeOf(await world.tell(person(leadId), { ...reject, reason: "" }))).toBe("persona.no-reason");
  expect(await world.tell(person(leadId), reject)).toMatchObject({ kind: "ok", answer: { state: "rejected" } });
  expect(world.findings()).toEqual([]);
});
