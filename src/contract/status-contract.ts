import { z } from "zod";
import { countField, instantField, lineField, listOf } from "./fields.ts";

/** One real probe: something was done and it worked, or why not. */
export const probeDocument = z.object({ name: z.string().max(100), ok: z.boolean(), durationMs: z.number().min(0), message: lineField });
export type ProbeDocument = z.infer<typeof probeDocument>;

/** `GET /api/status`. */
export const statusDocument = z.object({
  schema: z.literal("xvc.status/1"),
  ok: z.boolean(),
  version: z.string().max(50),
  startedAtMs: instantField,
  probes: listOf(probeDocument, 50),
  counts: z.record(z.string().max(100), countField),
  notes: listOf(lineField, 50),
});
export type StatusDocument = z.infer<typeof statusDocument>;

/** The 0600 file beside the data that tells programs of this machine where the server is. */
export const serverFile = z.object({ url: z.url().max(300), token: z.string().min(20).max(200), pid: z.number().int().min(1) });
export type ServerFile = z.infer<typeof serverFile>;
