/** A request that is filed again by a calendar rule. active -> paused -> active; either -> ended. */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { PersonId, RequestId } from "../shared/ids.ts";
import type { RequestDraft } from "./decide-submission.ts";

export interface Recurrence extends Entity {
  readonly state: "active" | "paused" | "ended";
  /** In whose name it files. */
  readonly ownerId: PersonId;
  /** The request it repeats. */
  readonly requestId: RequestId;
  /** What is filed each time. Inputs are kept content, so each filing works on the same bytes. */
  readonly draft: RequestDraft;
  /** From filing to deadline; null: no deadline is set. */
  readonly deadlineAfterMs: number | null;
  /** RFC 5545 recurrence rule, such as `FREQ=MONTHLY;BYDAY=1MO`. */
  readonly rule: string;
  readonly zone: string;
  /** On the wall in `zone`: `2031-01-31T09:00`. */
  readonly startsAt: string;
  /** The slot that is waited for; null: paused or ended. */
  readonly nextAtMs: number | null;
  readonly filedCount: number;
  /** Slots that came while nothing could be filed and were passed over for a later one. */
  readonly skippedCount: number;
  readonly lastFiledId: RequestId | null;
}

export const recurrenceKind = projectKind<Recurrence>("recurrence");

/** Recurrences of one project that are not ended. */
export const maxRecurrences = 200;
