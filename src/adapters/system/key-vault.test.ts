import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keyVault } from "./key-vault.ts";

const vault = keyVault(randomBytes(32));
const other = keyVault(randomBytes(32));
const notOpened = expect.objectContaining({ code: "vault.not-opened" }) as object;

test("opens what it sealed, for the same purpose, and nothing else", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string(), (text, purpose) => {
      const sealed = vault.seal(purpose, text);
      expect(vault.open(purpose, sealed)).toBe(text);
      expect(vault.seal(purpose, text)).not.toBe(sealed);
      expect(() => vault.open(`${purpose}x`, sealed)).toThrow(notOpened);
      expect(() => other.open(purpose, sealed)).toThrow(notOpened);
    }),
  );
});

test("notices every changed character of what it sealed", () => {
  const sealed = vault.seal("channel:1", "https://hooks.example.org/secret");
  expect(sealed).not.toContain("hooks");
  for (let at = 0; at < sealed.length - 1; at += 1) {
    const changed = `${sealed.slice(0, at)}${sealed[at] === "A" ? "B" : "A"}${sealed.slice(at + 1)}`;
    expect(() => vault.open("channel:1", changed)).toThrow(notOpened);
  }
  for (const broken of ["", "v1.", "v1.AAAA", sealed.slice(3)]) expect(() => vault.open("channel:1", broken)).toThrow(notOpened);
});

test("signs so that nothing else passes: 10,000 changed signatures, none accepted", () => {
  const signature = vault.sign("confirm", "a:b:c");
  expect(vault.isSigned("confirm", "a:b:c", signature)).toBe(true);
  expect(vault.isSigned("feed", "a:b:c", signature)).toBe(false);
  expect(vault.isSigned("confirm", "a:b:d", signature)).toBe(false);
  expect(other.isSigned("confirm", "a:b:c", signature)).toBe(false);
  const bytes = Buffer.from(signature, "base64url");
  let accepted = 0;
  for (let count = 0; count < 10_000; count += 1) {
    const changed = Buffer.from(bytes);
    const at = count % changed.length;
    changed[at] = (changed[at] ?? 0) ^ (1 + (count % 255));
    if (vault.isSigned("confirm", "a:b:c", changed.toString("base64url"))) accepted += 1;
  }
  expect(accepted).toBe(0);
  for (const spelling of [`${signature}=`, ` ${signature}`, `${signature.slice(0, -1)}`, signature.toUpperCase(), ""])
    expect(vault.isSigned("confirm", "a:b:c", spelling)).toBe(false);
});

test("takes no key that is too short", () => {
  expect(() => keyVault(randomBytes(31))).toThrow(expect.objectContaining({ code: "vault.key-too-short" }));
});
