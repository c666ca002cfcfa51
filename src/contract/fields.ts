import { z } from "zod";
import type { Json } from "../core/shared/json.ts";

/** The longest texts and lists that cross the wire. What is larger belongs into content, by hash. */
export const wireLimits = {
  /** Bytes of one JSON body. */
  bodyBytes: 1024 * 1024,
  /** Nested arrays and objects in one JSON body. */
  bodyDepth: 64,
  nameChars: 200,
  lineChars: 1_000,
  textChars: 20_000,
  documentChars: 500_000,
  pageRows: 200,
  planTasks: 10_000,
  listItems: 1_000,
} as const;

/** A row's id: a UUID in its canonical lower-case text form. */
export const idField = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u, "is no id");

/** An id, or the label people use for it: `ENG-42`, `ENG-42/backend`, `net-margin@2`. */
export const referenceField = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9][A-Za-z0-9_.-]*)?(?:@\d{1,6})?$/u, "is neither an id nor a label such as ENG-42");

export const sha256Field = z.string().regex(/^[0-9a-f]{64}$/u, "is no SHA-256 in 64 lower-case hex digits");

/** Epoch milliseconds. */
export const instantField = z.number().int().min(0).max(8_640_000_000_000_000);

/** Micro-units of the organization's currency. */
export const microField = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const countField = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** One line of text, not empty. */
export const nameField = z.string().trim().min(1, "is empty").max(wireLimits.nameChars);
export const lineField = z.string().max(wireLimits.lineChars);
export const textField = z.string().max(wireLimits.textChars);

/** An array with a stated bound, read-only on our side. */
export const listOf = <Item extends z.ZodType>(item: Item, max: number = wireLimits.listItems) => z.array(item).max(max).readonly();

/** Any JSON; what crosses the wire was parsed as JSON before, so only its absence is looked for. Its depth and size are bounded by the body. */
export const jsonField = z.unknown().refine((value) => value !== undefined, "is missing") as unknown as z.ZodType<Json, Json>; // the type says what the parser before it made sure of

export const jsonObjectField = z.record(z.string().max(wireLimits.nameChars), jsonField);

export const riskField = z.enum(["low", "medium", "high"]);
export const roleField = z.enum(["administrator", "director", "lead", "contributor", "agent", "auditor"]);
export const executorField = z.enum(["rules", "human", "scripted", "model", "agent", "remote"]);

export const actorDocument = z.object({ kind: z.enum(["person", "persona", "system"]), id: z.string().max(200), name: lineField });
export type ActorDocument = z.infer<typeof actorDocument>;

export const performerDocument = z.object({ kind: z.enum(["person", "persona"]), id: z.string().max(200), name: lineField });
export type PerformerDocument = z.infer<typeof performerDocument>;

/** A page of rows and the cursor of the next one; null: this was the last. */
export const pageOf = <Name extends string, Item extends z.ZodType>(schema: Name, item: Item) =>
  z.object({ schema: z.literal(schema), items: listOf(item, wireLimits.pageRows), nextCursor: z.string().max(200).nullable() });

/** Values of one field in a query, separated by commas; at most 20. */
export const oneOrMore = <Value extends z.ZodType>(value: Value) =>
  z
    .string()
    .max(1_000)
    .transform((text) => text.split(",").map((part) => part.trim()))
    .pipe(
      z
        .array(value as unknown as z.ZodType<z.output<Value>, string>)
        .min(1)
        .max(20),
    ); // any text may come in; the schema judges it

export const pageQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(wireLimits.pageRows).optional(),
});

/** Why a person does it; shown beside the decision for ever. */
export const reasonBody = z.strictObject({ reason: z.string().trim().max(4_000).optional() });
export type ReasonBody = z.infer<typeof reasonBody>;

/** What a command changed: the subject, its new state, and the position in the event log from which it shows. */
export const commandAnswer = z.object({
  schema: z.literal("xvc.answer/1"),
  id: z.string().max(200),
  state: z.string().max(50).optional(),
  label: z.string().max(200).optional(),
  message: lineField.optional(),
  details: jsonObjectField.optional(),
});
export type CommandAnswer = z.infer<typeof commandAnswer>;
