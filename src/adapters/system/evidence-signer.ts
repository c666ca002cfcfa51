import { createPrivateKey, createPublicKey, hkdfSync, sign, verify } from "node:crypto";
import type { EvidenceSigner } from "../../engine/ports/evidence.ts";

/** What RFC 8410 puts before the 32 bytes of an Ed25519 private key. */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");
const publicKeyBytes = 32;

/** Signs with an Ed25519 key made from the installation's own key, so every machine of it signs alike and nothing more has to be kept. */
export function evidenceSigner(masterKey: Uint8Array): EvidenceSigner {
  const seed = Buffer.from(hkdfSync("sha256", masterKey, "", "xvc evidence", 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(privateKey);
  return {
    publicKey: publicKey.export({ format: "der", type: "spki" }).subarray(-publicKeyBytes).toString("base64"),
    sign: (text) => sign(null, Buffer.from(text, "utf8"), privateKey).toString("base64"),
    isSigned: (text, signature) => verify(null, Buffer.from(text, "utf8"), publicKey, Buffer.from(signature, "base64")),
  };
}
