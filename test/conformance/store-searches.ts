import { expect, test } from "vitest";
import { taskKind } from "../../src/core/execution/task.ts";
import { deliverableKind } from "../../src/core/integration/deliverable.ts";
import { type EntityRecord, entityKindOf } from "../../src/core/memory/entity.ts";
import { wantedWords } from "../../src/core/memory/search-words.ts";
import { commentKind } from "../../src/core/requests/comment.ts";
import { requestKind } from "../../src/core/requests/request.ts";
import type { Entity } from "../../src/core/shared/entity.ts";
import { asId } from "../../src/core/shared/ids.ts";
import type { Change } from "../../src/core/shared/transition.ts";
import { searchTextOf, searchedKinds } from "../../src/engine/ports/search-texts.ts";
import type { TextFound, TextSearch } from "../../src/engine/ports/search.ts";
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
import { sampleTask } from "./sample-rows.ts";

type Asked = Partial<TextSearch> & { readonly readAtMs?: number };

/** Searching by words. */
export function storeSearchCases(under: () => StoreUnderTest): void {
  const find = (world: StoreWorld, text: string, { readAtMs, ...asked }: Asked = {}): Promise<TextFound> =>
    under().store.read(
      scopeOf(world),
      (reader) => reader.search({ words: wantedWords(text), skip: 0, limit: 20, ...asked }),
      readAtMs === undefined ? undefined : { atMs: readAtMs },
    );
  const idsOf = async (world: StoreWorld, text: string, asked: Asked = {}): Promise<readonly string[]> =>
    (await find(world, text, asked)).hits.map(({ id }) => id);

  const write = (world: StoreWorld, ...changes: readonly Change[]) => command(under().store, contextOf(world), { changes });

  /** A task like the sample one with words of its own. */
  const taskWith = (world: StoreWorld, title: string, statement = "It is written.") => {
    const id = nextId();
    const [criterion] = world.rows.task.spec.acceptance;
    const acceptance = criterion === undefined ? [] : [{ ...criterion, statement }];
    return sampleTask(
      { id, requestId: world.rows.request.id, planId: world.rows.plan.id },
      { key: `k${id.slice(9, 13)}${id.slice(0, 8)}`, title, spec: { ...world.rows.task.spec, acceptance } },
    );
  };

  /** Lets the clock pass, so that what follows is recorded after this instant. */
  const instant = async (): Promise<number> => {
    await under().advance(2);
    const atMs = await under().store.nowMs();
    await under().advance(2);
    return atMs;
  };

  test.each(searchedKinds)("finds a row of kind %s by the words of its text, with the text and since when it has it", async (kind) => {
    const world = await plant(under().store);
    const { deliverable } = world.rows;
    const files = [{ name: "handbook.md", sha256: asId<"sha256">("a".repeat(64)), mediaType: "text/markdown", bytes: 1 }];
    const delivered = changed(deliverableKind, deliverable, { files });
    await write(world, delivered);
    const stored = storedRows(world).find((row) => row.kind.name === kind);
    const sample = kind === deliverableKind.name ? { kind: deliverableKind, row: delivered.after } : stored;
    const text = sample === undefined ? null : searchTextOf(kind, sample.row);
    if (sample === undefined || text === null) throw new Error(`The sample of kind ${kind} has no text.`);
    const [word = ""] = wantedWords(text.title === "" ? text.body : text.title);
    const { hits } = await find(world, word, { kinds: [kind], limit: 100 });
    const hit = hits.find(({ id }) => id === sample.row.id);
    expect(hit).toEqual({
      kind,
      id: sample.row.id,
      projectId: sample.kind.scope === "project" ? world.projectId : null,
      recordedAtMs: expect.any(Number) as number,
      title: text.title,
      body: text.body,
      near: false,
    });
  });

  test("what a command wrote is found by the next read and, before it commits, by itself alone", async () => {
    const world = await plant(under().store);
    const task = taskWith(world, "Zanzibar");
    await under().store.transact(contextOf(world), async (transaction) => {
      await transaction.takeCommand(nextId(), "test", "0".repeat(64));
      await transaction.write({}, [created(taskKind, task)], [], []);
      const words = ["zanzibar"];
      expect((await transaction.search({ words, skip: 0, limit: 5 })).hits.map(({ id }) => id)).toEqual([task.id]);
      expect(await idsOf(world, "zanzibar")).toEqual([]);
    });
    expect(await idsOf(world, "zanzibar")).toEqual([task.id]);
  });

  test("a text that was replaced is found at the instant before and not now; a change of state alone leaves the time of the text", async () => {
    const world = await plant(under().store);
    const task = taskWith(world, "Paint the harbour");
    await write(world, created(taskKind, task));
    const [first] = (await find(world, "harbour")).hits;
    const before = await instant();
    const moved = changed(taskKind, task, { state: "ready" });
    await write(world, moved);
    expect((await find(world, "harbour")).hits).toEqual([first]);
    const renamed = changed(taskKind, moved.after, { title: "Paint the lighthouse" });
    await write(world, renamed);
    const after = await instant();
    expect(await idsOf(world, "harbour", { kinds: ["task"] })).toEqual([]);
    expect(await idsOf(world, "lighthouse")).toEqual([task.id]);
    for (const asked of [{ readAtMs: before }, { atMs: before }, { readAtMs: after, atMs: before }]) {
      expect(await idsOf(world, "harbour", asked)).toEqual([task.id]);
      expect((await idsOf(world, "lighthouse", asked)).includes(task.id)).toBe(false);
    }
    expect(await idsOf(world, "lighthouse", { readAtMs: after })).toEqual([task.id]);
  });

  test("titles come before texts, whole words before stems and beginnings, late before early", async () => {
    const world = await plant(under().store);
    const early = taskWith(world, "Invoice");
    const inText = taskWith(world, "Something else", "The invoice of the month is there, with all that belongs to such papers.");
    const stem = taskWith(world, "Invoices");
    const late = taskWith(world, "Invoice");
    for (const task of [early, inText, stem, late]) {
      await write(world, created(taskKind, task));
      await under().advance(2);
    }
    const found = await idsOf(world, "invoice");
    expect(found.slice(0, 2)).toEqual([late.id, early.id]);
    expect(found.toSorted()).toEqual([early.id, inText.id, stem.id, late.id].toSorted());
    expect(await idsOf(world, "invoi")).toHaveLength(4);
    expect(await idsOf(world, "month invoice")).toEqual([inText.id]);
    expect(await idsOf(world, "invoice nowhere")).toEqual([]);
    expect(await idsOf(world, "INVOICE!")).toEqual(found);
    expect(await idsOf(world, "")).toEqual([]);
  });

  test("a misspelled word finds what looks like it, said to be near, unless something has the word as it is", async () => {
    const world = await plant(under().store);
    const task = taskWith(world, "Renew the certificate");
    await write(world, created(taskKind, task));
    const { hits, similar, findsSimilar } = await find(world, "renew certifcate");
    expect(findsSimilar).toBe(true);
    expect(hits.map(({ id, near }) => [id, near])).toEqual([[task.id, true]]);
    expect(similar).toContain("certificate");
    const typo = taskWith(world, "Renew the certifcate");
    await write(world, created(taskKind, typo));
    expect((await find(world, "renew certifcate")).hits.map(({ id, near }) => [id, near])).toEqual([[typo.id, false]]);
    expect(await idsOf(world, "renew certifcate", { kinds: ["request"] })).toEqual([]);
    expect(await idsOf(world, "xylophone")).toEqual([]);
  });

  test("is narrowed by kind, project, person and time, and read page by page", async () => {
    const world = await plant(under().store);
    const mine = { ...taskWith(world, "Granite"), performer: { kind: "person", id: world.rows.person.id } as const };
    const others = [taskWith(world, "Granite"), taskWith(world, "Granite")];
    await write(world, created(taskKind, mine));
    const between = await instant();
    await write(world, ...others.map((task) => created(taskKind, task)), changed(requestKind, world.rows.request, { title: "Granite" }));
    const all = await idsOf(world, "granite");
    expect(all).toHaveLength(4);
    expect(await idsOf(world, "granite", { kinds: ["request"] })).toEqual([world.rows.request.id]);
    expect((await idsOf(world, "granite", { personId: world.rows.person.id })).toSorted()).toEqual(
      [mine.id, world.rows.request.id].toSorted(),
    );
    expect(await idsOf(world, "granite", { recordedToMs: between })).toEqual([mine.id]);
    expect(await idsOf(world, "granite", { recordedFromMs: between })).toHaveLength(3);
    expect(await idsOf(world, "granite", { projectId: nextId() })).toEqual([]);
    expect(await idsOf(world, "granite", { projectId: world.projectId })).toEqual(all);
    const first = await find(world, "granite", { limit: 3 });
    const atMs = first.readAtMs;
    await under().advance(2);
    await write(world, created(taskKind, taskWith(world, "Granite granite")));
    const second = await idsOf(world, "granite", { limit: 3, skip: 3, atMs });
    expect([...first.hits.map(({ id }) => id), ...second]).toEqual(all);
    expect(first.ranked).toBe(4);
    for (const asked of [{ limit: 0 }, { limit: 101 }, { skip: -1 }, { skip: 1_001 }])
      await expect(find(world, "granite", asked)).rejects.toMatchObject({ code: "store.limit-invalid" });
  });

  test("shows nothing of another project or organization, by no word and at no instant", async () => {
    const world = await plant(under().store);
    const sibling = await plant(under().store, world.organizationId, false);
    const stranger = await plant(under().store);
    for (const one of [sibling, stranger]) await write(one, created(taskKind, taskWith(one, "Obsidian secret")));
    const atMs = await instant();
    for (const asked of [{}, { readAtMs: atMs }, { projectId: sibling.projectId }, { kinds: ["task"] }]) {
      expect(await find(world, "obsidian", asked)).toMatchObject({ hits: [], ranked: 0, similar: [] });
      expect(await find(world, "obsidain", asked)).toMatchObject({ hits: [], ranked: 0, similar: [] });
    }
    expect(await idsOf(sibling, "obsidian")).toHaveLength(1);
  });

  test("what was removed, deleted or purged is not found; purged at no instant", async () => {
    const world = await plant(under().store);
    const rowOf = <Row extends Entity>(name: string): Row => storedRows(world).find(({ kind }) => kind.name === name)?.row as Row; // of the kind asked for
    const comment = changed(commentKind, rowOf(commentKind.name), { text: "Basalt" });
    const entity: EntityRecord = { ...rowOf<EntityRecord>(entityKindOf.name), id: nextId(), key: "quarry", title: "Feldspar" };
    await write(world, comment, created(entityKindOf, entity));
    const before = await instant();
    const deleted = changed(entityKindOf, entity, { state: "deleted" });
    await write(world, changed(commentKind, comment.after, { state: "removed", text: "" }), deleted);
    expect(await idsOf(world, "basalt")).toEqual([]);
    expect(await idsOf(world, "feldspar")).toEqual([]);
    expect(await idsOf(world, "basalt", { readAtMs: before })).toEqual([comment.after.id]);
    expect(await idsOf(world, "feldspar", { readAtMs: before })).toEqual([entity.id]);
    await write(world, changed(entityKindOf, deleted.after, { state: "purged", title: "", data: {}, attachments: [] }));
    expect(await idsOf(world, "feldspar", { readAtMs: before })).toEqual([]);
    expect(await find(world, "feldspra", { readAtMs: before })).toMatchObject({ hits: [], similar: [] });
  });
}
