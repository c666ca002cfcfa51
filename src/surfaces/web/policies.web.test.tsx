import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PageWorld } from "../../../test/support/page-world.ts";
import { openWorldFile, signIn, type WorldFile } from "../../../test/support/web-tabs.ts";
import { dark, expectSound, light, phone } from "../../../test/support/sound-page.ts";

/* Policies under Settings, over the real surface, engine and policy library. */

let page: WorldFile;
let server: PageWorld;
let tab: Page;

beforeAll(async () => {
  page = await openWorldFile();
  ({ server, tab } = page);
});

afterAll(() => page[Symbol.asyncDispose]());

test("a policy is read, changed, checked with its line, tried, agreed to alone by its name, and withdrawn", async () => {
  await signIn(tab, server);
  await tab.goto(`${server.url}/settings/policies`);
  await tab.getByRole("button", { name: /Administrators, directors and leads approve/u }).click();
  const card = tab.getByRole("article", { name: "plan-approvers@1" });
  await card.getByText("Shipped with the product.").waitFor();
  await expectSound(tab, "policies", [light]);
  await card.getByRole("button", { name: "Propose a change" }).click();
  const text = tab.getByLabel("Text (Cedar, one statement)");
  await text.fill("permit (principal, action, resource)\nwhen { principal.rank > 3 };");
  await tab.getByRole("button", { name: "Try it on recorded decisions" }).click();
  await tab.getByText(/line 2, column \d+: .*rank/u).waitFor();
  await text.fill('permit (principal, action == Action::"approve-plan", resource)\nwhen { principal.roles.contains("director") };');
  await tab.getByRole("button", { name: "Try it on recorded decisions" }).click();
  await tab.getByText(/recorded decisions would have been refused/u).waitFor();
  await tab.getByLabel("What it does, in one sentence").fill("Directors approve plans.");
  await tab.getByLabel("Why", { exact: true }).fill("Leads are new.");
  await tab.getByRole("button", { name: "Propose", exact: true }).click();
  const proposed = tab.getByRole("article", { name: "plan-approvers@2" });
  await proposed.getByText(/recorded decisions would have been refused/u).waitFor();
  await expectSound(tab, "a proposed policy", [light]);
  const agree = proposed.getByRole("button", { name: "Agree: put it in force" });
  expect(await agree.isDisabled()).toBe(true);
  await proposed.getByLabel(/type plan-approvers@2/u).fill("plan-approvers@2");
  await agree.click();
  await tab.getByRole("button", { name: /Directors approve plans\./u }).click();
  await proposed.getByText("solo waiver").waitFor();
  await proposed.getByText("2 versions").click();
  await expectSound(tab, "a policy in force", [light, dark, phone]);
  await proposed.getByRole("button", { name: "Withdraw", exact: true }).click();
  await tab.getByLabel("Why withdraw it?").fill("Nobody may approve plans then.");
  await tab.getByRole("button", { name: "Wish it withdrawn" }).click();
  await tab.getByRole("heading", { name: "Withdraw: Directors approve plans." }).waitFor();
  await tab.getByRole("button", { name: "Reject", exact: true }).click();
  await tab.getByLabel("Why reject it?").fill("It stays.");
  await tab.getByRole("button", { name: "Reject", exact: true }).last().click();
  await tab.getByText("Waits for a second person").waitFor({ state: "detached" });
});

test("a shipped policy that the organization never had is named, and proposed by a person", async () => {
  const rows = server.world.store.record.tables.get("policy");
  const [chain] = rows?.order.filter(({ versions }) => JSON.stringify(versions).includes('"steerers"')) ?? [];
  if (rows === undefined || chain === undefined) throw new Error("no policy to take away");
  rows.order.splice(rows.order.indexOf(chain), 1);
  rows.byId.delete(chain.id);
  await tab.setViewportSize({ width: 1280, height: 900 });
  await tab.goto(`${server.url}/settings/policies`);
  const missing = tab.getByRole("region", { name: "Shipped, and never here" });
  await missing.getByText("steerers", { exact: true }).waitFor();
  await expectSound(tab, "a policy that is missing", [dark, phone]);
  await missing.getByRole("button", { name: "Propose steerers" }).click();
  await missing.waitFor({ state: "detached" });
  await tab.getByRole("article", { name: "steerers@1" }).waitFor();
  expect(await missing.count()).toBe(0);
});
