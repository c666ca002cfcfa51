import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PageWorld } from "../../../test/support/page-world.ts";
import { openTab, openWorldFile, signIn, type WorldFile } from "../../../test/support/web-tabs.ts";
import { expectSound } from "../../../test/support/sound-page.ts";

/* People come, are changed and go, in the browser of an administrator and in that of whoever is invited. */

let file: WorldFile;
let server: PageWorld;

beforeAll(async () => {
  file = await openWorldFile();
  ({ server } = file);
});

afterAll(() => file[Symbol.asyncDispose]());

const press = (tab: Page, name: string) => tab.getByRole("button", { name, exact: true }).click();

test("an administrator invites by a link shown once; whoever opens it joins by a press, sees what is theirs, and is out when removed", async () => {
  const { context, tab } = await openTab(file.browser);
  await signIn(tab, server);
  await tab.goto(`${server.url}/settings/people`);
  await press(tab, "Invite somebody");
  const dialog = tab.getByRole("dialog", { name: "Invite somebody" });
  await dialog.getByLabel("Name", { exact: true }).fill("Kim Berg");
  await dialog.getByLabel(/^Lead/u).check();
  await press(tab, "Make the invitation");
  const link = new URL((await dialog.locator("code").textContent()) ?? "");
  await press(tab, "Done");
  expect(await tab.content()).not.toContain(link.searchParams.get("token"));
  await tab.getByText("invited, not here yet").waitFor();

  const kim = await openTab(file.browser, { width: 390, height: 800 });
  const address = `${server.url}${link.pathname}${link.search}`;
  for (let looks = 0; looks < 2; looks += 1) {
    await kim.tab.goto(address);
    await kim.tab.getByRole("heading", { name: "Join Acme" }).waitFor();
  }
  await press(kim.tab, "Join on this browser");
  await kim.tab.waitForURL(`${server.url}/`);
  await kim.tab.goto(address);
  await kim.tab.getByRole("heading", { name: "This link does not work" }).waitFor();
  await kim.tab.goto(`${server.url}/settings/people`);
  await kim.tab.getByText("Administrators change both.").waitFor();
  expect(await kim.tab.getByRole("button", { name: /^(?:Change|Remove) /u }).count()).toBe(0);
  expect(await kim.tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);

  await tab.goto(`${server.url}/settings/people`);
  await press(tab, "Remove Kim Berg");
  await tab.getByText("1 signed-in browser and 0 keys end at once", { exact: false }).waitFor();
  await tab.getByRole("dialog").getByRole("button", { name: "Remove Kim Berg" }).click();
  await tab.getByText("1 removed, kept by name in old decisions", { exact: false }).waitFor();
  await kim.tab.goto(`${server.url}/inbox`);
  await kim.tab.getByRole("heading", { name: "You are not signed in" }).waitFor();

  await press(tab, "Data of Kim Berg");
  await tab.getByText("Nobody else here can agree, so you decide alone", { exact: false }).waitFor();
  await expectSound(tab, "the erasure dialog");
  await tab.getByLabel("Reason").fill("Asked for it");
  const confirming = tab.getByLabel(/^To decide alone, type/u);
  await confirming.fill(/type (\S+)/u.exec((await tab.getByRole("dialog").textContent()) ?? "")?.[1]?.slice(0, 8) ?? "");
  await press(tab, "Erase for good");
  await tab.getByRole("cell", { name: "[erased]" }).waitFor();
  expect(await tab.content()).not.toContain("Kim Berg");
  await context.close();
  await kim.context.close();
});

const pages = [
  ["/settings/people", "Invite somebody"],
  ["/settings/teams", "There is no team yet"],
  ["/settings/projects", "SEC"],
  ["/settings/sessions", "this one"],
  ["/settings/organization", "Go through the set-up again"],
  ["/setup?step=people", "Make the invitation"],
  ["/setup?step=sample", "There is no example here"],
  ["/sign-in", "There is no password here"],
] as const;

test("a project is closed to everybody else and opened again, and the set-up leads through its steps by keyboard", async () => {
  const { context, tab } = await openTab(file.browser);
  await signIn(tab, server);
  await tab.goto(`${server.url}/settings/projects`);
  await press(tab, "Open a project");
  await tab.getByLabel("Key", { exact: true }).fill("sec");
  await tab.getByLabel("Name", { exact: true }).fill("Secret plans");
  await tab.getByRole("dialog").getByRole("button", { name: "Open the project" }).click();
  await press(tab, "Change SEC");
  await tab.getByLabel("these people and teams").check();
  await tab.getByRole("dialog").getByLabel("Dana").check();
  await press(tab, "Save");
  await tab.getByRole("cell", { name: "1 person" }).waitFor();

  for (const [address, shown] of pages) {
    await tab.goto(server.url + address);
    await tab.getByText(shown).first().waitFor();
    await expectSound(tab, address);
  }
  await tab.setViewportSize({ width: 1280, height: 900 });

  await tab.goto(`${server.url}/setup`);
  await tab.getByRole("heading", { name: "Your organization" }).waitFor();
  for (const title of ["You", "People", "Who does the work", "The example"]) {
    await tab.getByRole("button", { name: `Next: ${title}` }).focus();
    await tab.keyboard.press("Enter");
    await tab.getByRole("heading", { name: title, exact: true }).waitFor();
  }
  await press(tab, "Begin to work");
  await tab.getByRole("heading", { name: "Home", exact: true }).waitFor();
  expect(tab.url()).toBe(`${server.url}/`);
  await context.close();
});
