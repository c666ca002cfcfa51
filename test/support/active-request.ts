import type { Role } from "../../src/core/oversight/person.ts";
import type { JsonObject } from "../../src/core/shared/json.ts";
import { type CoreWorld, documentOf, hashOf, look, openCoreWorld, person, worker } from "./core-world.ts";

export const plainBrief = {
  interpretation: "",
  goals: [],
  constraints: [],
  unknowns: [],
  options: [],
  approach: "",
  riskClass: "low",
  playbook: null,
} as const;

export interface ProposedRequest {
  readonly world: CoreWorld;
  readonly founder: ReturnType<typeof person>;
  readonly requestId: string;
  readonly planId: string;
}

/** Files a request in a world and proposes a plan for it, as a playbook would. */
export async function proposeRequest(world: CoreWorld, rows: readonly JsonObject[]): Promise<ProposedRequest> {
  const founder = person(world.people[0] ?? "");
  const requestId = world.newId();
  const draft = { title: "T", text: "T", urgency: "normal", budgetMicro: null, deadlineAtMs: null, playbook: null, inputs: [] } as const;
  await world.tell(founder, { kind: "submit-request", id: requestId, draft: { ...draft, approveBeforehand: false, script: null } });
  await world.tell(worker, { kind: "record-brief", requestId, epoch: 1, brief: plainBrief, questions: [] });
  const document = documentOf(rows);
  await world.tell(worker, {
    kind: "propose-plan",
    requestId,
    epoch: 2,
    document,
    documentSha256: hashOf(document),
    origin: { kind: "playbook", name: "p", edited: false, authorId: null },
    forecast: null,
  });
  const { plans } = await look(world);
  return { world, founder, requestId, planId: plans.findLast((plan) => plan.requestId === requestId)?.id ?? "" };
}

export const decideOn = (planId: string, choice: "approve" | "reject" = "approve") =>
  ({ kind: "decide-plan", planId, choice, reason: "So.", documentSha256: null, confirmation: null, beforehand: false }) as const;

/** A world with one request whose plan was approved. */
export async function activeRequest(
  rows: readonly JsonObject[],
  roles?: readonly (readonly Role[])[],
  mode: "real" | "rehearsal" = "real",
): Promise<ProposedRequest> {
  const proposed = await proposeRequest(await openCoreWorld(roles, mode), rows);
  await proposed.world.tell(proposed.founder, decideOn(proposed.planId));
  return proposed;
}
