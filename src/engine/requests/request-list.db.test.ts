import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { command, contextOf, created, nextId, plant, type StoreWorld } from "../../../test/conformance/store-fixture.ts";
import { openTestDatabase } from "../../../test/support/test-database.ts";
import { openTestStore, type TestStore } from "../../../test/support/test-store.ts";
import { decisionLoad } from "../../core/oversight/decision-load.ts";
import { type InboxItem, inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { type Role, projectKindOf } from "../../core/oversight/person.ts";
import { type WorkRequest, requestKind } from "../../core/requests/request.ts";
import { asId } from "../../core/shared/ids.ts";
import { decisionLoadView } from "../oversight/load-view.ts";
import type { Judge } from "../oversight/policy-shelf.ts";
import { type Looking, authorityOver, readViewer } from "../oversight/viewer.ts";
import { requestPageView } from "./request-list.ts";

const nowMs = 1_900_000_000_000;
const dayMs = 86_400_000;
const roles: readonly Role[] = ["director", "lead", "auditor"];
const states: readonly InboxItem["state"][] = ["open", "delegated", "answered", "withdrawn"];

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let opened: TestStore;
beforeAll(async () => {
  database = await openTestDatabase();
  opened = await openTestStore(database.urls.app);
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});

/** Whoever has a role that is asked for may decide, unless the project is not `only`; and the amount has a limit where one is set. */
const judging = (ignores: Judge["ignores"], only: string | null, limitMicro: number): Judge => ({
  setSha256: "0".repeat(64),
  ignores,
  judge: (request) => ({
    request,
    verdict: {
      allowed:
        request.context.askedRoles.some((role) => request.principal.roles.includes(role)) &&
        (only === null || request.resource.project === only) &&
        (ignores.amounts || (request.resource.amountMicro ?? 0) <= limitMicro),
      policies: [],
      errors: [],
    },
    setSha256: "0".repeat(64),
    statements: [],
  }),
});

interface Asked {
  readonly at: number;
  readonly role: number;
  readonly state: number;
  readonly named: boolean;
  readonly excluded: boolean;
  readonly amountMicro: number;
}

async function plantItems(first: StoreWorld, second: StoreWorld, asked: readonly Asked[]): Promise<void> {
  for (const world of [first, second]) {
    const requests = Array.from({ length: 4 }, (_, at): WorkRequest => ({
      ...world.rows.request,
      id: nextId(),
      version: 1,
      eventCount: 0,
      number: 500 + at,
    }));
    const items = asked
      .filter((_one, at) => at % 2 === (world === first ? 0 : 1))
      .map((one): InboxItem => {
        const state = states[one.state] ?? "open";
        const request = requests[one.at] ?? world.rows.request;
        return {
          ...world.rows.item,
          id: nextId(),
          version: 1,
          eventCount: 0,
          kind: one.amountMicro % 5 === 0 ? "mention" : "approval",
          requestId: asId(request.id),
          subjectId: nextId(),
          state,
          roles: [roles[one.role] ?? "lead"],
          ...(one.named ? { personIds: [asId(first.rows.person.id)] } : {}),
          excludedPersonIds: one.excluded ? [asId(first.rows.person.id)] : [],
          delegateId: state === "delegated" ? asId(first.rows.person.id) : null,
          amountMicro: one.amountMicro,
          askedAtMs: nowMs - one.amountMicro * dayMs,
          answer:
            state === "answered"
              ? {
                  choice: "approve",
                  value: null,
                  reason: "",
                  by: asId(first.rows.person.id),
                  atMs: nowMs - one.at * dayMs,
                  soloWaiver: false,
                }
              : null,
        };
      });
    await command(opened.store, contextOf(world), {
      changes: [...requests.map((row) => created(requestKind, row)), ...items.map((row) => created(inboxItemKind, row))],
    });
  }
}

const askedArbitrary = fc.array(
  fc.record({
    at: fc.nat(3),
    role: fc.nat(2),
    state: fc.nat(3),
    named: fc.boolean(),
    excluded: fc.boolean(),
    amountMicro: fc.nat(20),
  }),
  { minLength: 1, maxLength: 25 },
);

test("what waits for a person, and the load, are what a reading of every item says", async () => {
  await fc.assert(
    fc.asyncProperty(askedArbitrary, fc.boolean(), fc.boolean(), fc.boolean(), async (asked, ids, amounts, onlyFirst) => {
      const { store } = opened;
      const first = await plant(store);
      const second = await plant(store, first.organizationId, false);
      await plantItems(first, second, asked);
      const scope = { organizationId: first.organizationId, projectIds: [first.projectId, second.projectId] };
      const only = onlyFirst ? first.rows.project.key : null;
      const judge = judging({ ids, amounts }, only, 10);
      const looking: Looking = {
        organizationId: first.organizationId,
        viewerId: first.rows.person.id,
        policies: { read: async () => judge },
        nowMs,
      };
      await store.read(scope, async (reader) => {
        const viewer = await readViewer(reader, looking);
        const projects = new Map<string, Awaited<ReturnType<typeof reader.get<typeof first.rows.project>>>>(
          (await reader.find(projectKindOf, { limit: 100 })).map((project) => [project.id, project]),
        );
        const requests = await reader.find(requestKind, { limit: 100, newestFirst: true });
        const items = await reader.find(inboxItemKind, { limit: 1_000 });
        const isOpen = (item: InboxItem): boolean => item.state === "open" || item.state === "delegated";
        const waits = requests.filter((request) =>
          items.some(
            (item) =>
              item.requestId === request.id &&
              item.kind !== "mention" && // being named holds nothing up
              isOpen(item) &&
              authorityOver(item, projects.get(request.projectId), viewer).kind !== "denied",
          ),
        );
        const page = await requestPageView(reader, { waitsForViewer: true, limit: 100 }, looking);
        expect(page.items.map((row) => row.id)).toEqual(waits.map((row) => row.id));
        expect(page.items.every((row) => row.waitsFor === "you")).toBe(true);
        const load = await decisionLoadView(reader, nowMs);
        const things = items
          .filter((item) => item.kind !== "mention")
          .map((item) => ({
            askedAtMs: item.askedAtMs,
            answeredAtMs: item.state === "answered" ? (item.answer?.atMs ?? null) : null,
            isOpen: isOpen(item),
          }));
        expect(load).toMatchObject({ ...decisionLoad(things, nowMs), n: things.length, complete: true });
      });
    }),
    { numRuns: 12 },
  );
});
