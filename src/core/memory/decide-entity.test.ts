import { expect, test } from "vitest";
import { type CoreWorld, openCoreWorld, person, worker } from "../../../test/support/core-world.ts";
import type { Command } from "../../engine/shared/commands.ts";
import { type EntityRecord, entityKindOf } from "./entity.ts";
import { entityTypeKind } from "./entity-type.ts";
import { relationKind } from "./relation.ts";
import { tagKind } from "./tag.ts";

const customer = {
  kind: "define-entity-type",
  key: "customer",
  title: "Customer",
  description: "",
  dataSchema: {
    type: "object",
    properties: { country: { type: "string" }, seats: { type: "integer" } },
    additionalProperties: false,
  },
  expectedSchemaVersion: 0,
} as const;

const acme = {
  kind: "create-entity",
  typeKey: "customer",
  schemaVersion: null,
  key: "acme",
  title: "Acme",
  data: { country: "DE" },
} as const;

interface Opened extends CoreWorld {
  readonly founder: string;
  readonly contributor: string;
  readonly auditor: string;
  told(command: Command, by?: string): ReturnType<CoreWorld["tell"]>;
  entity(): Promise<EntityRecord>;
}

async function opened(): Promise<Opened> {
  const world = await openCoreWorld([["contributor"], ["auditor"]]);
  const [founder = "", contributor = "", auditor = ""] = world.people;
  const told = (command: Command, by: string = founder) => world.tell(person(by), command);
  expect(await told(customer)).toMatchObject({ kind: "ok", answer: { label: "customer@1" } });
  expect(await told(acme, contributor)).toMatchObject({ kind: "ok", answer: { label: "customer/acme", version: 1 } });
  return {
    ...world,
    founder,
    contributor,
    auditor,
    told,
    entity: async () => (await world.rows(entityKindOf))[0] as EntityRecord, // created above
  };
}

const change = (entity: EntityRecord, fields: Partial<Extract<Command, { kind: "change-entity" }>>): Command => ({
  kind: "change-entity",
  entityId: entity.id,
  expectedVersion: entity.version,
  title: null,
  set: {},
  unset: [],
  schemaVersion: null,
  ...fields,
});

const move = (entity: EntityRecord, kind: "archive-entity" | "restore-entity" | "delete-entity" | "purge-entity"): Command => ({
  kind,
  entityId: entity.id,
  expectedVersion: entity.version,
  reason: "because",
});

test("types are defined by those who lead, version beside version, by somebody who read the latest", async () => {
  const world = await opened();
  for (const by of [world.contributor, world.auditor])
    expect(await world.told({ ...customer, key: "vendor" }, by)).toMatchObject({ failure: "forbidden" });
  expect(await world.told(customer)).toMatchObject({ code: "entity-type.changed" });
  const wider = {
    ...customer,
    dataSchema: { type: "object", required: ["vat"], properties: { vat: { type: "string" }, country: {} } },
    expectedSchemaVersion: 1,
  };
  expect(await world.told(wider)).toMatchObject({ kind: "ok", answer: { schemaVersion: 2 } });
  expect((await world.rows(entityTypeKind)).map((type) => type.schemaVersion)).toEqual([1, 2]);
  const entity = await world.entity();
  expect(entity.schemaVersion).toBe(1);
  expect(await world.told(change(entity, { schemaVersion: 2 }))).toMatchObject({ code: "entity.bad-data" });
  expect(await world.told(change(entity, { schemaVersion: 2, set: { vat: "DE1" } }))).toMatchObject({ kind: "ok" });
  expect((await world.entity()).schemaVersion).toBe(2);
  expect(await world.told(change(await world.entity(), { schemaVersion: 9 }))).toMatchObject({ code: "entity.no-such-type" });
});

test("a change touches the named fields alone, and only by somebody who read the latest version", async () => {
  const world = await opened();
  const first = await world.entity();
  expect(await world.told(change(first, { set: { seats: 3 } }), world.contributor)).toMatchObject({ kind: "ok", answer: { version: 2 } });
  const second = await world.entity();
  expect(second.data).toEqual({ country: "DE", seats: 3 });
  expect({ ...second, data: 0, version: 0, eventCount: 0, updatedAtMs: 0 }).toEqual({
    ...first,
    data: 0,
    version: 0,
    eventCount: 0,
    updatedAtMs: 0,
  });
  for (const refused of [
    [change(first, { set: { seats: 4 } }), "entity.changed-since"],
    [change(second, { set: { seats: "many" } }), "entity.bad-data"],
    [change(second, { set: { unknown: 1 } }), "entity.bad-data"],
    [change(second, { set: { seats: 1 }, unset: ["seats"] }), "entity.set-and-unset"],
    [change(second, { title: " " }), "entity.bad-title"],
    [change(second, { set: { country: "x".repeat(70_000) } }), "entity.too-large"],
  ] as const)
    expect(await world.told(refused[0])).toMatchObject({ kind: "refused", code: refused[1] });
  expect(await world.told(change(second, { set: { seats: 4 } }), world.auditor)).toMatchObject({ failure: "forbidden" });
  expect(await world.entity()).toEqual(second);
  expect(await world.told(change(second, { set: { seats: 3 } }))).toMatchObject({ kind: "ok", answer: { version: 2 } });
  expect(await world.told(change(second, { unset: ["seats"], title: "Acme II" }))).toMatchObject({ kind: "ok", answer: { version: 3 } });
  expect(await world.entity()).toMatchObject({ title: "Acme II", data: { country: "DE" } });
  expect(await world.told({ ...acme, title: "Another" })).toMatchObject({ code: "entity.key-taken" });
  expect(await world.told({ ...acme, key: null, typeKey: "vendor" })).toMatchObject({ code: "entity.no-such-type" });
  expect(await world.told({ ...acme, key: "Not Plain" })).toMatchObject({ code: "entity.bad-key" });
});

test("a purge comes after a deletion, by a steward, never under a legal hold, and takes marks and content with it", async () => {
  const world = await opened();
  const hold = async (kind: "hold-entity" | "release-entity", by = world.founder) => {
    const entity = await world.entity();
    return world.told({ kind, entityId: entity.id, expectedVersion: entity.version, reason: "a lawsuit" }, by);
  };
  const moved = async (kind: Parameters<typeof move>[1], by = world.founder) => world.told(move(await world.entity(), kind), by);
  const { id } = await world.entity();
  const subject = { kind: "entity", id };
  expect(await world.told({ kind: "add-tag", subject, key: "tier", value: "gold" })).toMatchObject({ kind: "ok" });
  const [type] = await world.rows(entityTypeKind);
  const relate = { kind: "add-relation", from: subject, role: "of-type", to: { kind: "entity_type", id: type?.id ?? "" } } as const;
  expect(await world.told(relate)).toMatchObject({ kind: "ok" });
  expect(await moved("purge-entity")).toMatchObject({ code: "entity.not-deleted" });
  expect(await hold("hold-entity", world.contributor)).toMatchObject({ failure: "forbidden" });
  expect(await hold("hold-entity")).toMatchObject({ kind: "ok" });
  expect(await moved("delete-entity")).toMatchObject({ code: "entity.legal-hold" });
  expect(await moved("archive-entity")).toMatchObject({ kind: "ok", answer: { state: "archived" } });
  expect(await world.told(change(await world.entity(), { set: { seats: 1 } }))).toMatchObject({ code: "entity.not-active" });
  expect(await hold("release-entity")).toMatchObject({ kind: "ok" });
  expect(await hold("release-entity")).toMatchObject({ code: "entity.hold-unchanged" });
  expect(await moved("delete-entity")).toMatchObject({ kind: "ok" });
  expect(await world.told({ kind: "add-tag", subject, key: "tier", value: "silver" })).toMatchObject({ code: "memory.subject-gone" });
  expect(await moved("restore-entity")).toMatchObject({ kind: "ok", answer: { state: "active" } });
  expect((await world.entity()).data).toEqual({ country: "DE" });
  await moved("delete-entity");
  expect(await moved("purge-entity", world.contributor)).toMatchObject({ failure: "forbidden" });
  expect(await world.told({ ...move(await world.entity(), "purge-entity"), reason: " " } as Command)).toMatchObject({
    code: "entity.reason-missing",
  });
  expect(await moved("purge-entity")).toMatchObject({ kind: "ok", answer: { state: "purged" } });
  expect(await world.entity()).toMatchObject({ key: "acme", title: "", data: {}, stateMark: { reason: "because" } });
  expect((await world.rows(tagKind)).map((tag) => tag.state)).toEqual(["removed"]);
  expect((await world.rows(relationKind)).map((relation) => relation.state)).toEqual(["removed"]);
  for (const kind of ["restore-entity", "purge-entity", "archive-entity"] as const)
    expect(await moved(kind)).toMatchObject({ code: "entity.purged" });
  expect(await hold("hold-entity")).toMatchObject({ code: "entity.purged" });
  expect(world.findings()).toEqual([]);
});

test("content is attached by name once, and what is said of an entity never repeats its content", async () => {
  const world = await opened();
  const artifact = { name: "contract.pdf", sha256: "a".repeat(64), mediaType: "application/pdf", bytes: 3 } as never;
  const attach = async (kind: "attach-content" | "detach-content", name = "contract.pdf") => {
    const { id: entityId, version: expectedVersion } = await world.entity();
    const one = { ...(artifact as object), name } as never;
    return world.told(
      kind === "attach-content" ? { kind, entityId, expectedVersion, artifact: one } : { kind, entityId, expectedVersion, name },
    );
  };
  expect(await attach("attach-content")).toMatchObject({ kind: "ok" });
  expect(await attach("attach-content")).toMatchObject({ kind: "ok" });
  expect((await world.entity()).attachments).toHaveLength(1);
  expect(await attach("attach-content", "../x")).toMatchObject({ code: "entity.bad-attachment-name" });
  expect(await attach("detach-content", "other")).toMatchObject({ code: "entity.no-such-attachment" });
  expect(await attach("detach-content")).toMatchObject({ kind: "ok" });
  const events = await world.engine.read(world.scope, (reader) => reader.events({ subjectKind: "entity", limit: 100 }));
  expect(events.map((event) => event.kind)).toEqual(["entity.created", "entity.attached", "entity.attached", "entity.detached"]);
  expect(JSON.stringify(events)).not.toMatch(/Acme|DE"|contract/u);
});

test("the system and personas keep entities only through people", async () => {
  const world = await opened();
  // What is not a person passes no permission: nothing of ours sends these, and no route lets another in.
  expect(await world.tell(worker, { ...customer, key: "vendor" })).toMatchObject({ failure: "forbidden" });
});
