import { type Objective, objectiveKind } from "../../core/oversight/objective.ts";
import { Failure } from "../../core/shared/failure.ts";
import { objectiveDetailView, objectivesView } from "../../engine/oversight/objective-view.ts";
import { readServes } from "../../engine/requests/serving.ts";
import { commandAnswer } from "../../contract/fields.ts";
import {
  keyResultBody,
  objectiveBody,
  objectiveDocument,
  objectiveEndBody,
  objectivesDocument,
  servesDocument,
  servingBody,
} from "../../contract/objective-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, labelOf, reading, requestOf } from "./references.ts";

/** Goals with their measures, and which request serves which. */
export const objectiveRoutes = (): readonly Endpoint[] => [...readingRoutes(), ...writingRoutes(), ...servingRoutes()];

const readingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/objectives",
    summary: "Objectives with their key results, newest first",
    past: true,
    answer: objectivesDocument,
    run: (use, { member }) => reading(use, member, (reader) => objectivesView(reader, member.person)),
  }),
  endpoint({
    method: "get",
    path: "/api/objectives/{reference}",
    summary: "One objective with the requests that serve it",
    past: true,
    answer: objectiveDocument,
    run: async (use, { member, reference }) => {
      const objective = await objectiveOf(use, member, reference);
      return reading(use, member, (reader) => objectiveDetailView(reader, objective, member.person));
    },
  }),
];

const writingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/objectives",
    summary: "Set an objective",
    body: objectiveBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { title, ownerId = null, dueAtMs = null, keyResults = [] } = call.body;
      const measures = keyResults.map(({ unit = "", ...one }) => ({ ...one, unit }));
      return labelled(
        await command(use, call, { projectId: null, command: { kind: "create-objective", title, ownerId, dueAtMs, keyResults: measures } }),
      );
    },
  }),
  endpoint({
    method: "post",
    path: "/api/objectives/{reference}/progress",
    summary: "Record where a key result stands",
    body: keyResultBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { id } = await objectiveOf(use, call.member, call.reference);
      return labelled(await command(use, call, { projectId: null, command: { kind: "record-key-result", objectiveId: id, ...call.body } }));
    },
  }),
  endpoint({
    method: "post",
    path: "/api/objectives/{reference}/settle",
    summary: "End an objective: reached, missed or withdrawn",
    body: objectiveEndBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { id } = await objectiveOf(use, call.member, call.reference);
      return labelled(await command(use, call, { projectId: null, command: { kind: "settle-objective", objectiveId: id, ...call.body } }));
    },
  }),
];

const servingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/requests/{reference}/serves",
    summary: "The objective that a request serves, and the principles in force",
    past: true,
    answer: servesDocument,
    run: async (use, { member, reference }) => {
      const request = await requestOf(use, member, reference);
      return { schema: "xvc.serves/1" as const, ...(await reading(use, member, (reader) => readServes(reader, request))) };
    },
  }),
  endpoint({
    method: "post",
    path: "/api/requests/{reference}/objective",
    summary: "Say which objective a request serves",
    body: servingBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const request = await requestOf(use, call.member, call.reference);
      const { objective } = call.body;
      const objectiveId = objective === null ? null : (await objectiveOf(use, call.member, objective)).id;
      const sent = await command(use, call, {
        projectId: request.projectId,
        command: { kind: "set-objective", requestId: request.id, objectiveId },
      });
      return answerOf(sent, { label: labelOf(call.member, request) });
    },
  }),
];

const labelled = (answer: Parameters<typeof answerOf>[0]) =>
  answerOf(answer, typeof answer["label"] === "string" ? { label: answer["label"] } : {});

/** The objective that an id or `O-3` stands for. @throws {Failure} `objective.not-found` */
export async function objectiveOf(use: HttpDependencies, member: Member, reference: string): Promise<Objective> {
  const number = Number(/^O-(\d{1,6})$/iu.exec(reference)?.[1] ?? "0");
  const found = await reading(use, member, async (reader) =>
    number > 0
      ? (await reader.find(objectiveKind, { where: { number }, limit: 1 }))[0]
      : /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(reference)
        ? reader.get(objectiveKind, reference)
        : undefined,
  );
  if (found !== undefined) return found;
  throw new Failure("not-found", "objective.not-found", {
    message: `There is no objective ${reference.slice(0, 60)}. xvc objective list shows them.`,
  });
}
