import { erasureTimes } from "../adapters/postgres/erasure-times.ts";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changed, command, created } from "../../test/conformance/store-fixture.ts";
import { filesWith, tablesWith } from "../../test/support/scan-database.ts";
import { openTestDatabase, type TestDatabase } from "../../test/support/test-database.ts";
import { openTestStore, type TestStore } from "../../test/support/test-store.ts";
import { verifyEvidence } from "../../verify/evidence.ts";
import { cedarAuthorizer } from "../adapters/cedar/cedar-authorizer.ts";
import { createSeededRng } from "../adapters/in-process/seeded-rng.ts";
import { createVirtualClock } from "../adapters/in-process/virtual-clock.ts";
import { withClient } from "../adapters/postgres/database-url.ts";
import { postgresEvidence } from "../adapters/postgres/evidence-store.ts";
import { postgresSessions } from "../adapters/postgres/session-store.ts";
import { evidenceSigner } from "../adapters/system/evidence-signer.ts";
import { createSystemIds } from "../adapters/system/system-ids.ts";
import { calendarKind } from "../core/oversight/calendar.ts";
import { channelKind } from "../core/oversight/channel.ts";
import { type Person, personKind } from "../core/oversight/person.ts";
import { asId } from "../core/shared/ids.ts";
import { type Engine, openEngine } from "../engine/engine.ts";
import { sealEvidence } from "../engine/memory/seal-evidence.ts";
import { searchView } from "../engine/memory/search-view.ts";
import { settleRemovals } from "../engine/oversight/settle-removals.ts";
import type { Store } from "../engine/ports/store.ts";
import type { Command } from "../engine/shared/commands.ts";
import { exportOrganization, importOrganization } from "./export.ts";

/*
 * A hundred people, fifty of them erased. What is personal of anybody stands in no table, file, log or export as it is: every value has the
 * mark of this run, and whatever holds the mark holds something personal. After the erasure nothing opens it for the fifty.
 */

const mark = `mark${randomBytes(6).toString("hex")}`;
const people = 100;
const ids = createSystemIds();
const clock = createVirtualClock(1_800_000_000_000);
const [organizationId, founder, second] = [asId<"organization">(ids.next()), ids.next(), ids.next()];
const scope = { organizationId, projectIds: [] };
const digest = (text: string) => asId<"sha256">(createHash("sha256").update(text).digest("hex"));
const signer = evidenceSigner(Buffer.alloc(32, 7));

const members = Array.from({ length: people }, (_, at) => ({
  id: ids.next(),
  name: `Person${at} ${mark}`,
  email: `p${at}@${mark}.example`,
}));
const [erased, others] = [members.slice(0, people / 2), members.slice(people / 2)];
const spoken = [...erased.slice(0, 4), ...others.slice(0, 4)];

let database: TestDatabase;
let opened: TestStore;
let elsewhere: TestStore;
let folder = "";
let began = 0;
const startedMs = Date.now() - 1_000;

const engineOf = (store: Store): Engine =>
  openEngine({
    store,
    clock,
    ids,
    digest,
    rng: createSeededRng({ seed: 1 }),
    crash: () => {},
    capabilities: { executors: ["rules"], ruleTasks: [], sandbox: { ok: false, reason: "none" } },
    authorizer: cedarAuthorizer(),
  });

const tell = (engine: Engine, actorId: string, command: Command) =>
  engine.apply({ organizationId, projectId: null, actor: { kind: "person", id: actorId }, key: ids.next() }, command);

const seal = (pool: TestStore["pool"]) =>
  sealEvidence(
    { store: postgresEvidence(pool), signer, digest, clock, exported: { lastNumber: async () => 0, append: async () => {} } },
    organizationId,
  );

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "xvc-erasure-"));
  database = await openTestDatabase();
  opened = await openTestStore(database.urls.app, { enqueue: () => Promise.resolve() });
  elsewhere = await openTestStore(database.urls.app, { enqueue: () => Promise.resolve() });
  await fill();
});

afterAll(async () => {
  await opened.close();
  await elsewhere.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function fill(): Promise<void> {
  const engine = engineOf(opened.store);
  await engine.apply(
    { organizationId, projectId: null, actor: { kind: "system", id: "test" }, key: "found" },
    {
      kind: "found-organization",
      id: organizationId,
      name: "O",
      currency: "EUR",
      person: { id: founder, name: `Founder ${mark}`, email: null },
    },
  );
  await tell(engine, founder, { kind: "add-person", id: second, name: `Second ${mark}`, email: null, roles: ["director"] });
  for (const member of spoken) await addByCommands(engine, member);
  await addInBulk(members.filter((member) => !spoken.includes(member)));
  began = await opened.store.nowMs();
  for (const { id } of spoken.filter((member) => erased.includes(member)))
    await tell(engine, founder, { kind: "remove-person", personId: id, reason: "left" });
  while ((await settleRemovals(engine, organizationId)) > 0);
}

type Member = (typeof members)[number];

/** Everything that may be said of a member goes through its command for some, since commands keep copies of their own. */
async function addByCommands(engine: Engine, { id, name, email }: Member): Promise<void> {
  await tell(engine, founder, { kind: "add-person", id, name: `Draft ${mark}`, email: null, roles: ["contributor"] });
  await tell(engine, id, { kind: "change-person", personId: id, name, email });
  await tell(engine, id, { kind: "add-channel", form: "mail", name: `of ${mark}`, personId: id, target: { address: email }, topics: [] });
  await tell(engine, id, {
    kind: "record-absence",
    id: ids.next(),
    absenceId: ids.next(),
    personId: id,
    fromMs: clock.nowMs() + 1_000,
    toMs: clock.nowMs() + 90_000_000,
    reason: `ill ${mark}`,
    substituteId: null,
  });
  await engine.apply(
    { organizationId, projectId: null, actor: { kind: "system", id: "test" }, key: ids.next() },
    { kind: "link-identity", personId: id, identity: { issuer: "https://id.example.org", subject: `${mark}-${id}` } },
  );
  await postgresSessions(opened.pool).createSession({
    organizationId,
    personId: asId<"person">(id),
    tokenSha256: digest(id),
    csrfSha256: digest(`c${id}`),
    createdAtMs: 1,
    seenAtMs: 1,
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    about: `Browser of ${name.replace(mark, "")}`,
  });
}

/** The others are written as rows, with a version before the last. */
async function addInBulk(rest: readonly Member[]): Promise<void> {
  const context = { ...scope, projectId: null, actor: { kind: "system", id: "test" }, cause: "bulk", atMs: 1 } as const;
  const first = rest.map(({ id, name, email }): Person => {
    const state = erased.some((one) => one.id === id) ? "removed" : "active";
    return { id, version: 1, eventCount: 0, name: `Draft ${name}`, email, roles: ["contributor"], state, workReturned: true };
  });
  await command(opened.store, context, { changes: first.map((row) => created(personKind, row)) });
  await command(
    opened.store,
    { ...context, cause: "more" },
    {
      changes: first.map((row, at) => changed(personKind, row, { name: rest[at]?.name ?? "" })),
    },
  );
}

/** The other process has everybody's name in its memory by now. */
const namesElsewhere = (moment?: { readonly atMs: number }) =>
  elsewhere.store.read(
    scope,
    async (reader) => new Map((await reader.find(personKind, { limit: 1_000 })).map(({ id, name }) => [id, name])),
    moment,
  );

const verified = (one: TestDatabase) =>
  withClient(one.urls.verify, { applicationName: "xvc test" }, (client) =>
    verifyEvidence(client, { organizationId, publicKey: signer.publicKey }),
  );

test("nothing personal stands in any row of work as it is, before anybody is erased", async () => {
  expect((await namesElsewhere()).get(erased[0]?.id ?? "")).toBe(erased[0]?.name);
  expect(await tablesWith(database.urls.admin, mark)).toEqual(["all tables"]);
  await seal(opened.pool);
});

test("after the erasure the fifty are erased at every instant, in every process, and the others are as they were", async () => {
  const engine = engineOf(opened.store);
  for (const { id } of erased) {
    await expect(
      tell(engine, second, { kind: "erase-person", personId: id, reason: "They asked to be forgotten", confirmation: null }),
    ).rejects.toMatchObject({ code: "erasure.administrator-asks" });
    expect(
      await tell(engine, founder, { kind: "erase-person", personId: id, reason: "They asked to be forgotten", confirmation: null }),
    ).toMatchObject({
      state: "asked",
    });
    expect(await tell(engine, second, { kind: "erase-person", personId: id, reason: "", confirmation: null })).toMatchObject({
      state: "erased",
    });
  }
  for (const moment of [undefined, { atMs: began }]) {
    const names = await namesElsewhere(moment);
    expect(erased.map(({ id }) => names.get(id))).toEqual(erased.map(() => "[erased]"));
    expect(others.map(({ id }) => names.get(id))).toEqual(others.map(({ name }) => name));
  }
  // Other files write to the server as well, and the log is read up to the oldest open transaction.
  await expect.poll(tombstones, { timeout: 60_000 }).toBe(erased.length);
  const read = await elsewhere.store.read(scope, async (reader) => ({
    versions: (await Promise.all(erased.map(({ id }) => reader.versions(personKind, id, { limit: 100 })))).flat().map(({ row }) => row),
    changes: await reader.changes({ kinds: [personKind.name, channelKind.name, calendarKind.name], limit: 10_000 }),
    found: await reader.find(personKind, { where: { email: members.map(({ email }) => email) }, limit: 1_000 }),
    searched: await searchView(reader, { text: mark, kinds: ["person"], limit: 100 }),
  }));
  expect(new Set(read.versions.map(({ name }) => name))).toEqual(new Set(["[erased]"]));
  expect(read.found.map(({ id }) => id).toSorted()).toEqual(others.map(({ id }) => id).toSorted());
  const gone = new Set(erased.map(({ id }) => id));
  expect(read.searched.items.filter(({ id }) => gone.has(id))).toEqual([]);
  expect(read.searched.items.length).toBeGreaterThan(0);
  const ofGone = read.changes.filter(({ row }) => [...gone].some((id) => JSON.stringify(row).includes(id)));
  expect(ofGone.length).toBeGreaterThan(3 * erased.length);
  expect(JSON.stringify(ofGone)).not.toContain(mark);
});

const tombstones = () =>
  opened.store.read(scope, async (reader) => (await reader.events({ kinds: ["person.erased"], limit: 1_000 })).length);

test("keys, hashes and sessions of the fifty are gone, those of the others are there, and the seals hold", async () => {
  const { rows } = await withClient(database.urls.admin, { applicationName: "xvc test" }, (client) =>
    client.query(
      `select (select count(*)::integer from xvc_system.person_key where sealed is null and erased_at_ms is not null) as destroyed,
              (select count(distinct person_id)::integer from xvc_system.person_index) as found,
              (select count(*)::integer from xvc_system.session) as sessions,
              (select count(*)::integer from xvc.channel where state = 'active') as channels`,
    ),
  );
  expect(rows).toEqual([{ destroyed: 50, found: 52, sessions: 4, channels: 4 }]);
  // Backups from before these instants still open the fifty, and are listed so.
  const times = await erasureTimes(database.urls.owner ?? "", organizationId);
  expect([times.length, times.every((atMs) => atMs > 0)]).toEqual([50, true]);
  await seal(opened.pool);
  expect(await verified(database)).toMatchObject({ problems: [] });
  expect(await tablesWith(database.urls.admin, mark)).toEqual(["all tables"]);
  // The reason is on record as it was said, which shows that the files are the right ones.
  expect(await filesWith(database.urls.admin, { texts: [mark, "They asked to be forgotten"], startedMs })).toEqual([
    "They asked to be forgotten",
  ]);
});

test("an export has nothing personal as it is, and comes in with the fifty erased; without its keys, with everybody erased", async () => {
  const contentDirectory = path.join(folder, "content");
  const to = path.join(folder, "out");
  await exportOrganization({ ownerUrl: database.urls.owner ?? "", organizationId, contentDirectory, to });
  for (const name of ["record.jsonl", "keys.jsonl"])
    expect([name, (await readFile(path.join(to, name), "utf8")).split("\n").filter((line) => line.includes(mark))]).toEqual([name, []]);
  for (const withKeys of [true, false]) {
    const other = await openTestDatabase();
    if (!withKeys) await rm(path.join(to, "keys.jsonl"));
    await importOrganization({ ownerUrl: other.urls.owner ?? "", organizationId, contentDirectory, from: to });
    const there = await openTestStore(other.urls.app, { enqueue: () => Promise.resolve() });
    const names = await there.store.read(scope, async (reader) =>
      (await reader.find(personKind, { limit: 1_000 })).map(({ name }) => name),
    );
    await there.close();
    expect(names.filter((name) => name === "[erased]")).toHaveLength(withKeys ? 50 : 102);
    expect(names.filter((name) => name.includes(mark))).toHaveLength(withKeys ? 52 : 0);
    expect(await verified(other)).toMatchObject({ problems: [] });
    await other.drop();
  }
});
