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

/** Fails where the page breaks a rule of accessibility or scrolls sideways, on each of the screens; the last one stays. */
export async function expectSound(tab: Page, what: string, screens: readonly Screen[] = everyScreen): Promise<void> {
  for (const { colorScheme, width, rules } of screens) {
    await tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await tab.setViewportSize({ width, height: 900 });
    // Two frames: the new colours are on screen before they are measured.
    await tab.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    // In the page itself: without it each look opens a second, empty tab, and no page here has frames to bring together.
    const axe = new AxeBuilder({ page: tab }).setLegacyMode(true);
    const { violations } = await (
      rules === "all"
        ? axe.options({ rules: { "target-size": { enabled: true } } })
        : axe.withRules(["color-contrast", "link-in-text-block"])
    ).analyze();
    const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.failureSummary ?? ""}`).join(" | ")}`);
    expect(found, `${what}, ${colorScheme} at ${width} px`).toEqual([]);
    const overflow = await tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    expect(overflow, `${what} at ${width} px must not scroll sideways`).toBe(0);
  }
}
