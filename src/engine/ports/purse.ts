/** The most that one call of a model may use. */
export interface ModelDemand {
  /** Null, all three: it belongs to no task. */
  readonly attemptId: string | null;
  readonly taskId: string | null;
  readonly requestId: string | null;
  readonly personaKey: string | null;
  readonly provider: string;
  readonly model: string;
  /** Runs in the house, as a person declared: its tokens and time count, and it costs no money. */
  readonly local: boolean;
  /** Estimated. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly wallMs: number;
  /** 1 for the first call of an attempt. */
  readonly runs: number;
}

/** What a call used, or that nobody knows. */
export type ModelUse = { readonly inputTokens: number; readonly outputTokens: number; readonly wallMs: number } | "unknown";

/** Reserves before each call of a model and settles after it. */
export interface Purse {
  /** @throws {Failure} `budget.exhausted` (exhausted), with the budget and what is needed; `budget.no-price` (invalid) */
  reserve(demand: ModelDemand): Promise<string>;
  /** Books what was used; unknown books all that was reserved. Safe to repeat. @returns what it cost, in micro-units of the organization's currency */
  settle(reservationId: string, use: ModelUse, local: boolean): Promise<number>;
}
