/** The plan as people and programs exchange it: `xvc.plan/1` (names as in the vision; see docs/reference/plan.md). */
import type { RiskClass } from "../oversight/inbox-item.ts";
import type { ExecutorKind } from "../personas/persona.ts";
import type { JsonObject } from "../shared/json.ts";

/** `low` and `high` are the 10 % and 90 % quantiles, `likely` the mode; hours of work. */
export interface Estimate {
  readonly lowHours: number;
  readonly likelyHours: number;
  readonly highHours: number;
}

/** How a criterion is checked. A criterion without a check that can run or a person who can judge is refused. */
export type Check =
  | { readonly kind: "output"; readonly output: string; readonly mediaType?: string }
  | { readonly kind: "schema"; readonly output: string; readonly schema: JsonObject }
  | { readonly kind: "rule"; readonly rule: string; readonly [argument: string]: unknown }
  | { readonly kind: "command"; readonly run: string }
  | { readonly kind: "reviewer"; readonly reviewer: string }
  | { readonly kind: "person"; readonly question: string };

export interface Criterion {
  readonly id: string;
  readonly statement: string;
  readonly check: Check;
}

export interface PlanTask {
  readonly task: string;
  readonly title: string;
  readonly persona: string;
  readonly dependencies: readonly string[];
  readonly skills: readonly string[];
  readonly tools: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly estimate: Estimate;
  readonly costMicro: number;
  readonly acceptance: readonly Criterion[];
  readonly risk: RiskClass;
  readonly origin: string;
  /** `checks`: automatic checks suffice; `independent`: another performer judges as well; `person`: a person does. */
  readonly review: "checks" | "independent" | "person";
  /** Narrows the persona's executors; absent: the persona's own order. */
  readonly executor?: ExecutorKind;
  /** JSON schema of the form a person fills in; absent: one text per output. */
  readonly outputSchema?: JsonObject;
  readonly maxAttempts: number;
  readonly division?: string;
}

export interface Forecast {
  readonly p50Hours: number;
  readonly p80Hours: number;
  readonly p90Hours: number;
  readonly criticalPath: readonly string[];
  readonly costMicro: { readonly p50: number; readonly p90: number };
}

export interface PlanDocument {
  readonly schema: "xvc.plan/1";
  readonly request: string;
  readonly version: number;
  readonly decomposition: readonly PlanTask[];
  /** What was asked or stated; exported unchanged. What we compute is `forecast`. */
  readonly estimated_timeline: string;
  readonly resource_requirements: JsonObject;
  readonly currency: string;
  /** Outputs that make up the deliverable; absent: those of the tasks nobody depends on. */
  readonly deliverable?: readonly string[];
  readonly forecast?: Forecast;
}
