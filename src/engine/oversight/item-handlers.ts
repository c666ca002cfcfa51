import type { AskBackItem, PutOffItem, ReplyItem } from "../../core/oversight/decide-ask-back.ts";
import { decideAskBack, decidePutOff, decideReply } from "../../core/oversight/decide-ask-back.ts";
import {
  type ClockCommand,
  type ExpireItem,
  decideClockStep,
  decideExpiry,
  isAnsweredByClock,
} from "../../core/oversight/decide-clock-step.ts";
import { type DelegateItem, decideDelegation } from "../../core/oversight/decide-item.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { personKind } from "../../core/oversight/person.ts";
import { type SeeMention, decideMentionSeen } from "../../core/requests/decide-comment.ts";
import { requestKind } from "../../core/requests/request.ts";
import { handler } from "../shared/command-handler.ts";
import { loadPerson, lockOne, readOne } from "../shared/load-slice.ts";
import { loadAnswering } from "./inbox-handlers.ts";
import { lockWithAuthority } from "./lock-answered.ts";

export const delegateItemHandler = handler({
  async load(transaction, command: DelegateItem, context) {
    const item = await lockOne(transaction, inboxItemKind, command.itemId);
    return { item, from: await loadPerson(transaction, context), to: await transaction.get(personKind, command.personId) };
  },
  decide: decideDelegation,
});

export const clockStepHandler = handler({
  load: async (transaction, command: Exclude<ClockCommand, ExpireItem>) => ({
    item: await lockOne(transaction, inboxItemKind, command.itemId),
  }),
  decide: decideClockStep,
});

/** The same slices as for a person's answer, where time answers; the item alone otherwise. */
export const expireItemHandler = handler({
  async load(transaction, command: ExpireItem, context) {
    const known = await readOne(transaction, inboxItemKind, command.itemId);
    if (!isAnsweredByClock(known, context.nowMs))
      return { item: await lockOne(transaction, inboxItemKind, command.itemId), answer: undefined };
    const answer = {
      kind: "answer-item",
      itemId: known.id,
      choice: known.defaultChoice ?? "",
      value: null,
      reason: "Nobody answered in time.",
      inputs: [],
      confirmation: null,
    } as const;
    const answering = await loadAnswering({ transaction, command: answer, context, known, byClock: true });
    return {
      item: await lockOne(transaction, inboxItemKind, command.itemId),
      answer: (now: Parameters<typeof answering.decide>[1]) => answering.decide(answer, now),
    };
  },
  decide: decideExpiry,
});

export const askBackHandler = handler({
  async load(transaction, command: AskBackItem, context) {
    const known = await readOne(transaction, inboxItemKind, command.itemId);
    const request = command.ofPersonId === null ? await transaction.get(requestKind, known.requestId ?? "") : undefined;
    const slice = await lockWithAuthority(transaction, context, command.itemId);
    return { ...slice, of: await transaction.get(personKind, command.ofPersonId ?? request?.requesterId ?? "") };
  },
  decide: decideAskBack,
});

export const replyItemHandler = handler({
  async load(transaction, command: ReplyItem, context) {
    const slice = await lockWithAuthority(transaction, context, command.itemId);
    return { ...slice, person: await loadPerson(transaction, context) };
  },
  decide: decideReply,
});

export const putOffItemHandler = handler({
  load: async (transaction, command: PutOffItem, context) => ({
    item: await lockOne(transaction, inboxItemKind, command.itemId),
    person: await loadPerson(transaction, context),
  }),
  decide: decidePutOff,
});

export const seeMentionHandler = handler({
  load: async (transaction, command: SeeMention, context) => ({
    item: await lockOne(transaction, inboxItemKind, command.itemId),
    person: await loadPerson(transaction, context),
  }),
  decide: decideMentionSeen,
});
