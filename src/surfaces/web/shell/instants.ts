import { queryOptions } from "@tanstack/react-query";
import type { AuditPage } from "../../../contract/audit-contract.ts";
import type { MemoryHistory } from "../../../contract/memory-contract.ts";
import { call } from "../api.ts";

/** A moment at which something changed, and what happened. */
export interface Instant {
  readonly atMs: number;
  readonly text: string;
}

/** The instant an address names: ISO 8601 or epoch milliseconds; undefined: it names none. */
export function momentOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const atMs = /^\d{1,16}$/u.test(text) ? Number(text) : /^\d{4}-\d{2}-\d{2}T/u.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(atMs) && atMs >= 0 ? atMs : undefined;
}

export const addressOf = (atMs: number): string => new Date(atMs).toISOString();

/** The instants at which something changed, the oldest first; of several facts at one instant the first is told. At most 200, the latest. */
export const instantsQuery = (changes: string) =>
  queryOptions({
    queryKey: ["instants", changes],
    queryFn: async (): Promise<readonly Instant[]> => instantsIn(await call<AuditPage | MemoryHistory>("GET", changes)),
  });

export function instantsIn(page: AuditPage | MemoryHistory): readonly Instant[] {
  const found =
    page.schema === "xvc.audit/1"
      ? page.items.map((entry) => ({ atMs: entry.recordedAtMs, text: entry.sentence }))
      : page.items.map((entry) => ({ atMs: entry.recordedAtMs, text: versionText(entry) }));
  const byInstant = new Map(found.map((instant) => [instant.atMs, instant]));
  return [...byInstant.values()].toSorted((left, right) => left.atMs - right.atMs);
}

function versionText({ version, actor, changes, more }: MemoryHistory["items"][number]): string {
  if (version === 1) return `${actor.name} made it.`;
  const named = [...new Set(changes.map((change) => change.path.split(/[.[]/u)[0] ?? ""))].slice(0, 4);
  return `${actor.name} changed ${named.join(", ")}${more > 0 ? " and more" : ""}.`;
}

/** Place of the last instant not after the moment; -1: it lies before the first. */
export const placeOf = (instants: readonly Instant[], atMs: number): number => instants.findLastIndex((instant) => instant.atMs <= atMs);

/** A moment as a field for dates and times has it, in the reader's own time zone. */
export function fieldText(atMs: number): string {
  const local = new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
