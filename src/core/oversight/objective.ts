/** A goal with a date and measures. open -> reached | missed | withdrawn. */
import { type Entity, organizationKind } from "../shared/entity.ts";

/** How one sees that an objective is reached. */
export interface KeyResult {
  readonly id: string;
  readonly statement: string;
  readonly unit: string;
  readonly startValue: number;
  readonly targetValue: number;
  readonly currentValue: number;
}

export interface Objective extends Entity {
  /** Running number; shown as `O-3`. */
  readonly number: number;
  readonly state: "open" | "reached" | "missed" | "withdrawn";
  readonly title: string;
  readonly ownerId: string;
  readonly dueAtMs: number | null;
  readonly keyResults: readonly KeyResult[];
}

export const objectiveKind = organizationKind<Objective>("objective");

export const objectiveLabel = (number: number): string => `O-${number}`;

/** Upper bounds; what exceeds them is refused. */
export const objectiveLimits = { open: 200, keyResults: 10, titleLength: 300, statementLength: 300, unitLength: 40 } as const;

/** How far a key result has come from its start to its target, 0 to 1; what went beyond either counts as the end. */
export function keyResultProgress({ startValue, targetValue, currentValue }: KeyResult): number {
  return Math.min(1, Math.max(0, (currentValue - startValue) / (targetValue - startValue)));
}

/** The mean of its key results; null: it has none. */
export const objectiveProgress = ({ keyResults }: Pick<Objective, "keyResults">): number | null =>
  keyResults.length === 0 ? null : keyResults.reduce((sum, one) => sum + keyResultProgress(one), 0) / keyResults.length;
