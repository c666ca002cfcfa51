/** What was decided and taken to be true, from recording it to asking what was believed on a date, in a real browser. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectSound } from "../../../test/support/sound-page.ts";
import { type WorldFile, openWorldFile, signIn } from "../../../test/support/web-tabs.ts";

let file: WorldFile;

beforeAll(async () => {
  file = await openWorldFile();
  await signIn(file.tab, file.server);
});

afterAll(() => file[Symbol.asyncDispose]());

const see = (tab: Page, text: string | RegExp) => tab.getByText(text).filter({ visible: true }).first().waitFor();

test("a decision is written down, judged and replaced; facts are learned and corrected; a date tells what was believed of both", async () => {
  const { tab, server } = file;
  const { label } = await server.world.filed("Keep the orders");

  await tab.goto(`${server.url}/memory/record?request=${label}`);
  await tab.getByRole("button", { name: "Propose it" }).click();
  await see(tab, "Write the question that is decided.");
  await tab.getByLabel("What is decided, as a question").fill("Which database keeps the orders?");
  await tab.getByLabel("Topic").fill("database");
  await tab.getByLabel("Option 1", { exact: true }).fill("PostgreSQL");
  await tab.getByLabel("What speaks for PostgreSQL").fill("transactions\nbackups");
  await tab.getByLabel("What speaks against PostgreSQL").fill("one more server");
  await tab.getByLabel("Option 2", { exact: true }).fill("Files");
  await tab.getByLabel("Choose PostgreSQL").check();
  await tab.getByRole("textbox", { name: "Why" }).fill("Orders must not be lost.");
  await tab.getByLabel("How sure, in percent").fill("80");
  await tab.getByLabel("What would prove it wrong").fill("It is down more than an hour a month.");
  await tab.getByRole("button", { name: "Add a page it rests on" }).click();
  await tab.getByLabel("Name of page 1").fill("the comparison");
  await tab.getByLabel("Address of page 1").fill("https://example.org/comparison");
  await tab.getByLabel("Ask how it turned out on").fill("2099-06-30");
  await expectSound(tab, "record a decision");
  await tab.getByRole("button", { name: "Put it on record" }).click();
  await tab.getByRole("heading", { name: "Which database keeps the orders?" }).waitFor();
  for (const shown of ["transactions", "one more server", "80 %", "chosen", /deciders@1/u, "the comparison"]) await see(tab, shown);
  const decision = tab.url();

  await tab.goto(`${server.url}/memory/facts`);
  await see(tab, "No fact is on record.");
  await tab.getByRole("button", { name: "Record a fact" }).click();
  await tab.getByLabel("What it is about").fill("Database of orders");
  await tab.getByLabel("Attribute").fill("hours down a month");
  await tab.getByLabel("Value").fill("0.5");
  await tab.getByLabel("Where it comes from").fill("the vendor says so");
  await tab.getByLabel("Holds from").fill("2020-01-01");
  await expectSound(tab, "record a fact");
  await tab.getByRole("button", { name: "Put it on record" }).click();
  await tab.getByRole("link", { name: "Database of orders" }).click();
  await see(tab, "the vendor says so");

  const then = new Date(server.world.clock.nowMs()).toISOString();
  server.world.clock.advance(3_600_000);
  await tab.getByRole("button", { name: /^Correct 0\.5/u }).click();
  await tab.getByLabel("Value").fill("3");
  await tab.getByLabel("Where it comes from").fill("our own log");
  await tab.getByLabel("Until").fill("2021-01-01");
  await tab.getByRole("button", { name: "Correct it" }).click();
  await see(tab, "2 periods");
  await expectSound(tab, "a fact over time");

  await tab.goto(decision);
  await tab.getByRole("button", { name: "Record the outcome" }).click();
  await see(tab, "Thought to be 80 % sure.");
  await tab.getByLabel("Outcome").selectOption("failed");
  await tab.getByLabel("What was seen").fill("It was down for three hours in March.");
  await tab.getByRole("button", { name: "Record it" }).click();
  await see(tab, /It was down for three hours in March\./u);
  await expectSound(tab, "a decision with its outcome");
  await tab.getByRole("link", { name: "Replace it" }).click();
  await tab.getByLabel("Choose Files").check();
  await tab.getByRole("textbox", { name: "Why" }).fill("Simpler, and never down.");
  await tab.getByRole("button", { name: "Put it on record" }).click();
  await see(tab, "Simpler, and never down.");

  await tab.goto(`${server.url}/memory/beliefs`);
  await tab.getByLabel("About").fill("database");
  await tab.getByRole("button", { name: "Ask" }).click();
  await see(tab, "Nothing changed since.");
  await tab.goto(`${server.url}/memory/beliefs?about=database&at=${then}&valid=2020-06-01T00:00:00Z`);
  await see(tab, "corrected since");
  for (const shown of ["0.5", "our own log", "recorded since", /outcome known since/u, /superseded since/u]) await see(tab, shown);
  expect(await tab.getByText("not on record").count()).toBe(1);
  await expectSound(tab, "what was believed");
  await tab.getByRole("link", { name: "Database of orders" }).click();
  await tab.getByRole("heading", { name: "Database of orders: hours down a month" }).waitFor();
});
