import { z } from "zod";
import { countField, idField, lineField, listOf } from "./fields.ts";
import { requestStateField } from "./request-contract.ts";

/** `GET /api/sample`: sample requests that are still around. */
export const sampleDocument = z.object({
  schema: z.literal("xvc.sample/1"),
  requests: listOf(z.object({ id: idField, label: z.string().max(50), title: lineField, state: requestStateField }), 200),
  mayRemove: z.boolean(),
});
export type SampleDocument = z.infer<typeof sampleDocument>;

/** `POST /api/sample/remove`. */
export const sampleRemoved = z.object({
  schema: z.literal("xvc.sample-removed/1"),
  cancelled: countField,
  /** Keys of projects that held nothing but samples. */
  archivedProjects: listOf(z.string().max(20), 200),
});
export type SampleRemoved = z.infer<typeof sampleRemoved>;
