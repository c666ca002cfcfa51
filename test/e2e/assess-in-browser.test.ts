import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { textAt } from "../../src/surfaces/cli/output.ts";
import { type LiveHome, type LiveProcess, openLiveHome } from "../support/live-home.ts";
import { ensureLivePage } from "../support/live-page.ts";
import { openBrowser, patienceMs } from "../support/page-browser.ts";
import { makeRepository } from "../support/sample-repository.ts";
import { expectSoundNow } from "../support/sound-page.ts";

let home: LiveHome;
let server: LiveProcess;
let repository: string;
let browser: Browser;
let context: BrowserContext;
let tab: Page;

beforeAll(async () => {
  await ensureLivePage();
  repository = await mkdtemp(path.join(os.tmpdir(), "xvc-shop-"));
  await makeRepository(repository);
  home = await openLiveHome();
  [server, browser] = await Promise.all([home.up(), openBrowser()]);
});

afterAll(async () => {
  await browser.close();
  await home.remove();
  await rm(repository, { recursive: true, force: true });
});

beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  context.setDefaultTimeout(patienceMs);
  tab = await context.newPage();
});

afterEach(() => context.close());

const button = (name: string) => tab.getByRole("button", { name, exact: true });
const freshLink = async (): Promise<string> => textAt(await home.json("login"), "url");

async function signIn(): Promise<void> {
  await tab.goto(await freshLink());
  await button("Sign in on this browser").click();
  await tab.waitForURL(/\/(?:setup)?$/u); // whoever signs in first is led through the set-up
}

async function filed(): Promise<string> {
  return textAt(await home.json("request", "submit", "Assess this repository", "--input", repository), "label");
}

test("a sign-in link works once, by the button and not by opening it; the second use says what to do", async () => {
  const link = await freshLink();
  // A mail scanner opens the link as often as it likes.
  for (let times = 0; times < 3; times++) expect((await fetch(link)).status).toBe(200);
  await tab.goto(link);
  await button("Sign in on this browser").waitFor();
  expect(await context.cookies()).toEqual([]);
  await button("Sign in on this browser").click();
  await tab.waitForURL(/\/(?:setup)?$/u); // whoever signs in first is led through the set-up
  await tab.getByRole("heading", { level: 1 }).waitFor();
  expect(await context.cookies()).toMatchObject([{ httpOnly: true, sameSite: "Lax" }]);

  const other = await browser.newContext();
  const second = await other.newPage();
  await second.goto(link);
  await second.getByRole("heading", { name: "This link does not work" }).waitFor();
  await second.getByText(/was used before/u).waitFor();
  await second.getByText("xvc login").first().waitFor();
  expect(await other.cookies()).toEqual([]);
  await other.close();
});

test("a repository is assessed on the page: plan approved, progress seen without a reload, report opened", async () => {
  await signIn();
  await tab.getByRole("link", { name: "New request" }).first().click();
  await tab.getByLabel("What do you want done?").fill("Assess this repository");
  await tab.getByLabel("Repository or folder on this machine").first().fill(repository);
  await button("File the request").click();
  await button("Approve the plan").waitFor();
  await expectSoundNow(tab, "a plan to approve");
  await tab.evaluate("globalThis.neverReloaded = true");
  await button("Approve the plan").click();
  await tab
    .getByText(/\d+ of 11 tasks done/u)
    .filter({ visible: true })
    .first()
    .waitFor();
  await tab.getByText("Delivered.").filter({ visible: true }).first().waitFor({ timeout: 90_000 });
  await tab.getByRole("link", { name: "Deliverable", exact: true }).click();
  const report = tab.frameLocator("iframe[title='report.html']");
  await report.getByRole("heading", { level: 1 }).waitFor();
  expect(await tab.evaluate("globalThis.neverReloaded")).toBe(true);
  await button("report.md").click();
  await tab.getByText("src/price.ts").filter({ visible: true }).first().waitFor();
  await expectSoundNow(tab, "the deliverable");
  await tab.getByRole("link", { name: "Decisions", exact: true }).click();
  await tab
    .getByText(/Approve plan 1/u)
    .filter({ visible: true })
    .first()
    .waitFor();
});

test("the same with the keyboard alone", async () => {
  const label = await filed();
  await signIn();
  await tab.goto(`${server.url}/requests/${label}`);
  await button("Approve the plan").waitFor();
  const focused = () => tab.evaluate("document.activeElement?.textContent ?? ''");
  for (let presses = 0; presses < 100 && (await focused()) !== "Approve the plan"; presses++) await tab.keyboard.press("Tab");
  expect(await focused()).toBe("Approve the plan");
  await tab.keyboard.press("Enter");
  await tab.getByText("Delivered.").filter({ visible: true }).first().waitFor({ timeout: 90_000 });
  await tab.keyboard.press("g");
  await tab.keyboard.press("r");
  await tab.waitForURL(/\/requests$/u);
  await tab.getByRole("heading", { name: "Requests", exact: true }).waitFor();
  await tab.getByRole("row").filter({ hasText: label }).first().waitFor();
  await tab.keyboard.press("j");
  await tab.keyboard.press("Enter");
  await tab.waitForURL(new RegExp(`/requests/${label}`, "u"));
  await tab.locator("iframe[title='report.html']").waitFor();
});

test("the same on a phone", async () => {
  const label = await filed();
  await tab.setViewportSize({ width: 390, height: 844 });
  await signIn();
  await tab.goto(`${server.url}/requests/${label}`);
  await button("Approve the plan").waitFor();
  await expectSoundNow(tab, "a plan on a phone");
  await button("Approve the plan").click();
  await tab.getByText("Delivered.").filter({ visible: true }).first().waitFor({ timeout: 90_000 });
  await tab.getByRole("link", { name: "Deliverable", exact: true }).click();
  await tab.locator("iframe[title='report.html']").waitFor();
  await expectSoundNow(tab, "a deliverable on a phone");
  expect(await tab.title()).toContain(label);
});

test("the server killed and started again: the page says that it reconnects, and shows the new state by itself", async () => {
  const label = await filed();
  await signIn();
  await tab.goto(`${server.url}/requests/${label}`);
  await button("Approve the plan").waitFor();
  await server.kill();
  await tab.getByText("Reconnecting. What you see may be stale.").waitFor();
  const again = await home.up(["up", "--port", new URL(server.url).port]);
  expect(again.url).toBe(server.url);
  server = again;
  await tab.getByText("Reconnecting. What you see may be stale.").waitFor({ state: "detached" });
  await home.json("plan", "approve", label);
  await tab.getByText("Delivered.").filter({ visible: true }).first().waitFor({ timeout: 90_000 });
  expect(await home.verify()).toEqual([]);
});
