import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/shared/json.ts";
import { generatePrototype } from "../../src/divisions/engineering/prototypes/prototype-generation.ts";
import { openBrowser } from "../support/page-browser.ts";
import { dark, expectSound, light, phone } from "../support/sound-page.ts";

let browser: Browser;
let folder: string;
let tab: Page;
const asked: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  folder = await mkdtemp(path.join(os.tmpdir(), "xvc-prototype-"));
  const specification = JSON.parse(
    readFileSync(path.join(import.meta.dirname, "../../examples/tools/prototype.json"), "utf8"),
  ) as JsonObject; // our own example
  const made = generatePrototype({ specification, files: [] });
  await writeFile(path.join(folder, "shop.html"), made.kind === "done" ? (made.file?.text ?? "") : "");
  tab = await browser.newPage();
  tab.on("request", (request) => asked.push(request.url()));
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

const title = (name: string) => tab.getByRole("heading", { level: 1, name });

test("a prototype is clicked through from its file, one screen at a time, sound in light, dark and on a phone", async () => {
  await tab.goto(pathToFileURL(path.join(folder, "shop.html")).href);
  await title("Welcome").waitFor();
  await expectSound(tab, "the first screen", [phone]);
  await tab.getByRole("link", { name: "Order" }).click();
  await title("Basket").waitFor();
  expect(await tab.getByRole("heading", { level: 1 }).count()).toBe(1);
  await tab.getByLabel("Name").fill("Kim");
  await tab.getByLabel("Tomorrow").check();
  await expectSound(tab, "a form", [light, dark, phone]);
  await tab.getByRole("navigation", { name: "States of Basket" }).getByRole("link", { name: "empty" }).click();
  await tab.getByText("Nothing is in your basket.").waitFor();
  await tab.goBack();
  await tab.getByRole("link", { name: "Pay" }).press("Enter");
  await title("Thank you").waitFor();
  await tab.getByText("All screens").click();
  await tab.getByRole("contentinfo").getByRole("link", { name: "Welcome" }).click();
  await title("Welcome").waitFor();
  // The file alone; nothing was loaded beside it.
  expect(asked.filter((address) => !address.startsWith("file:"))).toEqual([]);
});
