import type { Artifact } from "../../core/shared/content.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Attempt, CheckResult } from "../../core/execution/attempt.ts";
import type { Task } from "../../core/execution/task.ts";
import type { ExecutorKind } from "../../core/personas/persona.ts";
import type { Criterion } from "../../core/planning/plan-document.ts";
import type { RequestInput, WorkRequest } from "../../core/requests/request.ts";

/** Everything an executor is given: no other handle exists. */
export interface AttemptContext {
  readonly request: WorkRequest;
  readonly task: Task;
  readonly attempt: Attempt;
  readonly inputs: readonly RequestInput[];
  /** Accepted outputs of the tasks it depends on. */
  readonly upstream: readonly { readonly taskKey: string; readonly outputs: readonly Artifact[] }[];
  /** Project time at the start, epoch milliseconds. */
  readonly nowMs: number;
}

/** How an attempt ended. `durationMs` only from scripted executors: time that passes in the project's clock. */
export type AttemptOutcome =
  | {
      readonly kind: "submitted";
      readonly outputs: readonly Artifact[];
      readonly interpretation: string;
      readonly notes: readonly string[];
      readonly costMicro: number;
      readonly durationMs?: number;
      /** How each point of the last review was dealt with; absent: all of it was done again with the points as input. */
      readonly pointAnswers?: JsonObject;
    }
  /** Not over: the next job goes on from the stored turns, at once or after a rest. */
  | { readonly kind: "paused"; readonly reason: string; readonly restMs: number | null }
  | { readonly kind: "asked"; readonly question: string; readonly durationMs?: number; readonly costMicro: number }
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly message: string;
      readonly retryable: boolean;
      readonly costMicro: number;
      /** Of a `budget.exhausted`: which budget, as the refusal said. */
      readonly details?: JsonObject;
      readonly durationMs?: number;
    };

/** Does a task one way. One conformance suite covers every kind. */
export interface Executor {
  readonly kind: ExecutorKind;
  /** Whether it can do this task here; the reason is shown when it cannot. */
  serves(task: Task): { readonly ok: true } | { readonly ok: false; readonly reason: string };
  attempt(context: AttemptContext, signal: AbortSignal): Promise<AttemptOutcome>;
}

/** Judges a submission without having done it. */
export interface Reviewer {
  readonly name: string;
  review(context: AttemptContext, submission: Attempt, signal: AbortSignal): Promise<readonly CheckResult[]>;
}

/** What one acceptance check looks at. */
export interface Examined {
  readonly outputs: readonly Artifact[];
  readonly criterion: Criterion;
}

/** Runs one acceptance check on submitted outputs. */
export interface Checker {
  readonly kind: string;
  check(context: AttemptContext, examined: Examined, signal: AbortSignal): Promise<CheckResult>;
}

/** A tool behind the gate, reached only through the effect ledger. */
export interface Tool {
  readonly name: string;
  readonly deliveryClass: "pure" | "keyed" | "queryable" | "once";
  readonly effectKind: string;
  /** @throws {Failure} `unavailable` when it is unknown whether the receiver acted; any other kind: it said no */
  call(effectKey: string, argumentsOf: JsonObject, signal: AbortSignal): Promise<JsonObject>;
  /** `queryable` only: what the receiver knows of this key. */
  query?(effectKey: string): Promise<JsonObject | undefined>;
}
