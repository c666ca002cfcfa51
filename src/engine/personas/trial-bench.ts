import type { Executor } from "../ports/executor.ts";
import type { TrialSubject } from "./trial-context.ts";

/** Executors that do trials: as for real work, but with a case for a task and no tools. */
export interface TrialBench {
  readonly model: (subject: TrialSubject) => Executor;
}
