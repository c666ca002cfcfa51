/** One message on its way to one channel, with its delivery log. pending -> sent | failed | dropped; failed -> pending (replayed). */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Moves } from "../shared/moves.ts";

export type NoticeState = "pending" | "sent" | "failed" | "dropped";

export const noticeMoves: Moves<NoticeState> = {
  pending: ["sent", "failed", "dropped"],
  sent: ["pending"],
  failed: ["pending", "dropped"],
  dropped: [],
};

export interface Notice extends Entity {
  readonly channelId: string;
  readonly personId: string | null;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly topic: string;
  readonly state: NoticeState;
  /** Epoch of its sending job; only that job may report. */
  readonly epoch: number;
  readonly handOvers: number;
  readonly payload: JsonObject;
  /** What was tried, the oldest first; bounded. */
  readonly tries: readonly { readonly atMs: number; readonly outcome: string; readonly detail: string }[];
}

export const noticeKind = projectKind<Notice>("notice");
