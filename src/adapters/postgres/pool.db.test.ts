import { afterAll, beforeAll, expect, test } from "vitest";
import type { Pool } from "pg";
import { openTestDatabase } from "../../../test/support/test-database.ts";
import type { TestDatabase } from "../../../test/support/test-database.ts";
import { withClient } from "./database-url.ts";
import { createPool } from "./pool.ts";
import { inSession } from "./session.ts";
import { transactionTimeoutMs } from "./transaction-limit.ts";

let database: TestDatabase;
let pool: Pool;
const lost: Error[] = [];
const lostOne = Promise.withResolvers<Error>();

beforeAll(async () => {
  database = await openTestDatabase();
  pool = createPool({
    url: database.urls.app,
    applicationName: "xvc pool test",
    statementTimeoutMs: 200,
    maxConnections: 2,
    onLost: (error) => {
      lost.push(error);
      lostOne.resolve(error);
    },
  });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test("reads int8 as a number, numeric as text and a date as its text", async () => {
  const { rows } = await pool.query(
    "select 9007199254740991::int8 as safe, 1.50::numeric as money, date '2026-03-29' as day, count(*) as n from (values (1)) v",
  );
  expect(rows).toEqual([{ safe: 9007199254740991, money: "1.50", day: "2026-03-29", n: 1 }]);
});

test("refuses an int8 that a number cannot hold, and the connection stays usable", async () => {
  await expect(pool.query("select 9007199254740993::int8 as big")).rejects.toMatchObject({ code: "database.integer-unsafe" });
  expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});

test("leaves the parsers of other clients alone", async () => {
  const plain = await withClient(database.urls.app, { applicationName: "xvc test" }, (client) => client.query("select 1::int8 as n"));
  expect(plain.rows).toEqual([{ n: "1" }]);
});

test("names itself and ends statements that take too long", async () => {
  expect((await pool.query("select current_setting('application_name') as name")).rows).toEqual([{ name: "xvc pool test" }]);
  await expect(pool.query("select pg_sleep(5)")).rejects.toMatchObject({ code: "57014" });
});

test("ends a transaction that lasts too long, and commits none, however old the server is", async () => {
  const limits = await pool.query(
    "select setting::integer as ms from pg_settings where name in ('transaction_timeout', 'idle_in_transaction_session_timeout') order by name",
  );
  expect(limits.rows).toEqual([{ ms: 60_000 }, { ms: transactionTimeoutMs }]);
  const plan = { begin: "begin", context: { text: "select 1", values: [] } };
  const write = { text: "create temporary table kept (n integer) on commit preserve rows", values: [] };
  const piped = createPool({ url: database.urls.app, applicationName: "xvc pool test piped", pipeline: true, onLost: () => {} });
  await expect(inSession(piped, { ...plan, longestMs: 0 }, (session) => session.run(write))).rejects.toMatchObject({
    kind: "unavailable",
    code: "store.transaction-too-long",
  });
  await inSession(piped, plan, (session) => session.run(write)); // the table of the one before was rolled back
  await piped.end();
  const short = createPool({
    url: database.urls.app,
    applicationName: "xvc pool test short",
    transactionTimeoutMs: 50,
    pipeline: true,
    onLost: () => {},
  });
  const ended = inSession(short, plan, (session) => session.run({ text: "select pg_sleep(5)", values: [] }));
  await expect(ended).rejects.toMatchObject({ code: "store.unavailable" });
  await short.end();
});

test("survives the loss of idle connections and reports it", async () => {
  await pool.query("select 1");
  await withClient(database.urls.admin, { applicationName: "xvc test" }, (client) =>
    client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'xvc pool test' and datname = current_database()",
    ),
  );
  expect(await lostOne.promise).toMatchObject({ code: "57P01" });
  expect((await pool.query("select 2 as two")).rows).toEqual([{ two: 2 }]);
  expect(lost.length).toBeGreaterThan(0);
});
