import { deliverableKind } from "../../core/integration/deliverable.ts";
import { decideIntegration, type FinishIntegration, type IntegrationSlice } from "../../core/integration/decide-integration.ts";
import { decideReopening, type ReopenRequest } from "../../core/integration/decide-reopening.ts";
import { planKind } from "../../core/planning/plan.ts";
import { requestKind } from "../../core/requests/request.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { Transaction } from "../ports/store.ts";
import { lockTasks } from "../planning/plan-handlers.ts";
import { loadSteering } from "../oversight/steering-authority.ts";
import { handler } from "../shared/command-handler.ts";
import { loadBench, loadPerson, lockOne, lockOpenItems } from "../shared/load-slice.ts";

/** A request with its plan and every task, locked. */
export async function loadIntegration(transaction: Transaction, requestId: string): Promise<IntegrationSlice> {
  const request = await lockOne(transaction, requestKind, requestId);
  if (request.planId === null) throw new Failure("conflict", "request.no-plan", { message: "This request has no plan yet." });
  const plan = await lockOne(transaction, planKind, request.planId);
  return { request, plan, tasks: await lockTasks(transaction, plan), items: await lockOpenItems(transaction, { requestId }) };
}

export const finishIntegrationHandler = handler({
  load: (transaction, command: FinishIntegration) => loadIntegration(transaction, command.requestId),
  decide: decideIntegration,
});

export const reopenRequestHandler = handler({
  async load(transaction, command: ReopenRequest, context) {
    const slice = await loadIntegration(transaction, command.requestId);
    if (slice.request.deliverableId === null)
      throw new Failure("conflict", "request.not-delivered", { message: "Nothing was delivered yet, so there is nothing to reopen." });
    const deliverable = await lockOne(transaction, deliverableKind, slice.request.deliverableId);
    return {
      ...slice,
      deliverable,
      person: await loadPerson(transaction, context),
      authority: await loadSteering(transaction, context, { action: "reopen-request", rule: "request.reopen", ...slice }),
      bench: await loadBench(transaction, context, slice.request.rehearsal),
    };
  },
  decide: decideReopening,
});
