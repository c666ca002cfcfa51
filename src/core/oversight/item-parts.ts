/** What an inbox item carries beside its question: its clock, the votes on it, what was asked back, and its hand-overs. */
import type { PersonId } from "../shared/ids.ts";
import type { Role } from "./person.ts";

/** One thing that time will do. */
export type ClockStep =
  | { readonly kind: "remind"; readonly atMs: number }
  | { readonly kind: "expire"; readonly atMs: number }
  | { readonly kind: "escalate"; readonly atMs: number; readonly roles: readonly Role[] };

export interface ItemClock {
  /** Of `clockRules`. */
  readonly ruleId: string;
  /** When an answer is due. */
  readonly dueAtMs: number;
  /** Still to come, by time. At most 20. */
  readonly steps: readonly ClockStep[];
  /** The due time has passed and nothing was applied. */
  readonly isOverdue: boolean;
  /** Since when it stands still; null: it runs. */
  readonly pausedAtMs: number | null;
}

/** One person's word on an item that several have to agree to. */
export interface Vote {
  readonly personId: PersonId;
  /** Whom they stood in for; null: themselves. */
  readonly inPlaceOfId: PersonId | null;
  readonly choice: string;
  readonly reason: string;
  readonly atMs: number;
}

/** A question about the item, asked by somebody who is to answer it. */
export interface AskBack {
  readonly byId: PersonId;
  readonly ofId: PersonId;
  readonly question: string;
  readonly askedAtMs: number;
  /** Null: open, or the time for it ran out. */
  readonly reply: string | null;
  readonly repliedById: PersonId | null;
  /** When the question was settled, by a reply or by time; null: it is open. */
  readonly settledAtMs: number | null;
}

export interface HandOver {
  readonly fromId: PersonId;
  readonly toId: PersonId;
  readonly reason: string;
  readonly atMs: number;
}
