import { z } from "zod";
import { actorDocument, instantField, jsonField, lineField, listOf } from "./fields.ts";

/** One delta of `GET /events`. `cursor` is the SSE event id; a client that names its last one misses nothing and sees nothing twice. */
export const eventDelta = z.object({
  cursor: z.string().max(100),
  projectId: z.string().max(100).nullable(),
  subjectKind: z.string().max(50),
  subjectId: z.string().max(100),
  /** The request it belongs to; null: organization data. */
  requestId: z.string().max(100).nullable(),
  kind: z.string().max(100),
  data: jsonField,
  atMs: instantField,
});
export type EventDelta = z.infer<typeof eventDelta>;

/** One fact of the story of a request, in a sentence and raw. */
export const timelineEntry = z.object({
  cursor: z.string().max(100),
  atMs: instantField,
  recordedAtMs: instantField,
  kind: z.string().max(100),
  subjectKind: z.string().max(50),
  subjectId: z.string().max(100),
  actor: actorDocument,
  /** Made by code from the fact. */
  sentence: lineField,
  data: jsonField,
});
export type TimelineEntry = z.infer<typeof timelineEntry>;

export const timelinePage = z.object({
  schema: z.literal("xvc.timeline/1"),
  items: listOf(timelineEntry, 1_000),
  nextCursor: z.string().max(100).nullable(),
});
export type TimelinePage = z.infer<typeof timelinePage>;
