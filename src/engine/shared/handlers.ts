import {
  claimTaskHandler,
  reassignTaskHandler,
  scheduleAnswerHandler,
  scheduleAttemptEndHandler,
  startAttemptHandler,
  submitTaskHandler,
} from "../execution/task-handlers.ts";
import { endEffectHandler, intendEffectHandler, startEffectHandler } from "../gate/effect-handlers.ts";
import { finishIntegrationHandler, reopenRequestHandler } from "../integration/integration-handlers.ts";
import { answerItemHandler, markClockFiredHandler } from "../oversight/inbox-handlers.ts";
import {
  askBackHandler,
  clockStepHandler,
  delegateItemHandler,
  expireItemHandler,
  putOffItemHandler,
  replyItemHandler,
} from "../oversight/item-handlers.ts";
import { returnWorkHandler } from "../execution/returned-work.ts";
import { addPersonaHandler, addPlaybookHandler, advanceClockHandler } from "../oversight/organization-handlers.ts";
import {
  addPersonHandler,
  changePersonHandler,
  changeRolesHandler,
  foundOrganizationHandler,
  joinOrganizationHandler,
  linkIdentityHandler,
  removePersonHandler,
  renameOrganizationHandler,
  settleRemovalHandler,
} from "../oversight/people-handlers.ts";
import { archiveProjectHandler, changeProjectHandler, createProjectHandler } from "../oversight/project-handlers.ts";
import { changeTeamHandler, createTeamHandler, removeTeamHandler } from "../oversight/team-handlers.ts";
import {
  addChannelHandler,
  beginChannelTestHandler,
  controlChannelHandler,
  endChannelTestHandler,
  fileNoticeHandler,
  releaseNoticesHandler,
  replayNoticeHandler,
  reportNoticeHandler,
  retryNoticeHandler,
  setChannelTopicsHandler,
} from "../oversight/notice-handlers.ts";
import { decidePlanHandler, patchPlanHandler, proposePlanHandler, reportNoPlanHandler } from "../planning/plan-handlers.ts";
import { editCommentHandler, postCommentHandler, removeCommentHandler } from "../requests/comment-handlers.ts";
import { controlRequestHandler, recordBriefHandler, submitRequestHandler } from "../requests/request-handlers.ts";
import { removeViewHandler, saveViewHandler } from "../requests/saved-views.ts";
import { finishAttemptHandler, finishReviewHandler, loseLeaseHandler } from "../review/review-handlers.ts";
import type { Command } from "./commands.ts";

/** One handler per kind of command; the type fails when a kind has none. */
export const handlers = {
  "submit-request": submitRequestHandler,
  "cancel-request": controlRequestHandler,
  "pause-request": controlRequestHandler,
  "resume-request": controlRequestHandler,
  "close-request": controlRequestHandler,
  "reopen-request": reopenRequestHandler,
  "record-brief": recordBriefHandler,
  "save-view": saveViewHandler,
  "remove-view": removeViewHandler,
  "propose-plan": proposePlanHandler,
  "report-no-plan": reportNoPlanHandler,
  "decide-plan": decidePlanHandler,
  "patch-plan": patchPlanHandler,
  "claim-task": claimTaskHandler,
  "release-task": claimTaskHandler,
  "submit-task": submitTaskHandler,
  "reassign-task": reassignTaskHandler,
  "start-attempt": startAttemptHandler,
  "finish-attempt": finishAttemptHandler,
  "schedule-attempt-end": scheduleAttemptEndHandler,
  "schedule-answer": scheduleAnswerHandler,
  "finish-review": finishReviewHandler,
  "finish-integration": finishIntegrationHandler,
  "answer-item": answerItemHandler,
  "delegate-item": delegateItemHandler,
  "post-comment": postCommentHandler,
  "edit-comment": editCommentHandler,
  "remove-comment": removeCommentHandler,
  "ask-back": askBackHandler,
  "reply-item": replyItemHandler,
  "put-off-item": putOffItemHandler,
  "remind-item": clockStepHandler,
  "expire-item": expireItemHandler,
  "escalate-item": clockStepHandler,
  "resume-item": clockStepHandler,
  "mark-clock-fired": markClockFiredHandler,
  "intend-effect": intendEffectHandler,
  "start-effect": startEffectHandler,
  "end-effect": endEffectHandler,
  "lose-lease": loseLeaseHandler,
  "add-channel": addChannelHandler,
  "pause-channel": controlChannelHandler,
  "resume-channel": controlChannelHandler,
  "remove-channel": controlChannelHandler,
  "renew-channel": controlChannelHandler,
  "set-channel-topics": setChannelTopicsHandler,
  "begin-channel-test": beginChannelTestHandler,
  "end-channel-test": endChannelTestHandler,
  "file-notice": fileNoticeHandler,
  "report-notice": reportNoticeHandler,
  "retry-notice": retryNoticeHandler,
  "release-notices": releaseNoticesHandler,
  "replay-notice": replayNoticeHandler,
  "found-organization": foundOrganizationHandler,
  "rename-organization": renameOrganizationHandler,
  "add-person": addPersonHandler,
  "invite-person": addPersonHandler,
  "join-organization": joinOrganizationHandler,
  "change-person": changePersonHandler,
  "change-roles": changeRolesHandler,
  "remove-person": removePersonHandler,
  "link-identity": linkIdentityHandler,
  "return-work": returnWorkHandler,
  "settle-removal": settleRemovalHandler,
  "create-team": createTeamHandler,
  "change-team": changeTeamHandler,
  "remove-team": removeTeamHandler,
  "create-project": createProjectHandler,
  "change-project": changeProjectHandler,
  "archive-project": archiveProjectHandler,
  "add-persona": addPersonaHandler,
  "add-playbook": addPlaybookHandler,
  "advance-clock": advanceClockHandler,
} as const satisfies { readonly [kind in Command["kind"]]: unknown };
