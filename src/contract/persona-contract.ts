import { z } from "zod";
import { executorField, listOf, microField } from "./fields.ts";

const keyField = z.string().min(1).max(100);

/** One persona as the vision writes it; what it leaves out gets the library's defaults. */
export const personaDocument = z.object({
  worldview: z.string().max(500),
  specializations: listOf(keyField, 100),
  tools: listOf(keyField, 100),
  version: z.number().int().min(1).max(1_000_000).optional(),
  division: keyField.optional(),
  skills: listOf(keyField, 100).optional(),
  executors: listOf(executorField, 6).optional(),
  costPerHourMicro: microField.optional(),
  capacity: z.number().int().min(1).max(10_000).optional(),
});
export type PersonaDocument = z.infer<typeof personaDocument>;

/** `xvc.personas/1`: also what `POST /api/personas` takes (`schema` may be left out, as in the vision's example). */
export const personaLibrary = z.object({
  schema: z.literal("xvc.personas/1").optional(),
  persona_library: z.record(
    z.string().regex(/^[a-z0-9][a-z0-9_-]{0,99}$/u, "is no persona key: lower-case letters, digits, - and _"),
    personaDocument,
  ),
});
export type PersonaLibrary = z.infer<typeof personaLibrary>;
