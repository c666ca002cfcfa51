import type { BrowserContext, Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { patienceMs } from "../../../test/support/page-browser.ts";
import { fixtureTabs, postedTo } from "../../../test/support/web-tabs.ts";
import type { WebFixture } from "../../../test/support/web-fixture.ts";
import { idOf, items, nowMs } from "../../../test/support/web-scenario.ts";
import { dark, expectSound, light, phone } from "../../../test/support/sound-page.ts";

let server: WebFixture;
let context: BrowserContext;
let tab: Page;
let complaints: string[];
const open = fixtureTabs();

beforeEach(async () => {
  ({ server, context, tab } = await open());
  complaints = [];
  tab.on("pageerror", (error) => complaints.push(error.message));
  tab.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
});

const go = (address: string) => tab.goto(server.url + address);
const button = (name: string | RegExp) => tab.getByRole("button", { name });
const sees = (text: string | RegExp) => tab.getByText(text).filter({ visible: true }).first().waitFor();
const focused = (): Promise<string> => tab.locator(":focus").innerText();
const press = async (...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await tab.keyboard.press(key);
};

const posted = (path: string): Promise<unknown> => postedTo(server, path);

/** Holds back the answers of a path until the returned function is called. */
async function holdBack(path: string): Promise<() => void> {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await context.route(`**${path}`, async (route) => {
    await held;
    await route.continue();
  });
  return () => release();
}

test("the style guide with a note on it, all pages on a phone and a first Home are accessible", async () => {
  await go("/styleguide");
  await sees("Nothing yet, and not there yet");
  await button("Show a note").click();
  await button("Undo").waitFor();
  await expectSound(tab, "style guide, which shows both themes", [light, phone]);
  await button("More").click();
  await tab.getByRole("dialog", { name: "All pages" }).getByRole("link", { name: "Playbooks" }).waitFor();
  await expectSound(tab, "all pages", [phone]);
  server.empty = true;
  await go("/");
  await sees("Have a repository assessed");
  await expectSound(tab, "a first Home", [light, dark, phone]);
  expect(complaints).toEqual([]);
});

test("the why of an item, the key sheet and the palette are accessible in both themes and on a phone", async () => {
  await go("/inbox");
  await button(/^Why/u).waitFor();
  await press("w");
  await tab.getByRole("dialog", { name: /^Why/u }).waitFor();
  await expectSound(tab, "why panel", [light, dark]);
  await press("Escape", "?");
  await tab.getByRole("dialog", { name: "Keys on this page" }).waitFor();
  await expectSound(tab, "key sheet", [light, dark]);
  await press("Escape", "Control+k");
  await tab.getByRole("dialog", { name: "Find or do" }).waitFor();
  await expectSound(tab, "palette", [light, dark, phone]);
  expect(complaints).toEqual([]);
});

test("a key pressed while the list is still on its way is not lost; one that decides is", async () => {
  const release = await holdBack("/api/requests?**");
  await go("/requests");
  await tab.getByRole("heading", { name: "Requests" }).waitFor();
  await press("j", "j", "Enter");
  expect(new URL(tab.url()).pathname).toBe("/requests");
  release();
  await tab.waitForURL(/\/requests\/ENG-7/u);

  const [first] = items;
  server.answers.set(`/api/inbox/${idOf(401)}`, { ...first, confirm: null });
  const letItem = await holdBack(`/api/inbox/${idOf(401)}`);
  await go("/inbox");
  await sees(/Approve the plan of ENG-7/u);
  await press("a");
  letItem();
  await tab.getByRole("group", { name: "Answers" }).waitFor();
  await press("w"); // later keys still work, so the one before was dropped, not stuck
  await tab.getByRole("dialog", { name: /^Why/u }).waitFor();
  expect(server.writes).toEqual([]);
});

test("Escape returns to the list a page was opened from, with focus on its row", async () => {
  await go("/requests");
  await sees("Translate the onboarding mails");
  await press("j", "j", "j", "Enter");
  await tab.waitForURL(/\/requests\/ENG-6/u);
  await tab.getByRole("heading", { name: "Build customer portal" }).waitFor();
  await press("Escape");
  await tab.waitForURL(/\/requests$/u);
  await expect.poll(focused, { timeout: patienceMs }).toBe("Build customer portal");
});

test("the palette finds a request, does what the page can do, opens over a field, and gives focus back", async () => {
  await go("/requests/new");
  await tab.getByLabel("What do you want done?").focus();
  await press("Control+k");
  await tab.getByRole("dialog", { name: "Find or do" }).waitFor();
  await press("Escape");
  await tab.getByRole("dialog").waitFor({ state: "detached" });
  expect(await tab.evaluate("document.activeElement.tagName")).toBe("TEXTAREA");
  await press("Control+k");
  await tab.keyboard.type("supplier");
  await tab.getByRole("option", { name: /Prepare the quarterly supplier review/u }).click();
  await tab.waitForURL(/\/requests\/ENG-8/u);

  await go("/inbox");
  await tab.getByRole("group", { name: "Answers" }).waitFor();
  await press("Control+k");
  await tab.getByRole("option", { name: /Reject and end the request/u }).waitFor();
  await tab.keyboard.type("reject");
  await press("Enter");
  await tab.getByRole("textbox", { name: "Reason" }).waitFor();
  expect(server.writes).toEqual([]);
});

test("a whole item by keyboard: ask back, hand over, put off and take it back, each as the contract has it", async () => {
  server.answers.set("/api/people", {
    schema: "xvc.people/1",
    items: [{ id: idOf(5), name: "Lee Park", email: null, roles: ["lead"], state: "active" }],
  });
  await go(`/inbox?item=${idOf(402)}`);
  await tab.getByRole("group", { name: "Instead of answering" }).waitFor();
  await press("q");
  await tab.keyboard.type("Which suppliers?");
  await tab.reload();
  await tab.getByRole("group", { name: "Instead of answering" }).waitFor();
  await press("q");
  expect(await tab.getByLabel("Your question").inputValue()).toBe("Which suppliers?");
  await button("Ask").last().click();
  expect(await posted(`/api/inbox/${idOf(402)}/ask-back`)).toEqual({ question: "Which suppliers?" });
  await tab.getByRole("form", { name: "Ask back" }).waitFor({ state: "detached" });

  await press("h");
  await tab.getByLabel("To whom").selectOption({ label: "Lee Park" });
  await button("Hand it over").click();
  expect(await posted(`/api/inbox/${idOf(402)}/delegate`)).toEqual({ personId: idOf(5) });
  await tab.getByRole("form", { name: "Hand over" }).waitFor({ state: "detached" });

  await press("l", "Enter");
  const later = (await posted(`/api/inbox/${idOf(402)}/later`)) as { readonly untilMs: number }; // as the contract has it
  expect(later.untilMs).toBeGreaterThan(nowMs);
  await button("Undo").click();
  await expect.poll(() => server.writes.at(-1)?.body, { timeout: patienceMs }).toEqual({ untilMs: null });
});

test("a lost race shows what was seen, what is now and by whom; what was typed survives it and a reload", async () => {
  const [, question] = items;
  const path = `/api/inbox/${idOf(402)}`;
  await go(`/inbox?item=${idOf(402)}`);
  await button("One task for a person").waitFor();
  await press("a");
  await tab.getByRole("textbox", { name: "Reason (optional)" }).fill("Lee knows the suppliers.");
  await tab.reload();
  expect(await tab.getByRole("textbox", { name: "Reason (optional)" }).inputValue()).toBe("Lee knows the suppliers.");
  await context.route(`**${path}/answer`, (route) =>
    route.fulfill({
      status: 409,
      contentType: "application/problem+json",
      body: JSON.stringify({
        kind: "conflict",
        code: "inbox.closed",
        detail: "This was answered before you.",
        instance: "req-1",
        status: 409,
      }),
    }),
  );
  server.answers.set(path, {
    ...question,
    state: "answered",
    mayAnswer: false,
    answer: {
      choice: "one-task",
      value: null,
      reason: "It is small.",
      by: { kind: "person", id: idOf(5), name: "Lee Park" },
      atMs: nowMs,
      soloWaiver: false,
    },
  });
  await tab.getByLabel("Playbook", { exact: true }).selectOption({ index: 1 });
  await button("Use this playbook").click();
  const race = tab.getByRole("alert", { name: "It changed while you looked" });
  await race.getByText("Somebody was faster").waitFor();
  expect(await race.innerText()).toMatch(/One task for a person, by Lee Park[\s\S]*It is small[\s\S]*Lee knows the suppliers/u);
});

test("items of low risk under one rule are answered together, others are not let in", async () => {
  const [first] = items;
  const same = [1, 2].map((number) => ({ ...first, id: idOf(410 + number), title: `Approve small plan ${number}?` }));
  server.answers.set("/api/inbox", { schema: "xvc.inbox/1", items: [...same, ...items.slice(1)], nextCursor: null });
  for (const item of same) server.answers.set(`/api/inbox/${item.id}`, item);
  await go("/inbox");
  await sees("Approve small plan 2?");
  await press("j", "x");
  const together = tab.getByRole("region", { name: "Answer together" });
  await together.getByText("1 item selected").waitFor();
  await tab.getByRole("link", { name: /supplier review/u }).focus();
  await press("x");
  await sees(/Only questions of low risk under the same rule/u);
  await tab.getByRole("link", { name: /Approve small plan 1/u }).focus();
  await press("x");
  await together.getByText("2 items selected").waitFor();
  await together.getByRole("button", { name: /Approve and start/u }).click();
  expect(await posted("/api/inbox/answers")).toEqual({ itemIds: [idOf(411), idOf(412)], choice: "approve" });
});

test("a project once chosen stays in the address and narrows what is shown; rows stand as close as was chosen", async () => {
  await go("/requests");
  await button("Project: All projects").click();
  await tab.getByRole("menuitemradio", { name: /Rehearsal/u }).click();
  await tab.waitForURL(/project=REH/u);
  await press("g", "h");
  await tab.getByRole("heading", { name: "Home" }).waitFor();
  await tab.getByRole("link", { name: "Build customer portal" }).waitFor();
  expect(new URL(tab.url()).search).toBe("?project=REH");
  expect(await tab.getByText("Prepare the quarterly supplier review").count()).toBe(0);
  await button("Project: Rehearsal").click();
  await tab.getByRole("menuitemradio", { name: /All projects/u }).click();
  await expect.poll(() => new URL(tab.url()).search, { timeout: patienceMs }).toBe("");
  await button(/Rows: comfortable/u).click();
  await tab.reload();
  await button(/Rows: compact/u).waitFor();
});
