import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changed, command, contextOf, plant, type StoreWorld, storedRows } from "../../../test/conformance/store-fixture.ts";
import { openTestDatabase } from "../../../test/support/test-database.ts";
import { openTestStore } from "../../../test/support/test-store.ts";
import { type EntityRecord, entityKindOf } from "../../core/memory/entity.ts";

/* The one change that history allows, tried with every right its owner has. */

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let under: Awaited<ReturnType<typeof openTestStore>>;
let world: StoreWorld;
let entity: EntityRecord;

beforeAll(async () => {
  database = await openTestDatabase();
  under = await openTestStore(database.urls.app);
  world = await plant(under.store);
  entity = storedRows(world).find(({ kind }) => kind.name === entityKindOf.name)?.row as EntityRecord; // the sample row of this kind
  await command(under.store, contextOf(world), { changes: [changed(entityKindOf, entity, { title: "Second" })] });
});

afterAll(async () => {
  await under.close();
  await database.drop();
});

/** Runs one statement in the scope of the world, as the owner of the tables; answers with what was refused. */
async function asOwner(statement: string, purging: string): Promise<string> {
  const client = new Client({ connectionString: database.urls.owner });
  await client.connect();
  try {
    await client.query("begin");
    for (const [name, value] of [
      ["xvc.organization_id", world.organizationId],
      ["xvc.project_ids", `{${world.projectId}}`],
      ["xvc.purging", purging],
    ] as const)
      await client.query("select set_config($1, $2, true)", [name, value]);
    const { rowCount } = await client.query(statement);
    return `done: ${String(rowCount)}`;
  } catch (error) {
    return error instanceof Error ? error.message : "?";
  } finally {
    await client.query("rollback");
    await client.end();
  }
}

test("history takes nothing but the removal of a purged entity's content, whoever tries", async () => {
  const of = `where kind = 'entity' and id = '${entity.id}'`;
  const refused = "update of xvc.history is not possible: the table is append-only";
  expect(await asOwner(`update xvc.history set row = xvc.without_content(row) ${of}`, "")).toBe(refused);
  for (const change of [
    "actor_id = 'somebody'",
    "row = '{}'",
    "row = xvc.without_content(row), recorded_at_ms = 1",
    `row = jsonb_set(xvc.without_content(row), '{body,contentSha256}', '"${"0".repeat(64)}"')`,
    "row = jsonb_set(row, '{title}', '\"Other\"')",
  ])
    expect([change, await asOwner(`update xvc.history set ${change} ${of}`, entity.id)]).toEqual([change, refused]);
  expect(await asOwner("update xvc.history set row = xvc.without_content(row) where kind = 'request'", entity.id)).toBe(refused);
  expect(await asOwner(`delete from xvc.history ${of}`, entity.id)).toMatch(/append-only/u);
  expect(await asOwner(`update xvc.history set row = xvc.without_content(row) ${of}`, entity.id)).toBe("done: 2");
});

test("the application itself may not touch history, and what was purged stays readable as a hash of what was stored", async () => {
  const client = new Client({ connectionString: database.urls.app });
  await client.connect();
  await expect(client.query("update xvc.history set actor_id = 'x'")).rejects.toThrow(/permission denied/u);
  await client.end();
  const second = changed(entityKindOf, entity, { title: "Second" }).after;
  const third = changed(entityKindOf, second, { state: "deleted" });
  await command(under.store, contextOf(world), { changes: [third] });
  const purged = changed(entityKindOf, third.after, { state: "purged", title: "", data: {}, attachments: [] });
  await command(under.store, contextOf(world), { changes: [purged] });
  const count = await asOwner(
    `select 1 from xvc.history where id = '${entity.id}' and kind = 'entity' and version < 4 and row -> 'body' ? 'contentSha256' and row ->> 'title' = ''`,
    "",
  );
  expect(count).toBe("done: 3");
});
