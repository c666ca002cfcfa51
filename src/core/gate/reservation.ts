/**
 * What one call may use at most, taken out of every budget that covers it before the call is made.
 *
 * open -> settled: with what was used, or, where nobody can know or the worker is gone, with all that was reserved.
 */
import { type Entity, organizationKind } from "../shared/entity.ts";
import type { Moves } from "../shared/moves.ts";
import type { Amounts } from "./budget.ts";

export type ReservationState = "open" | "settled";

export const reservationMoves: Moves<ReservationState> = { open: ["settled"], settled: [] };

/** What a call belongs to; null: to none, as what is read for everybody. */
export interface SpendSubject {
  readonly requestId: string | null;
  readonly taskId: string | null;
  readonly attemptId: string | null;
  readonly personaKey: string | null;
  /** Whose service is called, such as `anthropic`; a tool's name for a tool. */
  readonly provider: string;
  readonly model: string | null;
}

/** One budget that a reservation was taken from, and the window it was taken in. */
export interface ReservationLine {
  readonly budgetId: string;
  readonly windowStartMs: number;
}

export interface Reservation extends Entity, SpendSubject {
  readonly state: ReservationState;
  readonly projectId: string | null;
  readonly reserved: Amounts;
  /** Null while it is open. */
  readonly used: Amounts | null;
  /** How `used` is known: told, unknown and therefore all of it, or all of it because nobody came back. */
  readonly basis: "told" | "unknown" | "expired" | null;
  readonly lines: readonly ReservationLine[];
  /** Start of the day it counts on, in the organization's zone. */
  readonly dayStartMs: number;
  readonly reservedAtMs: number;
  readonly expiresAtMs: number;
  readonly settledAtMs: number | null;
}

export const reservationKind = organizationKind<Reservation>("reservation");

/** How long a reservation outlives the time its call may take, before the sweeper books it as used up. */
export const settleGraceMs = 120_000;
/** Longest call that can be reserved for. */
export const maxCallMs = 24 * 3_600_000;
