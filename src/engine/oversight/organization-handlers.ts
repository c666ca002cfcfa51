import { organizationKindOf, personKind, projectKindOf } from "../../core/oversight/person.ts";
import { personaKind } from "../../core/personas/persona.ts";
import {
  decideClockAdvance,
  decideFounding,
  decideNewPerson,
  decideNewPersona,
  decideNewPlaybook,
  decideNewProject,
  type AddPerson,
  type AddPersona,
  type AddPlaybook,
  type AdvanceClock,
  type CreateProject,
  type FoundOrganization,
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

export const foundOrganizationHandler = handler({
  load: async (transaction, command: FoundOrganization) => ({ organization: await transaction.get(organizationKindOf, command.id) }),
  decide: decideFounding,
});

export const addPersonHandler = handler({
  async load(transaction, command: AddPerson, context) {
    const organization = await lockOne(transaction, organizationKindOf, context.caller.organizationId);
    return { organization, person: await loadPerson(transaction, context), existing: await transaction.get(personKind, command.id) };
  },
  decide: decideNewPerson,
});

export const createProjectHandler = handler({
  async load(transaction, command: CreateProject, context) {
    const [sameKey] = await transaction.find(projectKindOf, { where: { key: command.key }, limit: 1 });
    return { sameKey, ...(await loadSteward(transaction, context)) };
  },
  decide: decideNewProject,
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
