import { createHash } from "node:crypto";
import { cedarAuthorizer } from "../../src/adapters/cedar/cedar-authorizer.ts";
import { temporalZoneTime } from "../../src/adapters/calendar/recurrence-zone-time.ts";
import { checkDataBySchema } from "../../src/adapters/schemas/schema-checker.ts";
import type { MemoryEngine } from "../../src/adapters/in-process/memory-durable.ts";
import { createMemoryDatabase, createMemoryStore } from "../../src/adapters/in-process/memory-store.ts";
import { createSeededRng } from "../../src/adapters/in-process/seeded-rng.ts";
import { createSequenceIds } from "../../src/adapters/in-process/sequence-ids.ts";
import { createVirtualClock } from "../../src/adapters/in-process/virtual-clock.ts";
import { attemptKind } from "../../src/core/execution/attempt.ts";
import { taskKind } from "../../src/core/execution/task.ts";
import { effectKindOf } from "../../src/core/gate/effect.ts";
import { inboxItemKind } from "../../src/core/oversight/inbox-item.ts";
import type { Role } from "../../src/core/oversight/person.ts";
import type { PersonaFields } from "../../src/core/personas/read-library.ts";
import type { PlanDocument } from "../../src/core/planning/plan-document.ts";
import { planKind } from "../../src/core/planning/plan.ts";
import { readPlan } from "../../src/core/planning/read-plan.ts";
import { requestKind } from "../../src/core/requests/request.ts";
import type { Actor } from "../../src/core/shared/actor.ts";
import type { Entity, EntityKind } from "../../src/core/shared/entity.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import { asId } from "../../src/core/shared/ids.ts";
import { type Json, canonicalJson, type JsonObject } from "../../src/core/shared/json.ts";
import { type Engine, openEngine } from "../../src/engine/engine.ts";
import type { JobRun } from "../../src/engine/ports/durable.ts";
import type { Scope } from "../../src/engine/ports/store.ts";
import type { Capabilities } from "../../src/engine/shared/command-handler.ts";
import type { Command } from "../../src/engine/shared/commands.ts";
import { verify } from "../../verify/verify.ts";
import type { Finding } from "../../verify/world.ts";
import { dumpWorld } from "../simulation/dump-world.ts";

export type Told =
  | { readonly kind: "ok"; readonly answer: JsonObject }
  | { readonly kind: "refused"; readonly code: string; readonly failure: string };

/** Every command decided over rows in memory, without jobs, time or people of its own: the test is all of them. */
export interface CoreWorld {
  readonly engine: Engine;
  readonly people: readonly string[];
  readonly jobs: Map<string, JobRun & { state: "queued" | "done" }>;
  readonly scope: Scope;
  tell(actor: Actor, command: Command): Promise<Told>;
  rows<Row extends Entity>(kind: EntityKind<Row>): Promise<readonly Row[]>;
  settle(run: JobRun): void;
  findings(): readonly Finding[];
  newId(): string;
  advance(ms: number): void;
  readonly nowMs: () => number;
}

export const person = (id: string): Actor => ({ kind: "person", id });
export const worker: Actor = { kind: "system", id: "worker" };

export const personaOf = (key: string, fields: Partial<PersonaFields> = {}): PersonaFields => ({
  key,
  personaVersion: 1,
  worldview: "plain",
  specializations: [],
  tools: [],
  skills: ["writing"],
  division: "",
  executors: ["rules"],
  costPerHourMicro: 1,
  capacity: 1,
  ...fields,
});

export const ruleTasks = ["a", "b", "c", "d", "e"] as const;

export const documentOf = (rows: readonly JsonObject[], more: JsonObject = {}): PlanDocument =>
  readPlan(
    { request: "Do it", decomposition: rows.map((row) => ({ persona: "writer", dependencies: [], ...row })), ...more },
    "test",
    "EUR",
  ).document;

export const hashOf = (value: unknown): string =>
  createHash("sha256")
    .update(canonicalJson(value as Json))
    .digest("hex");

export async function openCoreWorld(
  roles: readonly (readonly Role[])[] = [["lead", "contributor"], ["contributor"]],
  mode: "real" | "rehearsal" = "real",
  executors: Capabilities["executors"] = ["rules", "human"],
): Promise<CoreWorld> {
  const ids = createSequenceIds({ seed: 7 });
  const clock = createVirtualClock(1_700_000_000_000);
  const jobs = new Map<string, JobRun & { state: "queued" | "done" }>();
  const enqueue = (runs: readonly JobRun[]): void => {
    for (const run of runs) jobs.set(`${run.kind}:${run.subjectId}:${String(run.epoch)}`, { ...run, state: "queued" });
  };
  const database = createMemoryDatabase();
  const store = createMemoryStore({ clock, enqueue, database });
  const capabilities = {
    executors,
    ruleTasks,
    sandbox: { ok: false, reason: "none" },
    zones: temporalZoneTime,
  } as const;
  const digest = (text: string) => asId<"sha256">(createHash("sha256").update(text).digest("hex"));
  const engine = openEngine({
    store,
    clock,
    ids,
    rng: createSeededRng({ seed: 1 }),
    digest,
    crash: () => {},
    capabilities,
    authorizer: cedarAuthorizer(),
    checkData: checkDataBySchema,
  });
  const [organizationId, projectId, founder] = [asId<"organization">(ids.next()), asId<"project">(ids.next()), ids.next()];
  const send = async (place: typeof projectId | null, actor: Actor, command: Command): Promise<Told> => {
    clock.advance(1);
    try {
      return { kind: "ok", answer: await engine.apply({ organizationId, projectId: place, actor, key: `test:${ids.next()}` }, command) };
    } catch (error) {
      if (!(error instanceof Failure) || error.kind === "bug" || error.code.startsWith("store.")) throw error;
      return { kind: "refused", code: error.code, failure: error.kind };
    }
  };
  const others = roles.map((held) => ({ id: ids.next(), held }));
  await send(null, worker, {
    kind: "found-organization",
    id: organizationId,
    name: "Test",
    currency: "EUR",
    person: { id: founder, name: "Founder", email: null },
  });
  for (const { id, held } of others)
    await send(null, person(founder), { kind: "add-person", id, name: `P${id.slice(-2)}`, email: null, roles: held });
  await send(null, person(founder), {
    kind: "create-project",
    id: projectId,
    key: "T",
    name: "Test",
    mode,
    clockAtMs: mode === "real" ? null : 1_700_000_000_000,
  });
  for (const persona of [
    personaOf("writer"),
    personaOf("editor", { costPerHourMicro: 2 }),
    personaOf("contributor", { executors: ["human"] }),
  ]) {
    await send(null, worker, { kind: "add-persona", persona });
  }
  return {
    engine,
    people: [founder, ...others.map((other) => other.id)],
    jobs,
    scope: { organizationId, projectIds: [projectId] },
    tell: (actor, command) => send(projectId, actor, command),
    rows: (kind) => engine.read({ organizationId, projectIds: [projectId] }, (reader) => reader.find(kind, { limit: 10_000 })),
    settle(run) {
      const job = jobs.get(`${run.kind}:${run.subjectId}:${String(run.epoch)}`);
      if (job !== undefined) job.state = "done";
    },
    findings() {
      const rows = new Map([...jobs].map(([id, job]) => [id, { id, state: job.state, executorId: "test" }]));
      const memory = { jobs: rows } as unknown as MemoryEngine; // the dump reads these three fields of a job
      return verify(dumpWorld(database.record, memory, { readAtMs: clock.nowMs(), settled: false }));
    },
    newId: () => ids.next(),
    advance: (ms) => clock.advance(ms),
    nowMs: () => clock.nowMs(),
  };
}

/** The rows that most tests look at. */
export async function look(world: CoreWorld) {
  const [requests, plans, tasks, attempts, items, effects] = await Promise.all([
    world.rows(requestKind),
    world.rows(planKind),
    world.rows(taskKind),
    world.rows(attemptKind),
    world.rows(inboxItemKind),
    world.rows(effectKindOf),
  ]);
  return { requests, plans, tasks, attempts, items, effects };
}
