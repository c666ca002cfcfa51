import type { MoveEpic } from "../../core/requests/decide-epic.ts";
import { type Epic, epicKind, epicLabel } from "../../core/requests/epic.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { epicDetailView, epicsView } from "../../engine/requests/epic-view.ts";
import { commandAnswer } from "../../contract/fields.ts";
import {
  epicBody,
  epicChangeBody,
  epicDocument,
  epicOfBody,
  epicReasonBody,
  epicsDocument,
  epicsQuery,
} from "../../contract/work-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import { versionOf } from "./entity-routes.ts";
import type { HttpDependencies, Member } from "./http-dependencies.ts";
import { answerOf, command, labelOf, narrowed, projectOf, reading, requestOf } from "./references.ts";
import { numberedOf } from "./subject-references.ts";

const defaultPage = 50;

export const epicOf = (use: HttpDependencies, member: Member, reference: string): Promise<Epic> =>
  numberedOf(use, member, { kind: epicKind, letter: "E", reference });

/** An answer with the label that people use. */
function numbered(member: Member, projectId: string, answer: JsonObject) {
  const key = member.projects.find((project) => project.id === projectId)?.key ?? "?";
  return answerOf(answer, { label: epicLabel(key, Number(answer["number"])) });
}

/** Requests that belong together under one goal. */
export const epicRoutes = (): readonly Endpoint[] => [
  ...readingRoutes(),
  ...writingRoutes(),
  moveRoute("finish", "Say that an epic is done"),
  moveRoute("cancel", "End an epic without reaching its goal"),
  moveRoute("reopen", "Open an epic again"),
  endpoint({
    method: "post",
    path: "/api/requests/{reference}/epic",
    summary: "Say which epic a request is part of",
    body: epicOfBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const request = await requestOf(use, call.member, call.reference);
      const { epic } = call.body;
      const epicId = epic === null ? null : (await epicOf(use, call.member, epic)).id;
      const { projectId } = request;
      const sent = await command(use, call, { projectId, command: { kind: "set-epic", requestId: request.id, epicId } });
      return answerOf(sent, { label: labelOf(call.member, request) });
    },
  }),
];

const readingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "get",
    path: "/api/epics",
    summary: "Epics with how far they have come, newest first",
    query: epicsQuery,
    answer: epicsDocument,
    past: true,
    run: (use, { member, query }) =>
      reading(use, narrowed(member, query.project), (reader) =>
        epicsView(reader, { states: query.state, cursor: query.cursor, limit: query.limit ?? defaultPage, viewer: member.person }),
      ),
  }),
  endpoint({
    method: "get",
    path: "/api/epics/{reference}",
    summary: "One epic with its requests",
    answer: epicDocument,
    past: true,
    run: async (use, { member, reference }) => {
      const { id } = await epicOf(use, member, reference);
      const view = await reading(use, member, (reader) => epicDetailView(reader, id, member.person));
      if (view !== undefined) return view;
      throw new Failure("not-found", "epic.not-found", {
        message: `There is no epic ${reference.slice(0, 100)}, or it is not yours to see.`,
      });
    },
  }),
];

const writingRoutes = (): readonly Endpoint[] => [
  endpoint({
    method: "post",
    path: "/api/epics",
    summary: "Open an epic: a name and a goal for requests that belong together",
    body: epicBody,
    answer: commandAnswer,
    status: 201,
    run: async (use, call) => {
      const { project, title, goal = "", ownerId = null, dueAtMs = null } = call.body;
      const projectId = projectOf(call.member, { reference: project, rehearsal: false }).id;
      const sent = await command(use, call, { projectId, command: { kind: "create-epic", title, goal, ownerId, dueAtMs } });
      return numbered(call.member, projectId, sent);
    },
  }),
  endpoint({
    method: "post",
    path: "/api/epics/{reference}/change",
    summary: "Change named fields of an epic",
    body: epicChangeBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { id, projectId } = await epicOf(use, call.member, call.reference);
      const { version, ...fields } = call.body;
      const expectedVersion = versionOf(call, version);
      const named = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
      const sent = await command(use, call, { projectId, command: { kind: "change-epic", epicId: id, expectedVersion, ...named } });
      return numbered(call.member, projectId, sent);
    },
  }),
];

const moveRoute = (word: "finish" | "cancel" | "reopen", summary: string): Endpoint =>
  endpoint({
    method: "post",
    path: `/api/epics/{reference}/${word}`,
    summary,
    body: epicReasonBody,
    answer: commandAnswer,
    run: async (use, call) => {
      const { id, projectId } = await epicOf(use, call.member, call.reference);
      const kind: MoveEpic["kind"] = `${word}-epic`;
      const { version, reason } = call.body;
      const expectedVersion = versionOf(call, version);
      return numbered(
        call.member,
        projectId,
        await command(use, call, { projectId, command: { kind, epicId: id, expectedVersion, reason } }),
      );
    },
  });
