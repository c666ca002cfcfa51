import type { Attempt } from "../../core/execution/attempt.ts";
import type { Task } from "../../core/execution/task.ts";
import { type Capability, capabilityKind, capabilityLimits } from "../../core/gate/capability.ts";
import { haltOn } from "../../core/gate/halt.ts";
import type { CallFacts, NamedValue } from "../../core/gate/judge-call.ts";
import { type Label, joinLabels, noLabel, spoken } from "../../core/gate/label.ts";
import { readArguments } from "../../core/gate/read-arguments.ts";
import { grantLimits, standingGrantKind } from "../../core/gate/standing-grant.ts";
import { callLimits, toolCallKind } from "../../core/gate/tool-call.ts";
import type { ToolDeclaration } from "../../core/gate/tool-declaration.ts";
import { toolPinKind } from "../../core/gate/tool-pin.ts";
import { personaKind } from "../../core/personas/persona.ts";
import type { WorkRequest } from "../../core/requests/request.ts";
import type { Transaction } from "../ports/store.ts";
import type { LoadContext } from "../shared/command-handler.ts";
import { readHalts } from "./halt-shelf.ts";
import { type ToolJudge, toolJudge } from "./tool-judge.ts";

const judges = new WeakMap<LoadContext["authorizer"], ToolJudge>();

/** The policies about tools, read once for each authorizer. */
function judgeOf({ authorizer }: LoadContext): ToolJudge {
  const known = judges.get(authorizer);
  if (known !== undefined) return known;
  const made = toolJudge(authorizer);
  judges.set(authorizer, made);
  return made;
}

/** A call on its way, from a persona or from the ledger. */
export interface OnItsWay {
  readonly request: WorkRequest;
  readonly task: Task;
  readonly attempt: Attempt;
  readonly tool: ToolDeclaration | undefined;
  readonly toolName: string;
  readonly definitionSha256: string;
  readonly raw: string;
}

/** Everything that the gate knows of a call now, but for a person's yes. Capabilities and grants are locked, so that each is counted once. */
export async function loadFacts(transaction: Transaction, context: LoadContext, call: OnItsWay): Promise<Omit<CallFacts, "approved">> {
  const { attempt, toolName } = call;
  const persona = attempt.performer.id;
  const projectId = context.caller.projectId ?? "";
  // Read here and not remembered: nothing begins once a halt was committed before.
  const halts = await readHalts(transaction);
  const [pin] = await transaction.find(toolPinKind, { where: { tool: toolName }, limit: 1 });
  const grants = await transaction.find(standingGrantKind, { where: { tool: toolName, state: "live" }, limit: grantLimits.live });
  return {
    tool: call.tool,
    pin,
    persona,
    limits: (await transaction.find(personaKind, { where: { key: persona }, limit: 1 }))[0]?.limits,
    projectId,
    definitionSha256: call.definitionSha256,
    read: readArguments(call.raw),
    taskId: call.task.id,
    label: spoken(await contextLabel(transaction, call, projectId)),
    named: namedAddresses(call.request),
    capabilities: await lockCapabilities(transaction, persona, toolName),
    grants: await transaction.lock(
      standingGrantKind,
      grants.map(({ id }) => id),
    ),
    provisional: attempt.provisional === true,
    halt: haltOn(halts, { projectId, persona, tools: [toolName], providers: [attempt.executor] }),
    nowMs: context.nowMs,
    policies: judgeOf(context),
  };
}

/** The persona's own for this tool, with all they were handed on from. */
async function lockCapabilities(transaction: Transaction, persona: string, tool: string): Promise<readonly Capability[]> {
  const ids = new Set<string>();
  let next = await transaction.find(capabilityKind, { where: { persona, tool }, limit: capabilityLimits.perPersona });
  for (let depth = 0; depth < capabilityLimits.depth && next.length > 0; depth++) {
    for (const { id } of next) ids.add(id);
    next = await transaction.getMany(
      capabilityKind,
      next.flatMap(({ parentId }) => (parentId === null || ids.has(parentId) ? [] : [parentId])),
    );
  }
  return transaction.lock(capabilityKind, [...ids]);
}

/**
 * Of everything that can be in the context of a task's performer: the request is a person's word; what it brought, what other tasks
 * made, what memory told and what reviewers wrote is not; and every result of a tool carries its own label, over all attempts.
 */
async function contextLabel(transaction: Transaction, { request, task, attempt }: OnItsWay, projectId: string): Promise<Label> {
  const readers = [`project:${projectId}`];
  const used = await transaction.find(toolCallKind, { where: { taskId: task.id, state: "used" }, limit: callLimits.perAttempt });
  const brought =
    request.inputs.length > 0 || task.dependsOn.length > 0 || task.reworkPoints.length > 0 || (attempt.context?.told ?? 0) > 0;
  return joinLabels([
    { integrity: "human", readers },
    ...(brought ? [{ integrity: "external", readers } as const] : []),
    ...used.map((call) => call.resultLabel),
    ...(used.length >= callLimits.perAttempt ? [noLabel] : []),
  ]);
}

/** Most addresses taken out of one request. */
const maxNamed = 50;

/** Whole addresses that the requester typed into this request: the one token whose meaning is the same wherever it stands. */
export const namedAddresses = ({ text }: Pick<WorkRequest, "text">): readonly NamedValue[] =>
  text
    .split(/\s+/u)
    .map((word) => word.replace(/^[<("'[]+/u, "").replace(/[>)"'\],.;:!?]+$/u, ""))
    .filter((word) => /^https?:\/\/[^\s/]+/u.test(word))
    .slice(0, maxNamed)
    .map((value) => ({ tool: "http.fetch", argument: "url", value }));
