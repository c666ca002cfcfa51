import { z } from "zod";
import { grantsView } from "../../engine/gate/grants-view.ts";
import { gateRecordView, toolCallsView } from "../../engine/gate/tool-calls-view.ts";
import { toolsView } from "../../engine/gate/tools-view.ts";
import { commandAnswer } from "../../contract/fields.ts";
import {
  gateRecordDocument,
  grantBody,
  grantRevokeBody,
  grantsDocument,
  toolCallsDocument,
  toolCallsQuery,
  toolModeBody,
  toolsDocument,
} from "../../contract/gate-contract.ts";
import { standingGrantKind } from "../../core/gate/standing-grant.ts";
import { Failure } from "../../core/shared/failure.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { Member } from "./http-dependencies.ts";
import { answerOf, command, narrowed, projectOf, reading } from "./references.ts";

/** Tools and the gate before them: what there is, what people said yes to, what became of each call. */
export const gateRoutes = (): readonly Endpoint[] => [...toolRoutes(), ...grantRoutes(), ...callRoutes()];

const toolRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/tools",
    summary: "Every registered tool: what it declares, how it is let through, who may call it",
    answer: toolsDocument,
    run: async (use, { member }) => {
      const tools = await use.tools.declared();
      return reading(use, member, (reader) => toolsView(reader, { viewer: member.person, tools }));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/tools/mode",
    summary: "Open, tighten or suspend a tool, or agree to its definition",
    body: toolModeBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { tool, mode, definitionSha256, reason } = call.body;
      const known = (await use.tools.declared()).find(({ declaration }) => declaration.name === tool);
      if (known === undefined)
        throw new Failure("not-found", "tool.unknown", {
          message: `There is no tool "${tool.slice(0, 100)}". xvc gate list and Settings > Tools name those there are.`,
        });
      if (definitionSha256 !== null && known.declaration.source !== undefined)
        throw new Failure("invalid", "tool.bad-mode", {
          message: `${tool} comes from a server outside. Say what it does to the world where its server is listed, under Settings > Tools; that agrees to it.`,
        });
      if (definitionSha256 !== null && definitionSha256 !== known.definitionSha256)
        throw new Failure("conflict", "tool.changed", {
          message: `The definition of ${tool} is another one by now. Look at it again before you agree to it.`,
        });
      return answerOf(
        await command(use, call, { projectId: null, command: { kind: "set-tool-mode", tool, mode, definitionSha256, reason } }),
      );
    },
  }),
];

const askedOf = (member: Member) => ({ projects: member.projects.map(({ id, key }) => ({ id, key })) });

const mayGive = ({ person: { roles } }: Member): boolean =>
  !roles.includes("agent") && roles.some((role) => role === "administrator" || role === "director" || role === "lead");

const grantRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/grants",
    summary: "Standing grants and live capabilities; with all=true also grants that were revoked",
    query: z.object({ project: z.string().max(200).optional(), all: z.enum(["true", "false"]).optional() }),
    answer: grantsDocument,
    run: (use, { member, query }) =>
      reading(use, narrowed(member, query.project), (reader) =>
        grantsView(reader, {
          ...askedOf(member),
          currency: member.organization.currency,
          mayGive: mayGive(member),
          all: query.all === "true",
          nowMs: use.clock.nowMs(),
        }),
      ),
  }),
  endpoint({
    method: "post",
    path: "/api/grants",
    summary: "Say yes beforehand to calls of one tool",
    body: grantBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { project, ...terms } = call.body;
      const projectId = projectOf(call.member, { reference: project, rehearsal: false }).id;
      return answerOf(await command(use, call, { projectId, command: { kind: "give-grant", ...terms } }));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/grants/{reference}/revoke",
    summary: "Take a yes back; from then on it covers nothing",
    body: grantRevokeBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const projectId = await projectOfGrant(use, call);
      return answerOf(
        await command(use, call, { projectId, command: { kind: "revoke-grant", grantId: call.reference, reason: call.body.reason } }),
      );
    },
  }),
];

const isId = (reference: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(reference);

/** The project a grant is of. @throws {Failure} `grant.not-found` */
async function projectOfGrant(
  use: Parameters<typeof reading>[0],
  { member, reference }: { readonly member: Member; readonly reference: string },
): Promise<string> {
  const grant = isId(reference) ? await reading(use, member, (reader) => reader.get(standingGrantKind, reference)) : undefined;
  if (grant === undefined)
    throw new Failure("not-found", "grant.not-found", {
      message: `There is no standing grant ${reference}, or it is not yours to see. xvc gate show lists those there are.`,
    });
  return grant.forProjectId;
}

const callRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/tool-calls",
    summary: "Calls of tools of late, the newest first, each with what the gate answered and why",
    query: toolCallsQuery,
    answer: toolCallsDocument,
    run: (use, { member, query }) =>
      reading(use, member, (reader) =>
        toolCallsView(reader, {
          ...askedOf(member),
          tool: query.tool,
          state: query.state === undefined ? undefined : [query.state],
          cursor: query.cursor,
        }),
      ),
  }),
  endpoint({
    method: "get",
    path: "/api/tool-calls/questions",
    summary: "What the tool policies were asked of late: a record to decide again under others",
    query: toolCallsQuery.pick({ tool: true, cursor: true }),
    answer: gateRecordDocument,
    run: (use, { member, query }) => reading(use, member, (reader) => gateRecordView(reader, { tool: query.tool, cursor: query.cursor })),
  }),
];
