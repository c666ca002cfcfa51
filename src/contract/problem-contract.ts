import { z } from "zod";
import { jsonField, lineField, listOf, textField } from "./fields.ts";

/** One thing wrong with an input, and where. */
export const inputProblem = z.object({ path: lineField, message: textField, code: z.string().max(200).optional() });
export type InputProblem = z.infer<typeof inputProblem>;

/** A failure as HTTP tells it. Source: RFC 9457. `code` is stable and listed in `docs/reference/failures.md`. */
export const problemDocument = z.object({
  type: z.string().max(300),
  /** What went wrong, in a few words. */
  title: lineField,
  status: z.number().int().min(400).max(599),
  /** What, why and the next step, for people. */
  detail: textField,
  /** Finds the log entry. */
  instance: z.string().max(200),
  kind: z.enum(["invalid", "not-found", "conflict", "forbidden", "exhausted", "unavailable", "bug"]),
  code: z.string().max(200),
  problems: listOf(inputProblem, 200).optional(),
  details: jsonField.optional(),
});
export type ProblemDocument = z.infer<typeof problemDocument>;
