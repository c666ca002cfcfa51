import type { WorkRequest } from "../../core/requests/request.ts";
import { asId } from "../../core/shared/ids.ts";
import { type BegunAttempt, giveContext } from "../../engine/memory/give-context.ts";
import { commandAnswer } from "../../contract/fields.ts";
import { taskClaimBody, taskHeartbeatBody, taskReleaseBody } from "../../contract/task-contract.ts";
import { type Endpoint, endpoint } from "./endpoint.ts";
import type { Member } from "./http-dependencies.ts";
import { answerOf, command, labelOf, taskOf } from "./references.ts";

const begunBy = (member: Member, { projectId }: Pick<WorkRequest, "projectId">, attemptId: string): BegunAttempt => ({
  organizationId: asId(member.organization.id),
  projectId,
  attemptId,
});

const minuteMs = 60_000;

/** Taking a task, keeping it, and giving it back. */
export const claimRoutes = (): readonly Endpoint[] => [claimTask, keepTask, releaseTask];

const claimTask = endpoint({
  method: "post",
  path: "/api/tasks/{reference}/claim",
  summary: "Take a task that is offered to people; with a lease it is given back by itself",
  body: taskClaimBody,
  answer: commandAnswer,
  run: async (use, call) => {
    const { row: task, request } = await taskOf(use, call.member, call.reference);
    const { leaseMinutes } = call.body;
    const lease = leaseMinutes === undefined ? {} : { leaseMs: Math.round(leaseMinutes * minuteMs) };
    const answer = await command(use, call, { projectId: request.projectId, command: { kind: "claim-task", taskId: task.id, ...lease } });
    const { attemptId } = answer;
    // After the claim, not in it: a claim sent again with its key comes by here again, and what was kept first stays.
    if (typeof attemptId === "string") await giveContext(use, begunBy(call.member, request, attemptId));
    return answerOf(answer, { label: `${labelOf(call.member, request)}/${task.key}` });
  },
});

const releaseTask = endpoint({
  method: "post",
  path: "/api/tasks/{reference}/release",
  summary: "Give a claimed task back",
  body: taskReleaseBody,
  answer: commandAnswer,
  run: async (use, call) => {
    const { row: task, request } = await taskOf(use, call.member, call.reference);
    const { claim } = call.body;
    const meant = claim === undefined ? {} : { attemptId: claim };
    const answer = await command(use, call, { projectId: request.projectId, command: { kind: "release-task", taskId: task.id, ...meant } });
    return answerOf(answer, { label: `${labelOf(call.member, request)}/${task.key}` });
  },
});

const keepTask = endpoint({
  method: "post",
  path: "/api/tasks/{reference}/heartbeat",
  summary: "Keep a claimed task for another lease",
  body: taskHeartbeatBody,
  answer: commandAnswer,
  run: async (use, call) => {
    const { row: task, request } = await taskOf(use, call.member, call.reference);
    const { claim, leaseMinutes } = call.body;
    const answer = await command(use, call, {
      projectId: request.projectId,
      command: { kind: "heartbeat-task", taskId: task.id, attemptId: claim, leaseMs: Math.round(leaseMinutes * minuteMs) },
    });
    return answerOf(answer, { label: `${labelOf(call.member, request)}/${task.key}` });
  },
});
