import { z } from "zod";
import { countField, idField, instantField, lineField, listOf, microField, nameField } from "./fields.ts";

/** `POST /api/embeddings`. */
export const embeddingBody = z.strictObject({
  /** Name or id of a connected provider. */
  provider: z.string().trim().min(1).max(100),
  model: z.string().trim().min(1).max(120),
  /** Every vector is made anew, also where this very model made one. */
  anew: z.boolean().default(false),
});
export type EmbeddingBody = z.infer<typeof embeddingBody>;

/** `GET /api/embeddings`: who makes vectors for the search, and how far that is. */
export const embeddingsDocument = z.object({
  schema: z.literal("xvc.embeddings/1"),
  /** Null: the search goes by words alone. */
  chosen: z
    .object({
      providerId: idField,
      provider: nameField,
      model: lineField,
      local: z.boolean(),
      /** The provider is paused: nothing is asked. */
      paused: z.boolean(),
      /** Numbers in a vector; null: none was made yet. */
      dimension: countField.nullable(),
      chosenAtMs: instantField,
      /** Present texts that may be sent there, of the projects the reader may see. */
      texts: countField,
      vectors: countField,
      /** Texts that the model does not take. */
      refused: countField,
      /** Real projects of the reader whose texts are sent there, and those whose are not. */
      projects: countField,
      otherProjects: countField,
      /** Since it was chosen, vectors of searched texts not counted. */
      costMicro: microField,
      restUntilMs: instantField.nullable(),
      failure: z.object({ atMs: instantField, code: lineField, message: lineField }).nullable(),
    })
    .nullable(),
  /** Texts compared in one search at most. */
  mostCompared: countField,
  /** Providers that can make vectors. */
  providers: listOf(nameField, 20),
  currency: z.string().max(3),
  mayChange: z.boolean(),
});
export type EmbeddingsDocument = z.infer<typeof embeddingsDocument>;
