import { z } from "zod";
import { countField, jsonObjectField, lineField, listOf, nameField, sha256Field } from "./fields.ts";

/** A named piece of content, by hash. */
export const artifactDocument = z.object({ name: nameField, sha256: sha256Field, mediaType: z.string().max(200), bytes: countField });
export type ArtifactDocument = z.infer<typeof artifactDocument>;

/** A file, folder or repository already taken in as content, ready to be part of a request. */
export const requestInputDocument = z.object({
  name: nameField,
  kind: z.enum(["git-repository", "folder", "file"]),
  origin: lineField,
  artifacts: listOf(artifactDocument, 20),
  facts: jsonObjectField,
});
export type RequestInputDocument = z.infer<typeof requestInputDocument>;

/** `POST /api/inputs`: a path on the server's own machine; only for the token of this machine. */
export const inputPathBody = z.strictObject({
  path: z.string().min(1).max(4_096),
  includeWorktree: z.boolean().optional(),
  name: nameField.optional(),
});
export type InputPathBody = z.infer<typeof inputPathBody>;

export const takenInput = z.object({ schema: z.literal("xvc.input/1"), input: requestInputDocument });
export type TakenInput = z.infer<typeof takenInput>;
