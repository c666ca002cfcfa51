import { mkdir, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { expect } from "vitest";
import { patienceMs } from "./page-browser.ts";
import { expectSoundNow, untilDrawn } from "./sound-page.ts";

/* People of one organization, each in a browser of their own, and the mail server that serves them. */

const wide = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };

/** Where pictures of the pages stay after a run. */
export const picturesFolder = path.join(os.tmpdir(), "xvc-screenshots");

/** One person at one browser. */
export interface Seat {
  readonly name: string;
  readonly context: BrowserContext;
  readonly tab: Page;
}

export async function takeSeat(browser: Browser, name: string): Promise<Seat> {
  const context = await browser.newContext({ viewport: wide, reducedMotion: "reduce" });
  context.setDefaultTimeout(patienceMs);
  return { name, context, tab: await context.newPage() };
}

export const button = ({ tab }: Seat, name: string | RegExp) => tab.getByRole("button", { name, exact: typeof name === "string" });

export async function sees({ tab }: Seat, text: string | RegExp): Promise<void> {
  await tab.getByText(text).filter({ visible: true }).first().waitFor();
}

export const follow = ({ tab }: Seat, name: string | RegExp) => tab.getByRole("link", { name }).filter({ visible: true }).first().click();
export const labelOf = ({ tab }: Seat): string => new URL(tab.url()).pathname.split("/").at(-1) ?? "";

/** The inbox's item that fits; what came after the list was read is announced, and is shown when asked for. */
async function itemFor({ tab }: Seat, title: RegExp, show: (news: Locator) => Promise<void>): Promise<Locator> {
  const row = tab.getByRole("list", { name: "Items" }).getByRole("link").filter({ hasText: title }).first();
  const news = tab.getByRole("button", { name: /new: show$/u });
  await row.or(news).first().waitFor();
  while (!(await row.isVisible())) {
    await show(news);
    await row.or(news).first().waitFor();
  }
  return row;
}

/** An administrator's invitation: who it is for, what they become, and the link that is shown once. */
export async function invite(by: Seat, name: string, email: string, role: "Lead" | "Contributor"): Promise<string> {
  await button(by, "Invite somebody").click();
  const dialog = by.tab.getByRole("dialog", { name: "Invite somebody" });
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByLabel("E-mail").fill(email);
  await dialog.getByRole("checkbox", { name: /^Contributor/u }).setChecked(role === "Contributor");
  await dialog.getByRole("checkbox", { name: new RegExp(`^${role}`, "u") }).check();
  await dialog.getByRole("button", { name: "Make the invitation" }).click();
  const link = await dialog.locator("code").textContent();
  await dialog.getByRole("button", { name: "Done" }).click();
  return link ?? "";
}

const looks = [
  ["light", wide, true],
  ["dark", wide, false],
  ["dark", phone, false],
  ["light", phone, false],
] as const;

/** Pictures of the page as it stands, in both themes, wide and on a phone; judged where it is read first. */
export async function keepLooks(seat: Seat, what: string): Promise<void> {
  await mkdir(picturesFolder, { recursive: true });
  const { tab } = seat;
  for (const [colorScheme, size, judged] of looks) {
    await tab.emulateMedia({ colorScheme });
    await tab.setViewportSize(size);
    await untilDrawn(tab);
    await tab.screenshot({ path: path.join(picturesFolder, `${what}-${colorScheme}-${String(size.width)}.png`) });
    if (judged) await expectSoundNow(tab, `${what}, ${colorScheme}, ${String(size.width)} px`);
  }
  await tab.emulateMedia({ colorScheme: "light" });
  await tab.setViewportSize(wide);
}

/** What everybody saw when it failed. */
export async function keepFailure(seats: readonly Seat[], what: string): Promise<void> {
  await mkdir(picturesFolder, { recursive: true });
  const file = (seat: Seat): string => path.join(picturesFolder, `failed-${what.replaceAll(/\W+/gu, "-").slice(0, 60)}-${seat.name}.png`);
  for (const seat of seats) await seat.tab.screenshot({ path: file(seat) });
}

/** How somebody works the page. */
export interface Hands {
  readonly size: { readonly width: number; readonly height: number };
  /** Presses the button or follows the link of that name. */
  press(seat: Seat, role: "button" | "link", name: string | RegExp): Promise<void>;
  /** Presses the button that sends the form of that name. */
  send(seat: Seat, form: string): Promise<void>;
  write(seat: Seat, field: string | RegExp, text: string): Promise<void>;
  /** Opens the inbox item whose title fits, also where it came after the list and is only announced. */
  open(seat: Seat, item: RegExp): Promise<void>;
  /** To a page by its letter after G, or by its name in the bar of a phone. */
  go(seat: Seat, place: string, key: string): Promise<void>;
}

const sender = ({ tab }: Seat, form: string) => tab.getByRole("form", { name: form }).getByRole("button", { name: form });

export const touch: Hands = {
  size: phone,
  press: ({ tab }, role, name) => tab.getByRole(role, { name }).filter({ visible: true }).first().click(),
  send: (seat, form) => sender(seat, form).click(),
  async open(seat, item) {
    const row = await itemFor(seat, item, (news) => news.click());
    await row.click();
  },
  write: ({ tab }, field, text) => tab.getByLabel(field).filter({ visible: true }).first().fill(text),
  go: ({ tab }, place) => tab.getByRole("link", { name: place }).filter({ visible: true }).first().click(),
};

/** Every stop of a page is within this many presses of Tab. */
const maxStops = 150;

/** Steps through the page until the focus is there: what Tab does not reach, nobody reaches. */
async function tabTo({ tab }: Seat, target: Locator): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < maxStops; presses++) {
    if ((await target.and(tab.locator(":focus")).count()) > 0) return;
    await tab.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${String(target)}`);
}

export const keyboard: Hands = {
  size: wide,
  async press(seat, role, name) {
    await tabTo(seat, seat.tab.getByRole(role, { name }).filter({ visible: true }).first());
    await seat.tab.keyboard.press("Enter");
  },
  async send(seat, form) {
    await tabTo(seat, sender(seat, form));
    await seat.tab.keyboard.press("Enter");
  },
  async open(seat, item) {
    const enter = async (target: Locator): Promise<void> => {
      await tabTo(seat, target);
      await seat.tab.keyboard.press("Enter");
    };
    await enter(await itemFor(seat, item, enter));
  },
  async write(seat, field, text) {
    await tabTo(seat, seat.tab.getByLabel(field).filter({ visible: true }).first());
    await seat.tab.keyboard.type(text);
  },
  async go({ tab }, _place, key) {
    await tab.evaluate("document.activeElement?.blur()");
    await tab.keyboard.press("g");
    await tab.keyboard.press(key);
  },
};

/** One task for a person, of little risk, that code alone checks. */
export async function writePlaybook(folder: string): Promise<string> {
  const task = {
    task: "paint",
    title: "Paint it",
    persona: "contributor",
    executor: "human",
    dependencies: [],
    outputs: ["paint.md"],
    tools: ["document_writing"],
    skills: ["painting"],
  };
  const acceptance = [{ id: "a1", statement: "It is there.", check: { kind: "output", output: "paint.md" } }];
  const plan = {
    schema: "xvc.plan/1",
    request: "Paint",
    version: 1,
    decomposition: [{ ...task, risk: "low", review: "checks", acceptance }],
  };
  const playbook = {
    schema: "xvc.playbook/1",
    name: "painting",
    division: "engineering",
    version: 1,
    matches: ["xyzzy"],
    inputs: [],
    deliverable: ["paint.md"],
    plan,
  };
  const file = path.join(folder, "playbook.json");
  await writeFile(file, JSON.stringify(playbook));
  return file;
}

/** A mail server of this machine. */
export interface Postbox extends AsyncDisposable {
  readonly url: string;
  /** The address of that kind in the newest letter to somebody whose subject holds the words; waits for it. */
  linkIn(to: string, words: string, kind: RegExp): Promise<string>;
}

export async function openPostbox(): Promise<Postbox> {
  const letters: { readonly to: readonly string[]; readonly raw: Buffer }[] = [];
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => void parts.push(part));
      stream.on("end", () => {
        letters.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(parts) });
        done();
      });
    },
  });
  // A server that is killed leaves its connection half open; that is what is tested elsewhere.
  smtp.on("error", () => {});
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  const { port } = smtp.server.address() as AddressInfo; // a TCP server has one
  const find = async (to: string, words: string, kind: RegExp): Promise<string | undefined> => {
    for (const letter of letters.toReversed()) {
      if (!letter.to.includes(to)) continue;
      const { subject = "", text = "" } = await PostalMime.parse(letter.raw);
      if (subject.includes(words) || text.includes(words)) return kind.exec(text)?.[0];
    }
    return undefined;
  };
  return {
    url: `smtp://127.0.0.1:${String(port)}`,
    async linkIn(to, words, kind) {
      await expect.poll(() => find(to, words, kind), { timeout: patienceMs }).toBeDefined();
      return (await find(to, words, kind)) ?? "";
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => smtp.close(() => resolve())),
  };
}
