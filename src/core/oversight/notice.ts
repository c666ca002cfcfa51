/** One message on its way to one channel, with its delivery log. pending -> sent | failed | dropped; sent, failed -> pending (replayed). */
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

/** One entry of the delivery log. */
export interface NoticeTry {
  readonly atMs: number;
  readonly outcome: string;
  readonly detail: string;
}

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
  /** The halt that keeps it from being sent, and the project it lies in; absent or null: none. */
  readonly heldBy?: { readonly haltId: string; readonly projectId: string } | null;
  readonly payload: JsonObject;
  /** What was tried, the oldest first; the last `maxTriesKept`. */
  readonly tries: readonly NoticeTry[];
  /** Failed tries since it was filed or replayed. */
  readonly failedTries: number;
  readonly filedAtMs: number;
  /** Waits to be sent together with others; null: on its own. */
  readonly heldUntilMs: number | null;
}

export const noticeKind = projectKind<Notice>("notice");

export const maxTriesKept = 20;

/** Messages to one person (or room) within `bundleWindowMs` that are sent on their own; what comes after goes out together. */
export const maxSingleNotices = 20;
export const bundleWindowMs = 3_600_000;

/** Pauses before the second and each further try; one try more than there are pauses, then the message has failed. */
export const retryPausesMs: readonly number[] = [60_000, 300_000, 900_000, 3_600_000, 14_400_000, 43_200_000];

/** Messages in a row that failed for good, after which a channel is paused. */
export const maxChannelFailures = 3;
