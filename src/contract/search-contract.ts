import { z } from "zod";
import { countField, idField, instantField, lineField, listOf } from "./fields.ts";

export const maxSearchHits = 30;
const maxPage = 100;

/** Kinds of rows whose texts are searched. */
export const searchKinds = [
  "request",
  "task",
  "decision",
  "comment",
  "entity",
  "epic",
  "sprint",
  "fact",
  "deliverable",
  "objective",
  "principle",
  "persona",
  "playbook",
  "person",
] as const;

/** `GET /api/search`. */
export const searchQuery = z.strictObject({ q: z.string().trim().min(1, "is empty").max(100) });

const kindList = z
  .string()
  .max(200)
  .transform((text) => text.split(","))
  .pipe(z.array(z.enum(searchKinds)).max(searchKinds.length));

const instantText = z.coerce.number().pipe(instantField);

/** `GET /api/memory`. */
export const memorySearchQuery = z.strictObject({
  q: z.string().trim().min(1, "is empty").max(200),
  /** Kinds, parted by commas. */
  kind: kindList.optional(),
  project: z.string().min(1).max(100).optional(),
  /** Who asked for it, wrote it or has it: an id of a member, or `me`. */
  person: z.union([z.literal("me"), idField]).optional(),
  /** The text was recorded in `[fromMs, toMs)`. */
  fromMs: instantText.optional(),
  toMs: instantText.optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}-\d{1,4}$/u, "is no cursor")
    .optional(),
  limit: z.coerce.number().int().min(1).max(maxPage).optional(),
});

const excerptDocument = z.object({
  text: lineField,
  /** Places of the words found, `[from, to)` in UTF-16 units. */
  ranges: listOf(z.object({ from: countField, to: countField }), 50),
});
export type ExcerptDocument = z.infer<typeof excerptDocument>;

/** One thing that was found, to be opened. */
export const searchHit = z.object({
  kind: z.enum(searchKinds),
  id: z.string().max(100),
  /** What people call it: `ENG-42`, `ENG-42/backend`, a persona's key; empty: it has no name of its own. */
  label: z.string().max(400),
  /** Where it opens in the page. */
  address: z.string().max(500),
  title: excerptDocument,
  /** Where else the words stand, with some of the text around them; null: nowhere else. */
  found: excerptDocument.nullable(),
  /** Its state; null where it has none. */
  state: z.string().max(200).nullable(),
  rehearsal: z.boolean(),
  /** When the text that was found was recorded; null: found by its label. */
  recordedAtMs: instantField.nullable(),
  /** Found by words that look like the wanted ones. */
  near: z.boolean(),
  /** It has none of the words: a model that makes vectors finds its text alike. */
  byMeaning: z.boolean(),
});
export type SearchHit = z.infer<typeof searchHit>;

export const searchDocument = z.object({
  schema: z.literal("xvc.search/1"),
  query: z.string().max(200),
  items: listOf(searchHit, maxPage + 40),
  nextCursor: z.string().max(40).nullable(),
  /** Rows that were ranked, and the most that ever are. */
  ranked: countField,
  mostRanked: countField,
  /** Words taken because nothing has the wanted ones. */
  similar: listOf(z.string().max(200), 100),
  /** False: this database cannot find misspelled words. */
  findsSimilar: z.boolean(),
  /** Whether texts were found by their meaning too: off where no model makes vectors of what is searched. */
  meaning: z.object({
    state: z.enum(["off", "used", "unavailable"]),
    compared: countField,
    /** There are more texts with a vector than are compared; the latest were. */
    isCapped: z.boolean(),
    note: lineField.nullable(),
  }),
});
export type SearchDocument = z.infer<typeof searchDocument>;
