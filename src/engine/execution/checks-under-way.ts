import type { Attempt } from "../../core/execution/attempt.ts";

/** A person has handed it in and the checks, which are a job of ours, have not reported yet. The hand-in raises the epoch from 0. */
export const checksUnderWay = (attempt: Pick<Attempt, "state" | "executor" | "epoch">): boolean =>
  attempt.executor === "human" && attempt.state === "running" && attempt.epoch > 0;
