import { expect, test } from "vitest";
import { wantedWords } from "../../src/core/memory/search-words.ts";
import type { Entity, EntityKind } from "../../src/core/shared/entity.ts";
import { projectKindOf } from "../../src/core/oversight/person.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import { asId } from "../../src/core/shared/ids.ts";
import { type EntityTable, entityTables } from "../../src/engine/ports/entity-tables.ts";
import { searchTextOf, searchedKinds } from "../../src/engine/ports/search-texts.ts";
import type { Reader, Scope, Store, Transaction } from "../../src/engine/ports/store.ts";
import { organizationRows, projectRows } from "./sample-rows.ts";
import {
  bodyHash,
  changed,
  command,
  contextOf,
  created,
  fact,
  nextId,
  nextKey,
  plant,
  scopeOf,
  storedRows,
  type StoreUnderTest,
  type StoreWorld,
} from "./store-fixture.ts";
import { fillVectors, oneModel, unit } from "./store-vectors.ts";

/** A row that somebody else has, and what may be asked about it. */
interface Wanted {
  readonly table: EntityTable;
  readonly kind: EntityKind<Entity>;
  readonly row: Entity;
  readonly nowMs: number;
}

type ReaderFunction = Exclude<keyof Reader, "atMs">;
type WriterFunction = Exclude<keyof Transaction, keyof Reader>;
/** Everything that an answer says; nothing: it says nothing. */
type Seen = Promise<readonly unknown[]>;

const list = <Item>(value: Item | undefined | null): readonly Item[] => (value === undefined || value === null ? [] : [value]);
const number = (value: number): readonly number[] => (value === 0 ? [] : [value]);
const column = (row: Entity, field: string): unknown => (row as unknown as Readonly<Record<string, unknown>>)[field]; // columns are plain values

/** Columns that hold a text, so that they can be counted by. */
const isSealed = ({ personal }: EntityTable, field: string): boolean => Object.hasOwn(personal?.fields ?? {}, field);

const textsOf = (table: EntityTable): readonly string[] =>
  Object.entries(table.columns).flatMap(([field, type]) => (type === "text" && !isSealed(table, field) ? [field] : []));

const plainOf = (table: EntityTable): readonly string[] => Object.keys(table.columns).filter((field) => !isSealed(table, field));

/** No condition; every column with the value that the row has; its id. */
const conditionsOf = ({ table, row }: Wanted): readonly { readonly [field: string]: string | number | boolean | null }[] => [
  {},
  Object.fromEntries(Object.keys(table.columns).map((field) => [field, column(row, field) as string | number | boolean | null])), // columns are plain values
  { id: row.id },
];

async function each<Item>(items: readonly Item[], ask: (item: Item) => Seen): Seen {
  const seen: unknown[] = [];
  for (const item of items) seen.push(...(await ask(item)));
  return seen;
}

/** Empty: nothing of it is searched. */
function textOf({ kind, row }: Pick<Wanted, "kind" | "row">): string {
  const text = searchedKinds.includes(kind.name) ? searchTextOf(kind.name, row) : null;
  return `${text?.title ?? ""} ${text?.body ?? ""}`.trim();
}

async function searched(reader: Reader, { kind, row, nowMs }: Wanted): Seen {
  const words = wantedWords(textOf({ kind, row })).slice(0, 3);
  const misspelled = words.map((word) => `${word}e`);
  return each(
    [...words, ...misspelled].filter((word) => word !== ""),
    async (word) => {
      // The kind alone: rows of the organization may have the same word, and may be seen.
      const found = await reader.search({ words: [word], kinds: [kind.name], skip: 0, limit: 100, atMs: nowMs });
      return [...found.hits, ...number(found.ranked)];
    },
  );
}

/** Whatever is told of vectors: what has none yet, how many have one, and which are alike to the one that every text was given. */
async function measured({ vectors }: Reader, { kind, row, nowMs }: Wanted): Seen {
  // What is of the organization alone may be seen by its members: only the kind that is asked for.
  const projectId = "projectId" in row && typeof row.projectId === "string" ? row.projectId : null;
  const asked = { of: oneModel, vector: unit(1, 0, 0), kinds: [kind.name], limit: 100 };
  const [found, then] = [await vectors.nearest(asked), await vectors.nearest({ ...asked, atMs: nowMs })];
  if (projectId === null) return [...found.hits, ...then.hits, ...number(found.compared)];
  const unmade = await vectors.missing({ of: { ...oneModel, model: "other" }, projectId, limit: 100 });
  const { texts } = await vectors.tally({ of: oneModel, projectIds: [projectId], withOrganization: false });
  return [...found.hits, ...then.hits, ...number(found.compared), ...unmade, ...number(texts)];
}

/** One probe for every function of a reader: a new function does not compile until it has one. */
const readers: { readonly [Name in ReaderFunction]: (reader: Reader, wanted: Wanted) => Seen } = {
  get: async (reader, { kind, row }) => list(await reader.get(kind, row.id)),
  getMany: (reader, { kind, row }) => reader.getMany(kind, [row.id, nextId()]),
  find: (reader, wanted) =>
    each(conditionsOf(wanted), async (where) => [
      ...(await reader.find(wanted.kind, { where, limit: 10_000 })),
      ...(await reader.find(wanted.kind, { where, newestFirst: true, limit: 1 })),
    ]),
  pick: (reader, wanted) =>
    each(conditionsOf(wanted), (where) => reader.pick(wanted.kind, ["id", ...plainOf(wanted.table)], { where, limit: 10_000 })),
  count: (reader, wanted) => each(conditionsOf(wanted), async (where) => number(await reader.count(wanted.kind, { where }))),
  countBy: (reader, { kind, table }) => each(textsOf(table), async (field) => [...(await reader.countBy(kind, field, {}))]),
  tally: (reader, { kind, table }) =>
    each([...textsOf(table), ...(kind.scope === "project" ? ["projectId"] : [])], (field) =>
      reader.tally(kind, [field], { withFirst: true }),
    ),
  measure: (reader, { kind }) =>
    reader.measure({
      kinds: [`${kind.name}.tested`],
      newest: 1_000,
      fromMs: 0,
      toMs: Number.MAX_SAFE_INTEGER,
      by: ["projectId", { data: "mark" }],
    }),
  events: (reader, { kind, row }) =>
    each(
      [{ subjectId: row.id }, { subjectKind: kind.name }, { kinds: [`${kind.name}.tested`], newestFirst: true }, { requestId: row.id }],
      (filter) => reader.events({ ...filter, limit: 100 }),
    ),
  asOf: async (reader, { kind, row, nowMs }) => list(await reader.asOf(kind, row.id, nowMs)),
  versions: (reader, { kind, row }) => reader.versions(kind, row.id, { limit: 100 }),
  changes: (reader, { kind }) => reader.changes({ kinds: [kind.name], limit: 10_000 }),
  search: searched,
  vectors: measured,
};

/** What a refusal says, without the id that was asked for. */
const refusal = async (id: string, work: () => Promise<unknown>): Promise<string> => {
  try {
    await work();
    return "accepted";
  } catch (error) {
    if (error instanceof Failure) return `${error.kind} ${error.code} ${JSON.stringify(error.details)}`.replaceAll(id, "it");
    throw error;
  }
};

/** The same for what only a command may call. What writes is asked apart, since a refusal ends its transaction. */
const writers: { readonly [Name in WriterFunction]: (transaction: Transaction, wanted: Wanted) => Seen } = {
  takeCommand: async (transaction, { row }) => {
    const place = await transaction.takeCommand(`of ${row.id}`, "test", bodyHash("f"));
    return place.kind === "new" ? [] : [place];
  },
  lock: (transaction, { kind, row }) => transaction.lock(kind, [row.id]),
  share: (transaction, { kind, row }) => transaction.share(kind, [row.id]),
  lockFree: (transaction, { kind }) => transaction.lockFree(kind, { limit: 10_000 }),
  nextNumber: async () => [],
  write: async () => [],
};

/** Of the store's own functions these two read and write rows, as above; the others say nothing about any row. */
const ofStore: { readonly [Name in keyof Store]: "rows" | "time" | "a hint without content" | "asked with the vectors" } = {
  transact: "rows",
  read: "rows",
  moment: "time",
  keepVectors: "asked with the vectors",
  nowMs: "time",
  onEvents: "a hint without content",
};

/** A tenant with a row, a command and an event of every kind. */
async function inhabited(store: Store): Promise<StoreWorld> {
  const world = await plant(store);
  for (const { kind, row } of storedRows(world)) {
    const place = kind.scope === "project" ? contextOf(world, `of ${row.id}`) : { ...contextOf(world, `of ${row.id}`), projectId: null };
    await command(store, place, { outcome: { of: row.id }, events: [fact(kind.name, row.id, 7, { mark: row.id, requestId: row.id })] });
  }
  const scope = scopeOf(world);
  for (const projectId of [world.projectId, null]) await fillVectors({ store }, { scope, projectId }, () => unit(1, 0, 0));
  return world;
}

/** The same row, all but the project that it names itself. */
const inProject = (row: Entity, projectId: string): Entity => ("projectId" in row ? ({ ...row, projectId } as Entity) : row);

/** Whoever must see nothing of a kind: strangers nothing at all, neighbours nothing of another project. */
function outsiders(world: StoreWorld, kind: EntityKind<Entity>): readonly { readonly who: string; readonly scope: Scope }[] {
  const stranger = asId<"organization">(nextId());
  return [
    { who: "a stranger who names the project", scope: { organizationId: stranger, projectIds: [world.projectId] } },
    { who: "a stranger without projects", scope: { organizationId: stranger, projectIds: [] } },
    ...(kind.scope === "organization"
      ? []
      : [
          { who: "a neighbour", scope: { organizationId: world.organizationId, projectIds: [asId<"project">(nextId())] } },
          { who: "a colleague without projects", scope: { organizationId: world.organizationId, projectIds: [] } },
        ]),
  ];
}

/** Every function of the store with everything that somebody else has: no row, and no hint that there is one. */
export function storeIsolationCases(under: () => StoreUnderTest): void {
  let planted: Promise<StoreWorld> | undefined;
  const shared = (): Promise<StoreWorld> => (planted ??= inhabited(under().store));

  async function wantedIn(world: StoreWorld, table: EntityTable): Promise<Wanted> {
    const sample = storedRows(world).find(({ kind }) => kind.name === table.kind.name);
    if (sample === undefined) throw new Error(`There is no sample row of kind ${table.kind.name}.`);
    await under().advance(5); // what was written lies in the past of what is read
    return { table, kind: sample.kind, row: sample.row, nowMs: await under().store.nowMs() };
  }

  async function seenBy(scope: Scope, wanted: Wanted): Promise<Readonly<Record<string, readonly unknown[]>>> {
    const { store } = under();
    const moment = await store.moment(wanted.nowMs);
    const seen: Record<string, readonly unknown[]> = {};
    for (const at of [undefined, moment])
      await store.read(
        scope,
        async (reader) => {
          for (const [name, probe] of Object.entries(readers))
            seen[`${at === undefined ? "now" : "then"} ${name}`] = await probe(reader, wanted);
        },
        at,
      );
    const context = {
      ...scope,
      projectId: scope.projectIds[0] ?? null,
      actor: { kind: "person", id: "tester" },
      cause: nextKey(),
      atMs: 1_000,
    } as const;
    await store.transact(context, async (transaction) => {
      for (const [name, probe] of Object.entries({ ...readers, ...writers })) seen[`command ${name}`] = await probe(transaction, wanted);
    });
    return seen;
  }

  test("asks every function that a reader and a transaction have", async () => {
    const { store } = under();
    const world = await shared();
    const names = (value: object): readonly string[] => Object.keys(value).toSorted();
    expect(await store.read(scopeOf(world), async (reader) => names(reader))).toEqual(names({ ...readers, atMs: null }));
    const transaction = await store.transact(contextOf(world), async (open) => names(open));
    expect(transaction).toEqual(names({ ...readers, ...writers, atMs: null }));
    expect(Object.keys(ofStore).filter((name) => !(name in store))).toEqual([]);
  });

  test.each(entityTables)("shows its owner the $kind.name by every one of them", async (table) => {
    const world = await shared();
    const wanted = await wantedIn(world, table);
    const seen = await seenBy(scopeOf(world), wanted);
    const silent = Object.keys(seen)
      .filter((name) => seen[name]?.length === 0)
      .map((name) => name.split(" ")[1] ?? "");
    // Texts are searched of some kinds, counted by where a column is a text; these two are asked apart.
    const excused = [
      "nextNumber",
      "write",
      ...(textOf(wanted) === "" ? ["search", "vectors"] : []),
      ...(textsOf(table).length > 0 ? [] : ["countBy", "tally"]),
    ];
    const ownKey = table.kind.scope === "organization" ? ["takeCommand"] : [];
    expect(silent.filter((name) => ![...excused, ...ownKey].includes(name))).toEqual([]);
  });

  test.each(entityTables)("shows nobody else anything of the $kind.name", async (table) => {
    const world = await shared();
    const wanted = await wantedIn(world, table);
    for (const { who, scope } of outsiders(world, table.kind)) {
      const seen = await seenBy(scope, wanted);
      expect({ who, seen: Object.entries(seen).filter(([, answers]) => answers.length > 0) }).toEqual({ who, seen: [] });
    }
  });

  test.each(entityTables)("refuses a change of somebody else's $kind.name as it refuses one of nothing", async (table) => {
    const { store } = under();
    const world = await shared();
    const { kind, row } = await wantedIn(world, table);
    for (const { who, scope } of outsiders(world, table.kind)) {
      const projectId = kind.scope === "project" ? (scope.projectIds[0] ?? null) : null;
      const change = (asked: Entity): Promise<string> =>
        refusal(asked.id, () => command(store, { ...contextOf(world), ...scope, projectId }, { changes: [changed(kind, asked, {})] }));
      const [theirs, nothings] = [await change(row), await change({ ...row, id: nextId() })];
      expect({ who, theirs }).toEqual({ who, theirs: nothings });
      expect(theirs).not.toBe("accepted");
    }
  });

  test("takes the ids, keys and numbers that others have as if they were free", async () => {
    const { store } = under();
    const world = await shared();
    const before = await store.read(scopeOf(world), (reader) => reader.changes({ limit: 10_000 }));
    const organizationId = asId<"organization">(nextId());
    // Nobody but the engine chooses the id of an organization or a project; everything else may be the same.
    const ownProject = { ...world.rows.project, id: nextId() };
    const rows = { ...world.rows, organization: { ...world.rows.organization, id: organizationId }, project: ownProject };
    const twin = { rows, organizationId, projectId: asId<"project">(ownProject.id) };
    const added = (samples: ReturnType<typeof storedRows>) => ({ changes: samples.map(({ kind, row }) => created(kind, row)) });
    await command(store, { ...contextOf(twin), projectIds: [], projectId: null }, added(organizationRows(rows)));
    await command(store, contextOf(twin), {
      changes: projectRows(rows).map(({ kind, row }) => created(kind, inProject(row, twin.projectId))),
    });
    const neighbour = { ...world, projectId: asId<"project">(nextId()) };
    const inNeighbour = projectRows(world.rows).map(({ kind, row }) => created(kind, inProject(row, neighbour.projectId)));
    const project = { ...rows.project, id: neighbour.projectId, key: "NEIGHBOUR" };
    await command(store, { ...contextOf(neighbour), projectIds: [], projectId: null }, { changes: [created(projectKindOf, project)] });
    await command(store, contextOf(neighbour), { changes: inNeighbour });
    const after = await store.read(scopeOf(world), (reader) => reader.changes({ limit: 10_000 }));
    expect(after.filter(({ row }) => row.id !== neighbour.projectId)).toEqual(before);
  });

  test("gives a number of somebody else's project to nobody", async () => {
    const { store } = under();
    const world = await shared();
    const ask = (projectId: StoreWorld["projectId"]): Promise<string> => {
      const organizationId = asId<"organization">(nextId());
      const context = { ...contextOf(world), organizationId, projectIds: [projectId], projectId };
      return refusal(projectId, () => store.transact(context, (transaction) => transaction.nextNumber()));
    };
    expect(await ask(world.projectId)).toBe(await ask(asId(nextId())));
  });
}
