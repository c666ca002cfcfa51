import type { Label } from "../../core/gate/label.ts";
import { readArguments } from "../../core/gate/read-arguments.ts";
import { callIdentity } from "../../core/gate/tool-call.ts";
import { declarationProblems, definitionOf } from "../../core/gate/tool-declaration.ts";
import { toolPolicies } from "../../core/gate/tool-policy.ts";
import { treatmentOf } from "../../core/gate/effect-treatment.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { OrganizationId } from "../../core/shared/ids.ts";
import { type Json, type JsonObject, canonicalJson } from "../../core/shared/json.ts";
import type { AttemptContext } from "../ports/executor.ts";
import type { GatedTool } from "../ports/gated-tool.ts";
import type { DoorAnswer, ToolDoor, ToolRequest } from "../ports/tool-door.ts";
import type { Caller } from "../shared/caller.ts";
import { settledRun } from "./settle-call.ts";
import { type EffectDependencies, performEffect } from "./perform-effect.ts";
import { writtenIn } from "./task-files.ts";

export interface DoorParts extends EffectDependencies {
  readonly organizationId: OrganizationId;
  readonly tools: readonly GatedTool[];
  /** Tools that the persona of the attempt is said to work with. */
  readonly personaTools?: readonly string[];
  /** Takes secrets out of a text that came back from a tool. */
  readonly redact: (text: string) => string;
}

/** Largest result that goes into a context, as JSON. */
const maxResultChars = 200_000;

/** @throws {Failure} `tool.bad-declaration` for a tool that may not be registered; a program that starts with one is wrong */
export function toolRegistry(tools: readonly GatedTool[]): readonly GatedTool[] {
  const names = new Set<string>();
  for (const { declaration } of tools) {
    const problems = [...declarationProblems(declaration), ...(names.has(declaration.name) ? ["The name is taken."] : [])];
    names.add(declaration.name);
    if (problems.length > 0) throw new Failure("bug", "tool.bad-declaration", { message: `${declaration.name}: ${problems.join(" ")}` });
  }
  return tools;
}

/** The door of one attempt: every call of a tool goes through the gate, and nothing else reaches a tool. */
export function openToolDoor(parts: DoorParts, context: AttemptContext): ToolDoor {
  const byName = new Map(parts.tools.map((tool) => [tool.declaration.name, tool]));
  const policySha256 = parts.digest(canonicalJson(toolPolicies));
  const opened: Opened = { parts, context, policySha256 };
  return {
    offered: () =>
      parts.tools
        .filter(
          ({ declaration, fits }) =>
            isOffered(declaration, { ...context, personaTools: parts.personaTools ?? [] }) && fits?.(context) !== false,
        )
        .map(({ declaration: { name, description, parameters } }) => ({ name, description, parameters })),
    call: (request, signal) => callTool(opened, { request, tool: byName.get(request.tool) }, signal),
  };
}

/** What every performer may have in view: the files of its task, its own place, and memory. */
const everyones = /^(?:files|worktree|memory)\./u;

/**
 * What the plan names, and of what stays inside the task what everybody or this persona works with: each description costs
 * tokens in every turn. What is offered is not allowed yet.
 */
const isOffered = (
  { name, origin, effectKind }: GatedTool["declaration"],
  { task, personaTools }: AttemptContext & { readonly personaTools: readonly string[] },
): boolean =>
  task.spec.tools.includes(name) ||
  (origin === "built-in" &&
    ["read", "write-private"].includes(treatmentOf(effectKind)) &&
    (everyones.test(name) || personaTools.includes(name)));

interface Opened {
  readonly parts: DoorParts;
  readonly context: AttemptContext;
  readonly policySha256: string;
}

interface Knocking {
  readonly request: ToolRequest;
  readonly tool: GatedTool | undefined;
}

/** What the gate answered, as `standing` of core/gate says it. */
interface Decided {
  readonly id: string;
  readonly state: string;
  readonly itemId: string | null;
  readonly costMicro: number;
  readonly reservationId: string | null;
  readonly label: Label;
  readonly arguments: JsonObject;
  readonly code: string;
  readonly reason: string;
}

/** Refusals that are an answer to the performer; anything else ends the attempt or is a fault of ours. */
const answers = /^(?:tool|halt|budget)\.|^effect\.(?:refused|unknown)$/u;

async function callTool(opened: Opened, knocking: Knocking, signal: AbortSignal): Promise<DoorAnswer> {
  signal.throwIfAborted();
  try {
    const decided = await decide(opened, knocking);
    if (decided.state === "asked")
      return { kind: "asked", itemId: decided.itemId ?? "", question: `May "${knocking.request.tool}" be called? ${decided.reason}` };
    const { tool } = knocking;
    if (tool === undefined || decided.state === "refused" || decided.state === "denied")
      return { kind: "refused", code: decided.code, reason: decided.reason };
    const result = await carryOut(opened, { tool, decided }, signal);
    return done(opened, { tool, decided }, result);
  } catch (error) {
    if (error instanceof Failure && answers.test(error.code)) return { kind: "refused", code: error.code, reason: error.message };
    throw error;
  }
}

function done({ parts, context }: Opened, { tool, decided }: CarryingOut, result: JsonObject): DoorAnswer {
  // Only tools of this program are believed about content: a hash that an outside tool names could be another project's.
  const written = tool.declaration.origin === "built-in" ? writtenIn(context, result) : [];
  const { label, costMicro } = decided;
  return { kind: "done", result: cut(redacted(result, parts.redact)), label, costMicro, ...(written.length === 0 ? {} : { written }) };
}

const callerOf = ({ parts, context }: Opened, callId: string): Caller => ({
  organizationId: parts.organizationId,
  projectId: context.request.projectId,
  actor: { kind: "system", id: "worker" },
  key: `job:attempt:${context.attempt.id}:${context.attempt.epoch}:tool:${callId}`,
});

async function decide(opened: Opened, { request, tool }: Knocking): Promise<Decided> {
  const { parts, context, policySha256 } = opened;
  const { attempt, task } = context;
  const caller = callerOf(opened, request.callId.slice(0, 100));
  const definitionSha256 = tool === undefined ? "" : parts.digest(canonicalJson(definitionOf(tool.declaration)));
  const read = readArguments(request.rawArguments);
  const callSha256 =
    tool === undefined || !read.ok
      ? ""
      : parts.digest(
          canonicalJson(
            callIdentity({
              tool: tool.declaration.name,
              definitionSha256,
              arguments: read.arguments,
              persona: attempt.performer.id,
              taskId: task.id,
              projectId: context.request.projectId,
              policySha256,
            }),
          ),
        );
  const answer = await parts.apply(
    // A key of its own each time: after a person's answer the same call is decided anew.
    { ...caller, key: `${caller.key}:${parts.ids.next()}` },
    {
      kind: "request-tool-call",
      attemptId: attempt.id,
      epoch: attempt.epoch,
      callId: request.callId.slice(0, 100),
      toolName: request.tool.slice(0, 200).toWellFormed(),
      rawArguments: request.rawArguments.toWellFormed(),
      tool: tool?.declaration ?? null,
      definitionSha256,
      callSha256,
      policySha256,
    },
  );
  return answer as unknown as Decided; // the shape of core/gate's `standing`
}

interface CarryingOut {
  readonly tool: GatedTool;
  readonly decided: Decided;
}

/** `pure` calls have begun with the decision; all others begin in the effect ledger, where everything is looked at again. */
async function carryOut(opened: Opened, { tool, decided }: CarryingOut, signal: AbortSignal): Promise<JsonObject> {
  const { parts, context } = opened;
  const { declaration } = tool;
  const letThrough = { context, arguments: decided.arguments };
  if (declaration.deliveryClass === "pure")
    return settledRun(parts, { caller: callerOf(opened, decided.id), begun: decided }, () =>
      tool.run({ ...letThrough, effectKey: decided.id }, AbortSignal.any([signal, parts.clock.deadline(declaration.timeLimitMs)])),
    );
  const { name, deliveryClass, effectKind } = declaration;
  return performEffect({ ...parts, callDeadlineMs: declaration.timeLimitMs }, callerOf(opened, decided.id), {
    requestId: context.request.id,
    taskId: context.task.id,
    epoch: context.attempt.epoch,
    step: "tool",
    ordinal: 1,
    arguments: decided.arguments,
    called: { toolCallId: decided.id, tool: declaration },
    tool: {
      name,
      deliveryClass,
      effectKind,
      call: (effectKey, _arguments, limit) => tool.run({ ...letThrough, effectKey }, AbortSignal.any([signal, limit])),
      ...(tool.query === undefined ? {} : { query: (effectKey) => tool.query?.(effectKey) ?? Promise.resolve(undefined) }),
    },
  });
}

/** The same value with every text redacted, names of fields included. */
function redacted(value: JsonObject, redact: (text: string) => string): JsonObject {
  const each = (one: Json): Json => {
    if (typeof one === "string") return redact(one);
    if (Array.isArray(one)) return one.map((item: Json) => each(item));
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, item]) => [redact(key), each(item)]));
  };
  return each(value) as JsonObject; // an object stays one
}

function cut(result: JsonObject): JsonObject {
  const text = JSON.stringify(result);
  return text.length <= maxResultChars ? result : { cut: true, chars: text.length, start: text.slice(0, maxResultChars).toWellFormed() };
}
