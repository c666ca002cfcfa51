import { z } from "zod";
import { requestInputDocument } from "./content-contract.ts";
import {
  idField,
  instantField,
  jsonObjectField,
  lineField,
  listOf,
  microField,
  oneOrMore,
  pageOf,
  pageQuery,
  performerDocument,
  riskField,
} from "./fields.ts";

export const requestStateField = z.enum([
  "submitted",
  "analysing",
  "needs-input",
  "planning",
  "awaiting-approval",
  "active",
  "integrating",
  "delivered",
  "closed",
  "rejected",
  "cancelled",
  "paused",
]);

/** The seven stages of the pipeline, in order. */
export const stageField = z.enum(["request", "analysis", "decomposition", "assignment", "execution", "review", "integration"]);
export type Stage = z.infer<typeof stageField>;

/** `POST /api/requests`. */
export const requestDraftBody = z.strictObject({
  /** Key or id; absent: the organization's first active project. */
  project: z.string().min(1).max(100).optional(),
  title: z.string().trim().min(1, "is empty").max(300).optional(),
  text: z.string().trim().min(1, "is empty: say what you want done").max(100_000),
  playbook: z.string().min(1).max(100).optional(),
  /** Already taken in, as `POST /api/inputs` or `/api/uploads` answered. */
  inputs: listOf(requestInputDocument, 20).optional(),
  /** Paths on the server's own machine; only for the token of this machine. */
  inputPaths: listOf(z.strictObject({ path: z.string().min(1).max(4_096), includeWorktree: z.boolean().optional() }), 20).optional(),
  budgetMicro: microField.optional(),
  deadlineAtMs: instantField.optional(),
  urgency: z.enum(["low", "normal", "high"]).optional(),
  /** Decides the plan beforehand; recorded as the requester's decision. */
  approve: z.boolean().optional(),
  rehearsal: z.boolean().optional(),
  /** The objective it serves: id or label such as `O-3`. */
  objective: z.string().min(1).max(100).optional(),
  /** Part of the sample, which is removed in one act. */
  sample: z.boolean().optional(),
  /** Rehearsal only: what scripted performers and people play. */
  script: jsonObjectField.optional(),
});
export type RequestDraftBody = z.infer<typeof requestDraftBody>;

export const requestOpened = z.object({
  schema: z.literal("xvc.request-opened/1"),
  id: idField,
  label: z.string().max(50),
  state: requestStateField,
  position: z.string().max(100),
});
export type RequestOpened = z.infer<typeof requestOpened>;

/** One row of the request list. */
export const requestSummary = z.object({
  id: idField,
  label: z.string().max(50),
  title: lineField,
  projectId: idField,
  projectKey: z.string().max(20),
  state: requestStateField,
  stage: stageField,
  stateSinceMs: instantField,
  requester: performerDocument,
  urgency: z.enum(["low", "normal", "high"]),
  riskClass: riskField.nullable(),
  playbook: z.string().max(100).nullable(),
  openedAtMs: instantField,
  deadlineAtMs: instantField.nullable(),
  deliveredAtMs: instantField.nullable(),
  rehearsal: z.boolean(),
});
export type RequestSummary = z.infer<typeof requestSummary>;

/** The same in a list: `you` may answer one of its open questions, only other `people` may, or nobody is asked. */
export const requestListRow = requestSummary.extend({ waitsFor: z.enum(["you", "people"]).nullable() });
export type RequestListRow = z.infer<typeof requestListRow>;

export const requestSorts = ["newest", "oldest", "since", "deadline"] as const;

/** `GET /api/requests`: several values of one field are separated by commas; everything given has to hold. */
export const requestListQuery = pageQuery.extend({
  state: oneOrMore(requestStateField).optional(),
  /** Key or id. */
  project: z.string().max(100).optional(),
  /** A person's id, or `me`. */
  requester: z.union([z.literal("me"), idField]).optional(),
  urgency: oneOrMore(z.enum(["low", "normal", "high"])).optional(),
  /** `me`: a question the reader may answer is open, or the reader holds one of its tasks. */
  waits: z.literal("me").optional(),
  /** A piece of the title, or an id such as `ENG-42` or `42`. */
  text: z.string().trim().max(200).optional(),
  sort: z.enum(requestSorts).optional(),
  /** `area=payments`, or the key of a tag without a value. */
  tag: z.string().trim().max(250).optional(),
});
export type RequestListQuery = z.infer<typeof requestListQuery>;

export const requestPage = pageOf("xvc.requests/1", requestListRow);
export type RequestPage = z.infer<typeof requestPage>;

export const requestActions = ["cancel", "pause", "resume", "reopen", "close", "repeat"] as const;
export type RequestAction = (typeof requestActions)[number];

/** `POST /api/requests/:id/reopen`: the tasks to do again; absent: the last ones, on which nothing depends. */
export const requestReopenBody = z.strictObject({
  reason: z.string().trim().max(4_000).optional(),
  taskKeys: listOf(z.string().min(1).max(100), 200).optional(),
});
export type RequestReopenBody = z.infer<typeof requestReopenBody>;
