import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { asId } from "../../src/core/shared/ids.ts";
import type { ApiToken, OneTimeLink, Session, SessionStore } from "../../src/engine/ports/session-store.ts";
import { nextId } from "./store-fixture.ts";

const hash = (text: string) => asId<"sha256">(createHash("sha256").update(text).digest("hex"));
const holder = () => ({ organizationId: asId<"organization">(nextId()), personId: asId<"person">(nextId()) });

/** What every session store promises. */
export function sessionStoreConformance(open: () => SessionStore): void {
  const link = (fields: Partial<OneTimeLink> = {}): OneTimeLink => ({
    ...holder(),
    secretSha256: hash(nextId()),
    purpose: "sign-in",
    createdAtMs: 1_000,
    expiresAtMs: 5_000,
    ...fields,
  });
  const session = (fields: Partial<Session> = {}): Session => ({
    ...holder(),
    tokenSha256: hash(nextId()),
    csrfSha256: hash("csrf"),
    createdAtMs: 1_000,
    expiresAtMs: 5_000,
    ...fields,
  });
  const token = (fields: Partial<ApiToken> = {}): ApiToken => ({
    ...holder(),
    id: nextId(),
    tokenSha256: hash(nextId()),
    name: "cli",
    scopes: ["local"],
    createdAtMs: 1_000,
    expiresAtMs: null,
    ...fields,
  });

  test("a link signs in once, whoever comes at the same time", async () => {
    const store = open();
    const made = link();
    await store.createLink(made);
    const answers = await Promise.all(Array.from({ length: 8 }, () => store.consumeLink(made.secretSha256, 2_000)));
    expect(answers.filter((answer) => answer !== undefined)).toEqual([{ organizationId: made.organizationId, personId: made.personId }]);
    expect(await store.consumeLink(made.secretSha256, 2_000)).toBeUndefined();
  });

  test("an expired or unknown link signs nobody in", async () => {
    const store = open();
    const made = link();
    await store.createLink(made);
    expect(await store.consumeLink(made.secretSha256, 5_000)).toBeUndefined();
    expect(await store.consumeLink(hash("other"), 2_000)).toBeUndefined();
  });

  test("a session is read until it ends or expires", async () => {
    const store = open();
    const made = session();
    await store.createSession(made);
    expect(await store.readSession(made.tokenSha256, 4_999)).toEqual(made);
    expect(await store.readSession(made.tokenSha256, 5_000)).toBeUndefined();
    await store.endSession(made.tokenSha256, 2_000);
    await store.endSession(made.tokenSha256, 3_000);
    expect(await store.readSession(made.tokenSha256, 2_000)).toBeUndefined();
  });

  test("a token is read until it is revoked or expires", async () => {
    const store = open();
    const lasting = token();
    const short = token({ expiresAtMs: 3_000 });
    await store.createToken(lasting);
    await store.createToken(short);
    expect(await store.readToken(lasting.tokenSha256, 9_000_000_000)).toEqual(lasting);
    expect(await store.readToken(short.tokenSha256, 3_000)).toBeUndefined();
    await store.revokeToken(lasting.id, 4_000);
    expect(await store.readToken(lasting.tokenSha256, 4_000)).toBeUndefined();
  });

  test("a person's keys are listed until they are revoked or expire; those of others and of the machine are not", async () => {
    const store = open();
    const owner = holder();
    const first = token({ ...owner, scopes: ["read"], createdAtMs: 1_000 });
    const second = token({ ...owner, scopes: ["read", "write"], createdAtMs: 2_000, expiresAtMs: 5_000 });
    for (const one of [first, second, token({ ...owner, scopes: ["local"] }), token({ scopes: ["read"] })]) await store.createToken(one);
    expect(await store.listTokens(owner, 4_999)).toEqual([first, second]);
    expect(await store.listTokens(owner, 5_000)).toEqual([first]);
    await store.revokeToken(first.id, 3_000);
    expect(await store.listTokens(owner, 4_000)).toEqual([second]);
  });

  test("sweeping removes what expired and nothing else", async () => {
    const store = open();
    const old = session({ expiresAtMs: 10 });
    const live = session({ expiresAtMs: 9_000 });
    await store.createSession(old);
    await store.createSession(live);
    await store.createLink(link({ expiresAtMs: 10 }));
    expect(await store.sweep(11)).toBeGreaterThanOrEqual(2);
    expect(await store.readSession(live.tokenSha256, 8_000)).toEqual(live);
  });
}
