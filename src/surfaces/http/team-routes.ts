import { type Team, teamKind } from "../../core/oversight/team.ts";
import { Failure } from "../../core/shared/failure.ts";
import { activeTeams } from "../../engine/oversight/membership-view.ts";
import { commandAnswer, reasonBody } from "../../contract/fields.ts";
import { type TeamDocument, teamBody, teamsDocument } from "../../contract/people-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, reading } from "./references.ts";
import { idFromKey } from "./request-routes.ts";

/** Teams: people who work together, and who see the projects that name the team. */
export const teamRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/teams",
    summary: "Teams and who is in them",
    past: true,
    answer: teamsDocument,
    run: async (use, { member }) => ({
      schema: "xvc.teams/1" as const,
      items: (await reading(use, member, activeTeams)).map(teamView),
    }),
  }),
  endpoint({
    method: "post",
    path: "/api/teams",
    summary: "Make a team",
    body: teamBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const id = idFromKey(use.engine.digest(`${call.key} team`));
      const answer = await command(use, call, { projectId: null, command: { kind: "create-team", id, ...call.body } });
      return answerOf(answer, { label: call.body.name });
    },
  }),
  endpoint({
    method: "post",
    path: "/api/teams/{reference}",
    summary: "Rename a team or say who is in it",
    body: teamBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const team = await teamOf(use, call.member, call.reference);
      const answer = await command(use, call, { projectId: null, command: { kind: "change-team", teamId: team.id, ...call.body } });
      call.accessChanged();
      return answerOf(answer, { label: call.body.name });
    },
  }),
  endpoint({
    method: "post",
    path: "/api/teams/{reference}/remove",
    summary: "Remove a team; its members stay members",
    body: reasonBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const team = await teamOf(use, call.member, call.reference);
      const answer = await command(use, call, { projectId: null, command: { kind: "remove-team", teamId: team.id } });
      call.accessChanged();
      return answerOf(answer, { label: team.name });
    },
  }),
];

const teamView = ({ id, name, memberIds, leadId }: Team): TeamDocument => ({ id, name, memberIds, leadId });

async function teamOf(use: HttpDependencies, member: Member, reference: string): Promise<Team> {
  const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(reference);
  const found = isId ? await reading(use, member, (reader) => reader.get(teamKind, reference)) : undefined;
  if (found === undefined)
    throw new Failure("not-found", "team.not-found", { message: `There is no team ${reference}. xvc team list shows them.` });
  return found;
}
