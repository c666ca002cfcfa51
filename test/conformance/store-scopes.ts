import { expect, test } from "vitest";
import { Failure } from "../../src/core/shared/failure.ts";
import { entityTables } from "../../src/engine/ports/entity-tables.ts";
import type { Scope } from "../../src/engine/ports/store.ts";
import {
  bodyHash,
  changed,
  command,
  contextOf,
  created,
  fact,
  nextId,
  plant,
  readEvents,
  scopeOf,
  storedRows,
  type StoreUnderTest,
  type StoreWorld,
} from "./store-fixture.ts";

/** What lies outside a scope does not exist for it. */
export function storeScopeCases(under: () => StoreUnderTest): void {
  const sampleOf = (world: StoreWorld, name: string) => {
    const sample = storedRows(world).find((candidate) => candidate.kind.name === name);
    if (sample === undefined) throw new Error(`There is no sample row of kind ${name}.`);
    return sample;
  };

  async function seenFrom(scope: Scope, world: StoreWorld, name: string): Promise<unknown> {
    const { store } = under();
    const { kind, row } = sampleOf(world, name);
    const nowMs = await store.nowMs();
    const before = await store.read(scopeOf(world), (reader) => reader.get(kind, row.id));
    const seen = await store.read(scope, async (reader) => ({
      get: await reader.get(kind, row.id),
      getMany: await reader.getMany(kind, [row.id]),
      find: (await reader.find(kind, { limit: 10_000 })).map((found) => found.id).filter((id) => id === row.id),
      count: (await reader.count(kind, {})) - (await reader.find(kind, { limit: 10_000 })).length,
      asOf: await reader.asOf(kind, row.id, nowMs),
    }));
    const context = { ...contextOf(world), ...scope, projectId: scope.projectIds[0] ?? null };
    const locked = await store.transact(context, async (transaction) => [
      ...(await transaction.lock(kind, [row.id])),
      ...(await transaction.lockFree(kind, { limit: 10_000 })).filter((found) => found.id === row.id),
      await transaction.get(kind, row.id),
    ]);
    const over = command(store, { ...context, cause: `over-${nextId()}` }, { changes: [changed(kind, row, {})] });
    const overwritten = await over.then(
      () => "written over",
      (error: unknown) => (error instanceof Failure ? "refused" : error),
    );
    const intact = await store.read(scopeOf(world), (reader) => reader.get(kind, row.id));
    return { ...seen, locked, overwritten, unchanged: JSON.stringify(intact) === JSON.stringify(before) };
  }

  const nothing = {
    get: undefined,
    getMany: [],
    find: [],
    count: 0,
    asOf: undefined,
    locked: [undefined],
    overwritten: "refused",
    unchanged: true,
  };

  test.each(entityTables.map((table) => table.kind.name))("hides the %s of another organization", async (name) => {
    const world = await plant(under().store);
    const other = await plant(under().store);
    expect(await seenFrom(scopeOf(other), world, name)).toEqual(nothing);
    // naming the other's project does not help
    expect(await seenFrom({ organizationId: other.organizationId, projectIds: [world.projectId, other.projectId] }, world, name)).toEqual(
      nothing,
    );
  });

  test.each(entityTables.filter((table) => table.kind.scope === "project").map((table) => table.kind.name))(
    "hides the %s of another project",
    async (name) => {
      const world = await plant(under().store);
      const sibling = await plant(under().store, world.organizationId, false);
      expect(await seenFrom(scopeOf(sibling), world, name)).toEqual(nothing);
      expect(await seenFrom({ organizationId: world.organizationId, projectIds: [] }, world, name)).toEqual(nothing);
    },
  );

  test.each(entityTables.filter((table) => table.kind.scope === "organization").map((table) => table.kind.name))(
    "shows the %s to every project of the organization",
    async (name) => {
      const { store } = under();
      const world = await plant(store);
      const sibling = await plant(store, world.organizationId, false);
      const { kind, row } = sampleOf(world, name);
      expect(await store.read(scopeOf(sibling), (reader) => reader.get(kind, row.id))).toEqual(row);
    },
  );

  test("reads several projects at once when the scope names them", async () => {
    const { store } = under();
    const world = await plant(store);
    const sibling = await plant(store, world.organizationId, false);
    const scope = { organizationId: world.organizationId, projectIds: [world.projectId, sibling.projectId] };
    const { kind } = sampleOf(world, "request");
    const found = await store.read(scope, (reader) => reader.find(kind, { limit: 10 }));
    expect(found.map((row) => row.id)).toEqual([world.rows.request.id, sibling.rows.request.id]);
  });

  test("refuses to write into a project outside the scope", async () => {
    const { store } = under();
    const world = await plant(store);
    const sibling = await plant(store, world.organizationId, false);
    const { kind, row } = sampleOf(world, "request");
    const context = { ...contextOf(world), projectId: sibling.projectId };
    await expect(command(store, context, { changes: [created(kind, { ...row, id: nextId() })] })).rejects.toMatchObject({
      name: "Failure",
    });
    const counted = await store.read(scopeOf(sibling), (reader) => reader.count(kind, {}));
    expect(counted).toBe(1);
  });

  test("refuses a project row in a command without a project", async () => {
    const { store } = under();
    const world = await plant(store);
    const { kind, row } = sampleOf(world, "request");
    const context = { ...contextOf(world), projectId: null };
    await expect(command(store, context, { changes: [created(kind, { ...row, id: nextId() })] })).rejects.toMatchObject({
      name: "Failure",
    });
  });

  test("hides the events of other projects and other organizations", async () => {
    const under_ = under();
    const world = await plant(under_.store);
    const sibling = await plant(under_.store, world.organizationId, false);
    const other = await plant(under_.store);
    await command(under_.store, contextOf(world), { events: [fact("request", world.rows.request.id, 1)] });
    await command(under_.store, contextOf(sibling), { events: [fact("request", sibling.rows.request.id, 1)] });
    await command(under_.store, contextOf(other), { events: [fact("request", other.rows.request.id, 1)] });
    await command(under_.store, { ...contextOf(world), projectId: null }, { events: [fact("organization", world.organizationId, 1)] });
    const seen = await readEvents(under_, scopeOf(world), 2);
    expect(seen.map((event) => [event.subjectKind, event.projectId])).toEqual([
      ["request", world.projectId],
      ["organization", null],
    ]);
    expect((await readEvents(under_, scopeOf(other), 1)).map((event) => event.subjectId)).toEqual([other.rows.request.id]);
  });

  test("does not let a key of one organization answer another", async () => {
    const { store } = under();
    const world = await plant(store);
    const other = await plant(store);
    const key = `shared-${nextId()}`;
    await command(store, contextOf(world, key), { outcome: { secret: "of the first" } });
    const place = await store.transact(contextOf(other, key), (transaction) => transaction.takeCommand(key, "test", bodyHash("0")));
    expect(JSON.stringify(place)).not.toContain("of the first");
  });
}
