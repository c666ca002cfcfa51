import type { Actor } from "./actor.ts";
import type { OpenHours } from "./open-hours.ts";

/** What every decision may know beside its slice: who asks, what time it is in the project, and fresh ids. */
export interface DecideContext {
  readonly actor: Actor;
  /** The project's time, epoch milliseconds. */
  readonly nowMs: number;
  /** A new id at each call, from the Ids port. */
  readonly newId: () => string;
  /** A number from 0 to below 1, drawn by the server at each call; absent: 0, so that whatever is left to chance is looked at. */
  readonly draw?: () => number;
  /** When people of the organization work; absent: every hour counts. */
  readonly hours?: OpenHours;
}
