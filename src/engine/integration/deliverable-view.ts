import type { CheckResult } from "../../core/execution/attempt.ts";
import { type Deliverable, deliverableKind } from "../../core/integration/deliverable.ts";
import type { WorkRequest } from "../../core/requests/request.ts";
import type { Artifact } from "../../core/shared/content.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Reader } from "../ports/store.ts";

export interface DeliverableView {
  readonly schema: "xvc.deliverable/1";
  readonly id: string;
  readonly requestId: string;
  readonly requestLabel: string;
  readonly planId: string;
  readonly state: Deliverable["state"];
  readonly rehearsal: boolean;
  readonly files: readonly Artifact[];
  readonly checks: readonly CheckResult[];
  readonly deliveredAtMs: number;
}

export const deliverableView = (row: Deliverable, requestLabel: string): DeliverableView => {
  const { id, requestId, planId, state, rehearsal, files, checks, deliveredAtMs } = row;
  return { schema: "xvc.deliverable/1", id, requestId, requestLabel, planId, state, rehearsal, files, checks, deliveredAtMs };
};

/** What a request returned. @throws {Failure} `deliverable.not-yet` */
export async function requireDeliverable(reader: Reader, request: WorkRequest, label: string): Promise<DeliverableView> {
  const row = request.deliverableId === null ? undefined : await reader.get(deliverableKind, request.deliverableId);
  if (row === undefined) {
    throw new Failure("not-found", "deliverable.not-yet", {
      message: `${label} has no deliverable yet: it is ${request.state}. xvc request wait ${label} follows it to delivery.`,
    });
  }
  return deliverableView(row, label);
}
