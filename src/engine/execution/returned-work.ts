import { type Attempt, attemptKind } from "../../core/execution/attempt.ts";
import { type HeldTask, type ReturnWork, decideReturnedWork, maxReturned } from "../../core/execution/decide-returned-work.ts";
import { taskKind } from "../../core/execution/task.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { requestKind } from "../../core/requests/request.ts";
import type { Transaction } from "../ports/store.ts";
import { handler } from "../shared/command-handler.ts";
import { loadBench, lockClocksOf } from "../shared/load-slice.ts";

/** Most running attempts and delegated items of one project that are looked through. */
const maxLooked = 10_000;

/** Claimed by the person and not handed in: a hand-in raises the epoch from 0. */
const isHeld = (attempt: Attempt, personId: string): boolean =>
  attempt.executor === "human" && attempt.epoch === 0 && attempt.performer.kind === "person" && attempt.performer.id === personId;

async function loadHeld(
  transaction: Transaction,
  personId: string,
): Promise<{ readonly held: readonly HeldTask[]; readonly remaining: number }> {
  const running = await transaction.find(attemptKind, { where: { state: "running" }, limit: maxLooked });
  const known = running.filter((attempt) => isHeld(attempt, personId));
  const taken = known.slice(0, maxReturned);
  const requests = await transaction.share(requestKind, [...new Set(taken.map((attempt) => attempt.requestId))]);
  const tasks = await transaction.lock(
    taskKind,
    taken.map((attempt) => attempt.taskId),
  );
  const attempts = await transaction.lock(
    attemptKind,
    taken.map((attempt) => attempt.id),
  );
  const held = tasks.flatMap((task) => {
    const attempt = attempts.find((one) => one.id === task.attemptId && one.state === "running" && isHeld(one, personId));
    const request = requests.find((one) => one.id === task.requestId);
    return attempt === undefined || request === undefined || task.state !== "running" ? [] : [{ task, attempt, request }];
  });
  return { held, remaining: known.length - taken.length };
}

export const returnWorkHandler = handler({
  async load(transaction, command: ReturnWork, context) {
    const { held, remaining } = await loadHeld(transaction, command.personId);
    const delegated = (await transaction.find(inboxItemKind, { where: { state: "delegated" }, limit: maxLooked })).filter(
      (item) => item.delegateId === command.personId,
    );
    const items = await transaction.lock(
      inboxItemKind,
      delegated.slice(0, maxReturned).map((item) => item.id),
    );
    return {
      held,
      clocks: await lockClocksOf(
        transaction,
        held.map(({ attempt }) => attempt),
      ),
      items: items.filter((item) => item.state === "delegated" && item.delegateId === command.personId),
      remaining: remaining + Math.max(0, delegated.length - maxReturned),
      bench: await loadBench(transaction, context, held[0]?.request.rehearsal === true),
    };
  },
  decide: decideReturnedWork,
});
