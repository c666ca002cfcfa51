import {
  type AnswerCall,
  type BeginTurn,
  type ContinueAttempt,
  type EndTurn,
  type PauseAttempt,
  decideAttemptPause,
  decideCallAnswer,
  decideContinue,
  decideTurn,
  decideTurnEnd,
} from "../../core/execution/decide-turn.ts";
import { attemptKind } from "../../core/execution/attempt.ts";
import { taskKind } from "../../core/execution/task.ts";
import { turnKind } from "../../core/execution/turn.ts";
import { providerKind } from "../../core/gate/provider.ts";
import { requestKind } from "../../core/requests/request.ts";
import { readHalts, shareHalts } from "../gate/halt-shelf.ts";
import { handler } from "../shared/command-handler.ts";
import { lockOne, readOne, shareOne } from "../shared/load-slice.ts";

export const beginTurnHandler = handler({
  async load(transaction, command: BeginTurn) {
    // Read anew: a call is not begun under a halt that another process set within the shelf's second.
    const halts = await shareHalts(transaction, await readHalts(transaction));
    const known = await readOne(transaction, attemptKind, command.attemptId);
    const request = await shareOne(transaction, requestKind, known.requestId);
    const task = await readOne(transaction, taskKind, known.taskId);
    const attempt = await lockOne(transaction, attemptKind, command.attemptId);
    const [provider] = await transaction.share(providerKind, [command.providerId]);
    const [last] = await transaction.find(turnKind, { where: { threadId: command.threadId, number: command.number - 1 }, limit: 1 });
    return { request, task, attempt, halts, provider, last };
  },
  decide: decideTurn,
});

export const endTurnHandler = handler({
  load: async (transaction, command: EndTurn) => ({
    attempt: await lockOne(transaction, attemptKind, command.attemptId),
    turn: await lockOne(transaction, turnKind, command.turnId),
  }),
  decide: decideTurnEnd,
});

export const answerCallHandler = handler({
  load: async (transaction, command: AnswerCall) => ({
    attempt: await lockOne(transaction, attemptKind, command.attemptId),
    turn: await lockOne(transaction, turnKind, command.turnId),
  }),
  decide: decideCallAnswer,
});

export const pauseAttemptHandler = handler({
  load: async (transaction, command: PauseAttempt) => ({ attempt: await lockOne(transaction, attemptKind, command.attemptId) }),
  decide: decideAttemptPause,
});

export const continueAttemptHandler = handler({
  load: async (transaction, command: ContinueAttempt) => ({ attempt: await lockOne(transaction, attemptKind, command.attemptId) }),
  decide: decideContinue,
});
