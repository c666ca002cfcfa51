import { z } from "zod";
import { idField, instantField, listOf, nameField, referenceField } from "./fields.ts";

/** What a key may do: look, or also act in its person's name. */
export const keyScopeField = z.enum(["read", "write"]);

/** Projects that one key may be bound to. */
export const maxKeyProjects = 20;

/** `POST /api/keys`. */
export const keyBody = z.strictObject({
  name: nameField,
  scope: keyScopeField.default("read"),
  /** Absent: until it is revoked. */
  expiresAtMs: instantField.optional(),
  /** Keys or ids of the projects it opens, and nothing else of the organization with them. Absent: every project its person may enter. */
  projects: z.array(referenceField).min(1).max(maxKeyProjects).optional(),
});
export type KeyBody = z.infer<typeof keyBody>;

/** A key without its secret, of which only a hash is kept. */
export const keyDocument = z.object({
  id: idField,
  name: nameField,
  scope: keyScopeField,
  createdAtMs: instantField,
  expiresAtMs: instantField.nullable(),
  /** Keys of the projects it is bound to, without those its person may not enter any more; null: every project its person may enter. */
  projects: listOf(z.string().max(20), maxKeyProjects).nullable(),
});
export type KeyDocument = z.infer<typeof keyDocument>;

export const keysDocument = z.object({ schema: z.literal("xvc.keys/1"), items: listOf(keyDocument, 100) });
export type KeysDocument = z.infer<typeof keysDocument>;

/** The only answer that ever carries the secret. */
export const keyCreated = z.object({ schema: z.literal("xvc.key-created/1"), key: keyDocument, secret: z.string().max(200) });
export type KeyCreated = z.infer<typeof keyCreated>;
