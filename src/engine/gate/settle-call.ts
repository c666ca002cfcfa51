import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Clock } from "../ports/clock.ts";
import type { Caller } from "../shared/caller.ts";
import type { Command } from "../shared/commands.ts";

/** A call that has begun: what was reserved for it, and what it costs. */
export interface BegunCall {
  /** Null: nothing is spent where it runs. */
  readonly reservationId: string | null;
  readonly costMicro: number;
}

interface SettleParts {
  readonly apply: (caller: Caller, command: Command) => Promise<JsonObject>;
  readonly clock: Pick<Clock, "monotonicMs">;
}

/**
 * Runs a call that was paid for when it began, and books what it used. Where nobody can know, all that was reserved is booked; what ends
 * in any other way than with an answer of the tool is booked so by the sweeper, once its time is over.
 */
export async function settledRun(
  { apply, clock }: SettleParts,
  { caller, begun }: { readonly caller: Caller; readonly begun: BegunCall },
  run: () => Promise<JsonObject>,
): Promise<JsonObject> {
  const { reservationId, costMicro } = begun;
  if (reservationId === null) return run();
  const startedMs = clock.monotonicMs();
  const settle = (isKnown: boolean): Promise<JsonObject> => {
    const wallMs = Math.max(0, Math.round(clock.monotonicMs() - startedMs));
    const used = isKnown ? { costMicro, wallMs, tokens: 0 } : ("unknown" as const);
    return apply({ ...caller, key: `${caller.key}:settle:${reservationId}` }, { kind: "settle-spend", reservationId, used });
  };
  let result: JsonObject;
  try {
    result = await run();
  } catch (error) {
    if (error instanceof Failure) await settle(isAnswer(error));
    throw error;
  }
  await settle(true);
  return result;
}

/** The receiver has said no, and so nothing of it is unknown. */
const isAnswer = ({ kind, code }: Failure): boolean => kind !== "unavailable" && code !== "effect.unknown";
