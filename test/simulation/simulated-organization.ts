import { createHash } from "node:crypto";
import { calendarReader } from "../../src/adapters/calendar/calendar-reader.ts";
import { checkDataBySchema } from "../../src/adapters/schemas/schema-checker.ts";
import { cedarAuthorizer } from "../../src/adapters/cedar/cedar-authorizer.ts";
import { createMemoryContent, type MemoryContent } from "../../src/adapters/in-process/memory-content.ts";
import { createMemoryEngine, type MemoryEngine, type MemoryWorker } from "../../src/adapters/in-process/memory-durable.ts";
import {
  type CommitFault,
  createMemoryDatabase,
  createMemoryStore,
  type MemoryDatabase,
} from "../../src/adapters/in-process/memory-store.ts";
import { createSeededRng } from "../../src/adapters/in-process/seeded-rng.ts";
import {
  createSeededScheduler,
  ProcessKilled,
  type SeededScheduler,
  type SimulatedProcess,
} from "../../src/adapters/in-process/seeded-scheduler.ts";
import { createSequenceIds } from "../../src/adapters/in-process/sequence-ids.ts";
import { createVirtualClock, type VirtualClock } from "../../src/adapters/in-process/virtual-clock.ts";
import { asId, type OrganizationId, type ProjectId } from "../../src/core/shared/ids.ts";
import { type Engine, openEngine } from "../../src/engine/engine.ts";
import type { Workbench } from "../../src/engine/execution/workbench.ts";
import { sweep } from "../../src/engine/oversight/sweep.ts";
import type { Ids, Rng } from "../../src/engine/ports/clock.ts";
import type { CrashProbe } from "../../src/engine/ports/crash-point.ts";
import { jobBody } from "../../src/engine/shared/run-job.workflow.ts";
import { likely, oneOf, ruleTasks, upTo } from "./random-playbook.ts";
import { createReceivers, type Receivers } from "./receivers.ts";
import { outputChecker, scriptedExecutor, scriptedReviewer, type ScriptedWork } from "./scripted-work.ts";

/** What may go wrong in one run; each seed switches a random part of it on. */
export interface FaultPlan {
  readonly serialization: number;
  readonly abort: number;
  readonly unknownCommitted: number;
  readonly unknownAborted: number;
  readonly crash: number;
  readonly runTwice: number;
  readonly loseCheckpoint: number;
  readonly adoptLive: number;
  readonly clockJump: number;
  readonly lostCall: number;
  readonly lostAnswer: number;
  readonly refusal: number;
  readonly failing: number;
  readonly asking: number;
  readonly breaking: number;
  readonly poorWork: number;
}

export const noFaults: FaultPlan = {
  serialization: 0,
  abort: 0,
  unknownCommitted: 0,
  unknownAborted: 0,
  crash: 0,
  runTwice: 0,
  loseCheckpoint: 0,
  adoptLive: 0,
  clockJump: 0,
  lostCall: 0,
  lostAnswer: 0,
  refusal: 0,
  failing: 0,
  asking: 0,
  breaking: 0,
  poorWork: 0,
};

const strongest: FaultPlan = {
  serialization: 0.08,
  abort: 0.03,
  unknownCommitted: 0.05,
  unknownAborted: 0.03,
  crash: 0.01,
  runTwice: 0.3,
  loseCheckpoint: 0.3,
  adoptLive: 0.05,
  clockJump: 0.1,
  lostCall: 0.2,
  lostAnswer: 0.2,
  refusal: 0.1,
  failing: 0.15,
  asking: 0.2,
  breaking: 0.05,
  poorWork: 0.25,
};

/** A random subset of all faults, each at full strength or off. */
export function randomFaults(rng: Rng): FaultPlan {
  const entries = Object.entries(strongest).map(([name, strength]: [string, number]) => [name, likely(rng, 0.4) ? strength : 0] as const);
  return { ...noFaults, ...Object.fromEntries(entries) };
}

/** A server with a worker in it, as `xvc up` runs them. */
export interface SimulatedServer {
  readonly process: SimulatedProcess;
  readonly engine: Engine;
  readonly worker: MemoryWorker;
  sweep(): Promise<void>;
}

export interface SimulatedOrganization {
  readonly seed: number;
  readonly rng: Rng;
  readonly ids: Ids;
  readonly clock: VirtualClock;
  readonly scheduler: SeededScheduler;
  readonly database: MemoryDatabase;
  readonly durable: MemoryEngine;
  readonly receivers: Receivers;
  readonly content: MemoryContent;
  readonly organizationId: OrganizationId;
  readonly real: ProjectId;
  readonly rehearsal: ProjectId;
  readonly servers: SimulatedServer[];
  /** Counts of faults that really happened, by name. */
  readonly happened: Map<string, number>;
  readonly errors: unknown[];
  /** Parts of the program that were launched and have not ended. */
  readonly underWay: () => number;
  faults: FaultPlan;
  startServer(): Promise<void>;
  /** Kills a running server and starts another. */
  replaceServer(server: SimulatedServer): Promise<void>;
  /** Runs a part of the program without waiting for it; what it throws, unless it was killed, is kept. */
  launch(part: Promise<unknown>): void;
}

const digest = (text: string) => asId<"sha256">(createHash("sha256").update(text, "utf8").digest("hex"));

/** Everything that can run without the scheduler has run after one turn of the event loop: no part of the simulation waits for the outside. */
const settle = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Makes an empty organization with no server yet. */
export function createSimulatedOrganization(seed: number): SimulatedOrganization {
  const rng = createSeededRng({ seed });
  const ids = createSequenceIds({ seed, startAtMs: 1_700_000_000_000 });
  const clock = createVirtualClock(1_700_000_000_000);
  const scheduler = createSeededScheduler({ rng, clock, settle });
  const database = createMemoryDatabase();
  const happened = new Map<string, number>();
  const errors: unknown[] = [];
  const happens = (name: keyof FaultPlan): boolean => {
    const yes = organization.faults[name] > 0 && likely(rng, organization.faults[name]);
    if (yes) happened.set(name, (happened.get(name) ?? 0) + 1);
    return yes;
  };
  const durable = createMemoryEngine({
    selfStarting: false,
    pick: (count) => upTo(rng, count),
    faults: { runTwice: () => happens("runTwice"), loseCheckpoint: () => happens("loseCheckpoint"), adoptLive: () => happens("adoptLive") },
  });
  const outside = scheduler.process("outside");
  const receivers = createReceivers(rng, () => organization.faults, outside.ready);
  const commitFault = (): CommitFault => {
    if (happens("serialization")) return "serialization";
    if (happens("unknownCommitted")) return "unknown-committed";
    if (happens("unknownAborted")) return "unknown-aborted";
    return happens("abort") ? "abort" : "none";
  };
  const content = createMemoryContent({ laysOut: false });
  const organizationId = asId<"organization">(ids.next());

  const openServer = async (number: number): Promise<SimulatedServer> => {
    const process = scheduler.process(`server-${String(number)}`);
    const { clock: processClock, ready } = process;
    const store = createMemoryStore({ clock: processClock, enqueue: durable.enqueue, database, fault: commitFault, ready });
    const worker = durable.worker(process.name);
    const crash: CrashProbe = () => {
      if (!process.alive()) throw new ProcessKilled("It was killed before.");
      if (!happens("crash")) return;
      process.kill();
      worker.kill();
      throw new ProcessKilled("It was killed here.");
    };
    const capabilities = {
      executors: ["rules", "human"],
      ruleTasks,
      sandbox: { ok: false, reason: "there is none in a simulation" },
    } as const;
    const engine = openEngine({
      store,
      clock: processClock,
      ids,
      rng,
      digest,
      crash,
      capabilities,
      authorizer: cedarAuthorizer(),
      calendars: calendarReader,
      checkData: checkDataBySchema,
    });
    const apply = engine.apply.bind(engine);
    const work: ScriptedWork = { organizationId, rng, ids, content, tools: receivers.tools, faults: () => organization.faults, ready };
    const effects = () => ({ apply, clock: processClock, ids, digest, crash });
    const bench: Workbench = {
      store,
      content,
      clock: processClock,
      digest,
      crash,
      capabilities,
      apply,
      applyAndLook: engine.applyAndLook.bind(engine),
      executorId: worker.executorId,
      executors: { rules: scriptedExecutor("rules", work, effects), scripted: scriptedExecutor("scripted", work, effects) },
      checkers: { output: outputChecker(work) },
      reviewers: { scripted: scriptedReviewer("scripted", work), "second-look": scriptedReviewer("second-look", work) },
    };
    await worker.launch(jobBody(bench));
    return {
      process,
      engine,
      worker,
      sweep: async () => {
        await sweep({ engine, store, clock: processClock, durable: worker, crash, organizationId, onRefused: () => undefined });
      },
    };
  };

  const organization: SimulatedOrganization = {
    seed,
    rng,
    ids,
    clock,
    scheduler,
    database,
    durable,
    receivers,
    content,
    organizationId,
    real: asId(ids.next()),
    rehearsal: asId(ids.next()),
    servers: [],
    happened,
    errors,
    faults: noFaults,
    async startServer() {
      organization.servers.push(await openServer(serverNumber++));
    },
    async replaceServer(server) {
      server.process.kill();
      server.worker.kill();
      organization.servers.splice(organization.servers.indexOf(server), 1, await openServer(serverNumber++));
    },
    underWay: () => underWay,
    launch(part) {
      underWay += 1;
      const ended = part.catch((error: unknown) => {
        if (!(error instanceof ProcessKilled)) errors.push(error);
      });
      void ended.finally(() => {
        underWay -= 1;
      });
    },
  };
  let serverNumber = 1;
  let underWay = 0;
  return organization;
}

/** A server that is alive, chosen at random; undefined: all are dead. */
export const liveServer = <Server extends { readonly process: { readonly alive: () => boolean } }>(organization: {
  readonly rng: Rng;
  readonly servers: readonly Server[];
}): Server | undefined =>
  oneOf(
    organization.rng,
    organization.servers.filter((server) => server.process.alive()),
  );
