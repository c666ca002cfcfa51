/** Set-up of browser tests: the built page, a browser for the file, and a server and a tab for each test or for all of them. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { builtPage } from "./built-page.ts";
import { openBrowser, patienceMs } from "./page-browser.ts";
import { type PageWorld, startPageWorld } from "./page-world.ts";
import { startWebFixture, type WebFixture } from "./web-fixture.ts";

export const desk = { width: 1280, height: 900 } as const;

export interface OpenedTab {
  readonly context: BrowserContext;
  readonly tab: Page;
}

export async function openTab(browser: Browser, viewport: { readonly width: number; readonly height: number } = desk): Promise<OpenedTab> {
  const context = await browser.newContext({ viewport, reducedMotion: "reduce" });
  context.setDefaultTimeout(patienceMs);
  return { context, tab: await context.newPage() };
}

interface Serving<Server> {
  readonly start: (built: string) => Promise<Server>;
  readonly stop: (server: Server) => Promise<void>;
}

const fixture: Serving<WebFixture> = { start: startWebFixture, stop: (server) => server.close() };
const world: Serving<PageWorld> = {
  start: startPageWorld,
  async stop(server) {
    server.world.surface.close();
    await server.stop();
  },
};

/** Registers one browser for the file; each call opens a server and a tab that end with the test. */
function tabsBy<Server>({ start, stop }: Serving<Server>): () => Promise<OpenedTab & { readonly server: Server }> {
  let built: string;
  let browser: Browser;
  const open: (OpenedTab & { readonly server: Server })[] = [];
  beforeAll(async () => {
    built = await builtPage();
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const { context, server } of open.splice(0)) {
      await context.close();
      await stop(server);
    }
  });
  return async () => {
    const opened = { server: await start(built), ...(await openTab(browser)) };
    open.push(opened);
    return opened;
  };
}

/** For `beforeEach`: a fixture with scripted answers, and a tab. */
export const fixtureTabs = (): (() => Promise<OpenedTab & { readonly server: WebFixture }>) => tabsBy(fixture);

/** For `beforeEach`: a world of its own, and a tab. */
export const worldTabs = (): (() => Promise<OpenedTab & { readonly server: PageWorld }>) => tabsBy(world);

export interface WorldFile extends OpenedTab, AsyncDisposable {
  readonly browser: Browser;
  readonly server: PageWorld;
}

/** For `beforeAll`: one world, browser and tab for the tests of a file, which build on each other. */
export async function openWorldFile(): Promise<WorldFile> {
  const built = await builtPage();
  const browser = await openBrowser();
  const server = await world.start(built);
  return {
    browser,
    server,
    ...(await openTab(browser)),
    async [Symbol.asyncDispose]() {
      await browser.close();
      await world.stop(server);
    },
  };
}

/** By a link that works once, to the page that somebody sees first. */
export async function signIn(tab: Page, server: PageWorld): Promise<void> {
  await tab.goto(await server.signInLink());
  await tab.getByRole("button", { name: "Sign in on this browser" }).click();
  await tab.getByRole("heading", { name: "Home" }).waitFor();
}

/** What was posted to a path last, once something was. */
export async function postedTo(server: WebFixture, path: string): Promise<unknown> {
  await expect.poll(() => server.writes.some((write) => write.path === path), { timeout: patienceMs }).toBe(true);
  return server.writes.findLast((write) => write.path === path)?.body;
}
