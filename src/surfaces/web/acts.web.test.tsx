import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { patienceMs } from "../../../test/support/page-browser.ts";
import { fixtureTabs, postedTo } from "../../../test/support/web-tabs.ts";
import type { WebFixture } from "../../../test/support/web-fixture.ts";
import { assessPlan, idOf, nowMs, progressOf, rows, shaOf } from "../../../test/support/web-scenario.ts";

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

test("opening a sign-in link does nothing; pressing the button signs in and leaves no token in the address", async () => {
  server.signedIn = false;
  await go("/sign-in?token=fresh-token-of-the-fixture");
  await button("Sign in on this browser").waitFor();
  expect(server.writes.map((write) => write.path)).toEqual(["/sign-in/look"]); // asks what the link would do, and uses nothing up
  await button("Sign in on this browser").click();
  await tab.getByRole("heading", { name: "Needs you" }).waitFor();
  expect(await posted("/sign-in/link")).toEqual({ token: "fresh-token-of-the-fixture" });
  expect(tab.url()).toBe(`${server.url}/`);
});

test("a spent link says why and what prints a fresh one", async () => {
  server.signedIn = false;
  await go("/sign-in?token=expired-token-of-the-fixture");
  await button("Sign in on this browser").click();
  await sees(/was used or is too old/u);
  await sees("xvc login");
  expect(server.writes.map((write) => write.path)).toEqual(["/sign-in/look", "/sign-in/link"]);
});

test("who is not signed in is told how", async () => {
  server.signedIn = false;
  await go("/");
  await tab.getByRole("heading", { name: "You are not signed in" }).waitFor();
  expect(await tab.locator("pre").innerText()).toBe("xvc login");
});

test("a plan is approved from the inbox with the keyboard alone, with the short id of a lone person", async () => {
  await go("/");
  await sees("Under way");
  await tab.keyboard.press("g");
  await tab.keyboard.press("i");
  await tab.getByRole("group", { name: "Answers" }).waitFor();
  await tab.keyboard.press("a");
  await tab.getByRole("textbox", { name: /Type 000207/u }).waitFor();
  await tab.keyboard.type("000207");
  await tab.keyboard.press("Enter");
  expect(await posted(`/api/inbox/${idOf(401)}/answer`)).toEqual({ choice: "approve", confirm: "000207" });
  const write = server.writes[0];
  expect([write?.csrf, write?.key]).toEqual(["csrf-of-the-fixture", expect.stringMatching(/^[0-9a-f-]{36}$/u)]);
});

test("on a narrow screen no key decides about an item that is not shown", async () => {
  await tab.setViewportSize({ width: 390, height: 844 });
  await go("/inbox");
  await sees(/Approve the plan of ENG-7/u);
  await tab.keyboard.press("a");
  expect(await tab.getByRole("textbox", { name: /Type 000207/u }).count()).toBe(0);
  await tab.getByRole("link", { name: /Approve the plan of ENG-7/u }).click();
  await tab.getByRole("group", { name: "Answers" }).waitFor();
  await tab.keyboard.press("a");
  await tab.getByRole("textbox", { name: /Type 000207/u }).waitFor();
  expect(server.writes).toEqual([]);
});

test("J and K walk the rows, Enter opens, and focus is always somewhere visible", async () => {
  await go("/requests");
  await sees("Translate the onboarding mails");
  await tab.keyboard.press("j");
  await tab.keyboard.press("j");
  await tab.keyboard.press("k");
  await tab.keyboard.press("j");
  await tab.keyboard.press("Enter");
  await tab.waitForURL(/\/requests\/ENG-/u);
  expect(new URL(tab.url()).pathname).toBe("/requests/ENG-7");
});

test("single keys never act in a field, and can be switched off", async () => {
  await go("/requests/new");
  await tab.getByLabel("What do you want done?").fill("");
  await tab.getByLabel("What do you want done?").pressSequentially("gi c?");
  expect(await tab.getByLabel("What do you want done?").inputValue()).toBe("gi c?");
  await tab.getByLabel("What do you want done?").blur();
  await tab.keyboard.press("?");
  await tab.getByRole("dialog", { name: "Keys on this page" }).waitFor();
  await tab.getByRole("checkbox", { name: /Single-key shortcuts/u }).uncheck();
  await tab.keyboard.press("Escape");
  await tab.getByRole("dialog").waitFor({ state: "detached" });
  await tab.keyboard.press("g");
  await tab.keyboard.press("i");
  expect(tab.url()).toContain("/requests/new");
});

test("a plan is approved on its page only after the short id is typed; rejecting needs a reason", async () => {
  await go("/requests/ENG-7");
  await button("Approve the plan").waitFor();
  expect(await button("Approve the plan").isDisabled()).toBe(true);
  await button("Reject").click();
  await sees(/Say what should change/u);
  expect(server.writes).toEqual([]);
  await tab.getByRole("textbox", { name: /Type 000207/u }).fill("000207");
  await tab.getByRole("textbox", { name: "Reason" }).fill("The order is right.");
  await button("Approve the plan").click();
  // With the version that was on screen: another one by now would be refused.
  const { documentSha256 } = assessPlan.plan;
  expect(await posted(`/api/plans/${idOf(207)}/approve`)).toEqual({ documentSha256, reason: "The order is right.", confirm: "000207" });
});

test("table and graph hold one selection, and the address reproduces it", async () => {
  await go("/requests/ENG-6?tab=plan");
  const table = tab.getByRole("table", { name: "Tasks of the plan" });
  const graph = tab.locator(".plan-graph");
  await graph.getByRole("button", { name: /Test the portal/u }).waitFor();
  await table.getByRole("button", { name: "Build the services of the portal" }).click();
  expect(await graph.getByRole("button", { name: /Build the services/u }).getAttribute("aria-pressed")).toBe("true");
  await graph.getByRole("button", { name: /Test the portal/u }).click();
  expect(await table.getByRole("button", { name: "Test the portal as a whole" }).getAttribute("aria-pressed")).toBe("true");
  await tab.reload();
  await table.getByRole("button", { name: "Test the portal as a whole" }).waitFor();
  expect(await table.getByRole("button", { name: "Test the portal as a whole" }).getAttribute("aria-pressed")).toBe("true");
});

test("a draft survives a reload, what is wrong stands at its field, and the request is filed", async () => {
  await go("/requests/new");
  await button("File the request").click();
  await sees(/Say what you want done; one sentence/u);
  await tab.getByLabel("What do you want done?").fill("Assess this repository");
  await tab.getByLabel("Repository or folder on this machine").fill("/srv/projects/billing");
  await tab.getByLabel(/Budget in EUR/u).fill("12,50");
  await tab.reload();
  expect(await tab.getByLabel("What do you want done?").inputValue()).toBe("Assess this repository");
  await button("File the request").click();
  expect(await posted("/api/requests")).toEqual({
    text: "Assess this repository",
    inputPaths: [{ path: "/srv/projects/billing" }],
    budgetMicro: 12_500_000,
  });
  await tab.waitForURL(/\/requests\/ENG-7/u);
  await go("/requests/new");
  expect(await tab.getByLabel("What do you want done?").inputValue()).toBe("");
});

test("where no playbook fits, tasks are written as a table, read by the server's rules while typing", async () => {
  await go(`/inbox?item=${idOf(402)}`);
  await button(/Write the tasks/u).click();
  const send = button("Propose these tasks");
  expect(await send.isDisabled()).toBe(true);
  await tab.getByLabel("Task of task 1").fill("Collect the figures");
  await button("Add a task").click();
  await tab.getByLabel("Task of task 2").fill("Write the summary");
  await tab.getByLabel("After (numbers) of task 2").fill("9");
  await sees(/which is not in the plan/u);
  await tab.getByLabel("After (numbers) of task 2").fill("1");
  await sees(/Reads as 2 tasks/u);
  await send.click();
  expect(await posted(`/api/inbox/${idOf(402)}/answer`)).toEqual({
    choice: "tasks",
    value: {
      table: [
        { task: "collect_the_figures", title: "Collect the figures", dependencies: [] },
        { task: "write_the_summary", title: "Write the summary", dependencies: ["collect_the_figures"] },
      ],
    },
  });
});

test("the same question is answered with a checklist, a playbook, or one task for a person", async () => {
  await go(`/inbox?item=${idOf(402)}`);
  await button(/Write the tasks/u).click();
  await tab.getByRole("group", { name: "How to write them" }).getByRole("button", { name: "Markdown checklist" }).click();
  await tab.getByLabel("Checklist", { exact: true }).fill("- [ ] Collect\n- [ ] Summarise");
  await sees(/Reads as 2 tasks: Collect; Summarise/u);
  await button("Propose these tasks").click();
  expect(await posted(`/api/inbox/${idOf(402)}/answer`)).toEqual({
    choice: "tasks",
    value: { markdown: "- [ ] Collect\n- [ ] Summarise" },
  });
  await go(`/inbox?item=${idOf(402)}`);
  await button("One task for a person").click();
  await tab.getByLabel("What has to be done").fill("Review the suppliers");
  await button("Offer this task").click();
  await expect
    .poll(() => server.writes.at(-1)?.body, { timeout: patienceMs })
    .toEqual({ choice: "one-task", value: { title: "Review the suppliers" } });
});

const change = {
  projectId: idOf(3),
  subjectKind: "request",
  subjectId: idOf(107),
  requestId: idOf(107),
  kind: "request.active",
  data: {},
  atMs: nowMs,
};

test("a change reaches the open page by itself and is told to assistive technology", async () => {
  await go("/requests/ENG-7?tab=brief");
  await sees(/Waits for your approval/u);
  const before = progressOf("ENG-7");
  if (before === undefined) throw new Error("the scenario lost ENG-7");
  server.answers.set("/api/requests/ENG-7", {
    ...before,
    state: "active",
    stage: "execution",
    headline: "The first task runs.",
    inbox: [],
  });
  server.push(change);
  await sees("The first task runs.");
  await tab.locator("[aria-live=polite]").filter({ hasText: "The first task runs." }).waitFor({ state: "attached" });
  expect(await tab.getByText(/Waits for your approval/u).count()).toBe(0);
});

test("a list that is being read does not jump: a new request waits behind a pill", async () => {
  await go("/requests");
  await sees("Translate the onboarding mails");
  const [first] = rows;
  server.answers.set("/api/requests", {
    schema: "xvc.requests/1",
    items: [{ ...first, id: idOf(199), label: "ENG-99", title: "Brand new" }, ...rows],
    nextCursor: null,
  });
  server.push(change);
  await button("1 new request: show").waitFor();
  expect(await tab.getByText("Brand new").count()).toBe(0);
  await button("1 new request: show").click();
  await sees("Brand new");
});

test("while the stream is down the page says so, and it recovers by itself", async () => {
  await go("/");
  await sees("Under way");
  server.live(false);
  await sees("Reconnecting. What you see may be stale.");
  server.live(true);
  await tab.getByText("Reconnecting. What you see may be stale.").waitFor({ state: "detached" });
  expect(await tab.getByRole("heading", { name: "Under way" }).count()).toBe(1);
});

test("a task in rework is handed in only with an answer to every point", async () => {
  await go("/task/ENG-6/backend_implementation");
  await tab.getByLabel("backend_implementation.md", { exact: true }).fill("# Built\n\nWith an error answer.");
  await button("Hand in").click();
  await sees("Say what you did about this point.");
  expect(server.writes).toEqual([]);
  await tab.getByLabel(/To the point of qa_engineer/u).fill("The export now answers with a problem document.");
  await button("Hand in").click();
  expect(await posted("/api/tasks/ENG-6/backend_implementation/submit")).toEqual({
    outputs: { "backend_implementation.md": "# Built\n\nWith an error answer." },
    pointAnswers: { p1: "The export now answers with a problem document." },
  });
});

test("an offered task is claimed from my work", async () => {
  await go("/tasks");
  await tab.getByRole("link", { name: "Design the screens of the portal" }).click();
  await button("Claim it").click();
  expect(await posted("/api/tasks/ENG-6/ui_design/claim")).toEqual({});
});

test("a delivered page opens in a frame that may do nothing, and every file downloads", async () => {
  await go("/requests/ENG-4");
  const frame = tab.locator("iframe[title='report.html']");
  await frame.waitFor();
  expect(await frame.getAttribute("sandbox")).toBe("");
  expect(await tab.getByRole("link", { name: "Download report.md" }).getAttribute("href")).toBe(`/api/content/${shaOf("1")}`);
  await button("report.md").click();
  await sees(/12 findings, 2 of high risk/u);
});

test("cancelling says what it does and takes a reason; Escape leaves it and gives focus back", async () => {
  await go("/requests/ENG-6");
  await button("Cancel").click();
  await tab.getByRole("dialog", { name: "Cancel ENG-6" }).waitFor();
  await tab.keyboard.press("Escape");
  await tab.getByRole("dialog").waitFor({ state: "detached" });
  expect(await tab.locator(":focus").innerText()).toBe("Cancel");
  await button("Cancel").click();
  await tab.getByLabel("Reason").last().fill("The customer withdrew.");
  await tab.getByRole("dialog").getByRole("button", { name: "Cancel", exact: true }).click();
  expect(await posted("/api/requests/ENG-6/cancel")).toEqual({ reason: "The customer withdrew." });
});

test("an error says what, why, what next, and the id that finds the log", async () => {
  server.broken = 503;
  await go("/requests");
  await sees(/xvc doctor says why/u);
  await sees("req-0193f0a0");
  expect(await button("Try again").count()).toBe(1);
});

test("an empty organization is offered one act, which fills the form", async () => {
  server.empty = true;
  await go("/");
  await tab.getByRole("link", { name: "Assess a repository" }).click();
  expect(await tab.getByLabel("What do you want done?").inputValue()).toBe("Assess this repository");
  expect(await tab.getByLabel("Playbook").inputValue()).toBe("assess-repository");
});

test("the theme follows the system until somebody chooses, and the choice is kept", async () => {
  await tab.emulateMedia({ colorScheme: "dark" });
  await go("/");
  await sees("Under way");
  const paper = () => tab.evaluate("getComputedStyle(document.body).backgroundColor"); // a text: the type root of tests knows no DOM
  const dark = await paper();
  await button(/Theme: as the system/u).click();
  await expect.poll(paper, { timeout: patienceMs }).not.toBe(dark);
  await tab.reload();
  await button(/Theme: light/u).waitFor();
  await expect.poll(paper, { timeout: patienceMs }).not.toBe(dark);
});

test("rehearsal is labelled in words in every list and on its pages", async () => {
  await go("/requests");
  await tab.getByRole("row", { name: /REH-3/u }).getByText("Rehearsal", { exact: true }).waitFor();
  await go("/requests/REH-3");
  await sees(/Scripted performers in simulated time/u);
  expect(await tab.getByText("Rehearsal", { exact: true }).count()).toBeGreaterThan(0);
});
