import type { Halt } from "../../core/gate/halt.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Workbench } from "../execution/workbench.ts";
import type { JobRun } from "../ports/durable.ts";
import { jobCaller, scopeOf } from "../shared/job-caller.ts";
import { hasMovedOn } from "../shared/refusal.ts";
import { haltShelf } from "./halt-shelf.ts";

/**
 * Whether a job may begin; asked by every job but attempts, whose start is held by its own command, and trials, which end under a halt. While nothing is halted
 * it costs one read a second; while something is, each job asks by a command that keeps what is covered as a row.
 */
export function haltGate(bench: Workbench): (run: JobRun) => Promise<boolean> {
  const shelf = haltShelf(bench.clock);
  const inForce = async (run: JobRun): Promise<readonly Halt[]> =>
    shelf.known(run.organizationId) ?? bench.store.read(scopeOf(run), (reader) => shelf.inForce(reader, run.organizationId));
  return async (run) => {
    if (run.kind === "attempt" || run.kind === "qualify") return true;
    const newest = (await inForce(run)).toSorted((left, right) => right.setAtMs - left.setAtMs || (left.id < right.id ? 1 : -1))[0];
    if (newest === undefined) return true;
    const caller = jobCaller(run, "worker");
    try {
      // A halt set after an earlier answer of this very run asks again, a replay of the body does not.
      const answer = await bench.apply(
        { ...caller, key: `${caller.key}:halt:${newest.id}` },
        { kind: "hold-job", jobKind: run.kind, subjectId: run.subjectId, epoch: run.epoch },
      );
      return answer["state"] === "free";
    } catch (error) {
      if (hasMovedOn(error) || (error instanceof Failure && error.kind === "not-found")) return false;
      throw error;
    }
  };
}
