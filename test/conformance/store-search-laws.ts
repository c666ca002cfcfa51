import fc from "fast-check";
import { expect, test } from "vitest";
import { type Task, taskKind } from "../../src/core/execution/task.ts";
import { wantedWords, wordsIn } from "../../src/core/memory/search-words.ts";
import { searchTextOf } from "../../src/engine/ports/search-texts.ts";
import {
  changed,
  command,
  contextOf,
  created,
  nextId,
  nextKey,
  plant,
  scopeOf,
  type StoreUnderTest,
  type StoreWorld,
} from "./store-fixture.ts";
import { vectorCaps } from "../../src/engine/ports/vectors.ts";
import { sampleTask } from "./sample-rows.ts";
import { fillVectors, oneModel, unit } from "./store-vectors.ts";

/** Words that neither share a stem nor look like each other. */
const vocabulary = ["amber", "bwindi", "cobolt", "dunes", "Ökonomie", "flint", "42"] as const;

interface Move {
  readonly world: 0 | 1 | 2;
  /** Which of the world's tasks so far; past their number: a new one. */
  readonly which: number;
  readonly title: readonly string[];
  readonly text: readonly string[];
  readonly performer: "person" | "persona" | null;
  readonly state: Task["state"];
}

const someWords = (least: number) => fc.array(fc.constantFrom(...vocabulary), { minLength: least, maxLength: 3 });

const move: fc.Arbitrary<Move> = fc.record({
  world: fc.constantFrom(0, 1, 2),
  which: fc.nat({ max: 3 }),
  title: someWords(1),
  text: someWords(0),
  performer: fc.constantFrom("person", "persona", null),
  state: fc.constantFrom("ready", "waiting"),
});

interface LogEntry {
  readonly projectId: string;
  readonly atMs: number;
  readonly row: Task;
}

const rowOf = (world: StoreWorld, known: Task | undefined, { title, text, performer, state }: Move): Task => {
  const [criterion] = world.rows.task.spec.acceptance;
  const id = known?.id ?? nextId();
  return {
    ...(known ?? sampleTask({ id, requestId: world.rows.request.id, planId: world.rows.plan.id }, { key: `n${id.slice(0, 13)}` })),
    title: title.join(" / "),
    state,
    performer: performer === null ? null : { kind: performer, id: world.rows.person.id },
    spec: { ...world.rows.task.spec, acceptance: criterion === undefined ? [] : [{ ...criterion, statement: text.join(", ") }] },
  };
};

/** The latest row of each task that was there at an instant. */
function rowsAt(log: readonly LogEntry[], atMs: number): readonly LogEntry[] {
  const latest = new Map<string, LogEntry>();
  for (const entry of log) if (entry.atMs <= atMs) latest.set(entry.row.id, entry);
  return [...latest.values()];
}

const holds = (row: Task, words: readonly string[], personId: string | undefined): boolean => {
  const text = searchTextOf("task", row);
  const own = wordsIn(`${text?.title ?? ""} ${text?.body ?? ""}`);
  const every = words.every((word, at) => own.some((one) => one === word || (at === words.length - 1 && one.startsWith(word))));
  return every && (personId === undefined || text?.personIds.includes(personId) === true);
};

/** A model that counts words: two texts are alike as far as they share them. */
const countedWords = (text: string): Float32Array => {
  const own = wordsIn(text);
  return unit(1, ...vocabulary.map((word) => 3 * own.filter((one) => one === wordsIn(word)[0]).length));
};

const likeness = (one: Float32Array, other: Float32Array): number => one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);

const vectorOfRow = (row: Task): Float32Array => {
  const text = searchTextOf("task", row);
  return countedWords(`${text?.title ?? ""}\n${text?.body ?? ""}`);
};

/** Whatever was written where, by whom a search is made, and for which instant. */
export function storeSearchLaws(under: () => StoreUnderTest): void {
  test("finds what a full scan of the log finds, at any instant, and nothing of projects that the reader does not see", async () => {
    const { store } = under();
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 10 }), someWords(1), async (moves, words) => {
        const first = await plant(store);
        const worlds = [first, await plant(store, first.organizationId, false), await plant(store)] as const;
        const log: LogEntry[] = [];
        const tasks = worlds.map((): Task[] => []);
        for (const one of moves) {
          const world = worlds[one.world];
          const own = tasks[one.world] ?? [];
          const known = own[one.which];
          const row = rowOf(world, known, one);
          const change = known === undefined ? created(taskKind, row) : changed(taskKind, known, row);
          await under().advance(2);
          await command(store, contextOf(world, nextKey()), { changes: [change] });
          const after = change.after as Task; // made from a task
          own[known === undefined ? own.length : one.which] = after;
          await fillVectors(under(), { scope: scopeOf(world), projectId: world.projectId }, countedWords);
          log.push({ projectId: world.projectId, atMs: await store.nowMs(), row: after });
        }
        await under().advance(2);
        const wanted = wantedWords(words.join(" "));
        const half = log[Math.floor(log.length / 2)]?.atMs ?? 0;
        for (const projects of [[0], [1], [0, 1], []] as const)
          for (const [atMs, personId] of [
            [null, undefined],
            [half, undefined],
            [null, first.rows.person.id],
          ] as const) {
            const projectIds = projects.map((at) => worlds[at].projectId);
            const found = await store.read(
              { organizationId: first.organizationId, projectIds },
              (reader) =>
                reader.search({
                  words: wanted,
                  kinds: ["task"],
                  skip: 0,
                  limit: 100,
                  ...(personId === undefined ? {} : { personId }),
                }),
              atMs === null ? undefined : { atMs },
            );
            const samples = new Set<string>(worlds.map((world) => world.rows.task.id));
            const hits = found.hits.filter(({ id }) => !samples.has(id));
            const seen = rowsAt(log, atMs ?? Number.POSITIVE_INFINITY).filter(({ projectId }) => projectIds.some((id) => id === projectId));
            const expected = seen.filter(({ row }) => holds(row, wanted, personId));
            expect(
              hits
                .filter(({ near }) => !near)
                .map(({ id }) => id)
                .toSorted(),
            ).toEqual(expected.map(({ row }) => row.id as string).toSorted());
            for (const hit of hits) expect(seen.map(({ row }) => row.id as string)).toContain(hit.id);
            const meant = countedWords(words.join(" "));
            const narrowing = { kinds: ["task"], limit: 100, ...(personId === undefined ? {} : { personId }) };
            const alike = await store.read(
              { organizationId: first.organizationId, projectIds },
              (reader) => reader.vectors.nearest({ of: oneModel, vector: meant, ...narrowing }),
              atMs === null ? undefined : { atMs },
            );
            const near = alike.hits.filter(({ id }) => !samples.has(id)).map(({ id }) => id);
            const likenesses = new Map(
              seen
                .filter(({ row }) => personId === undefined || searchTextOf("task", row)?.personIds.includes(personId) === true)
                .map(({ row }) => [row.id as string, likeness(vectorOfRow(row), meant)]),
            );
            const close = [...likenesses].filter(([, value]) => value > vectorCaps.leastLikeness + 1e-6).map(([id]) => id);
            expect(near.toSorted()).toEqual(expect.arrayContaining(close.toSorted()));
            expect(near.filter((id) => (likenesses.get(id) ?? 0) < vectorCaps.leastLikeness - 1e-6)).toEqual([]);
            const inOrder = near.map((id) => likenesses.get(id) ?? 0);
            expect(inOrder.every((value, at) => at === 0 || value <= (inOrder[at - 1] ?? 0) + 1e-6)).toBe(true);
          }
      }),
      { numRuns: 5 },
    );
  }, 60_000);
}
