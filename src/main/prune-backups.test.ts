import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../adapters/system/system-clock.ts";
import { draftBackup } from "./backup-folder.ts";
import { backupPlaces, pruneBackups, wholeBackups } from "./prune-backups.ts";

let parent = "";
afterEach(() => rm(parent, { recursive: true, force: true }));

async function whole(name: string, contentDirectory = "/own/content", takenAtMs = systemClock.nowMs()): Promise<string> {
  const draft = await draftBackup(parent, { name, durable: false });
  await draft.write("secret.key", name);
  const head = { schema: "xvc.backup/1", version: "0.0.0", takenAtMs, database: null, logArchive: null } as const;
  return (await draft.finish({ ...head, contentDirectory, hasSecretKey: true })).folder;
}

test("keeps the newest backups and touches nothing that is newer, cut off, changed or of another installation", async () => {
  parent = await mkdtemp(path.join(os.tmpdir(), "xvc-prune-"));
  const day = (number: number): string => `2026-11-0${number}T083112.204Z`;
  for (const number of [1, 2, 3]) await whole(day(number));
  await whole("2026-11-01T000000.000Z", "/other/content");
  await mkdir(path.join(parent, "2026-11-01T010000.000Z")); // cut off: no manifest
  await mkdir(path.join(parent, "2026-11-01T020000.000Z"));
  await writeFile(path.join(parent, "2026-11-01T020000.000Z", "manifest.json"), "{");
  await mkdir(path.join(parent, "letters"));
  const notes = path.join(parent, "letters");
  for (const number of [1, 4]) await writeFile(path.join(notes, `${day(number)}.json`), "{}");
  const newest = await whole(day(4));
  await whole(day(5)); // another one finished meanwhile
  const others = ["2026-11-01T000000.000Z", "2026-11-01T010000.000Z", "2026-11-01T020000.000Z", "letters"];
  const options = { newest, contentDirectory: "/own/content", notes };

  expect(await pruneBackups({ ...options, keep: 10 })).toEqual([]);
  expect(await pruneBackups({ ...options, keep: 2 })).toEqual([path.join(parent, day(1)), path.join(parent, day(2))]);
  expect((await readdir(parent)).toSorted()).toEqual([...others, day(3), day(4), day(5)].toSorted());
  expect(await readdir(notes)).toEqual([`${day(4)}.json`]);
  expect(await pruneBackups({ ...options, keep: 0 })).toEqual([path.join(parent, day(3))]);
  expect(await readdir(parent)).toContain(day(4));
});

test("ages out what was made before an instant, never the newest, and finds backups that lie elsewhere", async () => {
  parent = await mkdtemp(path.join(os.tmpdir(), "xvc-prune-"));
  const dayMs = 86_400_000;
  const nameAt = (days: number): string => new Date(100 * dayMs + days * dayMs).toISOString().replaceAll(":", "");
  for (const days of [0, 10, 40]) await whole(nameAt(days), "/own/content", 100 * dayMs + days * dayMs);
  await whole(nameAt(1), "/other/content", 101 * dayMs);
  const own = await wholeBackups(parent, "/own/content");
  expect(own.map(({ folder }) => path.basename(folder))).toEqual([0, 10, 40].map(nameAt));
  const newest = own.at(-1)?.folder ?? "";
  const options = { newest, contentDirectory: "/own/content", notes: parent };
  expect(await pruneBackups({ ...options, olderThanMs: 100 * dayMs })).toEqual([]);
  expect(await pruneBackups({ ...options, olderThanMs: 105 * dayMs, keep: 5 })).toEqual([path.join(parent, nameAt(0))]);
  expect(await pruneBackups({ ...options, olderThanMs: 200 * dayMs })).toEqual([path.join(parent, nameAt(10))]);
  expect((await wholeBackups(parent, "/own/content")).map(({ folder }) => folder)).toEqual([newest]);
  expect(await wholeBackups(parent, "/other/content")).toHaveLength(1);
  await mkdir(path.join(parent, "backups"));
  await writeFile(path.join(parent, "backups", "a.json"), JSON.stringify({ schema: "xvc.backup-elsewhere/1", folder: "/mnt/b/one" }));
  await writeFile(path.join(parent, "backups", "b.json"), "{");
  expect(await backupPlaces(parent)).toEqual([path.join(parent, "backups"), "/mnt/b"]);
  expect(await wholeBackups(path.join(parent, "nowhere"), "/own/content")).toEqual([]);
});
