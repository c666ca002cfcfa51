/**
 * An act on the outside world, in the ledger before it happens.
 *
 * intended -> started -> done | failed | unknown; intended -> failed (never sent) | unknown (a restored record cannot tell); unknown -> done | failed (a person, or the receiver when asked)
 */
import { type Entity, projectKind } from "../shared/entity.ts";
import type { RequestId, TaskId } from "../shared/ids.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Moves } from "../shared/moves.ts";

/** What a receiver promises about repeats; `reliability` follows from it alone. */
export type DeliveryClass = "pure" | "keyed" | "queryable" | "once";

/** What a tool can do to the world; a closed list, `act` is the worst of all. */
export type EffectKind =
  | "read"
  | "egress_read"
  | "write_private"
  | "write_shared"
  | "write_record"
  | "send"
  | "publish"
  | "money"
  | "grant"
  | "delete"
  | "credential"
  | "identity"
  | "security_config"
  | "exec"
  | "commit"
  | "physical"
  | "act";

export type EffectState = "intended" | "started" | "done" | "failed" | "unknown";

export const effectMoves: Moves<EffectState> = {
  intended: ["started", "failed", "unknown"],
  started: ["started", "done", "failed", "unknown"],
  unknown: ["done", "failed"],
  done: [],
  failed: [],
};

export interface Effect extends Entity {
  /** SHA-256 over project, task, step, tool, canonical arguments and ordinal; the receiver's idempotency key. */
  readonly effectKey: string;
  readonly state: EffectState;
  readonly requestId: RequestId;
  readonly taskId: TaskId;
  readonly tool: string;
  readonly deliveryClass: DeliveryClass;
  readonly effectKind: EffectKind;
  readonly step: string;
  readonly ordinal: number;
  readonly arguments: JsonObject;
  /** Highest epoch under which an attempt of its task started it; each attempt counts its own from 1. */
  readonly epoch: number;
  readonly starts: number;
  readonly deadlineAtMs: number | null;
  readonly result: JsonObject | null;
  /** The call of a persona that it carries out; absent: our own work sends it. */
  readonly toolCallId?: string;
}

export const effectKindOf = projectKind<Effect>("effect");
