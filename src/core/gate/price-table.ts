/** What a call of a model costs, from a day on. Vendors change their prices; each change is a row of its own, and what was booked stays. */
import { type Entity, organizationKind } from "../shared/entity.ts";

export interface Price extends Entity {
  readonly provider: string;
  readonly model: string;
  /** Holds from this instant on, until a later row does. */
  readonly fromMs: number;
  /** The vendor's own currency, ISO 4217. */
  readonly currency: string;
  /** Millionths of that currency for a million tokens. */
  readonly inputMicro: number;
  readonly outputMicro: number;
  /** Of input that the vendor had in its cache; null: as other input. */
  readonly cachedMicro: number | null;
  /** For each call, whatever its length. */
  readonly callMicro: number;
  /** Millionths of the organization's currency for one unit of the vendor's, as a person set it. */
  readonly rateMicro: number;
  /** The day of that rate. */
  readonly rateAtMs: number;
  /** Where the price stands: an address or a contract. */
  readonly source: string;
  readonly setBy: string;
  readonly setAtMs: number;
}

export const priceKind = organizationKind<Price>("price");

/** Prices of one organization. */
export const maxPrices = 1_000;
/** Most tokens of one call that are priced. */
export const maxPricedTokens = 1_000_000_000;

/** What a call uses in tokens; `cachedTokens` is a part of the input. */
export interface TokenUse {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens?: number;
}

/** The price of a model at an instant: the latest that had begun. Undefined: none is known. */
export const priceAt = (
  prices: readonly Price[],
  of: { readonly provider: string; readonly model: string | null; readonly atMs: number },
): Price | undefined =>
  prices
    .filter(({ provider, model, fromMs }) => provider === of.provider && model === of.model && fromMs <= of.atMs)
    .toSorted((left, right) => right.fromMs - left.fromMs)[0];

/** Millionths of the organization's currency, rounded up so that many small calls are never booked below what they cost. */
export function costOf(price: Price, { inputTokens, outputTokens, cachedTokens = 0 }: TokenUse): number {
  const cached = Math.min(cachedTokens, inputTokens);
  const perMillion =
    BigInt(inputTokens - cached) * BigInt(price.inputMicro) +
    BigInt(cached) * BigInt(price.cachedMicro ?? price.inputMicro) +
    BigInt(outputTokens) * BigInt(price.outputMicro);
  const million = 1_000_000n;
  const own = (perMillion + BigInt(price.callMicro) * million) * BigInt(price.rateMicro);
  return Number((own + million * million - 1n) / (million * million));
}

/** Whether a use can be priced: whole numbers of 0 or more within the bound. */
export const isTokenUse = ({ inputTokens, outputTokens, cachedTokens = 0 }: TokenUse): boolean =>
  [inputTokens, outputTokens, cachedTokens].every((count) => Number.isSafeInteger(count) && count >= 0 && count <= maxPricedTokens);
