import { z } from "zod";
import { agentForms, agentLimits } from "../core/gate/agent.ts";
import { idField, instantField, lineField, listOf, nameField, referenceField } from "./fields.ts";

const formField = z.enum(agentForms);
const wordField = z.string().min(1).max(agentLimits.wordChars);

/** A command line that a person declares; `{prompt}`, `{outputs}` and `{worktree}` stand for places. */
const commandField = z.strictObject({
  argv: listOf(wordField, agentLimits.words),
  prompt: z.enum(["stdin", "file"]).default("file"),
  output: z.enum(["text", "jsonl"]).default("text"),
  timeoutMs: z.number().int().min(agentLimits.minTimeoutMs).max(agentLimits.maxTimeoutMs).default(300_000),
});

/** `POST /api/agents`. */
export const agentBody = z.strictObject({
  name: nameField,
  form: formField,
  /** Name or id of the model provider that it may reach; absent: none, and then it reaches nothing. */
  provider: referenceField.optional(),
  /** Absent: the provider's first one. */
  model: z.string().trim().min(1).max(120).optional(),
  command: commandField.optional(),
});
export type AgentBody = z.infer<typeof agentBody>;

const testFields = { ok: z.boolean(), detail: lineField, version: lineField.nullable() };

const agentDocument = z.object({
  id: idField,
  name: nameField,
  state: z.enum(["active", "paused", "removed"]),
  form: formField,
  /** Name of its model provider; null: it has none, or that one was removed. */
  provider: lineField.nullable(),
  model: lineField.nullable(),
  argv: listOf(wordField, agentLimits.words),
  /** 1 is used first. */
  place: z.number().int(),
  lastTest: z.object({ atMs: instantField, ...testFields }).nullable(),
});
export type AgentDocument = z.infer<typeof agentDocument>;

export const agentsDocument = z.object({
  schema: z.literal("xvc.agents/1"),
  items: listOf(agentDocument, agentLimits.agents),
  /** Looked for on the server's PATH; none of them is part of this program. */
  found: listOf(
    z.object({
      form: formField,
      title: lineField,
      looksFor: lineField,
      /** Null: it is not there. */
      program: lineField.nullable(),
      version: lineField.nullable(),
      vendors: listOf(lineField, 10),
    }),
    10,
  ),
  /** Why agents cannot run here, and what helps; null: they can. */
  unavailable: z.string().max(2_000).nullable(),
  mayChange: z.boolean(),
});
export type AgentsDocument = z.infer<typeof agentsDocument>;

export const agentTested = z.object({ schema: z.literal("xvc.agent-tested/1"), id: idField, ...testFields });
