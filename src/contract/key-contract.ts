import { z } from "zod";
import { idField, instantField, listOf, nameField } from "./fields.ts";

/** What a key may do: look, or also act in its person's name. */
export const keyScopeField = z.enum(["read", "write"]);

/** `POST /api/keys`. */
export const keyBody = z.strictObject({
  name: nameField,
  scope: keyScopeField.default("read"),
  /** Absent: until it is revoked. */
  expiresAtMs: instantField.optional(),
});
export type KeyBody = z.infer<typeof keyBody>;

/** A key without its secret, of which only a hash is kept. */
export const keyDocument = z.object({
  id: idField,
  name: nameField,
  scope: keyScopeField,
  createdAtMs: instantField,
  expiresAtMs: instantField.nullable(),
});
export type KeyDocument = z.infer<typeof keyDocument>;

export const keysDocument = z.object({ schema: z.literal("xvc.keys/1"), items: listOf(keyDocument, 100) });
export type KeysDocument = z.infer<typeof keysDocument>;

/** The only answer that ever carries the secret. */
export const keyCreated = z.object({ schema: z.literal("xvc.key-created/1"), key: keyDocument, secret: z.string().max(200) });
export type KeyCreated = z.infer<typeof keyCreated>;
