import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Installation } from "./installation.ts";
import { secretSetting } from "./mail-settings.ts";

/**
 * The installation's own key: it seals secrets, signs links and checkpoints. Given, or made once into a file that only this user reads;
 * whoever runs several machines on one database gives all of them the same one.
 */
export function readSecretKey(installation: Installation, environment: NodeJS.ProcessEnv): Uint8Array {
  const given = secretSetting(environment, "XVC_SECRET_KEY");
  if (given !== undefined) return Buffer.from(given, "base64");
  const file = path.join(installation.home, "secret.key");
  mkdirSync(installation.home, { recursive: true });
  try {
    writeFileSync(file, `${randomBytes(32).toString("base64")}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // node's own errors have a code
  }
  return Buffer.from(readFileSync(file, "utf8").trim(), "base64");
}
