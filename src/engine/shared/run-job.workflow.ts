import { runAttempt } from "../execution/run-attempt.workflow.ts";
import type { Workbench } from "../execution/workbench.ts";
import { haltGate } from "../gate/halt-gate.ts";
import { runIntegration } from "../integration/run-integration.workflow.ts";
import { runNotify } from "../oversight/notice-sending.workflow.ts";
import { runAnalysis } from "../planning/run-analysis.workflow.ts";
import { runPlanning } from "../planning/run-planning.workflow.ts";
import { runTrial } from "../personas/run-trial.workflow.ts";
import type { JobBody } from "../ports/durable.ts";
import { runReview } from "../review/run-review.workflow.ts";

/** The body of every job: each kind is one short piece of work that ends in a keyed command. */
export const jobBody =
  (bench: Workbench, mayBegin = haltGate(bench)): JobBody =>
  async (run, { signal }) => {
    bench.crash("job.claimed");
    if (!(await mayBegin(run))) return;
    switch (run.kind) {
      case "analyse":
        return runAnalysis(bench, run);
      case "plan":
        return runPlanning(bench, run);
      case "attempt":
        return runAttempt(bench, run, signal);
      case "review":
        return runReview(bench, run, signal);
      case "integrate":
        return runIntegration(bench, run);
      case "notify":
        return runNotify(bench, run, signal);
      case "qualify":
        return runTrial(bench, run, signal);
    }
  };
