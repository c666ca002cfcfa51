import type { Actor } from "../shared/actor.ts";
import { type Refusal, refuse } from "../shared/transition.ts";
import { isActive } from "./authority.ts";
import type { Person, Role } from "./person.ts";

/**
 * Who may send a kind of command: members with one of these roles, every active member, somebody invited who comes in,
 * or nobody but the system itself. Whether they may in this very case is for the command's own decision.
 */
export type Permission = readonly Role[] | "every-member" | "invited" | "system";

const stewards: readonly Role[] = ["administrator", "director"];
const leaders: readonly Role[] = [...stewards, "lead"];
const workers: readonly Role[] = [...leaders, "contributor"];
const performers: readonly Role[] = [...workers, "agent"];

/**
 * One row per kind of command; the types of the command path fail when a kind has none. An auditor reads everything and
 * changes nothing but what is their own (name, views, channels); an agent acts on tasks and decides nothing.
 *
 * Source: docs/explanation/security.md, who may do what
 */
export const permissions = {
  "submit-request": workers,
  "cancel-request": workers,
  "pause-request": workers,
  "resume-request": workers,
  "close-request": workers,
  "reopen-request": workers,
  "propose-plan": workers,
  "patch-plan": workers,
  "decide-plan": workers,
  "answer-item": workers,
  "delegate-item": workers,
  "ask-back": workers,
  "reply-item": performers,
  "put-off-item": "every-member",
  "see-mention": "every-member",
  "set-calendar": "every-member",
  "import-holidays": "every-member",
  "record-absence": "every-member",
  "remove-absence": "every-member",
  "grant-delegation": workers,
  "revoke-delegation": "every-member",
  "claim-task": performers,
  "release-task": performers,
  "submit-task": performers,
  "reassign-task": leaders,
  "post-comment": performers,
  "edit-comment": performers,
  "remove-comment": performers,
  "create-recurrence": workers,
  "pause-recurrence": workers,
  "resume-recurrence": workers,
  "end-recurrence": workers,
  "record-decision": workers,
  "make-decision": workers,
  "record-outcome": workers,
  "set-review": workers,
  "review-decision": "system",
  "record-fact": workers,
  "correct-fact": workers,
  "set-objective": workers,
  "create-objective": leaders,
  "record-key-result": workers,
  "settle-objective": workers,
  "create-epic": workers,
  "change-epic": workers,
  "finish-epic": workers,
  "cancel-epic": workers,
  "reopen-epic": workers,
  "set-epic": workers,
  "create-sprint": workers,
  "change-sprint": workers,
  "start-sprint": workers,
  "complete-sprint": workers,
  "cancel-sprint": workers,
  "set-sprint": workers,
  "define-entity-type": leaders,
  "create-entity": workers,
  "change-entity": workers,
  "archive-entity": workers,
  "restore-entity": workers,
  "delete-entity": workers,
  "purge-entity": stewards,
  "hold-entity": stewards,
  "release-entity": stewards,
  "attach-content": workers,
  "detach-content": workers,
  "add-tag": workers,
  "remove-tag": workers,
  "add-relation": workers,
  "remove-relation": workers,
  "add-script": stewards,
  "activate-script": stewards,
  "retire-script": stewards,
  "add-principle": stewards,
  "revise-principle": stewards,
  "withdraw-principle": stewards,
  "add-persona": leaders,
  "add-playbook": leaders,
  "create-project": leaders,
  "change-project": stewards,
  "archive-project": stewards,
  "add-person": ["administrator"],
  "invite-person": ["administrator"],
  "remove-person": ["administrator"],
  "change-roles": ["administrator"],
  "change-person": "every-member",
  "save-view": "every-member",
  "remove-view": "every-member",
  "join-organization": "invited",
  "add-channel": "every-member",
  "pause-channel": "every-member",
  "resume-channel": "every-member",
  "remove-channel": "every-member",
  "renew-channel": "every-member",
  "set-channel-topics": "every-member",
  "begin-channel-test": "every-member",
  "end-channel-test": "every-member",
  "replay-notice": "every-member",
  "file-notice": "system",
  "report-notice": "system",
  "retry-notice": "system",
  "release-notices": "system",
  "remind-item": "system",
  "escalate-item": "system",
  "resume-item": "system",
  "link-identity": "system",
  "return-work": "system",
  "settle-removal": "system",
  "rename-organization": ["administrator"],
  "create-team": stewards,
  "change-team": stewards,
  "remove-team": stewards,
  "propose-policy": stewards,
  "agree-policy": stewards,
  "reject-policy": stewards,
  "withdraw-policy": stewards,
  "install-policies": "system",
  "set-halt": workers,
  "lift-halt": stewards,
  "settle-halt": "system",
  "set-budget": stewards,
  "withdraw-budget": stewards,
  "halt-restored": "system",
  "hold-attempt": "system",
  "resume-attempt": "system",
  "stop-attempt": "system",
  "resume-task": "system",
  "hold-job": "system",
  "resume-job": "system",
  "found-organization": "system",
  "record-brief": "system",
  "report-no-plan": "system",
  "record-context": "system",
  "start-attempt": "system",
  "finish-attempt": "system",
  "schedule-attempt-end": "system",
  "schedule-answer": "system",
  "finish-review": "system",
  "finish-integration": "system",
  "intend-effect": "system",
  "start-effect": "system",
  "end-effect": "system",
  "reserve-spend": "system",
  "settle-spend": "system",
  "expire-spend": "system",
  "wait-for-budget": "system",
  "try-budget": "system",
  "lose-lease": "system",
  "expire-item": "system",
  "file-recurrence": "system",
  "mark-clock-fired": "system",
  "advance-clock": "system",
} as const satisfies { readonly [kind: string]: Permission };

/** Why a person may not send such a command; null: they may. Asked only where a person is the actor. */
export function permissionProblem(permission: Permission, person: Person | undefined): Refusal | null {
  if (permission === "system") return refuse("forbidden", "permission.system-only", "Only the system itself does this.");
  if (permission === "invited")
    return person?.state === "invited"
      ? null
      : refuse("forbidden", "permission.not-invited", "This needs an open invitation; ask an administrator for a fresh one.");
  if (!isActive(person)) return refuse("forbidden", "permission.not-a-member", "Only an active member of the organization can do this.");
  if (permission === "every-member" || permission.some((role) => person.roles.includes(role))) return null;
  return refuse(
    "forbidden",
    "permission.wrong-role",
    `This needs one of the roles ${permission.join(", ")}; you have ${person.roles.join(", ") || "none"}. An administrator changes roles.`,
  );
}

/** Whether the permission has to be asked for: persons are checked here, our own parts by the fences of their jobs. */
export const asksPermission = (actor: Actor): boolean => actor.kind === "person";
