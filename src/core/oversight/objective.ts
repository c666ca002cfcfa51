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
  readonly number: number;
  readonly state: "open" | "reached" | "missed" | "withdrawn";
  readonly title: string;
  readonly ownerId: string;
  readonly dueAtMs: number | null;
  readonly keyResults: readonly KeyResult[];
}

export const objectiveKind = organizationKind<Objective>("objective");
