import { attemptKind } from "../../core/execution/attempt.ts";
import {
  decideHold,
  decideResumedAttempt,
  type HeldSlice,
  type HoldAttempt,
  type ResumeAttempt,
} from "../../core/execution/hold-attempt.ts";
import { taskKind } from "../../core/execution/task.ts";
import {
  decideHalt,
  decideHaltLift,
  decideHaltSettled,
  decideRestoredHalt,
  type HaltRestored,
  type LiftHalt,
  type SetHalt,
  type SettleHalt,
} from "../../core/gate/decide-halt.ts";
import { haltKind } from "../../core/gate/halt.ts";
import { organizationKindOf, projectKindOf } from "../../core/oversight/person.ts";
import type { Transaction } from "../ports/store.ts";
import { handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne, readOne, shareRequest } from "../shared/load-slice.ts";
import { readHalts, shareHalts } from "./halt-shelf.ts";

export const setHaltHandler = handler({
  async load(transaction, command: SetHalt, context) {
    // One halt after the other, so that a scope is halted once.
    await lockOne(transaction, organizationKindOf, context.caller.organizationId);
    return {
      person: await loadPerson(transaction, context),
      set: await readHalts(transaction),
      projectExists: command.scope === "project" && (await transaction.get(projectKindOf, command.scopeId)) !== undefined,
    };
  },
  decide: decideHalt,
});

export const restoredHaltHandler = handler({
  async load(transaction, _command: HaltRestored, context) {
    await lockOne(transaction, organizationKindOf, context.caller.organizationId);
    return { set: await readHalts(transaction) };
  },
  decide: decideRestoredHalt,
});

export const liftHaltHandler = handler({
  load: async (transaction, command: LiftHalt, context) => ({
    person: await loadPerson(transaction, context),
    halt: await lockOne(transaction, haltKind, command.haltId),
  }),
  decide: decideHaltLift,
});

export const settleHaltHandler = handler({
  load: async (transaction, command: SettleHalt) => ({ halt: await lockOne(transaction, haltKind, command.haltId) }),
  decide: decideHaltSettled,
});

async function loadHeld(transaction: Transaction, command: { readonly attemptId: string }): Promise<HeldSlice> {
  const known = await readOne(transaction, attemptKind, command.attemptId);
  return {
    request: await shareRequest(transaction, known.requestId),
    task: await lockOne(transaction, taskKind, known.taskId),
    attempt: await lockOne(transaction, attemptKind, command.attemptId),
    halts: await shareHalts(transaction, await readHalts(transaction)),
  };
}

export const holdAttemptHandler = handler<HoldAttempt, HeldSlice>({ load: loadHeld, decide: decideHold });
export const resumeAttemptHandler = handler<ResumeAttempt, HeldSlice>({ load: loadHeld, decide: decideResumedAttempt });
