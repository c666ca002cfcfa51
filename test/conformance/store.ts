import { afterAll, beforeAll, describe } from "vitest";
import { storeBodyCases } from "./store-bodies.ts";
import { storeCommandCases } from "./store-commands.ts";
import { storeErasureCases } from "./store-erasures.ts";
import { storeEventCases } from "./store-events.ts";
import type { StoreUnderTest } from "./store-fixture.ts";
import { storeInstantCases } from "./store-instants.ts";
import { storeIsolationCases } from "./store-isolation.ts";
import { storeLockCases } from "./store-locks.ts";
import { storePurgeCases } from "./store-purges.ts";
import { storeReadCases } from "./store-reads.ts";
import { storeScopeCases } from "./store-scopes.ts";
import { storeSearchLaws } from "./store-search-laws.ts";
import { storeSearchCases } from "./store-searches.ts";
import { storeTallyCases } from "./store-tallies.ts";
import { storeVectorCases } from "./store-vectors.ts";

export type { StoreUnderTest } from "./store-fixture.ts";

/**
 * What every `Store` promises. Call it at the top level of a test file; `open` runs once, each case plants tenants of its own,
 * so the store may hold other data and other files may use the same database.
 */
export function storeConformance(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the promises of a store`, () => {
    let opened: StoreUnderTest | undefined;
    const under = (): StoreUnderTest => {
      if (opened === undefined) throw new Error("The store was not opened.");
      return opened;
    };
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened?.close();
    });
    describe("commands", () => {
      storeCommandCases(under);
    });
    describe("rows and filters", () => {
      storeReadCases(under);
    });
    describe("scopes", () => {
      storeScopeCases(under);
    });
    describe("isolation", () => {
      storeIsolationCases(under);
    });
    describe("locks and isolation", () => {
      storeLockCases(under);
    });
    describe("events and history", () => {
      storeEventCases(under);
    });
    describe("instants", () => {
      storeInstantCases(under);
    });
    describe("conditions on the body", () => {
      storeBodyCases(under);
    });
    describe("purges", () => {
      storePurgeCases(under);
    });
    describe("erasures", () => {
      storeErasureCases(under);
    });
    describe("searches", () => {
      storeSearchCases(under);
      storeSearchLaws(under);
    });
    describe("searches by meaning", () => {
      storeVectorCases(under);
    });
    describe("tallies and measures", () => {
      storeTallyCases(under);
    });
  });
}
