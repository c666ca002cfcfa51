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
    seenAtMs: 1_000,
    about: "Firefox on Linux",
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

  test("an invitation signs in like a sign-in link; looking at a link does not use it, and ending a person's links does", async () => {
    const store = open();
    const owner = holder();
    const [first, second] = [link({ ...owner, purpose: "invitation" }), link(owner)];
    for (const one of [first, second]) await store.createLink(one);
    expect(await store.readLink(first.secretSha256, 2_000)).toEqual(first);
    expect(await store.readLink(first.secretSha256, 5_000)).toBeUndefined();
    expect(await store.consumeLink(first.secretSha256, 2_000)).toEqual(owner);
    expect(await store.readLink(first.secretSha256, 2_000)).toBeUndefined();
    await store.endLinks(owner, 2_000);
    expect(await store.consumeLink(second.secretSha256, 2_000)).toBeUndefined();
  });

  test("a person's sessions are listed, the last used first, and tell when the person was last here", async () => {
    const store = open();
    const owner = holder();
    const [first, second] = [session(owner), session({ ...owner, seenAtMs: 1_500 })];
    for (const one of [first, second, session()]) await store.createSession(one);
    expect(await store.listSessions(owner, 2_000)).toEqual([second, first]);
    await store.touchSession(first.tokenSha256, 2_000);
    await store.touchSession(first.tokenSha256, 1_000);
    expect(await store.listSessions(owner, 2_000)).toEqual([{ ...first, seenAtMs: 2_000 }, second]);
    expect((await store.lastSeen(owner.organizationId)).get(owner.personId)).toBe(2_000);
    expect(await store.listSessions(owner, 5_000)).toEqual([]);
  });

  test("everything of a person ends at once, and nothing of anybody else", async () => {
    const store = open();
    const owner = holder();
    const other = { ...holder(), organizationId: owner.organizationId };
    const [mine, theirs] = [session(owner), session(other)];
    const [key, kept, machine] = [token({ ...owner, scopes: ["read"] }), token({ ...other, scopes: ["read"] }), token(owner)];
    const invitation = link(owner);
    for (const one of [mine, theirs]) await store.createSession(one);
    for (const one of [key, kept, machine]) await store.createToken(one);
    await store.createLink(invitation);
    expect(new Set(await store.endAll(owner, 2_000))).toEqual(new Set([mine.tokenSha256, key.tokenSha256]));
    expect(await store.readSession(mine.tokenSha256, 2_000)).toBeUndefined();
    expect(await store.readToken(key.tokenSha256, 2_000)).toBeUndefined();
    expect(await store.consumeLink(invitation.secretSha256, 2_000)).toBeUndefined();
    expect(await store.readSession(theirs.tokenSha256, 2_000)).toEqual(theirs);
    expect(await store.readToken(kept.tokenSha256, 2_000)).toEqual(kept);
    expect(await store.readToken(machine.tokenSha256, 2_000)).toEqual(machine);
  });

  test("a key may be bound to projects", async () => {
    const store = open();
    const bound = token({ scopes: ["read"], projectIds: [nextId(), nextId()] });
    await store.createToken(bound);
    expect(await store.readToken(bound.tokenSha256, 2_000)).toEqual(bound);
  });

  test("tries are counted per key and window, also by callers at the same time", async () => {
    const store = open();
    const key = hash(nextId());
    const counts = await Promise.all(Array.from({ length: 5 }, () => store.countTry(key, { lengthMs: 1_000, atMs: 10_500 })));
    expect(new Set(counts)).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(await store.countTry(hash(nextId()), { lengthMs: 1_000, atMs: 10_500 })).toBe(1);
    expect(await store.countTry(key, { lengthMs: 1_000, atMs: 11_000 })).toBe(1);
  });

  test("content is known as brought in by its person alone", async () => {
    const store = open();
    const owner = holder();
    const [one, two] = [hash(nextId()), hash(nextId())];
    await store.recordUploads(owner, [one], 1_000);
    await store.recordUploads(owner, [one], 2_000);
    expect(await store.uploadedBy(owner, [one, two])).toEqual([one]);
    expect(await store.uploadedBy({ ...owner, personId: asId(nextId()) }, [one])).toEqual([]);
    expect(await store.uploadedBy({ ...owner, organizationId: asId(nextId()) }, [one])).toEqual([]);
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
