import {
  type ChangeTeam,
  type CreateTeam,
  type RemoveTeam,
  decideNewTeam,
  decideTeamChange,
  decideTeamRemoval,
  teamLimits,
} from "../../core/oversight/decide-team.ts";
import { organizationKindOf, personKind } from "../../core/oversight/person.ts";
import { teamKind } from "../../core/oversight/team.ts";
import type { Transaction } from "../ports/store.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne } from "../shared/load-slice.ts";

/** Shared with what removes people by the organization's row: a team never gains somebody who is going. */
async function loadTeams(transaction: Transaction, context: LoadContext, named: readonly string[]) {
  await lockOne(transaction, organizationKindOf, context.caller.organizationId);
  return {
    person: await loadPerson(transaction, context),
    teams: await transaction.find(teamKind, { where: { state: "active" }, limit: teamLimits.teams + 1 }),
    named: await transaction.getMany(personKind, named),
  };
}

const namedOf = ({ memberIds, leadId }: Pick<CreateTeam, "memberIds" | "leadId">) => [
  ...new Set([...memberIds, ...(leadId === null ? [] : [leadId])]),
];

export const createTeamHandler = handler({
  load: (transaction, command: CreateTeam, context) => loadTeams(transaction, context, namedOf(command)),
  decide: decideNewTeam,
});

export const changeTeamHandler = handler({
  load: async (transaction, command: ChangeTeam, context) => ({
    ...(await loadTeams(transaction, context, namedOf(command))),
    team: await lockOne(transaction, teamKind, command.teamId),
  }),
  decide: decideTeamChange,
});

export const removeTeamHandler = handler({
  load: async (transaction, command: RemoveTeam, context) => ({
    person: await loadPerson(transaction, context),
    team: await lockOne(transaction, teamKind, command.teamId),
  }),
  decide: decideTeamRemoval,
});
