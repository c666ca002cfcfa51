import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PageWorld } from "../../../test/support/page-world.ts";
import { openWorldFile, signIn, type WorldFile } from "../../../test/support/web-tabs.ts";
import { dark, expectSound, light, phone } from "../../../test/support/sound-page.ts";
import { requestKind } from "../../core/requests/request.ts";
import { asId } from "../../core/shared/ids.ts";

/* Budgets under Settings and on the page of a request, over the real surface and engine. */

let page: WorldFile;
let server: PageWorld;
let tab: Page;

beforeAll(async () => {
  page = await openWorldFile();
  ({ server, tab } = page);
});

afterAll(() => page[Symbol.asyncDispose]());

/** Two calls for a request, one of them still on its way. */
async function spend(): Promise<string> {
  const { world } = server;
  const { id, label } = await world.filed("Paint the fence");
  const { engine } = world.use;
  const organizationId = asId<"organization">(world.organizationId);
  const scope = { organizationId, projectIds: [asId<"project">(world.projectId)] };
  const request = await engine.read(scope, (reader) => reader.get(requestKind, id));
  const caller = (key: string) => ({
    organizationId,
    projectId: request?.projectId ?? null,
    actor: { kind: "system", id: "worker" } as const,
    key,
  });
  const subject = { requestId: id, taskId: null, attemptId: null, personaKey: "writer", provider: "one", model: "small" };
  const reserve = (key: string, costMicro: number) =>
    engine.apply(caller(key), { kind: "reserve-spend", ...subject, demand: { costMicro, tokens: 2_000, runs: 1, wallMs: 9_000 } });
  const first = await reserve("spend:1", 1_500_000);
  await engine.apply(caller("settle:1"), {
    kind: "settle-spend",
    reservationId: first["reservationId"] as string,
    used: { costMicro: 1_210_000, tokens: 1_400, wallMs: 4_000 },
  });
  await reserve("spend:2", 500_000);
  return label;
}

test("budgets are read, raised with a reason, added and taken away; the request shows its parts", async () => {
  const label = await spend();
  await signIn(tab, server);
  await tab.goto(`${server.url}/settings/budgets`);
  await tab.getByRole("heading", { name: /The organization a day/u }).waitFor();
  await tab.getByText("1.21 spent of", { exact: false }).first().waitFor();
  await expectSound(tab, "budgets", [light, dark, phone]);
  await tab.getByRole("button", { name: "Change the budget of each request" }).click();
  const form = tab.getByRole("form", { name: "The budget of each request" });
  await form.getByLabel(/Money in/u).fill("7x");
  await form.getByText("This is no number.").waitFor();
  await form.getByLabel(/Money in/u).fill("7.50");
  expect(await form.getByRole("button", { name: "Set the budget" }).isDisabled()).toBe(true);
  await form.getByLabel("Why").fill("Larger work");
  await form.getByRole("button", { name: "Set the budget" }).click();
  await tab.getByText(/7\.50/u).first().waitFor();
  await tab.getByText(/: Larger work/u).waitFor();
  await tab.getByRole("button", { name: "Add a budget" }).click();
  const added = tab.getByRole("form", { name: "A new budget" });
  await added.getByLabel("For").selectOption("provider");
  await added.getByLabel("The provider's name").fill("one");
  await added.getByLabel("Counted").selectOption("window");
  await added.getByLabel("Tokens").fill("2000000");
  await added.getByLabel("Why").fill("Our plan");
  await expectSound(tab, "a new budget", [light, phone]);
  await added.getByRole("button", { name: "Set the budget" }).click();
  await tab.getByRole("heading", { name: /Provider one in any 5 h/u }).waitFor();
  await tab.getByRole("button", { name: "Set a price" }).click();
  for (const [field, value] of [
    ["Provider", "one"],
    ["Model", "small"],
    ["Input, a million tokens", "3"],
    ["Output, a million tokens", "15"],
    ["Where it stands", "the contract"],
  ] as const)
    await tab.getByLabel(field, { exact: true }).fill(value);
  await tab.getByRole("button", { name: "Set the price" }).click();
  await tab.getByRole("rowheader", { name: "one/small" }).waitFor();
  await expectSound(tab, "prices", [light]);
  await tab.goto(`${server.url}/requests/${label}`);
  const strip = tab.getByRole("region", { name: "Budget" });
  await strip.getByRole("button", { name: "Show the parts" }).click();
  await strip.getByText(/2 calls, 3400 tokens, 1 on the way/u).waitFor();
  await expectSound(tab, "a request with its parts", [light, dark, phone]);
});
