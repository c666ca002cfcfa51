import { identifier, joined, sql } from "./sql.ts";
import type { Fragment } from "./sql.ts";
import type { StateTable } from "./row-mapping.ts";

/** Where the rows of a kind are read from, to stand behind FROM and before `t`. */
export type RowSource = (table: StateTable) => Fragment;

/** Rows as they are. */
export const presentRows: RowSource = (table) => table.name;

/**
 * Rows as they were recorded at an instant. No row is ever deleted (nobody has the right), so the ids are those of the table as it is,
 * and what never changes of a row is read there too: conditions on it, and the order by id, are served by the table's own indexes.
 * The rest comes from the last version not after the instant, found by the key of the history; what was not there yet has none.
 */
export const rowsAt =
  (atMs: number): RowSource =>
  (table) => {
    const own = [identifier("id"), ...table.fixed.map(({ name }) => identifier(name))];
    const fixed = new Set(table.fixed.map(({ name }) => name));
    const recorded = [...table.columns, ...table.derived.values()].filter(({ name }) => name !== "id" && !fixed.has(name));
    const columns = [
      ...own.map((name) => sql`c.${name}`),
      ...(table.scope === "project" ? [sql`c.project_id`] : []),
      sql`c.organization_id`,
      ...recorded.map(({ name }) => sql`r.${identifier(name)}`),
      sql`r.body`,
    ];
    const place = table.scope === "project" ? sql`h.project_id = c.project_id` : sql`h.project_id is null`;
    return sql`(
      select ${joined(columns, ", ")}
        from ${table.name} c
        cross join lateral (
          select h.operation, h.row from xvc.history h
           where h.id = c.id and h.kind = ${table.kindName}::text and h.organization_id = c.organization_id and ${place}
             and h.recorded_at_ms <= ${atMs}::bigint
           order by h.version desc limit 1) h
        cross join lateral jsonb_populate_record(null::${table.name}, h.row) r
       where h.operation <> 'delete')`;
  };
