import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PageWorld } from "../../../test/support/page-world.ts";
import { expectSound, expectSoundNow, light, phone, dark } from "../../../test/support/sound-page.ts";
import { openWorldFile, signIn, type WorldFile } from "../../../test/support/web-tabs.ts";

/* Pages as of an instant, over the real surface and engine. */

let page: WorldFile;
let server: PageWorld;
let tab: Page;
let label: string;

beforeAll(async () => {
  page = await openWorldFile();
  ({ server, tab } = page);
  const { world } = server;
  const minute = (): void => world.clock.advance(60_000);
  minute();
  ({ label } = await world.filed("Water the plants"));
  minute();
  await world.asToken("POST", `/api/requests/${label}/plan`, { body: { document: world.plan } });
  minute();
  const progress = await world.json(world.asToken("GET", `/api/requests/${label}`));
  const [item] = progress["inbox"] as readonly { readonly id: string }[]; // `xvc.progress/1`
  await world.asToken("POST", `/api/inbox/${item?.id ?? ""}/answer`, { body: { choice: "approve", confirm: label } });
  minute();
});

afterAll(() => page[Symbol.asyncDispose]());

const banner = () => tab.getByRole("region", { name: "As it was" });
const mover = () => tab.getByRole("region", { name: "Another instant" });
const acts = () => tab.getByRole("button", { name: /^(?:Pause|Cancel|Duplicate|Claim it|Approve the plan|Edit the plan)/u });

test("a request is shown as it was, along its changes and by date, with nothing to act on, and compared with now", async () => {
  await signIn(tab, server);
  await tab.goto(`${server.url}/requests/${label}`);
  await acts().first().waitFor();
  await tab.getByRole("button", { name: "As it was" }).click();
  const slider = tab.getByRole("slider", { name: "Along its changes" });
  await slider.waitFor();
  expect(await slider.getAttribute("aria-valuetext")).toBe("Now");
  await expectSoundNow(tab, "the way into the past");
  await slider.focus();
  await tab.keyboard.press("Home");
  await banner()
    .getByText(/As it was on .*Nothing can be changed here\./u)
    .waitFor();
  expect(new URL(tab.url()).searchParams.get("at")).toMatch(/^2025-06-15T/u);
  await tab.getByRole("heading", { name: "Water the plants" }).waitFor();
  await tab.locator("main").getByText("planning", { exact: true }).first().waitFor();
  expect([await acts().count(), await tab.getByRole("button", { name: "As it was" }).count()]).toEqual([0, 0]);
  await expectSound(tab, "a request of the past", [light, dark, phone]);
  await mover().getByRole("button", { name: "Later change" }).click();
  await tab.getByRole("link", { name: "Plan", exact: true }).click();
  await tab.getByText("Version 1, 2 tasks").waitFor();
  await tab.locator("main").getByText("proposed", { exact: true }).filter({ visible: true }).first().waitFor();
  expect([await acts().count(), new URL(tab.url()).searchParams.has("at")]).toEqual([0, true]);
  await tab.locator("main").getByRole("button", { name: "Draft it", exact: true }).click();
  await tab.getByRole("link", { name: "Open the task" }).click();
  await tab.getByRole("heading", { name: "Draft it", level: 1 }).waitFor();
  expect([await acts().count(), new URL(tab.url()).searchParams.has("at")]).toEqual([0, true]);
  await expectSoundNow(tab, "a task of the past");
  await mover().getByLabel("Date and time").fill("2001-02-03T04:05:06");
  await mover().getByRole("button", { name: "Show it" }).click();
  await tab.getByText(/There is no request/u).waitFor();
  await banner().getByRole("link", { name: "Back to now" }).click();
  await tab.getByRole("button", { name: "Claim it" }).waitFor();
  expect(new URL(tab.url()).searchParams.has("at")).toBe(false);
});

test("what changed between two instants is told field by field, for keys and screen readers; other pages have a past too", async () => {
  const from = new Date(server.world.clock.nowMs() - 150_000).toISOString();
  await tab.goto(`${server.url}/requests/${label}?at=${from}`);
  await banner().getByRole("link", { name: "What changed since" }).click();
  await tab.getByRole("heading", { name: `What changed: ${label}` }).waitFor();
  const state = tab.getByRole("article", { name: "state changed" });
  expect(await state.innerText()).toMatch(/Before:\s+planning[\s\S]+After:\s+active/u);
  await tab.keyboard.press("j");
  expect(await tab.evaluate("document.activeElement.tagName")).toBe("ARTICLE");
  await expectSound(tab, "a comparison", [light, dark, phone]);
  await tab.getByLabel("To", { exact: true }).fill("");
  await tab.getByRole("button", { name: "Compare" }).click();
  await state.waitFor();
  await tab.getByRole("link", { name: "What it changed in version 4" }).click();
  await tab.getByText(/changes? from version 3, by Dana, to version 4/u).waitFor();
  for (const [path, seen] of [
    ["/portfolio", "Portfolio"],
    ["/personas/contributor", "Contributor"],
    ["/settings/policies", "Settings"],
  ] as const) {
    await tab.goto(`${server.url}${path}?at=${from}`);
    await banner().waitFor();
    await tab.getByRole("heading", { name: seen, level: 1 }).waitFor();
    expect([path, await tab.getByRole("button", { name: "Propose a policy" }).count()]).toEqual([path, 0]);
    await expectSoundNow(tab, `${path} of the past`);
  }
});
