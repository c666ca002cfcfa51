import type { Command } from "../../engine/shared/commands.ts";
import { commandAnswer, reasonBody } from "../../contract/fields.ts";
import { workEndBody, workNoteBody } from "../../contract/task-contract.ts";
import { type Call, type Endpoint, endpoint } from "./endpoint.ts";
import type { HttpDependencies } from "./http-dependencies.ts";
import { answerOf, command, labelOf, taskOf } from "./references.ts";

/** Sends one command about the work at a task. */
async function send<Body>(use: HttpDependencies, call: Call<unknown, Body>, commandOf: (taskId: string, body: Body) => Command) {
  const { row: task, request } = await taskOf(use, call.member, call.reference);
  const answer = await command(use, call, { projectId: request.projectId, command: commandOf(task.id, call.body) });
  return answerOf(answer, { label: `${labelOf(call.member, request)}/${task.key}` });
}

const holding = (verb: "pause" | "resume", summary: string): Endpoint =>
  endpoint({
    method: "post",
    path: `/api/tasks/{reference}/${verb}`,
    summary,
    body: reasonBody,
    answer: commandAnswer,
    run: (use, call) => send(use, call, (taskId, { reason = "" }) => ({ kind: `${verb}-work`, taskId, reason })),
  });

const ending = (verb: "take-over" | "stop", summary: string): Endpoint =>
  endpoint({
    method: "post",
    path: `/api/tasks/{reference}/${verb}`,
    summary,
    body: workEndBody,
    answer: commandAnswer,
    run: (use, call) =>
      send(use, call, (taskId, { reason }) => ({ kind: verb === "stop" ? "cancel-work" : "take-over-work", taskId, reason })),
  });

const steer = endpoint({
  method: "post",
  path: "/api/tasks/{reference}/steer",
  summary: "Tell running work something; it is said in its next turn",
  body: workNoteBody,
  answer: commandAnswer,
  run: (use, call) => send(use, call, (taskId, { note }) => ({ kind: "steer-work", taskId, note })),
});

/** What people do to work while it runs. */
export const workControlRoutes = (): readonly Endpoint[] => [
  holding("pause", "Hold running work where it is; its call is closed within seconds"),
  holding("resume", "Let work go on that a person paused"),
  steer,
  ending("take-over", "End running work and do the task oneself"),
  ending("stop", "End running work; somebody is asked who goes on"),
];
