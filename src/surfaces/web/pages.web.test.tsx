import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtPage } from "../../../test/support/built-page.ts";
import { openBrowser } from "../../../test/support/page-browser.ts";
import { startWebFixture, type WebFixture } from "../../../test/support/web-fixture.ts";
import { idOf } from "../../../test/support/web-scenario.ts";
import { expectSound } from "../../../test/support/sound-page.ts";

let built: string;
let browser: Browser;
let server: WebFixture;

beforeAll(async () => {
  built = await builtPage();
  server = await startWebFixture(built);
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

/** Address, and what has to be on screen before it is judged. */
const pages: readonly (readonly [name: string, address: string, ready: string])[] = [
  ["home", "/", "Under way"],
  ["requests", "/requests", "Build customer portal"],
  ["requests of one state", "/requests?state=paused", "Compare the two payment providers"],
  ["new request", "/requests/new", "What do you want done?"],
  ["a plan that awaits approval", "/requests/ENG-7?task=history", "Read the history for hotspots"],
  ["a running plan", "/requests/ENG-6?tab=plan", "Test the portal as a whole"],
  ["brief", "/requests/ENG-7?tab=brief", "Ways considered"],
  ["decisions", "/requests/ENG-6?tab=decisions", "solo waiver"],
  ["log", "/requests/ENG-6?tab=log", "Analysis started."],
  ["a question on the request's page", "/requests/ENG-8", "Pick a playbook"],
  ["deliverable", "/requests/ENG-4", "Checks of the whole"],
  ["rehearsal", "/requests/REH-3?tab=plan", "Scripted performers in simulated time"],
  ["inbox", "/inbox", "See it whole"],
  ["inbox, an item that is not mine", `/inbox?item=${idOf(404)}`, "you hold another role"],
  ["my work", "/tasks", "Handed in"],
  ["requests, searched, ordered and selected", "/requests?text=portal&sort=deadline&selected=ENG-6", "1 request selected"],
  ["requests that no filter fits", "/requests?text=nowhere", "No request fits this filter."],
  ["the run of a request", "/requests/ENG-6?tab=run", "At work"],
  ["the reviews of a request", "/requests/ENG-6?tab=reviews", "handed in"],
  ["a plan as a board", "/requests/ENG-6?tab=plan&shape=board", "the board of ENG-6"],
  ["board", "/board?limits=held.1", "over its limit"],
  ["task in rework", "/task/ENG-6/backend_implementation", "Points to answer"],
  ["task to claim", "/task/ENG-6/ui_design", "Claim it"],
  ["playbooks", "/playbooks", "Assess repository"],
  ["sign-in", "/sign-in?token=abcdefabcdefabcdefabcdef", "Sign in on this browser"],
  ["sign-in without a link", "/sign-in", "xvc login"],
  ["an unknown request", "/requests/NOPE-1", "There is no such thing here"],
];

async function arrive(tab: Page, address: string, ready: string): Promise<void> {
  await tab.goto(server.url + address);
  await tab.getByText(ready).filter({ visible: true }).first().waitFor();
  const table = tab.getByRole("table", { name: "Tasks of the plan" });
  if ((await table.count()) > 0) await tab.locator(".react-flow__node").first().waitFor();
  // A delivered page is work of others, in a frame that runs no script, not even the examiner's.
  await tab.evaluate("document.querySelectorAll('iframe').forEach((frame) => frame.remove())");
}

test.each(pages)("%s is accessible in both themes and on a phone, fits, and breaks no policy", async (name, address, ready) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 844 }, reducedMotion: "reduce" });
  const tab = await context.newPage();
  const complaints: string[] = [];
  tab.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  tab.on("pageerror", (error) => complaints.push(error.message));
  await arrive(tab, address, ready);
  await expectSound(tab, name);
  // The one answer that is asked to be missing is reported by the browser itself.
  expect(complaints.filter((one) => !(name === "an unknown request" && one.includes("404")))).toEqual([]);
  await context.close();
});

test("the first page loads at most 180 kB of script, compressed, and nothing from elsewhere", () => {
  const html = readFileSync(path.join(built, "index.html"), "utf8");
  const scripts = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/gu)].map((match) => match[1] ?? "");
  const bytes = scripts.reduce((sum, script) => sum + gzipSync(readFileSync(path.join(built, script))).length, 0);
  expect(scripts.length).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(180_000);
  expect(html).not.toMatch(/https?:\/\//u);
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=/u);
});
