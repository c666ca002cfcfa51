import { expect, test } from "vitest";
import { keyVault } from "./key-vault.ts";
import { personalCipher } from "./personal-cipher.ts";

const cipher = personalCipher(keyVault(new Uint8Array(32).fill(1)));
const place = { personId: "p1", kind: "person", field: "name" };

test("what is sealed opens at its place with its key alone, and shows nothing of itself", () => {
  const key = cipher.newKey("p1");
  const sealed = cipher.seal(key, place, "Kim Berg");
  expect(cipher.open(key, place, sealed)).toBe("Kim Berg");
  expect(cipher.open(key, place, sealed)).toBe("Kim Berg");
  expect(sealed).not.toContain("Kim");
  const refused = expect.objectContaining({ code: "personal.not-opened" }) as unknown;
  expect(() => cipher.open(key, { ...place, field: "email" }, sealed)).toThrow(refused as Error);
  expect(() => cipher.open(key, { ...place, personId: "p2" }, sealed)).toThrow(refused as Error);
  expect(() => cipher.open(cipher.newKey("p1"), place, sealed)).toThrow(refused as Error);
  expect(() => cipher.open(key, place, `${sealed.slice(0, -2)}AA`)).toThrow(refused as Error);
  expect(() => cipher.open(key, place, "Kim Berg")).toThrow(refused as Error);
  expect(() => personalCipher(keyVault(new Uint8Array(32).fill(2))).open(key, place, sealed)).toThrow(refused as Error);
});

test("equal values give equal texts under one key, and different ones under two", () => {
  const [one, other] = [cipher.newKey("p1"), cipher.newKey("p1")];
  const value = { address: "kim@example.org", tries: [1, null] };
  expect(cipher.seal(one, place, value)).toBe(cipher.seal(one, place, value));
  expect(cipher.seal(one, place, value)).not.toBe(cipher.seal(other, place, value));
  expect(cipher.seal(one, place, value)).not.toBe(cipher.seal(one, { ...place, field: "email" }, value));
  expect(cipher.open(one, place, cipher.seal(one, place, value))).toEqual(value);
});

test("an index is the same for the same value of one organization, and of that alone", () => {
  const at = { organizationId: "o1", kind: "person", field: "email" };
  expect(cipher.index(at, "kim@example.org")).toBe(cipher.index(at, "kim@example.org"));
  expect(cipher.index(at, "kim@example.org")).not.toBe(cipher.index({ ...at, organizationId: "o2" }, "kim@example.org"));
  expect(cipher.index(at, "kim@example.org")).not.toBe(cipher.index({ ...at, field: "name" }, "kim@example.org"));
});

test("more values than are remembered are still opened", () => {
  const small = personalCipher(keyVault(new Uint8Array(32).fill(1)), { maxValues: 3 });
  const key = small.newKey("p1");
  const sealed = Array.from({ length: 10 }, (_, at) => small.seal(key, place, at));
  for (const round of [1, 2])
    expect([round, sealed.map((text) => small.open(key, place, text))]).toEqual([round, sealed.map((_, at) => at)]);
});
