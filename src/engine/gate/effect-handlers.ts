import { decideEffectEnd, decideEffectStart, decideIntent, type EndEffect, type IntendEffect, type StartEffect } from "../../core/gate/decide-effect.ts";
import { effectKindOf } from "../../core/gate/effect.ts";
import { handler } from "../shared/command-handler.ts";
import { lockOne } from "../shared/load-slice.ts";

export const intendEffectHandler = handler({
  load: async (transaction, command: IntendEffect) => ({ existing: (await transaction.find(effectKindOf, { where: { effectKey: command.effectKey }, limit: 1 }))[0] }),
  decide: decideIntent,
});

export const startEffectHandler = handler({
  load: async (transaction, command: StartEffect) => ({ effect: await lockOne(transaction, effectKindOf, command.effectId) }),
  decide: decideEffectStart,
});

export const endEffectHandler = handler({
  load: async (transaction, command: EndEffect) => ({ effect: await lockOne(transaction, effectKindOf, command.effectId) }),
  decide: decideEffectEnd,
});
