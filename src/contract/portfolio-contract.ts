import { z } from "zod";
import { countField, idField, instantField, lineField, listOf, performerDocument, riskField } from "./fields.ts";
import { stageField } from "./request-contract.ts";

export const portfolioQuery = z.object({
  /** Rehearsals stand apart: they are never added to real work. */
  mode: z.enum(["real", "rehearsal"]).optional(),
  /** Key of one project; absent: all of that mode. */
  project: z.string().min(1).max(20).optional(),
});

const requestReference = z.object({ label: z.string().max(50), title: lineField });

/** One project: where its requests are and what is open in it. */
export const portfolioProject = z.object({
  id: idField,
  key: z.string().max(20),
  name: lineField,
  /** Requests that are under way, by the stage of the pipeline that their state belongs to. */
  stages: z.record(stageField, countField),
  open: countField,
  paused: countField,
  /** Requests that wait for a person: an answer or an approval. */
  waiting: countField,
  ended: countField,
  openTasks: countField,
  blockedTasks: countField,
});
export type PortfolioProject = z.infer<typeof portfolioProject>;

/** What one performer has on hand, by state of the task. */
export const portfolioLoad = z.object({
  performer: performerDocument,
  offered: countField,
  assigned: countField,
  running: countField,
  inReview: countField,
  rework: countField,
  held: countField,
  total: countField,
});
export type PortfolioLoad = z.infer<typeof portfolioLoad>;

/** Time in a state, over visits that ended. */
export const portfolioStay = z.object({
  state: z.string().max(50),
  stage: stageField,
  n: countField,
  /** Null below `fewest` visits. */
  p50Ms: z.number().nullable(),
  p90Ms: z.number().nullable(),
});
export type PortfolioStay = z.infer<typeof portfolioStay>;

export const portfolioWait = z.object({
  itemId: idField,
  kind: z.string().max(50),
  title: lineField,
  request: requestReference.nullable(),
  /** Who has to answer, in words: a name or roles. */
  waitsFor: lineField,
  risk: riskField,
  askedAtMs: instantField,
  dueAtMs: instantField.nullable(),
});
export type PortfolioWait = z.infer<typeof portfolioWait>;

export const portfolioBlocked = z.object({
  label: z.string().max(200),
  title: lineField,
  state: z.enum(["blocked", "escalated"]),
  reason: lineField,
  sinceMs: instantField,
});
export type PortfolioBlocked = z.infer<typeof portfolioBlocked>;

export const courseField = z.enum(["on-course", "past-p50", "past-p80", "past-p90", "past-deadline"]);

/** One request under way against the forecast of its own approved plan. */
export const portfolioForecast = z.object({
  request: requestReference,
  projectKey: z.string().max(20),
  state: z.string().max(50),
  risk: riskField.nullable(),
  taskCount: countField,
  elapsedHours: z.number().min(0),
  p50Hours: z.number().min(0),
  p80Hours: z.number().min(0),
  p90Hours: z.number().min(0),
  deadlineAtMs: instantField.nullable(),
  course: courseField,
  /** Why it is late, from its own rows; empty while it is on course or nothing holds it. */
  reasons: listOf(lineField, 10),
});
export type PortfolioForecast = z.infer<typeof portfolioForecast>;

export const portfolioRisk = z.object({
  kind: z.enum(["deadline", "overdue-answer", "escalated", "high-risk"]),
  sentence: lineField,
  address: z.string().max(300),
});
export type PortfolioRisk = z.infer<typeof portfolioRisk>;

/** `GET /api/portfolio`: `xvc.portfolio/1`. */
export const portfolioDocument = z.object({
  schema: z.literal("xvc.portfolio/1"),
  mode: z.enum(["real", "rehearsal"]),
  asOfMs: instantField,
  projects: listOf(portfolioProject, 500),
  load: listOf(portfolioLoad, 200),
  stays: listOf(portfolioStay, 20),
  /** Days over which `stays` were measured, and how many visits a number needs. */
  staysDays: countField,
  fewest: countField,
  /** The oldest first; `waitCount` counts all. */
  waits: listOf(portfolioWait, 50),
  waitCount: countField,
  blocked: listOf(portfolioBlocked, 50),
  blockedCount: countField,
  /** Those longest under way first; `activeCount` counts all. */
  forecasts: listOf(portfolioForecast, 100),
  activeCount: countField,
  risks: listOf(portfolioRisk, 20),
});
export type PortfolioDocument = z.infer<typeof portfolioDocument>;
