import { expect, test } from "vitest";
import { openHttpWorld } from "../../../test/support/http-world.ts";
import type { ContextDocument } from "../../contract/context-contract.ts";
import { attemptKind } from "../../core/execution/attempt.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { textAt } from "../cli/output.ts";

const draft = {
  task: "draft",
  title: "Draft the tender for the pump station",
  persona: "contributor",
  dependencies: [],
  outputs: ["draft.md"],
  executor: "human",
  acceptance: [{ id: "a1", statement: "The tender names the pump by Hydra.", check: { kind: "output", output: "draft.md" } }],
};
const edit = {
  ...draft,
  task: "edit",
  title: "Edit the tender",
  dependencies: ["draft"],
  outputs: ["page.md"],
  acceptance: [{ id: "a1", statement: "It is there.", check: { kind: "output", output: "page.md" } }],
};

async function openWorld() {
  const world = await openHttpWorld();
  const post = async (path: string, body: object, headers: Record<string, string> = {}): Promise<JsonObject> => {
    const answer = await world.asToken("POST", path, { body, headers });
    expect([path, answer.status < 300 || (await answer.clone().text())]).toEqual([path, true]);
    return world.json(answer);
  };
  const context = async (task: string, query = ""): Promise<ContextDocument> => {
    const answer = await world.asToken("GET", `/api/tasks/${encodeURIComponent(task)}/context${query}`);
    expect([answer.status, answer.status === 200 || (await answer.clone().text())]).toEqual([200, true]);
    return (await answer.json()) as ContextDocument; // the surface holds it to the contract in tests
  };
  /** A request whose plan is approved: `draft` is offered, `edit` waits for it. */
  const working = async (text: string): Promise<string> => {
    const { label } = await world.filed(text);
    await post(`/api/requests/${label}/plan`, { document: { decomposition: [draft, edit] } });
    const plan = (await world.json(world.asToken("GET", `/api/requests/${label}/plan`)))["plan"] as JsonObject; // `xvc.plan-view/1`
    await post(`/api/plans/${textAt(plan, "id")}/approve`, { confirm: label });
    return label;
  };
  return { ...world, post, context, working };
}

const decision = (question: string, choice: string, more: object = {}): object => ({
  question,
  options: [{ label: choice }],
  choice,
  rationale: "So agreed.",
  ...more,
});

test("a task is told its brief, criteria, what binds it and what the record knows of what it names, each with a reason, and nothing of another project", async () => {
  const world = await openWorld();
  await world.asPerson({ kind: "create-project", id: world.ids.next(), key: "OTH", name: "Other", mode: "real", clockAtMs: null }, null);
  const label = await world.working("Build the pump station");
  await world.post("/api/decisions", decision("Who signs?", "Two directors", { request: label }));
  await world.post("/api/decisions", decision("Which pump for the station?", "Hydra 4", { project: "ENG" }));
  await world.post("/api/decisions", decision("Which coffee?", "Black", { project: "ENG" }));
  await world.post("/api/decisions", decision("Which pump for the station elsewhere?", "Secret", { project: "OTH" }));
  await world.post("/api/facts", { project: "ENG", subject: "Hydra", attribute: "lead time", value: "9 weeks", source: "offer" });
  await world.post("/api/facts", { project: "ENG", subject: "Nautilus", attribute: "lead time", value: "3 weeks", source: "offer" });
  await world.post("/api/facts", { project: "OTH", subject: "Hydra", attribute: "discount", value: "secret", source: "offer" });
  const told = await world.context(`${label}/draft`);
  const titles = told.pieces.map(({ title }) => title);
  expect(titles).toEqual(expect.arrayContaining(["Must fulfil", "Who signs?", "Which pump for the station?", "Hydra, lead time"]));
  expect(titles).not.toContain("Nautilus, lead time");
  expect(JSON.stringify(told)).not.toMatch(/secret/iu);
  expect(told.pieces.filter(({ pinned }) => pinned).map(({ kind }) => kind)).toEqual(["brief", "task", "criteria", "decision"]);
  expect(told.rows.find(({ title }) => title === "Who signs?")).toMatchObject({
    pinned: true,
    state: "whole",
    reason: "A decision in force that binds this task. It is about the request.",
  });
  expect(told.tokens).toBeLessThanOrEqual(told.budgetTokens);
  // Foreign and missing tasks answer alike.
  expect((await world.asToken("GET", "/api/tasks/OTH-1%2Fdraft/context")).status).toBe(404);
});

test("a budget leaves out with a reason, and one that is too small says what it needs", async () => {
  const world = await openWorld();
  const label = await world.working("Build the pump station");
  for (const at of Array.from({ length: 12 }).keys())
    await world.post(
      "/api/decisions",
      decision(`Which pump for station ${at}?`, `Hydra ${at}`, { rationale: `It lasts ${at} years longer. `.repeat(9) }),
    );
  for (const who of ["signs", "pays", "checks", "carries", "answers"])
    await world.post("/api/decisions", decision(`Who ${who} for the tender?`, "Two directors", { request: label }));
  const all = await world.context(`${label}/draft`);
  const some = await world.context(`${label}/draft`, "?budget=500");
  expect([some.tokens <= 500, some.pieces.length < all.pieces.length, some.leftOut + some.pieces.length]).toEqual([
    true,
    true,
    some.rows.length,
  ]);
  expect(some.rows.filter(({ why }) => /^It takes about \d+ tokens; \d+ were left\.$/u.test(why ?? "")).length).toBeGreaterThan(0);
  const refused = await world.asToken("GET", `/api/tasks/${encodeURIComponent(`${label}/draft`)}/context?budget=100`);
  const problem = await world.json(refused);
  expect([refused.status, problem["code"]]).toEqual([422, "context.budget-too-small"]);
  const needed = Number(/budget of (\d+) or more/u.exec(JSON.stringify(problem))?.[1]);
  expect((await world.context(`${label}/draft`, `?budget=${needed}`)).tokens).toBeLessThanOrEqual(needed);
  expect((await world.asToken("GET", `/api/tasks/${encodeURIComponent(`${label}/draft`)}/context?budget=99`)).status).toBe(422);
});

test("claiming keeps what was told, once; later knowledge shows as a difference, and the instant still tells what was told then", async () => {
  const world = await openWorld();
  const label = await world.working("Build the pump station");
  expect((await world.context(`${label}/draft`)).given).toBeNull();
  const claim = `/api/tasks/${encodeURIComponent(`${label}/draft`)}/claim`;
  await world.post(claim, {}, { "idempotency-key": "claim" });
  world.clock.advance(10);
  const thenMs = world.clock.nowMs();
  const then = await world.context(`${label}/draft`);
  expect(then.given).toMatchObject({ number: 1, same: true, tokens: then.tokens, leftOut: then.leftOut });
  expect(then.given?.rows).toEqual(then.rows);
  world.clock.advance(10);
  await world.post("/api/decisions", decision("Who signs?", "Two directors", { request: label }));
  await world.post(claim, {}, { "idempotency-key": "claim" });
  const now = await world.context(`${label}/draft`);
  expect(now.given).toEqual({ ...then.given, same: false });
  const again = await world.context(`${label}/draft`, `?at=${thenMs}`);
  expect(again).toEqual(then);
  const scope = { organizationId: world.organizationId, projectIds: [world.projectId] };
  const [attempt] = await world.engine.read(scope, (reader) => reader.find(attemptKind, { limit: 9 }));
  expect([attempt?.context?.packSha256, attempt?.version]).toEqual([then.packSha256, 2]);
  const events = await world.engine.read(scope, (reader) => reader.events({ kinds: ["context.given"], limit: 9 }));
  expect(events.map(({ actor, data }) => [actor.id, data["tokens"]])).toEqual([["context", then.tokens]]);
});

test("what similar work taught, and what the task before gave, is told to those who come after", async () => {
  const world = await openWorld();
  const first = await world.working("Build the first pump station");
  await world.post(`/api/tasks/${encodeURIComponent(`${first}/draft`)}/claim`, {});
  const text = `# Tender\n\nThe pump by Hydra runs at 50 Hz.\n\n${"Weather was fine that day. ".repeat(60)}`;
  await world.post(`/api/tasks/${encodeURIComponent(`${first}/draft`)}/submit`, {
    outputs: { "draft.md": text },
    interpretation: "Asked Hydra for the curve first.",
  });
  const [run] = world.jobs.filter(({ kind }) => kind === "attempt");
  await world.system({
    kind: "finish-attempt",
    attemptId: run?.subjectId ?? "",
    epoch: run?.epoch ?? 0,
    costMicro: 0,
    outcome: {
      kind: "submitted",
      outputs: [
        {
          name: "draft.md",
          sha256: await world.use.content.write(new TextEncoder().encode(text)),
          mediaType: "text/markdown",
          bytes: text.length,
        },
      ],
      checks: [{ criterionId: "a1", kind: "output", verdict: "pass", detail: "draft.md is there", evidence: { outputs: 1 } }],
      interpretation: "Asked Hydra for the curve first.",
      notes: [],
      pointAnswers: {},
    },
  });
  const after = await world.context(`${first}/edit`);
  expect(after.pieces.filter(({ kind }) => kind === "upstream").map(({ title }) => title)).toEqual(
    expect.arrayContaining([`draft: ${draft.title}`, expect.stringMatching(/^draft\.md/u)]),
  );
  const second = await world.working("Build the second pump station");
  const told = await world.context(`${second}/draft`);
  const similar = told.pieces.find(({ kind }) => kind === "similar");
  expect(similar).toMatchObject({ title: draft.title, reason: "A task much like this one, which passed." });
  expect(similar?.text).toContain("Asked Hydra for the curve first.");
});
