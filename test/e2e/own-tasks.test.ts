import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/shared/json.ts";
import { textAt } from "../../src/surfaces/cli/output.ts";
import { type LiveHome, openLiveHome } from "../support/live-home.ts";
import { ensureLivePage } from "../support/live-page.ts";
import { openBrowser, patienceMs } from "../support/page-browser.ts";

let home: LiveHome;
let place: string;
let browser: Browser;
let context: BrowserContext;
let tab: Page;
let url: string;

beforeAll(async () => {
  await ensureLivePage();
  home = await openLiveHome();
  place = await mkdtemp(path.join(os.tmpdir(), "xvc-own-tasks-"));
  const server = await home.up();
  url = server.url;
  browser = await openBrowser();
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  context.setDefaultTimeout(patienceMs);
  tab = await context.newPage();
  await tab.goto(server.signInUrl);
  await tab.getByRole("button", { name: "Sign in on this browser" }).click();
  await tab.getByRole("heading", { level: 1 }).waitFor();
});

afterAll(async () => {
  await browser.close();
  await home.remove();
  await rm(place, { recursive: true, force: true });
});

const rest = async (label: string): Promise<number> => (await home.xvc("request", "wait", label, "-q")).exit;
const show = (label: string): Promise<JsonObject> => home.get(`/api/requests/${label}`);
const button = (name: string | RegExp) => tab.getByRole("button", { name, exact: typeof name === "string" });

async function file(name: string, text: string): Promise<string> {
  await writeFile(path.join(place, name), text);
  return path.join(place, name);
}

/** A request that no playbook fits: it becomes a question. */
async function asked(text: string): Promise<string> {
  const label = textAt(await home.json("request", "submit", text), "label");
  expect(await rest(label)).toBe(8);
  expect(await show(label)).toMatchObject({
    state: "needs-input",
    inbox: [{ kind: "question", choices: [{ id: "playbook" }, { id: "tasks" }, { id: "one-task" }] }],
  });
  return label;
}

const checked = (output: string) => [{ id: "a1", statement: "It is there.", check: { kind: "output", output } }];

async function workByCommand(label: string, key: string, output: string): Promise<void> {
  const result = await file(output, `# ${key}\n`);
  await home.json("task", "claim", `${label}/${key}`);
  await home.json("task", "submit", `${label}/${key}`, "--output", `${output}=${result}`, "--minutes", "5");
}

describe.concurrent("from the command line", () => {
  test("a playbook that a person picks is planned, worked off and delivered", async () => {
    const plan = {
      decomposition: [
        {
          task: "paint",
          title: "Paint it",
          persona: "contributor",
          executor: "human",
          dependencies: [],
          outputs: ["paint.md"],
          review: "checks",
          acceptance: checked("paint.md"),
        },
      ],
    };
    await home.json(
      "playbook",
      "add",
      await file(
        "playbook.json",
        JSON.stringify({
          schema: "xvc.playbook/1",
          name: "painting",
          version: 1,
          matches: ["xyzzy"],
          inputs: [],
          deliverable: ["paint.md"],
          plan: { schema: "xvc.plan/1", request: "Paint", version: 1, ...plan },
        }),
      ),
    );
    const label = await asked("The fence looks old");
    await home.json("inbox", "answer", label, "playbook", "--value", "painting");
    expect(await rest(label)).toBe(8);
    // A playbook is nobody's own work: no waiver is asked.
    await home.json("plan", "approve", label);
    await workByCommand(label, "paint", "paint.md");
    expect(await rest(label)).toBe(0);
    expect(await show(label)).toMatchObject({
      state: "delivered",
      plan: { origin: { kind: "playbook", name: "painting@1" } },
      deliverable: { files: [{ name: "paint.md" }] },
      decisions: [{ soloWaiver: false }],
    });
  });

  test.each([
    [
      "a checklist",
      "tasks.md",
      "# Fence\n\n- [ ] Buy paint (key: buy; makes: buy.md)\n- [ ] Paint the fence (key: paint; makes: paint.md)\n",
    ],
    [
      "a table",
      "table.json",
      JSON.stringify([
        { task: "buy", title: "Buy paint", makes: "buy.md" },
        { task: "paint", title: "Paint the fence", after: "buy", makes: "paint.md" },
      ]),
    ],
    [
      "a plan as JSON",
      "plan.json",
      JSON.stringify({
        decomposition: [
          { task: "buy", title: "Buy paint", persona: "contributor", executor: "human", dependencies: [], outputs: ["buy.md"] },
          {
            task: "paint",
            title: "Paint the fence",
            persona: "contributor",
            executor: "human",
            dependencies: ["buy"],
            outputs: ["paint.md"],
          },
        ],
      }),
    ],
  ])("tasks written as %s are planned in their order", async (what, name, text) => {
    const label = await asked(`The fence needs ${what}`);
    await home.json("inbox", "answer", label, "tasks", "--file", await file(name, text));
    expect(await rest(label)).toBe(8);
    const { decomposition } = await home.json("plan", "show", label);
    expect(decomposition).toMatchObject([
      { task: "buy", dependencies: [], outputs: ["buy.md"] },
      { task: "paint", dependencies: ["buy"], outputs: ["paint.md"] },
    ]);
    await home.json("request", "cancel", label);
  });

  test("written tasks run to delivery; deciding about one's own work alone needs the short id, and is recorded", async () => {
    const label = await asked("Tidy the garden");
    await home.json("inbox", "answer", label, "tasks", "--value", "- Mow the lawn (key: mow; makes: mow.md)");
    expect(await rest(label)).toBe(8);
    const refused = await home.xvc("plan", "approve", label);
    expect([refused.exit, refused.out]).toEqual([5, ""]);
    expect(refused.err).toContain(`confirm by typing ${label}`);
    expect((await home.xvc("plan", "approve", label, "--confirm", "yes")).exit).toBe(5);
    await home.json("plan", "approve", label, "--confirm", label);
    await workByCommand(label, "mow", "mow.md");
    expect(await rest(label)).toBe(8);
    expect((await home.xvc("inbox", "answer", label, "fail", "--reason", "A corner is left.")).exit).toBe(5);
    await home.json("inbox", "answer", label, "fail", "--reason", "A corner is left.", "--confirm", label);

    // The point of the review has to be answered with the next submission.
    expect(await rest(label)).toBe(8);
    await home.json("task", "claim", `${label}/mow`);
    const [point] = (await home.json("task", "show", `${label}/mow`))["reworkPoints"] as readonly {
      readonly id: string;
      readonly text: string;
    }[]; // `xvc.task/1`
    expect(point?.text).toBe("A corner is left.");
    const output = `mow.md=${path.join(place, "mow.md")}`;
    const silent = await home.xvc("task", "submit", `${label}/mow`, "--output", output);
    expect(silent.exit).toBe(2);
    expect(silent.err).toMatch(/point/u);
    await home.json("task", "submit", `${label}/mow`, "--output", output, "--answer", `${point?.id ?? ""}=mowed`);
    expect(await rest(label)).toBe(8);
    await home.json("inbox", "answer", label, "pass", "--reason", "All of it.", "--confirm", label);
    expect(await rest(label)).toBe(0);
    const progress = await show(label);
    expect(progress).toMatchObject({ state: "delivered", inbox: [], tasks: [{ status: "integrated", attempts: 2 }] });
    const decisions = progress["decisions"] as readonly { readonly choice: string; readonly soloWaiver: boolean }[]; // `xvc.progress/1`
    expect(decisions.map(({ choice, soloWaiver }) => `${choice} ${String(soloWaiver)}`).toSorted()).toEqual([
      "approve true",
      "fail true",
      "pass true",
    ]);
  });
});

test("one task for a person, from the question to the delivery on the page alone", async () => {
  await tab.goto(`${url}/requests/new`);
  await tab.getByLabel("What do you want done?").fill("Water the plants");
  await button("File the request").click();
  await tab.getByRole("group", { name: "Answers" }).waitFor();
  const label = new URL(tab.url()).pathname.split("/").at(-1) ?? "";
  await button("One task for a person").click();
  await tab.getByLabel("What has to be done").fill("Water all of them");
  await button("Offer this task").click();

  await tab.getByRole("textbox", { name: `Type ${label}` }).fill(label);
  await button("Approve the plan").click();
  await tab.getByRole("link", { name: "My work" }).first().click();
  await tab.getByRole("link", { name: /Water all of them/u }).click();
  await button("Claim it").click();
  await tab.getByLabel(/result/iu).fill("They had a litre each.");
  await button("Hand in").click();

  // It is the same person's work: sent back once, then passed, each with the short id.
  await tab.goto(`${url}/requests/${label}`);
  await button("Does not pass: send back").click();
  await tab.getByLabel("Reason").fill("The cactus as well?");
  await tab.getByRole("textbox", { name: `Type ${label}` }).fill(label);
  await tab.getByRole("form", { name: "Does not pass: send back" }).getByRole("button", { name: "Does not pass: send back" }).click();
  await tab.goto(`${url}/task/${label}/the_task`);
  await button("Claim it").click();
  await tab.getByLabel(/result/iu).fill("They had a litre each, the cactus a sip.");
  await button("Hand in").click();
  await tab.getByText("Say what you did about this point.").waitFor();
  await tab.getByLabel(/To the point of/u).fill("It had a sip.");
  await button("Hand in").click();
  await tab.goto(`${url}/requests/${label}`);
  await button("Passes").click();
  await tab.getByLabel("Reason").fill("All watered.");
  await tab.getByRole("textbox", { name: `Type ${label}` }).fill(label);
  await tab.getByRole("form", { name: "Passes" }).getByRole("button", { name: "Passes" }).click();
  await tab.getByText("Checks of the whole").waitFor();
  await tab.getByText("They had a litre each, the cactus a sip.").waitFor();
  expect(await show(label)).toMatchObject({
    state: "delivered",
    inbox: [],
    decisions: [{ soloWaiver: true }, { soloWaiver: true }, { soloWaiver: true }],
  });
});

test("after all of it the world checker finds nothing", async () => {
  expect(await home.verify("--settled")).toEqual([]);
});
