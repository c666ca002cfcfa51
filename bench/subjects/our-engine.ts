import { taskKind } from "../../src/core/execution/task.ts";
import { asId } from "../../src/core/shared/ids.ts";
import type { Workbench } from "../../src/engine/execution/workbench.ts";
import type { Command } from "../../src/engine/shared/commands.ts";
import { startWorker } from "../../src/main/worker.ts";
import { openWorkbench } from "../../src/main/workbench.ts";
import { openBenchWorld } from "../support/bench-world.ts";
import { quantile } from "../support/figures.ts";
import { type Shape, layeredPlan } from "../support/layered-plan.ts";
import { serveActs } from "../support/subject.ts";

/* The product's own worker in a process of its own: real store, durable engine, sweeper, checks and reviews. Only the work itself returns at once. */
const world = await openBenchWorld();
const { system, home } = world;

const latenciesMs = new Map<Command["kind"], number[]>();
let integrated = (): void => {};

function measured(kind: Command["kind"], startedMs: number): void {
  const known = latenciesMs.get(kind) ?? [];
  latenciesMs.set(kind, known);
  known.push(performance.now() - startedMs);
  if (kind === "finish-integration") integrated();
}

const workbench: Workbench = {
  ...openWorkbench(system, system.durable.executorId),
  executors: { rules: world.instant },
  async apply(caller, command) {
    const startedMs = performance.now();
    const answer = await system.engine.apply(caller, command);
    measured(command.kind, startedMs);
    return answer;
  },
  async applyAndLook(caller, command, look) {
    const startedMs = performance.now();
    const looked = await system.engine.applyAndLook(caller, command, look);
    measured(command.kind, startedMs);
    return looked;
  },
};
const worker = await startWorker(system, workbench);

/** What one layered plan took, from the approval to the last accepted task, and how long ready tasks waited. */
export interface PlanRun {
  readonly ms: number;
  readonly deliveredMs: number;
  readonly passed: number;
  readonly transitionP50Ms: number;
  readonly transitionP99Ms: number;
  readonly dispatchP50Ms: number;
  readonly dispatchP99Ms: number;
}

async function run(shape: Shape): Promise<PlanRun> {
  const proposed = await world.propose(layeredPlan(shape));
  latenciesMs.clear();
  const delivered = new Promise<void>((resolve) => (integrated = resolve));
  const startedAtMs = Date.now();
  await world.approve(proposed);
  await delivered;
  const deliveredMs = Date.now() - startedAtMs;
  const tasks = await system.store.read({ organizationId: home.organizationId, projectIds: [asId(home.projectId)] }, (reader) =>
    reader.find(taskKind, { where: { requestId: proposed.requestId }, limit: 10_000 }),
  );
  const all = [...latenciesMs].flatMap(([, values]) => values);
  const waits = tasks.map((task) => (task.startedAtMs ?? 0) - (task.readyAtMs ?? 0));
  return {
    ms: Math.max(...tasks.map((task) => task.acceptedAtMs ?? 0)) - startedAtMs,
    deliveredMs,
    passed: tasks.filter((task) => task.acceptedAtMs !== null).length,
    transitionP50Ms: quantile(all, 0.5),
    transitionP99Ms: quantile(all, 0.99),
    dispatchP50Ms: quantile(waits, 0.5),
    dispatchP99Ms: quantile(waits, 0.99),
  };
}

serveActs({ run }, async () => {
  await worker.stop();
  await system.close();
});
