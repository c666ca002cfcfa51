import { z } from "zod";
import { chainSources, fallRules, maxLinks } from "../core/gate/model-chain.ts";
import { modelVendors } from "../core/gate/provider.ts";
import { countField, idField, instantField, lineField, listOf, microField, nameField, referenceField, textField } from "./fields.ts";

const vendorField = z.enum(modelVendors);
const windowField = z.number().int().min(1).max(1_000_000_000).nullable();
const modelsField = listOf(z.string().trim().min(1).max(120), 20);
/** A vendor's key: one line without spaces. It is sealed, and no answer ever carries it. */
const keyField = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{8,500}$/u, "is no key: one word of 8 to 500 characters");

/** `POST /api/providers`. */
export const providerBody = z.strictObject({
  name: nameField,
  vendor: vendorField,
  /** Absent: where the vendor answers. */
  baseUrl: z.string().trim().max(500).optional(),
  models: modelsField,
  /** What is sent there stays in the house. */
  local: z.boolean().default(false),
  requestsPerMinute: windowField.optional(),
  tokensPerMinute: windowField.optional(),
  /** Absent: the vendor's variable in the server's environment, or none for a local one. */
  key: keyField.optional(),
});
export type ProviderBody = z.infer<typeof providerBody>;

export const providerChangeBody = z.strictObject({
  models: modelsField.optional(),
  requestsPerMinute: windowField.optional(),
  tokensPerMinute: windowField.optional(),
  place: z.number().int().min(1).max(20).optional(),
  key: keyField.optional(),
});
export type ProviderChangeBody = z.infer<typeof providerChangeBody>;

/** `shown`: the lines of what leaves, as the list of providers tells them; who allows has seen them. */
export const providerUseBody = z.strictObject({
  project: referenceField,
  reason: z.string().trim().min(1).max(4_000),
  shown: listOf(lineField, 20).default([]),
});
export type ProviderUseBody = z.infer<typeof providerUseBody>;

const testFields = {
  ok: z.boolean(),
  detail: lineField,
  latencyMs: countField.nullable(),
  answeredBy: lineField.nullable(),
  inputTokens: countField.nullable(),
  outputTokens: countField.nullable(),
};

export const providerDocument = z.object({
  id: idField,
  name: nameField,
  state: z.enum(["active", "paused", "removed"]),
  vendor: vendorField,
  baseUrl: lineField,
  models: modelsField,
  local: z.boolean(),
  requestsPerMinute: windowField,
  tokensPerMinute: windowField,
  /** 1 is asked first. */
  place: countField,
  key: z.enum(["sealed", "environment", "missing", "none"]),
  /** Keys of the projects that may be sent there, of those the reader may see; a local one serves all. */
  projects: listOf(z.string().max(20), 1_000),
  lastTest: z.object({ atMs: instantField, ...testFields }).nullable(),
  /** What its vendor told of its limits, calls that wait for room, and until when nothing is sent. */
  pace: z
    .object({ requestsPerMinute: windowField, tokensPerMinute: windowField, waiting: countField, restsUntilMs: instantField.nullable() })
    .nullable(),
});
export type ProviderDocument = z.infer<typeof providerDocument>;

export const providersDocument = z.object({
  schema: z.literal("xvc.providers/1"),
  items: listOf(providerDocument, 20),
  vendors: listOf(
    z.object({ vendor: vendorField, baseUrl: lineField.nullable(), variable: lineField.nullable(), variableSet: z.boolean() }),
    10,
  ),
  /** What goes to a provider with each turn. */
  leaves: listOf(lineField, 20),
  mayChange: z.boolean(),
});
export type ProvidersDocument = z.infer<typeof providersDocument>;

export const providerTested = z.object({ schema: z.literal("xvc.provider-tested/1"), id: idField, ...testFields });

export const turnDocument = z.object({
  id: idField,
  number: countField,
  attempt: countField,
  state: z.enum(["asked", "answered", "failed", "lost"]),
  purpose: z.enum(["interpret", "work", "repair"]),
  provider: lineField,
  model: lineField,
  askedAtMs: instantField,
  endedAtMs: instantField.nullable(),
  inputTokens: countField.nullable(),
  outputTokens: countField.nullable(),
  costMicro: microField,
  /** The beginning of what was said. */
  said: textField,
  calls: listOf(
    z.object({ tool: lineField, arguments: lineField, answer: z.enum(["waiting", "done", "asked", "refused"]), text: lineField }),
    64,
  ),
  failure: lineField.nullable(),
  /** Which model of which chain this is, and why none before it. */
  route: z.object({
    source: z.enum(chainSources),
    place: countField,
    of: countField,
    over: listOf(z.object({ model: lineField, rule: z.enum(fallRules), message: lineField }), maxLinks),
  }),
});
export type TurnDocument = z.infer<typeof turnDocument>;

/** Turns of a task's latest attempts, the newest first. */
export const turnsDocument = z.object({
  schema: z.literal("xvc.turns/1"),
  items: listOf(turnDocument, 100),
  currency: z.string().max(3),
  /** When an attempt that rests goes on; null: none rests. */
  nextTryAtMs: instantField.nullable(),
  restReason: textField.nullable(),
  pausedBy: lineField.nullable(),
  notes: listOf(z.object({ note: textField, by: lineField, atMs: instantField }), 20),
});
export type TurnsDocument = z.infer<typeof turnsDocument>;
