import {
  type ArchiveProject,
  type ChangeProject,
  type CreateProject,
  decideNewProject,
  decideProjectArchive,
  decideProjectChange,
} from "../../core/oversight/decide-project-access.ts";
import { type ProjectAccess, personKind, projectKindOf } from "../../core/oversight/person.ts";
import { teamKind } from "../../core/oversight/team.ts";
import { requestKind, type WorkRequest } from "../../core/requests/request.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";

/** Who changes a project, and whom the change names. */
async function loadNamed(transaction: Transaction, context: LoadContext, access: ProjectAccess | null | undefined) {
  const { personIds, teamIds } = access?.kind === "named" ? access : { personIds: [], teamIds: [] };
  return {
    person: await loadPerson(transaction, context),
    bySystem: context.caller.actor.kind === "system",
    people: await transaction.getMany(personKind, personIds),
    teams: await transaction.getMany(teamKind, teamIds),
  };
}

export const createProjectHandler = handler({
  load: async (transaction, command: CreateProject, context) => ({
    sameKey: (await transaction.find(projectKindOf, { where: { key: command.key }, limit: 1 }))[0],
    ...(await loadNamed(transaction, context, command.access)),
  }),
  decide: decideNewProject,
});

export const changeProjectHandler = handler({
  load: async (transaction, command: ChangeProject, context) => ({
    project: await lockOne(transaction, projectKindOf, command.projectId),
    ...(await loadNamed(transaction, context, command.access)),
  }),
  decide: decideProjectChange,
});

/** A request at rest keeps nobody from archiving its project. */
const liveStates: readonly WorkRequest["state"][] = [
  "submitted",
  "analysing",
  "needs-input",
  "planning",
  "awaiting-approval",
  "active",
  "integrating",
  "paused",
];

export const archiveProjectHandler = handler({
  async load(transaction, command: ArchiveProject, context) {
    const project = await lockOne(transaction, projectKindOf, command.projectId);
    const real = await transaction.find(projectKindOf, { where: { state: "active", mode: "real" }, limit: 2 });
    return {
      project,
      liveRequests: await transaction.count(requestKind, { where: { state: liveStates } }),
      otherActive: real.filter((one) => one.id !== project.id).length,
      ...(await loadNamed(transaction, context, null)),
    };
  },
  decide: decideProjectArchive,
});
