import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contextOf, command, fact, plant, scopeOf, type StoreWorld } from "../../../test/conformance/store-fixture.ts";
import { fillVectors, unit } from "../../../test/conformance/store-vectors.ts";
import { openTestDatabase, type TestDatabase } from "../../../test/support/test-database.ts";
import { openTestStore, type TestStore } from "../../../test/support/test-store.ts";
import { entityTables } from "../../engine/ports/entity-tables.ts";
import { postgresEvidence } from "./evidence-store.ts";
import { readOrganizationIds } from "./organization-directory.ts";
import { stateTables } from "./row-mapping.ts";

let database: TestDatabase;
let opened: TestStore;
let world: StoreWorld;
let sibling: StoreWorld;
let stranger: StoreWorld;

const recordTables = ["command", "event", "history", "checkpoint"];
const stateNames = entityTables.map((table) => table.kind.name);
/** Kept by triggers alone, from the texts of state rows. */
const indexTables = ["search_entry", "search_word", "search_vector"];
const allTables = [...recordTables, ...indexTables, ...stateNames];

beforeAll(async () => {
  database = await openTestDatabase();
  opened = await openTestStore(database.urls.app);
  world = await plant(opened.store);
  sibling = await plant(opened.store, world.organizationId, false);
  stranger = await plant(opened.store);
  for (const one of [world, sibling, stranger]) {
    await command(opened.store, contextOf(one), { events: [fact("task", one.rows.task.id, 1)] });
    await fillVectors(opened, { scope: scopeOf(one), projectId: one.projectId }, () => unit(1, 0));
  }
  const evidence = postgresEvidence(opened.pool);
  for (const [number, one] of [world, sibling, stranger].entries())
    await evidence.append(one.organizationId, {
      number: number + 1,
      text: "{}",
      signature: "",
      marks: { event: null, version: null },
    });
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});

type Rows = readonly { readonly [column: string]: unknown }[];

/** Runs statements in one transaction as a role, with the settings given, and rolls back. */
async function as(url: string, settings: { readonly [name: string]: string }, ...statements: readonly string[]): Promise<Rows> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("begin");
    for (const [name, value] of Object.entries(settings)) await client.query("select set_config($1, $2, true)", [name, value]);
    let rows: Rows = [];
    for (const text of statements) rows = (await client.query<{ [column: string]: unknown }>(text)).rows;
    return rows;
  } finally {
    await client.query("rollback").catch(() => undefined); // a refused statement has ended the transaction
    await client.end();
  }
}

const writer = { "xvc.actor_kind": "person", "xvc.actor_id": "tester", "xvc.cause": "test" };
const contextFor = (one: StoreWorld, projects: readonly string[] = [one.projectId]) => ({
  "xvc.organization_id": one.organizationId as string,
  "xvc.project_ids": `{${projects.join(",")}}`,
  ...writer,
});

test("every table of schema xvc has row security, enabled and forced, and the app role owns none", async () => {
  const tables = await as(
    database.urls.admin,
    {},
    `select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced, r.rolname as owner
       from pg_class c join pg_roles r on r.oid = c.relowner
      where c.relnamespace = 'xvc'::regnamespace and c.relkind in ('r', 'p') order by c.relname`,
  );
  expect(tables.map((table) => table["name"])).toEqual(allTables.toSorted());
  for (const table of tables) expect(table).toMatchObject({ enabled: true, forced: true, owner: "xvc_owner" });
});

test("tables without an organization are exactly those of schema xvc_system", async () => {
  const tables = await as(
    database.urls.admin,
    {},
    "select relname::text as name from pg_class where relnamespace = 'xvc_system'::regnamespace and relkind in ('r', 'p') order by 1",
  );
  expect(tables.map((table) => table["name"])).toEqual([
    "api_token",
    "channel_secret",
    "migration",
    "news_cursor",
    "one_time_link",
    "person_index",
    "person_key",
    "probe",
    "session",
    "tenant",
    "try_count",
    "upload",
    "worker_lease",
  ]);
});

test("no role that works is a superuser, bypasses row security or may truncate", async () => {
  const [role] = await as(
    database.urls.app,
    {},
    "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user",
  );
  expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false });
  const truncatable = await as(
    database.urls.admin,
    {},
    "select relname from pg_class where relnamespace in ('xvc'::regnamespace, 'xvc_system'::regnamespace) and relkind = 'r' and has_table_privilege('xvc_app', oid, 'truncate')",
  );
  expect(truncatable).toEqual([]);
});

test.each(allTables)("without context, or with an empty one, a look at %s is an error", async (name) => {
  await expect(as(database.urls.app, {}, `select 1 from xvc.${name}`)).rejects.toMatchObject({ code: "XV001" });
  const empty = { "xvc.organization_id": "", "xvc.project_ids": "" };
  await expect(as(database.urls.app, empty, `select 1 from xvc.${name}`)).rejects.toMatchObject({ code: "XV001" });
});

test.each(allTables)(
  "the context is the transaction's own: nothing of it is left for the next user of the connection, asking %s",
  async (name) => {
    const client = new Client({ connectionString: database.urls.app });
    await client.connect();
    try {
      await client.query("begin");
      await client.query("select set_config('xvc.organization_id', $1, true), set_config('xvc.project_ids', '{}', true)", [
        world.organizationId,
      ]);
      await client.query(`select 1 from xvc.${name}`);
      await client.query("commit");
      await expect(client.query(`select 1 from xvc.${name}`)).rejects.toMatchObject({ code: "XV001" });
    } finally {
      await client.end();
    }
  },
);

test.each(allTables)("a query of %s without any condition shows no row of another organization or project", async (name) => {
  const rows = await as(database.urls.app, contextFor(world), `select * from xvc.${name}`);
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    expect(row["organization_id"]).toBe(world.organizationId);
    expect([world.projectId, null]).toContain(row["project_id"] ?? null);
  }
  const none = await as(database.urls.app, contextFor(world, []), `select * from xvc.${name}`);
  for (const row of none) expect(row["project_id"] ?? null).toBeNull();
});

test.each(stateNames)("rows of %s cannot be changed into, or inserted for, another organization", async (name) => {
  const stolen = `update xvc.${name} set organization_id = '${world.organizationId}' where organization_id = '${stranger.organizationId}'`;
  const client = new Client({ connectionString: database.urls.app });
  await client.connect();
  try {
    await client.query("begin");
    for (const [key, value] of Object.entries(contextFor(world))) await client.query("select set_config($1, $2, true)", [key, value]);
    expect((await client.query(stolen)).rowCount).toBe(0);
    await expect(client.query(`update xvc.${name} set organization_id = '${stranger.organizationId}'`)).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|23503|23514)$/) as string,
    });
  } finally {
    await client.end();
  }
});

test("the owner is bound too: a backfill without context fails instead of changing nothing", async () => {
  await expect(as(database.urls.owner, {}, "update xvc.task set state = 'ready'")).rejects.toMatchObject({ code: "XV001" });
});

test("views run with the rights of whoever asks", async () => {
  const views = await as(
    database.urls.admin,
    {},
    "select relname::text as name, reloptions from pg_class where relnamespace = 'xvc'::regnamespace and relkind in ('v', 'm')",
  );
  expect(views).toEqual([{ name: "history_period", reloptions: ["security_invoker=true"] }]);
});

test("only the listed functions run with their owner's rights, each with a fixed search path, none for everybody", async () => {
  const functions = await as(
    database.urls.admin,
    {},
    `select proname::text as name, proconfig, has_function_privilege('xvc_app', oid, 'execute') as app
       from pg_proc where pronamespace in ('xvc'::regnamespace, 'xvc_system'::regnamespace) and prosecdef order by 1`,
  );
  const fixed = ["search_path=pg_catalog, pg_temp"];
  const replanned = [...fixed, "plan_cache_mode=force_custom_plan"];
  expect(functions).toEqual([
    { name: "create_request_numbers", proconfig: fixed, app: false },
    { name: "erase_person", proconfig: fixed, app: false },
    { name: "forget_purged", proconfig: fixed, app: false },
    { name: "forget_search", proconfig: fixed, app: false },
    { name: "keep_new_search", proconfig: fixed, app: false },
    { name: "keep_search", proconfig: fixed, app: false },
    { name: "keep_vectors", proconfig: fixed, app: true },
    { name: "next_request_number", proconfig: fixed, app: true },
    { name: "purge_content", proconfig: fixed, app: false },
    { name: "record_history", proconfig: fixed, app: false },
    { name: "register_tenant", proconfig: fixed, app: false },
    { name: "search", proconfig: fixed, app: true },
    { name: "similar_words", proconfig: replanned, app: false },
  ]);
  const open = await as(
    database.urls.admin,
    {},
    "select proname from pg_proc p cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where p.pronamespace = 'xvc'::regnamespace and a.grantee = 0",
  );
  expect(open).toEqual([]);
});

test.each(recordTables)("%s is append-only for the app role and for the owner", async (name) => {
  const context = contextFor(world);
  for (const statement of [`update xvc.${name} set organization_id = organization_id`, `delete from xvc.${name}`, `truncate xvc.${name}`]) {
    await expect(as(database.urls.app, context, statement)).rejects.toMatchObject({ code: "42501" });
    await expect(as(database.urls.owner, context, statement)).rejects.toMatchObject({ code: "XV002" });
  }
});

test("the app role cannot write history, nor say the position, transaction, actor or recorded time of an event", async () => {
  const context = contextFor(world);
  await expect(
    as(database.urls.app, context, "insert into xvc.history overriding system value select * from xvc.history limit 1"),
  ).rejects.toMatchObject({
    code: "42501",
  });
  for (const column of ["txid", "position", "actor_id", "cause", "recorded_at_ms"]) {
    await expect(
      as(database.urls.app, context, `insert into xvc.event (${column}) overriding system value select ${column} from xvc.event limit 1`),
    ).rejects.toMatchObject({ code: "42501" });
  }
});

test.each(indexTables)("%s is written by triggers alone", async (name) => {
  const context = contextFor(world);
  for (const statement of [`update xvc.${name} set organization_id = organization_id`, `delete from xvc.${name}`, `truncate xvc.${name}`])
    await expect(as(database.urls.app, context, statement)).rejects.toMatchObject({ code: "42501" });
  await expect(as(database.urls.owner, context, `truncate xvc.${name}`)).rejects.toMatchObject({ code: "XV002" });
});

test("no state row can be deleted by the app role", async () => {
  for (const name of stateNames) {
    await expect(as(database.urls.app, contextFor(world), `delete from xvc.${name}`)).rejects.toMatchObject({ code: "42501" });
  }
});

test("every state table writes history on insert, update and delete, by the one function", async () => {
  const triggers = await as(
    database.urls.admin,
    {},
    `select c.relname::text as name, t.tgname::text as trigger, t.tgenabled::text as enabled, (t.tgtype & 1) as per_row
       from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
      where p.proname = 'record_history' and p.pronamespace = 'xvc'::regnamespace order by 1, 2`,
  );
  expect(triggers).toEqual(
    stateNames
      .toSorted()
      .flatMap((name) =>
        ["history_delete", "history_insert", "history_update"].map((trigger) => ({ name, trigger, enabled: "O", per_row: 0 })),
      ),
  );
});

test.each(stateNames)("a change of %s is in the history, whole, and refused without actor and cause", async (name) => {
  const [changed] = await as(
    database.urls.app,
    { ...contextFor(world), "xvc.actor_id": "somebody", "xvc.cause": "a reason" },
    `update xvc.${name} set version = version + 100`,
    `select h.row, h.version, h.actor_kind, h.actor_id, h.cause, h.operation, to_jsonb(t) as present
       from xvc.history h join xvc.${name} t on t.id = h.id and t.version = h.version where h.kind = '${name}' limit 1`,
  );
  expect(changed).toMatchObject({ actor_kind: "person", actor_id: "somebody", cause: "a reason", operation: "update" });
  expect(changed?.["row"]).toEqual(changed?.["present"]);
  for (const missing of ["xvc.actor_kind", "xvc.actor_id", "xvc.cause"]) {
    const context = { ...contextFor(world), [missing]: "" };
    await expect(as(database.urls.app, context, `update xvc.${name} set version = version + 1`)).rejects.toMatchObject({ code: "XV001" });
  }
});

test("a deletion by the owner is recorded as well", async () => {
  const rows = await as(
    database.urls.owner,
    contextFor(world),
    `delete from xvc.clock where id = '${world.rows.clock.id}'`,
    `select operation, version from xvc.history where id = '${world.rows.clock.id}' order by version`,
  );
  expect(rows).toEqual([
    { operation: "insert", version: 1 },
    { operation: "delete", version: 2 },
  ]);
});

test("the caller cannot date a change before its transaction or after now", async () => {
  for (const forged of ["1", "99999999999999"]) {
    const [row] = await as(
      database.urls.app,
      { ...contextFor(world), "xvc.recorded_at_ms": forged },
      `update xvc.task set version = version + 1`,
      "select max(recorded_at_ms)::text as latest, floor(extract(epoch from now()) * 1000)::text as begun from xvc.history",
    );
    expect(Number(row?.["latest"])).toBeGreaterThanOrEqual(Number(row?.["begun"]));
    expect(Number(row?.["latest"])).toBeLessThanOrEqual(Date.now() + 1_000);
  }
});

test("columns, types and whole keys are those of the entity tables", async () => {
  const columns = await as(
    database.urls.admin,
    {},
    `select c.relname::text as table, a.attname::text as name, format_type(a.atttypid, null) as type, a.attnum = any(i.indkey::smallint[]) as key
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       join pg_index i on i.indrelid = c.oid and i.indisprimary
      where c.relnamespace = 'xvc'::regnamespace and c.relkind = 'r'`,
  );
  for (const table of stateTables) {
    const found = columns.filter((column) => column["table"] === table.kindName);
    const whole = table.scope === "project" ? ["organization_id", "project_id"] : ["organization_id"];
    const expected = [
      ...whole.map((name) => ({ name, type: "uuid", key: true })),
      ...[...table.columns, ...table.derived.values()].map(({ name, type }) => ({ name, type, key: name === "id" })),
      { name: "body", type: "jsonb", key: false },
    ];
    const byName = (left: { name: unknown }, right: { name: unknown }) => String(left.name).localeCompare(String(right.name));
    expect({ table: table.kindName, columns: found.map(({ name, type, key }) => ({ name, type, key })).toSorted(byName) }).toEqual({
      table: table.kindName,
      columns: expected.toSorted(byName),
    });
  }
});

test("unique and foreign keys are whole: each names the organization, and the project where there is one", async () => {
  const constraints = await as(
    database.urls.admin,
    {},
    `select k.conname::text as name, c.relname::text as table,
            array(select attname::text from pg_attribute where attrelid = c.oid and attnum = any(k.conkey)) as columns,
            exists (select from pg_attribute where attrelid = c.oid and attname = 'project_id') as of_project
       from pg_constraint k join pg_class c on c.oid = k.conrelid
      where c.relnamespace = 'xvc'::regnamespace and k.contype in ('p', 'u', 'f')`,
  );
  expect(constraints.length).toBeGreaterThan(20);
  const torn = constraints.filter(({ name, columns, of_project: ofProject }) => {
    const named = columns as readonly string[];
    const whole = named.includes("organization_id") && (ofProject !== true || named.includes("project_id"));
    return !whole && name !== "event_pkey"; // a position from a sequence tells nothing and refers to nothing
  });
  expect(torn).toEqual([]);
});

test("request numbers come only from the context's own projects", async () => {
  await expect(as(database.urls.app, contextFor(world), `select xvc.next_request_number('${stranger.projectId}')`)).rejects.toMatchObject({
    code: "XV003",
  });
  await expect(as(database.urls.app, contextFor(world), `select xvc.next_request_number('${sibling.projectId}')`)).rejects.toMatchObject({
    code: "XV003",
  });
  await expect(
    as(database.urls.app, contextFor(world, [stranger.projectId]), `select xvc.next_request_number('${stranger.projectId}')`),
  ).rejects.toMatchObject({ code: "XV003" });
  const sequence = `xvc.request_number_${world.projectId.replaceAll("-", "")}`;
  await expect(as(database.urls.app, contextFor(world), `select nextval('${sequence}')`)).rejects.toMatchObject({ code: "42501" });
});

test("the history has one unbroken chain of periods per row, the last one open", async () => {
  const rows = await as(
    database.urls.app,
    contextFor(world),
    `select count(*) filter (where upper_inf(recorded))::integer as open, count(distinct (kind, id))::integer as chains from xvc.history_period`,
  );
  expect(rows[0]?.["open"]).toBe(rows[0]?.["chains"]);
});

test("by-id statements find rows by key, also when planned once for empty tables", async () => {
  const settings = { ...contextFor(world), plan_cache_mode: "force_generic_plan", enable_seqscan: "off" };
  for (const table of stateTables) {
    const rows = await as(
      database.urls.app,
      settings,
      `prepare by_id as select t.id from xvc.${table.kindName} t where t.id = any($1::uuid[]) order by t.id for update`,
      "explain execute by_id(null)",
    );
    const plan = rows.map((row) => String(row["QUERY PLAN"])).join("\n");
    expect(plan).toContain(`${table.kindName}_pkey`);
    expect(plan).toContain("Index Cond: (id = ANY");
  }
});

test("sweepers learn which organizations there are, and nothing else of them", async () => {
  expect(await readOrganizationIds(opened.pool)).toEqual([world.organizationId, stranger.organizationId].toSorted());
});
