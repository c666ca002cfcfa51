/** What a request returns, verified as a whole. delivered -> accepted | reopened. */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { Artifact } from "../shared/content.ts";
import type { PlanId, RequestId } from "../shared/ids.ts";
import type { CheckResult } from "../execution/attempt.ts";

export interface Deliverable extends Entity {
  readonly requestId: RequestId;
  readonly planId: PlanId;
  readonly state: "delivered" | "accepted" | "reopened";
  readonly rehearsal: boolean;
  readonly files: readonly Artifact[];
  readonly checks: readonly CheckResult[];
  readonly deliveredAtMs: number;
}

export const deliverableKind = projectKind<Deliverable>("deliverable");
