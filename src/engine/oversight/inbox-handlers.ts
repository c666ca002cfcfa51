import { attemptKind } from "../../core/execution/attempt.ts";
import { type Task, taskKind } from "../../core/execution/task.ts";
import { decidePlan } from "../../core/execution/decide-plan.ts";
import { decideEffectAnswer } from "../../core/gate/decide-effect-answer.ts";
import { effectKindOf } from "../../core/gate/effect.ts";
import { decideIntegrationAnswer } from "../../core/integration/decide-integration.ts";
import { clockKind } from "../../core/oversight/clock.ts";
import { decideClockFired, decideDelegation, decideExpiry, type DelegateItem, type ExpireItem, type MarkClockFired } from "../../core/oversight/decide-item.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { personKind, projectKindOf } from "../../core/oversight/person.ts";
import { planKind } from "../../core/planning/plan.ts";
import { decideRequestAnswer, type AnswerItem } from "../../core/requests/decide-request-answer.ts";
import { requestKind, requestLabel, type WorkRequest } from "../../core/requests/request.ts";
import { decideTaskAnswer } from "../../core/review/decide-answer.ts";
import type { DecideContext } from "../../core/shared/decide-context.ts";
import { asId } from "../../core/shared/ids.ts";
import type { Decided } from "../../core/shared/transition.ts";
import type { Transaction } from "../ports/store.ts";
import { loadIntegration } from "../integration/integration-handlers.ts";
import { loadPlanSlice } from "../planning/plan-handlers.ts";
import { type LoadContext, handler } from "../shared/command-handler.ts";
import { loadAuthority, loadSurroundings, lockOne, lockOpenItems, readOne, shareRequest } from "../shared/load-slice.ts";

/** A slice with the decision that belongs to it; what an item is about chooses both. */
interface Answering {
  readonly decide: (command: AnswerItem, context: DecideContext) => Decided;
}

export const answerItemHandler = handler({
  load: (transaction, command: AnswerItem, context) => loadAnswering(transaction, command, context),
  decide: (slice: Answering, command, context) => slice.decide(command, context),
});

async function loadAnswering(transaction: Transaction, command: AnswerItem, context: LoadContext): Promise<Answering> {
  const item = await readOne(transaction, inboxItemKind, command.itemId);
  if (item.kind === "approval") return planAnswer(transaction, command, context, item);
  if (item.kind === "unknown-effect") return effectAnswer(transaction, command, context);
  if (item.subjectKind === "request" && item.kind === "question") return requestAnswer(transaction, command, context, item);
  if (item.subjectKind === "request") return integrationAnswer(transaction, command, context, item);
  return taskAnswer(transaction, command, context, item);
}

async function planAnswer(transaction: Transaction, command: AnswerItem, context: LoadContext, item: InboxItem): Promise<Answering> {
  const slice = await loadPlanSlice(transaction, context, item.subjectId, command.confirmation);
  const choice = command.choice === "approve" || command.choice === "reject" ? command.choice : "changes";
  return {
    decide: (answer, decideContext) =>
      decidePlan(slice, { kind: "decide-plan", planId: item.subjectId, choice, reason: answer.reason, documentSha256: null, confirmation: answer.confirmation, beforehand: false }, decideContext),
  };
}

async function effectAnswer(transaction: Transaction, command: AnswerItem, context: LoadContext): Promise<Answering> {
  const item = await lockOne(transaction, inboxItemKind, command.itemId);
  const effect = await lockOne(transaction, effectKindOf, item.subjectId);
  const authority = await loadAuthority(transaction, context, item.roles, own(item, context, command, item.id.slice(0, 8)));
  return { decide: (answer, decideContext) => decideEffectAnswer({ item, effect, authority }, answer, decideContext) };
}

async function requestAnswer(transaction: Transaction, command: AnswerItem, context: LoadContext, known: InboxItem): Promise<Answering> {
  const request = await lockOne(transaction, requestKind, known.requestId);
  const item = await lockOne(transaction, inboxItemKind, command.itemId);
  const open = await lockOpenItems(transaction, { subjectId: request.id });
  const authority = await loadAuthority(transaction, context, item.roles, own(item, context, command, await labelOf(transaction, context, request)));
  return { decide: (answer, decideContext) => decideRequestAnswer({ request, item, openQuestions: open.length, authority }, answer, decideContext) };
}

async function integrationAnswer(transaction: Transaction, command: AnswerItem, context: LoadContext, known: InboxItem): Promise<Answering> {
  const slice = await loadIntegration(transaction, known.requestId);
  const item = await lockOne(transaction, inboxItemKind, command.itemId);
  const authority = await loadAuthority(transaction, context, item.roles, own(item, context, command, await labelOf(transaction, context, slice.request)));
  return { decide: (answer, decideContext) => decideIntegrationAnswer({ ...slice, item, authority }, answer, decideContext) };
}

async function taskAnswer(transaction: Transaction, command: AnswerItem, context: LoadContext, known: InboxItem): Promise<Answering> {
  const judged = known.subjectKind === "attempt" ? await readOne(transaction, attemptKind, known.subjectId) : undefined;
  const request = await shareRequest(transaction, known.requestId);
  const task = await lockOne(transaction, taskKind, judged?.taskId ?? known.subjectId);
  const attempt = judged === undefined ? undefined : await lockOne(transaction, attemptKind, judged.id);
  const around = await withPlan(transaction, await loadSurroundings(transaction, context, request, task), task, known, command);
  const item = await lockOne(transaction, inboxItemKind, command.itemId);
  const authority = await loadAuthority(transaction, context, item.roles, own(item, context, command, await labelOf(transaction, context, request)));
  return { decide: (answer, decideContext) => decideTaskAnswer({ item, task, attempt, around: around.around, downstream: around.downstream, authority }, answer, decideContext) };
}

type Around = Awaited<ReturnType<typeof loadSurroundings>>;

/** For a patch that cancels, everything downstream is locked as well, with the plan that counts its sinks. */
async function withPlan(transaction: Transaction, around: Around, task: Task, item: InboxItem, command: AnswerItem): Promise<{ readonly around: Around; readonly downstream: readonly Task[] }> {
  if (item.kind !== "patch" || command.choice !== "cancel") return { around, downstream: [] };
  const downstream = new Map<string, Task>(around.dependents.map((dependent) => [dependent.id, dependent]));
  for (let edge = around.dependents; edge.length > 0; ) {
    const next = edge.flatMap((one) => one.dependents).filter((id) => !downstream.has(id));
    edge = next.length === 0 ? [] : await transaction.lock(taskKind, [...new Set(next)]);
    for (const one of edge) downstream.set(one.id, one);
  }
  return { around: { ...around, plan: around.plan ?? (await lockOne(transaction, planKind, task.planId)) }, downstream: [...downstream.values()] };
}

const own = (item: InboxItem, context: LoadContext, command: AnswerItem, shortId: string) => ({
  isOwnWork: item.excludedPersonIds.includes(asId(context.caller.actor.id)),
  confirmation: command.confirmation,
  shortId,
});

async function labelOf(transaction: Transaction, context: LoadContext, request: WorkRequest): Promise<string> {
  const project = await readOne(transaction, projectKindOf, context.caller.projectId ?? "");
  return requestLabel(project.key, request.number);
}

export const delegateItemHandler = handler({
  async load(transaction, command: DelegateItem, { caller }) {
    const item = await lockOne(transaction, inboxItemKind, command.itemId);
    return { item, from: await transaction.get(personKind, caller.actor.id), to: await transaction.get(personKind, command.personId) };
  },
  decide: decideDelegation,
});

export const expireItemHandler = handler({
  load: async (transaction, command: ExpireItem) => ({ item: await lockOne(transaction, inboxItemKind, command.itemId) }),
  decide: decideExpiry,
});

export const markClockFiredHandler = handler({
  load: async (transaction, command: MarkClockFired) => ({ clock: await lockOne(transaction, clockKind, command.clockId) }),
  decide: decideClockFired,
});
