import { estimatedTokens } from "../../core/execution/loop-guards.ts";
import type { ModelUsage } from "../../core/execution/turn.ts";
import type { PaceReport, VendorWindow } from "../../core/gate/provider-pace.ts";
import type { Provider } from "../../core/gate/provider.ts";
import { Failure } from "../../core/shared/failure.ts";
import type { TurnRequest } from "../ports/model.ts";
import type { TurnLedger } from "./turn-ledger.ts";

/** Only windows were full: it keeps a place in the one that has room first, and comes again then. */
export async function lineUp(ledger: TurnLedger, failures: readonly Failure[]): Promise<void> {
  const full = failures.filter((failure): failure is WindowFull => failure instanceof WindowFull);
  const first = full.toSorted((left, right) => left.waitMs - right.waitMs)[0];
  if (first?.provider !== undefined && first.provider !== null) await ledger.window(first.provider, first.tokens, "wait");
}

/** A provider has no room for a call now. */
class WindowFull extends Failure {
  provider: Provider | null = null;
  tokens = 0;
  waitMs = 0;
}

/** Says that a provider has no room for a call, and keeps what a place in it would need. */
export function windowFull(
  provider: Provider,
  { tokens, waitMs, ahead }: { readonly tokens: number; readonly waitMs: number; readonly ahead: number },
): Failure {
  const { kind, code, details } = new Failure("exhausted", "provider.window-full", {
    message: `${provider.name} has no room in its window for another ${Math.ceil(waitMs / 1_000)} s; ${ahead} calls are before this one.`,
    retryAfterMs: waitMs,
  });
  return Object.assign(new WindowFull(kind, code, details), { provider, tokens, waitMs });
}

/** Input and most output of a call, estimated. */
export const demandOf = (request: TurnRequest): number => estimatedTokens(JSON.stringify(request)) + request.maxOutputTokens;

export const outcomeOf = ({ kind, code }: Failure): PaceReport["outcome"] =>
  code === "model.rate-limited" ? "rate-limited" : kind === "unavailable" ? "unavailable" : "refused";

/** What a call used, and how it ended. */
export interface Used extends Pick<PaceReport, "outcome" | "retryAfterMs"> {
  readonly usage: ModelUsage | null;
  readonly window: VendorWindow | null;
}

/** How long a failure asks to wait; null: it does not say. */
export function retryAfterOf({ details }: Failure): number | null {
  const ms = typeof details === "object" && details !== null && "retryAfterMs" in details ? details.retryAfterMs : null;
  return typeof ms === "number" && Number.isFinite(ms) ? ms : null;
}
