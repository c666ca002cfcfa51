import { openItem } from "../oversight/open-item.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, type Refusal, beginStep, beginTransition, refuse } from "../shared/transition.ts";
import { type Halt, haltedWhat } from "./halt.ts";
import { type CalledStart, beginCall } from "./begin-call.ts";
import { toolCallKind } from "./tool-call.ts";
import type { ToolDeclaration } from "./tool-declaration.ts";
import { type DeliveryClass, type Effect, type EffectKind, effectKindOf } from "./effect.ts";

/** Writes an effect into the ledger before anything leaves. The same key finds the earlier one. */
export interface IntendEffect {
  readonly kind: "intend-effect";
  readonly effectKey: string;
  readonly requestId: string;
  readonly taskId: string;
  readonly tool: string;
  readonly deliveryClass: DeliveryClass;
  readonly effectKind: EffectKind;
  readonly step: string;
  readonly ordinal: number;
  readonly arguments: JsonObject;
  /** The call of a persona that it carries out. */
  readonly toolCallId?: string;
}

/** The last commit before bytes leave. */
export interface StartEffect {
  readonly kind: "start-effect";
  readonly effectId: string;
  readonly epoch: number;
  readonly deadlineAtMs: number;
  /** Earlier starts that the caller knows to be over: it waited out their calls, and asked the receiver where it can be asked. */
  readonly endedStarts: number;
  /** How the tool is declared now, where a persona called it. */
  readonly tool?: ToolDeclaration;
}

/** What the receiver said, or that nobody can know. */
export interface EndEffect {
  readonly kind: "end-effect";
  readonly effectId: string;
  readonly outcome: "done" | "failed" | "unknown";
  readonly result: JsonObject;
}

/** Writes an intended effect, or answers with what the ledger knows of its key. */
export function decideIntent(slice: { readonly existing: Effect | undefined }, command: IntendEffect, context: DecideContext): Decided {
  const draft = beginTransition();
  if (slice.existing !== undefined) return draft.accept(standing(slice.existing));
  const effect = draft.create(effectKindOf, {
    id: context.newId(),
    effectKey: command.effectKey,
    state: "intended",
    requestId: asId(command.requestId),
    taskId: asId(command.taskId),
    tool: command.tool,
    deliveryClass: command.deliveryClass,
    effectKind: command.effectKind,
    step: command.step,
    ordinal: command.ordinal,
    arguments: command.arguments,
    epoch: 0,
    starts: 0,
    deadlineAtMs: null,
    result: null,
    ...(command.toolCallId === undefined ? {} : { toolCallId: command.toolCallId }),
  });
  draft.record(effectKindOf, effect, "effect.intended", {
    requestId: command.requestId,
    tool: command.tool,
    effectKey: command.effectKey,
    deliveryClass: command.deliveryClass,
  });
  return draft.accept(standing(effect));
}

/** An effect and the epoch under which its task is being worked on at this moment; null when nobody is. */
export interface EffectSlice {
  readonly effect: Effect;
  readonly heldEpoch: number | null;
  /** The halt that covers the effect, as it stands at this start; absent: none. */
  readonly halt?: Halt | undefined;
  /** The call of a persona that it carries out, with all that is known of it now. */
  readonly called?: CalledStart | undefined;
}

/**
 * Lets an effect be sent, or sent again, by its class: `pure` and `keyed` may be repeated, `queryable` after the
 * receiver was asked, `once` never. Only the present holder of the task's attempt may: a cancelled or replaced one
 * sends nothing any more. A refused start tells the caller what the ledger already knows.
 */
export function decideEffectStart(slice: EffectSlice, command: StartEffect, context: DecideContext): Decided {
  const { effect, heldEpoch, halt } = slice;
  const refused = startProblem(effect, command.endedStarts);
  if (refused !== null) return refused;
  if (command.epoch !== heldEpoch)
    return refuse("conflict", "effect.stale-epoch", "The work that wants this effect has ended or belongs to somebody else now.");
  if (halt !== undefined)
    return refuse("conflict", "halt.in-force", `Halted: ${haltedWhat(halt)}. ${halt.reason} Nothing is sent before it is lifted.`, {
      haltId: halt.id,
    });
  const step = beginStep(context);
  const { draft } = step;
  const unfit = beginCall(step, effect, slice.called);
  if (unfit !== null) return unfit;
  draft.change(effectKindOf, effect, {
    state: "started",
    epoch: Math.max(effect.epoch, command.epoch),
    starts: effect.starts + 1,
    deadlineAtMs: command.deadlineAtMs,
  });
  const started = draft.record(effectKindOf, effect, "effect.started", {
    requestId: effect.requestId,
    tool: effect.tool,
    effectKey: effect.effectKey,
    start: effect.starts + 1,
  });
  const { called } = slice;
  return draft.accept({
    ...standing(started),
    reservationId: called === undefined ? null : draft.current(toolCallKind, called.call).reservationId,
  });
}

function startProblem(effect: Effect, endedStarts: number): Refusal | null {
  if (effect.state === "done" || effect.state === "failed")
    return refuse("conflict", "effect.settled", `This effect is already ${effect.state}; its recorded result stands.`);
  if (effect.state === "unknown")
    return refuse("conflict", "effect.unknown", "Nobody knows whether this effect happened; a person decides.");
  if (effect.state === "intended") return null;
  if (effect.deliveryClass === "once")
    return refuse("conflict", "effect.started-once", "This effect was started before and cannot be repeated.");
  // Counted, not timed: a clock that jumps must never let two calls out.
  if (effect.deliveryClass === "queryable" && endedStarts !== effect.starts)
    return refuse("conflict", "effect.still-open", "The earlier call may still be sending; ask the receiver after its deadline.");
  return null;
}

/** Records how a started effect ended. An unknown end goes before a person and is never retried by code. */
export function decideEffectEnd({ effect }: { readonly effect: Effect }, command: EndEffect, context: DecideContext): Decided {
  const step = beginStep(context);
  const { draft } = step;
  if (effect.state === "done" || effect.state === "failed") return draft.accept(standing(effect));
  if (effect.state === "unknown") return refuse("conflict", "effect.unknown", "A person decides about this effect.");
  if (effect.state === "intended" && command.outcome === "done")
    return refuse("conflict", "effect.not-started", "Only a started effect can have happened.");
  draft.change(effectKindOf, effect, { state: command.outcome, result: command.result });
  const ended = draft.record(effectKindOf, effect, `effect.${command.outcome}`, {
    requestId: effect.requestId,
    tool: effect.tool,
    effectKey: effect.effectKey,
  });
  if (command.outcome === "unknown") {
    openItem(step, {
      kind: "unknown-effect",
      requestId: effect.requestId,
      subjectKind: "effect",
      subjectId: effect.id,
      title: `Did "${effect.tool}" happen?`,
      detail:
        effect.state === "intended"
          ? "It was about to be sent when the backup was made that this was restored from, and may have been sent since. Look there, then say what is true; it is never sent again by itself."
          : "The call was sent, then contact was lost, and the receiver cannot be asked. Look there, then say what is true; it is never sent again by itself.",
      ruleId: "gate.unknown-effect",
      choices: [
        { id: "done", label: "It happened", needs: "reason" },
        { id: "failed", label: "It did not happen", needs: "reason" },
      ],
      risk: "high",
      effectKind: effect.effectKind,
      evidence: { effectKey: effect.effectKey, tool: effect.tool, arguments: effect.arguments, starts: effect.starts },
    });
  }
  return draft.accept(standing(ended));
}

const standing = (effect: Effect) => ({
  id: effect.id,
  state: effect.state,
  result: effect.result,
  starts: effect.starts,
  deadlineAtMs: effect.deadlineAtMs,
});
