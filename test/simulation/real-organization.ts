import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { calendarReader } from "../../src/adapters/calendar/calendar-reader.ts";
import { checkDataBySchema } from "../../src/adapters/schemas/schema-checker.ts";
import { cedarAuthorizer } from "../../src/adapters/cedar/cedar-authorizer.ts";
import { dbosDurable } from "../../src/adapters/dbos/dbos-durable.ts";
import { createMemoryContent } from "../../src/adapters/in-process/memory-content.ts";
import { createSeededRng } from "../../src/adapters/in-process/seeded-rng.ts";
import { systemClock } from "../../src/adapters/system/system-clock.ts";
import { createSystemIds } from "../../src/adapters/system/system-ids.ts";
import { systemRng } from "../../src/adapters/system/system-rng.ts";
import { asId, type OrganizationId } from "../../src/core/shared/ids.ts";
import { type Engine, openEngine } from "../../src/engine/engine.ts";
import type { Workbench } from "../../src/engine/execution/workbench.ts";
import { sweep } from "../../src/engine/oversight/sweep.ts";
import type { Durable } from "../../src/engine/ports/durable.ts";
import type { ReceiverEntry } from "../../verify/world.ts";
import type { Caller } from "../../src/engine/shared/caller.ts";
import type { Command } from "../../src/engine/shared/commands.ts";
import { jobBody } from "../../src/engine/shared/run-job.workflow.ts";
import { openTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { openTestStore, type TestStore } from "../support/test-store.ts";
import { type People, type PeopleWorld, takeTurn } from "./people.ts";
import { likely, oneOf, randomPlaybook, ruleTasks, simulatedPersonas, upTo } from "./random-playbook.ts";
import { createReceivers, type Receivers } from "./receivers.ts";
import { outputChecker, scriptedExecutor, scriptedReviewer, type ScriptedWork } from "./scripted-work.ts";
import { type FaultPlan, noFaults, randomFaults } from "./simulated-organization.ts";

const digest = (text: string) => asId<"sha256">(createHash("sha256").update(text, "utf8").digest("hex"));
const ready = (): Promise<void> => Promise.resolve();
const capabilities = { executors: ["rules", "human"], ruleTasks, sandbox: { ok: false, reason: "there is none in a test" } } as const;

/** Short, since here a wait really passes. */
const callDeadlineMs = 1_500;

interface Seeded {
  readonly world: PeopleWorld;
  readonly people: People;
  readonly bench: Workbench;
  readonly receivers: Receivers;
  faults: FaultPlan;
}

/** Organizations of the simulation on one real database with one real durable engine. */
export interface RealServer {
  readonly database: TestDatabase;
  /** Plays one organization from its founding to rest. @returns what its people and receivers know, and what was thrown */
  play(
    seed: number,
  ): Promise<{ readonly people: People; readonly receivers: readonly ReceiverEntry[]; readonly errors: readonly unknown[] }>;
  close(): Promise<void>;
}

export async function openRealServer(): Promise<RealServer> {
  const database = await openTestDatabase();
  const log = (): void => undefined;
  const durable = await dbosDurable({ appUrl: database.urls.app, log, onFenced: log });
  const under = await openTestStore(database.urls.app, { enqueue: durable.enqueue });
  const engine = openEngine({
    store: under.store,
    clock: systemClock,
    ids: createSystemIds(),
    rng: systemRng,
    digest,
    crash: log,
    capabilities,
    authorizer: cedarAuthorizer(),
    calendars: calendarReader,
    checkData: checkDataBySchema,
  });
  const seeded = new Map<string, Seeded>();
  await durable.launch(async (run, steps) => {
    const one = seeded.get(run.organizationId);
    if (one === undefined) return;
    const bodies = likely(one.world.rng, one.faults.runTwice) ? 2 : 1; // the engine's bodies may run twice at a time
    await Promise.all(Array.from({ length: bodies }, () => jobBody(one.bench)(run, steps)));
  });
  return {
    database,
    async play(seed) {
      const one = seedOrganization(seed, { under, engine, durable });
      seeded.set(one.world.organizationId, one);
      await playToRest(one, { under, engine, durable });
      return { people: one.people, receivers: one.receivers.log, errors: one.world.errors };
    },
    async close() {
      await durable.shutdown(2_000);
      await under.close();
      await database.drop();
    },
  };
}

interface Parts {
  readonly under: TestStore;
  readonly engine: Engine;
  readonly durable: Durable;
}

function seedOrganization(seed: number, { under, engine, durable }: Parts): Seeded {
  const rng = createSeededRng({ seed });
  const ids = createSystemIds();
  const content = createMemoryContent({ laysOut: false });
  const organizationId: OrganizationId = asId(ids.next());
  const faults = (): FaultPlan => one.faults;
  const receivers = createReceivers(rng, faults, ready);
  const apply = engine.apply.bind(engine);
  const crash = (): void => undefined;
  const work: ScriptedWork = { organizationId, rng, ids, content, tools: receivers.tools, faults, ready };
  const effects = () => ({ apply, clock: systemClock, ids, digest, crash, callDeadlineMs });
  const bench: Workbench = {
    store: under.store,
    content,
    clock: systemClock,
    digest,
    crash,
    capabilities,
    apply,
    applyAndLook: engine.applyAndLook.bind(engine),
    executorId: durable.executorId,
    executors: { rules: scriptedExecutor("rules", work, effects), scripted: scriptedExecutor("scripted", work, effects) },
    checkers: { output: outputChecker(work) },
    reviewers: { scripted: scriptedReviewer("scripted", work), "second-look": scriptedReviewer("second-look", work) },
  };
  const members = Array.from({ length: 1 + upTo(rng, 3) }, (_, number) => ({ id: ids.next(), name: `Person ${String(number + 1)}` }));
  const world: PeopleWorld = {
    rng,
    ids,
    content,
    organizationId,
    real: asId(ids.next()),
    rehearsal: asId(ids.next()),
    servers: [{ process: { alive: () => true }, engine }],
    errors: [],
  };
  const one: Seeded = { world, people: { members, log: [], playbooks: ["alpha", "beta"] }, bench, receivers, faults: noFaults };
  return one;
}

async function found({ world, people }: Seeded, engine: Engine): Promise<void> {
  const [first, ...others] = people.members;
  if (first === undefined) return;
  const { organizationId, rng, ids } = world;
  const apply = (command: Command) => {
    const actor: Caller["actor"] =
      command.kind === "found-organization" ? { kind: "system", id: "simulation" } : { kind: "person", id: first.id };
    return engine.apply({ organizationId, projectId: null, actor, key: `found:${ids.next()}` }, command);
  };
  await apply({ kind: "found-organization", id: organizationId, name: "Real", currency: "EUR", person: { ...first, email: null } });
  for (const other of others) await apply({ kind: "add-person", ...other, email: null, roles: ["lead", "contributor"] });
  await apply({ kind: "create-project", id: world.real, key: "REAL", name: "Real", mode: "real", clockAtMs: null });
  await apply({
    kind: "create-project",
    id: world.rehearsal,
    key: "PLAY",
    name: "Rehearsal",
    mode: "rehearsal",
    clockAtMs: 1_700_000_000_000,
  });
  for (const persona of simulatedPersonas) await apply({ kind: "add-persona", persona });
  for (const name of people.playbooks) await apply({ kind: "add-playbook", playbook: randomPlaybook(rng, name) });
}

const acts = 40;
const atOnce = 4;
const maxRestingRounds = 200;
const quietRounds = 4;

async function playToRest(one: Seeded, { under, engine, durable }: Parts): Promise<void> {
  const { world, people } = one;
  const { organizationId, rng } = world;
  await found(one, engine);
  one.faults = randomFaults(rng);
  const sweepOnce = () =>
    sweep({ engine, store: under.store, clock: systemClock, durable, crash: () => undefined, organizationId, onRefused: () => undefined });
  const turn = async (kind: "any" | "helpful", projectId: PeopleWorld["real"], person = oneOf(rng, people.members)): Promise<void> => {
    if (person !== undefined) await takeTurn({ organization: world, people, person, projectId, kind });
  };
  for (let act = 0; act < acts; act += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, () => turn("any", likely(rng, 0.7) ? world.real : world.rehearsal)));
    await sweepOnce();
  }
  one.faults = noFaults;
  let head = "";
  for (let round = 0, quiet = 0; round < maxRestingRounds && quiet < quietRounds; round += 1) {
    await sweepOnce();
    for (const person of people.members) for (const projectId of [world.real, world.rehearsal]) await turn("helpful", projectId, person);
    const scope = { organizationId, projectIds: [world.real, world.rehearsal] };
    const [last] = await under.store.read(scope, (reader) => reader.events({ newestFirst: true, limit: 1 }));
    const busy = (await under.enqueued(organizationId)).length > 0;
    quiet = !busy && last?.cursor === head ? quiet + 1 : 0;
    head = last?.cursor ?? "";
    if (busy) await delay(20);
  }
}
