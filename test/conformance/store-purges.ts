import { expect, test } from "vitest";
import { type EntityRecord, entityKindOf } from "../../src/core/memory/entity.ts";
import { changed, command, contextOf, created, nextId, plant, scopeOf, type StoreUnderTest, storedRows } from "./store-fixture.ts";

/** What a purge leaves of the versions before it. */
export function storePurgeCases(under: () => StoreUnderTest): void {
  test("a purge takes the content out of every version of that entity and leaves a hash; nothing else changes", async () => {
    const { store } = under();
    const world = await plant(store);
    const first = storedRows(world).find(({ kind }) => kind.name === entityKindOf.name)?.row as EntityRecord; // the sample row of this kind
    const other: EntityRecord = { ...first, id: nextId(), key: "other" };
    const write = async (change: Parameters<typeof command>[2]["changes"]): Promise<number> => {
      await under().advance(2);
      await command(store, contextOf(world), { changes: change ?? [] });
      const atMs = await store.nowMs();
      await under().advance(2);
      return atMs;
    };
    const second = changed(entityKindOf, first, { title: "Acme II", data: { country: "FR" } });
    const third = changed(entityKindOf, second.after, { state: "deleted" });
    const purged = changed(entityKindOf, third.after, { state: "purged", title: "", data: {}, attachments: [] });
    const instants = [await write([created(entityKindOf, other)]), await write([second]), await write([third]), await write([purged])];
    const read = await store.read(scopeOf(world), async (reader) => ({
      versions: await Promise.all(instants.map((atMs) => reader.asOf(entityKindOf, first.id, atMs))),
      other: await reader.asOf(entityKindOf, other.id, instants[0] ?? 0),
      now: await reader.get(entityKindOf, first.id),
    }));
    expect(read.now).toEqual(purged.after);
    expect(read.other).toEqual(other);
    expect(read.versions.at(-1)).toEqual(purged.after);
    const before = read.versions.slice(0, -1);
    expect(before.map((version) => [version?.version, version?.state, version?.title, version?.data, version?.attachments])).toEqual([
      [1, "active", "", {}, []],
      [2, "active", "", {}, []],
      [3, "deleted", "", {}, []],
    ]);
    const hashes = before.map((version) => version?.contentSha256);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/u);
    expect(new Set(hashes).size).toBe(3);
    expect(before[0]).toEqual({ ...first, title: "", data: {}, attachments: [], contentSha256: hashes[0] });
  });
}
