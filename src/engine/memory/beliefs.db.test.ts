import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, openTestDatabase } from "../../../test/support/test-database.ts";
import { type TestStore, openTestStore } from "../../../test/support/test-store.ts";
import { cedarAuthorizer } from "../../adapters/cedar/cedar-authorizer.ts";
import { createSeededRng } from "../../adapters/in-process/seeded-rng.ts";
import { systemClock } from "../../adapters/system/system-clock.ts";
import { createSystemIds } from "../../adapters/system/system-ids.ts";
import { factKind } from "../../core/memory/fact.ts";
import { isTiled } from "../../core/memory/fact-periods.ts";
import type { Failure } from "../../core/shared/failure.ts";
import { asId } from "../../core/shared/ids.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import { type Engine, openEngine } from "../engine.ts";
import type { Command } from "../shared/commands.ts";
import { beliefsView } from "./beliefs-view.ts";

/* What the database itself does for beliefs: words found in computed columns, rows as of an instant, one row for one attribute. */

const ids = createSystemIds();
const [organizationId, projectId, founder] = [asId<"organization">(ids.next()), asId<"project">(ids.next()), ids.next()];
const scope = { organizationId, projectIds: [projectId] };

let database: TestDatabase;
let store: TestStore;
let engine: Engine;

const send = (command: Command, place: typeof projectId | null = projectId): Promise<JsonObject> => {
  const actor =
    command.kind === "found-organization" ? ({ kind: "system", id: "first-run" } as const) : ({ kind: "person", id: founder } as const);
  return engine.apply({ organizationId, projectId: place, actor, key: ids.next() }, command);
};

beforeAll(async () => {
  database = await openTestDatabase();
  store = await openTestStore(database.urls.app, { enqueue: () => Promise.resolve() });
  engine = openEngine({
    store: store.store,
    clock: systemClock, // who loses a race pauses, and tries again
    ids,
    rng: createSeededRng({ seed: 1 }),
    digest: (text) => asId<"sha256">(createHash("sha256").update(text).digest("hex")),
    crash: () => {},
    capabilities: { executors: ["rules"], ruleTasks: [], sandbox: { ok: false, reason: "none" } },
    authorizer: cedarAuthorizer(),
  });
  const person = { id: founder, name: "Founder", email: null };
  await send({ kind: "found-organization", id: organizationId, name: "Test", currency: "EUR", person }, null);
  await send({ kind: "create-project", id: projectId, key: "T", name: "Test", mode: "real", clockAtMs: null }, null);
});

afterAll(async () => {
  await store.close();
  await database.drop();
});

const learn = (value: number, more: { readonly fromMs: number; readonly expectedVersion: number | null }) =>
  ({
    kind: "record-fact",
    subjectKind: "words",
    subjectId: "Acme",
    subjectName: "Acme",
    attribute: "price",
    value,
    source: { text: "price list", address: null },
    ...more,
  }) as const;

test("two who learn of the same thing at once leave one row whose periods follow each other", async () => {
  const tries = await Promise.allSettled([1, 2, 3].map((value) => send(learn(value, { fromMs: value * 1_000, expectedVersion: null }))));
  expect(tries.filter((one) => one.status === "fulfilled")).toHaveLength(1);
  const refusals = tries.flatMap((one) => (one.status === "rejected" ? [(one.reason as Failure).code] : [])); // the engine throws nothing else
  expect(refusals).toEqual(["fact.changed", "fact.changed"]);
  const rows = await engine.read(scope, (reader) => reader.find(factKind, { limit: 10 }));
  expect(rows.map((row) => [row.subjectId, row.attribute, isTiled(row.periods)])).toEqual([["acme", "price", true]]);
});

test("what was believed and decided is read as of an instant and found by its words", async () => {
  const decision = {
    kind: "record-decision",
    requestId: null,
    subjectKind: "project",
    subjectId: projectId,
    topic: "ACME seats",
    question: "Do we buy?",
    options: [{ id: "yes", label: "Yes" }],
    choice: "yes",
    rationale: "Cheap.",
    confidence: null,
    links: [],
    reviewAtMs: null,
    validFromMs: 1_000,
    supersedes: null,
  } as const;
  await send(decision);
  const [before] = await engine.read(scope, (reader) => reader.find(factKind, { limit: 10 }));
  const believedValue = before?.periods[0]?.value;
  const thenMs = await store.store.nowMs();
  // The record's clock is the database's; the next version has to lie after the instant.
  while ((await store.store.nowMs()) <= thenMs) await systemClock.pause(1);
  const source = { text: "invoice", address: null };
  const correction = {
    kind: "correct-fact",
    factId: before?.id ?? "",
    expectedVersion: 1,
    value: 99,
    fromMs: 0,
    toMs: null,
    source,
  } as const;
  await send(correction);
  const moment = await engine.moment(thenMs);
  const asked = { about: { kind: "words", words: "aCMe" }, recordedMs: moment.atMs, validMs: 5_000, nowMs: systemClock.nowMs() } as const;
  const view = await engine.read(scope, (now) => beliefsView(now, (work) => engine.read(scope, work, moment), asked));
  expect(view.facts.map((fact) => [fact.believed?.value, fact.known?.value, fact.change])).toEqual([[believedValue, 99, "corrected"]]);
  expect(view.decisions.map((one) => [one.decision.question, one.stood, one.changes])).toEqual([["Do we buy?", "in-force", []]]);
  const foreign = { organizationId, projectIds: [asId<"project">(ids.next())] };
  const none = await engine.read(foreign, (now) => beliefsView(now, (work) => engine.read(foreign, work, moment), asked));
  expect([none.facts, none.decisions]).toEqual([[], []]);
});
