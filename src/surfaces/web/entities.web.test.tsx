/** What people keep and cut work into, in a real browser before the real surface and engine. */
import { beforeEach, expect, test } from "vitest";
import { signIn, worldTabs } from "../../../test/support/web-tabs.ts";
import type { PageWorld } from "../../../test/support/page-world.ts";
import { expectSound, expectSoundNow } from "../../../test/support/sound-page.ts";
import type { Page } from "playwright-core";

const open = worldTabs();
let tab: Page;
let server: PageWorld;

beforeEach(async () => {
  ({ tab, server } = await open());
  await signIn(tab, server);
});

const see = (text: string | RegExp) => tab.getByText(text).filter({ visible: true }).first().waitFor();
const act = (name: string | RegExp) => tab.getByRole("button", { name, exact: typeof name === "string" }).click();
const field = (name: string) =>
  tab.getByRole("textbox", { name, exact: true }).or(tab.getByLabel(name, { exact: true }).and(tab.locator("input")));
const go = (address: string) => tab.goto(server.url + address);

test("a type is defined, an entity kept by its form, changed, marked, found, read as it was, held, deleted and purged", async () => {
  const complaints: string[] = [];
  tab.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
  tab.on("pageerror", (error) => complaints.push(error.message));
  await go("/entities");
  await see("No type is defined yet.");
  await expectSoundNow(tab, "no types");
  await tab.getByRole("link", { name: "Define a type" }).click();
  await act("New type");
  await field("Key").fill("customer");
  await field("Title").fill("Customer");
  await field("JSON Schema of the data").fill('{"type":"object","properties":{"a":{"pattern":"x"}}}');
  await see(/"pattern" at .* is not understood/u);
  expect(await tab.getByRole("button", { name: "Define it" }).isDisabled()).toBe(true);
  const schema = {
    type: "object",
    required: ["country"],
    properties: {
      country: { type: "string", title: "Country" },
      seats: { type: "integer", title: "Seats" },
      vip: { type: "boolean", title: "Important" },
    },
  };
  await field("JSON Schema of the data").fill(JSON.stringify(schema));
  await act("Define it");
  await tab.getByRole("link", { name: "Customer", exact: true }).click();
  await see("Version 1");
  await expectSound(tab, "a type");

  await go("/entities");
  await act("New entity");
  await field("Title").fill("Acme Ltd");
  await field("Key (optional)").fill("acme");
  expect(await tab.getByRole("button", { name: "Keep it" }).isDisabled()).toBe(true);
  await field("Country").fill("DE");
  await field("Seats (optional)").fill("40");
  await expectSoundNow(tab, "the form of a new entity");
  await tab.keyboard.press("Enter");
  await tab.getByRole("link", { name: "Acme Ltd" }).click();
  await tab.getByRole("heading", { name: "Acme Ltd" }).waitFor();
  await field("New tag").fill("tier=gold");
  await tab.keyboard.press("Enter");
  await tab.getByRole("button", { name: "Take tier=gold off" }).waitFor();
  server.world.clock.advance(1_000);
  const then = server.world.clock.nowMs();
  server.world.clock.advance(1_000);

  await act("Change");
  await field("Seats (optional)").fill("60");
  // Somebody else is faster: what they wrote is not written over.
  await server.world.asToken("POST", "/api/entities/customer%2Facme/change", { body: { version: 1, set: { country: "FR" } } });
  await act("Save");
  await see("This entity was changed since you read it.");
  await tab.keyboard.press("Escape");
  await act("Change");
  await field("Seats (optional)").fill("60");
  await act("Save");
  await see("60");
  expect(await server.world.json(server.world.asToken("GET", "/api/entities/customer%2Facme"))).toMatchObject({
    version: 3,
    data: { country: "FR", seats: 60 },
  });
  await expectSound(tab, "an entity");
  await tab.setViewportSize({ width: 1280, height: 900 });
  const address = new URL(tab.url()).pathname;
  await go(`${address}?at=${then}`);
  await see("Nothing can be changed here.");
  await see("40");
  expect(await tab.getByRole("button", { name: "Change", exact: true }).count()).toBe(0);
  await expectSoundNow(tab, "an entity as it was");

  await go("/entities?tag=tier%3Dgold&field=seats%3D60");
  await see("Acme Ltd");
  await field("Field").fill("seats=61");
  await tab.keyboard.press("Enter");
  await see("Nothing matches.");
  await field("Field").fill("");
  await field("Text").fill("ACME");
  await tab.keyboard.press("Enter");
  await tab.getByRole("link", { name: "Acme Ltd" }).waitFor();
  await expectSound(tab, "the list of entities");
  await tab.setViewportSize({ width: 1280, height: 900 });

  await tab.getByRole("link", { name: "Acme Ltd" }).click();
  for (const [button, send, seen] of [
    ["Legal hold", "Hold it", /Legal hold by Dana/u],
    ["Lift the legal hold", "Lift the hold", "What becomes of it"],
    ["Delete", "Delete it", "Deleted."],
    ["Purge", "Purge it for good", "Purged: its content is gone for good."],
  ] as const) {
    await act(button);
    await field("Why").fill(`because of ${send}`);
    await act(send);
    await see(seen);
    await tab.getByRole("dialog").waitFor({ state: "detached" });
  }
  await expectSoundNow(tab, "a purged entity");
  await go(`${address}?at=${then}`);
  await see("The content of this version was purged later.");
  // The lost race is the one refusal of this story; the browser's log has it.
  expect(complaints.filter((line) => !line.includes("409"))).toEqual([]);
});

test("an epic gathers a request, a sprint takes its tasks, and both show how far they are", async () => {
  const { world } = server;
  const { id, label } = await world.filed("Build the portal");
  await world.asToken("POST", `/api/requests/${label}/plan`, { body: { document: world.plan } });
  const { plan } = (await world.json(world.asToken("GET", `/api/requests/${label}/plan`))) as { readonly plan: { readonly id: string } };
  await world.asToken("POST", `/api/plans/${plan.id}/approve`, { body: { confirm: label } });
  await go("/epics");
  await see("No epic is open.");
  await act("New epic");
  await field("Title").fill("Self service");
  await field("Goal").fill("Customers need nobody.");
  await act("Open it");
  await tab.getByRole("link", { name: /Self service/u }).click();
  await act("Add a request");
  await field("Request").fill(label);
  await act("Add it");
  await see("Build the portal");
  await see("0 of 2 tasks, 0 of 1 request delivered");
  await expectSound(tab, "an epic");
  await tab.setViewportSize({ width: 1280, height: 900 });

  await go("/sprints");
  await see("No sprint here.");
  await act("New sprint");
  await field("Title").fill("First half");
  await field("First day").fill("2025-06-02");
  await field("Last day").fill("2025-06-20");
  await field("Hours to give").fill("6");
  await act("Plan it");
  await tab.getByRole("link", { name: /First half/u }).click();
  for (const task of ["draft", "edit"]) {
    await act("Plan a task");
    await field("Task").fill(`${label}/${task}`);
    await act("Plan it");
    await tab.getByRole("link", { name: task === "draft" ? "Draft it" : "Edit it" }).waitFor();
  }
  await see("2 h too many");
  await act("Start it");
  await tab.getByRole("dialog").getByRole("button", { name: "Start it" }).click();
  await act("Complete it");
  await expectSound(tab, "a sprint");
  await tab.setViewportSize({ width: 1280, height: 900 });
  await tab.getByRole("dialog").getByRole("button", { name: "Complete it" }).click();
  await see("0 of 2 tasks");
  await tab.getByRole("dialog").waitFor({ state: "detached" });
  expect((await world.tasks(id)).map((task) => task.sprintId ?? null)).toEqual([null, null]);
  await go("/sprints?state=completed");
  await see("First half");
  await expectSoundNow(tab, "the list of sprints");
  await go("/epics?state=done");
  await see("No epic is done.");
});
