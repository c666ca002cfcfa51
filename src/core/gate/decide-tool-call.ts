import type { InboxItem } from "../oversight/inbox-item.ts";
import { openItem, withdrawItem } from "../oversight/open-item.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, type Refusal, type Step, beginStep, refusalMessage, refuse } from "../shared/transition.ts";
import { type Capability, capabilityKind } from "./capability.ts";
import type { Reserved } from "./decide-reservation.ts";
import type { CallFacts, Judgement } from "./judge-call.ts";
import { judgeCall, namedArguments } from "./judge-call.ts";
import { noLabel } from "./label.ts";
import { shownCall } from "./show-call.ts";
import { amountOf, standingGrantKind } from "./standing-grant.ts";
import { type ToolCall, callLimits, toolCallKind } from "./tool-call.ts";
import type { ToolDeclaration } from "./tool-declaration.ts";

/** A persona wants a tool called. The hashes are made by our own worker from what it parsed; the text is as the persona wrote it. */
export interface RequestToolCall {
  readonly kind: "request-tool-call";
  readonly attemptId: string;
  readonly epoch: number;
  readonly callId: string;
  readonly toolName: string;
  readonly rawArguments: string;
  /** Undefined fields cannot be stored: null where no such tool is registered. */
  readonly tool: ToolDeclaration | null;
  readonly definitionSha256: string;
  readonly callSha256: string;
  readonly policySha256: string;
}

/** Takes what a call can use out of the budgets, in the commit that lets it out; a refusal keeps it in. Null: nothing has to be taken. */
export type ReserveForEffect = (step: Step, demand: { readonly costMicro: number; readonly wallMs: number }) => Reserved | null;

/** What a call is decided on. */
export interface ToolCallSlice {
  readonly facts: CallFacts;
  readonly requestId: string;
  /** The epoch under which the attempt is worked on now; null: it has ended. */
  readonly heldEpoch: number | null;
  /** Calls of this hash in this task, the latest last. */
  readonly earlier: readonly ToolCall[];
  readonly callsOfAttempt: number;
  /** The open question of this attempt with the calls it asks about, if there is one. */
  readonly asking: { readonly item: InboxItem; readonly calls: readonly ToolCall[] } | null;
  readonly askedLastHour: number;
  /** What the approved plan gives and nobody has used yet; null or absent: nothing. */
  readonly fromPlan?: Omit<Capability, "id" | "version" | "eventCount"> | null | undefined;
  readonly reserve?: ReserveForEffect | undefined;
}

/**
 * Decides about a call and records it with the reason of each step. `pure` calls that are allowed begin in this very commit; the
 * others begin when their effect is started, where all of it is looked at again.
 */
export function decideToolCall(slice: ToolCallSlice, command: RequestToolCall, context: DecideContext): Decided {
  if (slice.heldEpoch === null || command.epoch !== slice.heldEpoch)
    return refuse("conflict", "effect.stale-epoch", "The work that wants this call has ended or belongs to somebody else now.");
  if (slice.callsOfAttempt >= callLimits.perAttempt)
    return refuse("exhausted", "tool.too-many-calls", `An attempt makes at most ${callLimits.perAttempt} calls of tools.`);
  const step = beginStep(context);
  const settled = settledBefore(slice);
  if (settled !== undefined) return step.draft.accept(standing(settled));
  const judgement = judgeCall(withPlanned(step, slice));
  if (judgement.kind === "refused") return step.draft.accept(standing(record(step, { slice, command, judgement, state: "refused" })));
  if (judgement.kind === "ask") return ask(step, { slice, command, judgement });
  return allow(step, { slice, command, judgement });
}

/** The facts with the capability of the plan, which becomes a row when it is first asked for. */
function withPlanned({ draft, context }: Step, { facts, fromPlan }: ToolCallSlice): CallFacts {
  if (fromPlan === undefined || fromPlan === null) return facts;
  const given = draft.create(capabilityKind, { ...fromPlan, id: context.newId() });
  const { persona, tool, taskId, reason } = given;
  draft.record(capabilityKind, given, "capability.given", { persona, tool, taskId, reason });
  return { ...facts, capabilities: [...facts.capabilities, given] };
}

/** An earlier call that answers this one: the same question is one question, a no stands for the task, and what has happened has happened. */
function settledBefore({ earlier, facts }: ToolCallSlice): ToolCall | undefined {
  const last = earlier.at(-1);
  const isPure = facts.tool?.deliveryClass === "pure";
  const isSettled = last?.state === "asked" || last?.state === "denied" || (last?.state === "used" && !isPure);
  return isSettled ? last : undefined;
}

interface Judged<Kind extends Judgement = Judgement> {
  readonly slice: ToolCallSlice;
  readonly command: RequestToolCall;
  readonly judgement: Kind;
}

type Allowed = Judgement & { readonly kind: "allowed" };
type Asking = Judgement & { readonly kind: "ask" };

/** The latest yes to this hash, when it still counts. */
export const yesOf = (earlier: readonly ToolCall[], nowMs: number): ToolCall | undefined =>
  earlier.findLast((call) => call.state === "approved" && call.approvedUntilMs !== null && nowMs < call.approvedUntilMs);

function allow(step: Step, judged: Judged<Allowed>): Decided {
  const { slice, command, judgement } = judged;
  const yes = yesOf(slice.earlier, step.context.nowMs);
  const { tool } = slice.facts;
  if (tool?.deliveryClass !== "pure") {
    const open = slice.earlier.findLast((call) => call.state === "allowed");
    return step.draft.accept(standing(yes ?? open ?? record(step, { slice, command, judgement, state: "allowed" })));
  }
  return begin(step, judged, { tool, yes });
}

/** Lets a call begin in the commit that decides about it, if its cost can be taken. */
function begin(step: Step, judged: Judged<Allowed>, { tool, yes }: { readonly tool: ToolDeclaration; readonly yes: ToolCall | undefined }) {
  const { slice, judgement } = judged;
  const reserved = slice.reserve?.(step, demandOf(tool)) ?? null;
  if (reserved?.kind === "refused") return yes === undefined ? short(step, judged, reserved.refusal) : reserved.refusal;
  const call = yes ?? record(step, { ...judged, state: "allowed" });
  use(step, call, { judgement, tool, reserved });
  return step.draft.accept(standing(step.draft.current(toolCallKind, call)));
}

/** The most that one call of a tool can use. */
export const demandOf = ({ costMicro, timeLimitMs }: ToolDeclaration) => ({ costMicro, wallMs: timeLimitMs });

/** No budget has room for the call: it is written down as refused, and a later one like it is decided anew. */
function short(step: Step, { slice, command, judgement }: Judged<Allowed>, refusal: Refusal): Decided {
  const steps = [...judgement.steps, { step: "budget", verdict: "refuse", reason: refusalMessage(refusal) } as const];
  const refused = { kind: "refused", code: refusal.code, steps } as const;
  return step.draft.accept(standing(record(step, { slice, command, judgement: refused, state: "refused" })));
}

/** What a call takes with it when it begins. */
export interface Using {
  readonly judgement: Allowed;
  readonly tool: ToolDeclaration | undefined;
  readonly reserved: (Reserved & { readonly kind: "reserved" }) | null;
}

const paid = { step: "budget", verdict: "pass", reason: "What it can use at most is reserved." } as const;

/** Lets a call begin: counts it off its capabilities and its grant, names what was reserved for it and uses up its yes. */
export function use({ draft, context }: Step, call: ToolCall, using: Using): void {
  const { judgement, reserved } = using;
  for (const link of judgement.chain) draft.change(capabilityKind, link, { usedCalls: link.usedCalls + 1 });
  const grantId = countGrant(draft, call, using);
  const used = draft.change(toolCallKind, call, {
    state: "used",
    usedAtMs: context.nowMs,
    steps: reserved === null ? judgement.steps : [...judgement.steps, paid],
    question: judgement.question ?? null,
    capabilityId: judgement.chain[0]?.id ?? null,
    grantId,
    reservationId: reserved?.reservation.id ?? null,
  });
  draft.record(toolCallKind, used, "tool.used", { ...about(call), grantId, decidedBy: call.decidedBy });
}

function countGrant(draft: Step["draft"], call: ToolCall, { judgement: { grant }, tool }: Using): string | null {
  if (grant === undefined || tool === undefined) return null;
  draft.change(standingGrantKind, grant, {
    usedCalls: grant.usedCalls + 1,
    usedMicro: grant.usedMicro + (amountOf(tool, call.arguments) ?? 0),
  });
  return grant.id;
}

const about = (call: ToolCall): JsonObject => ({
  requestId: call.requestId,
  taskId: call.taskId,
  persona: call.persona,
  tool: call.tool,
  effectKind: call.effectKind,
  callSha256: call.callSha256,
});

function record(step: Step, { slice, command, judgement, state }: Judged & { readonly state: "refused" | "allowed" | "asked" }): ToolCall {
  const { facts } = slice;
  const call = step.draft.create(toolCallKind, {
    ...recordedFields(facts, command),
    id: step.context.newId(),
    state,
    requestId: asId(slice.requestId),
    taskId: asId(facts.taskId),
    attemptId: asId(command.attemptId),
    // What nobody may run is kept by its hash and its start alone: a flood of it must not fill the record.
    arguments: facts.read.ok && state !== "refused" ? facts.read.arguments : { start: command.rawArguments.slice(0, 500).toWellFormed() },
    steps: judgement.steps,
    question: judgement.question ?? null,
    refusedCode: judgement.kind === "refused" ? judgement.code : null,
    ...undecided,
    askedAtMs: step.context.nowMs,
  });
  const fact = { ...about(call), reason: judgement.steps.at(-1)?.reason ?? "" };
  if (state === "asked") return step.draft.record(toolCallKind, call, "tool.asked", fact);
  return step.draft.record(toolCallKind, call, state === "refused" ? "tool.refused" : "tool.allowed", fact);
}

const undecided = {
  itemId: null,
  capabilityId: null,
  grantId: null,
  reservationId: null,
  decidedBy: null,
  approvedUntilMs: null,
  usedAtMs: null,
} as const;

const recordedFields = ({ tool, persona, label, projectId, named, read }: CallFacts, command: RequestToolCall) => ({
  persona,
  label,
  named: tool === undefined || !read.ok ? [] : namedArguments({ named, tool, given: read.arguments }),
  declared: tool === undefined ? null : declaredThen(tool),
  tool: command.toolName.slice(0, 200).toWellFormed(),
  effectKind: tool?.effectKind ?? "act",
  callSha256: command.callSha256,
  definitionSha256: command.definitionSha256,
  policySha256: command.policySha256,
  resultLabel: tool === undefined ? noLabel : resultLabel(tool, projectId),
  costMicro: tool?.costMicro ?? 0,
});

const declaredThen = ({ origin, deliveryClass, targets, amountArgument, timeLimitMs }: ToolDeclaration): ToolCall["declared"] => ({
  origin,
  deliveryClass,
  targets,
  amountArgument,
  timeLimitMs,
});

const resultLabel = ({ result }: ToolDeclaration, projectId: string): ToolCall["resultLabel"] => ({
  integrity: result.integrity,
  readers: result.readers === "everyone" ? "everyone" : [`project:${projectId}`],
});

/** Puts the call before a person, on one screen with the others of this attempt that nobody has answered yet. */
function ask(step: Step, judged: Judged<Asking>): Decided {
  const { slice } = judged;
  const together = slice.asking?.calls ?? [];
  if (together.length >= callLimits.bundle)
    return refuse("exhausted", "tool.too-many-questions", `One screen asks about at most ${callLimits.bundle} calls; answer it first.`);
  if (slice.asking === null && slice.askedLastHour >= callLimits.asksPerHour)
    return refuse(
      "exhausted",
      "tool.too-many-questions",
      `People are asked at most ${callLimits.asksPerHour} times an hour in one project.`,
    );
  const call = record(step, { ...judged, state: "asked" });
  // A new screen in place of the old one: whoever has the old one open cannot say yes to what it does not show.
  if (slice.asking !== null) withdrawItem(step.draft, slice.asking.item, "asked together with another call of the same step");
  const calls = [...together, call];
  const item = openItem(step, questionAbout(calls, slice));
  for (const one of calls) step.draft.change(toolCallKind, one, { itemId: item.id });
  return step.draft.accept(standing(step.draft.current(toolCallKind, call)));
}

function questionAbout(calls: readonly ToolCall[], { facts, requestId }: ToolCallSlice): Parameters<typeof openItem>[1] {
  const [first] = calls;
  const names = [...new Set(calls.map((call) => call.tool))].join(", ");
  return {
    kind: "approval",
    requestId: asId(requestId),
    subjectKind: "attempt",
    subjectId: first?.attemptId ?? "",
    title: calls.length === 1 ? `Let ${facts.persona} call ${names}?` : `Let ${facts.persona} make ${calls.length} calls: ${names}?`,
    detail:
      "Exactly what is shown happens, once, if you say yes. A changed byte is asked about again; without an answer in time it does not happen.",
    ruleId: "gate.tool-approval",
    choices: [
      { id: "approve", label: calls.length === 1 ? "Let it happen" : "Let all of them happen", needs: "nothing" },
      { id: "deny", label: "No", needs: "nothing" },
    ],
    risk: "high",
    roles: ["administrator", "director", "lead"],
    effectKind: first?.effectKind ?? "act",
    evidence: { calls: calls.map((call) => shownCall(call) as unknown as JsonObject) }, // plain JSON by its type
  };
}

/** What the worker is told of a call. */
export const standing = (call: ToolCall): JsonObject => ({
  id: call.id,
  state: call.state,
  itemId: call.itemId,
  costMicro: call.costMicro,
  reservationId: call.reservationId,
  label: call.resultLabel as unknown as JsonObject, // plain JSON by its type
  arguments: call.arguments,
  code: codeOf(call),
  reason: call.steps.at(-1)?.reason ?? "",
});

const codeOf = ({ state, refusedCode }: ToolCall): string => refusedCode ?? (state === "denied" ? "tool.denied" : "");
