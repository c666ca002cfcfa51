import { expect, test } from "vitest";
import { taskKind } from "../../src/core/execution/task.ts";
import { audienceText, readAudience } from "../../src/core/oversight/audience.ts";
import { type InboxItem, inboxItemKind } from "../../src/core/oversight/inbox-item.ts";
import { personKind } from "../../src/core/oversight/person.ts";
import { asId } from "../../src/core/shared/ids.ts";
import type { EventGroup, EventMeasure } from "../../src/engine/ports/tally.ts";
import { requestKind } from "../../src/core/requests/request.ts";
import type { EventFilter, NamedBy } from "../../src/engine/ports/store.ts";
import { sampleTask } from "./sample-rows.ts";
import {
  command,
  contextOf,
  created,
  fact,
  nextId,
  plant,
  readEvents,
  scopeOf,
  type StoreUnderTest,
  type StoreWorld,
} from "./store-fixture.ts";

const byValues = (groups: readonly EventGroup[]) => groups.toSorted((left, right) => (String(left.values) < String(right.values) ? -1 : 1));

/** Counting and measuring where the rows are, and reading the log by what is asked of it. */
export function storeTallyCases(under: () => StoreUnderTest): void {
  test("tallies rows by several texts and by project, as a full reading does", async () => {
    const { store } = under();
    const first = await plant(store);
    const second = await plant(store, first.organizationId, false);
    const states = ["ready", "running", "ready"] as const;
    for (const world of [first, second])
      await command(store, contextOf(world), {
        changes: states.slice(world === first ? 0 : 1).map((state, number) =>
          created(
            taskKind,
            sampleTask(
              { id: nextId(), requestId: world.rows.request.id, planId: world.rows.plan.id },
              {
                key: `tally${String(number)}`,
                ordinal: number + 100,
                state,
                performer: state === "running" ? { kind: "persona", id: "qa" } : null,
              },
            ),
          ),
        ),
      });
    const scope = { organizationId: first.organizationId, projectIds: [first.projectId, second.projectId] };
    const keys = ["tally0", "tally1", "tally2"];
    const found = await store.read(scope, async (reader) => ({
      byProject: await reader.tally(taskKind, ["projectId", "state"], { where: { key: keys } }),
      byPerformer: await reader.tally(taskKind, ["performerKey", "state"], { where: { key: keys } }),
      rows: await reader.find(taskKind, { where: { key: keys }, limit: 100 }),
      inOne: await reader.find(taskKind, { where: { key: keys, requestId: first.rows.request.id }, limit: 100 }),
    }));
    const counted = new Map(found.byProject.map((one) => [one.values.join(" "), one.count]));
    expect(counted).toEqual(
      new Map([
        [`${first.projectId} ready`, 2],
        [`${first.projectId} running`, 1],
        [`${second.projectId} ready`, 1],
        [`${second.projectId} running`, 1],
      ]),
    );
    expect([...counted.values()].reduce((sum, count) => sum + count, 0)).toBe(found.rows.length);
    expect(found.inOne).toHaveLength(3);
    expect(found.byPerformer).toEqual([{ values: ["persona:qa", "running"], count: 2 }]);
    const narrow = await store.read(scopeOf(first), (reader) => reader.tally(taskKind, ["projectId"], { where: { key: keys } }));
    expect(narrow).toEqual([{ values: [first.projectId], count: 3 }]);
  });

  test("derives whom an item is for, whatever its texts and absent parts are", async () => {
    const { store } = under();
    const world = await plant(store);
    const plain: InboxItem = { ...world.rows.item, id: nextId(), version: 1, eventCount: 0, state: "open" };
    const odd: InboxItem = {
      ...plain,
      id: nextId(),
      ruleId: 'a "rule"\\ with\ttabs, ü and \u2028',
      roles: ["director", "lead"],
      personIds: [asId(nextId()), asId(nextId())],
      excludedPersonIds: [asId(nextId())],
      delegateId: asId(nextId()),
      divisions: ["engineering"],
      amountMicro: 9_007_199_254_740_991,
      effectKind: "git.push",
      alwaysReview: ["legal"],
    };
    await command(store, contextOf(world), { changes: [created(inboxItemKind, plain), created(inboxItemKind, odd)] });
    const tallied = await store.read(scopeOf(world), (reader) =>
      reader.tally(inboxItemKind, ["projectId", "requestId", "audience"], { where: { id: [plain.id, odd.id] } }),
    );
    const at = (item: InboxItem) => ({ values: [world.projectId, world.rows.request.id, audienceText(item)], count: 1 });
    expect(tallied).toHaveLength(2);
    expect(tallied).toEqual(expect.arrayContaining([at(plain), at(odd)]));
    expect(readAudience(audienceText(odd), { subjectId: odd.subjectId, withAmount: true })).toEqual(
      expect.objectContaining({ ruleId: odd.ruleId, personIds: odd.personIds, amountMicro: odd.amountMicro }),
    );
  });

  test("groups items by whom they are for, whatever their amounts, and finds the rows they name", async () => {
    const { store } = under();
    const first = await plant(store);
    const second = await plant(store, first.organizationId, false);
    const item = (world: StoreWorld, fields: Partial<InboxItem>): InboxItem => ({
      ...world.rows.item,
      id: nextId(),
      version: 1,
      eventCount: 0,
      state: "open",
      kind: "escalation",
      ruleId: "grouped",
      ...fields,
    });
    const items = [
      item(first, { roles: ["lead"], amountMicro: 1 }),
      item(first, { roles: ["lead"], amountMicro: 2, state: "delegated" }),
      item(first, { roles: ["director"] }),
    ];
    const others = [item(second, { roles: ["lead"] }), item(second, { roles: ["lead"], state: "answered" })];
    await command(store, contextOf(first), { changes: items.map((row) => created(inboxItemKind, row)) });
    await command(store, contextOf(second), { changes: others.map((row) => created(inboxItemKind, row)) });
    const scope = { organizationId: first.organizationId, projectIds: [first.projectId, second.projectId] };
    const state = ["open", "delegated"];
    const ids = [...items, ...others].map((row) => row.id);
    const found = await store.read(scope, (reader) =>
      reader.tally(inboxItemKind, ["projectId", "question"], { where: { state, id: ids }, withFirst: true }),
    );
    const [leads] = found.filter(({ firstId }) => firstId === items[0]?.id);
    expect(new Map(found.map(({ count, firstId }) => [firstId, count]))).toEqual(
      new Map([
        [items[0]?.id, 2],
        [items[2]?.id, 1],
        [others[0]?.id, 1],
      ]),
    );
    const question = [leads?.values[1] ?? ""];
    const named = (anyOf: NamedBy["anyOf"], orIds: readonly string[] = []) =>
      store.read(scope, async (reader) => {
        const namedBy: NamedBy = { kind: inboxItemKind, field: "requestId", anyOf, orIds };
        const rows = await reader.find(requestKind, { namedBy: [namedBy], limit: 100 });
        expect(await reader.count(requestKind, { namedBy: [namedBy] })).toBe(rows.length);
        const none: NamedBy = { kind: inboxItemKind, field: "requestId", anyOf: [], orIds: [] };
        expect(await reader.find(requestKind, { namedBy: [namedBy, none], limit: 100 })).toEqual([]);
        return rows.map((row) => row.id).sort();
      });
    const [one, two] = [first.rows.request.id, second.rows.request.id];
    expect(await named([{ state, question }])).toEqual([one, two].sort());
    expect(await named([{ state, question, projectId: second.projectId }])).toEqual([two]);
    expect(await named([{ state: "answered", question, projectId: first.projectId }])).toEqual([]);
    expect(await named([{ state: "answered", question }, { id: items[2]?.id ?? "" }])).toEqual([one, two].sort());
    expect(await named([], [one, "no id"])).toEqual([one]);
    expect(await named([])).toEqual([]);
    await expect(named([{ title: "x" }])).rejects.toMatchObject({ code: "store.not-filterable" });
  });

  test("refuses to tally by what is no column, and by a project where rows have none", async () => {
    const { store } = under();
    const world = await plant(store);
    const asked = (field: string, kind: typeof taskKind | typeof personKind) =>
      expect(store.read(scopeOf(world), (reader) => reader.tally(kind as typeof taskKind, [field], {}))).rejects.toMatchObject({
        code: "store.not-filterable",
      }); // either kind has a name and a scope, which is all that is looked at
    await asked("spec", taskKind);
    await asked("projectId", personKind);
  });

  const measured = async (world: StoreWorld, measure: Partial<EventMeasure>): Promise<readonly EventGroup[]> =>
    byValues(
      await under().store.read(scopeOf(world), (reader) =>
        reader.measure({
          kinds: ["task.tested", "plan.tested"],
          newest: 100,
          fromMs: 0,
          toMs: 10_000,
          by: ["kind"],
          number: "ms",
          ...measure,
        }),
      ),
    );

  async function logged(): Promise<StoreWorld> {
    const { store } = under();
    const world = await plant(store);
    const other = await plant(store, world.organizationId, false);
    const task = world.rows.task.id;
    await command(store, contextOf(world), {
      events: [
        fact("task", task, 1, { verdict: "pass", round: 1, ms: 10 }),
        fact("task", task, 2, { verdict: "pass", round: 2, ms: 20 }),
        fact("task", task, 3, { verdict: "rework", round: 1, ms: 40 }),
        fact("task", task, 4, { verdict: "pass", round: 1, ms: "much" }),
        fact("plan", world.rows.plan.id, 1, {}),
      ],
    });
    await command(store, { ...contextOf(world), atMs: 9_000 }, { events: [fact("task", task, 5, { verdict: "late", ms: 1_000 })] });
    await command(store, contextOf(other), { events: [fact("task", other.rows.task.id, 1, { verdict: "pass", round: 1, ms: 7 })] });
    return world;
  }

  test("measures events by kind, project and data: counts, median, ninth decile and sum", async () => {
    const world = await logged();
    expect(await measured(world, { toMs: 5_000 })).toEqual([
      { values: ["plan.tested"], count: 1, p50: null, p90: null, sum: null },
      { values: ["task.tested"], count: 4, p50: 20, p90: 36, sum: 70 },
    ]);
    const byVerdict = await measured(world, { kinds: ["task.tested"], by: ["projectId", { data: "verdict" }, { data: "round" }] });
    expect(byVerdict.map(({ values, count, p50 }) => [...values, count, p50])).toEqual([
      [world.projectId, "late", null, 1, 1_000],
      [world.projectId, "pass", "1", 2, 10],
      [world.projectId, "pass", "2", 1, 20],
      [world.projectId, "rework", "1", 1, 40],
    ]);
    expect(await measured(world, { kinds: ["task.tested"], newest: 2, by: [] })).toEqual([
      { values: [], count: 2, p50: 1_000, p90: 1_000, sum: 1_000 },
    ]);
    expect(await measured(world, { fromMs: 9_500, by: [] })).toEqual([]);
  });

  test("reads the log by kind, actor, subject kind and recorded time, page by page into the past", async () => {
    const { store } = under();
    const world = await logged();
    await under().advance(20);
    const startMs = await store.nowMs();
    await under().advance(20);
    const asDana = { ...contextOf(world), actor: { kind: "person", id: "dana" } as const };
    await command(store, asDana, {
      events: [fact("request", world.rows.request.id, 1, {}), fact("request", world.rows.request.id, 2, {})],
    });
    const all = await readEvents(under(), scopeOf(world), 8);
    const read = async (filter: Partial<EventFilter>) =>
      (await store.read(scopeOf(world), (reader) => reader.events({ limit: 100, ...filter }))).map((event) => [
        event.subjectKind,
        event.number,
      ]);
    expect(await read({ kinds: ["plan.tested", "request.tested"] })).toEqual([
      ["plan", 1],
      ["request", 1],
      ["request", 2],
    ]);
    expect(await read({ actor: asDana.actor, newestFirst: true })).toEqual([
      ["request", 2],
      ["request", 1],
    ]);
    expect(await read({ actor: { kind: "system", id: "dana" } })).toEqual([]);
    expect(await read({ recordedFromMs: startMs })).toHaveLength(2);
    expect(await read({ recordedToMs: startMs, subjectKind: "plan" })).toEqual([["plan", 1]]);
    const past: string[] = [];
    for (let page = 0; page < 9; page += 1) {
      const before = past.at(-1);
      const events = await store.read(scopeOf(world), (reader) =>
        reader.events({ limit: 3, newestFirst: true, ...(before === undefined ? {} : { beforeCursor: before }) }),
      );
      if (events.length === 0) break;
      past.push(...events.map((event) => event.cursor));
    }
    expect(past).toEqual(all.map((event) => event.cursor).toReversed());
  });
}
