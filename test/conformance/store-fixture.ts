import { randomUUID } from "node:crypto";
import type { Entity, EntityKind } from "../../src/core/shared/entity.ts";
import { Failure } from "../../src/core/shared/failure.ts";
import { asId, type OrganizationId, type ProjectId } from "../../src/core/shared/ids.ts";
import type { Json } from "../../src/core/shared/json.ts";
import type { Change, EventDraft, JobStart } from "../../src/core/shared/transition.ts";
import type { JobRun } from "../../src/engine/ports/durable.ts";
import type { Scope, Store, StoredEvent, Transaction, WriteContext } from "../../src/engine/ports/store.ts";
import { organizationRows, projectRows, sampleWorld, type SampleWorld } from "./sample-rows.ts";
import type { SampleRow } from "./sample-oversight.ts";

/** A store opened for one test file, with what the suite cannot know about it. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Lets the store's own clock pass by at least this much: turns a virtual clock, waits for a real one. */
  advance(durationMs: number): Promise<void>;
  /** Jobs handed to the durable engine for this organization and not yet finished, in any order. */
  enqueued(organizationId: OrganizationId): Promise<readonly JobRun[]>;
  close(): Promise<void>;
}

/** Two tenants; the first has two projects. Each project holds one row of every kind. */
export interface StoreWorld {
  readonly organizationId: OrganizationId;
  readonly projectId: ProjectId;
  readonly rows: SampleWorld;
}

const actor = { kind: "person", id: "tester" } as const;

let lastId = 0;
/** Version 7 shape, growing with every call, unlike any other test file's. */
const runId = randomUUID().slice(24);
export const nextId = (): string => {
  lastId += 1;
  const time = (1_700_000_000_000 + lastId).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${runId}`;
};

export const nextKey = (): string => `key-${nextId()}`;

export const scopeOf = (world: StoreWorld): Scope => ({ organizationId: world.organizationId, projectIds: [world.projectId] });

export const contextOf = (world: StoreWorld, cause: string = nextKey()): WriteContext => ({
  ...scopeOf(world),
  projectId: world.projectId,
  actor,
  cause,
  atMs: 1_000,
});

export const bodyHash = (digit: string): string => digit.repeat(64);

export const created = <Row extends Entity>(kind: EntityKind<Row>, row: Row): Change => ({ kind, before: undefined, after: row });

export const changed = <Row extends Entity>(kind: EntityKind<Row>, row: Row, fields: Partial<Row>): Change & { readonly after: Row } => ({
  kind,
  before: row,
  after: { ...row, ...fields, version: row.version + 1 },
});

export interface Written {
  readonly changes?: readonly Change[];
  readonly events?: readonly EventDraft[];
  readonly jobs?: readonly JobStart[];
  readonly outcome?: Json;
}

/** One command the way the engine runs it: take the key, then write once. */
export async function command(store: Store, context: WriteContext, written: Written): Promise<void> {
  await store.transact(context, async (transaction) => {
    await transaction.takeCommand(context.cause, "test", bodyHash("0"));
    await transaction.write(written.outcome ?? {}, written.changes ?? [], written.events ?? [], written.jobs ?? []);
  });
}

/** A new tenant with one project, one row of every kind already stored. */
export async function plant(store: Store, organizationId: OrganizationId = asId(nextId()), fresh = true): Promise<StoreWorld> {
  const projectId = asId<"project">(nextId());
  const rows = sampleWorld(nextId, organizationId, projectId);
  const world = { organizationId, projectId, rows };
  const organizational = organizationRows(rows).filter((sample) => fresh || sample.row.id === projectId);
  await command(
    store,
    { ...contextOf(world), projectIds: [], projectId: null },
    { changes: organizational.map((sample) => created(sample.kind, sample.row)) },
  );
  await command(store, contextOf(world), { changes: projectRows(rows).map((sample) => created(sample.kind, sample.row)) });
  return world;
}

/** Every row of the world that the store holds once: in a second project of a tenant only what is its own. */
export const storedRows = (world: StoreWorld): readonly SampleRow[] => [...organizationRows(world.rows), ...projectRows(world.rows)];

/** Retries conflicts as the engine does, at most twenty times. */
export async function retrying<Result>(run: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      if (tries === 20 || !(error instanceof Failure) || error.kind !== "conflict") throw error;
    }
  }
}

/** A promise that the test opens by hand, to hold a transaction at a known place. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

/** An open transaction that has done `work` and waits; `finish` commits it. */
export async function holding(store: Store, context: WriteContext, work: (transaction: Transaction) => Promise<void>) {
  const reached = gate();
  const release = gate();
  const done = store.transact(context, async (transaction) => {
    await work(transaction);
    reached.open();
    await release.opened;
  });
  await Promise.race([reached.opened, done]);
  return {
    finish: async (): Promise<void> => {
      release.open();
      await done;
    },
  };
}

/** `<transaction>-<sequence>`, both of any length. */
export function compareCursors(left: string, right: string): number {
  const [leftMajor = "0", leftMinor = "0"] = left.split("-");
  const [rightMajor = "0", rightMinor = "0"] = right.split("-");
  if (leftMajor !== rightMajor) return BigInt(leftMajor) < BigInt(rightMajor) ? -1 : 1;
  return leftMinor === rightMinor ? 0 : BigInt(leftMinor) < BigInt(rightMinor) ? -1 : 1;
}

/** Reads pages until `enough`, letting the store's clock pass in between; at most 400 tries. */
export async function readEvents(under: StoreUnderTest, scope: Scope, enough: number, pageSize = 100): Promise<readonly StoredEvent[]> {
  const seen: StoredEvent[] = [];
  for (let tries = 0; tries < 400; tries += 1) {
    const after = seen.at(-1)?.cursor;
    const page = await under.store.read(scope, (reader) =>
      reader.events({ limit: pageSize, ...(after === undefined ? {} : { afterCursor: after }) }),
    );
    seen.push(...page);
    if (seen.length >= enough && page.length < pageSize) break;
    if (page.length === 0) await under.advance(25);
  }
  return seen;
}

export const fact = (subjectKind: string, subjectId: string, number: number, data: EventDraft["data"] = {}): EventDraft => ({
  subjectKind,
  subjectId,
  number,
  kind: `${subjectKind}.tested`,
  data,
});
