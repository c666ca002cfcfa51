import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** How a page is looked at. `colours`: the theme changes colours alone, so the second theme is judged by the rules about colour. */
export interface Screen {
  readonly colorScheme: "light" | "dark";
  readonly width: number;
  readonly rules: "all" | "colours";
}

export const light: Screen = { colorScheme: "light", width: 1280, rules: "all" };
export const dark: Screen = { colorScheme: "dark", width: 1280, rules: "colours" };
export const phone: Screen = { colorScheme: "light", width: 390, rules: "all" };
export const everyScreen: readonly Screen[] = [light, dark, phone];

/** What axe finds wrong on the page as it stands, a line for each broken rule. */
async function violationsOn(tab: Page, rules: Screen["rules"] = "all"): Promise<readonly string[]> {
  // A delivered page is work of others, in a frame that runs no script, not even the examiner's.
  await tab.evaluate("document.querySelectorAll('iframe').forEach((frame) => frame.remove())");
  // In the page itself: without it each look opens a second, empty tab, and no page here has frames to bring together.
  const axe = new AxeBuilder({ page: tab }).setLegacyMode(true);
  const { violations } = await (
    rules === "all"
      ? axe.options({ rules: { "target-size": { enabled: true } }, resultTypes: ["violations"] })
      : axe.options({ resultTypes: ["violations"] }).withRules(["color-contrast", "link-in-text-block"])
  ).analyze();
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.failureSummary ?? ""}`).join(" | ")}`);
}

/** How far the page can be scrolled sideways, pixels. */
const overflowOf = (tab: Page): Promise<unknown> =>
  tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");

/** New colours and sizes are on screen after two frames. */
export const untilDrawn = (tab: Page): Promise<unknown> =>
  tab.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");

/** Fails where the page as it stands breaks a rule of accessibility or scrolls sideways. Every theme is judged by `expectSound`. */
export async function expectSoundNow(tab: Page, what: string): Promise<void> {
  const found = await violationsOn(tab);
  expect({ what, found, overflow: await overflowOf(tab) }).toEqual({ what, found: [], overflow: 0 });
}

/** Fails where the page breaks a rule of accessibility or scrolls sideways, on each of the screens; the last one stays. */
export async function expectSound(tab: Page, what: string, screens: readonly Screen[] = everyScreen): Promise<void> {
  for (const { colorScheme, width, rules } of screens) {
    await tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await tab.setViewportSize({ width, height: 900 });
    await untilDrawn(tab);
    expect(await violationsOn(tab, rules), `${what}, ${colorScheme} at ${width} px`).toEqual([]);
    expect(await overflowOf(tab), `${what} at ${width} px must not scroll sideways`).toBe(0);
  }
}
