import { z } from "zod";
import { artifactDocument } from "./content-contract.ts";
import {
  countField,
  executorField,
  idField,
  instantField,
  jsonObjectField,
  lineField,
  listOf,
  microField,
  nameField,
  oneOrMore,
  pageOf,
  pageQuery,
  reasonBody,
  performerDocument,
  riskField,
  sha256Field,
  textField,
  wireLimits,
} from "./fields.ts";
import { attemptTrust } from "./trust-contract.ts";

export const taskStateField = z.enum([
  "proposed",
  "waiting",
  "ready",
  "assigned",
  "running",
  "in-review",
  "rework",
  "passed",
  "integrated",
  "blocked",
  "escalated",
  "cancelled",
  "failed",
]);

export const attemptStateField = z.enum(["leased", "running", "paused", "submitted", "asked", "failed", "timed-out", "cancelled"]);

export const reworkPointDocument = z.object({ id: z.string().max(100), from: lineField, text: textField });

export const checkResultDocument = z.object({
  criterionId: z.string().max(100),
  kind: z.string().max(50),
  verdict: z.enum(["pass", "fail", "waiting"]),
  detail: textField,
  evidence: jsonObjectField,
});
export type CheckResultDocument = z.infer<typeof checkResultDocument>;

/** One row of the task list. */
export const taskSummary = z.object({
  id: idField,
  /** `ENG-42/backend`. */
  label: z.string().max(200),
  task: z.string().max(100),
  title: lineField,
  requestId: idField,
  requestLabel: z.string().max(50),
  requestTitle: lineField,
  projectId: idField,
  state: taskStateField,
  stateSinceMs: instantField,
  blockedBy: lineField.nullable(),
  performer: performerDocument.nullable(),
  executor: executorField.nullable(),
  risk: riskField,
  attemptCount: countField,
  round: countField,
  estimateHours: z.number().min(0),
  costMicro: microField,
  /** The reader could claim it now. */
  mayClaim: z.boolean(),
  /** The reader works on it now. */
  mine: z.boolean(),
  rehearsal: z.boolean(),
});
export type TaskSummary = z.infer<typeof taskSummary>;

export const taskPage = pageOf("xvc.tasks/1", taskSummary);
export type TaskPage = z.infer<typeof taskPage>;

const states = oneOrMore(taskStateField).optional();
/** `me`, or a performer's key: `person:<id>`, `persona:<key>`. */
const performer = z.string().regex(/^(?:me|person:[0-9a-f-]{36}|persona:[A-Za-z0-9_-]{1,100})$/u, "is no performer");

/** `GET /api/tasks`. */
export const taskListQuery = pageQuery.extend({
  state: states,
  request: z.string().max(100).optional(),
  project: z.string().max(100).optional(),
  performer: performer.optional(),
  mine: z.enum(["true", "false", "1", "0"]).optional(),
  /** `area=payments`, or the key of a tag without a value. */
  tag: z.string().trim().max(250).optional(),
});
export type TaskListQuery = z.infer<typeof taskListQuery>;

export const boardColumnField = z.enum(["waiting", "ready", "working", "review", "held", "done"]);
export type BoardColumnName = z.infer<typeof boardColumnField>;

/** `GET /api/board`; with a cursor, one column from there on. */
export const boardQuery = z.object({
  request: z.string().max(100).optional(),
  project: z.string().max(100).optional(),
  performer: performer.optional(),
  column: boardColumnField.optional(),
  /** `area=payments`, or the key of a tag without a value. */
  tag: z.string().trim().max(250).optional(),
  cursor: idField.optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
});
export type BoardQuery = z.infer<typeof boardQuery>;

/** A task on the board. */
export const boardCard = taskSummary
  .pick({
    id: true,
    label: true,
    title: true,
    requestTitle: true,
    state: true,
    stateSinceMs: true,
    blockedBy: true,
    executor: true,
    risk: true,
    round: true,
    mayClaim: true,
    mine: true,
    rehearsal: true,
  })
  .extend({ performer: lineField.nullable() });
export type BoardCard = z.infer<typeof boardCard>;

export const boardColumn = z.object({
  column: boardColumnField,
  /** All tasks of the column; null for `done`, which only grows. */
  count: countField.nullable(),
  cards: listOf(boardCard, 100),
  nextCursor: idField.nullable(),
});
export type BoardColumnDocument = z.infer<typeof boardColumn>;

export const boardDocument = z.object({ schema: z.literal("xvc.board/1"), columns: listOf(boardColumn, 6) });
export type BoardDocument = z.infer<typeof boardDocument>;

/** One hand-in of the reader and what became of it. */
export const handedIn = z.object({
  attemptId: idField,
  label: z.string().max(200),
  title: lineField,
  requestTitle: lineField,
  number: countField,
  /** State of the attempt; `checking`: code still checks what was handed in. */
  state: z.enum([...attemptStateField.options, "checking"]),
  taskState: taskStateField,
  endedAtMs: instantField.nullable(),
  checks: z.object({ passed: countField, failed: countField, waiting: countField }),
  reviews: listOf(
    z.object({
      reviewer: performerDocument,
      outcome: z.enum(["pass", "rework", "reassign", "escalate"]).nullable(),
      decidedAtMs: instantField.nullable(),
    }),
    200,
  ),
  /** What has to change, when it came back. */
  points: listOf(textField, 5),
});
export type HandedIn = z.infer<typeof handedIn>;

export const myWorkQuery = boardQuery.pick({ tag: true });

/** `GET /api/my-work`: what the reader holds, may take, and handed in, newest first. */
export const myWorkDocument = z.object({
  schema: z.literal("xvc.my-work/1"),
  holding: listOf(taskSummary, 50),
  offered: listOf(taskSummary, 20),
  moreOffered: z.boolean(),
  handedIn: listOf(handedIn, 20),
});
export type MyWorkDocument = z.infer<typeof myWorkDocument>;

export const attemptDocument = z.object({
  id: idField,
  number: countField,
  state: attemptStateField,
  performer: performerDocument,
  executor: executorField,
  startedAtMs: instantField.nullable(),
  endedAtMs: instantField.nullable(),
  interpretation: textField,
  reworkPoints: listOf(reworkPointDocument, 200),
  pointAnswers: jsonObjectField,
  outputs: listOf(artifactDocument, 200),
  checks: listOf(checkResultDocument, 200),
  costMicro: microField,
  failure: jsonObjectField.nullable(),
  notes: listOf(textField, 50),
  /** How far whoever did it is trusted, and who judges it; absent: a person or rules did it. */
  trust: attemptTrust.optional(),
});
export type AttemptDocument = z.infer<typeof attemptDocument>;

export const reviewDocument = z.object({
  id: idField,
  attemptId: idField,
  round: countField,
  state: z.enum(["open", "done", "withdrawn"]),
  reviewer: performerDocument,
  executor: executorField,
  verdicts: listOf(checkResultDocument, 200),
  outcome: z.enum(["pass", "rework", "reassign", "escalate"]).nullable(),
  openedAtMs: instantField,
  decidedAtMs: instantField.nullable(),
});
export type ReviewDocument = z.infer<typeof reviewDocument>;

/** `GET /api/tasks/:id`: all a performer or a reader needs to know about it. */
export const taskDetail = taskSummary.extend({
  schema: z.literal("xvc.task/1"),
  planId: idField,
  persona: z.string().max(100),
  criteria: listOf(z.object({ id: z.string().max(100), statement: lineField, check: jsonObjectField }), 100),
  /** What the worldview of its performer adds for whoever judges the result. */
  worldviewChecks: listOf(z.object({ id: z.string().max(100), kind: z.enum(["rule", "question"]), statement: lineField }), 30),
  dependsOn: listOf(z.object({ taskId: idField, task: z.string().max(100), title: lineField, state: taskStateField })),
  dependents: listOf(z.object({ taskId: idField, task: z.string().max(100), title: lineField, state: taskStateField })),
  brief: textField,
  inputs: listOf(z.object({ name: nameField, kind: lineField, artifacts: listOf(artifactDocument, 50) }), 200),
  upstream: listOf(z.object({ task: z.string().max(100), outputs: listOf(artifactDocument, 200) })),
  expectedOutputs: listOf(nameField, 200),
  /** What was handed in is being checked by code. */
  checking: z.boolean(),
  /** Attempts that may end in work or failure before a person is asked. */
  maxAttempts: countField,
  /** JSON schema of the form; null: one text per expected output. */
  outputSchema: jsonObjectField.nullable(),
  reworkPoints: listOf(reworkPointDocument, 200),
  outputs: listOf(artifactDocument, 200),
  assignment: jsonObjectField.nullable(),
  attempts: listOf(attemptDocument, 100),
  reviews: listOf(reviewDocument, 200),
  readyAtMs: instantField.nullable(),
  startedAtMs: instantField.nullable(),
  acceptedAtMs: instantField.nullable(),
  version: countField,
});
export type TaskDetail = z.infer<typeof taskDetail>;

/** An output as text, or as content already uploaded. */
export const submittedOutput = z.union([
  z.string().max(wireLimits.documentChars),
  z.strictObject({ contentSha256: sha256Field, mediaType: z.string().min(3).max(200) }),
]);

const claimField = z.string().min(1).max(100);

/** `POST /api/tasks/:id/claim`: with a lease it is given back by itself unless a heartbeat or a hand-in comes before. */
export const taskClaimBody = reasonBody.extend({ leaseMinutes: z.number().min(1).max(1_440).optional() });

/** `POST /api/tasks/:id/release`: `claim` is the `attemptId` that claiming answered; another one by now is refused. */
export const taskReleaseBody = reasonBody.extend({ claim: claimField.optional() });

/** `POST /api/tasks/:id/take-over` and `/stop`. */
export const workEndBody = z.strictObject({ reason: z.string().trim().min(1).max(4_000) });

/** `POST /api/tasks/:id/steer`. */
export const workNoteBody = z.strictObject({ note: z.string().trim().min(1).max(2_000) });

/** `POST /api/tasks/:id/heartbeat`. */
export const taskHeartbeatBody = z.strictObject({ claim: claimField, leaseMinutes: z.number().min(1).max(1_440) });

/** `POST /api/tasks/:id/submit`. Every rework point needs an answer under its id. */
export const taskSubmitBody = z.strictObject({
  claim: claimField.optional(),
  outputs: z.record(nameField, submittedOutput),
  pointAnswers: z.record(z.string().max(100), z.string().max(4_000)).optional(),
  minutesSpent: z.number().min(0).max(100_000).optional(),
  interpretation: z.string().max(4_000).optional(),
});
export type TaskSubmitBody = z.infer<typeof taskSubmitBody>;

/** `POST /api/tasks/:id/reassign`: to a person or a persona, or without `to` to the next best candidate. */
export const taskReassignBody = z.strictObject({
  to: z.strictObject({ kind: z.enum(["person", "persona"]), id: z.string().min(1).max(100) }).optional(),
  reason: z.string().trim().min(1, "is empty: say why it moves").max(4_000),
});
export type TaskReassignBody = z.infer<typeof taskReassignBody>;

export const taskActions = ["claim", "release", "submit", "reassign", "retry"] as const;
export type TaskAction = (typeof taskActions)[number];
