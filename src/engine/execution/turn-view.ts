import { type Attempt, attemptKind, attemptMoves } from "../../core/execution/attempt.ts";
import { personKind } from "../../core/oversight/person.ts";
import { isTerminal } from "../../core/shared/moves.ts";
import { type Turn, saidText, turnKind } from "../../core/execution/turn.ts";
import { clockKind } from "../../core/oversight/clock.ts";
import { linkText } from "../../core/personas/model-link.ts";
import type { Reader } from "../ports/store.ts";

/** A turn as people see it: the beginnings of what was said, called and answered. */
export interface TurnView extends Pick<
  Turn,
  "id" | "number" | "state" | "purpose" | "provider" | "model" | "askedAtMs" | "endedAtMs" | "costMicro"
> {
  /** Number of the attempt that made the call. */
  readonly attempt: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly said: string;
  readonly calls: readonly {
    readonly tool: string;
    readonly arguments: string;
    readonly answer: "waiting" | "done" | "asked" | "refused";
    readonly text: string;
  }[];
  readonly failure: string | null;
  readonly route: {
    readonly source: Turn["route"]["source"];
    readonly place: number;
    readonly of: number;
    readonly over: readonly { readonly model: string; readonly rule: Turn["route"]["over"][number]["rule"]; readonly message: string }[];
  };
}

const shown = { turns: 100, attempts: 100, saidChars: 2_000, lineChars: 300, calls: 64 } as const;

/** Turns of a task, the newest first, and when work that rests goes on. */
export async function turnsView(reader: Reader, taskId: string): Promise<TurnsView> {
  const [turns, attempts] = await Promise.all([
    reader.find(turnKind, { where: { taskId }, newestFirst: true, limit: shown.turns }),
    reader.find(attemptKind, { where: { taskId }, newestFirst: true, limit: shown.attempts }),
  ]);
  const resting = attempts.find(({ state, executor }) => state === "paused" && executor === "model");
  const clocks = resting === undefined ? [] : await reader.find(clockKind, { where: { subjectId: resting.id, state: "set" }, limit: 10 });
  const numbers = new Map(attempts.map(({ id, number }) => [id, number]));
  return {
    items: turns
      .toSorted((left, right) => right.askedAtMs - left.askedAtMs || right.number - left.number)
      .map((turn) => turnView(turn, numbers.get(turn.attemptId) ?? 0)),
    nextTryAtMs: clocks[0]?.dueAtMs ?? null,
    ...(await standing(reader, attempts[0])),
  };
}

/** Turns of a task, and how its present attempt stands. */
export interface TurnsView {
  readonly items: readonly TurnView[];
  readonly nextTryAtMs: number | null;
  /** Why it rests by itself; null: it does not. */
  readonly restReason: string | null;
  /** Name of the person who paused it; null: nobody did. */
  readonly pausedBy: string | null;
  /** What people told the present attempt, the newest first. */
  readonly notes: readonly { readonly note: string; readonly by: string; readonly atMs: number }[];
}

async function standing(reader: Reader, attempt: Attempt | undefined): Promise<Omit<TurnsView, "items" | "nextTryAtMs">> {
  if (attempt === undefined || isTerminal(attemptMoves, attempt.state)) return { restReason: null, pausedBy: null, notes: [] };
  const steering = attempt.steering ?? [];
  const ids = [...steering.map(({ byId }) => byId), ...(typeof attempt.pausedById === "string" ? [attempt.pausedById] : [])];
  const people = new Map((await reader.getMany(personKind, [...new Set(ids)])).map(({ id, name }) => [id, name]));
  const nameOf = (id: string): string => people.get(id) ?? "somebody";
  return {
    restReason: attempt.state === "paused" ? (attempt.rest?.reason ?? null) : null,
    pausedBy: typeof attempt.pausedById === "string" ? nameOf(attempt.pausedById) : null,
    notes: steering.map(({ note, byId, atMs }) => ({ note, by: nameOf(byId), atMs })).toReversed(),
  };
}

function turnView(turn: Turn, attempt: number): TurnView {
  const { id, number, state, purpose, provider, model, askedAtMs, endedAtMs, costMicro, usage, parts, answers, failure, route } = turn;
  const calls = parts.flatMap((part) => {
    if (part.kind !== "call") return [];
    const answer = answers.find(({ callId }) => callId === part.callId);
    const said = { tool: part.tool.slice(0, shown.lineChars), arguments: part.rawArguments.slice(0, shown.lineChars) };
    return [{ ...said, answer: answer?.kind ?? ("waiting" as const), text: (answer?.text ?? "").slice(0, shown.lineChars) }];
  });
  return {
    id,
    number,
    state,
    purpose,
    provider,
    model,
    askedAtMs,
    endedAtMs,
    costMicro,
    attempt,
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
    said: saidText(parts).slice(0, shown.saidChars),
    calls: calls.slice(0, shown.calls),
    failure: failure?.message.slice(0, shown.lineChars) ?? null,
    route: {
      source: route.source,
      place: route.place,
      of: route.of,
      over: route.over.map((one) => ({ model: linkText(one), rule: one.rule, message: one.message.slice(0, shown.lineChars) })),
    },
  };
}
