import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pendingMigrations, readMigrations } from "./migrate.ts";
import type { Migration } from "./migrate.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "xvc-migrations-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const migration = (number: number, sha256 = `sha-${number}`): Migration => ({ number, name: `m${number}`, sha256, sql: "select 1" });

test("reads the files in order and ignores what is not SQL", async () => {
  await writeFile(join(directory, "0002-second.sql"), "select 2");
  await writeFile(join(directory, "0001-first-thing.sql"), "select 1");
  await writeFile(join(directory, "README.md"), "");
  const found = await readMigrations(directory);
  expect(found.map(({ number, name }) => [number, name])).toEqual([
    [1, "first-thing"],
    [2, "second"],
  ]);
  expect(found[0]?.sha256).toBe("822ae07d4783158bc1912bb623e5107cc9002d519e1143a9c200ed6ee18b6d0f");
});

test.each(["0004-left-out.sql", "0002-twice.sql", "0003_Wrong.sql", "3-short.sql"])("refuses the file name %s", async (file) => {
  await writeFile(join(directory, file), "select 3");
  await expect(readMigrations(directory)).rejects.toMatchObject({ kind: "bug", code: "database.migration-name" });
  await rm(join(directory, file));
});

test("what is applied is not pending", () => {
  expect(pendingMigrations([migration(1), migration(2)], [migration(1)]).map(({ number }) => number)).toEqual([2]);
  expect(pendingMigrations([migration(1)], [migration(1)])).toEqual([]);
});

test("an older program refuses a newer schema and says what to do", () => {
  const refuse = () => pendingMigrations([migration(1)], [migration(1), migration(2)]);
  expect(refuse).toThrow(expect.objectContaining({ kind: "conflict", code: "database.schema-newer" }));
  expect(refuse).toThrow(/migration 2, this program knows 1.*Install that version/);
});

test("an applied file must not change", () => {
  expect(() => pendingMigrations([migration(1, "other")], [migration(1)])).toThrow(
    expect.objectContaining({ kind: "conflict", code: "database.migration-changed" }),
  );
});
