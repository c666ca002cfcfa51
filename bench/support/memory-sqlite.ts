import { statSync } from "node:fs";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { type Contender, changesPage, pageSize } from "./memory-contender.ts";
import type { Item } from "./memory-items.ts";

const schema = `
pragma journal_mode = wal;
pragma synchronous = full;
create table doc (number integer primary key, id text not null unique, key text not null unique, title text not null, data text not null, updated_at_ms integer not null);
create index doc_updated on doc (updated_at_ms);
create table tag (id text not null, key text not null, value text not null, primary key (key, value, id)) without rowid;
create table history (place integer primary key, id text not null, at_ms integer not null, doc text not null);
create index history_id on history (id, at_ms);
create virtual table words using fts5 (title, note);`;

type Run = (text: string, ...values: readonly SQLInputValue[]) => void;

function writerOf(run: Run): { readonly insert: (item: Item) => void; readonly change: (item: Item) => void } {
  const log = (item: Item, atMs: number): void =>
    run("insert into history (id, at_ms, doc) values (?, ?, ?)", item.id, atMs, JSON.stringify(item));
  const note = ({ data }: Item): string => data["note"] as string; // `itemAt` writes it
  const insert = (item: Item): void => {
    const atMs = Date.now();
    run(
      "insert into doc (id, key, title, data, updated_at_ms) values (?, ?, ?, ?, ?)",
      item.id,
      item.key,
      item.title,
      JSON.stringify(item.data),
      atMs,
    );
    run("insert into words (rowid, title, note) select number, ?, ? from doc where id = ?", item.title, note(item), item.id);
    for (const { key, value } of item.tags) run("insert into tag (id, key, value) values (?, ?, ?)", item.id, key, value);
    log(item, atMs);
  };
  const change = (item: Item): void => {
    const atMs = Date.now();
    run("update doc set title = ?, data = ?, updated_at_ms = ? where id = ?", item.title, JSON.stringify(item.data), atMs, item.id);
    run("update words set title = ?, note = ? where rowid = (select number from doc where id = ?)", item.title, note(item), item.id);
    log(item, atMs);
  };
  return { insert, change };
}

/** An embedded database inside this process: no connection, no other writer, no row security; durable at each commit. */
export function sqlite(file: string): Contender & { close(): void } {
  const database = new DatabaseSync(file);
  database.exec(schema);
  const kept = new Map<string, ReturnType<DatabaseSync["prepare"]>>();
  const statement = (text: string): ReturnType<DatabaseSync["prepare"]> => {
    const known = kept.get(text) ?? database.prepare(text);
    kept.set(text, known);
    return known;
  };
  const run = (text: string, ...values: readonly SQLInputValue[]): void => void statement(text).run(...values);
  const found = async (text: string, ...values: readonly SQLInputValue[]): Promise<number> => statement(text).all(...values).length;
  const { insert, change } = writerOf(run);
  const inOne = async (items: readonly Item[], work: (item: Item) => void): Promise<void> => {
    database.exec("begin immediate");
    for (const item of items) work(item);
    database.exec("commit");
  };
  return {
    name: "SQLite",
    load: (items) => inOne(items, insert),
    reload: (items) => inOne(items, change),
    settle: async () => database.exec("pragma wal_checkpoint(truncate); analyze;"),
    create: (item) => inOne([item], insert),
    update: (item) => inOne([item], change),
    read: (id) => found("select * from doc where id = ?", id),
    tagged: (tags) => {
      const [first, ...others] = tags.flatMap(({ key, value }) => [[key, value] as const]);
      const also = others.map(() => " and exists (select 1 from tag o where o.key = ? and o.value = ? and o.id = t.id)").join("");
      const text = `select d.* from tag t join doc d on d.id = t.id where t.key = ? and t.value = ?${also} order by t.id desc limit ?`;
      return found(text, ...(first ?? []), ...others.flat(), pageSize);
    },
    newest: () => found("select * from doc order by updated_at_ms desc limit ?", pageSize),
    asOf: (id, atMs) => found("select doc from history where id = ? and at_ms <= ? order by at_ms desc, place desc limit 1", id, atMs),
    mark: async () => String(Number(statement("select max(place) as place from history").get()?.["place"]) - 200),
    changes: (mark) => found("select * from history where place > ? order by place limit ?", Number(mark), changesPage),
    search: (word) =>
      found(
        "select d.*, bm25(words) as rank from words join doc d on d.number = words.rowid where words match ? order by rank limit ?",
        word,
        pageSize,
      ),
    bytes: async () => statSync(file).size,
    close: () => database.close(),
  };
}
