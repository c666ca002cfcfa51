import { Failure } from "../../core/shared/failure.ts";
import { type EventGroup, type EventMeasure, type MeasureKey, maxMeasuredText } from "../../engine/ports/tally.ts";
import type { Session } from "./session.ts";
import { identifier, joined, prepared, sql, statement } from "./sql.ts";
import type { Fragment, Statement } from "./sql.ts";

const maxKinds = 20;
const maxNewest = 50_000;
const maxKeys = 5;

/**
 * Groups of events recorded by an instant with their numbers, from at most `newest` events of each kind: one range of the index per kind.
 *
 * @throws {Failure} `store.limit-invalid`
 */
export async function measureEvents(session: Session, measure: EventMeasure, untilMs: number): Promise<readonly EventGroup[]> {
  checkMeasure(measure);
  const { kinds, newest, fromMs, toMs, by, number } = measure;
  const values = by.map((key, at) => sql`${valueOf(key)} as ${alias(at)}`);
  const groups = by.map((_key, at) => alias(at));
  const shown = groups.map((group) => sql`m.${group}::text as ${group}`);
  const measured = number === undefined ? sql`null::double precision` : numberOf(number);
  const quantiles =
    number === undefined
      ? sql`null as quantiles, null as total`
      : sql`percentile_cont(array[0.5, 0.9]) within group (order by m.measured) as quantiles, sum(m.measured) as total`;
  // Of a kind that is common the planner would collect all events and sort them, to keep the newest.
  const [, { rows }] = await Promise.all([
    session.run(bitmaps("off")),
    session.run(
      statement(sql`
      select ${joined([...shown, sql`count(*)::integer as found`], ", ")}, ${quantiles}
        from (select ${joined([...values, sql`${measured} as measured`], ", ")}
                from unnest(${[...new Set(kinds)]}::text[]) as wanted (kind)
                cross join lateral (
                  select v.* from xvc.event v
                   where v.organization_id = (select xvc.org()) and v.kind = wanted.kind and v.recorded_at_ms <= ${untilMs}::bigint
                   order by v.txid desc, v.position desc limit ${newest}::integer) e
               where e.at_ms >= ${fromMs}::bigint and e.at_ms < ${toMs}::bigint
               offset 0) m -- so that only what is measured is sorted, not the events
      ${
        by.length === 0
          ? sql`having count(*) > 0`
          : sql`group by ${joined(
              groups.map((group) => sql`m.${group}`),
              ", ",
            )}`
      }`),
    ),
    session.run(bitmaps("on")),
  ]);
  return rows.map((row) => ({
    values: by.map((_key, at) => row[`v${String(at)}`] as string | null), // texts, as selected
    count: row["found"] as number, // an integer, as selected
    ...quantilesOf(row["quantiles"]),
    sum: numberOrNull(row["total"]),
  }));
}

/** For what follows in this transaction. */
const bitmaps = (use: "on" | "off"): Statement => prepared(sql`select set_config('enable_bitmapscan', ${use}, true)`);

function checkMeasure({ kinds, newest, by }: EventMeasure): void {
  const isSound =
    kinds.length >= 1 && kinds.length <= maxKinds && by.length <= maxKeys && Number.isInteger(newest) && newest >= 1 && newest <= maxNewest;
  if (!isSound)
    throw new Failure("bug", "store.limit-invalid", {
      message: `A measure looks at 1 to ${maxKinds} kinds, 1 to ${maxNewest} events of each, by at most ${maxKeys} fields.`,
    });
}

const alias = (at: number): Fragment => aliases[at] ?? sql`v0`;
const aliases: readonly Fragment[] = [sql`v0`, sql`v1`, sql`v2`, sql`v3`, sql`v4`];

/** Fields that the log's index holds beside the kind. Any other is taken out of each event's data. */
const texts = new Map(["from", "round", "verdict", "performer"].map((field) => [field, identifier(`e.data_${field}`)]));
const numbers = new Map([
  ["ms", identifier("e.data_ms")],
  ["msWaited", identifier("e.data_ms_waited")],
  ["msInState", identifier("e.data_ms_in_state")],
]);

/** Grouped by their bytes: the order of groups means nothing, and a language's order costs more than the rest of the query. */
function valueOf(key: MeasureKey): Fragment {
  if (key === "kind") return sql`e.kind collate "C"`;
  if (key === "projectId") return sql`e.project_id::text collate "C"`;
  if ("before" in key) return sql`(e.at_ms < ${key.before}::bigint)`;
  const field = key.data;
  const text =
    texts.get(field) ??
    sql`(case when length(e.data ->> ${field}::text) <= ${maxMeasuredText}::integer then e.data ->> ${field}::text end)`;
  return sql`${text} collate "C"`;
}

const numberOf = (field: string): Fragment =>
  numbers.get(field) ??
  sql`(case when jsonb_typeof(e.data -> ${field}::text) = 'number' then (e.data ->> ${field}::text)::double precision end)`;

function quantilesOf(found: unknown): Pick<EventGroup, "p50" | "p90"> {
  const [p50, p90] = Array.isArray(found) ? (found as readonly unknown[]) : []; // an array of two, as selected
  return { p50: numberOrNull(p50), p90: numberOrNull(p90) };
}

const numberOrNull = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
