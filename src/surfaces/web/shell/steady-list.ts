import { useState } from "react";

interface Row {
  readonly id: string;
}

/** Rows in the order in which the reader first saw them; what came since waits behind a "5 new" pill. */
export interface SteadyList<Item> {
  readonly shown: readonly Item[];
  readonly newCount: number;
  readonly showNew: () => void;
}

/** `scope` names the list (its filter): another scope starts afresh. Rows that are gone disappear, changed rows change in place. */
export function useSteadyList<Item extends Row>(items: readonly Item[] | undefined, scope: string): SteadyList<Item> {
  const [seen, setSeen] = useState<{ readonly scope: string; readonly ids: readonly string[] } | null>(null);
  const current = seen?.scope === scope ? seen : null;
  // The first filled answer of a scope is the order to keep. Setting state while rendering restarts this render at once.
  if (current === null && items !== undefined && items.length > 0) setSeen({ scope, ids: items.map((item) => item.id) });
  return { ...steady(items ?? [], current?.ids ?? null), showNew: () => setSeen({ scope, ids: (items ?? []).map((item) => item.id) }) };
}

/** Rows below the last one seen are a further page, not news: they are appended. */
export function steady<Item extends Row>(
  items: readonly Item[],
  ids: readonly string[] | null,
): { readonly shown: readonly Item[]; readonly newCount: number } {
  if (ids === null) return { shown: items, newCount: 0 };
  const byId = new Map(items.map((item) => [item.id, item]));
  const kept = ids.map((id) => byId.get(id)).filter((item) => item !== undefined);
  const known = new Set(ids);
  const lastKnown = items.findLastIndex((item) => known.has(item.id));
  const further = items.filter((item, at) => !known.has(item.id) && at > lastKnown);
  const newCount = items.filter((item, at) => !known.has(item.id) && at < lastKnown).length;
  // Nothing that was seen is left: there is no order to keep.
  if (kept.length === 0) return { shown: items, newCount: 0 };
  return { shown: [...kept, ...further], newCount };
}
