import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contextOf, command, fact, plant, type StoreWorld } from "../../../test/conformance/store-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../../test/support/test-database.ts";
import { openTestStore, type TestStore } from "../../../test/support/test-store.ts";
import { type SealedLine, verifyEvidence } from "../../../verify/evidence.ts";
import { postgresEvidence } from "../../adapters/postgres/evidence-store.ts";
import { evidenceSigner } from "../../adapters/system/evidence-signer.ts";
import { fileEvidence } from "../../adapters/system/file-evidence.ts";
import { asId } from "../../core/shared/ids.ts";
import { evidenceCheckView } from "./evidence-view.ts";
import { type EvidenceParts, sealEvidence } from "./seal-evidence.ts";

let database: TestDatabase;
let opened: TestStore;
let world: StoreWorld;
let folder: string;
let use: EvidenceParts;

const signer = evidenceSigner(Buffer.alloc(32, 7));
const digest = (text: string) => asId<"sha256">(createHash("sha256").update(text).digest("hex"));

beforeAll(async () => {
  database = await openTestDatabase();
  opened = await openTestStore(database.urls.app);
  world = await plant(opened.store);
  await plant(opened.store, world.organizationId, false);
  await plant(opened.store);
  folder = await mkdtemp(path.join(os.tmpdir(), "xvc-evidence-"));
  use = { store: postgresEvidence(opened.pool), signer, exported: fileEvidence(folder), digest, clock: { nowMs: () => 1_000 } };
});
afterAll(async () => {
  await opened.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

/** Something happens, and is over for every reader: while any transaction of the server is older, what follows it is not sealed. */
async function happens(number: number): Promise<void> {
  await command(opened.store, contextOf(world), { events: [fact("task", world.rows.task.id, number)] });
  await expect.poll(isSettled, { timeout: 60_000 }).toBe(true);
}

async function isSettled(): Promise<boolean> {
  const client = new Client({ connectionString: database.urls.verify });
  await client.connect();
  try {
    const { rows } = await client.query<{ settled: boolean }>(
      "select greatest((select max(txid) from xvc.event), (select max(txid) from xvc.history)) < pg_snapshot_xmin(pg_current_snapshot()) as settled",
    );
    return rows[0]?.settled === true;
  } finally {
    await client.end();
  }
}

const file = () => path.join(folder, `${world.organizationId}.jsonl`);
const exportedLines = async (): Promise<readonly SealedLine[]> =>
  (await readFile(file(), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as SealedLine);
const check = (after = 0, limit = 100) => evidenceCheckView(use, world.organizationId, { after, limit });

async function asSuperuser(text: string, values: readonly unknown[] = []): Promise<number> {
  const client = new Client({ connectionString: database.urls.admin });
  await client.connect();
  try {
    // What a superuser can do, and no role of ours: switch the triggers off.
    await client.query("set session_replication_role = replica");
    return (await client.query(text, [...values])).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

async function outside() {
  const client = new Client({ connectionString: database.urls.verify });
  await client.connect();
  try {
    return await verifyEvidence(client, {
      organizationId: world.organizationId,
      publicKey: signer.publicKey,
      exported: await exportedLines(),
    });
  } finally {
    await client.end();
  }
}

test("rounds seal what is new, once, however many run at a time; both verifiers agree that nothing is wrong", async () => {
  await happens(1);
  const rounds = await Promise.all([sealEvidence(use, world.organizationId), sealEvidence(use, world.organizationId)]);
  expect(rounds.toSorted()).toEqual([0, 1]);
  expect(await sealEvidence(use, world.organizationId)).toBe(0);
  await happens(2);
  expect(await sealEvidence(use, world.organizationId)).toBe(1);
  const own = await check();
  expect(own).toMatchObject({ checkpoints: 2, problems: [], nextAfter: null, unsealed: { events: 0, versions: 0 } });
  expect(own.versions).toBeGreaterThan(20);
  const other = await outside();
  expect(other).toMatchObject({ checkpoints: 2, problems: [], unsealed: { events: 0, versions: 0 } });
  expect([other.events, other.versions]).toEqual([own.events, own.versions]);
});

test("a check goes part by part, and sees what is not sealed yet", async () => {
  await happens(3);
  const first = await check(0, 1);
  expect(first).toMatchObject({ checkpoints: 1, nextAfter: 1, unsealed: null });
  expect(await check(1, 1)).toMatchObject({ checkpoints: 1, nextAfter: null, unsealed: { events: 1 } });
  await expect(check(9)).rejects.toMatchObject({ code: "evidence.no-such-checkpoint" });
  await sealEvidence(use, world.organizationId);
});

test("the second place catches up after it was away, and after a line that was cut off", async () => {
  const whole = await readFile(file(), "utf8");
  await truncate(file(), whole.length - 40);
  await sealEvidence(use, world.organizationId);
  expect(await readFile(file(), "utf8")).toBe(whole);
  await rm(file());
  await sealEvidence(use, world.organizationId);
  expect(await readFile(file(), "utf8")).toBe(whole);
});

const ofTask = "organization_id = $1 and subject_kind = 'task' and number = 1";
const ofRequest = "organization_id = $1 and kind = 'request' and version = 1";

test.each([
  [
    "an event's data",
    `update xvc.event set data = data || '{"forged": 1}' where ${ofTask}`,
    `update xvc.event set data = data - 'forged' where ${ofTask}`,
  ],
  [
    "who did it",
    `update xvc.event set actor_id = actor_id || '2' where ${ofTask}`,
    `update xvc.event set actor_id = left(actor_id, -1) where ${ofTask}`,
  ],
  [
    "a version's content",
    `update xvc.history set row = jsonb_set(row, '{body,forged}', '1') where ${ofRequest}`,
    `update xvc.history set row = row #- '{body,forged}' where ${ofRequest}`,
  ],
  [
    "which versions there are",
    "update xvc.history set organization_id = md5(organization_id::text)::uuid where organization_id = $1 and kind = 'persona'",
    "update xvc.history set organization_id = $1::uuid where organization_id = md5(($1::uuid)::text)::uuid",
  ],
])("a superuser changes %s: both verifiers find it, and nothing once it is undone", async (_what, change, undo) => {
  expect(await asSuperuser(change, [world.organizationId])).toBeGreaterThan(0);
  expect((await check()).problems.map(({ message }) => message).join()).toMatch(/changed|are there/u);
  expect((await outside()).problems.map(({ message }) => message).join()).toMatch(/changed|gone/u);
  await asSuperuser(undo, [world.organizationId]);
});

test("a superuser takes the last checkpoint and its rows away: the database alone says nothing, the second place does", async () => {
  await happens(4);
  await sealEvidence(use, world.organizationId);
  const last = (await exportedLines()).length;
  await asSuperuser("delete from xvc.checkpoint where organization_id = $1 and number = $2", [world.organizationId, last]);
  await asSuperuser("delete from xvc.event where organization_id = $1 and subject_kind = 'task' and number = 4", [world.organizationId]);
  expect((await check()).problems).toEqual([]);
  expect((await outside()).problems).toEqual([{ checkpoint: last, message: "it was exported, and the database has none" }]);
});

test("a superuser with a key of their own signs a history of their own: the key is not the one that is trusted", async () => {
  const forger = evidenceSigner(Buffer.alloc(32, 8));
  const [row] = await use.store.list(world.organizationId, { after: 0, limit: 1 });
  const text = (row?.text ?? "").replace(/"events":\d+/u, '"events":0');
  await asSuperuser("update xvc.checkpoint set text = $2, signature = $3 where organization_id = $1 and number = 1", [
    world.organizationId,
    text,
    forger.sign(text),
  ]);
  expect((await check()).problems.map(({ message }) => message).join()).toContain("not of this installation's key");
  expect((await outside()).problems.map(({ message }) => message).join()).toContain("signature does not hold");
});

test("a line of the second place that somebody edited is no proof of anything", async () => {
  const lines = await exportedLines();
  await writeFile(file(), lines.map((line) => `${JSON.stringify({ ...line, text: line.text.replace("1000", "2000") })}\n`).join(""));
  expect((await outside()).problems.map(({ message }) => message)).toContain("exported: its signature does not hold");
});
