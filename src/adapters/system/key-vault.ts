import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { Failure } from "../../core/shared/failure.ts";
import type { Vault } from "../../engine/ports/vault.ts";

const nonceBytes = 12;
const tagBytes = 16;

const notOpened = (cause?: unknown): Failure =>
  new Failure(
    "invalid",
    "vault.not-opened",
    {
      message:
        "A stored secret was sealed with another key. Restore the key file it was made with, or remove the channel and add it again.",
    },
    { cause },
  );

/** A vault over 32 or more secret bytes: AES-256-GCM to seal, HMAC-SHA-256 to sign, each under a key of its own. */
export function keyVault(masterKey: Uint8Array): Vault {
  if (masterKey.byteLength < 32)
    throw new Failure("invalid", "vault.key-too-short", {
      message: "The installation's key needs 32 bytes or more; make one with: openssl rand -base64 32",
    });
  const derived = (use: string): Buffer => Buffer.from(hkdfSync("sha256", masterKey, "", `xvc ${use}`, 32));
  const sealKey = derived("seal");
  const signKey = derived("sign");
  const mac = (purpose: string, text: string): Buffer => createHmac("sha256", signKey).update(`${purpose}\n${text}`, "utf8").digest();
  return {
    seal(purpose, text) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", sealKey, nonce).setAAD(Buffer.from(purpose, "utf8"));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url")}`;
    },
    open(purpose, sealed) {
      const bytes = Buffer.from(sealed.replace(/^v1\./u, ""), "base64url");
      if (!sealed.startsWith("v1.") || bytes.length < nonceBytes + tagBytes) throw notOpened();
      try {
        const decipher = createDecipheriv("aes-256-gcm", sealKey, bytes.subarray(0, nonceBytes)).setAAD(Buffer.from(purpose, "utf8"));
        decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
        return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString("utf8");
      } catch (error) {
        throw notOpened(error);
      }
    },
    sign: (purpose, text) => mac(purpose, text).toString("base64url"),
    isSigned(purpose, text, signature) {
      const wanted = mac(purpose, text);
      const given = Buffer.from(signature, "base64url");
      return given.length === wanted.length && given.toString("base64url") === signature && timingSafeEqual(given, wanted);
    },
  };
}
