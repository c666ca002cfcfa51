import { type Entity, organizationKind } from "../shared/entity.ts";
import type { Ladder } from "./ladder.ts";

/** Where one persona stands on the ladder for one type of task. No row: `review`, with no evidence yet. */
export interface Autonomy extends Entity, Ladder {
  readonly personaKey: string;
  /** The plan's name of the task, such as `integration_testing`. */
  readonly taskType: string;
  /** The open question to people whether it may rise; null: none. */
  readonly itemId: string | null;
}

/** Rows of one organization; beyond them every type stands at `review`. */
export const maxAutonomies = 10_000;

export const autonomyKind = organizationKind<Autonomy>("autonomy");
