import { attemptKind } from "../../src/core/execution/attempt.ts";
import { type Task, taskKind } from "../../src/core/execution/task.ts";
import { asId } from "../../src/core/shared/ids.ts";
import { openBenchWorld } from "../support/bench-world.ts";
import { quantile } from "../support/figures.ts";
import { layeredPlan } from "../support/layered-plan.ts";
import { serveActs } from "../support/subject.ts";

/* Commands alone, one after another or many at once, in a process without a worker: nobody runs what they enqueue. */
const world = await openBenchWorld();
const { system, home } = world;
const scope = { organizationId: home.organizationId, projectIds: [asId<"project">(home.projectId)] };

let statements = 0;
system.pool.on("connect", (client) => {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  client.query = ((...given: unknown[]) => {
    statements += 1;
    return query(...given);
  }) as typeof client.query; // the same function, counted
});

export interface Rate {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface CommandRates {
  readonly one: Rate;
  readonly sixteen: Rate;
}

const rateMs = 4_000;

/** Requests filed for four seconds: a row, two events, the command's own record and a job each. */
async function rate(clients: number): Promise<Rate> {
  const latenciesMs: number[] = [];
  const startedMs = performance.now();
  const client = async (): Promise<void> => {
    while (performance.now() - startedMs < rateMs) {
      const beganMs = performance.now();
      await world.apply("person", {
        kind: "submit-request",
        id: system.ids.next(),
        draft: {
          title: "Measure",
          text: "Measure how fast this is.",
          urgency: "normal",
          budgetMicro: null,
          deadlineAtMs: null,
          playbook: null,
          inputs: [],
          approveBeforehand: false,
          script: null,
        },
      });
      latenciesMs.push(performance.now() - beganMs);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return {
    perSecond: latenciesMs.length / ((performance.now() - startedMs) / 1_000),
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  };
}

export interface GrowthCost {
  readonly plans: readonly {
    readonly tasks: number;
    readonly p50Ms: number;
    readonly meanMs: number;
    readonly p99Ms: number;
    readonly statements: number;
  }[];
}

const width = 5;
const layersMeasured = 40;
const sizes = [10, 1_000, 10_000] as const;

interface Track {
  readonly tasks: number;
  readonly latenciesMs: number[];
  counted: number;
  /** Finishes the next layer and says how; a plan of ten is a fresh one for every layer. */
  next(): Promise<void>;
}

/** Finishes the first layers of plans of each size in turn: the same neighbourhood (three dependents each), another plan around it. */
async function growth(): Promise<GrowthCost> {
  const tracks: Track[] = [];
  for (const tasks of sizes) tracks.push(await trackOf(tasks));
  for (let layer = 0; layer < layersMeasured; layer += 1) for (const track of tracks) await track.next();
  return {
    plans: tracks.map(({ tasks, latenciesMs, counted }) => ({
      tasks,
      p50Ms: quantile(latenciesMs, 0.5),
      meanMs: latenciesMs.reduce((sum, one) => sum + one, 0) / latenciesMs.length,
      p99Ms: quantile(latenciesMs, 0.99),
      statements: counted / latenciesMs.length,
    })),
  };
}

async function trackOf(tasks: number): Promise<Track> {
  let plan = await approved(tasks);
  let layer = 0;
  const track: Track = {
    tasks,
    latenciesMs: [],
    counted: 0,
    async next() {
      if (tasks === 10 && layer > 0) {
        plan = await approved(tasks);
        layer = 0;
      }
      const ready = plan.slice(layer * width, (layer + 1) * width);
      for (const task of ready) await finishOne(track, task.id);
      layer += 1;
    },
  };
  return track;
}

async function approved(tasks: number): Promise<readonly Task[]> {
  const proposed = await world.propose(layeredPlan({ tasks, width, review: "checks" }));
  await world.approve(proposed);
  const found = await system.store.read(scope, (reader) =>
    reader.find(taskKind, { where: { requestId: proposed.requestId }, limit: 10_000 }),
  );
  return [...found].sort((left, right) => left.ordinal - right.ordinal);
}

async function finishOne(track: Track, taskId: string): Promise<void> {
  const task = await system.store.read(scope, (reader) => reader.get(taskKind, taskId));
  const attempt = await system.store.read(scope, (reader) => reader.get(attemptKind, task?.attemptId ?? ""));
  if (task === undefined || attempt === undefined) throw new Error(`task ${taskId} has no attempt to finish`);
  await world.apply("system", { kind: "start-attempt", attemptId: attempt.id, epoch: 1, executorId: "bench" });
  const name = task.spec.outputs[0] ?? "";
  const output = { name, sha256: system.digest("done\n"), mediaType: "text/plain", bytes: 5 };
  const check = { criterionId: "there", kind: "output", verdict: "pass", detail: "It is there.", evidence: { bytes: 5 } } as const;
  const before = statements;
  const startedMs = performance.now();
  await world.apply("system", {
    kind: "finish-attempt",
    attemptId: attempt.id,
    epoch: 1,
    costMicro: 0,
    outcome: { kind: "submitted", outputs: [output], checks: [check], interpretation: "", notes: [], pointAnswers: {} },
  });
  track.latenciesMs.push(performance.now() - startedMs);
  track.counted += statements - before;
}

serveActs({ growth, rates: async (): Promise<CommandRates> => ({ one: await rate(1), sixteen: await rate(16) }) }, () => system.close());
