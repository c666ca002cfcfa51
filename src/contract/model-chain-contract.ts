import { z } from "zod";
import { fallRules, maxLinks } from "../core/gate/model-chain.ts";
import { lineField, listOf } from "./fields.ts";

const scopeField = z.enum(["organization", "project", "persona"]);
const linksField = listOf(z.string().trim().min(3).max(170), maxLinks);

/** `POST /api/model-chains`: `of` is a project's or persona's key, and absent for the organization. */
export const modelChainBody = z.strictObject({
  scope: scopeField,
  of: z.string().trim().max(80).optional(),
  /** `provider/model`, the first one asked first; empty: nothing is said here. */
  links: linksField,
  reason: z.string().trim().min(1).max(4_000),
});
export type ModelChainBody = z.infer<typeof modelChainBody>;

export const modelChainsDocument = z.object({
  schema: z.literal("xvc.model-chains/1"),
  items: listOf(z.object({ scope: scopeField, key: z.string().max(80), links: linksField }), 2_000),
  rules: listOf(z.object({ rule: z.enum(fallRules), says: lineField }), 10),
});
export type ModelChainsDocument = z.infer<typeof modelChainsDocument>;
