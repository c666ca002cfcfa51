import { maxPrices, type Price, priceAt, priceKind } from "../../core/gate/price-table.ts";
import { mayRaise } from "../../core/gate/budget-limit.ts";
import { organizationKindOf } from "../../core/oversight/person.ts";
import { type NamedPerformer, namedPerson, readPeople } from "../oversight/people-view.ts";
import type { Reader } from "../ports/store.ts";

export interface PriceView extends Omit<Price, "version" | "eventCount" | "setBy"> {
  /** It is the one that counts now. */
  readonly inForce: boolean;
  readonly setBy: NamedPerformer;
}

export interface PriceListView {
  readonly schema: "xvc.prices/1";
  readonly currency: string;
  readonly maySet: boolean;
  readonly items: readonly PriceView[];
}

/** Every price that was ever set, by provider and model, the latest first. */
export async function priceListView(
  reader: Reader,
  asked: { readonly viewerId: string; readonly organizationId: string; readonly nowMs: number },
): Promise<PriceListView> {
  const [organization, prices, people] = await Promise.all([
    reader.get(organizationKindOf, asked.organizationId),
    reader.find(priceKind, { limit: maxPrices }),
    readPeople(reader),
  ]);
  const roles = people.get(asked.viewerId)?.roles ?? [];
  return {
    schema: "xvc.prices/1",
    currency: organization?.currency ?? "",
    maySet: mayRaise.some((role) => roles.includes(role)),
    items: prices
      .map(({ version: _version, eventCount: _eventCount, setBy, ...price }) => ({
        ...price,
        inForce: priceAt(prices, { ...price, atMs: asked.nowMs })?.id === price.id,
        setBy: namedPerson(people, setBy),
      }))
      .toSorted((left, right) => nameOf(left).localeCompare(nameOf(right)) || right.fromMs - left.fromMs),
  };
}

const nameOf = ({ provider, model }: Pick<Price, "provider" | "model">): string => `${provider}/${model}`;
