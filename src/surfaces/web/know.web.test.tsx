/** The pages that tell how the whole is doing, in a real browser before the real surface and engine. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { asId } from "../../core/shared/ids.ts";
import { makeLink } from "../http/sign-in-links.ts";
import { plantBusyProject } from "../../../test/support/busy-world.ts";
import { builtPage } from "../../../test/support/built-page.ts";
import { openBrowser, patienceMs } from "../../../test/support/page-browser.ts";
import { type PageWorld, startPageWorld } from "../../../test/support/page-world.ts";
import { signIn as signInByLink } from "../../../test/support/web-tabs.ts";
import { expectSound } from "../../../test/support/sound-page.ts";

let built: string;
let browser: Browser;
/** One server where nothing happened yet, one where much is under way. */
let quiet: PageWorld;
let busy: PageWorld;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  built = await builtPage();
  browser = await openBrowser();
  quiet = await startPageWorld(built);
  busy = await startPageWorld(built);
  const { store, organizationId, personId, clock } = busy.world;
  const place = { organizationId, personId, nowMs: clock.nowMs() };
  await plantBusyProject(store, { ...place, project: { key: "LEG", name: "Legal renewals", mode: "real" }, requests: 24 });
  await plantBusyProject(store, { ...place, project: { key: "REH", name: "Played", mode: "rehearsal" }, requests: 6 });
});

afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});

afterAll(async () => {
  await browser.close();
  for (const server of [quiet, busy]) {
    server.world.surface.close();
    await server.stop();
  }
});

type StoredSession = Awaited<ReturnType<BrowserContext["storageState"]>>;
/** A browser signs in once per server; later ones bring its cookie along. */
const sessions = new Map<PageWorld, StoredSession>();

async function signIn(server: PageWorld): Promise<Page> {
  const storageState = sessions.get(server);
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
    acceptDownloads: true,
    ...(storageState === undefined ? {} : { storageState }),
  });
  contexts.push(context);
  context.setDefaultTimeout(patienceMs);
  const tab = await context.newPage();
  if (storageState !== undefined) return tab;
  await signInByLink(tab, server);
  sessions.set(server, await context.storageState());
  return tab;
}

const see = (tab: Page, text: string | RegExp) => tab.getByText(text).filter({ visible: true }).first().waitFor();

/** Address, and what has to be on screen before it is judged. */
const whenBusy: readonly (readonly [address: string, ready: string | RegExp])[] = [
  ["/portfolio", "LEG-15"],
  ["/portfolio?mode=rehearsal", "Scripted performers in simulated time"],
  ["/people", /%, n = \d+/u],
  ["/personas", "does what is asked, version 1"],
  ["/personas/contributor", "A new version of"],
  ["/divisions", "Reads contracts, names risks, drafts redlines."],
  ["/divisions/engineering", "Done by rules"],
  ["/divisions/legal", "xvc persona add FILE"],
  ["/memory", "Approve the plan of contract 24?"],
  ["/memory?q=contract 7?", "the best first"],
  ["/metrics", "not enough data"],
  ["/audit", "older ones are read as you scroll"],
  ["/settings", "This browser"],
  ["/settings/keys", "You have no key."],
  ["/settings/installation", "What it holds"],
  ["/settings/models", "No model is connected"],
  ["/settings/agents", "No agent is connected"],
  ["/settings/nothing", "There is no such setting"],
];

const whenQuiet: readonly (readonly [address: string, ready: string | RegExp])[] = [
  ["/portfolio", "Nothing is under way"],
  ["/memory", "Nothing was decided yet"],
  ["/metrics", "0 of 16 numbers rest on enough data"],
  ["/audit?kinds=task.failed", "No recorded fact matches this filter."],
];

test.each([...whenBusy.map((page) => ["busy", ...page] as const), ...whenQuiet.map((page) => ["quiet", ...page] as const)])(
  "%s: %s is accessible in both themes and on a phone, fits, and breaks no policy",
  async (where, address, ready) => {
    const server = where === "quiet" ? quiet : busy;
    const tab = await signIn(server);
    const complaints: string[] = [];
    tab.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
    tab.on("pageerror", (error) => complaints.push(error.message));
    await tab.goto(server.url + address);
    await see(tab, ready);
    await expectSound(tab, address);
    expect(complaints).toEqual([]);
  },
);

test("memory is searched by words, narrowed, read in the past, and opened by keys; what was found is marked", async () => {
  const tab = await signIn(busy);
  await tab.goto(`${busy.url}/memory`);
  await tab.getByRole("searchbox", { name: "Search" }).fill("terms known");
  await tab.keyboard.press("Enter");
  await see(tab, /things for “terms known”, the best first\./u);
  const list = tab.getByRole("list", { name: "What was found" });
  expect((await list.locator("mark").allInnerTexts()).slice(0, 2)).toEqual(["terms", "known"]);
  const before = await list.getByRole("listitem").count();
  await tab.getByRole("button", { name: "Show more" }).click();
  await expect.poll(() => list.getByRole("listitem").count()).toBeGreaterThan(before);
  await tab.getByLabel("What", { exact: true }).selectOption("request");
  await see(tab, "Nothing was found for “terms known”");
  await tab.goto(`${busy.url}/memory?q=contarct`);
  await see(tab, /Taken instead: .*contract/u);
  await tab.getByLabel("As it was at").fill("2001-01-01T00:00");
  await tab.getByLabel("Written").focus();
  await see(tab, "Nothing was found for “contarct”");
  expect(new URL(tab.url()).searchParams.get("at")).toMatch(/^"?978/u);
  await tab.goto(`${busy.url}/memory?q=LEG-7`);
  await list.getByRole("listitem").first().waitFor();
  await expectSound(tab, "search");
  await tab.keyboard.press("j");
  await tab.keyboard.press("Enter");
  await tab.waitForURL("**/requests/LEG-7*");
});

test("a figure leads to the events it was counted from, and those to their raw form", async () => {
  const tab = await signIn(busy);
  await tab.goto(`${busy.url}/metrics?days=90`);
  const figure = tab.getByRole("link", { name: /events behind First-pass yield/u });
  const counted = Number((await figure.innerText()).replaceAll(/\D/gu, ""));
  expect(counted).toBe(96);
  await figure.click();
  await tab.getByRole("heading", { name: "Audit" }).waitFor();
  expect(new URL(tab.url()).searchParams.get("kinds")).toContain("gate.decided");
  await see(tab, "The quality gate of");
  await tab
    .getByRole("button", { name: /Show the raw event/u })
    .first()
    .click();
  await see(tab, '"gate.decided"');
  const download = tab.waitForEvent("download");
  await tab.getByRole("link", { name: "Export JSON Lines" }).click();
  const file = await (await download).createReadStream();
  const parts: Buffer[] = [];
  for await (const part of file) parts.push(part as Buffer); // a file is read in buffers
  const lines = Buffer.concat(parts).toString("utf8").trim().split("\n");
  const kinds = new Set(lines.map((line) => (JSON.parse(line) as { readonly kind: string }).kind));
  expect([lines.length, [...kinds]]).toEqual([120, ["gate.decided"]]);
});

test("the log is filtered by who and what in its address, and checked as far as that goes", async () => {
  const tab = await signIn(busy);
  await tab.goto(`${busy.url}/audit`);
  await tab.getByLabel("What").selectOption("gate.decided,review.opened,review.decided,review.judged");
  await tab.getByRole("textbox", { name: "Request" }).fill("LEG-7");
  await tab.getByRole("button", { name: "Filter" }).click();
  await see(tab, "4 facts read, which is all");
  expect(new URL(tab.url()).searchParams.get("request")).toBe("LEG-7");
  await tab.getByRole("button", { name: "Verify the log" }).click();
  await see(tab, /Nothing is missing in [\d,.\s]+ events/u);
  await tab.getByRole("button", { name: "Check every seal" }).click();
  await see(tab, "Everything sealed is as it was in 1 checkpoints over 1 events and 2 versions");
  await tab.getByRole("button", { name: "Clear" }).click();
  await see(tab, "older ones are read as you scroll");
});

test("a script is stored, fails a test, is mended in its next version and made active", async () => {
  const tab = await signIn(quiet);
  await tab.goto(`${quiet.url}/settings/scripts`);
  await see(tab, "No script is stored yet.");
  await tab.getByRole("textbox", { name: "Key" }).fill("net-margin");
  await tab.getByLabel("Purpose").selectOption("metric");
  await tab.getByRole("textbox", { name: "What it is for" }).fill("Net margin");
  await tab.getByRole("textbox", { name: "Source" }).fill("export default () => { for (;;); }");
  await tab.getByRole("textbox", { name: "Tests" }).fill("[");
  await see(tab, /This is no JSON/u);
  await tab.getByRole("textbox", { name: "Tests" }).fill('[{ "name": "half", "input": 4, "expected": 2 }]');
  await tab.getByRole("button", { name: "Store as a draft" }).click();
  await tab.getByRole("button", { name: "Test and activate" }).click();
  await see(tab, /net-margin@1 stays as it is: "half": time/u);
  await see(tab, "Becomes version 2");
  await tab.getByRole("textbox", { name: "Source" }).fill("export default (input) => input / 2");
  await tab.getByRole("button", { name: "Store as a draft" }).click();
  await tab.getByRole("heading", { name: "net-margin@2" }).waitFor();
  await tab.getByRole("button", { name: "Run the tests" }).click();
  await see(tab, "half: holds");
  await tab.getByRole("button", { name: "Test and activate" }).click();
  await tab.getByRole("row", { name: /net-margin@2 active/u }).waitFor();
  expect(await tab.getByRole("row", { name: /net-margin@1 draft/u }).count()).toBe(1);
  await expectSound(tab, "scripts");
});

test("a key is made, shown once, used, and revoked", async () => {
  const tab = await signIn(quiet);
  await tab.goto(`${quiet.url}/settings/keys`);
  await tab.getByLabel("Name").fill("nightly report");
  await tab.getByRole("button", { name: "Make the key" }).click();
  const secret = await tab.getByText(/^xvc_/u).innerText();
  const asProgram = (path: string) => quiet.world.call("GET", path, { headers: { authorization: `Bearer ${secret}` } });
  expect((await asProgram("/api/portfolio")).status).toBe(200);
  await tab.getByRole("button", { name: "I have kept it" }).click();
  await tab.reload();
  await see(tab, "nightly report");
  expect(await tab.getByText(secret).count()).toBe(0);
  await tab.getByRole("button", { name: "Revoke nightly report" }).click();
  await tab.getByRole("button", { name: "Yes, revoke nightly report now" }).click();
  await see(tab, "You have no key.");
  expect((await asProgram("/api/portfolio")).status).toBe(403);
});

test("a decision shows its question, choice, decider, authority and evidence", async () => {
  const tab = await signIn(busy);
  await tab.goto(`${busy.url}/memory?q=${encodeURIComponent("plan of contract 7?")}`);
  await tab.getByRole("link", { name: "Approve the plan of contract 7?" }).first().click();
  await see(tab, "Approve and start");
  for (const shown of ["plan.approve:director", "Task count", "chosen"]) await see(tab, shown);
  expect(await tab.getByText("The terms are known.").count()).toBe(1);
  await expectSound(tab, "decision");
});

test("an auditor lands on the log, reads everything, is offered no act and refused every one", async () => {
  const { world, url } = quiet;
  const id = world.ids.next();
  await world.asPerson({ kind: "add-person", id, name: "Ines", email: null, roles: ["auditor"] }, null);
  const { secret } = await makeLink(world.use, { organizationId: world.organizationId, personId: asId(id), purpose: "sign-in" });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  contexts.push(context);
  context.setDefaultTimeout(patienceMs);
  const tab = await context.newPage();
  await tab.goto(`${url}/sign-in?token=${secret}`);
  await tab.getByRole("button", { name: "Sign in on this browser" }).click();
  await tab.getByRole("heading", { name: "Audit" }).waitFor();
  for (const [address, heading] of [
    ["/portfolio", "Portfolio"],
    ["/metrics", "Metrics"],
    ["/memory", "Memory"],
  ] as const) {
    await tab.goto(url + address);
    await tab.getByRole("heading", { name: heading, exact: true }).waitFor();
  }
  await tab.goto(`${url}/requests`);
  await tab.getByText("Requests appear here once somebody files one").waitFor();
  expect(await tab.getByRole("link", { name: "New request" }).count()).toBe(0);
  const refused = await tab.evaluate(`(async () => {
    const me = await (await fetch("/api/me")).json();
    const send = (path, body) => fetch(path, { method: "POST", headers: { "content-type": "application/json", "x-csrf-token": me.csrfToken }, body: JSON.stringify(body) });
    return [(await send("/api/requests", { text: "Do this" })).status, (await send("/api/projects", { key: "AUD", name: "Mine" })).status];
  })()`);
  expect(refused).toEqual([403, 403]);
});
