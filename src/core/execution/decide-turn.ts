import { type Halt, haltOn } from "../gate/halt.ts";
import { fallRuleOf, fallRuleWords, maxLinks } from "../gate/model-chain.ts";
import { type Provider, mayServe } from "../gate/provider.ts";
import type { DecideContext } from "../shared/decide-context.ts";
import { asId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import { type Decided, type Refusal, beginStep, refuse } from "../shared/transition.ts";
import { type Attempt, attemptKind } from "./attempt.ts";
import { clockKind } from "../oversight/clock.ts";
import { type HeldSlice, goOn, haltRefusal, haltedWork } from "./hold-attempt.ts";
import { staleAttemptReport } from "./stale-report.ts";
import {
  type CallAnswer,
  type FinishReason,
  type ModelUsage,
  type SaidPart,
  type Turn,
  type TurnPurpose,
  type TurnRoute,
  openCalls,
  turnKind,
  turnLimits,
} from "./turn.ts";

/** A model is about to be asked. Written before the call, so that a worker that dies leaves a trace of it. */
export interface BeginTurn {
  readonly kind: "begin-turn";
  readonly attemptId: string;
  readonly epoch: number;
  readonly threadId: string;
  readonly number: number;
  readonly purpose: TurnPurpose;
  readonly providerId: string;
  readonly model: string;
  readonly route: TurnRoute;
  readonly openingSha256: string;
  readonly told: string | null;
  /** Notes of people that are said with it, counted from the first; absent: none. */
  readonly steered?: number;
  readonly reservationId: string | null;
}

/** What the call came to. */
export interface EndTurn {
  readonly kind: "end-turn";
  readonly attemptId: string;
  readonly epoch: number;
  readonly turnId: string;
  readonly costMicro: number;
  readonly usage: ModelUsage | null;
  readonly outcome:
    | {
        readonly kind: "answered";
        readonly parts: readonly SaidPart[];
        readonly finish: FinishReason;
        readonly interpretation: string | null;
      }
    | {
        readonly kind: "failed" | "lost";
        readonly code: string;
        readonly message: string;
        /** How long its vendor asks to be left alone; null: it does not say. */
        readonly retryAfterMs: number | null;
      };
}

/** What one of its tool calls came to. */
export interface AnswerCall {
  readonly kind: "answer-call";
  readonly attemptId: string;
  readonly epoch: number;
  readonly turnId: string;
  readonly answer: CallAnswer;
}

/** A job has done its share of a longer attempt. */
export interface PauseAttempt {
  readonly kind: "pause-attempt";
  readonly attemptId: string;
  readonly epoch: number;
  readonly reason: string;
  /** How long it rests before it goes on; null: not at all. */
  readonly restMs: number | null;
}

/** An attempt that rested goes on. */
export interface ContinueAttempt {
  readonly kind: "continue-attempt";
  readonly attemptId: string;
}

/** Longest rest of an attempt between two jobs. */
export const maxRestMs = 3_600_000;

export interface TurnSlice extends HeldSlice {
  /** The provider asked; undefined: it is gone. */
  readonly provider: Provider | undefined;
  /** The latest turn of the thread; undefined: there is none. */
  readonly last: Turn | undefined;
}

const fenceProblem = (attempt: Attempt, epoch: number): Refusal | null => {
  const stale = staleAttemptReport(attempt, epoch);
  if (stale !== null) return refuse("conflict", "attempt.stale-epoch", `This work belongs to somebody else now: ${stale}.`);
  return attempt.state === "running"
    ? null
    : refuse("conflict", "attempt.not-running", `This attempt is ${attempt.state}; nothing more is done in it.`);
};

/** The halt that covers asking this provider in this attempt. */
const haltOnTurn = ({ halts, request, task, attempt }: HeldSlice, provider: Provider): Halt | undefined => {
  const work = haltedWork(request, task, attempt);
  return haltOn(halts, { ...work, providers: [...work.providers, provider.name] });
};

function orderProblem(last: Turn | undefined, number: number): Refusal | null {
  if (number !== (last?.number ?? 0) + 1 || last?.state === "asked")
    return refuse("conflict", "turn.out-of-order", "Another turn of this conversation came first.");
  if (number <= turnLimits.threadTurns) return null;
  return refuse(
    "exhausted",
    "turn.too-many",
    `A model was asked ${turnLimits.threadTurns} times for this task; a person decides how to go on.`,
  );
}

/** Lets a running attempt ask one model once: under its epoch, of a provider that may serve the project, and under no halt. */
export function decideTurn(slice: TurnSlice, command: BeginTurn, context: DecideContext): Decided {
  const { attempt, task, provider } = slice;
  const fenced = fenceProblem(attempt, command.epoch) ?? orderProblem(slice.last, command.number);
  if (fenced !== null) return fenced;
  if (provider === undefined || !mayServe(provider, slice.request.projectId) || !provider.models.includes(command.model))
    return refuse(
      "forbidden",
      "provider.not-allowed",
      "This project may not be sent to this provider. A person allows it in Settings, Models.",
    );
  const halt = haltOnTurn(slice, provider);
  if (halt !== undefined) return haltRefusal(halt);
  const step = beginStep(context);
  const turn = step.draft.create(turnKind, {
    id: context.newId(),
    requestId: task.requestId,
    taskId: asId(task.id),
    attemptId: asId(attempt.id),
    threadId: asId(command.threadId),
    number: command.number,
    state: "asked",
    purpose: command.purpose,
    providerId: provider.id,
    provider: provider.name,
    model: command.model,
    route: { ...command.route, over: command.route.over.slice(0, maxLinks) },
    openingSha256: command.openingSha256,
    told: command.told,
    ...(command.steered === undefined ? {} : { steered: command.steered }),
    reservationId: command.reservationId,
    parts: [],
    answers: [],
    usage: null,
    costMicro: 0,
    finish: null,
    failure: null,
    askedAtMs: context.nowMs,
    endedAtMs: null,
  });
  step.draft.change(attemptKind, attempt, { provider: provider.name, ...provenBy(attempt, `${provider.name}/${command.model}`) });
  step.draft.record(attemptKind, attempt, "turn.asked", {
    requestId: task.requestId,
    taskId: task.id,
    turnId: turn.id,
    number: turn.number,
    purpose: turn.purpose,
    provider: provider.name,
    model: turn.model,
    place: turn.route.place,
    over: turn.route.over.map((one) => `${one.provider}/${one.model}: ${one.rule}`),
  });
  return step.draft.accept({ id: turn.id });
}

/** What another model says is not what the suite was passed with. */
const provenBy = ({ provisional, provenModels }: Attempt, model: string): Partial<Attempt> =>
  provisional === true || provenModels?.includes(model) === true ? {} : { provisional: true };

export interface EndedTurnSlice {
  readonly attempt: Attempt;
  readonly turn: Turn;
}

/** Keeps what a model said, or why it said nothing. What it cost is booked elsewhere, whoever holds the attempt by then. */
export function decideTurnEnd({ attempt, turn }: EndedTurnSlice, command: EndTurn, context: DecideContext): Decided {
  const fenced = fenceProblem(attempt, command.epoch);
  if (fenced !== null) return fenced;
  if (turn.state !== "asked" || turn.taskId !== attempt.taskId)
    return refuse("conflict", "turn.ended", `This turn is ${turn.state} already.`);
  const { outcome, usage, costMicro } = command;
  const step = beginStep(context);
  step.draft.change(turnKind, turn, { state: outcome.kind, usage, costMicro, endedAtMs: context.nowMs, ...saidIn(outcome, context.nowMs) });
  const understood = outcome.kind === "answered" ? outcome.interpretation : null;
  step.draft.change(attemptKind, attempt, {
    provider: null,
    costMicro: attempt.costMicro + costMicro,
    ...(understood === null ? {} : { interpretation: understood }),
  });
  step.draft.record(attemptKind, attempt, outcome.kind === "answered" ? "turn.answered" : "turn.failed", {
    requestId: turn.requestId,
    taskId: turn.taskId,
    turnId: turn.id,
    number: turn.number,
    provider: turn.provider,
    model: turn.model,
    usage: usage === null ? null : { ...usage },
    costMicro,
    ...endedHow(outcome),
  });
  return step.draft.accept({ id: turn.id, state: outcome.kind });
}

function saidIn(outcome: EndTurn["outcome"], nowMs: number): Partial<Turn> {
  if (outcome.kind === "answered") return { parts: outcome.parts, finish: outcome.finish };
  const { code, message, retryAfterMs } = outcome;
  const { restMs } = fallRuleWords[fallRuleOf({ kind: "unavailable", code })];
  const untilMs = restMs === null ? null : nowMs + Math.min(maxRestMs, Math.max(0, retryAfterMs ?? restMs));
  // A lost worker says nothing about the model.
  return { failure: { code, message, untilMs: outcome.kind === "lost" ? nowMs : untilMs } };
}

const endedHow = (outcome: EndTurn["outcome"]): JsonObject =>
  outcome.kind === "answered"
    ? { finish: outcome.finish, calls: outcome.parts.filter((part) => part.kind === "call").length }
    : { code: outcome.code, lost: outcome.kind === "lost" };

/** Keeps what a tool answered, so that no call is made twice by going on. */
export function decideCallAnswer({ attempt, turn }: EndedTurnSlice, command: AnswerCall, context: DecideContext): Decided {
  const fenced = fenceProblem(attempt, command.epoch);
  if (fenced !== null) return fenced;
  const { answer } = command;
  const known = turn.answers.find(({ callId }) => callId === answer.callId);
  // The answer of a person comes in the place of the question.
  const replaces = known?.kind === "asked";
  if (turn.taskId !== attempt.taskId || (!replaces && !openCalls(turn).some(({ callId }) => callId === answer.callId)))
    return refuse("conflict", "turn.no-such-call", "This turn waits for no answer to such a call.");
  const step = beginStep(context);
  const kept = { ...answer, text: answer.text.slice(0, turnLimits.answerChars) };
  step.draft.change(turnKind, turn, { answers: [...turn.answers.filter(({ callId }) => callId !== answer.callId), kept] });
  step.draft.change(attemptKind, attempt, { costMicro: attempt.costMicro + answer.costMicro });
  step.draft.record(attemptKind, attempt, "call.answered", {
    requestId: turn.requestId,
    taskId: turn.taskId,
    turnId: turn.id,
    tool: answer.tool,
    answer: answer.kind,
    costMicro: answer.costMicro,
  });
  return step.draft.accept({ id: turn.id });
}

/** Ends a job in the middle of an attempt; the next job goes on under a new epoch, at once or after a rest. It counts as no failed try. */
export function decideAttemptPause({ attempt }: { readonly attempt: Attempt }, command: PauseAttempt, context: DecideContext): Decided {
  const fenced = fenceProblem(attempt, command.epoch);
  if (fenced !== null) return fenced;
  const step = beginStep(context);
  const { reason, restMs } = command;
  const paused = step.draft.change(attemptKind, attempt, { state: "paused" });
  const retryAtMs = restMs === null ? null : context.nowMs + Math.min(Math.max(0, restMs), maxRestMs);
  step.draft.change(attemptKind, paused, { rest: { reason: reason.slice(0, 500), untilMs: retryAtMs } });
  step.draft.record(attemptKind, paused, "run.paused", { requestId: attempt.requestId, taskId: attempt.taskId, reason, retryAtMs });
  if (retryAtMs === null) goOn(step, paused, reason);
  else
    step.draft.create(clockKind, {
      id: context.newId(),
      state: "set",
      dueAtMs: retryAtMs,
      subjectKind: "attempt",
      subjectId: attempt.id,
      command: { kind: "continue-attempt", attemptId: attempt.id },
      actor: context.actor,
    });
  return step.draft.accept({ id: attempt.id, state: "paused" });
}

/** Gives an attempt that has rested back to the queue. What a halt or a budget holds stays held: they give it back themselves. */
export function decideContinue({ attempt }: { readonly attempt: Attempt }, _command: ContinueAttempt, context: DecideContext): Decided {
  if (attempt.state !== "paused" || typeof (attempt.heldById ?? attempt.pausedById) === "string" || (attempt.waitsFor ?? null) !== null)
    return refuse("conflict", "attempt.not-resting", "This attempt does not rest.");
  const step = beginStep(context);
  goOn(step, attempt, "the rest is over");
  return step.draft.accept({ id: attempt.id, state: "paused" });
}
