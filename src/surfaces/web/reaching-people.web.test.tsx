import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PageWorld } from "../../../test/support/page-world.ts";
import { openWorldFile, signIn, type WorldFile } from "../../../test/support/web-tabs.ts";
import { inboxItemKind } from "../../core/oversight/inbox-item.ts";
import { requestKind } from "../../core/requests/request.ts";
import { linkToken } from "../../engine/oversight/link-token.ts";
import { dark, expectSound, light, phone } from "../../../test/support/sound-page.ts";

/* Channels under Settings, and the page of a mailed link, over the real surface. */

let page: WorldFile;
let server: PageWorld;
let tab: Page;

beforeAll(async () => {
  page = await openWorldFile();
  ({ server, tab } = page);
});

afterAll(() => page[Symbol.asyncDispose]());

test("channels are added, tried, paused and removed under Settings, and a feed's address is shown once", async () => {
  await signIn(tab, server);
  await tab.goto(`${server.url}/settings/notifications`);
  await tab.getByText("No channel yet").waitFor();
  await tab.getByLabel("How", { exact: true }).selectOption("feed");
  await tab.getByLabel("Name", { exact: true }).fill("My calendar");
  await tab.getByRole("button", { name: "Add the channel" }).click();
  await tab.getByText(/\/feed\/[0-9a-f]{96}\./u).waitFor();
  await tab.getByRole("button", { name: "I have kept it" }).click();
  await tab.getByLabel("How", { exact: true }).selectOption("webhook");
  await tab.getByLabel("Address", { exact: true }).fill("http://127.0.0.1:9/x");
  await tab.getByRole("button", { name: "Add the channel" }).click();
  await tab.getByText("is not on the public internet").waitFor();
  await tab.getByLabel("Address", { exact: true }).fill("https://hooks.example.org/services/secret");
  await tab.getByLabel("For the whole organization").check();
  await tab.getByRole("button", { name: "Add the channel" }).click();
  await tab.getByText(/^whsec_/u).waitFor();
  const channels = tab.getByRole("list", { name: "Channels" });
  await tab.getByRole("button", { name: "Send a test to Signed webhook" }).click();
  await channels.getByText("Last test arrived").waitFor();
  expect(server.world.sent.map(({ to }) => to.kind)).toEqual(["url"]);
  await tab.getByRole("button", { name: "7 topics of Signed webhook" }).click();
  await tab.getByRole("checkbox", { name: "Reminders" }).uncheck();
  await tab.getByRole("button", { name: "6 topics of Signed webhook" }).waitFor();
  await tab.getByRole("button", { name: "Pause Signed webhook" }).click();
  await channels.getByText("Paused: by a person").waitFor();
  await expectSound(tab, "channels", [light]);
  await tab.getByRole("button", { name: "Remove My calendar" }).click();
  await tab.getByRole("button", { name: "Yes, remove My calendar now" }).click();
  await tab.getByRole("button", { name: "Remove My calendar" }).waitFor({ state: "detached" });
});

/** A question to the person, and the link that a mail about it would carry. */
async function mailed(): Promise<{ readonly itemId: string; readonly link: string; readonly state: () => Promise<string | undefined> }> {
  const { world } = server;
  const made = await world.json(
    world.asToken("POST", "/api/channels", { body: { form: "mail", name: "Mail", address: "dana@acme.example" } }),
  );
  const { id: requestId } = (await world.json(world.asToken("POST", "/api/requests", { body: { text: "Paint the door" } }))) as {
    readonly id: string;
  };
  const scope = { organizationId: world.organizationId, projectIds: [world.projectId] };
  const request = await world.engine.read(scope, (reader) => reader.get(requestKind, requestId));
  await world.system({
    kind: "record-brief",
    requestId,
    epoch: request?.epoch ?? 0,
    questions: [
      {
        id: "q",
        title: "Which colour should the door have?",
        detail: "Nothing was said about it. Work goes on once this is answered.",
        ruleId: "test",
        choices: [
          { id: "answer", label: "Answer", needs: "text" },
          { id: "skip", label: "You choose", needs: "nothing" },
        ],
      },
    ],
    brief: { interpretation: "", goals: [], constraints: [], unknowns: [], options: [], approach: "", riskClass: "low", playbook: null },
  });
  const read = () => world.engine.read(scope, (reader) => reader.find(inboxItemKind, { where: { requestId }, limit: 1 }));
  const itemId = (await read())[0]?.id ?? "";
  const filed = await world.system({
    kind: "file-notice",
    channelId: (made["channel"] as { readonly id: string }).id,
    personId: world.personId,
    topic: "needs-you",
    subjectKind: "inbox_item",
    subjectId: itemId,
    payload: { title: "Which colour should the door have?", requestLabel: "ENG-1", itemId },
    holdUntilMs: null,
  });
  const token = linkToken(world.use.reach.vault, "confirm", world.organizationId, world.projectId, filed["id"] as string);
  return { itemId, link: `${server.url}/confirm/${token}`, state: async () => (await read())[0]?.state };
}

test("a mailed link shows what is asked to whoever is not signed in, acts on a press alone, and once", async () => {
  const { link, state } = await mailed();
  const outside = await page.browser.newContext({ viewport: { width: 390, height: 844 }, reducedMotion: "reduce" });
  try {
    const page = await outside.newPage();
    await page.goto(link);
    await page.getByRole("heading", { name: "Which colour should the door have?" }).waitFor();
    await page.getByText("You answer as Dana").waitFor();
    expect(await state()).toBe("open");
    await expectSound(page, "a mailed link", [phone]);
    await page.getByLabel("Your answer").fill("blue");
    await page.getByRole("button", { name: "Answer" }).click();
    await page.getByRole("heading", { name: "Your answer is on record" }).waitFor();
    expect(await state()).toBe("answered");
    await page.goto(link);
    await page.getByText("This was already answered").waitFor();
    await page.goto(`${link}x`);
    await page.getByRole("heading", { name: "This link cannot be used" }).waitFor();
  } finally {
    await outside.close();
  }
  await tab.goto(`${server.url}/settings/notifications`);
  await tab.getByRole("list", { name: "Messages" }).getByText("ENG-1 Which colour should the door have?").waitFor();
  await expectSound(tab, "channels and messages", [phone, dark]);
});
