import { expect, test } from "vitest";
import { asId } from "../../src/core/shared/ids.ts";
import type { ReachStore } from "../../src/engine/ports/vault.ts";

/** What every store of secrets and positions does. `open` gives one without rows of these two organizations. */
export function reachStoreConformance(open: () => ReachStore): void {
  const [first, second] = ["019a0000-0000-7000-8000-000000000001", "019a0000-0000-7000-8000-000000000002"].map((id) =>
    asId<"organization">(id),
  );
  const channel = "019a0000-0000-7000-8000-00000000000a";
  if (first === undefined || second === undefined) throw new Error("two organizations are named above");

  test("keeps the first secret of a channel, of any number at once, until it is forgotten", async () => {
    const store = open();
    expect(await store.readSecret(first, channel)).toBeUndefined();
    const kept = await Promise.all(["a", "b", "c"].map((sealed) => store.keepSecret(first, channel, sealed)));
    expect(kept.filter((one) => one)).toHaveLength(1);
    expect(await store.readSecret(first, channel)).toBe(["a", "b", "c"][kept.indexOf(true)]);
    expect(await store.readSecret(second, channel)).toBeUndefined();
    await store.forgetSecret(second, channel);
    expect(await store.readSecret(first, channel)).toBeDefined();
    await store.forgetSecret(first, channel);
    await store.forgetSecret(first, channel);
    expect(await store.readSecret(first, channel)).toBeUndefined();
  });

  test("remembers one position for each organization", async () => {
    const store = open();
    expect(await store.readCursor(first)).toBeUndefined();
    await store.saveCursor(first, "1-1");
    await store.saveCursor(first, "2-7");
    await store.saveCursor(second, "3-1");
    expect([await store.readCursor(first), await store.readCursor(second)]).toEqual(["2-7", "3-1"]);
    await store.saveCursor(first, null);
    expect([await store.readCursor(first), await store.readCursor(second)]).toEqual([undefined, "3-1"]);
  });
}
