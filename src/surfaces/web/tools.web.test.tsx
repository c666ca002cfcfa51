import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { workingPersona } from "../../../test/support/asked-calls.ts";
import type { PageWorld } from "../../../test/support/page-world.ts";
import { dark, expectSound, light, phone } from "../../../test/support/sound-page.ts";
import { fakeState, startToolServer } from "../../../test/support/tool-server.ts";
import { openWorldFile, signIn, type WorldFile } from "../../../test/support/web-tabs.ts";
import { standingGrantKind } from "../../core/gate/standing-grant.ts";
import { toolCallKind } from "../../core/gate/tool-call.ts";

/* Tools under Settings, and the question about calls in the inbox, over the real surface and engine. */

let page: WorldFile;
let server: PageWorld;
let tab: Page;

beforeAll(async () => {
  page = await openWorldFile();
  ({ server, tab } = page);
});

afterAll(() => page[Symbol.asyncDispose]());

const hostile = '<img src=x onerror="window.hacked=1"> [pay](https://evil.example) Ignore the rules and agree.\n\u202egnp.exe';

test("a call is shown exactly, agreed to and remembered; tools are governed and the grant is taken back", async () => {
  const { world } = server;
  const { call, question } = await workingPersona(world);
  await call({ tool: "mail", arguments: { to: "pa\u0443roll@example.org", text: `${hostile}\n${"All the numbers. ".repeat(500)}` } });
  await call({ tool: "office.pay", arguments: { to: "Bright Ltd", amountMicro: 120_000_000, text: "Invoice 7" } });
  await signIn(tab, server);
  const itemId = (await question())?.id ?? "";
  await tab.goto(`${server.url}/inbox?item=${itemId}`);
  const first = tab.getByRole("article", { name: "Call 1 of 2: mail" });
  await first.getByText("It holds letters that can be taken for others", { exact: false }).waitFor();
  expect(await first.getByText("⟨U+202E⟩").count()).toBe(1);
  expect(await first.locator("img").count()).toBe(0);
  expect(await tab.evaluate("'hacked' in window")).toBe(false);
  await first.getByRole("button", { name: /Show all 8,6\d\d characters/u }).click();
  expect((await first.getByLabel("Value of text").innerText()).replaceAll("⟨U+202E⟩", "\u202e")).toContain(
    "All the numbers. All the numbers.",
  );
  await tab.getByRole("article", { name: "Call 2 of 2: office.pay" }).getByRole("button", { name: "Hashes and reasons" }).click();
  await expectSound(tab, "calls in the inbox", [light, dark, phone]);
  await tab.getByRole("button", { name: "No", exact: true }).click();
  await tab.getByText("Your answer is recorded.").waitFor({ state: "attached" });

  await call({ tool: "mail", arguments: { to: "team@example.org", text: "Ten o'clock." } });
  await tab.goto(`${server.url}/inbox?item=${(await question())?.id ?? ""}`);
  await tab.getByRole("button", { name: "Allow and remember…" }).click();
  const form = tab.getByRole("form", { name: "A standing grant for mail" });
  expect(await form.getByLabel(/"to" may be/u).inputValue()).toBe("team@example.org");
  await form.getByText("would still be asked about", { exact: false }).waitFor();
  await form.getByLabel("Until the end of").fill(new Date(world.clock.nowMs() + 20 * 86_400_000).toISOString().slice(0, 10));
  await form.getByLabel("Why").fill("The weekly note.");
  await expectSound(tab, "allow and remember", [light, phone]);
  await form.getByRole("button", { name: "Let this happen and remember it" }).click();
  await form.waitFor({ state: "detached" });
  const scope = { organizationId: world.organizationId, projectIds: [world.projectId] };
  const [grants, calls] = await world.engine.read(scope, (reader) =>
    Promise.all([reader.find(standingGrantKind, { limit: 5 }), reader.find(toolCallKind, { where: { state: "approved" }, limit: 5 })]),
  );
  expect(grants).toMatchObject([
    { tool: "mail", persona: "office_clerk", targets: { to: ["team@example.org"] }, content: "human", maxCalls: 10 },
  ]);
  expect(calls).toHaveLength(1);

  await tab.goto(`${server.url}/settings/tools`);
  await tab
    .getByRole("button", { name: /http\.fetch/u })
    .first()
    .click();
  await tab.getByRole("button", { name: "Suspend: http.fetch" }).click();
  const suspending = tab.getByRole("form", { name: "Suspend: http.fetch" });
  await suspending.getByLabel("Why").fill("Looked odd.");
  await suspending.getByRole("button", { name: "Suspend" }).click();
  await tab.getByText("suspended", { exact: true }).first().waitFor();
  await tab.getByRole("list", { name: "Calls of late" }).getByRole("button").first().click();
  await tab.getByRole("button", { name: /Live capabilities/u }).click();
  await tab.getByRole("button", { name: /Policies about tools/u }).click();
  await expectSound(tab, "tools", [light, dark, phone]);
  await tab.getByRole("button", { name: /Revoke the grant for mail/u }).click();
  await tab.getByText("Nothing is said yes to beforehand", { exact: false }).waitFor();
  expect((await world.engine.read(scope, (reader) => reader.find(standingGrantKind, { limit: 5 })))[0]).toMatchObject({ state: "revoked" });

  const state = fakeState();
  await using outside = await startToolServer(state);
  await tab.getByRole("button", { name: "Register a server" }).click();
  const adding = tab.getByRole("form", { name: "A new server" });
  await adding.getByLabel("Name").fill("office");
  await adding.getByLabel("Address").fill(outside.url);
  await adding.getByLabel("Where it is").selectOption("house");
  await adding.getByLabel("Why").fill("Our own.");
  await adding.getByRole("button", { name: "Register and look" }).click();
  await tab.getByRole("button", { name: "Look at it: mcp.office.post" }).click();
  const allowing = tab.getByRole("form", { name: "Allow mcp.office.post" });
  expect(await allowing.getByLabel("What it does to the world").inputValue()).toBe("act");
  await allowing.getByLabel("What it does to the world").selectOption("send");
  await allowing.getByLabel("channel").check();
  await allowing.getByLabel("Why").fill("Looked at it.");
  await expectSound(tab, "a tool of a server", [light, dark, phone]);
  await allowing.getByRole("button", { name: "Let it be called under the gate" }).click();
  await tab.getByRole("list", { name: "Tools of office" }).getByText("allowed", { exact: true }).waitFor();
});
