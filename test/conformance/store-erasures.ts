import { expect, test } from "vitest";
import { type Calendar, calendarKind } from "../../src/core/oversight/calendar.ts";
import { type Channel, channelKind } from "../../src/core/oversight/channel.ts";
import { type Notice, noticeKind } from "../../src/core/oversight/notice.ts";
import { type Person, personKind } from "../../src/core/oversight/person.ts";
import type { Entity, EntityKind } from "../../src/core/shared/entity.ts";
import { entityTables } from "../../src/engine/ports/entity-tables.ts";
import {
  changed,
  command,
  contextOf,
  created,
  nextId,
  plant,
  scopeOf,
  type StoreUnderTest,
  type StoreWorld,
  storedRows,
} from "./store-fixture.ts";

const absence = { id: "a1", fromMs: 1, toMs: 2, reason: "ill", substituteId: null };
const tried = { atMs: 1, outcome: "failed", detail: "ada@example.org is unknown" };

const storedRow = <Row extends Entity>(world: StoreWorld, kind: EntityKind<Row>): Row =>
  storedRows(world).find((stored) => stored.kind.name === kind.name)?.row as Row; // the sample row of this kind

const asOrganization = (world: StoreWorld) => ({ ...contextOf(world), projectId: null });

/** What is personal is read and found as it was written, until its person is erased: then at no instant. */
export function storeErasureCases(under: () => StoreUnderTest): void {
  const write = async (world: StoreWorld, changes: Parameters<typeof command>[2]["changes"], ofProject = false): Promise<number> => {
    await under().advance(2);
    await command(under().store, ofProject ? contextOf(world) : asOrganization(world), { changes: changes ?? [] });
    const atMs = await under().store.nowMs();
    await under().advance(2);
    return atMs;
  };

  test("a person is found by what is sealed, by equality alone, now and at an instant", async () => {
    const { store } = under();
    const world = await plant(store);
    const first: Person = { ...world.rows.person, id: nextId(), name: "Kim Berg", email: "kim@example.org" };
    const began = await write(world, [created(personKind, first)]);
    const moved = changed(personKind, first, { email: "kim@example.net", identity: { issuer: "https://id.example.org", subject: "k-1" } });
    await write(world, [moved]);
    const found = (email: string | readonly string[], atMs?: number) =>
      store.read(
        scopeOf(world),
        async (reader) => (await reader.find(personKind, { where: { email, state: first.state }, limit: 5 })).map(({ id }) => id),
        atMs === undefined ? undefined : { atMs },
      );
    expect(await found("kim@example.net")).toEqual([first.id]);
    expect(await found(["nobody@example.org", "kim@example.net"])).toEqual([first.id]);
    expect(await found("kim@example.org")).toEqual([]);
    expect(await found("kim@example.org", began)).toEqual([first.id]);
    expect(await found("kim@example.net", began)).toEqual([]);
    const [counted, read] = await store.read(scopeOf(world), (reader) =>
      Promise.all([reader.count(personKind, { where: { name: "Kim Berg" } }), reader.get(personKind, first.id)]),
    );
    expect(counted).toBe(1);
    expect(read).toEqual(moved.after);
    const refused = { code: "store.not-filterable" };
    for (const { kind, columns, personal } of entityTables)
      for (const field of Object.keys(columns).filter((name) => Object.hasOwn(personal?.fields ?? {}, name))) {
        await expect(store.read(scopeOf(world), (reader) => reader.countBy(kind, field, {}))).rejects.toMatchObject(refused);
        await expect(store.read(scopeOf(world), (reader) => reader.pick(kind, [field], { limit: 1 }))).rejects.toMatchObject(refused);
        await expect(
          store.read(scopeOf(world), (reader) => reader.find(kind, { contains: { field, text: "k" }, limit: 1 })),
        ).rejects.toMatchObject(refused);
      }
  });

  test("an erased person is read as erased in every version of every row, and what others have stays", async () => {
    const { store } = under();
    const world = await plant(store);
    const { person } = world.rows;
    const other: Person = { ...person, id: nextId(), name: "Ola", email: "ola@example.org" };
    const identity = { issuer: "https://id.example.org", subject: "ada" };
    const linked = changed(personKind, person, { name: "Ada Lovelace", email: "ada@example.org", identity });
    const channel = changed(channelKind, storedRow<Channel>(world, channelKind), { target: { address: "ada@example.org" } });
    const notice: Notice = { ...storedRow<Notice>(world, noticeKind), id: nextId(), personId: person.id, tries: [tried] };
    const away = changed(calendarKind, storedRow<Calendar>(world, calendarKind), { absences: [absence] });
    const shared: Channel = {
      ...channel.after,
      id: nextId(),
      version: 1,
      personId: null,
      name: "Room",
      target: { address: "room@example.org" },
    };
    const before = await write(world, [linked, channel, away, created(personKind, other), created(channelKind, shared)]);
    await write(world, [created(noticeKind, notice)], true);
    const gone = changed(personKind, linked.after, { state: "removed", erasedAtMs: 5 });
    await write(world, [gone]);
    const late: Notice = { ...notice, id: nextId() };
    await write(world, [created(noticeKind, late)], true);
    const settled = changed(personKind, { ...gone.after, name: "[erased]", email: null }, { workReturned: true });
    await write(world, [settled]);
    // Changes are read up to the oldest open transaction of the server, and other files write to it as well.
    const changesNow = () => store.read(scopeOf(world), async (reader) => (await reader.changes({ limit: 1_000 })).map(({ row }) => row));
    await expect
      .poll(async () => (await changesNow()).some(({ version, id }) => id === person.id && version === 4), { timeout: 60_000 })
      .toBe(true);
    const read = await store.read(scopeOf(world), async (reader) => ({
      person: await reader.get(personKind, person.id),
      earlier: await reader.asOf(personKind, person.id, before),
      versions: await reader.versions(personKind, person.id, { limit: 10 }),
      changes: (await reader.changes({ limit: 1_000 })).map(({ row }) => row),
      found: await reader.find(personKind, { where: { email: ["ada@example.org", "ola@example.org"] }, limit: 5 }),
      channels: await reader.getMany(channelKind, [channel.after.id, shared.id]),
      notices: await reader.getMany(noticeKind, [notice.id, late.id]),
      calendar: await reader.asOf(calendarKind, away.after.id, before),
    }));
    const { identity: _identity, ...unlinked } = settled.after;
    expect(read.person).toEqual({ ...unlinked, name: "[erased]", email: null });
    expect(read.earlier).toMatchObject({ name: "[erased]", email: null, state: person.state, version: linked.after.version });
    expect(read.earlier).not.toHaveProperty("identity");
    expect(read.versions.map(({ row }) => row.name)).toEqual(["[erased]", "[erased]", "[erased]", "[erased]"]);
    expect(read.found).toEqual([other]);
    expect(read.channels.toSorted((left, right) => left.name.localeCompare(right.name))).toEqual([
      { ...channel.after, name: "[erased]", target: {} },
      shared,
    ]);
    expect(read.notices.map(({ tries }) => tries)).toEqual([[], []]);
    expect(read.calendar).toEqual({ ...away.after, absences: [] });
    expect(JSON.stringify(read)).not.toMatch(/ada@|Lovelace|"ada"|"ill"/u);
    expect(JSON.stringify(read.changes)).toContain("ola@example.org");
  });
}
