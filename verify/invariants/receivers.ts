import { found, type Lookup, nameOf, number as numberOf, text } from "../lookup.ts";
import type { Finding, ReceiverEntry, StateRow } from "../world.ts";

/** I2: what receivers wrote down themselves agrees with the ledger, and no outside effect was silently repeated. */
export function checkReceivers(lookup: Lookup, receivers: readonly ReceiverEntry[]): readonly Finding[] {
  const effects = lookup.rowsOf("effect");
  const byKey = Map.groupBy(receivers, (entry) => entry.effectKey);
  const ledger = Map.groupBy(effects, (effect) => text(effect, "effectKey"));
  return [
    ...[...ledger.values()].flatMap((rows) => twice(lookup, rows)),
    ...effects.flatMap((effect) => checkEffect(lookup, effect, byKey.get(text(effect, "effectKey")) ?? [])),
    ...[...byKey].filter(([key]) => !ledger.has(key)).map(([key, entries]) => unknownKey(key, entries)),
  ];
}

function twice(lookup: Lookup, rows: readonly StateRow[]): readonly Finding[] {
  const places = new Set(rows.map((row) => `${row.organizationId}/${row.projectId ?? ""}`));
  const [first, second] = rows;
  if (first === undefined || second === undefined || places.size === rows.length) return [];
  return [
    found("I2", `The ledger holds the effect key ${text(first, "effectKey")} twice.`, { lookup, row: second, others: [nameOf(first)] }),
  ];
}

const unknownKey = (key: string, entries: readonly ReceiverEntry[]): Finding => ({
  invariant: "I2",
  message: `The receiver of ${entries[0]?.tool ?? "a tool"} was called with the key ${key}, which no ledger holds.`,
  rows: [`receiver/${key}`],
  prefix: [],
});

function checkEffect(lookup: Lookup, effect: StateRow, entries: readonly ReceiverEntry[]): readonly Finding[] {
  const say = (message: string): Finding => found("I2", message, { lookup, row: effect });
  return [...callProblems(effect, entries), ...stateProblems(lookup, effect, entries)].map(say);
}

const actedOf = (entries: readonly ReceiverEntry[]): number => entries.filter((entry) => entry.outcome === "applied").length;

/** How often it was sent, and how often the receiver acted. */
function callProblems(effect: StateRow, entries: readonly ReceiverEntry[]): readonly string[] {
  const deliveryClass = text(effect, "deliveryClass");
  const [starts, calls, acted] = [numberOf(effect, "starts"), entries.length, actedOf(entries)];
  const problems: string[] = [];
  if (calls > starts) problems.push(`A receiver was called ${String(calls)} times for ${String(starts)} recorded starts.`);
  if (deliveryClass === "once" && Math.max(calls, starts) > 1)
    problems.push(`An effect of class "once" was sent more than once (${String(starts)} starts, ${String(calls)} calls).`);
  if (["keyed", "queryable"].includes(deliveryClass) && acted > 1) problems.push(`A receiver acted ${String(acted)} times on one key.`);
  return problems;
}

/** Whether the ledger says what the receiver knows. */
function stateProblems(lookup: Lookup, effect: StateRow, entries: readonly ReceiverEntry[]): readonly string[] {
  const state = text(effect, "state");
  const acted = actedOf(entries) > 0;
  if (state === "intended" && entries.length > 0) return ["A receiver was called before the start was on record."];
  if (text(effect, "deliveryClass") === "pure" || settledByPerson(lookup, effect)) return [];
  if (state === "done" && !acted) return ["The ledger says done, and the receiver never acted."];
  return state === "failed" && acted ? ["The ledger says failed, and the receiver acted."] : [];
}

/** A person may have judged wrongly; that is theirs to answer for, not the ledger's. */
const settledByPerson = (lookup: Lookup, effect: StateRow): boolean =>
  lookup.stream(effect.organizationId, effect.id).some((event) => event.data["settledByPerson"] === true);
