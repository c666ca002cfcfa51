import type { Entity } from "../../core/shared/entity.ts";
import type { StoredEvent } from "../../engine/ports/store.ts";
import { type EventGroup, type EventMeasure, type MeasureKey, type Tally, measuredText } from "../../engine/ports/tally.ts";

/** Groups rows, given in the order of their ids, by texts; rows without one of them are left out. */
export function tallyRows(rows: readonly Entity[], valuesOf: (row: Entity) => readonly unknown[], withFirst: boolean): readonly Tally[] {
  const groups = new Map<string, { readonly values: readonly string[]; count: number; readonly firstId?: string }>();
  for (const row of rows) {
    const values = valuesOf(row).filter((value) => typeof value === "string");
    if (values.length !== valuesOf(row).length) continue;
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? { values, count: 0, ...(withFirst ? { firstId: row.id } : {}) };
    group.count += 1;
    groups.set(key, group);
  }
  return [...groups.values()];
}

const valueOf = (event: StoredEvent, key: MeasureKey): string | null => {
  if (key === "kind") return event.kind;
  if (key === "projectId") return event.projectId;
  return "before" in key ? String(event.atMs < key.before) : measuredText(event.data, key.data);
};

/** The twin of the database's aggregation. `events` are the visible ones, newest first. */
export function measureOf(events: readonly StoredEvent[], measure: EventMeasure): readonly EventGroup[] {
  const groups = new Map<string, { readonly values: readonly (string | null)[]; readonly numbers: number[]; count: number }>();
  for (const kind of new Set(measure.kinds))
    for (const event of events.filter((candidate) => candidate.kind === kind).slice(0, measure.newest)) {
      if (event.atMs < measure.fromMs || event.atMs >= measure.toMs) continue;
      const values = measure.by.map((key) => valueOf(event, key));
      const key = JSON.stringify(values);
      const group = groups.get(key) ?? { values, numbers: [], count: 0 };
      groups.set(key, group);
      group.count += 1;
      const number = measure.number === undefined ? undefined : event.data[measure.number];
      if (typeof number === "number") group.numbers.push(number);
    }
  return [...groups.values()].map(({ values, numbers, count }) => {
    const sorted = numbers.toSorted((left, right) => left - right);
    return { values, count, p50: quantile(sorted, 0.5), p90: quantile(sorted, 0.9), sum: total(numbers) };
  });
}

const total = (numbers: readonly number[]): number | null =>
  numbers.length === 0 ? null : numbers.reduce((sum, number) => sum + number, 0);

function quantile(sorted: readonly number[], share: number): number | null {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  return below === undefined || above === undefined ? null : below + (above - below) * (place - Math.floor(place));
}
