import type { DecideContext } from "../shared/decide-context.ts";
import { type Decided, beginStep } from "../shared/transition.ts";
import { type Attempt, type ContextGiven, attemptKind } from "./attempt.ts";

/** Keeps what an attempt's performer was told. */
export interface RecordContext {
  readonly kind: "record-context";
  readonly attemptId: string;
  readonly given: Omit<ContextGiven, "atMs">;
}

/** Writes it on the attempt, unless that has it or is over: what was told at the beginning is never told otherwise. */
export function decideContext({ attempt }: { readonly attempt: Attempt }, command: RecordContext, context: DecideContext): Decided {
  const step = beginStep(context);
  const answer = { id: attempt.id, state: attempt.state };
  if (attempt.context !== undefined || attempt.endedAtMs !== null) return step.draft.accept(answer);
  const { manifest, tokens, budgetTokens, told, leftOut } = command.given;
  step.draft.change(attemptKind, attempt, { context: { ...command.given, atMs: context.nowMs } });
  step.draft.record(attemptKind, attempt, "context.given", {
    requestId: attempt.requestId,
    taskId: attempt.taskId,
    manifestSha256: manifest.sha256,
    tokens,
    budgetTokens,
    told,
    leftOut,
  });
  return step.draft.accept(answer);
}
