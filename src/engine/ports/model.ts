import type { FinishReason, ModelUsage, SaidPart } from "../../core/execution/turn.ts";
import type { VendorWindow } from "../../core/gate/provider-pace.ts";
import type { ModelVendor } from "../../core/gate/provider.ts";
import type { OrganizationId } from "../../core/shared/ids.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { OfferedTool } from "./tool-door.ts";

/** Which model is asked, and where. The key is no part of it: the adapter resolves it from the provider's id. */
export interface ModelAddress {
  readonly organizationId: OrganizationId;
  readonly providerId: string;
  readonly vendor: ModelVendor;
  /** Where the vendor's interface answers. */
  readonly baseUrl: string;
  readonly model: string;
  /** Declared local by a person: it may be on this machine, and it may work without a key. */
  readonly local: boolean;
}

/** The conversation so far; never a system text, which has its own place. */
export type ModelMessage =
  | { readonly role: "user"; readonly text: string }
  | { readonly role: "model"; readonly parts: readonly SaidPart[] }
  | { readonly role: "tools"; readonly answers: readonly { readonly callId: string; readonly tool: string; readonly text: string }[] };

export interface TurnRequest {
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  /** Declared to the model, never run by the adapter. */
  readonly tools: readonly OfferedTool[];
  /** JSON Schema of the whole answer; null: free text. The answer is still to be checked: vendors promise, code decides. */
  readonly outputSchema: JsonObject | null;
  readonly maxOutputTokens: number;
}

export interface TurnResult {
  readonly parts: readonly SaidPart[];
  /** Null: the vendor told nothing at all. */
  readonly usage: ModelUsage | null;
  readonly finish: FinishReason;
  /** The model that answered, as the vendor names it. */
  readonly answeredBy: string;
  /** What the vendor told about its limits; absent or null: nothing. */
  readonly window?: VendorWindow | null;
}

/** A stream of what is being said, then one result. */
export type TurnEvent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "calling"; readonly tool: string }
  | { readonly kind: "result"; readonly result: TurnResult };

/** Asks models. One call is one turn: no retry, no fallback and no tool run happens inside. */
export interface Models {
  /**
   * Ends with exactly one `result`, or throws. When the signal aborts, the connection is closed and the signal's reason is thrown.
   *
   * @throws {Failure} `model.rate-limited`, `model.quota-used-up` (exhausted); `model.unavailable`, `model.timed-out`, `model.answer-cut`,
   *   `model.answer-unreadable` (unavailable); `model.key-refused`, `model.key-missing` (forbidden); `model.not-known` (not-found);
   *   `model.request-refused`, `model.answer-too-large` (invalid); and those of the egress. Whether anything was used before a failure is unknown.
   */
  turn(at: ModelAddress, request: TurnRequest, signal: AbortSignal): AsyncIterable<TurnEvent>;
}

/** Finds the key of a provider: sealed in the vault, or in the environment. Null: there is none. */
export type FindModelKey = (at: Pick<ModelAddress, "organizationId" | "providerId" | "vendor">) => Promise<string | null>;
