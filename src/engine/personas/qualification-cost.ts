import { costOf, isTokenUse, maxPrices, priceAt, priceKind } from "../../core/gate/price-table.ts";
import type { Provider } from "../../core/gate/provider.ts";
import { estimateTokens } from "../../core/personas/qualification.ts";
import type { Suite } from "../../core/personas/suite.ts";
import type { Reader } from "../ports/store.ts";

/** What a suite probably costs with a model at an instant, in micro-units; null: nobody has said what the model costs. An estimate. */
export async function estimateCost(
  reader: Reader,
  { suite, provider, model, atMs }: { readonly suite: Suite; readonly provider: Provider; readonly model: string; readonly atMs: number },
): Promise<number | null> {
  if (provider.local) return 0;
  const prices = await reader.find(priceKind, { where: { provider: provider.name, model }, limit: maxPrices });
  const price = priceAt(prices, { provider: provider.name, model, atMs });
  const use = estimateTokens(suite);
  return price === undefined || !isTokenUse(use) ? null : costOf(price, use);
}
