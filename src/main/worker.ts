import { setTimeout as delay } from "node:timers/promises";
import { systemClock } from "../adapters/system/system-clock.ts";
import type { Failure } from "../core/shared/failure.ts";
import type { Durable } from "../engine/ports/durable.ts";
import { sealEvidence } from "../engine/memory/seal-evidence.ts";
import { newsFollower } from "../engine/oversight/notice-follower.ts";
import { sweep } from "../engine/oversight/sweep.ts";
import type { Workbench } from "../engine/execution/workbench.ts";
import { jobBody } from "../engine/shared/run-job.workflow.ts";
import { openWorktrees } from "./agents.ts";
import { embedUntilStopped } from "./embeddings.ts";
import { firstOrganizationId } from "./first-run.ts";
import type { System } from "./open-system.ts";
import { openWorkbench } from "./workbench.ts";

/** Pause between two sweeps with nothing to do, milliseconds. Rehearsals with work are swept again at once. */
const idleSweepMs = 1_000;
const busySweepMs = 20;
/** Leases beat every 5 s; looking more often would find nothing new. */
const lookForLostMs = 5_000;

/** Pause between two looks for what is to be sealed. */
const sealEveryMs = 60_000;

/** A worker that takes jobs and sweeps clocks until it is stopped. */
export interface RunningWorker {
  stop(): Promise<void>;
}

/** Starts taking jobs in this process, and sweeping what time brings. */
export async function startWorker(
  system: System,
  bench: Workbench = openWorkbench(system, system.durable.executorId),
): Promise<RunningWorker> {
  // What a process that died was working in; nobody goes on from there.
  await openWorktrees(system).sweep();
  await system.durable.launch(jobBody(bench));
  const stopping = new AbortController();
  const sweeping = Promise.all([sweepUntilStopped(system, stopping.signal), embedUntilStopped(system, stopping.signal)]);
  return {
    async stop() {
      stopping.abort();
      await sweeping;
    },
  };
}

/** Looks for jobs of dead workers at each beat of the leases, however often clocks are swept. */
function lookingSeldom(durable: Durable): Durable {
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  return {
    ...durable,
    lostJobs: async () => {
      const nowMs = systemClock.monotonicMs();
      if (nowMs - lookedAtMs < lookForLostMs) return [];
      lookedAtMs = nowMs;
      return durable.lostJobs();
    },
  };
}

/** Seals the record from time to time; what fails is tried again at the next time, and `xvc status` tells that it is behind. */
function sealingSeldom(system: System): () => Promise<void> {
  let sealedAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const nowMs = systemClock.monotonicMs();
    if (nowMs - sealedAtMs < sealEveryMs) return;
    sealedAtMs = nowMs;
    await sealEvidence(system.evidence, firstOrganizationId);
  };
}

async function sweepUntilStopped(system: System, signal: AbortSignal): Promise<void> {
  const use = {
    engine: system.engine,
    store: system.store,
    clock: systemClock,
    durable: lookingSeldom(system.durable),
    crash: system.crash,
    organizationId: firstOrganizationId,
    onRefused: (kind: string, failure: Failure) =>
      system.log.warn("a clock was refused", { kind, code: failure.code, message: failure.message }),
  };
  const followNews = newsFollower({ ...use, reachStore: system.reach.parts.reachStore });
  const seal = sealingSeldom(system);
  while (!signal.aborted) {
    let busy = false;
    try {
      const done = await sweep(use);
      const news = await followNews();
      await seal();
      busy = news.more || done.fired + done.advanced + done.handedOver > 0;
    } catch (error) {
      // The database may be away for a moment; every act of a sweep is keyed, so the next one carries on.
      system.log.error("a sweep failed", { message: error instanceof Error ? error.message : String(error) });
    }
    await delay(busy ? busySweepMs : idleSweepMs, undefined, { signal }).catch(() => {});
  }
}
