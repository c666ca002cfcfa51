import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { entityKindOf, type EntityRecord } from "../../core/memory/entity.ts";
import { taskKind } from "../../core/execution/task.ts";
import type { Entity } from "../../core/shared/entity.ts";
import {
  changed,
  command,
  contextOf,
  created,
  nextId,
  plant,
  scopeOf,
  storedRows,
  type StoreWorld,
} from "../../../test/conformance/store-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../../test/support/test-database.ts";
import { openTestStore, type TestStore } from "../../../test/support/test-store.ts";
import { type SearchText, searchTextOf, searchedKinds } from "../../engine/ports/search-texts.ts";

let database: TestDatabase;
let opened: TestStore;

beforeAll(async () => {
  database = await openTestDatabase();
  opened = await openTestStore(database.urls.app);
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});

interface Entry extends SearchText {
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly fromMs: number;
  readonly toMs: number | null;
}

async function asAdmin<Row>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
  const client = new Client({ connectionString: database.urls.admin });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows as readonly Row[];
  } finally {
    await client.end();
  }
}

const indexed = async (world: StoreWorld): Promise<readonly Entry[]> =>
  (
    await asAdmin<Entry>(
      `select e.kind, e.id, e.version, e.recorded_from_ms::float8 as "fromMs", e.recorded_to_ms::float8 as "toMs", s.title, xvc.search_lines(s.texts) as body,
              e.person_ids as "personIds"
         from xvc.search_entry e
         join xvc.history h on h.id = e.id and h.version = e.version and h.kind = e.kind and h.organization_id = e.organization_id
        cross join lateral xvc.search_source(h.kind, h.row) s
        where e.organization_id = $1 order by e.kind, e.id, e.version`,
      [world.organizationId],
    )
  ).map((entry) => ({ ...entry }));

const same = (one: SearchText | null, other: SearchText | null): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The index as it would be made from the versions of every row. */
async function scanned(world: StoreWorld): Promise<readonly Entry[]> {
  const rows = storedRows(world).filter(({ kind }) => searchedKinds.includes(kind.name));
  const all = await Promise.all(
    rows.map(async ({ kind, row }) => {
      const newestFirst = await opened.store.read(scopeOf(world), (reader) => reader.versions(kind, row.id, { limit: 100 }));
      const entries: Entry[] = [];
      let before: SearchText | null = null;
      for (const { row: version, recordedAtMs } of newestFirst.toReversed()) {
        const text: SearchText | null = searchTextOf(kind.name, version);
        if (same(text, before)) continue;
        const last = entries.at(-1);
        if (last?.toMs === null) entries[entries.length - 1] = { ...last, toMs: recordedAtMs };
        if (text !== null)
          entries.push({ kind: kind.name, id: row.id, version: version.version, fromMs: recordedAtMs, toMs: null, ...text });
        before = text;
      }
      return entries;
    }),
  );
  const key = ({ kind, id, version }: Entry): string => `${kind} ${id} ${String(version).padStart(9, "0")}`;
  return all.flat().toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** Every text in a value another one. */
function reworded(value: unknown): unknown {
  if (typeof value === "string") return `${value} again`;
  if (Array.isArray(value)) return value.map((member: unknown) => reworded(member));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, reworded(member)]));
}

/** One field of the sample rows after the other, whatever it holds; those that keep their first value are left out. */
const fields =
  "title text brief spec answers reworkPoints performer topic question rationale options outcome data attachments goal reason closing periods subjectName files keyResults statement explanation worldview skills plan matches state name email".split(
    " ",
  );

test("the index equals a full scan of the versions after each text field of every row changed and changed back", async () => {
  const world = await plant(opened.store);
  for (const { kind, row } of storedRows(world).filter(({ kind: { name } }) => searchedKinds.includes(name))) {
    let now = row;
    for (const field of fields) {
      const value = (now as unknown as Readonly<Record<string, unknown>>)[field]; // rows are JSON
      const isFixed = kind.name === "playbook" && field === "name";
      if (value === undefined || value === null || isFixed) continue;
      for (const next of [reworded(value), value]) {
        const change = changed<Entity>(kind, now, { [field]: next } as Partial<Entity>);
        await command(opened.store, contextOf(world), { changes: [change] });
        now = change.after;
      }
    }
  }
  const entries = await indexed(world);
  expect(entries.length).toBeGreaterThan(50);
  expect(entries).toEqual(await scanned(world));
});

test("a change of a task that leaves its texts writes nothing to the index", async () => {
  const world = await plant(opened.store);
  const before = await asAdmin(
    "select id, version, xmin::text as written from xvc.search_entry where organization_id = $1 order by id, version",
    [world.organizationId],
  );
  let { task } = world.rows;
  for (const fields of [
    { state: "running" },
    { performer: { kind: "persona", id: "qa" } },
    { attemptNumber: 2 },
    { costMicro: 5 },
  ] as const) {
    const change = changed(taskKind, task, fields);
    await command(opened.store, contextOf(world), { changes: [change] });
    task = change.after;
  }
  const after = await asAdmin(
    "select id, version, xmin::text as written from xvc.search_entry where organization_id = $1 order by id, version",
    [world.organizationId],
  );
  expect(after).toEqual(before);
});

test("a purge leaves no entry and no word that only the entity had", async () => {
  const world = await plant(opened.store);
  const sample = storedRows(world).find(({ kind }) => kind.name === entityKindOf.name)?.row as EntityRecord; // the sample of this kind
  const entity: EntityRecord = { ...sample, id: nextId(), title: "Molybdenum", key: "quarry" };
  const deleted = changed(entityKindOf, entity, { state: "deleted" });
  await command(opened.store, contextOf(world), { changes: [created(entityKindOf, entity)] });
  const known = "select word from xvc.search_word where organization_id = $1 and word = any ($2)";
  expect(await asAdmin(known, [world.organizationId, ["molybdenum"]])).toEqual([{ word: "molybdenum" }]);
  await command(opened.store, contextOf(world), { changes: [deleted] });
  const kept = await asAdmin<{ word: string }>("select distinct word from xvc.search_word where organization_id = $1", [
    world.organizationId,
  ]);
  await command(opened.store, contextOf(world), {
    changes: [changed(entityKindOf, deleted.after, { state: "purged", title: "", data: {}, attachments: [] })],
  });
  expect(await asAdmin("select 1 from xvc.search_entry where id = $1", [entity.id])).toEqual([]);
  const left = await asAdmin<{ word: string }>("select distinct word from xvc.search_word where organization_id = $1", [
    world.organizationId,
  ]);
  const gone = kept.filter(({ word }) => !left.some((one) => one.word === word));
  expect(gone.map(({ word }) => word).toSorted()).toEqual(["molybdenum", "quarry"]);
});

test("words are looked up by the index of words, not row by row", async () => {
  const client = new Client({ connectionString: database.urls.admin });
  await client.connect();
  try {
    await client.query("begin; set local role xvc_owner; set local enable_seqscan = off");
    const { rows } = await client.query<{ "QUERY PLAN": string }>(
      "explain select 1 from xvc.search_entry e where e.words @@ to_tsquery('simple', 'anything') and e.organization_id = gen_random_uuid()",
    );
    expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("search_entry_words");
  } finally {
    await client.end();
  }
});
