import { z } from "zod";
import { lineField, listOf } from "./fields.ts";

export const maxSearchHits = 30;

/** `GET /api/search`. */
export const searchQuery = z.strictObject({ q: z.string().trim().min(1, "is empty").max(100) });

/** One thing that was found, to be opened. */
export const searchHit = z.object({
  kind: z.enum(["request", "task", "person", "persona", "playbook"]),
  id: z.string().max(100),
  /** What people call it: `ENG-42`, `ENG-42/backend`, a persona's key. */
  label: z.string().max(200),
  title: lineField,
  /** Its state; null where it has none. */
  state: z.string().max(50).nullable(),
  rehearsal: z.boolean(),
});
export type SearchHit = z.infer<typeof searchHit>;

export const searchDocument = z.object({ schema: z.literal("xvc.search/1"), items: listOf(searchHit, maxSearchHits) });
export type SearchDocument = z.infer<typeof searchDocument>;
