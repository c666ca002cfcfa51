import type { BrowserContext, Page } from "playwright-core";
import { requestKind } from "../../core/requests/request.ts";
import { beforeEach, expect, test } from "vitest";
import { patienceMs } from "../../../test/support/page-browser.ts";
import type { PageWorld } from "../../../test/support/page-world.ts";
import { signIn, worldTabs } from "../../../test/support/web-tabs.ts";

let server: PageWorld;
let context: BrowserContext;
let tab: Page;
const open = worldTabs();

beforeEach(async () => {
  ({ server, context, tab } = await open());
});

const button = (name: string) => tab.getByRole("button", { name });
const heading = (name: string, page: Page = tab) => page.getByRole("heading", { name, exact: true });
const signedOut = (page: Page = tab) => heading("You are not signed in", page).waitFor();
const sees = (text: string, page: Page = tab) => page.getByText(text).filter({ visible: true }).first().waitFor();
const goTo = (address: string, page: Page = tab) => page.goto(server.url + address);

/** A second tab of the same browser. */
async function secondTab(address: string): Promise<Page> {
  const page = await context.newPage();
  await goTo(address, page);
  return page;
}

test("every address opens its page again, and one without a page says so", async () => {
  await signIn(tab, server);
  const { label, id } = await server.world.filed("Write the page");
  await server.world.asToken("POST", `/api/requests/${label}/plan`, { body: { document: server.world.plan } });
  const addresses: readonly (readonly [string, string])[] = [
    ["/requests", "Write the page"],
    ["/requests/new", "What do you want done?"],
    [`/requests/${label}?tab=plan&task=draft`, "Draft it"],
    [`/requests/${id}`, label],
    [`/requests/${label}?tab=log`, "filed the request"],
    [`/task/${label}/draft`, "Draft it"],
    [`/task/${label}%2Fdraft`, "Draft it"],
    [`/task/${label}/v1.2`, "There is no task"],
    ["/inbox", "Approve plan 1"],
    ["/tasks", "My work"],
    ["/playbooks", "Playbooks"],
    ["/personas", "contributor"],
    ["/no/such/page", "There is no such page"],
  ];
  for (const [address, shown] of addresses) {
    const answer = await goTo(address);
    expect([address, answer?.status(), answer?.headers()["content-type"]]).toEqual([address, 200, "text/html; charset=utf-8"]);
    await sees(shown);
  }
  const missing = await goTo("/assets/gone.js");
  expect(missing?.status()).toBe(404);
});

test("a session that ends while the page is open asks to sign in again, in every tab, and what was typed stays", async () => {
  await signIn(tab, server);
  const other = await secondTab("/requests");
  await heading("Requests", other).waitFor();
  await goTo("/requests/new");
  await tab.getByLabel("What do you want done?").fill("Half a thought");
  // It ends while the request is on its way: had it ended before, the page might know of it and show no button to press.
  await tab.route("**/api/requests", async (route) => {
    for (const cookie of await context.cookies())
      await server.world.use.sessions.endSession(server.world.digest(cookie.value), server.world.clock.nowMs());
    await route.continue();
  });
  await button("File the request").click();
  await signedOut();
  await sees("xvc login");
  await other.reload();
  await signedOut(other);

  await goTo(new URL(await server.signInLink()).href.slice(server.url.length));
  await button("Sign in on this browser").click();
  await heading("Home").waitFor();
  await goTo("/requests/new");
  expect(await tab.getByLabel("What do you want done?").inputValue()).toBe("Half a thought");
});

test("signing out ends the session in all tabs at once", async () => {
  await signIn(tab, server);
  const other = await secondTab("/requests");
  await heading("Requests", other).waitFor();
  await button("Sign out").click();
  await heading("Sign in to xVC").waitFor();
  await signedOut(other); // its stream was ended, and nothing was pressed there
  const answer = await goTo("/api/me");
  expect(answer?.status()).toBe(403);
});

test("a change made in one tab shows in the other", async () => {
  await signIn(tab, server);
  const other = await secondTab("/requests");
  await heading("Requests", other).waitFor();
  await goTo("/requests/new");
  await tab.getByLabel("What do you want done?").fill("Seen by both tabs");
  await button("File the request").click();
  await heading("Seen by both tabs").waitFor();
  await sees("Seen by both tabs", other);
  expect(await other.getByText("Seen by both tabs").count()).toBeGreaterThan(0);
});

test("a project that is opened while the page is open is followed too", async () => {
  await signIn(tab, server);
  await goTo("/requests");
  await heading("Requests").waitFor();
  const body = { key: "OPS", name: "Operations" };
  expect((await server.world.asToken("POST", "/api/projects", { body })).status).toBe(201);
  await expect.poll(() => server.world.surface.streams(), { timeout: patienceMs }).toBe(1);
  await server.world.asToken("POST", "/api/requests", { body: { text: "The first of operations", project: "OPS" } });
  await sees("The first of operations");
  await server.world.asToken("POST", "/api/requests", { body: { text: "The second of operations", project: "OPS" } });
  await button("1 new request: show").click(); // a list that is being read does not jump
  await sees("The second of operations");
});

test("files that are chosen or dropped are uploaded, and the request carries them", async () => {
  await signIn(tab, server);
  await goTo("/requests/new");
  await tab.getByLabel("What do you want done?").fill("Read these");
  await tab.getByLabel("Attach files").setInputFiles([{ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("one") }]);
  await tab.getByRole("listitem").filter({ hasText: "notes.txt" }).waitFor();
  await tab.evaluate(`{
    const data = new DataTransfer();
    data.items.add(new File(["dropped"], "dropped & named.md", { type: "text/markdown" }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }`);
  await button("Remove dropped & named.md").waitFor();
  await tab.reload();
  await button("Remove notes.txt").waitFor();
  await button("File the request").click();
  await heading("Read these").waitFor();
  const { organizationId, projectId, use } = server.world;
  const [filed] = await use.engine.read({ organizationId, projectIds: [projectId] }, (reader) => reader.find(requestKind, { limit: 2 }));
  expect(filed?.inputs.map((input) => [input.kind, input.name, input.artifacts[0]?.bytes])).toEqual([
    ["file", "notes.txt", 3],
    ["file", "dropped & named.md", 7],
  ]);
  await goTo("/requests/new");
  expect(await tab.getByRole("button", { name: /^Remove / }).count()).toBe(0);
});

test("while the server is away the page stays and says it may be stale; after its return it shows what changed", async () => {
  await signIn(tab, server);
  await goTo("/requests");
  await heading("Requests").waitFor();
  await server.stop();
  await sees("What you see may be stale");
  await heading("Requests").waitFor();
  await server.world.asToken("POST", "/api/requests", { body: { text: "Filed meanwhile" } });
  await server.start();
  await sees("Filed meanwhile");
  await expect.poll(() => tab.getByText("What you see may be stale").count(), { timeout: patienceMs }).toBe(0);
});
