import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { entityKindOf, type EntityRecord } from "../../core/memory/entity.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { projectRows } from "../../../test/conformance/sample-rows.ts";
import { changed, command, contextOf, created, nextId, plant } from "../../../test/conformance/store-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../../test/support/test-database.ts";
import { openTestStore, type TestStore } from "../../../test/support/test-store.ts";
import { entityTables } from "../../engine/ports/entity-tables.ts";
import { searchedKinds } from "../../engine/ports/search-texts.ts";

let database: TestDatabase;
let opened: TestStore;

type Lines = readonly string[];

/** One line a row, as the database writes it. */
async function lines(text: string): Promise<Lines> {
  const client = new Client({ connectionString: database.urls.admin });
  await client.connect();
  try {
    return (await client.query<{ line: string }>(text)).rows.map(({ line }) => line);
  } finally {
    await client.end();
  }
}

/** Rows of every kind and their changes; two tenants, so that what is mixed up between them shows. */
beforeAll(async () => {
  database = await openTestDatabase();
  opened = await openTestStore(database.urls.app);
  const first = await plant(opened.store);
  for (const world of [first, await plant(opened.store, first.organizationId, false), await plant(opened.store)]) {
    const write = async <Row extends Entity>(kind: EntityKind<Row>, row: Row, fields: Partial<Row>): Promise<Row> => {
      const change = changed(kind, row, fields);
      await command(opened.store, contextOf(world), { changes: [change] });
      return change.after;
    };
    const own = projectRows(world.rows);
    for (const { kind, row } of own) {
      let now = await write(kind, row, {});
      for (const field of ["title", "text", "question", "rationale", "goal"])
        if (typeof (now as unknown as Record<string, unknown>)[field] === "string")
          now = await write(kind, now, { [field]: `Of ${nextId()} and azurite` });
      await write(kind, now, {});
    }
    const sample = own.find(({ kind }) => kind.name === entityKindOf.name)?.row as EntityRecord; // the sample of this kind
    let gone: EntityRecord = { ...sample, id: nextId(), version: 1, title: "Molybdenum", key: "quarry" };
    await command(opened.store, contextOf(world), { changes: [created(entityKindOf, gone)] });
    gone = await write(entityKindOf, gone, { state: "deleted" });
    gone = await write(entityKindOf, gone, { state: "active", title: "Molybdenum again" });
    gone = await write(entityKindOf, gone, { state: "deleted" });
    await write(entityKindOf, gone, { state: "purged", title: "", data: {}, attachments: [] });
  }
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});

/** The index as the history alone gives it: an entry where the text of a row became another one, until it did so again. */
const entriesFromHistory = `
  with texts as (
    select h.organization_id, h.project_id, h.kind, h.id, h.version, h.recorded_at_ms, xvc.search_text(h.kind, h.row) as found
      from xvc.history h
     where h.kind = any ('{${searchedKinds.join(",")}}')
       and not exists (select from xvc.entity e where e.id = h.id and e.state = 'purged')),
  turns as (
    select t.*, t.found is distinct from lag(t.found) over (partition by t.organization_id, t.kind, t.id order by t.version) as turned,
           lag(t.version) over (partition by t.organization_id, t.kind, t.id order by t.version) is null as begins
      from texts t),
  spans as (
    select s.*, lead(s.recorded_at_ms) over (partition by s.organization_id, s.kind, s.id order by s.version) as until_ms
      from turns s where s.turned or s.begins)
  select (s.organization_id, s.project_id, s.kind, s.id, s.version, s.recorded_at_ms, s.until_ms,
          (s.found).title, (s.found).body, (s.found).person_ids, xvc.search_words(s.found))::text as line
    from spans s where s.found is not null order by 1`;

test("the search index rebuilt from the history equals the one that triggers keep, byte for byte", async () => {
  const live = await lines(`
    select (e.organization_id, e.project_id, e.kind, e.id, e.version, e.recorded_from_ms, e.recorded_to_ms, e.title, e.body, e.person_ids, e.words)::text as line
      from xvc.search_entry e order by 1`);
  expect(live.length).toBeGreaterThan(50);
  expect(live.filter((line) => line.includes("azurite")).length).toBeGreaterThan(10);
  expect(await lines(entriesFromHistory)).toEqual(live);
});

test("the words that misspelled ones are compared with are those of the index, no more and no fewer", async () => {
  const live = await lines("select distinct (w.organization_id, w.project_id, w.word)::text as line from xvc.search_word w order by 1");
  expect(live.some((line) => line.includes("azurite"))).toBe(true);
  expect(live.some((line) => line.includes("molybdenum"))).toBe(false);
  const rebuilt = await lines(`
    select distinct (e.organization_id, e.project_id, w.lexeme)::text as line
      from xvc.search_entry e cross join lateral unnest(e.words) w
     where ('A' = any (w.weights) or 'B' = any (w.weights)) and length(w.lexeme) between 4 and 40 and w.lexeme !~ '[0-9]'
     order by 1`);
  expect(rebuilt).toEqual(live);
});

test.each(entityTables.map(({ kind }) => kind.name))(
  "the present rows of %s are the last versions of the history, byte for byte",
  async (name) => {
    const live = await lines(`select to_jsonb(t)::text as line from xvc.${name} t order by 1`);
    expect(live.length).toBeGreaterThan(0);
    const last = await lines(`
    select line from (
      select distinct on (h.organization_id, h.project_id, h.id) h.row::text as line from xvc.history h
       where h.kind = '${name}' order by h.organization_id, h.project_id, h.id, h.version desc) v
     order by 1`);
    expect(last).toEqual(live);
  },
);
