import { DBOS } from "@dbos-inc/dbos-sdk";
import type { Steps } from "../../engine/ports/durable.ts";

/** The longest a job may take, hence also a step (architecture, section 2). */
export const stepTimeoutMs = 600_000;

/** Steps inside a running workflow of the engine. */
export const jobSteps = (signal: AbortSignal): Steps => ({
  signal,
  step: (name, run) =>
    DBOS.runStep(
      async () => {
        const status = DBOS.stepStatus;
        const signals = [signal, status?.timeoutSignal, status?.cancelSignal].filter((candidate) => candidate !== undefined);
        const all = AbortSignal.any(signals);
        all.throwIfAborted();
        return run(all);
      },
      // No retry here: whether to try again is a decision, and those are commands.
      { name, timeoutMS: stepTimeoutMs, retriesAllowed: false },
    ),
});
