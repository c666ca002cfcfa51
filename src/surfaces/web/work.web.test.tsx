import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { patienceMs } from "../../../test/support/page-browser.ts";
import { fixtureTabs, postedTo } from "../../../test/support/web-tabs.ts";
import type { WebFixture } from "../../../test/support/web-fixture.ts";
import { assessPlan, portalPlan } from "../../../test/support/web-scenario.ts";
import { dark, expectSound, light, phone } from "../../../test/support/sound-page.ts";

let server: WebFixture;
let tab: Page;
const open = fixtureTabs();

beforeEach(async () => {
  ({ server, tab } = await open());
});

const go = (address: string) => tab.goto(server.url + address);
const button = (name: string | RegExp) => tab.getByRole("button", { name });
const sees = (text: string | RegExp) => tab.getByText(text).filter({ visible: true }).first().waitFor();

const posted = (path: string): Promise<unknown> => postedTo(server, path);

test("a card is claimed with the keyboard, taken back, and a move that is none says why", async () => {
  await go("/board");
  const ready = tab.getByRole("region", { name: "Ready" });
  const working = tab.getByRole("region", { name: "At work" });
  await ready.getByRole("link", { name: "Design the screens of the portal" }).focus();
  // The move is on screen before the server answers; once it did, this server's board is read again and is as it was.
  const answer = Promise.withResolvers<null>();
  await tab.route(/ui_design\/claim$/u, async (route) => {
    await answer.promise;
    await route.continue();
  });
  await tab.keyboard.press(">");
  await working.getByRole("link", { name: "Design the screens of the portal" }).waitFor();
  answer.resolve(null);
  expect(await posted("/api/tasks/ENG-6/ui_design/claim")).toEqual({});
  await button("Undo").click();
  expect(await posted("/api/tasks/ENG-6/ui_design/release")).toEqual({});

  await tab.getByRole("region", { name: "Waiting" }).getByRole("link", { name: "Write the operating manual" }).focus();
  await tab.keyboard.press("m");
  const choice = tab.getByRole("menuitem", { name: /^Ready/u });
  expect(await choice.getAttribute("aria-disabled")).toBe("true");
  expect(await choice.textContent()).toContain("becomes ready by itself when what it depends on has passed");
  expect(await tab.getByRole("menuitem", { disabled: false }).count()).toBe(0);
  await tab.keyboard.press("Escape");
  expect(server.writes.length).toBe(2);
});

test("a move that the server refuses goes back to where it was and says why", async () => {
  server.conflicts.set("/api/tasks/ENG-6/ui_design/claim", "task.not-claimable");
  await go("/board");
  const ready = tab.getByRole("region", { name: "Ready" });
  await ready.getByRole("link", { name: "Design the screens of the portal" }).focus();
  await tab.keyboard.press(">");
  await sees(/stays where it was: Somebody was faster/u);
  await expect.poll(() => ready.getByRole("link", { name: "Design the screens of the portal" }).count(), { timeout: patienceMs }).toBe(1);
});

test("a plan is edited under core's own rules, survives a reload, and is proposed with the version that was read", async () => {
  await go("/requests/ENG-7?tab=plan");
  await button("Edit the plan").click();
  await button("Weigh the findings and write the report").click();
  await tab.getByLabel("Title", { exact: true }).fill("Weigh the findings");
  await tab.getByLabel("After").fill("nobody");
  await tab.getByLabel("After").press("Enter");
  await sees(/1 problem to put right first/u);
  expect(await button("Propose as version 2").isDisabled()).toBe(true);
  await expectSound(tab, "a plan being edited", [dark, phone, light]);
  await tab.reload();
  await button("Edit the plan").click();
  await button("Weigh the findings").click();
  await tab.getByLabel("After").fill("inventory");
  await tab.getByLabel("After").press("Enter");
  await button("Propose as version 2").click();
  const body = (await posted("/api/requests/ENG-7/plan")) as {
    readonly seenSha256: string;
    readonly document: { readonly decomposition: readonly { readonly title: string; readonly dependencies: readonly string[] }[] };
  };
  expect(body.seenSha256).toBe(assessPlan.plan.documentSha256);
  expect(body.document.decomposition.at(-1)).toMatchObject({ title: "Weigh the findings", dependencies: ["inventory"] });
});

test("who was slower sees both sides of a plan, and puts the own changes on top", async () => {
  await go("/requests/ENG-6?tab=plan");
  await button("Edit the plan").click();
  await button("Test the portal as a whole").click();
  await tab.getByLabel("Title", { exact: true }).fill("Test all of it");
  await tab.getByLabel("Why the plan changes").fill("Shorter.");
  const path = `/api/plans/${portalPlan.plan.id}/patch`;
  server.conflicts.set(path, "plan.changed");
  const theirs = {
    ...portalPlan,
    plan: { ...portalPlan.plan, number: 2, documentSha256: "9".repeat(64) },
    document: {
      ...portalPlan.document,
      decomposition: portalPlan.document.decomposition.map((task, at) => (at === 1 ? { ...task, title: "Design fewer screens" } : task)),
    },
  };
  server.answers.set("/api/requests/ENG-6/plan", theirs);
  await button("Change the running plan").click();
  const race = tab.getByRole("region", { name: "The plan was changed meanwhile" });
  await race.getByText("Test all of it").first().waitFor();
  await race.getByText("Design fewer screens").first().waitFor();
  await expectSound(tab, "a plan that was changed meanwhile", [dark, phone, light]);
  server.conflicts.delete(path);
  await button("Put my changes on top").click();
  await tab.getByLabel("Why the plan changes").fill("Shorter.");
  await button("Change the running plan").click();
  await expect.poll(() => server.writes.length, { timeout: patienceMs }).toBe(2);
  const body = (await posted(path)) as { readonly document: { readonly decomposition: readonly { readonly title: string }[] } };
  expect(body).toMatchObject({ seenSha256: "9".repeat(64), reason: "Shorter." });
  expect(body.document.decomposition.map((task) => task.title)).toEqual(
    expect.arrayContaining(["Test all of it", "Design fewer screens"]) as string[],
  );
});

test("the list of requests is searched, selected and acted on with keys; its address and a saved view reproduce it", async () => {
  await go("/requests");
  await tab.getByRole("link", { name: "Build customer portal" }).first().waitFor();
  await tab.keyboard.press("j");
  await tab.keyboard.press("x");
  await tab.keyboard.press("j");
  await tab.keyboard.press("x");
  await tab.waitForURL(/selected=ENG-8%2CENG-7/u);
  await tab.getByRole("region", { name: "Selected requests" }).getByRole("button", { name: "Pause" }).click();
  await tab.getByLabel("Reason").fill("Over the holidays.");
  await tab.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
  expect(await posted("/api/requests/ENG-7/pause")).toEqual({ reason: "Over the holidays." });
  await sees("2 requests paused.");

  await tab.getByRole("searchbox").fill("portal");
  await tab.waitForURL(/text=portal/u);
  await expect.poll(() => tab.getByRole("link", { name: "Assess this repository" }).count(), { timeout: patienceMs }).toBe(0);
  await button("Save this view").click();
  await tab.getByLabel("Name").fill("Portals");
  await button("Save").last().click();
  expect(await posted("/api/views")).toMatchObject({
    page: "requests",
    name: "Portals",
    search: expect.stringContaining("text=portal") as string,
  });
});

test("a document that is pasted on the list becomes the draft of a request", async () => {
  await go("/requests");
  await tab.getByRole("link", { name: "Build customer portal" }).first().waitFor();
  await tab.evaluate(`{
    const data = new DataTransfer();
    data.setData("text/plain", "# Tender\\n\\nWe need a fence.");
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }`);
  await tab.waitForURL(/\/requests\/new/u);
  expect(await tab.getByLabel("What do you want done?").inputValue()).toContain("We need a fence.");
});

test("why a task is so is one key away, and a lead moves it with a reason", async () => {
  await go("/task/ENG-6/backend_implementation");
  await sees("Points to answer");
  await sees("What you were given and why");
  await sees("3 pieces, about 365 of 8000 tokens");
  await sees("Kept when attempt 2 began");
  await tab.getByText("1 piece left out").click();
  await sees('Says nearly the same as "Which database does the portal use?".');
  await tab.getByText("Read it").nth(1).click();
  await sees("One database for all of it.");
  await expectSound(tab, "what a task's performer was given", [dark, phone, light]);
  await tab.keyboard.press("w");
  await tab
    .getByRole("dialog", { name: /^Why: ENG-6/u })
    .getByText("What would change it")
    .waitFor();
  await expectSound(tab, "why a task is so", [dark, phone, light]);
  await tab.keyboard.press("Escape");
  await button("Reassign").click();
  await tab.getByLabel("Reason").fill("Too much at once.");
  await tab.getByRole("dialog").getByRole("button", { name: "Reassign" }).click();
  expect(await posted("/api/tasks/ENG-6/backend_implementation/reassign")).toEqual({ reason: "Too much at once." });
});
