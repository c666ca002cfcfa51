import { attemptKind } from "../../core/execution/attempt.ts";
import { decideRedirect, type RedirectAttempt } from "../../core/execution/redirect-attempt.ts";
import { decideOutcome, type CountOutcome, type OutcomeSlice } from "../../core/feedback/count-outcome.ts";
import { decideLowering, type LowerAutonomy, type LoweringSlice } from "../../core/feedback/decide-autonomy.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { type Autonomy, autonomyKind } from "../../core/personas/autonomy.ts";
import { candidacyKind } from "../../core/personas/candidacy.ts";
import { planKind } from "../../core/planning/plan.ts";
import { asId } from "../../core/shared/ids.ts";
import { loadHumanWork } from "../execution/task-handlers.ts";
import { loadSteering } from "../oversight/steering-authority.ts";
import type { Transaction } from "../ports/store.ts";
import { handler } from "../shared/command-handler.ts";
import { readOne } from "../shared/load-slice.ts";

/** The ladder of a persona and a type of task, locked; undefined: nothing was counted yet. */
async function lockAutonomy(
  transaction: Transaction,
  { personaKey, taskType }: Pick<CountOutcome, "personaKey" | "taskType">,
): Promise<Autonomy | undefined> {
  const [known] = await transaction.find(autonomyKind, { where: { personaKey, taskType }, limit: 1 });
  return known === undefined ? undefined : (await transaction.lock(autonomyKind, [known.id]))[0];
}

/** The open item of a ladder. One of another project cannot be seen from here and stays. */
const lockItem = async (transaction: Transaction, autonomy: Autonomy | undefined): Promise<InboxItem | undefined> =>
  typeof autonomy?.itemId === "string" ? (await transaction.lock(inboxItemKind, [autonomy.itemId]))[0] : undefined;

export const countOutcomeHandler = handler<CountOutcome, OutcomeSlice>({
  async load(transaction, command, { caller }) {
    const autonomy = await lockAutonomy(transaction, command);
    const [running] = await transaction.find(candidacyKind, { where: { personaKey: command.personaKey, state: "running" }, limit: 1 });
    const [candidacy] = running === undefined ? [] : await transaction.lock(candidacyKind, [running.id]);
    return {
      projectId: asId(caller.projectId ?? ""),
      autonomy,
      candidacy: candidacy?.state === "running" ? candidacy : undefined,
      item: await lockItem(transaction, autonomy),
    };
  },
  decide: decideOutcome,
});

export const lowerAutonomyHandler = handler<LowerAutonomy, LoweringSlice>({
  async load(transaction, command) {
    const autonomy = await lockAutonomy(transaction, command);
    return { autonomy, item: await lockItem(transaction, autonomy) };
  },
  decide: decideLowering,
});

export const redirectAttemptHandler = handler({
  async load(transaction, command: RedirectAttempt, context) {
    await readOne(transaction, attemptKind, command.attemptId);
    const slice = await loadHumanWork(transaction, command, context);
    const { request, task } = slice;
    const plan = await transaction.get(planKind, task.planId);
    const steered = { action: "reassign-task", rule: "task.redirect", request, plan, tasks: [task] } as const;
    return { ...slice, authority: await loadSteering(transaction, context, steered) };
  },
  decide: decideRedirect,
});
