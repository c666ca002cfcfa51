import { existsSync } from "node:fs";
import process from "node:process";
import { findChromium } from "../../test/support/chromium.ts";
import { runCommand } from "./run-command.ts";

export type Chromium = { readonly kind: "found"; readonly file: string } | { readonly kind: "absent"; readonly reason: string };

const installLimitMs = 8 * 60_000;

/** The browser of this machine; on a Debian where we are root, one is installed when there is none. */
export async function ensureChromium(): Promise<Chromium> {
  const present = findChromium();
  if (present !== null) return { kind: "found", file: present };
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    return { kind: "absent", reason: "no Chromium on the PATH; install one or set CHROMIUM_PATH" };
  }
  process.stdout.write("installing chromium for the browser tests\n");
  const install = "apt-get install -y -qq --no-install-recommends";
  const script = `apt-get update -qq && { ${install} chromium-headless-shell || ${install} chromium; }`;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const end = await runCommand({ file: "/bin/sh", args: ["-c", script], env, limitMs: installLimitMs, output: "keep" });
  const installed = findChromium();
  if (installed !== null) return { kind: "found", file: installed };
  return { kind: "absent", reason: `no Chromium, and apt-get could not install it: ${end.text.trim().split("\n").at(-1) ?? ""}` };
}
