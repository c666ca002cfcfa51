import { z } from "zod";
import { artifactDocument, requestInputDocument } from "./content-contract.ts";
import {
  countField,
  executorField,
  idField,
  instantField,
  jsonObjectField,
  lineField,
  listOf,
  microField,
  performerDocument,
  riskField,
  textField,
  wireLimits,
} from "./fields.ts";
import { inboxItemSummary } from "./inbox-contract.ts";
import { planSummary } from "./plan-contract.ts";
import { requestStateField, requestSummary, stageField } from "./request-contract.ts";
import { checkResultDocument, taskStateField } from "./task-contract.ts";

/** One task as the progress document tells it; names as the vision's progress tracking has them. */
export const progressTask = z.object({
  task: z.string().max(100),
  task_id: idField,
  title: lineField,
  status: taskStateField,
  since: instantField,
  /** Task keys or a reason; empty: nothing holds it. */
  blocked_by: listOf(lineField, 1_000),
  performer: performerDocument.nullable(),
  executor: executorField.nullable(),
  /** What a person handed in is being checked by code; nobody has to do anything for it. */
  checking: z.boolean(),
  /** The last round's quality gate; null before the first submission. */
  gate: z.object({ round: countField, passed: countField, failed: countField, waiting: countField }).nullable(),
  started: instantField.nullable(),
  /** When it has to be finished; null: no deadline is set. */
  due: instantField.nullable(),
  /** When it should be finished by the plan's estimates; null: finished, or not known. */
  forecast: instantField.nullable(),
  finished: instantField.nullable(),
  attempts: countField,
  cost_micro: microField,
});
export type ProgressTask = z.infer<typeof progressTask>;

export const escalationDocument = z.object({
  item_id: idField,
  kind: z.string().max(50),
  title: lineField,
  risk: riskField,
  asked: instantField,
  due: instantField.nullable(),
});

/** One stop of the rail: a stage, when it was entered, and how long the request sat in it so far. */
export const railStop = z.object({
  stage: stageField,
  status: z.enum(["done", "current", "ahead", "skipped"]),
  enteredAtMs: instantField.nullable(),
  spentMs: countField,
});
export type RailStop = z.infer<typeof railStop>;

/** The goal behind a request, and the principles in force. */
export const servesFields = z.object({
  objective: z.object({ id: idField, label: z.string().max(20), title: lineField }).nullable(),
  principles: listOf(z.object({ number: countField, statement: lineField }), 100),
});

export const briefDocument = z.object({
  interpretation: textField,
  goals: listOf(lineField, 100),
  constraints: listOf(lineField, 100),
  unknowns: listOf(lineField, 100),
  options: listOf(z.object({ id: z.string().max(100), summary: textField, chosen: z.boolean(), why: textField }), 20),
  approach: textField,
  riskClass: riskField,
  playbook: z.string().max(100).nullable(),
  /** Absent: written before it was asked. */
  serves: servesFields.optional(),
});

export const deliverableDocument = z.object({
  schema: z.literal("xvc.deliverable/1"),
  id: idField,
  requestId: idField,
  requestLabel: z.string().max(50),
  planId: idField,
  state: z.enum(["delivered", "accepted", "reopened"]),
  rehearsal: z.boolean(),
  files: listOf(artifactDocument, 1_000),
  checks: listOf(checkResultDocument, 1_000),
  deliveredAtMs: instantField,
});
export type DeliverableDocument = z.infer<typeof deliverableDocument>;

/** A decision on record about a request. */
export const decisionDocument = z.object({
  id: idField,
  question: lineField,
  choice: z.string().max(100).nullable(),
  rationale: textField,
  decider: performerDocument.nullable(),
  authority: lineField,
  soloWaiver: z.boolean(),
  madeAtMs: instantField.nullable(),
  evidence: jsonObjectField,
});
export type DecisionDocument = z.infer<typeof decisionDocument>;

/** `GET /api/requests/:id`: `xvc.progress/1`, the shape of the vision's Progress Tracking System plus the request itself. */
export const progressDocument = z.object({
  schema: z.literal("xvc.progress/1"),
  /** Label of the request. */
  request: z.string().max(50),
  stage: stageField,
  state: requestStateField,
  tasks: listOf(progressTask, wireLimits.planTasks),
  escalations: listOf(escalationDocument, 200),
  as_of: instantField,
  /** Position in the event log up to which this is true. */
  position: z.string().max(100).nullable(),
  /** One sentence: where it is and what it waits for. */
  headline: lineField,
  summary: requestSummary.extend({
    text: z.string().max(100_000),
    budgetMicro: microField.nullable(),
    pausedFrom: requestStateField.nullable(),
    approveBeforehand: z.boolean(),
    version: countField,
  }),
  inputs: listOf(requestInputDocument, 20),
  brief: briefDocument.nullable(),
  plan: planSummary.nullable(),
  rail: listOf(railStop, 7),
  deliverable: deliverableDocument.nullable(),
  inbox: listOf(inboxItemSummary, 200),
  decisions: listOf(decisionDocument, 200),
  costMicro: microField,
  currency: z.string().max(10),
});
export type ProgressDocument = z.infer<typeof progressDocument>;
