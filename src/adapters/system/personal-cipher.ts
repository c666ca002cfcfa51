import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { Failure } from "../../core/shared/failure.ts";
import type { Json } from "../../core/shared/json.ts";
import type { PersonalCipher, PersonalPlace } from "../../engine/ports/personal-data.ts";
import type { Vault } from "../../engine/ports/vault.ts";

const nonceBytes = 12;
const tagBytes = 16;
const prefix = "p1.";

/** Opened keys and values that a process remembers, the latest opened. */
const maxKeys = 5_000;
const mostValues = 20_000;
/** Longer texts are opened each time. */
const maxRememberedChars = 1_000;

interface OpenedKey {
  readonly seal: Buffer;
  /** Made when something is sealed: most keys are only read with. */
  readonly nonce: () => Buffer;
}

/**
 * AES-256-GCM under a key per person, which a vault seals. The nonce is a keyed hash of place and value, so equal values give equal
 * texts and different ones never share a nonce. What was opened is remembered, but only given out to whoever brings the sealed key:
 * once that is destroyed, no memory of any process answers any more.
 */
export function personalCipher(
  vault: Pick<Vault, "seal" | "open" | "sign">,
  { maxValues = mostValues }: { readonly maxValues?: number } = {},
): PersonalCipher {
  const keys = latest<OpenedKey>(maxKeys);
  const values = latest<{ readonly key: string; readonly place: string; readonly value: Json }>(maxValues);
  const keyOf = (sealedKey: string, personId: string): OpenedKey => {
    const name = `${personId} ${sealedKey}`;
    const known = keys.get(name);
    if (known !== undefined) return known;
    const key = Buffer.from(openKey(vault, personId, sealedKey), "base64url");
    const derived = (use: string): Buffer => createHmac("sha256", key).update(use, "utf8").digest();
    return keys.keep(name, { seal: derived("seal"), nonce: () => derived("nonce") });
  };
  return {
    newKey: (personId) => vault.seal(purposeOf(personId), randomBytes(32).toString("base64url")),
    seal(sealedKey, place, value) {
      const key = keyOf(sealedKey, place.personId);
      const where = nameOf(place);
      const text = JSON.stringify(value);
      const nonce = createHmac("sha256", key.nonce()).update(`${where}\n${text}`, "utf8").digest().subarray(0, nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key.seal, nonce).setAAD(Buffer.from(where, "utf8"));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return `${prefix}${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url")}`;
    },
    open(sealedKey, place, sealed) {
      const where = nameOf(place);
      const known = values.get(sealed);
      if (known?.key === sealedKey && known.place === where) return known.value;
      const value = opened(keyOf(sealedKey, place.personId), where, sealed);
      if (sealed.length <= maxRememberedChars) values.keep(sealed, { key: sealedKey, place: where, value });
      return value;
    },
    index: ({ organizationId, kind, field }, value) => vault.sign(`personal ${organizationId} ${kind}.${field}`, JSON.stringify(value)),
  };
}

const purposeOf = (personId: string): string => `person ${personId}`;
const nameOf = ({ personId, kind, field }: PersonalPlace): string => `${personId} ${kind}.${field}`;

const notOpened = (cause?: unknown): Failure =>
  new Failure(
    "invalid",
    "personal.not-opened",
    {
      message:
        "Personal data was sealed with another key than this installation's. Restore the secret.key (or XVC_SECRET_KEY) that it was written with.",
    },
    { cause },
  );

function openKey(vault: Pick<Vault, "open">, personId: string, sealedKey: string): string {
  try {
    return vault.open(purposeOf(personId), sealedKey);
  } catch (error) {
    throw notOpened(error);
  }
}

function opened(key: OpenedKey, where: string, sealed: string): Json {
  const bytes = Buffer.from(sealed.slice(prefix.length), "base64url");
  if (!sealed.startsWith(prefix) || bytes.length < nonceBytes + tagBytes) throw notOpened();
  try {
    const decipher = createDecipheriv("aes-256-gcm", key.seal, bytes.subarray(0, nonceBytes)).setAAD(Buffer.from(where, "utf8"));
    decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    const text = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString("utf8");
    return JSON.parse(text) as Json; // sealed from JSON, and unchanged since by its tag
  } catch (error) {
    throw notOpened(error);
  }
}

/** The latest of what was put in, at most `most`. Looking does not count: lists look at the same few thousand again and again. */
function latest<Value>(most: number) {
  const kept = new Map<string, Value>();
  return {
    get: (name: string): Value | undefined => kept.get(name),
    keep(name: string, value: Value): Value {
      kept.set(name, value);
      const oldest = kept.size > most ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
      return value;
    },
  };
}
