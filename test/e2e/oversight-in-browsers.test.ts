import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type LiveHome, type LiveProcess, openLiveHome } from "../support/live-home.ts";
import { ensureLivePage } from "../support/live-page.ts";
import {
  button,
  follow,
  type Hands,
  invite,
  keepFailure,
  keepLooks,
  keyboard,
  labelOf,
  openPostbox,
  type Postbox,
  type Seat,
  sees,
  takeSeat,
  touch,
  writePlaybook,
} from "../support/office.ts";
import { openBrowser } from "../support/page-browser.ts";
import { expectSoundNow } from "../support/sound-page.ts";

/* A director, a lead and a contributor at three browsers of one real server, with a mail server beside it. */

let post: Postbox;
let home: LiveHome;
let server: LiveProcess;
let browser: Browser;
let director: Seat;
let lead: Seat;
let contributor: Seat;
const seats = () => [director, lead, contributor];

beforeAll(async () => {
  await ensureLivePage();
  post = await openPostbox();
  home = await openLiveHome({ XVC_SMTP_URL: post.url, XVC_MAIL_FROM: "Acme <xvc@acme.example>" });
  [server, browser] = await Promise.all([home.up(), openBrowser()]);
  [director, lead, contributor] = await Promise.all([
    takeSeat(browser, "Dana Dahl"),
    takeSeat(browser, "Lena Lang"),
    takeSeat(browser, "Cora Cole"),
  ]);
});

beforeEach(({ onTestFailed, task }) => onTestFailed(() => keepFailure(seats(), task.name)));

afterAll(async () => {
  await browser.close();
  await home.remove();
  await post[Symbol.asyncDispose]();
});

const at = (path: string): string => server.url + path;
/** From a wish that no playbook fits to a written plan of one task for a person. */
async function file(by: Seat, wish: string): Promise<string> {
  await by.tab.goto(at("/requests/new"));
  await by.tab.getByLabel("What do you want done?").fill(wish);
  await button(by, "File the request").click();
  await button(by, "One task for a person").click();
  await by.tab.getByLabel("What has to be done").fill(`${wish}, all of it`);
  await button(by, "Offer this task").click();
  await by.tab.getByRole("region", { name: "Decide the plan" }).waitFor();
  return labelOf(by);
}

test("the first person sets up and invites; a lead and a contributor join by links that work once", async () => {
  await director.tab.goto(server.signInUrl);
  await button(director, "Sign in on this browser").waitFor();
  await keepLooks(director, "sign-in");
  await button(director, "Sign in on this browser").click();
  await director.tab.getByLabel("Name of the organization").fill("Acme");
  await button(director, "Save").click();
  await sees(director, "Saved");
  await keepLooks(director, "set-up");
  await button(director, "Next: You").click();
  await director.tab.getByLabel("Your name").fill(director.name);
  await button(director, "Save").click();
  await sees(director, "Saved");
  await director.tab.goto(at("/settings/people"));
  const links = [
    await invite(director, lead.name, "lena@acme.example", "Lead"),
    await invite(director, contributor.name, "cora@acme.example", "Contributor"),
  ];
  for (const [index, seat] of [lead, contributor].entries()) {
    await seat.tab.goto(links[index] ?? "");
    await seat.tab.getByRole("heading", { name: "Join Acme" }).waitFor();
    if (seat === lead) await keepLooks(seat, "invitation");
    await button(seat, "Join on this browser").click();
    await seat.tab.getByRole("heading", { name: seat === lead ? "Home" : "My work" }).waitFor();
  }
  await contributor.tab.goto(links[0] ?? "");
  await sees(contributor, "This link does not work");
  expect(await home.get("/api/people")).toMatchObject({ items: [{ roles: ["administrator", "director"] }, {}, {}] });
});

test("from filing to delivery in three browsers, each live; nobody decides about their own work", async () => {
  await director.tab.goto(at("/"));
  await lead.tab.goto(at("/inbox"));
  await lead.tab.getByRole("heading", { name: "Inbox" }).waitFor();
  const label = await file(contributor, "Water the plants");
  for (const { tab } of seats()) await tab.evaluate("globalThis.neverReloaded = true");
  const decision = contributor.tab.getByRole("region", { name: "Decide the plan" });
  await decision.getByText("This needs one of the roles administrator, director, lead; you have contributor.").waitFor();
  expect(await decision.getByRole("button").count()).toBe(0);

  await touch.open(lead, /Approve plan 1 of .Water the plants/u);
  await button(lead, /^Approve and start/u).click();
  await sees(lead, "Approve and start by Lena Lang");
  await follow(director, "Requests");
  await follow(director, /^Water the plants$/u);
  await sees(director, "0 of 1 task done.");

  await follow(contributor, "My work");
  await follow(contributor, /Water the plants, all of it/u);
  await button(contributor, "Claim it").click();
  await contributor.tab.getByLabel(/result/iu).fill("They had a litre each.");
  await button(contributor, "Hand in").click();
  await follow(contributor, "Inbox");
  await touch.open(contributor, /Review .Water the plants/u);
  await sees(contributor, "Nobody decides about their own work; another member with the authority has to.");
  expect(await contributor.tab.getByRole("group", { name: "Answers" }).count()).toBe(0);
  await follow(contributor, new RegExp(`^${label} `, "u"));

  await touch.open(lead, /Review .Water the plants/u);
  await button(lead, /^Passes/u).click();
  await lead.tab.getByLabel("Reason").fill("All watered.");
  await touch.send(lead, "Passes");
  await sees(director, "Delivered.");
  await sees(director, "They had a litre each.");
  await sees(contributor, "Delivered.");

  await follow(director, "Inbox");
  await follow(lead, new RegExp(`^${label} `, "u"));
  await lead.tab.getByLabel("Add a comment").pressSequentially("Well done, look @dana");
  await lead.tab.getByRole("option", { name: /Dana Dahl/u }).click();
  await button(lead, "Comment").click();
  await touch.open(director, /mentioned you in .Water the plants/u);
  await sees(director, /Lena Lang mentioned you in "Water the plants"/u);
  await sees(director, /Well done, look/u);
  for (const { tab } of seats()) expect(await tab.evaluate("globalThis.neverReloaded")).toBe(true);
});

/** A plan that nobody wrote: by a playbook whose work is little risk. */
async function fileByPlaybook(by: Seat, wish: string): Promise<string> {
  await by.tab.goto(at("/requests/new"));
  await by.tab.getByLabel("What do you want done?").fill(wish);
  await by.tab.getByLabel("Playbook").selectOption("painting");
  await button(by, "File the request").click();
  await by.tab.getByRole("region", { name: "Decide the plan" }).waitFor();
  return labelOf(by);
}

test("a plan is approved through a mailed link: by no look at it, by one press, and once", async () => {
  await home.json("playbook", "add", await writePlaybook(home.path));
  await lead.tab.goto(at("/settings/notifications"));
  await sees(lead, "Mail goes to lena@acme.example.");
  await button(lead, "Add the channel").click();
  await sees(lead, /^The channel/u);
  const label = await fileByPlaybook(contributor, "Paint the fence");
  const link = await post.linkIn("lena@acme.example", label, /http\S+\/confirm\/\S+/u);
  const item = async () => ((await home.get(`/api/requests/${label}`))["inbox"] as readonly object[])[0]; // `xvc.progress/1`

  // A mail scanner opens the page, and what the page reads, as often as it likes.
  for (const address of [link, link, link.replace("/confirm/", "/api/confirm/")]) expect((await fetch(address)).status).toBe(200);
  expect(await item()).toMatchObject({ state: "open" });
  const late = await lead.context.newPage();
  for (const tab of [lead.tab, late]) {
    await tab.goto(link);
    await tab.getByText("You answer as Lena Lang").waitFor();
  }
  expect(await item()).toMatchObject({ state: "open" });
  await keepLooks(lead, "confirm");
  await button(lead, "Approve and start").click();
  await lead.tab.getByRole("heading", { name: "Your answer is on record" }).waitFor();
  await sees(contributor, "0 of 1 task done.");
  await late.getByRole("button", { name: "Approve and start" }).click();
  await late.getByText(/already/u).waitFor();
  await late.reload();
  await late.getByText("This was already answered.").waitFor();
  await late.close();
});

test("two answer the same: who was slower sees what they saw, what is now, and by whom", async () => {
  await fileByPlaybook(contributor, "Paint the gate");
  for (const seat of [director, lead]) {
    await seat.tab.goto(at("/inbox"));
    await touch.open(seat, /Approve plan 1 of .Paint the gate/u);
    await seat.tab.getByRole("group", { name: "Answers" }).waitFor();
  }
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  await director.tab.route("**/answer", async (route) => {
    await held;
    await route.continue();
  });
  const answered = director.tab.waitForResponse(/\/answer$/u);
  await button(director, /^Approve and start/u).click();
  await button(lead, /^Reject/u).click();
  await lead.tab.getByLabel("Reason").fill("Not this year.");
  await touch.send(lead, "Reject and end the request");
  await sees(lead, /^Reject and end the request by/u);
  letGo();
  expect((await answered).status()).toBe(409);
  await director.tab.unroute("**/answer");
  const race = director.tab.getByRole("alert", { name: "It changed while you looked" });
  for (const said of ["Your answer was not taken", "open, risk low", "Reject and end the request, by Lena Lang", "Not this year."])
    await race.getByText(said).waitFor();
  await keepLooks(director, "lost-race");
});

test("the server is killed while three pages are open, and started again: each says so, and shows the new state by itself", async () => {
  const label = await fileByPlaybook(contributor, "Paint the door");
  await director.tab.goto(at(`/requests/${label}`));
  await button(director, "Approve the plan").waitFor();
  await lead.tab.goto(at("/inbox"));
  await touch.open(lead, /Approve plan 1 of .Paint the door/u);
  for (const { tab } of seats()) await tab.evaluate("globalThis.neverReloaded = true");
  await server.kill();
  for (const seat of seats()) await sees(seat, "Reconnecting. What you see may be stale.");
  const again = await home.up(["up", "--port", new URL(server.url).port]);
  expect(again.url).toBe(server.url);
  server = again;
  for (const { tab } of seats()) await tab.getByText("Reconnecting. What you see may be stale.").waitFor({ state: "detached" });
  await home.json("plan", "approve", label);
  await sees(lead, "Approve and start by Dana Dahl");
  for (const seat of [director, contributor]) await sees(seat, "0 of 1 task done.");
  for (const { tab } of seats()) expect(await tab.evaluate("globalThis.neverReloaded")).toBe(true);
});

/** The main job, by whatever hands: filed and written by the director, approved by the lead, done by the contributor, judged by the lead. */
async function mainJob(hands: Hands, wish: string): Promise<unknown> {
  for (const seat of seats()) {
    await seat.tab.setViewportSize(hands.size);
    await seat.tab.goto(at("/"));
    await seat.tab.getByRole("heading", { name: "Home" }).waitFor();
  }
  await hands.press(director, "link", /^New request/u);
  await hands.write(director, "What do you want done?", wish);
  await hands.press(director, "button", "File the request");
  await hands.press(director, "button", "One task for a person");
  await hands.write(director, "What has to be done", `${wish}, all of it`);
  await hands.press(director, "button", "Offer this task");
  await sees(director, "Nobody decides about their own work; another member with the authority has to.");
  await expectSoundNow(director.tab, `${wish}: the plan`);

  await hands.go(lead, "Inbox", "i");
  await hands.open(lead, new RegExp(`Approve plan 1 of .${wish}`, "u"));
  await hands.press(lead, "button", /^Approve and start/u);
  await sees(lead, "Approve and start by Lena Lang");

  await hands.go(contributor, "My work", "w");
  await hands.press(contributor, "link", `${wish}, all of it`);
  await hands.press(contributor, "button", "Claim it");
  await hands.write(contributor, /result/iu, "It is done.");
  await expectSoundNow(contributor.tab, `${wish}: the task`);
  await hands.press(contributor, "button", "Hand in");
  await sees(contributor, /^In review/u);

  await hands.go(lead, "Home", "h");
  await hands.go(lead, "Inbox", "i");
  await hands.open(lead, new RegExp(`Review .${wish}`, "u"));
  await hands.press(lead, "button", /^Passes/u);
  await hands.write(lead, "Reason", "Seen and good.");
  await expectSoundNow(lead.tab, `${wish}: the review`);
  await hands.send(lead, "Passes");
  await sees(director, "Delivered.");
  return (await home.get(`/api/requests/${labelOf(director)}`))["state"];
}

test("the main job with the keyboard alone", async () => {
  expect(await mainJob(keyboard, "Tidy the shed")).toBe("delivered");
});

test("the main job on a phone", async () => {
  expect(await mainJob(touch, "Sweep the yard")).toBe("delivered");
});

const settings =
  "profile notifications calendars keys people teams projects policies scripts installation models budgets tools agents".split(" ");
const places = "home inbox requests requests/new tasks board portfolio people personas divisions objectives playbooks".split(" ");
const pages = [...places, "memory", "metrics", "audit", "styleguide", ...settings.map((tab) => `settings/${tab}`)];
const lanes = 3;

async function keepPages(wanted: readonly string[]): Promise<void> {
  const tab = await director.context.newPage();
  for (const place of wanted) {
    await tab.goto(at(place === "home" ? "/" : `/${place}`));
    await tab.getByRole("heading", { level: 1 }).waitFor();
    await tab.waitForLoadState("networkidle");
    await keepLooks({ ...director, tab }, place.replaceAll("/", "-"));
  }
  await tab.close();
}

test("every page is sound and pictured in both themes, wide and on a phone, and the world checker finds nothing", async () => {
  await Promise.all(Array.from({ length: lanes }, (_, lane) => keepPages(pages.filter((_page, index) => index % lanes === lane))));
  expect(await home.verify()).toEqual([]);
}, 300_000);
