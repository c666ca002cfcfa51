import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { entityKindOf, type EntityRecord } from "../../core/memory/entity.ts";
import type { Entity, EntityKind } from "../../core/shared/entity.ts";
import { projectRows } from "../../../test/conformance/sample-rows.ts";
import { changed, command, contextOf, created, nextId, plant } from "../../../test/conformance/store-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../../test/support/test-database.ts";
import { openTestStore, type TestStore } from "../../../test/support/test-store.ts";
import { entityTables } from "../../engine/ports/entity-tables.ts";
import { compareDerived, type DerivedFinding } from "./derived-data.ts";

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

/** Each organization's own comparison, as `xvc memory rebuild --check` makes it. */
const compared = async (): Promise<readonly (readonly DerivedFinding[])[]> => {
  const organizations = await lines("select id::text as line from xvc.organization order by 1");
  const found: (readonly DerivedFinding[])[] = [];
  for (const id of organizations) found.push(await compareDerived(database.urls.owner, id));
  return found;
};

const differing = (findings: readonly DerivedFinding[]) =>
  findings.filter((one) => one.missing + one.surplus > 0).map(({ name, missing, surplus }) => ({ name, missing, surplus }));

test("whatever follows from the history equals what is kept, byte for byte: search entries, their words and present rows of every kind", async () => {
  const organizations = await compared();
  expect(organizations.length).toBe(2);
  for (const findings of organizations) {
    expect(findings.map(({ name }) => name)).toEqual(["search entries", "search words", ...entityTables.map(({ kind }) => kind.name)]);
    expect(differing(findings)).toEqual([]);
  }
  const sum = (name: string): number => organizations.flat().reduce((rows, one) => rows + (one.name === name ? one.rows : 0), 0);
  for (const { kind } of entityTables)
    expect([kind.name, sum(kind.name)]).toEqual([kind.name, expect.toSatisfy((rows: number) => rows > 0)]);
  expect(sum("search entries")).toBeGreaterThan(50);
  expect((await lines("select e.id::text as line from xvc.search_entry e where e.words @@ 'azurite'")).length).toBeGreaterThan(10);
  const words = await lines("select w.word as line from xvc.search_word w");
  expect(words).toContain("azurite");
  expect(words).not.toContain("molybdenum");
});

test("a row, an entry or a word that was changed past the history is found, with its beginning", async () => {
  const client = new Client({ connectionString: database.urls.admin });
  await client.connect();
  await client.query("set session_replication_role = replica");
  await client.query("update xvc.person set name = name || '!' where id = (select min(id::text)::uuid from xvc.person)");
  await client.query("delete from xvc.search_entry where ctid = (select min(ctid) from xvc.search_entry where words @@ 'azurite')");
  await client.query(
    "insert into xvc.search_word (organization_id, project_id, word, stem) select organization_id, project_id, 'feldspar', 'feldspar' from xvc.search_word limit 1",
  );
  await client.end();
  const findings = (await compared()).flat();
  expect(findings.find(({ name, surplus }) => name === "person" && surplus > 0)).toMatchObject({ missing: 1, surplus: 1 });
  expect(findings.find(({ name, missing }) => name === "search entries" && missing > 0)).toMatchObject({
    missing: 1,
    surplus: 0,
    samples: [expect.stringMatching(/^not kept: .*azurite/u)],
  });
  expect(findings.find(({ name, surplus }) => name === "search words" && surplus > 0)?.samples).toEqual([
    expect.stringMatching(/^not in the history: .*feldspar/u),
  ]);
});
