import type { Pool } from "pg";
import { type Contender, changesPage, pageSize } from "./memory-contender.ts";
import type { Item } from "./memory-items.ts";
import { sizeOf } from "./memory-ours.ts";

const schema = `
create schema bench;
create table bench.doc (id uuid primary key, updated_at_ms bigint not null, doc jsonb not null);
create index on bench.doc (updated_at_ms);
create index on bench.doc using gin ((doc -> 'tags') jsonb_path_ops);
create index on bench.doc using gin (to_tsvector('simple', (doc ->> 'title') || ' ' || (doc -> 'data' ->> 'note')));
create table bench.log (place bigint generated always as identity primary key, id uuid not null, at_ms bigint not null, doc jsonb not null);
create index on bench.log (id, at_ms);`;

const document = ({ key, title, data, tags }: Item): string =>
  JSON.stringify({ key, title, data, tags: tags.map((tag) => ({ [tag.key]: tag.value })) });

/**
 * Documents as whole JSON with a log that the writer appends to: no author, no cause, no check of versions, no row security, no
 * order of commits. Statements are prepared.
 */
export async function plainJson(pool: Pool): Promise<Contender> {
  await pool.query(schema);
  const run = async (name: string, text: string, values: readonly unknown[]): Promise<number> =>
    (await pool.query({ name, text, values: [...values] })).rowCount ?? 0;
  const append = "insert into bench.log (id, at_ms, doc) select id, $2::bigint, doc";
  const put = (items: readonly Item[], insert: boolean): Promise<number> => {
    const given = "select * from unnest($1::uuid[], $3::jsonb[]) as g(id, doc)";
    const doc = insert
      ? "insert into bench.doc (id, updated_at_ms, doc) select id, $2::bigint, doc from g"
      : "update bench.doc d set updated_at_ms = $2::bigint, doc = g.doc from g where d.id = g.id";
    return run(`put ${String(insert)}`, `with g as (${given}), d as (${doc}) ${append} from g`, [
      items.map(({ id }) => id),
      Date.now(),
      items.map(document),
    ]);
  };
  const only = async (items: readonly Item[], insert: boolean): Promise<void> => void (await put(items, insert));
  return {
    name: "plain jsonb",
    load: (items) => only(items, true),
    reload: (items) => only(items, false),
    settle: async () => void (await pool.query("vacuum analyze bench.doc, bench.log")),
    create: (item) => only([item], true),
    update: (item) => only([item], false),
    read: (id) => run("read", "select doc from bench.doc where id = $1", [id]),
    tagged: (tags) =>
      run("tagged", "select id, doc from bench.doc where doc -> 'tags' @> $1::jsonb order by id desc limit $2", [
        JSON.stringify(tags.map(({ key, value }) => ({ [key]: value }))),
        pageSize,
      ]),
    newest: () => run("newest", "select id, doc from bench.doc order by updated_at_ms desc limit $1", [pageSize]),
    asOf: (id, atMs) =>
      run("as of", "select doc from bench.log where id = $1 and at_ms <= $2 order by at_ms desc, place desc limit 1", [id, atMs]),
    mark: async () => {
      const { rows } = await pool.query<{ place: string }>("select (max(place) - 200)::text as place from bench.log");
      return rows[0]?.place ?? "0";
    },
    changes: (mark) => run("changes", "select * from bench.log where place > $1 order by place limit $2", [mark, changesPage]),
    search: (word) =>
      run(
        "search",
        `select id, doc, ts_rank(to_tsvector('simple', (doc ->> 'title') || ' ' || (doc -> 'data' ->> 'note')), q) as rank
           from bench.doc, to_tsquery('simple', $1) q
          where to_tsvector('simple', (doc ->> 'title') || ' ' || (doc -> 'data' ->> 'note')) @@ q
          order by rank desc limit $2`,
        [word, pageSize],
      ),
    bytes: () => sizeOf(pool, ["bench.doc", "bench.log"]),
  };
}
