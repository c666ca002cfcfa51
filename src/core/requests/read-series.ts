import type { Recurrence } from "./recurrence.ts";
import { readRule, readWallTime } from "./recurrence-rule.ts";
import type { Series } from "./recurrence-slots.ts";

export type ReadSeries = { readonly kind: "series"; readonly series: Series } | { readonly kind: "problem"; readonly message: string };

/** Reads a rule with its zone and start; `instantOf` knows the zones. What cannot be followed is told, never guessed. */
export function readSeries(
  { rule, zone, startsAt }: Pick<Recurrence, "rule" | "zone" | "startsAt">,
  instantOf: (wallMs: number, zone: string) => number | null,
): ReadSeries {
  const startWallMs = readWallTime(startsAt);
  if (startWallMs === null) return { kind: "problem", message: `"${startsAt.slice(0, 40)}" is no start such as 2031-01-31T09:00.` };
  if (instantOf(startWallMs, zone) === null)
    return { kind: "problem", message: `There is no time zone "${zone.slice(0, 64)}" here; use a name such as Europe/Berlin or UTC.` };
  const read = readRule(rule);
  if (read.kind === "problem") return read;
  return { kind: "series", series: { rule: read.rule, startWallMs, instantOf: (wallMs) => instantOf(wallMs, zone) ?? wallMs } };
}
