import { found, type Lookup, nameOf, rowKey } from "../lookup.ts";
import type { Finding, Json, StateRow } from "../world.ts";

/** One text per value: keys sorted, so that two ways of storing the same thing compare equal. */
export function canonical(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(",")}]`;
  const object = value as { readonly [key: string]: Json };
  const keys = Object.keys(object).toSorted();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(object[key] ?? null)}`).join(",")}}`;
}

/** I6: state rebuilt from history equals the stored state, version by version. I9: the periods of versions follow each other without gap or overlap. */
export function checkHistory(lookup: Lookup): readonly Finding[] {
  return [...lookup.world.rows.flatMap((row) => [...checkRow(lookup, row), ...checkPeriods(lookup, row)]), ...checkVanished(lookup)];
}

function checkRow(lookup: Lookup, row: StateRow): readonly Finding[] {
  const versions = lookup.versions(row);
  const last = versions.at(-1);
  if (last === undefined) return [found("I6", `A ${row.kind} has no history.`, { lookup, row })];
  const gap = versions.find((version, place) => version.version !== place + 1);
  if (gap !== undefined)
    return [
      found("I6", `The history of a ${row.kind} does not count its versions 1 to ${String(row.version)}.`, {
        lookup,
        row,
        others: [nameOf(gap)],
      }),
    ];
  if (last.version !== row.version)
    return [
      found("I6", `A ${row.kind} is at version ${String(row.version)}, its history ends at ${String(last.version)}.`, { lookup, row }),
    ];
  const same = canonical(last.fields) === canonical(row.fields) && last.eventCount === row.eventCount && last.projectId === row.projectId;
  return same
    ? []
    : [
        found("I6", `A ${row.kind} differs from the last version in its history: ${differences(last.fields, row.fields)}.`, {
          lookup,
          row,
        }),
      ];
}

function differences(left: StateRow["fields"], right: StateRow["fields"]): string {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  const differing = [...keys].filter((key) => canonical(left[key] ?? null) !== canonical(right[key] ?? null));
  return differing.length === 0 ? "counts or project" : differing.slice(0, 10).join(", ");
}

function checkPeriods(lookup: Lookup, row: StateRow): readonly Finding[] {
  const versions = lookup.versions(row);
  const findings: Finding[] = [];
  const back = versions.find((version, place) => version.recordedAtMs < (versions[place - 1]?.recordedAtMs ?? 0));
  if (back !== undefined)
    findings.push(
      found("I9", `Version ${String(back.version)} of a ${row.kind} was recorded before the version it replaced.`, {
        lookup,
        row,
        upTo: back.eventCount,
      }),
    );
  const odd = versions.find((version, place) => version.operation !== (place === 0 ? "insert" : "update"));
  if (odd !== undefined)
    findings.push(found("I9", `Version ${String(odd.version)} of a ${row.kind} is recorded as ${odd.operation}.`, { lookup, row }));
  return findings;
}

/** Nothing is deleted: what ends, ends in a state. */
function checkVanished(lookup: Lookup): readonly Finding[] {
  const present = new Set(lookup.world.rows.map(rowKey));
  const gone = Map.groupBy(
    lookup.world.history.filter((version) => !present.has(rowKey(version))),
    rowKey,
  );
  return [...gone.values()].flatMap((versions) => {
    const last = versions.at(-1);
    return last === undefined ? [] : [found("I6", `A ${last.kind} is in history and not in its table.`, { lookup, row: last })];
  });
}
