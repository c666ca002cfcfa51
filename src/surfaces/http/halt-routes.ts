import { z } from "zod";
import { haltListView } from "../../engine/gate/halt-view.ts";
import { commandAnswer } from "../../contract/fields.ts";
import { haltBody, haltLiftBody, haltsDocument } from "../../contract/halt-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { answerOf, command, projectOf, reading } from "./references.ts";

/** Halts: what stands still until a person lets it go on. */
export const haltRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/halts",
    summary: "Halts that are set; with all=true also those that were",
    past: true,
    query: z.object({ all: z.enum(["true", "false"]).optional() }),
    answer: haltsDocument,
    run: (use, { member, query }) =>
      reading(use, member, (reader) => haltListView(reader, { viewerId: member.person.id, all: query.all === "true" })),
  }),
  endpoint({
    method: "post",
    path: "/api/halts",
    summary: "Halt everything, a project, a persona, a tool or a provider",
    body: haltBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { scope, reason } = call.body;
      const scopeId =
        scope === "project" ? projectOf(call.member, { reference: call.body.scopeId, rehearsal: false }).id : call.body.scopeId;
      return answerOf(await command(use, call, { projectId: null, command: { kind: "set-halt", scope, scopeId, reason } }));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/halts/{reference}/lift",
    summary: "Let a halted scope go on",
    body: haltLiftBody,
    answer: commandAnswer,
    run: async (use, call) =>
      answerOf(
        await command(use, call, { projectId: null, command: { kind: "lift-halt", haltId: call.reference, reason: call.body.reason } }),
      ),
  }),
];
