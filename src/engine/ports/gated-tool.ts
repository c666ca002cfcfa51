import type { ToolDeclaration } from "../../core/gate/tool-declaration.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { AttemptContext } from "./executor.ts";

/** A call that the gate has let through. */
export interface LetThrough {
  readonly context: AttemptContext;
  /** As decided about; never what the executor wrote. */
  readonly arguments: JsonObject;
  /** The receiver's idempotency key; the same for the same act. */
  readonly effectKey: string;
}

/** What carries out the calls of one tool. Only the door holds it. */
export interface GatedTool {
  readonly declaration: ToolDeclaration;
  /** Whether an attempt has anything to use it on; it is offered to no other. Absent: every attempt has. */
  readonly fits?: (context: AttemptContext) => boolean;
  /** @throws {Failure} `unavailable` when it is unknown whether the receiver acted; any other kind: it said no */
  run(call: LetThrough, signal: AbortSignal): Promise<JsonObject>;
  /** `queryable` only: what the receiver knows of this key. */
  query?(effectKey: string): Promise<JsonObject | undefined>;
}
