import { z } from "zod";
import {
  countField,
  idField,
  instantField,
  jsonField,
  jsonObjectField,
  lineField,
  listOf,
  microField,
  performerDocument,
} from "./fields.ts";

const toolNameField = z.string().trim().min(1, "is empty").max(100);
const personaField = z.string().trim().min(1, "is empty").max(200);
const reasonField = z.string().trim().min(1, "is empty").max(2_000);
const hashField = z.string().regex(/^[0-9a-f]{64}$/u, "is no SHA-256 in 64 hex digits");

export const toolModeField = z.enum(["open", "tightened", "suspended"]);
export const toolStandingField = z.enum(["ready", "tightened", "suspended", "new", "changed", "halted"]);
export const effectGroupField = z.enum(["read", "write", "outward", "destructive"]);
export const contentRuleField = z.enum(["human", "inside", "any"]);
const stateField = z.enum(["asked", "approved", "denied", "allowed", "refused", "used", "withdrawn"]);

export const toolDocument = z.object({
  name: z.string().max(200),
  description: z.string().max(4_000),
  origin: z.string().max(300),
  parameters: jsonObjectField,
  effectKind: z.string().max(50),
  group: effectGroupField,
  deliveryClass: z.enum(["pure", "keyed", "queryable", "once"]),
  targets: listOf(z.string().max(200), 100),
  amountArgument: z.string().max(200).nullable(),
  resultIntegrity: z.string().max(50),
  costMicro: microField,
  timeLimitMs: countField,
  mode: toolModeField,
  standing: toolStandingField,
  definitionSha256: hashField,
  agreedSha256: hashField.nullable(),
  pin: z.object({ reason: z.string().max(2_000), setBy: performerDocument, setAtMs: instantField }).nullable(),
  mayCall: z.object({ everyone: z.boolean(), personas: listOf(z.string().max(200), 50), count: countField }),
});
export type ToolDocument = z.infer<typeof toolDocument>;

export const toolsDocument = z.object({
  schema: z.literal("xvc.tools/1"),
  items: listOf(toolDocument, 2_000),
  policies: listOf(
    z.object({ id: z.string().max(200), statement: lineField, text: z.string().max(20_000), kind: z.enum(["permit", "forbid"]) }),
    200,
  ),
  mayTighten: z.boolean(),
  mayOpen: z.boolean(),
});
export type ToolsDocument = z.infer<typeof toolsDocument>;

/** `POST /api/tools/mode`. `definitionSha256` is the definition that is agreed to by this; left out, what was agreed to stays. */
export const toolModeBody = z.strictObject({
  tool: toolNameField,
  mode: toolModeField,
  definitionSha256: hashField.nullable().default(null),
  reason: reasonField,
});
export type ToolModeBody = z.input<typeof toolModeBody>;

const shownLineDocument = z.object({
  argument: z.string().max(4_000),
  text: z.string().max(100_000),
  json: z.string(),
  chars: countField,
  part: z.enum(["target", "content"]),
  source: z.string().max(50),
  warnings: listOf(lineField, 10),
});

const rangeDocument = z.union([
  z.object({ kind: z.literal("one-of"), values: listOf(jsonField, 100) }),
  z.object({ kind: z.literal("between"), min: z.number(), max: z.number() }),
]);

export const grantDocument = z.object({
  id: idField,
  state: z.enum(["live", "revoked"]),
  tool: z.string().max(200),
  project: z.string().max(50),
  persona: z.string().max(200).nullable(),
  targets: z.record(z.string().max(200), listOf(jsonField, 50)),
  content: contentRuleField,
  maxCalls: countField,
  usedCalls: countField,
  capMicro: microField.nullable(),
  usedMicro: microField,
  expiresAtMs: instantField,
  givenBy: performerDocument,
  givenAtMs: instantField,
  reason: z.string().max(2_000),
  revokedBy: performerDocument.nullable(),
  covers: z.boolean(),
});
export type GrantDocument = z.infer<typeof grantDocument>;

export const capabilityDocument = z.object({
  id: idField,
  persona: z.string().max(200),
  personaName: lineField,
  tool: z.string().max(200),
  project: z.string().max(50),
  taskId: idField.nullable(),
  task: lineField.nullable(),
  ranges: z.record(z.string().max(200), rangeDocument),
  maxCalls: countField,
  usedCalls: countField,
  expiresAtMs: instantField,
  reason: z.string().max(2_000),
  givenBy: lineField,
  handedOn: z.boolean(),
});
export type CapabilityDocument = z.infer<typeof capabilityDocument>;

export const grantsDocument = z.object({
  schema: z.literal("xvc.grants/1"),
  currency: z.string().max(10),
  grants: listOf(grantDocument, 200),
  capabilities: listOf(capabilityDocument, 200),
  isCut: z.boolean(),
  mayGive: z.boolean(),
  limits: z.object({ calls: countField, days: countField, values: countField }),
});
export type GrantsDocument = z.infer<typeof grantsDocument>;

/** `POST /api/grants`. A yes beforehand: one tool, the values each target may have, whose words the content may be, a count, a cap, an end. */
export const grantBody = z.strictObject({
  project: z.string().trim().min(1, "is empty").max(200),
  tool: toolNameField,
  persona: personaField.nullable().default(null),
  targets: z.record(z.string().max(200), z.array(jsonField).min(1).max(50)),
  content: contentRuleField,
  maxCalls: countField,
  capMicro: microField.nullable().default(null),
  expiresAtMs: instantField,
  reason: reasonField,
});
export type GrantBody = z.input<typeof grantBody>;

export const grantRevokeBody = z.strictObject({ reason: z.string().trim().max(2_000).default("") });

export const toolCallDocument = z.object({
  id: idField,
  atMs: instantField,
  persona: z.string().max(200),
  personaName: lineField,
  tool: z.string().max(200),
  effectKind: z.string().max(50),
  group: effectGroupField,
  state: stateField,
  taskId: idField,
  task: lineField,
  reason: z.string().max(4_000),
  code: z.string().max(200).nullable(),
  steps: listOf(z.object({ step: z.string().max(50), verdict: z.enum(["pass", "ask", "refuse"]), reason: z.string().max(4_000) }), 20),
  policies: listOf(z.string().max(200), 200),
  decidedBy: performerDocument.nullable(),
  itemId: idField.nullable(),
  grantId: idField.nullable(),
  callSha256: z.string().max(64),
  costMicro: microField,
  lines: listOf(shownLineDocument, 10_000),
});
export type ToolCallDocument = z.infer<typeof toolCallDocument>;

export const toolCallsDocument = z.object({
  schema: z.literal("xvc.tool-calls/1"),
  items: listOf(toolCallDocument, 100),
  nextCursor: z.string().max(200).nullable(),
});
export type ToolCallsDocument = z.infer<typeof toolCallsDocument>;

export const toolCallsQuery = z.object({
  tool: toolNameField.optional(),
  state: stateField.optional(),
  cursor: idField.optional(),
});

/** One decided question to the tool policies; `xvc gate replay` reads one per line. */
export const gateQuestionDocument = z.object({
  schema: z.literal("xvc.gate-question/1"),
  id: idField,
  request: z.object({
    persona: z.string().max(200),
    action: z.string().max(50),
    tool: z.object({ name: z.string().max(200), origin: z.string().max(300), delivery: z.string().max(50), group: z.string().max(50) }),
    context: z.record(z.string().max(50), z.boolean()),
  }),
  allowed: z.boolean(),
  policies: listOf(z.string().max(200), 200),
});

export const gateRecordDocument = z.object({
  schema: z.literal("xvc.gate-record/1"),
  items: listOf(gateQuestionDocument, 5_000),
  without: countField,
  nextCursor: z.string().max(200).nullable(),
});

const serverNameField = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,29}$/u, "has 1 to 30 small letters, digits and dashes, and begins with a letter");
const transportField = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("stdio"), command: z.array(z.string().min(1).max(1_000)).min(1).max(50).readonly() }),
  z.strictObject({ kind: z.literal("http"), url: z.url({ protocol: /^https?$/u }).max(2_000), reach: z.enum(["outside", "house"]) }),
]);
const deliveryField = z.enum(["pure", "keyed", "queryable", "once"]);
const saidFields = {
  effectKind: z.string().max(50),
  deliveryClass: deliveryField,
  targets: listOf(z.string().max(200), 100),
  amountArgument: z.string().max(200).nullable(),
  costMicro: microField,
  timeLimitMs: countField,
};

export const outsideToolDocument = z.object({
  id: idField,
  name: z.string().max(300),
  state: z.enum(["waiting", "allowed", "changed", "gone"]),
  given: z.object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    inputSchema: jsonObjectField,
    annotations: jsonObjectField,
  }),
  givenSha256: hashField,
  said: z.object(saidFields),
  problems: listOf(z.string(), 1_000),
  allowedBy: performerDocument.nullable(),
});
export type OutsideToolDocument = z.infer<typeof outsideToolDocument>;

export const toolServersDocument = z.object({
  schema: z.literal("xvc.tool-servers/1"),
  items: listOf(
    z.object({
      id: idField,
      name: z.string().max(30),
      transport: transportField,
      hasToken: z.boolean(),
      addedBy: performerDocument,
      addedAtMs: instantField,
      reason: z.string().max(2_000),
      lastLook: z.object({ atMs: instantField, ok: z.boolean(), detail: z.string().max(1_000) }).nullable(),
      tools: listOf(outsideToolDocument, 2_000),
    }),
    50,
  ),
  effectKinds: listOf(z.object({ kind: z.string().max(50), group: z.string().max(50) }), 50),
  mayAdd: z.boolean(),
  mayAllow: z.boolean(),
});
export type ToolServersDocument = z.infer<typeof toolServersDocument>;

/** `POST /api/tool-servers`. The token is sealed in the vault and shown to nobody again. */
export const toolServerBody = z.strictObject({
  name: serverNameField,
  transport: transportField,
  token: z.string().trim().min(1).max(4_000).optional(),
  reason: reasonField,
});
export type ToolServerBody = z.input<typeof toolServerBody>;

/** `POST /api/outside-tools/:id/allow`. What is left out counts as the worst. */
export const outsideToolBody = z.strictObject({
  givenSha256: hashField,
  effectKind: z.string().max(50).default("act"),
  deliveryClass: deliveryField.default("once"),
  targets: saidFields.targets.default([]),
  amountArgument: saidFields.amountArgument.default(null),
  costMicro: microField.default(0),
  timeLimitMs: countField.default(60_000),
  reason: reasonField,
});
export type OutsideToolBody = z.input<typeof outsideToolBody>;
