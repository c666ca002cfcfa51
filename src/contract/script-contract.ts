import { z } from "zod";
import {
  countField,
  idField,
  instantField,
  jsonField,
  jsonObjectField,
  lineField,
  listOf,
  nameField,
  performerDocument,
} from "./fields.ts";

const keyField = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,79}$/u, "is no key of lower case letters, digits, dots and dashes");
const purposeField = z.enum(["validator", "transformer", "metric"]);
const sourceField = z.string().min(1).max(60_000);
const testField = z.strictObject({ name: nameField, input: jsonField, expected: jsonField });

const scriptFields = {
  id: idField,
  /** `key@version`. */
  label: z.string().max(100),
  key: keyField,
  scriptVersion: countField,
  /** The row's own version: acts name the one they saw. */
  version: countField,
  purpose: purposeField,
  state: z.enum(["draft", "active", "retired"]),
  title: lineField,
  author: performerDocument,
  addedAtMs: instantField,
  activatedAtMs: instantField.nullable(),
};

export const scriptsDocument = z.object({
  schema: z.literal("xvc.scripts/1"),
  items: listOf(z.object({ ...scriptFields, tests: countField }), 500),
  mayWrite: z.boolean(),
});
export type ScriptsDocument = z.infer<typeof scriptsDocument>;

export const scriptDocument = z.object({
  schema: z.literal("xvc.script/1"),
  ...scriptFields,
  source: sourceField,
  tests: listOf(testField, 20),
});
export type ScriptDocument = z.infer<typeof scriptDocument>;

/** `POST /api/scripts`. */
export const scriptBody = z.strictObject({
  key: keyField,
  purpose: purposeField,
  title: nameField,
  source: sourceField,
  tests: listOf(testField, 20),
  /** The latest version that was read; absent: the script is new. */
  after: countField.optional(),
});
export type ScriptBody = z.infer<typeof scriptBody>;

/** `POST /api/scripts/{reference}/activate` and `/retire`. */
export const scriptActBody = z.strictObject({ version: countField, reason: z.string().trim().max(4_000).optional() });

const faultField = z.enum(["syntax", "threw", "time", "memory", "stack", "answer"]);

/** `POST /api/scripts/run` tries a source that is not stored; `/api/scripts/{reference}/run` a stored version. */
export const scriptTrialBody = z.strictObject({ source: sourceField, purpose: purposeField, input: jsonField });
export const scriptRunBody = z.strictObject({ input: jsonField });

export const scriptRunDocument = z.object({
  schema: z.literal("xvc.script-run/1"),
  ok: z.boolean(),
  value: jsonField.nullable(),
  fault: faultField.nullable(),
  message: lineField,
});
export type ScriptRunDocument = z.infer<typeof scriptRunDocument>;

/** `POST /api/scripts/{reference}/test`. */
export const scriptTestBody = z.strictObject({});

export const scriptTestDocument = z.object({
  schema: z.literal("xvc.script-test/1"),
  ok: z.boolean(),
  results: listOf(z.object({ name: nameField, problem: lineField.nullable() }), 20),
});
export type ScriptTestDocument = z.infer<typeof scriptTestDocument>;

/** `POST /api/entities/{reference}/transform`: what an active transformer would make of it; nothing is written. */
export const transformBody = z.strictObject({ script: z.string().min(1).max(100) });

export const transformedDocument = z.object({
  schema: z.literal("xvc.transformed/1"),
  /** `key@version`. */
  script: z.string().max(100),
  entity: z.string().max(200),
  /** Sent along with `set` and `unset` to `POST /api/entities/{reference}/change`, it writes what is shown. */
  version: countField,
  changes: listOf(
    z.object({ path: z.string().max(2_000), kind: z.enum(["added", "removed", "changed"]), before: jsonField, after: jsonField }),
    200,
  ),
  more: countField,
  set: jsonObjectField,
  unset: listOf(z.string().max(200), 1_000),
});
export type TransformedDocument = z.infer<typeof transformedDocument>;
