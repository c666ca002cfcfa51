import { type Browser, chromium } from "playwright-core";
import { findChromium } from "./chromium.ts";

/** How long a test waits for the page or for what the page sent: a machine that does much else is slow, and only a failure takes this long. */
export const patienceMs = 60_000;

const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Opens the Chromium of this machine; nothing is downloaded and it calls nobody. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error("There is no Chromium here: apt-get install chromium, or set CHROMIUM_PATH.");
  return chromium.launch({ executablePath, headless: true, args: quiet });
}
