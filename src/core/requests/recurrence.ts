/** A request that is filed again by a calendar rule. active -> paused -> active; either -> ended. */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { PersonId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";

export interface Recurrence extends Entity {
  readonly state: "active" | "paused" | "ended";
  readonly ownerId: PersonId;
  /** What is filed each time. */
  readonly draft: JsonObject;
  /** RFC 5545 recurrence rule, such as `FREQ=MONTHLY;BYDAY=1MO`. */
  readonly rule: string;
  readonly zone: string;
  readonly startsAtMs: number;
  readonly nextAtMs: number | null;
  readonly filedCount: number;
}

export const recurrenceKind = projectKind<Recurrence>("recurrence");
