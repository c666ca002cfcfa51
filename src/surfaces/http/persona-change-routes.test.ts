import { beforeAll, expect, test } from "vitest";
import { type HttpWorld, openHttpWorld } from "../../../test/support/http-world.ts";

let world: HttpWorld;
beforeAll(async () => {
  world = await openHttpWorld({ checkAnswers: true });
});

const vision = {
  persona_library: {
    vision_architect: {
      worldview: "systems_thinking_performance_focused",
      specializations: ["scalability", "security", "maintainability"],
      tools: ["diagram_generation", "code_analysis", "performance_modeling"],
      mood: "calm",
    },
  },
};
const skill = "---\nname: pdf-reader\ndescription: Reads forms.\nallowed-tools: Read\n---\nYou read forms.\n";

test("an import waits, is seen whole, and comes in with the tools that a person leaves it; exports come in as they were", async () => {
  const files = [
    { path: "vision.json", text: JSON.stringify(vision) },
    { path: "pdf-reader/SKILL.md", text: skill },
    { path: "../evil.md", text: skill },
    { path: "bomb.md", text: "---\nname: &a [x]\nb: *a\n---\nBoom" },
  ];
  const told = await world.json(world.asToken("POST", "/api/persona-imports", { body: { files } }));
  expect(told).toMatchObject({
    proposed: [{ key: "vision_architect" }, { key: "pdf-reader" }],
    refused: [{ path: "../evil.md" }, { path: "bomb.md" }],
  });
  const waiting = await world.json(world.asToken("GET", "/api/persona-proposals"));
  expect(waiting).toMatchObject({
    items: [
      { key: "vision_architect", source: "json", currentVersion: null, notices: [expect.stringContaining("mood is kept") as string] },
      { key: "pdf-reader", source: "skill", persona: { worldviewText: "You read forms.", tools: ["Read"] } },
    ],
  });
  const library = await world.json(world.asToken("GET", "/api/personas"));
  expect(Object.keys(library["persona_library"] as object)).not.toContain("pdf-reader");
  const [first, second] = waiting["items"] as readonly { readonly id: string }[];
  const accept = (id: string | undefined, tools: readonly string[]) =>
    world.asToken("POST", `/api/persona-proposals/${id ?? ""}/accept`, { body: { tools } });
  expect((await accept(first?.id, vision.persona_library.vision_architect.tools)).status).toBe(200);
  expect((await accept(second?.id, ["Bash"])).status).toBe(422);
  expect((await accept(second?.id, [])).status).toBe(200);
  const exported = await world.json(world.asToken("GET", "/api/personas/vision_architect/export?form=json"));
  const [file] = exported["files"] as readonly { readonly text: string }[];
  expect(JSON.parse(file?.text ?? "")).toMatchObject(vision);
  const again = await world.json(world.asToken("POST", "/api/persona-imports", { body: { files: exported["files"] } }));
  expect(again).toMatchObject({
    proposed: [],
    refused: [{ key: "vision_architect", reason: expect.stringContaining("says this already") as string }],
  });
});

test("a persona is revised, compared, taken back, retired and shown with what its skills mean", async () => {
  await world.json(
    world.asToken("POST", "/api/personas", {
      body: { persona_library: { drafter: { worldview: "calm", specializations: ["writing"], tools: [] } } },
    }),
  );
  const before = await world.json(world.asToken("GET", "/api/personas/drafter"));
  expect(before).toMatchObject({
    version: 1,
    retired: false,
    meanings: [{ skill: "writing", elements: [{ id: "2.A.1.c", name: "Writing" }] }],
  });
  const act = (name: string, body: object) => world.asToken("POST", `/api/personas/drafter/${name}`, { body });
  const document = before["document"] as object;
  expect(
    (
      await act("revise", {
        baseVersion: 1,
        reason: "Why not",
        persona: { ...document, checks: [{ id: "A", kind: "rule", statement: "x" }] },
      })
    ).status,
  ).toBe(422);
  const revised = { ...document, worldview: "brisk", checks: [{ id: "a", kind: "rule", statement: "It is short." }] };
  expect((await act("revise", { baseVersion: 1, reason: "Shorter.", persona: revised })).status).toBe(200);
  expect((await act("revise", { baseVersion: 1, reason: "Late.", persona: document })).status).toBe(409);
  const diff = await world.json(world.asToken("GET", "/api/personas/drafter/diff?from=1&to=2"));
  expect(diff).toMatchObject({
    changes: [
      { field: "worldview", before: "calm", after: "brisk" },
      { field: "checks", before: null },
    ],
  });
  expect((await world.asToken("GET", "/api/personas/drafter/diff?from=1&to=9")).status).toBe(404);
  expect((await act("roll-back", { toVersion: 1, reason: "Calmer." })).status).toBe(200);
  expect((await act("retire", { reason: "No work." })).status).toBe(200);
  const after = await world.json(world.asToken("GET", "/api/personas/drafter"));
  expect(after).toMatchObject({
    version: 3,
    worldview: "calm",
    retired: true,
    versions: [
      { changed: ["retired"], reason: "No work." },
      { version: 3, changed: ["worldview", "checks"] },
      { version: 2, by: "Dana", reason: "Shorter." },
      { version: 1, changed: [] },
    ],
  });
  expect((await act("restore", { reason: "Work came." })).status).toBe(200);
});
