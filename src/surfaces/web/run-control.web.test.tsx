import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { dark, expectSound, light, phone } from "../../../test/support/sound-page.ts";
import { tasks } from "../../../test/support/web-scenario.ts";
import { fixtureTabs, postedTo } from "../../../test/support/web-tabs.ts";
import type { WebFixture } from "../../../test/support/web-fixture.ts";
import type { TurnsDocument } from "../../contract/provider-contract.ts";

let server: WebFixture;
let tab: Page;
const open = fixtureTabs();

beforeEach(async () => {
  ({ server, tab } = await open());
});

const label = "ENG-6/backend_implementation";
const path = `/api/tasks/${label}`;
/** As the page asks for it. */
const asked = `/api/tasks/${encodeURIComponent(label)}`;
const turn = {
  id: "018bcfe5-6800-7000-8000-000000000901",
  number: 2,
  attempt: 1,
  state: "asked",
  purpose: "work",
  provider: "ollama",
  model: "small",
  askedAtMs: 1_795_000_000_000,
  endedAtMs: null,
  inputTokens: null,
  outputTokens: null,
  costMicro: 0,
  said: "",
  calls: [],
  failure: null,
  route: {
    source: "project",
    place: 2,
    of: 2,
    over: [{ model: "anthropic/claude", rule: "rate-limited", message: "It was asked too often; it is asked again later." }],
  },
} as const;

test("running work is heard while it is said, and is paused, told something and stopped by a person", async () => {
  const task = tasks.find((one) => one.label === label);
  const attempts = (task?.attempts ?? []).map((one) => ({ ...one, executor: "model", state: "running", endedAtMs: null }));
  server.answers.set(asked, { ...task, state: "running", mine: false, attempts });
  const turns: TurnsDocument = {
    schema: "xvc.turns/1",
    items: [turn],
    currency: "EUR",
    nextTryAtMs: null,
    restReason: null,
    pausedBy: null,
    notes: [{ note: "Keep the old API.", by: "Dana", atMs: 1_795_000_000_000 }],
  };
  server.answers.set(`${asked}/turns`, turns);
  await tab.goto(`${server.url}/task/${label}`);
  await tab.getByText(/Model 2 of 2 in the project/u).waitFor();
  const words = tab.getByLabel("What it says now");
  await expect
    .poll(async () => {
      server.say({ turnId: turn.id, kind: "text", text: "First I read the invoices. " });
      return words.count();
    })
    .toBe(1);
  expect(await words.textContent()).toContain("First I read the invoices.");
  server.say({ turnId: turn.id, kind: "calling", text: "memory.search" });
  await tab.getByText("is about to call").waitFor();
  await tab.getByRole("button", { name: "Stop it" }).click();
  await expectSound(tab, "work while it runs", [dark, phone, light]);
  await tab.getByRole("textbox", { name: "Why" }).fill("It goes the wrong way");
  await tab.getByRole("button", { name: "End its work" }).click();
  expect(await postedTo(server, `${path}/stop`)).toEqual({ reason: "It goes the wrong way" });
  await tab.getByLabel("Tell it something").fill("Use the ledger");
  await tab.getByRole("button", { name: "Tell it" }).click();
  expect(await postedTo(server, `${path}/steer`)).toEqual({ note: "Use the ledger" });
  await tab.getByRole("button", { name: "Pause it" }).click();
  expect(await postedTo(server, `${path}/pause`)).toEqual({});
  server.answers.set(`${asked}/turns`, { ...turns, pausedBy: "Dana" });
  await tab.reload();
  await tab.getByRole("button", { name: "Let it go on" }).waitFor();
});
