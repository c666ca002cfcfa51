import { Client } from "pg";
import { expect, test } from "vitest";
import { clientConfig, embeddedUrl, urlForPeople, withDatabase, withRole } from "./database-url.ts";

const seenBy = (url: string): { readonly [key: string]: unknown } => {
  const { user, password, host, port, database } = new Client(clientConfig(url, { applicationName: "xvc test" }));
  return { user, password, host, port, database };
};

test("an embedded address says everything the driver needs", () => {
  const url = embeddedUrl({ host: "127.0.0.1", port: 4711, database: "a b" }, "xvc_app", "0af");
  expect(seenBy(url)).toEqual({ user: "xvc_app", password: "0af", host: "127.0.0.1", port: 4711, database: "a b" });
});

test.each([
  ["postgres://boss:old@db.example:6000/given?sslmode=disable", "db.example", 6000],
  ["postgres://db.example/given?user=boss&password=old", "db.example", 5432],
  ["postgres:///given?host=/run/postgresql&user=boss", "/run/postgresql", 5432],
])("another role on %s keeps server and database", (url, host, port) => {
  expect(seenBy(withRole(url, "xvc_app", "p%40/:@"))).toEqual({ user: "xvc_app", password: "p%40/:@", host, port, database: "given" });
});

test("another database keeps role and server", () => {
  expect(seenBy(withDatabase("postgres://boss:old@db.example:6000/given", "other"))).toMatchObject({ user: "boss", database: "other" });
});

test.each([
  ["postgres://boss:hunter2@db.example:6000/given?password=hunter2", "postgres://boss@db.example:6000/given"],
  ["://hunter2", "postgres://(unreadable address)"],
])("people see no password of %s", (url, shown) => {
  expect(urlForPeople(url)).toBe(shown);
});
