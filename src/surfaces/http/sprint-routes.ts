import type { MoveSprint } from "../../core/execution/decide-sprint.ts";
import { type Sprint, sprintKind, sprintLabel } from "../../core/execution/sprint.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { sprintDetailView, sprintsView } from "../../engine/execution/sprint-view.ts";
import { commandAnswer } from "../../contract/fields.ts";
import {
  sprintBody,
  sprintChangeBody,
  sprintDocument,
  sprintMoveBody,
  sprintOfBody,
  sprintsDocument,
  sprintsQuery,
} from "../../contract/work-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { versionOf } from "./entity-routes.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, labelOf, narrowed, projectOf, reading, taskOf } from "./references.ts";
import { numberedOf } from "./subject-references.ts";

const defaultPage = 50;

const sprintOf = (use: HttpDependencies, member: Member, reference: string): Promise<Sprint> =>
  numberedOf(use, member, { kind: sprintKind, letter: "S", reference });

/** An answer with the label that people use. */
function numbered(member: Member, projectId: string, answer: JsonObject) {
  const key = member.projects.find((project) => project.id === projectId)?.key ?? "?";
  return answerOf(answer, { label: sprintLabel(key, Number(answer["number"])) });
}

/** Boxes of time over tasks. */
export const sprintRoutes = (): readonly Endpoint[] => [
  ...readingRoutes(),
  ...writingRoutes(),
  moveRoute("start", "Start a sprint"),
  moveRoute("complete", "End a sprint; what is not done moves on or goes back"),
  moveRoute("cancel", "Call a sprint off, with the reason"),
  endpoint({
    method: "post",
    path: "/api/tasks/{reference}/sprint",
    summary: "Say for which sprint a task is planned",
    body: sprintOfBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { row, request } = await taskOf(use, call.member, call.reference);
      const { sprint } = call.body;
      const sprintId = sprint === null ? null : (await sprintOf(use, call.member, sprint)).id;
      const { projectId } = request;
      const sent = await command(use, call, { projectId, command: { kind: "set-sprint", taskId: row.id, sprintId } });
      return answerOf(sent, { label: `${labelOf(call.member, request)}/${row.key}` });
    },
  }),
];

const readingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/sprints",
    summary: "Sprints with hours planned and done, newest first",
    query: sprintsQuery,
    answer: sprintsDocument,
    past: true,
    run: (use, { member, query }) =>
      reading(use, narrowed(member, query.project), (reader) =>
        sprintsView(reader, { states: query.state, cursor: query.cursor, limit: query.limit ?? defaultPage, viewer: member.person }),
      ),
  }),
  endpoint({
    method: "get",
    path: "/api/sprints/{reference}",
    summary: "One sprint with its tasks, its hours and what is left over time",
    answer: sprintDocument,
    past: true,
    run: async (use, { member, reference }) => {
      const { id } = await sprintOf(use, member, reference);
      const asked = { viewer: member.person, nowMs: use.clock.nowMs() };
      const view = await reading(use, member, (reader) => sprintDetailView(reader, id, asked));
      if (view !== undefined) return view;
      throw new Failure("not-found", "sprint.not-found", {
        message: `There is no sprint ${reference.slice(0, 100)}, or it is not yours to see.`,
      });
    },
  }),
];

const writingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/sprints",
    summary: "Plan a sprint: dates, hours to give and a goal",
    body: sprintBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { project, goal = "", ...fields } = call.body;
      const projectId = projectOf(call.member, { reference: project, rehearsal: false }).id;
      const sent = await command(use, call, { projectId, command: { kind: "create-sprint", goal, ...fields } });
      return numbered(call.member, projectId, sent);
    },
  }),
  endpoint({
    method: "post",
    path: "/api/sprints/{reference}/change",
    summary: "Change named fields of a sprint that has not ended",
    body: sprintChangeBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { id, projectId } = await sprintOf(use, call.member, call.reference);
      const { version, ...fields } = call.body;
      const expectedVersion = versionOf(call, version);
      const named = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
      const sent = await command(use, call, { projectId, command: { kind: "change-sprint", sprintId: id, expectedVersion, ...named } });
      return numbered(call.member, projectId, sent);
    },
  }),
];

const moveRoute = (word: "start" | "complete" | "cancel", summary: string): Endpoint =>
  endpoint({
    method: "post",
    path: `/api/sprints/{reference}/${word}`,
    summary,
    body: sprintMoveBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { id, projectId } = await sprintOf(use, call.member, call.reference);
      const kind: MoveSprint["kind"] = `${word}-sprint`;
      const { version, reason = "", moveTo } = call.body;
      const moveToId = moveTo === undefined ? null : (await sprintOf(use, call.member, moveTo)).id;
      const sent = { kind, sprintId: id, expectedVersion: versionOf(call, version), reason, moveToId };
      return numbered(call.member, projectId, await command(use, call, { projectId, command: sent }));
    },
  });
