import type { Json } from "../../core/shared/json.ts";
import type { Filter } from "../../engine/ports/store.ts";
import { type Fragment, type SqlValue, sql } from "./sql.ts";

/** What a text column can hold. */
export const isText = (value: SqlValue): boolean => typeof value === "string" && !value.includes("\u0000") && value.isWellFormed();

/** Rows whose column holds the text in any case, or a text inside of a field of the body does. */
export function containing(column: Fragment, { text, leavesOf }: NonNullable<Filter["contains"]>): Fragment {
  if (!isText(text)) return sql`false`;
  const inColumn = sql`strpos(lower(t.${column}), lower(${text}::text)) > 0`;
  if (leavesOf === undefined) return inColumn;
  return sql`(${inColumn} or exists (
    select from jsonb_path_query(t.body -> ${leavesOf}::text, 'strict $.**', '{}', true) leaf
     where jsonb_typeof(leaf) = 'string' and strpos(lower(leaf #>> '{}'), lower(${text}::text)) > 0))`;
}

/** Rows whose field of the body holds the part. What the column cannot hold, no row holds. */
export function holding({ field, part }: { readonly field: string; readonly part: Json }): Fragment {
  const json = JSON.stringify(part);
  // As JSON writes what PostgreSQL refuses: the character zero, and halves of characters.
  if (/\\u(?:0000|d[89a-f])/iu.test(json)) return sql`false`;
  return sql`t.body -> ${field}::text @> ${json}::jsonb`;
}
