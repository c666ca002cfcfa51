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
  const deliveryClass = text(effect, "deliveryClass");
  const state = text(effect, "state");
  const applied = entries.filter((entry) => entry.outcome === "applied").length;
  const starts = numberOf(effect, "starts");
  const say = (message: string): Finding => found("I2", message, { lookup, row: effect });
  const findings: Finding[] = [];
  if (entries.length > starts)
    findings.push(say(`A receiver was called ${String(entries.length)} times for ${String(starts)} recorded starts.`));
  if (deliveryClass === "once" && (entries.length > 1 || starts > 1))
    findings.push(say(`An effect of class "once" was sent more than once (${String(starts)} starts, ${String(entries.length)} calls).`));
  if ((deliveryClass === "keyed" || deliveryClass === "queryable") && applied > 1)
    findings.push(say(`A receiver acted ${String(applied)} times on one key.`));
  if (deliveryClass !== "pure" && state === "done" && applied === 0 && !settledByPerson(lookup, effect))
    findings.push(say("The ledger says done, and the receiver never acted."));
  if (deliveryClass !== "pure" && state === "failed" && applied > 0 && !settledByPerson(lookup, effect))
    findings.push(say("The ledger says failed, and the receiver acted."));
  if (state === "intended" && entries.length > 0) findings.push(say("A receiver was called before the start was on record."));
  return findings;
}

/** A person may have judged wrongly; that is theirs to answer for, not the ledger's. */
const settledByPerson = (lookup: Lookup, effect: StateRow): boolean =>
  lookup.stream(effect.organizationId, effect.id).some((event) => event.data["settledByPerson"] === true);
