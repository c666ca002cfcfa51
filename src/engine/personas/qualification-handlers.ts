import {
  type AddSuite,
  decideLostTrial,
  decideNewSuite,
  decideQualification,
  decideStopQualification,
  decideTrial,
  type FinishTrial,
  type NewQualificationSlice,
  type StartQualification,
  type StopQualification,
  type TrialSlice,
} from "../../core/feedback/decide-qualification.ts";
import { providerKind } from "../../core/gate/provider.ts";
import { projectKindOf } from "../../core/oversight/person.ts";
import { candidacyKind } from "../../core/personas/candidacy.ts";
import { personaKind } from "../../core/personas/persona.ts";
import { qualificationKind } from "../../core/personas/qualification.ts";
import { suiteKind } from "../../core/personas/suite.ts";
import type { LoseLease } from "../../core/review/decide-hand-over.ts";
import type { Transaction } from "../ports/store.ts";
import { handler } from "../shared/command-handler.ts";
import { lockOne, readOne } from "../shared/load-slice.ts";
import { estimateCost } from "./qualification-cost.ts";

export const addSuiteHandler = handler({
  load: async (transaction, { suite: { key, suiteVersion } }: AddSuite) => ({
    same: (await transaction.find(suiteKind, { where: { key, suiteVersion }, limit: 1 }))[0],
    count: await transaction.count(suiteKind, {}),
  }),
  decide: decideNewSuite,
});

export const startQualificationHandler = handler<StartQualification, NewQualificationSlice>({
  async load(transaction, command, { caller, capabilities, nowMs }) {
    const { personaKey, executor } = command;
    const [known] = await transaction.find(personaKind, { where: { key: personaKey }, limit: 1 });
    // Locked, so that two starts come one after the other.
    const [persona] = known === undefined ? [] : await transaction.lock(personaKind, [known.id]);
    const [project, candidates, underWay, asked] = await Promise.all([
      caller.projectId === null ? undefined : transaction.get(projectKindOf, caller.projectId),
      transaction.find(candidacyKind, { where: { personaKey, state: "running" }, limit: 1 }),
      transaction.count(qualificationKind, { where: { personaKey, state: "running" } }),
      loadAsked(transaction, command, nowMs),
    ]);
    return {
      ...asked,
      projectId: caller.projectId,
      rehearsal: project?.mode === "rehearsal",
      persona,
      candidateVersion: candidates[0]?.candidateVersion ?? null,
      runs: executor === "model" && capabilities.executors.includes("model"),
      underWay,
    };
  },
  decide: decideQualification,
});

/** The suite and the model that a person named, and what the two come to. */
async function loadAsked(
  transaction: Transaction,
  { suiteId, providerId, model }: StartQualification,
  atMs: number,
): Promise<Pick<NewQualificationSlice, "suite" | "provider" | "estimateMicro">> {
  const suite = await transaction.get(suiteKind, suiteId);
  const provider = providerId === null ? undefined : await transaction.get(providerKind, providerId);
  if (suite === undefined || provider === undefined || model === null) return { suite, provider, estimateMicro: null };
  return { suite, provider, estimateMicro: await estimateCost(transaction, { suite, provider, model, atMs }) };
}

export const finishTrialHandler = handler<FinishTrial, TrialSlice>({
  async load(transaction, command) {
    const run = await lockOne(transaction, qualificationKind, command.qualificationId);
    const [known] = await transaction.find(personaKind, { where: { key: run.personaKey }, limit: 1 });
    const [persona] = known === undefined ? [] : await transaction.lock(personaKind, [known.id]);
    return { run, persona, suite: await readOne(transaction, suiteKind, run.suiteId) };
  },
  decide: decideTrial,
});

export const stopQualificationHandler = handler({
  load: async (transaction, command: StopQualification) => ({
    run: await lockOne(transaction, qualificationKind, command.qualificationId),
  }),
  decide: decideStopQualification,
});

/** A trial whose worker is gone. */
export const lostTrial = {
  load: async (transaction: Transaction, command: LoseLease) => ({
    run: await lockOne(transaction, qualificationKind, command.subjectId),
  }),
  decide: decideLostTrial,
};
