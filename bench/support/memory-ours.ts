import type { Client, Pool } from "pg";
import { type EntityRecord, entityKindOf } from "../../src/core/memory/entity.ts";
import { type Tag, tagKind } from "../../src/core/memory/tag.ts";
import { asId } from "../../src/core/shared/ids.ts";
import type { Change } from "../../src/core/shared/transition.ts";
import { findEntities } from "../../src/engine/memory/entity-query.ts";
import type { Moment, Reader, Store, WriteContext } from "../../src/engine/ports/store.ts";
import type { Home } from "../../src/main/first-run.ts";
import { type Contender, changesPage, pageSize } from "./memory-contender.ts";
import type { Item } from "./memory-items.ts";

/** The product's own store, and what only its superuser can do to it. */
export interface Ours extends Contender {
  /** The same tables with or without the trigger that keeps their past. */
  keepHistory(kept: boolean): Promise<void>;
  /** One row's past by the reader's own function, without a reader at an instant. */
  asOfRow(id: string, atMs: number): Promise<number>;
  taggedAt(tags: Parameters<Contender["tagged"]>[0], atMs: number): Promise<number>;
}

const tables = ["entity", "tag", "history", "event", "command", "search_entry", "search_word"];

/** Writes as the engine does: the command, its rows and an event for each entity in one transaction. */
function writerOf(store: Store, home: Home): Pick<Contender, "load" | "reload" | "create" | "update"> {
  const projectId = asId<"project">(home.projectId);
  const scope = { organizationId: home.organizationId, projectIds: [projectId] };
  const actor = { kind: "person", id: home.personId } as const;
  const versions = new Map<string, EntityRecord>();
  let commands = 0;
  const write = async (changes: readonly Change[]): Promise<void> => {
    const atMs = Date.now();
    const context: WriteContext = { ...scope, projectId, actor, cause: `bench:${String(++commands)}`, atMs };
    const entities = changes.filter(({ kind }) => kind.name === entityKindOf.name);
    const events = entities.map(({ before, after }) => ({
      subjectKind: "entity",
      subjectId: after.id,
      number: after.version,
      kind: before === undefined ? "entity.created" : "entity.changed",
      data: { version: after.version },
    }));
    await store.transact(context, async (transaction) => {
      await transaction.takeCommand(context.cause, "bench", "0".repeat(64));
      await transaction.write({}, changes, events, []);
    });
    for (const { after } of entities) versions.set(after.id, after as EntityRecord); // filtered by their kind
  };
  const created = (item: Item): readonly Change[] => [
    { kind: entityKindOf, before: undefined, after: recordOf(item, home, undefined) },
    ...item.tags.map((tag) => ({ kind: tagKind, before: undefined, after: tagOf(item, tag, home) })),
  ];
  const updated = (item: Item): Change => {
    const before = versions.get(item.id);
    return { kind: entityKindOf, before, after: recordOf(item, home, before) };
  };
  return {
    load: (items) => write(items.flatMap(created)),
    reload: (items) => write(items.map(updated)),
    create: (item) => write(created(item)),
    update: (item) => write([updated(item)]),
  };
}

export function oursOf(store: Store, home: Home, admin: Client): Ours {
  const scope = { organizationId: home.organizationId, projectIds: [asId<"project">(home.projectId)] };
  const read = <Result>(work: (reader: Reader) => Promise<Result>, moment?: Moment): Promise<Result> => store.read(scope, work, moment);
  const one = async (work: (reader: Reader) => Promise<object | undefined>, moment?: Moment): Promise<number> =>
    (await read(work, moment)) === undefined ? 0 : 1;
  return {
    name: "xVC",
    ...writerOf(store, home),
    settle: async () => {
      await admin.query(`vacuum analyze ${tables.map((name) => `xvc.${name}`).join(", ")}`);
    },
    read: (id) => one((reader) => reader.get(entityKindOf, id)),
    tagged: async (tags) => (await read((reader) => findEntities(reader, { tags, limit: pageSize }))).rows.length,
    newest: async () =>
      (await read((reader) => reader.find(entityKindOf, { sort: { by: "updatedAtMs" }, newestFirst: true, limit: pageSize }))).length,
    asOf: (id, atMs) => one((reader) => reader.get(entityKindOf, id), { atMs }),
    asOfRow: (id, atMs) => one((reader) => reader.asOf(entityKindOf, id, atMs)),
    taggedAt: async (tags, atMs) => (await read((reader) => findEntities(reader, { tags, limit: pageSize }), { atMs })).rows.length,
    mark: async () => {
      const { rows } = await admin.query<{ cursor: string }>(
        "select txid::text || '-' || position as cursor from xvc.history order by txid desc, position desc offset 200 limit 1",
      );
      return rows[0]?.cursor ?? "0-0";
    },
    changes: async (mark) => (await read((reader) => reader.changes({ afterCursor: mark, limit: changesPage }))).length,
    search: async (word) => (await read((reader) => reader.search({ words: [word], skip: 0, limit: pageSize }))).hits.length,
    bytes: () =>
      sizeOf(
        admin,
        tables.map((name) => `xvc.${name}`),
      ),
    keepHistory: async (kept) => {
      for (const table of ["entity", "tag"])
        for (const change of ["insert", "update"])
          await admin.query(`alter table xvc.${table} ${kept ? "enable" : "disable"} trigger history_${change}`);
    },
  };
}

export async function sizeOf(admin: Client | Pool, names: readonly string[]): Promise<number> {
  const { rows } = await admin.query<{ bytes: string }>(
    "select sum(pg_total_relation_size(name::regclass))::text as bytes from unnest($1::text[]) name",
    [names],
  );
  return Number(rows[0]?.bytes);
}

function recordOf({ id, key, title, data }: Item, { projectId }: Home, before: EntityRecord | undefined): EntityRecord {
  const atMs = Date.now();
  const version = (before?.version ?? 0) + 1;
  return {
    id,
    version,
    eventCount: version,
    projectId: asId(projectId),
    typeKey: "customer",
    schemaVersion: 1,
    key,
    title,
    state: "active",
    data,
    attachments: [],
    legalHold: null,
    stateMark: null,
    createdAtMs: before?.createdAtMs ?? atMs,
    updatedAtMs: atMs,
  };
}

const tagOf = (item: Item, { id, key, value }: Item["tags"][number], { projectId }: Home): Tag => ({
  id,
  version: 1,
  eventCount: 0,
  projectId: asId(projectId),
  subjectKind: "entity",
  subjectId: item.id,
  key,
  value,
  state: "present",
});
