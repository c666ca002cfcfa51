import { expect, test } from "vitest";
import { taskKind } from "../../src/core/execution/task.ts";
import { type EntityRecord, entityKindOf } from "../../src/core/memory/entity.ts";
import type { Change } from "../../src/core/shared/transition.ts";
import type { Scope } from "../../src/engine/ports/store.ts";
import { type MadeVector, type VectorModel, type VectorSearch, vectorCaps } from "../../src/engine/ports/vectors.ts";
import { sampleTask } from "./sample-rows.ts";
import {
  changed,
  command,
  contextOf,
  created,
  nextId,
  plant,
  scopeOf,
  storedRows,
  type StoreUnderTest,
  type StoreWorld,
} from "./store-fixture.ts";

export const oneModel: VectorModel = { providerId: "01970000-0000-7000-8000-00000000e3b1", model: "small" };

/** Of length 1, as everything that is kept. */
export function unit(...numbers: readonly number[]): Float32Array {
  const length = Math.hypot(...numbers);
  return Float32Array.from(numbers, (value) => value / length);
}

/** Makes vectors for whatever has none within a scope, of one project or of the organization. */
export async function fillVectors(
  { store }: Pick<StoreUnderTest, "store">,
  { scope, projectId, of = oneModel }: { readonly scope: Scope; readonly projectId: string | null; readonly of?: VectorModel },
  vectorOf: (text: string) => Float32Array | null,
): Promise<number> {
  const texts = await store.read(scope, (reader) => reader.vectors.missing({ of, projectId, limit: vectorCaps.atOnce }));
  const made = texts.map(({ title, body, ...key }): MadeVector => ({ ...key, vector: vectorOf(`${title}\n${body}`) }));
  return made.length === 0 ? 0 : store.keepVectors(scope, of, made);
}

/** Finding texts by what a model made of them. */
export function storeVectorCases(under: () => StoreUnderTest): void {
  const write = (world: StoreWorld, ...changes: readonly Change[]) => command(under().store, contextOf(world), { changes });
  const taskWith = (world: StoreWorld, title: string) => {
    const id = nextId();
    const { request, plan } = world.rows;
    return sampleTask({ id, requestId: request.id, planId: plan.id }, { key: `v${id.slice(9, 13)}${id.slice(0, 8)}`, title });
  };
  const nearest = (scope: Scope, asked: Partial<VectorSearch> = {}, readAtMs?: number) =>
    under().store.read(
      scope,
      (reader) => reader.vectors.nearest({ of: oneModel, vector: unit(1, 0, 0), kinds: ["task"], limit: 10, ...asked }),
      readAtMs === undefined ? undefined : { atMs: readAtMs },
    );
  const idsOf = async (...asked: Parameters<typeof nearest>): Promise<readonly string[]> =>
    (await nearest(...asked)).hits.map(({ id }) => id);
  /** By the first letter of the title. */
  const byLetter = (text: string): Float32Array | null =>
    text.startsWith("N") ? unit(1, 0, 0) : text.startsWith("M") ? unit(1, 1, 0) : text.startsWith("X") ? null : unit(0, 0, 1);
  const fill = (world: StoreWorld) => fillVectors(under(), { scope: scopeOf(world), projectId: world.projectId }, byLetter);
  const instant = async (): Promise<number> => {
    await under().advance(2);
    const atMs = await under().store.nowMs();
    await under().advance(2);
    return atMs;
  };

  test("texts come in order of likeness, those that are not alike at all do not, and what was refused is not asked for again", async () => {
    const world = await plant(under().store);
    const tasks = ["Middle", "Near", "Far", "X-rated"].map((title) => taskWith(world, title));
    await write(world, ...tasks.map((task) => created(taskKind, task)));
    expect(await nearest(scopeOf(world))).toEqual({ hits: [], compared: 0, isCapped: false });
    expect(await fill(world)).toBeGreaterThan(3);
    expect(await fill(world)).toBe(0);
    const found = await nearest(scopeOf(world));
    expect(found.hits.map(({ title, near }) => [title, near])).toEqual([
      ["Near", false],
      ["Middle", false],
    ]);
    expect(found.compared).toBeGreaterThanOrEqual(3);
    const tally = await under().store.read(scopeOf(world), (reader) =>
      reader.vectors.tally({ of: oneModel, projectIds: [world.projectId], withOrganization: false }),
    );
    expect(tally).toMatchObject({ refused: 1, vectors: tally.texts - 1 });
    for (const limit of [0, 101]) await expect(nearest(scopeOf(world), { limit })).rejects.toMatchObject({ code: "store.limit-invalid" });
  });

  test("a text that changes is found by its new vector, and at an instant by the one it had; vectors of another model and length say nothing", async () => {
    const world = await plant(under().store);
    const task = taskWith(world, "Near");
    await write(world, created(taskKind, task));
    await fill(world);
    const before = await instant();
    await write(world, changed(taskKind, task, { title: "Far" }));
    expect(await idsOf(scopeOf(world))).toEqual([]);
    await fill(world);
    expect(await idsOf(scopeOf(world))).toEqual([]);
    expect(await idsOf(scopeOf(world), { vector: unit(0, 0, 1) })).toContain(task.id);
    expect(await idsOf(scopeOf(world), { atMs: before })).toEqual([task.id]);
    expect(await idsOf(scopeOf(world), {}, before)).toEqual([task.id]);
    expect(await nearest(scopeOf(world), { vector: unit(1, 0) })).toMatchObject({ hits: [], compared: 0 });
    const other = { ...oneModel, model: "large" };
    expect(await nearest(scopeOf(world), { of: other, vector: unit(0, 0, 1) })).toMatchObject({ hits: [], compared: 0 });
    await fillVectors(under(), { scope: scopeOf(world), projectId: world.projectId, of: other }, () => unit(0, 1));
    expect(await idsOf(scopeOf(world), { of: other, vector: unit(0, 1) })).toContain(task.id);
    expect(await nearest(scopeOf(world), { vector: unit(0, 0, 1) })).toMatchObject({ hits: [], compared: 0 });
  });

  test("is narrowed by kind, project, person and time", async () => {
    const world = await plant(under().store);
    const mine = { ...taskWith(world, "Near me"), performer: { kind: "person", id: world.rows.person.id } as const };
    await write(world, created(taskKind, mine));
    const between = await instant();
    const other = taskWith(world, "Near");
    await write(world, created(taskKind, other));
    await fill(world);
    expect((await idsOf(scopeOf(world))).toSorted()).toEqual([mine.id, other.id].toSorted());
    expect(await idsOf(scopeOf(world), { personId: world.rows.person.id })).toEqual([mine.id]);
    expect(await idsOf(scopeOf(world), { recordedToMs: between })).toEqual([mine.id]);
    expect(await idsOf(scopeOf(world), { recordedFromMs: between })).toEqual([other.id]);
    expect(await idsOf(scopeOf(world), { kinds: ["request"] })).toEqual([]);
    expect(await idsOf(scopeOf(world), { projectId: nextId() })).toEqual([]);
    expect(await idsOf(scopeOf(world), { projectId: world.projectId })).toHaveLength(2);
  });

  test("nobody keeps a vector for a text of others, or for one that is gone; what is purged is found at no instant", async () => {
    const world = await plant(under().store);
    const sibling = await plant(under().store, world.organizationId, false);
    const stranger = await plant(under().store);
    const sample = storedRows(world).find(({ kind }) => kind.name === entityKindOf.name)?.row as EntityRecord; // of the kind asked for
    const entity: EntityRecord = { ...sample, id: nextId(), key: "near", title: "Near" };
    await write(world, created(entityKindOf, entity));
    const key = { kind: "entity", id: entity.id, projectId: world.projectId, version: 1, vector: unit(1, 0, 0) } as const;
    const keep = (scope: Scope, one: MadeVector = key) => under().store.keepVectors(scope, oneModel, [one]);
    expect(await keep(scopeOf(sibling))).toBe(0);
    expect(await keep(scopeOf(stranger))).toBe(0);
    expect(await keep({ ...scopeOf(stranger), projectIds: [world.projectId] })).toBe(0);
    expect(await keep(scopeOf(world), { ...key, version: 2 })).toBe(0);
    expect(await keep(scopeOf(world))).toBe(1);
    const entities = (scope: Scope, readAtMs?: number) => idsOf(scope, { kinds: ["entity"] }, readAtMs);
    const before = await instant();
    expect(await entities(scopeOf(world))).toEqual([entity.id]);
    for (const scope of [scopeOf(sibling), scopeOf(stranger), { ...scopeOf(stranger), projectIds: [world.projectId] }])
      expect(await nearest(scope, { kinds: ["entity"] })).toEqual({ hits: [], compared: 0, isCapped: false });
    const deleted = changed(entityKindOf, entity, { state: "deleted" });
    await write(world, deleted);
    expect(await entities(scopeOf(world))).toEqual([]);
    expect(await entities(scopeOf(world), before)).toEqual([entity.id]);
    await write(world, changed(entityKindOf, deleted.after, { state: "purged", title: "", data: {}, attachments: [] }));
    expect(await entities(scopeOf(world), before)).toEqual([]);
    expect(await keep(scopeOf(world))).toBe(0);
  });
}
