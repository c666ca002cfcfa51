import {
  decideEffectEnd,
  decideEffectStart,
  decideIntent,
  type EndEffect,
  type IntendEffect,
  type StartEffect,
} from "../../core/gate/decide-effect.ts";
import { effectKindOf } from "../../core/gate/effect.ts";
import { haltOn } from "../../core/gate/halt.ts";
import { attemptKind } from "../../core/execution/attempt.ts";
import { taskKind } from "../../core/execution/task.ts";
import { handler } from "../shared/command-handler.ts";
import { lockOne, readOne } from "../shared/load-slice.ts";
import { loadCalledStart } from "./tool-call-handlers.ts";
import { readHalts } from "./halt-shelf.ts";

export const intendEffectHandler = handler({
  load: async (transaction, command: IntendEffect) => ({
    existing: (await transaction.find(effectKindOf, { where: { effectKey: command.effectKey }, limit: 1 }))[0],
  }),
  decide: decideIntent,
});

export const startEffectHandler = handler({
  async load(transaction, command: StartEffect, context) {
    const known = await readOne(transaction, effectKindOf, command.effectId);
    const task = await readOne(transaction, taskKind, known.taskId);
    // Shared: a cancellation or hand-over comes before this start, which then is refused, or after it.
    const [attempt] = task.attemptId === null ? [] : await transaction.share(attemptKind, [task.attemptId]);
    // Read here and not remembered: nothing leaves once a halt was committed before this start began.
    const halts = await readHalts(transaction);
    const effect = await lockOne(transaction, effectKindOf, command.effectId);
    return {
      effect,
      called: await loadCalledStart(transaction, context, { effect, tool: command.tool }),
      halt: haltOn(halts, {
        projectId: context.caller.projectId,
        persona: attempt?.performer.kind === "persona" ? attempt.performer.id : null,
        tools: [known.tool],
        providers: attempt === undefined ? [] : [attempt.executor],
      }),
      heldEpoch: attempt?.state === "running" ? attempt.epoch : null,
    };
  },
  decide: decideEffectStart,
});

export const endEffectHandler = handler({
  load: async (transaction, command: EndEffect) => ({ effect: await lockOne(transaction, effectKindOf, command.effectId) }),
  decide: decideEffectEnd,
});
