import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PageWorld } from "../../../test/support/page-world.ts";
import { openWorldFile, signIn, type WorldFile } from "../../../test/support/web-tabs.ts";
import { dark, expectSound, phone } from "../../../test/support/sound-page.ts";

let file: WorldFile;
let page: PageWorld;
let tab: Page;
let label: string;

beforeAll(async () => {
  file = await openWorldFile();
  ({ server: page, tab } = file);
  const { world } = page;
  ({ label } = await world.filed());
  const [anna, ben] = [world.ids.next(), world.ids.next()];
  await world.asPerson({ kind: "add-person", id: anna, name: "Anna Berg", email: "anna@example.org", roles: ["lead"] }, null);
  await world.asPerson({ kind: "add-person", id: ben, name: "Ben Anders", email: null, roles: ["contributor"] }, null);
  await world.asToken("POST", "/api/objectives", {
    body: { title: "Answer fast", keyResults: [{ statement: "Within a day", unit: "%", startValue: 40, targetValue: 90 }] },
  });
  await world.asToken("POST", "/api/principles", { body: { statement: "Say what is not known." } });
  await signIn(tab, page);
});

afterAll(() => file[Symbol.asyncDispose]());

test("a person is mentioned by keyboard alone, hostile text stays text, and the inbox of exactly that person has it", async () => {
  await tab.goto(`${page.url}/requests/${label}`);
  const box = tab.getByRole("textbox", { name: "Add a comment" });
  await box.waitFor();
  await box.focus();
  await tab.keyboard.type("<img src=x onerror=alert(1)> https://evil.example/ @an");
  const list = tab.getByRole("listbox", { name: "People to mention" });
  await list.waitFor();
  expect(await list.getByRole("option").allTextContents()).toEqual(["Anna Berganna@example.org", "Ben Anders@benanders"]);
  await expectSound(tab, "people to mention", [phone, dark]);
  await box.focus();
  await tab.keyboard.press("End");
  await list.waitFor();
  await tab.keyboard.press("ArrowDown");
  await tab.keyboard.press("ArrowUp");
  await tab.keyboard.press("Enter");
  await tab.getByText("Tells Anna Berg.").waitFor();
  expect(await box.inputValue()).toContain("@annaberg ");
  await tab.keyboard.press("Control+Enter");
  const comment = tab.getByRole("listitem").filter({ hasText: "onerror" });
  await comment.waitFor();
  expect(await comment.locator("img, a").count()).toBe(0);
  expect(await box.inputValue()).toBe("");
  const items = await page.world.json(page.world.asToken("GET", `/api/requests/${label}/comments`));
  expect(items).toMatchObject({ items: [{ mentions: [{ name: "Anna Berg" }] }] });
});

test("an edit that lost the race shows both sides", async () => {
  await tab.getByRole("button", { name: "Edit Dana's comment" }).click();
  const box = tab.getByRole("textbox", { name: "Your comment" });
  await box.fill("Mine");
  const { items } = (await page.world.json(page.world.asToken("GET", `/api/requests/${label}/comments`))) as unknown as {
    readonly items: readonly { readonly id: string; readonly version: number }[];
  };
  const [first] = items;
  await page.world.asToken("POST", `/api/comments/${first?.id ?? ""}/edit`, { body: { version: first?.version ?? 0, text: "Theirs" } });
  await tab.getByRole("button", { name: "Save" }).click();
  await tab.getByText("It was changed meanwhile.").waitFor();
  await tab.getByRole("alert").getByText("Theirs").waitFor();
  expect(await box.inputValue()).toBe("Mine");
  await tab.getByRole("button", { name: "Keep mine instead" }).click();
  await tab.getByRole("button", { name: "Save" }).click();
  await tab.getByRole("listitem").filter({ hasText: "Mine" }).waitFor();
});

test("a request recurs by the calendar, says what it serves, and the goal shows it", async () => {
  await tab.getByRole("button", { name: "Again" }).click();
  await tab.getByRole("button", { name: "File it by the calendar" }).click();
  await tab.getByText(/^Next: /u).waitFor();
  await expectSound(tab, "recurrence form", [phone, dark]);
  await tab.getByRole("button", { name: "File it then" }).click();
  await tab.getByText(/0 times filed/u).waitFor();
  await tab.keyboard.press("Escape");
  await tab.getByRole("button", { name: "Say what it serves" }).click();
  await tab.getByRole("combobox", { name: "Objective" }).selectOption("O-1");
  await tab.getByRole("button", { name: "Save" }).click();
  await tab.getByRole("link", { name: /Answer fast/u }).click();
  await tab.getByRole("heading", { name: "Requests that serve it" }).waitFor();
  await tab.getByRole("link", { name: new RegExp(label, "u") }).waitFor();
  await expectSound(tab, "objective", [phone, dark]);
  await tab.getByRole("link", { name: "Objectives", exact: true }).first().click();
  await tab.getByText("Say what is not known.").waitFor();
  await expectSound(tab, "objectives and principles", [phone, dark]);
  const served = await page.world.json(page.world.asToken("GET", `/api/requests/${label}/serves`));
  expect(served).toMatchObject({ objective: { label: "O-1" }, principles: [{ number: 1 }] });
});
