import { z } from "zod";
import { countField, idField, instantField, lineField, listOf, performerDocument } from "./fields.ts";

export const recurrenceDocument = z.object({
  id: idField,
  state: z.enum(["active", "paused", "ended"]),
  title: lineField,
  owner: performerDocument,
  /** The request it repeats. */
  requestId: idField,
  requestLabel: z.string().max(50),
  /** RFC 5545 recurrence rule. */
  rule: z.string().max(300),
  zone: z.string().max(64),
  /** On the wall in `zone`. */
  startsAt: z.string().max(20),
  nextAtMs: instantField.nullable(),
  filedCount: countField,
  /** Times passed over because nothing ran when they came. */
  skippedCount: countField,
  lastFiledLabel: z.string().max(50).nullable(),
  maySteer: z.boolean(),
});
export type RecurrenceDocument = z.infer<typeof recurrenceDocument>;

export const recurrencesDocument = z.object({ schema: z.literal("xvc.recurrences/1"), items: listOf(recurrenceDocument) });
export type RecurrencesDocument = z.infer<typeof recurrencesDocument>;

/** `POST /api/requests/:id/recur` and `POST /api/recurrence-check`. */
export const recurrenceBody = z.strictObject({
  rule: z.string().trim().min(1, "is empty: a rule such as FREQ=WEEKLY;BYDAY=MO").max(300),
  /** Name of a time zone, such as `Europe/Berlin`. */
  zone: z.string().trim().min(1).max(64),
  startsAt: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/u, "is no start such as 2031-01-31T09:00"),
});
export type RecurrenceBody = z.infer<typeof recurrenceBody>;

/** What a rule comes to: the next times it names, or what is wrong with it. */
export const recurrenceCheck = z.object({
  schema: z.literal("xvc.recurrence-check/1"),
  problem: lineField.nullable(),
  nextAtMs: listOf(instantField, 10),
});
export type RecurrenceCheck = z.infer<typeof recurrenceCheck>;
