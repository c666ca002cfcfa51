import { type Provider, maxProviders, providerKind } from "../../core/gate/provider.ts";
import type { Reader } from "../ports/store.ts";

/** Those that are not removed, in the order in which they are asked. */
export const readProviders = async (reader: Pick<Reader, "find">): Promise<readonly Provider[]> =>
  (await reader.find(providerKind, { where: { state: ["active", "paused"] }, limit: maxProviders })).toSorted(
    (left, right) => left.rank - right.rank,
  );
