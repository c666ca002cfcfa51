import { systemText } from "../../core/execution/model-protocol.ts";
import { estimatedTokens } from "../../core/execution/loop-guards.ts";
import { type NextTurn, nextTurn } from "../../core/execution/next-turn.ts";
import { type CallAnswer, type Turn, openCalls, turnLimits, writtenOutputs } from "../../core/execution/turn.ts";
import { type Artifact, mediaTypeOf } from "../../core/shared/content.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { ContentStore } from "../ports/content.ts";
import type { AttemptContext, AttemptOutcome, Executor } from "../ports/executor.ts";
import type { Purse } from "../ports/purse.ts";
import type { DoorAnswer, ToolDoor } from "../ports/tool-door.ts";
import { retryAfterOf } from "./call-window.ts";
import { type CallParts, type Calling, askProviders } from "./model-call.ts";
import type { Thread, TurnLedger } from "./turn-ledger.ts";

export interface ModelExecutorParts extends Omit<CallParts, "purse"> {
  readonly purseOf: (context: AttemptContext) => Purse;
  readonly content: ContentStore;
  readonly ledgerOf: (context: AttemptContext) => TurnLedger;
  readonly toolsOf: (context: AttemptContext) => ToolDoor | Promise<ToolDoor>;
}

/** A job leaves itself time to end in good order before its own limit. */
const jobMs = 8 * 60_000;
/** How often a call under way looks whether the attempt is still its own. */
const lookMs = 1_000;
/** Turns in a row that nobody answered, after which a person decides. */
const maxFailedTurns = 24;
const firstRestMs = 15_000;
const longestRestMs = 900_000;

/**
 * Does tasks by asking a model, turn by turn. Every turn is reserved for and written before it begins, so that a run goes on from its
 * last one after a restart, a rest, or a person's answer. Tools are reached through their door alone.
 */
export const modelExecutor = (parts: ModelExecutorParts): Executor => ({
  kind: "model",
  serves: ({ spec }) =>
    spec.outputs.length > 0
      ? { ok: true }
      : { ok: false, reason: `The task "${spec.task}" names no output; a model hands in named outputs only.` },
  async attempt(context, signal): Promise<AttemptOutcome> {
    if (context.request.rehearsal) return failed("model.rehearsal", "A rehearsal asks no model; its work is scripted.", false);
    const ledger = parts.ledgerOf(context);
    const end = new AbortController();
    const holding = watchHolding(parts, ledger, end);
    try {
      return await run({ ...parts, purse: parts.purseOf(context) }, { context, ledger }, AbortSignal.any([signal, end.signal]));
    } finally {
      end.abort();
      await holding;
    }
  },
});

const failed = (code: string, message: string, retryable: boolean): Extract<AttemptOutcome, { readonly kind: "failed" }> => ({
  kind: "failed",
  code,
  message,
  retryable,
  costMicro: 0,
});

/** Ends the work within a second or two of the attempt being ended, halted or handed over. */
async function watchHolding({ clock }: Pick<CallParts, "clock">, ledger: TurnLedger, end: AbortController): Promise<void> {
  while (!end.signal.aborted) {
    await clock.pause(lookMs, end.signal).catch(() => {});
    if (end.signal.aborted) return;
    // A database that is away for a moment ends no work: the next command would fail by itself.
    const isHeld = await ledger.isHeld().catch(() => true);
    if (!isHeld)
      end.abort(new Failure("conflict", "attempt.stale-epoch", { message: "This work was ended or belongs to somebody else now." }));
  }
}

interface Running {
  readonly context: AttemptContext;
  readonly ledger: TurnLedger;
}

async function run(parts: ModelExecutorParts & CallParts, running: Running, signal: AbortSignal): Promise<AttemptOutcome> {
  const { context, ledger } = running;
  signal.throwIfAborted();
  const door = await parts.toolsOf(context);
  const tools = door.offered();
  const system = systemText(await ledger.persona());
  const untilMs = parts.clock.monotonicMs() + jobMs;
  let thread = await recovered(parts, ledger, await ledger.thread());
  const opening = await openingOf(parts, ledger, thread);
  for (let asked = 0; asked < turnLimits.jobTurns; asked++) {
    const called = await answerCalls({ ...running, door, thread }, signal);
    thread = called.thread;
    if (called.question !== null) return { kind: "asked", question: called.question, costMicro: costOf(context, thread) };
    const requested = `${context.request.title} ${context.request.text}`;
    const state = {
      task: context.task,
      asked: requested,
      attemptId: context.attempt.id,
      turns: thread.turns,
      openingTokens: estimatedTokens(opening.text),
    };
    const notes = await ledger.notes();
    const saidNotes = notesSaid(context, thread);
    const next = nextTurn({ ...state, hasTools: tools.length > 0, notes: notes.slice(saidNotes) });
    if (next.kind !== "ask-model") return finish(parts, { context, thread }, next);
    if (parts.clock.monotonicMs() >= untilMs) return rest("its job has used its time", null);
    const answer = await askProviders(
      parts,
      { ...running, thread, opening, system, tools, next, steered: notes.length } satisfies Calling,
      signal,
    );
    thread = { ...thread, turns: [...thread.turns, ...answer.failed, ...(answer.kind === "answered" ? [answer.turn] : [])] };
    if (answer.kind === "nobody") return nobody(context, thread, answer.failures);
  }
  // What the last turn said is taken up by the next job.
  return rest(`its job has made ${turnLimits.jobTurns} turns`, null);
}

/** Notes to this attempt that a turn which was answered has said. */
const notesSaid = ({ attempt }: AttemptContext, { turns }: Thread): number =>
  turns
    .filter(({ attemptId, state }) => attemptId === attempt.id && state === "answered")
    .reduce((most, { steered = 0 }) => Math.max(most, steered), 0);

const rest = (reason: string, restMs: number | null): AttemptOutcome => ({ kind: "paused", reason, restMs });

/** A turn that a worker left behind when it died: what it cost is unknown, and it is asked again. */
async function recovered(parts: CallParts, ledger: TurnLedger, thread: Thread): Promise<Thread> {
  const last = thread.turns.at(-1);
  if (last === undefined || last.state !== "asked") return thread;
  const costMicro = last.reservationId === null ? 0 : await parts.purse.settle(last.reservationId, "unknown", false);
  const outcome = {
    kind: "lost",
    code: "model.lost",
    message: "The worker that asked was lost; nobody knows what was answered.",
    retryAfterMs: null,
  } as const;
  const ended = await ledger.end({ turnId: last.id, costMicro, usage: null, outcome });
  return { ...thread, turns: [...thread.turns.slice(0, -1), ended] };
}

/** The text that the conversation began with: kept by hash when it began, so that it is the same in every turn. */
async function openingOf({ content, crash }: ModelExecutorParts, ledger: TurnLedger, { turns }: Thread): Promise<Calling["opening"]> {
  const known = turns[0]?.openingSha256;
  if (known !== undefined) return { sha256: known, text: new TextDecoder().decode(await content.read(known as Artifact["sha256"])) }; // it was kept as one
  const text = await ledger.opening();
  crash("content.before-write");
  const sha256 = await content.write(new TextEncoder().encode(text));
  crash("content.after-write");
  return { sha256, text };
}

interface AtDoor extends Running {
  readonly door: ToolDoor;
  readonly thread: Thread;
}

/** Makes the calls of the last turn that have no answer yet, one after the other; a person's answer takes the place of a question. */
async function answerCalls(at: AtDoor, signal: AbortSignal): Promise<{ readonly thread: Thread; readonly question: string | null }> {
  let last = at.thread.turns.findLast(({ state }) => state === "answered");
  if (last === undefined) return { thread: at.thread, question: null };
  const thread = (turn: Turn): Thread => ({ ...at.thread, turns: at.thread.turns.map((one) => (one.id === turn.id ? turn : one)) });
  const waiting = new Set(last.answers.filter(({ kind }) => kind === "asked").map(({ callId }) => callId));
  const calls = last.parts.filter((part) => part.kind === "call");
  const open = new Set(openCalls(last).map(({ callId }) => callId));
  for (const [position, call] of calls.entries()) {
    if (!open.has(call.callId) && !waiting.has(call.callId)) continue;
    signal.throwIfAborted();
    const { callId, tool, rawArguments } = call;
    const answer: DoorAnswer =
      position < turnLimits.calls
        ? await at.door.call({ callId, tool, rawArguments }, signal)
        : { kind: "refused", code: "turn.too-many-calls", reason: `A turn makes at most ${turnLimits.calls} calls.` };
    if (answer.kind === "asked" && waiting.has(callId)) return { thread: thread(last), question: answer.question };
    last = await at.ledger.answer(last.id, kept(call, answer));
    if (answer.kind === "asked") return { thread: thread(last), question: answer.question };
  }
  return { thread: thread(last), question: null };
}

function kept({ callId, tool }: { readonly callId: string; readonly tool: string }, answer: DoorAnswer): CallAnswer {
  if (answer.kind === "done")
    return {
      callId,
      tool,
      kind: "done",
      text: JSON.stringify(answer.result).slice(0, turnLimits.answerChars),
      costMicro: answer.costMicro,
      label: answer.label,
      ...(answer.written === undefined ? {} : { written: answer.written }),
    };
  const text = answer.kind === "asked" ? `A person is asked: ${answer.question}` : `Refused (${answer.code}): ${answer.reason}`;
  return { callId, tool, kind: answer.kind, text: text.slice(0, turnLimits.answerChars), costMicro: 0, label: null };
}

/** What the turns and calls of this very attempt cost; those of earlier attempts are on those. */
const costOf = ({ attempt }: AttemptContext, { turns }: Thread): number =>
  turns
    .filter(({ attemptId }) => attemptId === attempt.id)
    .reduce((sum, { costMicro, answers }) => sum + costMicro + answers.reduce((more, one) => more + one.costMicro, 0), 0);

interface Finishing {
  readonly context: AttemptContext;
  readonly thread: Thread;
}

async function finish(
  { content, crash }: ModelExecutorParts,
  { context, thread }: Finishing,
  next: Exclude<NextTurn, { readonly kind: "ask-model" }>,
): Promise<AttemptOutcome> {
  const costMicro = costOf(context, thread);
  if (next.kind === "ask-person") return { kind: "asked", question: next.question, costMicro };
  // What goes in circles would do so again: a person looks at it.
  if (next.kind === "fail") return { ...failed(next.code, next.message, next.code !== "execution.loop"), costMicro };
  const outputs: Artifact[] = [];
  const written = writtenOutputs(thread.turns);
  for (const { name, text } of next.answer.outputs) {
    const made = text === null ? written.get(name) : undefined;
    if (made !== undefined) outputs.push(made);
    if (text === null) continue;
    const bytes = new TextEncoder().encode(text);
    crash("content.before-write");
    outputs.push({ name, sha256: await content.write(bytes), mediaType: mediaTypeOf(name), bytes: bytes.byteLength });
    crash("content.after-write");
  }
  const models = [
    ...new Set(thread.turns.filter(({ state }) => state === "answered").map(({ provider, model }) => `${provider}/${model}`)),
  ];
  const notes = [`Made by a model: ${models.join(", ")}, in ${thread.turns.length} turns.`, ...next.answer.notes];
  return { kind: "submitted", outputs, interpretation: next.interpretation, notes, costMicro, pointAnswers: next.answer.points };
}

/** Nobody answered: it rests and is tried again, unless trying again cannot help. */
function nobody(context: AttemptContext, thread: Thread, failures: readonly Failure[]): AttemptOutcome {
  const costMicro = costOf(context, thread);
  const said = failures.map(({ message }) => message).join(" ");
  const passing = failures.filter(({ kind, code }) => kind === "unavailable" || kind === "exhausted" || code === "halt.in-force");
  if (failures.length === 0)
    return {
      ...failed(
        "model.no-provider",
        "No model provider may be asked for this project. Connect one in Settings, Models, or let a person do the task.",
        false,
      ),
      costMicro,
    };
  if (passing.length === 0) return { ...failed(failures[0]?.code ?? "model.unavailable", said, false), costMicro };
  const inARow = thread.turns.length - 1 - thread.turns.findLastIndex(({ state }) => state === "answered");
  if (inARow >= maxFailedTurns)
    return { ...failed("model.unavailable", `Nobody answered ${inARow} times in a row. ${said}`, false), costMicro };
  return rest(said.slice(0, 500), restOf(passing, inARow));
}

/** As long as the vendors ask for, else longer each time. */
function restOf(passing: readonly Failure[], inARow: number): number {
  const asked = passing.flatMap((failure) => retryAfterOf(failure) ?? []);
  const backOffMs = Math.min(longestRestMs, firstRestMs * 2 ** Math.min(inARow, 10));
  return asked.length > 0 ? Math.max(1_000, Math.min(...asked)) : backOffMs;
}
