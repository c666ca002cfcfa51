import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decideOn, proposeRequest } from "../../../test/support/active-request.ts";
import { type CoreWorld, look, personaOf, type Told } from "../../../test/support/core-world.ts";
import { type TestDatabase, openTestDatabase } from "../../../test/support/test-database.ts";
import { openTestStore } from "../../../test/support/test-store.ts";
import { cedarAuthorizer } from "../../adapters/cedar/cedar-authorizer.ts";
import { createSeededRng } from "../../adapters/in-process/seeded-rng.ts";
import { createVirtualClock } from "../../adapters/in-process/virtual-clock.ts";
import { systemClock } from "../../adapters/system/system-clock.ts";
import { createSystemIds } from "../../adapters/system/system-ids.ts";
import { decisionKind } from "../../core/oversight/decision.ts";
import type { JobStart } from "../../core/shared/transition.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import { openEngine } from "../engine.ts";
import type { Durable } from "../ports/durable.ts";
import type { Command } from "../shared/commands.ts";
import { sweep } from "../oversight/sweep.ts";

/* Two processes over one database: what one of them stops or forbids holds in the other. */

const ids = createSystemIds();
const virtual = createVirtualClock(1_800_000_000_000);
/** Time stands until a test moves it, but who loses a race on the database pauses for real. */
const clock = { ...virtual, pause: (ms: number, signal?: AbortSignal) => systemClock.pause(ms, signal) };
const [organizationId, projectId] = [asId<"organization">(ids.next()), asId<"project">(ids.next())];
const [founder, director, lead] = [ids.next(), ids.next(), ids.next()];
const scope = { organizationId, projectIds: [projectId] };
const digest = (text: string) => asId<"sha256">(createHash("sha256").update(text).digest("hex"));

const ofOrganization = /^(?:found|add|create)-/u;

let database: TestDatabase;
let one: Awaited<ReturnType<typeof start>>;
let other: Awaited<ReturnType<typeof start>>;

async function start() {
  const store = await openTestStore(database.urls.app, { enqueue: () => Promise.resolve() });
  const capabilities = { executors: ["rules"], ruleTasks: ["a"], sandbox: { ok: false, reason: "none" } } as const;
  const parts = { store: store.store, clock, ids, rng: createSeededRng({ seed: 1 }), digest, crash: () => {}, capabilities };
  const engine = openEngine({ ...parts, authorizer: cedarAuthorizer() });
  const tell = async (actor: { readonly kind: "person" | "system" | "persona"; readonly id: string }, command: Command): Promise<Told> => {
    try {
      return {
        kind: "ok",
        answer: await engine.apply(
          { organizationId, projectId: ofOrganization.test(command.kind) ? null : projectId, actor, key: ids.next() },
          command,
        ),
      };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { kind: "refused", code: error.code, failure: error.kind };
    }
  };
  const world = {
    people: [founder, director, lead],
    newId: () => ids.next(),
    tell,
    rows: (kind: EntityKind<Entity>) => engine.read(scope, (reader) => reader.find(kind, { limit: 1_000 })),
  } as unknown as CoreWorld; // the fixture below uses these four of it
  return { engine, store: store.store, world, tell, close: () => store.close() };
}

const person = (id: string) => ({ kind: "person", id }) as const;
const system = { kind: "system", id: "worker" } as const;
const idOf = (told: Told): string => (told.kind === "ok" ? (told.answer["id"] as string) : told.code);

/** Jobs that a sweep told to stop. */
const cancelled: string[] = [];

const sweepOnce = () =>
  sweep({
    engine: other.engine,
    store: other.store,
    clock,
    durable: {
      lostJobs: () => Promise.resolve([]),
      cancel: (run: JobStart) => Promise.resolve(void cancelled.push(`${run.kind}:${run.subjectId}:${String(run.epoch)}`)),
    } as unknown as Durable, // the sweeper asks for nothing else
    crash: () => {},
    organizationId,
    onRefused: (kind, failure) => {
      throw new Error(`${kind} was refused: ${failure.message}`);
    },
  });

beforeAll(async () => {
  database = await openTestDatabase();
  [one, other] = [await start(), await start()];
  await one.tell(system, {
    kind: "found-organization",
    id: organizationId,
    name: "X",
    currency: "EUR",
    person: { id: founder, name: "F", email: null },
  });
  await one.tell(person(founder), { kind: "add-person", id: director, name: "D", email: null, roles: ["director"] });
  await one.tell(person(founder), { kind: "add-person", id: lead, name: "L", email: null, roles: ["lead"] });
  await one.tell(person(founder), { kind: "create-project", id: projectId, key: "T", name: "T", mode: "real", clockAtMs: null });
  await one.tell(system, { kind: "add-persona", persona: personaOf("writer") });
});

afterAll(async () => {
  await one.close();
  await other.close();
  await database.drop();
});

const tasks = [{ task: "a", review: "checks", tools: ["mail"] }];
const forbidden = 'forbid (principal, action == Action::"approve-plan", resource) when { principal.roles.contains("lead") };';

test("a policy agreed to in one process holds in the next decision of the other, also while both decide at once", async () => {
  const proposed = [];
  for (let count = 0; count < 6; count++) proposed.push((await proposeRequest(one.world, tasks)).planId);
  const [first = "", ...rest] = proposed;
  expect(await other.tell(person(lead), decideOn(first, "reject"))).toMatchObject({ kind: "ok" });
  const command = { kind: "propose-policy", key: "no-leads", statement: "No leads.", text: forbidden, reason: "x" } as const;
  const policyId = idOf(await one.tell(person(director), command));
  const racing = rest.slice(0, 4).map((planId) => other.tell(person(lead), decideOn(planId, "reject")));
  const agreed = await one.tell(person(founder), { kind: "agree-policy", policyId, confirmation: null });
  expect(agreed).toMatchObject({ kind: "ok" });
  const told = await Promise.all(racing);
  expect(await other.tell(person(lead), decideOn(rest[4] ?? "", "reject"))).toMatchObject({ code: "authority.forbidden" });
  const decisions = await other.engine.read(scope, (reader) => reader.find(decisionKind, { limit: 1_000 }));
  const permitted = told.filter((one) => one.kind === "ok").length;
  expect(decisions).toHaveLength(1 + permitted);
  expect(told.filter((one) => one.kind === "refused").every((one) => "code" in one && one.code === "authority.forbidden")).toBe(true);
  expect(new Set(decisions.map((decision) => JSON.stringify(decision.evidence["policy"]).includes("no-leads"))).has(true)).toBe(false);
});

test("a halt set in one process stops effects of the other at once and starts within a second, and lifting loses nothing", async () => {
  const { requestId, planId } = await proposeRequest(one.world, tasks);
  await one.tell(person(founder), decideOn(planId));
  const attempt = (await look(one.world)).attempts.find((row) => row.requestId === requestId);
  const second = await proposeRequest(one.world, tasks);
  await one.tell(person(founder), decideOn(second.planId));
  const next = (await look(one.world)).attempts.find((row) => row.requestId === second.requestId);
  const begin = (attemptId: string, epoch: number) => other.tell(system, { kind: "start-attempt", attemptId, epoch, executorId: "w" });
  expect(await begin(attempt?.id ?? "", 1)).toMatchObject({ answer: { state: "running" } });
  const effect = {
    requestId,
    taskId: attempt?.taskId ?? "",
    tool: "mail",
    effectKey: ids.next(),
    step: "s",
    ordinal: 1,
    arguments: {},
  } as const;
  const effectId = idOf(await other.tell(system, { kind: "intend-effect", ...effect, deliveryClass: "once", effectKind: "send" }));
  const send = (epoch: number) => other.tell(system, { kind: "start-effect", effectId, epoch, deadlineAtMs: 0, endedStarts: 0 });

  const haltId = idOf(await one.tell(person(lead), { kind: "set-halt", scope: "everything", scopeId: "", reason: "Wrong prices." }));
  expect(await send(1)).toMatchObject({ code: "halt.in-force" });
  await other.tell(system, { kind: "hold-attempt", attemptId: attempt?.id ?? "", epoch: 1 });
  clock.advance(1_000);
  expect(await begin(next?.id ?? "", 1)).toMatchObject({ answer: { state: "held" } });
  await sweepOnce();
  const held = async () => (await look(one.world)).attempts.filter((row) => typeof row.heldById === "string").map((row) => row.state);
  expect((await held()).sort()).toEqual(["leased", "paused"]);

  expect(await one.tell(person(lead), { kind: "lift-halt", haltId, reason: "" })).toMatchObject({ failure: "forbidden" });
  expect(await one.tell(person(director), { kind: "lift-halt", haltId, reason: "Corrected." })).toMatchObject({ kind: "ok" });
  // What the other process remembers is older than the lifting and holds nothing any more.
  expect(await begin(next?.id ?? "", 1)).toMatchObject({ answer: { state: "running" } });
  await sweepOnce();
  await sweepOnce();
  expect(await held()).toEqual([]);
  expect(await begin(attempt?.id ?? "", 2)).toMatchObject({ answer: { state: "running" } });
  expect(await send(2)).toMatchObject({ answer: { state: "started" } });
  const { tasks: after } = await look(one.world);
  expect(
    after.filter((task) => [requestId, second.requestId].includes(task.requestId)).map((task) => [task.state, task.attemptCount]),
  ).toEqual([
    ["running", 0],
    ["running", 0],
  ]);
});

test("a halt set in one process ends what runs in the other with the next sweep, and its task goes to somebody after the lift", async () => {
  const { requestId, planId } = await proposeRequest(one.world, tasks);
  await one.tell(person(founder), decideOn(planId));
  const latest = async () => (await look(one.world)).attempts.findLast((row) => row.requestId === requestId);
  const attempt = await latest();
  await other.tell(system, { kind: "start-attempt", attemptId: attempt?.id ?? "", epoch: 1, executorId: "w" });
  const haltId = idOf(await one.tell(person(lead), { kind: "set-halt", scope: "project", scopeId: projectId, reason: "Wrong prices." }));
  await sweepOnce();
  expect(cancelled).toContain(`attempt:${attempt?.id ?? ""}:1`);
  const taskOf = async () => (await look(one.world)).tasks.find((task) => task.requestId === requestId);
  expect(await latest()).toMatchObject({ state: "cancelled" });
  expect(await taskOf()).toMatchObject({ state: "ready", attemptCount: 0, heldById: haltId });
  await one.tell(person(director), { kind: "lift-halt", haltId, reason: "" });
  await sweepOnce();
  expect(await taskOf()).toMatchObject({ state: "assigned", attemptCount: 0, heldById: null });
  expect(await latest()).toMatchObject({ state: "leased", number: 2 });
});
