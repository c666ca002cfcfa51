import { projectKindOf } from "../../core/oversight/person.ts";
import { personaKind } from "../../core/personas/persona.ts";
import {
  decideClockAdvance,
  decideNewPersona,
  decideNewPlaybook,
  type AddPersona,
  type AddPlaybook,
  type AdvanceClock,
  type Steward,
} from "../../core/planning/decide-organization.ts";
import { playbookKind } from "../../core/planning/plan.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";

/** Who changes what the organization has: a person, or the installation itself. */
const loadSteward = async (transaction: Transaction, context: LoadContext): Promise<Steward> => ({
  person: await loadPerson(transaction, context),
  bySystem: context.caller.actor.kind === "system",
});

export const addPersonaHandler = handler({
  load: async (transaction, command: AddPersona, context) => ({
    ...(await loadSteward(transaction, context)),
    existing: (await transaction.find(personaKind, { where: { key: command.persona.key }, limit: 1 }))[0],
  }),
  decide: decideNewPersona,
});

export const addPlaybookHandler = handler({
  load: async (transaction, command: AddPlaybook, context) => ({
    ...(await loadSteward(transaction, context)),
    sameVersion: (
      await transaction.find(playbookKind, {
        where: { name: command.playbook.name, playbookVersion: command.playbook.playbookVersion },
        limit: 1,
      })
    )[0],
  }),
  decide: decideNewPlaybook,
});

export const advanceClockHandler = handler({
  load: async (transaction, _command: AdvanceClock, { caller }) => ({
    project: await lockOne(transaction, projectKindOf, caller.projectId ?? ""),
  }),
  decide: decideClockAdvance,
});
