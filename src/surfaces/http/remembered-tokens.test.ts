import { describe, expect, test } from "vitest";
import { createMemorySessions } from "../../adapters/in-process/memory-sessions.ts";
import { asId } from "../../core/shared/ids.ts";
import type { ApiToken, SessionStore } from "../../engine/ports/session-store.ts";
import { sessionStoreConformance } from "../../../test/conformance/session-store.ts";
import { rememberingTokens } from "./remembered-tokens.ts";

const token = (fields: Partial<ApiToken> = {}): ApiToken => ({
  organizationId: asId<"organization">("10000000-0000-4000-8000-000000000001"),
  personId: asId<"person">("10000000-0000-4000-8000-000000000002"),
  id: "10000000-0000-4000-8000-000000000003",
  tokenSha256: asId<"sha256">("a".repeat(64)),
  name: "script",
  scopes: ["write"],
  createdAtMs: 0,
  expiresAtMs: null,
  ...fields,
});

/** Sessions behind the memory, a clock that is moved by hand, and how often a key was asked for. */
function world(under: SessionStore = createMemorySessions()) {
  let nowMs = 0;
  let asked = 0;
  const counted: SessionStore = {
    ...under,
    readToken: (hash, atMs) => {
      asked += 1;
      return under.readToken(hash, atMs);
    },
  };
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, pause: async () => undefined, deadline: () => AbortSignal.timeout(1_000) };
  return {
    under,
    store: rememberingTokens(counted, clock),
    asked: () => asked,
    passMs: (durationMs: number) => {
      nowMs += durationMs;
    },
  };
}

const one = token();

describe("is a session store", () => {
  sessionStoreConformance(() => world().store);
});

test("asks once a second about a key", async () => {
  const { store, asked, passMs } = world();
  await store.createToken(one);
  for (let call = 0; call < 5; call += 1) expect(await store.readToken(one.tokenSha256, 0)).toEqual(one);
  expect(asked()).toBe(1);
  passMs(1_000);
  await store.readToken(one.tokenSha256, 0);
  expect(asked()).toBe(2);
});

test("refuses a key from the moment on in which it is revoked here, or its person leaves", async () => {
  for (const end of [
    (store: SessionStore) => store.revokeToken(one.id, 0),
    (store: SessionStore) => store.endAll(one, 0).then(() => undefined),
  ]) {
    const { store } = world();
    await store.createToken(one);
    await store.readToken(one.tokenSha256, 0);
    await end(store);
    expect(await store.readToken(one.tokenSha256, 0)).toBeUndefined();
  }
});

test("refuses a key that another server revoked within a second", async () => {
  const { store, under, passMs } = world();
  await store.createToken(one);
  await store.readToken(one.tokenSha256, 0);
  await under.revokeToken(one.id, 0);
  passMs(1_000);
  expect(await store.readToken(one.tokenSha256, 0)).toBeUndefined();
});

test("a key that is remembered still expires on time", async () => {
  const { store } = world();
  await store.createToken(token({ expiresAtMs: 500 }));
  expect(await store.readToken(one.tokenSha256, 499)).toBeDefined();
  expect(await store.readToken(one.tokenSha256, 500)).toBeUndefined();
});

test("forgets what was read while the key was being revoked", async () => {
  const under = createMemorySessions();
  const read = Promise.withResolvers<void>();
  const { store, passMs } = world({
    ...under,
    readToken: async (hash, atMs) => {
      const found = await under.readToken(hash, atMs);
      await read.promise; // the answer is on its way when the revocation happens
      return found;
    },
  });
  await store.createToken(one);
  const late = store.readToken(one.tokenSha256, 0);
  await store.revokeToken(one.id, 0);
  read.resolve();
  expect(await late).toEqual(one);
  passMs(1);
  expect(await store.readToken(one.tokenSha256, 0)).toBeUndefined();
});

test("never remembers a refusal", async () => {
  const { store } = world();
  expect(await store.readToken(one.tokenSha256, 0)).toBeUndefined();
  await store.createToken(one);
  expect(await store.readToken(one.tokenSha256, 0)).toEqual(one);
});
